"""Containers and their networks in a host's NixOS module, evaluated by Nix and run by sh."""

from dataclasses import replace
from ipaddress import IPv4Address, IPv4Interface, IPv4Network
from pathlib import Path
from typing import Any

import pytest

from cimnet_nornir.application.host_kinds import AddressRange, Bridge, Overlay
from cimnet_nornir.application.host_parts import HostBridge, HostContainer, HostContainerNetwork, HostSide
from cimnet_nornir.application.host_side import host_side
from cimnet_nornir.definition import read_definition
from cimnet_nornir.domain.desired import commands_between
from cimnet_nornir.domain.network import Network
from cimnet_nornir.domain.working import Working
from cimnet_nornir.errors import InvalidValue, RenderError
from cimnet_nornir.nix import NixGenerator
from cimnet_nornir.nix.expressions import Value
from cimnet_nornir.nix.generator import merged
from tests import nix_evaluation
from tests.runtimes import Runtime, changes

PROXY = HostContainer("proxy", IPv4Address("10.0.100.40"), "02:00:00:00:00:28", "nginx:1.27")
SHOP = HostContainer("shop", IPv4Address("10.0.100.41"), "02:00:00:00:00:29", "ghcr.io/acme/shop:2")
GUEST = HostContainer("guest", IPv4Address("10.0.100.42"), "02:00:00:00:00:2a")
WEB = HostContainerNetwork(
    name="web",
    runtime="podman",
    driver=Bridge(name="lo"),
    interface="lo",
    vlan=100,
    subnet=IPv4Network("10.0.100.0/24"),
    gateway=IPv4Address("10.0.100.1"),
    range=AddressRange.parse("10.0.100.32-10.0.100.63"),
    dns=(IPv4Address("10.0.0.53"),),
    containers=(GUEST, PROXY, SHOP),
)
UNIT = "cimnet-podman-network-web"


def host(*networks: HostContainerNetwork, bridge: HostBridge | None = None) -> HostSide:
    bridges = () if bridge is None else (bridge,)
    return HostSide("campus", "srv1", (), (), bridges, container_networks=networks)


def evaluated(side: HostSide, packages: Path = Path("/packages")) -> Any:
    """The module's settings; each package is the folder of its name."""
    stand_ins = " ".join(f'{name} = "{packages / name}";' for name in ("podman", "docker", "libvirt"))
    return nix_evaluation.evaluated(f"module {{ pkgs = {{ {stand_ins} }}; }}", module=NixGenerator().module(side))


def unit_script(settings: Any, unit: str, folder: Path, part: str = "script") -> str:
    """What a unit runs, with the files of /etc that it reads in a folder; as NixOS runs it, it ends at an error."""
    for name, file in settings["environment"]["etc"].items():
        path = folder / "etc" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file["text"])
    text: str = settings["systemd"]["services"][unit][part]
    return "set -e\n" + text.replace("/etc/", f"{folder}/etc/")


def test_containers_are_those_of_oci_containers() -> None:
    virtualisation = evaluated(host(WEB))["virtualisation"]
    assert virtualisation == {
        "podman": {"enable": True},
        "oci-containers": {
            "backend": "podman",
            "containers": {
                "proxy": {
                    "image": "nginx:1.27",
                    "networks": ["web"],
                    "extraOptions": ["--ip=10.0.100.40", "--mac-address=02:00:00:00:00:28", "--dns=10.0.0.53"],
                },
                "shop": {
                    "image": "ghcr.io/acme/shop:2",
                    "networks": ["web"],
                    "extraOptions": ["--ip=10.0.100.41", "--mac-address=02:00:00:00:00:29", "--dns=10.0.0.53"],
                },
            },
        },
    }


def test_a_network_has_a_unit_before_those_of_its_containers() -> None:
    services = evaluated(host(WEB))["systemd"]["services"]
    assert services.keys() == {UNIT}
    unit = services[UNIT]
    assert unit["before"] == unit["requiredBy"] == ["podman-proxy.service", "podman-shop.service"]
    assert unit["after"] == ["network.target", "systemd-networkd.service"]
    assert unit["wantedBy"] == ["multi-user.target"]
    assert unit["serviceConfig"] == {"Type": "oneshot", "RemainAfterExit": True}
    assert "# guest: 10.0.100.42, 02:00:00:00:00:2a; somebody else starts it\n" in unit["script"]


def test_a_network_of_docker_waits_for_its_daemon() -> None:
    unit = evaluated(host(replace(WEB, runtime="docker")))["systemd"]["services"]["cimnet-docker-network-web"]
    assert unit["after"][-1:] == unit["requires"] == ["docker.service"]


def test_a_unit_makes_its_network_once_and_takes_it_away_when_it_stops(tmp_path: Path) -> None:
    podman = Runtime.make(tmp_path / "podman")
    settings = evaluated(host(WEB), tmp_path)
    start = unit_script(settings, UNIT, tmp_path)
    assert [call[:2] for call in changes(podman.apply(start))] == [["network", "create"]]
    assert podman.networks["web"]["gateway"] == "10.0.100.1"
    assert changes(podman.apply(start)) == []
    podman.apply(unit_script(settings, UNIT, tmp_path, "preStop"))
    assert podman.networks == {}


def test_a_unit_leaves_its_network_where_somebody_uses_it(tmp_path: Path) -> None:
    podman = Runtime.make(tmp_path / "podman")
    settings = evaluated(host(WEB), tmp_path)
    podman.apply(unit_script(settings, UNIT, tmp_path))
    podman.told("run", "--name=guest", "--network=web", "--", "busybox")
    podman.apply(unit_script(settings, UNIT, tmp_path, "preStop"))
    assert podman.networks.keys() == {"web"}
    other = evaluated(host(replace(WEB, dns=(), gateway=IPv4Address("10.0.100.254"))), tmp_path)
    done = podman.sh(unit_script(other, UNIT, tmp_path))
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "containers use it; remove these first" in done.stderr


def test_the_unit_of_an_overlay_leaves_it_to_the_other_hosts() -> None:
    overlay = replace(WEB, runtime="docker", driver=Overlay(), interface=None)
    assert "preStop" not in evaluated(host(overlay))["systemd"]["services"]["cimnet-docker-network-web"]


def test_what_only_crosses_a_bridge_is_not_filtered_where_docker_bridges_a_vlan() -> None:
    boot = evaluated(host(WEB, replace(WEB, name="more", runtime="docker")))["boot"]
    assert boot == {
        "kernelModules": ["br_netfilter"],
        "kernel": {"sysctl": {"net.bridge.bridge-nf-call-iptables": 0}},
    }


def test_the_kernel_is_left_alone_where_docker_bridges_no_vlan() -> None:
    assert "boot" not in evaluated(host(WEB))
    inner = replace(WEB, runtime="docker", vlan=None, interface="br-web")
    own = HostBridge("br-web", None, (IPv4Interface("10.0.100.1/24"),))
    assert "boot" not in evaluated(host(inner, bridge=own))


def test_two_runtimes_have_their_networks_and_one_has_the_containers() -> None:
    settings = evaluated(host(replace(WEB, containers=(GUEST,)), replace(WEB, name="more", runtime="docker")))
    assert settings["systemd"]["services"].keys() == {UNIT, "cimnet-docker-network-more"}
    assert settings["virtualisation"]["oci-containers"]["backend"] == "docker"
    assert settings["environment"]["etc"].keys() == {"cimnet/podman-networks.sh", "cimnet/docker-networks.sh"}


def test_a_container_in_two_networks_is_one_unit_after_both() -> None:
    there = replace(PROXY, address=IPv4Address("10.0.200.40"), mac="02:00:00:00:00:30")
    settings = evaluated(host(replace(WEB, containers=(PROXY,)), replace(WEB, name="db", containers=(there,))))
    containers = settings["virtualisation"]["oci-containers"]["containers"]
    assert containers["proxy"]["networks"] == [
        "web:ip=10.0.100.40,mac=02:00:00:00:00:28",
        "db:ip=10.0.200.40,mac=02:00:00:00:00:30",
    ]
    assert [unit["before"] for unit in settings["systemd"]["services"].values()] == [["podman-proxy.service"]] * 2


def test_a_container_with_a_name_that_nixos_would_give_to_a_shell_is_refused() -> None:
    with pytest.raises(InvalidValue, match=r"'a;reboot' is no name of a container: letters, digits"):
        NixGenerator().module(host(replace(WEB, containers=(replace(PROXY, name="a;reboot"),))))


def test_settings_of_several_parts_are_joined() -> None:
    one: dict[str, Value] = {"systemd.services": {"a": {"script": "a"}}, "boot.kernelModules": ("x", "y"), "x.y": True}
    two: dict[str, Value] = {"systemd.services": {"b": {}}, "boot.kernelModules": ("y", "z"), "x.y": True}
    assert merged(one, two) == {
        "systemd.services": {"a": {"script": "a"}, "b": {}},
        "boot.kernelModules": ("x", "y", "z"),
        "x.y": True,
    }


@pytest.mark.parametrize(
    ("first", "second", "subject"),
    [
        ({"systemd.services": {"a": {}}}, {"systemd.services": {"a": {}}}, r"systemd\.services\.a"),
        ({"x.y": True}, {"x.y": False}, r"x\.y"),
        ({"x.y": "a"}, {"x.y": ("a",)}, r"x\.y"),
    ],
)
def test_two_parts_that_say_something_of_one_thing_are_an_error(
    first: dict[str, Value], second: dict[str, Value], subject: str
) -> None:
    with pytest.raises(RenderError, match=f"two parts of the host side set {subject}"):
        merged(first, second)


def test_the_example_has_three_containers_on_a_vlan_and_a_network_of_machines(tmp_path: Path) -> None:
    working = Working(Network("campus"))
    desired = read_definition(Path(__file__).parents[2] / "inventory" / "network.yaml").desired
    for command in commands_between(working.network, desired):
        working.execute(command)
    settings = evaluated(host_side(working.network, "srv1"), tmp_path)
    containers = settings["virtualisation"]["oci-containers"]["containers"]
    assert {name: container["image"] for name, container in containers.items()} == {
        "proxy": "nginx:1.27",
        "shop": "ghcr.io/example/shop:2.4",
        "cache": "valkey/valkey:8",
    }
    assert "--ip=10.0.100.40" in containers["proxy"]["extraOptions"]
    assert settings["virtualisation"]["libvirtd"] == {"enable": True}
    machines = settings["systemd"]["services"]["cimnet-libvirt-network-build"]["script"]
    assert '<range start="192.168.122.100" end="192.168.122.199" />' in machines
    backend = settings["virtualisation"]["oci-containers"]["backend"]
    networks = settings["systemd"]["services"][f"cimnet-{backend}-network-web"]["script"]
    assert "interface br-vlan100\n" in networks
    assert {"--subnet=10.0.100.0/24", "--gateway=10.0.100.1", "--ip-range=10.0.100.32/27"} <= {*networks.split()}
