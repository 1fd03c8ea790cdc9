"""The scripts for Podman and Docker on a host without NixOS, run by sh against a stand-in for the runtime."""

from collections.abc import Callable
from dataclasses import replace
from ipaddress import IPv4Address, IPv4Interface, IPv4Network
from pathlib import Path

import pytest

from cimnet_nornir.application.host_kinds import AddressRange, Bridge, Macvlan, Overlay
from cimnet_nornir.application.host_parts import (
    HostBridge,
    HostContainer,
    HostContainerNetwork,
    HostSide,
)
from cimnet_nornir.application.host_parts import (
    Runtime as RuntimeName,
)
from cimnet_nornir.nix.containers import container_scripts, docker_script, podman_script
from tests.runtimes import Runtime, changes

pytestmark = pytest.mark.slow

PROXY = HostContainer("proxy", IPv4Address("10.0.100.40"), "02:00:00:00:00:28", "nginx:1.27")
GUEST = HostContainer("guest", IPv4Address("10.0.100.41"), "02:00:00:00:00:29")
# An interface that every host has: the scripts wait for theirs.
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
    containers=(GUEST, PROXY),
)
LOOP = HostBridge("lo")


def host(*networks: HostContainerNetwork, bridge: HostBridge = LOOP) -> HostSide:
    return HostSide("campus", "srv1", (), (), (bridge,), container_networks=networks)


def inner(runtime: RuntimeName) -> tuple[HostContainerNetwork, HostBridge]:
    """A network whose gateway is the host: its bridge has that address."""
    return replace(WEB, runtime=runtime, vlan=None), replace(LOOP, addresses=(IPv4Interface("10.0.100.1/24"),))


@pytest.fixture
def podman(tmp_path: Path) -> Runtime:
    return Runtime.make(tmp_path / "podman")


@pytest.fixture
def old_podman(tmp_path: Path) -> Runtime:
    return Runtime.make(tmp_path / "podman", version="4.3.1")


def options(call: list[str]) -> set[str]:
    return {word.removeprefix("--opt=") for word in call if word.startswith("--opt=")}


def test_podman_leaves_the_bridge_of_a_vlan_alone_and_resolves_no_names_on_it(podman: Runtime) -> None:
    created, _ = changes(podman.apply(podman_script(host(WEB))))
    assert created[:-4] == [
        "network",
        "create",
        "--driver=bridge",
        "--interface-name=lo",
        "--opt=mode=unmanaged",
        "--disable-dns",
        "--subnet=10.0.100.0/24",
        "--gateway=10.0.100.1",
        "--ip-range=10.0.100.32/27",
    ]
    assert created[-4] == "--label=cimnet.network=campus"
    assert created[-2:] == ["--", "web"]


def test_a_container_has_its_address_and_one_without_an_image_is_only_told_of(podman: Runtime) -> None:
    script = podman_script(host(WEB))
    podman.apply(script)
    assert podman.containers.keys() == {"proxy"}
    words = podman.containers["proxy"]["words"]
    assert {"--network=web", "--ip=10.0.100.40", "--mac-address=02:00:00:00:00:28", "--dns=10.0.0.53"} <= {*words}
    assert words[-2:] == ["--", "nginx:1.27"]
    assert "# guest: 10.0.100.41, 02:00:00:00:00:29; somebody else starts it\n" in script


@pytest.mark.parametrize("version", ["4.3.1", "5.4.2", "5.5.0", "5.10.1", "6.0.0-dev"])
def test_a_second_run_changes_nothing(tmp_path: Path, version: str) -> None:
    podman = Runtime.make(tmp_path / "podman", version=version)
    script = podman_script(host(WEB))
    assert len(changes(podman.apply(script))) == 2
    assert changes(podman.apply(script)) == []


@pytest.mark.parametrize(
    ("version", "driver"),
    [("4.3.1", "macvlan"), ("5.4.2", "macvlan"), ("5.5.0", "bridge"), ("5.10.1", "bridge"), ("6.0.0", "bridge")],
)
def test_an_older_podman_puts_containers_beside_the_bridge(tmp_path: Path, version: str, driver: str) -> None:
    podman = Runtime.make(tmp_path / "podman", version=version)
    podman.apply(podman_script(host(replace(WEB, driver=Bridge(name="lo", mtu=1400)))))
    assert (podman.networks["web"]["driver"], podman.networks["web"]["interface"]) == (driver, "lo")
    own = {"parent=lo", "mode=bridge"} if driver == "macvlan" else {"mode=unmanaged"}
    assert options(podman.networks["web"]["words"]) == {*own, "mtu=1400"}


def test_an_older_podman_is_refused_where_the_host_is_the_gateway(old_podman: Runtime) -> None:
    network, bridge = inner("podman")
    done = old_podman.sh(podman_script(host(network, bridge=bridge)))
    assert done.returncode == 1
    assert done.stderr == (
        "cimnet: the network web is on a bridge with the host's own address: it needs Podman 5.5 or newer\n"
    )
    assert changes(old_podman.calls) == []


def test_podman_resolves_names_where_the_host_is_the_gateway(podman: Runtime) -> None:
    network, bridge = inner("podman")
    podman.apply(podman_script(host(network, bridge=bridge)))
    assert "--disable-dns" not in podman.networks["web"]["words"]


def test_docker_gives_the_bridge_of_a_vlan_no_address_and_translates_nothing(podman: Runtime) -> None:
    podman.apply(docker_script(host(replace(WEB, runtime="docker", driver=Bridge(name="lo", mtu=1400)))))
    assert options(podman.networks["web"]["words"]) == {
        "com.docker.network.bridge.name=lo",
        "com.docker.network.bridge.inhibit_ipv4=true",
        "com.docker.network.bridge.enable_ip_masquerade=false",
        "com.docker.network.driver.mtu=1400",
    }


def test_docker_translates_where_the_host_is_the_gateway_and_keeps_containers_apart_where_asked(
    podman: Runtime,
) -> None:
    network, bridge = inner("docker")
    apart = replace(network, driver=Bridge(name="lo", inter_container=False))
    podman.apply(docker_script(host(apart, bridge=bridge)))
    assert options(podman.networks["web"]["words"]) == {
        "com.docker.network.bridge.name=lo",
        "com.docker.network.bridge.enable_icc=false",
    }


@pytest.mark.parametrize(
    ("runtime", "mode"), [("podman", "mode=private"), ("docker", "macvlan_mode=private")], ids=["podman", "docker"]
)
def test_macvlan_has_its_parent_and_mode(podman: Runtime, runtime: RuntimeName, mode: str) -> None:
    network = replace(WEB, runtime=runtime, driver=Macvlan(mode="private"))
    script = container_scripts(host(network))[f"{runtime}.sh"]
    podman.apply(script)
    assert podman.networks["web"]["driver"] == "macvlan"
    assert options(podman.networks["web"]["words"]) == {"parent=lo", mode}
    assert changes(podman.apply(script)) == []


def test_a_network_that_is_another_now_is_made_anew_with_its_containers(podman: Runtime) -> None:
    podman.apply(podman_script(host(WEB)))
    moved = replace(WEB, gateway=IPv4Address("10.0.100.254"))
    calls = changes(podman.apply(podman_script(host(moved))))
    assert [call[:2] for call in calls] == [["rm", "--force"], ["network", "rm"], ["network", "create"], calls[3][:2]]
    assert podman.networks["web"]["gateway"] == "10.0.100.254"
    assert podman.containers.keys() == {"proxy"}


@pytest.mark.parametrize("change", [{"dns": ()}, {"containers": (replace(PROXY, image="nginx:1.28"),)}])
def test_a_container_that_is_another_now_is_started_anew_and_its_network_stays(
    podman: Runtime, change: dict[str, tuple[object, ...]]
) -> None:
    podman.apply(podman_script(host(WEB)))
    changed = replace(WEB, **change)  # type: ignore[arg-type]  # one field of several types
    assert [call[0] for call in changes(podman.apply(podman_script(host(changed))))] == ["rm", "run"]


def test_a_network_that_somebodys_container_uses_is_left_and_one_line_says_so(podman: Runtime) -> None:
    podman.apply(podman_script(host(WEB)))
    podman.told("run", "--name=theirs", "--network=web", "--", "busybox")
    done = podman.sh(podman_script(host(replace(WEB, gateway=IPv4Address("10.0.100.254")))))
    assert done.returncode == 1
    assert done.stderr.startswith("cimnet: the network web has other settings (bridge lo 10.0.100.0/24 10.0.100.1 ")
    assert done.stderr.endswith("and containers use it; remove these first\n")
    assert podman.networks["web"]["gateway"] == "10.0.100.1"


def test_a_network_that_somebody_else_made_is_left_and_one_line_says_so(podman: Runtime) -> None:
    words = ("--driver=bridge", "--interface-name=lo", "--subnet=10.0.100.0/24", "--gateway=10.0.100.1")
    podman.told("network", "create", *words, "--", "web")
    done = podman.sh(podman_script(host(WEB)))
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert done.stderr.startswith("cimnet: somebody else made the network web (bridge lo 10.0.100.0/24 10.0.100.1 , ")
    assert changes(podman.calls[1:]) == []


def test_a_container_that_somebody_else_made_is_left_and_one_line_says_so(podman: Runtime) -> None:
    podman.told("run", "--name=proxy", "--", "theirs")
    done = podman.sh(podman_script(host(WEB)))
    assert (done.returncode, done.stderr) == (
        1,
        "cimnet: somebody else made the container proxy; remove it, or name yours otherwise\n",
    )
    assert podman.containers["proxy"]["image"] == "theirs"


def test_what_is_wanted_no_more_goes_unless_somebody_uses_it(podman: Runtime) -> None:
    other = replace(WEB, name="other", containers=())
    third = replace(WEB, name="third", containers=())
    podman.apply(podman_script(host(WEB, other, third)))
    podman.told("network", "create", "--driver=bridge", "--subnet=10.9.0.0/24", "--gateway=10.9.0.1", "--", "theirs")
    podman.told("run", "--name=theirs", "--network=third", "--", "busybox")
    podman.apply(podman_script(host(other)))
    assert podman.networks.keys() == {"other", "third", "theirs"}
    assert podman.containers.keys() == {"theirs"}


def test_an_interface_that_is_not_there_is_one_line(podman: Runtime) -> None:
    done = podman.sh(podman_script(host(replace(WEB, interface="br-nowhere"))))
    assert (done.returncode, done.stderr) == (
        1,
        "cimnet: there is no interface br-nowhere; systemd-networkd is to make it\n",
    )
    assert podman.calls == []


@pytest.mark.parametrize(("swarm", "made"), [("active true", {"web"}), ("active false", set())])
def test_an_overlay_is_made_on_a_manager_of_the_swarm(tmp_path: Path, swarm: str, made: set[str]) -> None:
    docker = Runtime.make(tmp_path / "docker", swarm=swarm)
    overlay = replace(WEB, runtime="docker", driver=Overlay(encrypted=True), interface=None, containers=())
    script = docker_script(host(overlay))
    docker.apply(script)
    assert docker.networks.keys() == made
    for network in docker.networks.values():
        # Its addresses are those of all its hosts: no range is this host's alone.
        assert not any(word.startswith("--ip-range") for word in network["words"])
        assert {"--driver=overlay", "--attachable", "--opt=encrypted"} <= {*network["words"]}
    assert changes(docker.apply(script)) == []


def test_an_overlay_without_a_swarm_is_one_line(podman: Runtime) -> None:
    overlay = replace(WEB, runtime="docker", driver=Overlay(), interface=None)
    done = podman.sh(docker_script(host(overlay)))
    assert done.returncode == 1
    assert done.stderr.startswith("cimnet: the overlay web needs a swarm: docker swarm init")


@pytest.mark.parametrize(
    ("runtime", "words"),
    [
        ("podman", {"--network=db:ip=10.0.100.50,mac=02:00:00:00:00:32"}),
        ("docker", {"--network=name=db,ip=10.0.100.50,mac-address=02:00:00:00:00:32"}),
    ],
)
def test_a_container_in_two_networks_has_an_address_in_each(
    podman: Runtime, runtime: RuntimeName, words: set[str]
) -> None:
    there = replace(PROXY, address=IPv4Address("10.0.100.50"), mac="02:00:00:00:00:32")
    second = replace(WEB, name="db", runtime=runtime, containers=(there,))
    side = host(replace(WEB, runtime=runtime), second)
    script = container_scripts(side)[f"{runtime}.sh"]
    podman.apply(script)
    assert podman.containers["proxy"]["networks"] == ["web", "db"]
    assert words <= {*podman.containers["proxy"]["words"]}
    assert [word for word in podman.containers["proxy"]["words"] if "--dns" in word] == ["--dns=10.0.0.53"]
    assert changes(podman.apply(script)) == []


@pytest.mark.parametrize(
    ("wanted", "given"),
    [
        ("10.0.100.32-10.0.100.63", "10.0.100.32/27"),
        ("10.0.100.1-10.0.100.31", "10.0.100.0/27"),
        ("10.0.100.224-10.0.100.254", "10.0.100.224/27"),
        ("10.0.100.30-10.0.100.70", "10.0.100.32/27"),
        ("10.0.100.77-10.0.100.77", "10.0.100.77/32"),
    ],
)
def test_a_range_is_given_as_the_largest_prefix_within_it(podman: Runtime, wanted: str, given: str) -> None:
    podman.apply(podman_script(host(replace(WEB, range=AddressRange.parse(wanted), containers=()))))
    assert f"--ip-range={given}" in podman.networks["web"]["words"]


def test_each_runtime_has_its_script_and_docker_the_setting_of_the_kernel() -> None:
    assert container_scripts(host()) == {}
    assert container_scripts(host(WEB)).keys() == {"podman.sh"}
    both = container_scripts(host(WEB, replace(WEB, name="more", runtime="docker")))
    assert both.keys() == {"podman.sh", "docker.sh", "modules-load.d/cimnet.conf", "sysctl.d/90-cimnet.conf"}
    assert both["sysctl.d/90-cimnet.conf"].endswith("\nnet.bridge.bridge-nf-call-iptables = 0\n")
    network, bridge = inner("docker")
    assert container_scripts(host(network, bridge=bridge)).keys() == {"docker.sh"}


@pytest.mark.parametrize("script", [podman_script, docker_script])
def test_a_script_is_for_any_sh(script: Callable[[HostSide], str]) -> None:
    assert script(host(WEB)).startswith("#!/bin/sh\n# The container networks of srv1 in campus")
    assert "\nset -eu\n" in script(host(WEB))
