"""The script for Podman, run by the real one. Containers are namespaces that Podman's own program attaches.

Debian 12's Podman starts none on a host with both kinds of control groups.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path
from typing import Any

import pytest

from cimnet_nornir.application.host_kinds import AddressRange, Bridge, Macvlan
from cimnet_nornir.application.host_parts import HostContainer, HostContainerNetwork, HostSide
from cimnet_nornir.nix.containers import podman_script
from tests.host_networks import networks_change

pytestmark = pytest.mark.slow

BRIDGE = f"br-{os.getpid()}"
WEB = HostContainerNetwork(
    name="web",
    runtime="podman",
    driver=Bridge(name=BRIDGE, mtu=1400),
    interface=BRIDGE,
    vlan=100,
    subnet=IPv4Network("198.51.100.0/24"),
    gateway=IPv4Address("198.51.100.1"),
    range=AddressRange.parse("198.51.100.32-198.51.100.63"),
)


class Podman:
    """Podman with a place of its own for all that it keeps."""

    def __init__(self, folder: Path) -> None:
        self._networks = folder / "networks"
        self._networks.mkdir()
        (folder / "containers.conf").write_text(
            f'[network]\nnetwork_backend = "netavark"\nnetwork_config_dir = "{self._networks}"\n'
            f'[engine]\ncgroup_manager = "cgroupfs"\nevents_logger = "none"\nstatic_dir = "{folder}/static"\n'
            f'tmp_dir = "{folder}/tmp"\n'
        )
        (folder / "storage.conf").write_text(
            f'[storage]\ndriver = "vfs"\nrunroot = "{folder}/run"\ngraphroot = "{folder}/root"\n'
        )
        self._environment = {
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": str(folder),
            "CONTAINERS_CONF": str(folder / "containers.conf"),
            "CONTAINERS_STORAGE_CONF": str(folder / "storage.conf"),
        }

    def sh(self, script: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["sh"], input=script, env=self._environment, capture_output=True, text=True, check=False, timeout=120
        )

    def apply(self, *networks: HostContainerNetwork) -> None:
        done = self.sh(podman_script(HostSide("campus", "srv1", (), (), (), container_networks=networks)))
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")

    def inspect(self, name: str) -> dict[str, Any]:
        (found,) = json.loads(self.sh(f"podman network inspect {name}").stdout)
        return dict(found)

    @property
    def names(self) -> set[str]:
        return {*self.sh("podman network ls --format '{{.Name}}'").stdout.split()} - {"podman"}

    @property
    def kept(self) -> dict[str, bytes]:
        """The files that it keeps its networks in, and their contents."""
        return {path.name: path.read_bytes() for path in self._networks.glob("*.json")}

    def knows_unmanaged_bridges(self) -> bool:
        major, minor = self.sh("podman version --format '{{.Client.Version}}'").stdout.split(".")[:2]
        return (int(major), int(minor)) >= (5, 5)


def ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)


@pytest.fixture(scope="module")
def bridge() -> Iterator[str]:
    """A bridge of the host with an address in the network's subnet, as it has where the host is managed there."""
    with networks_change():
        ip("link", "add", BRIDGE, "type", "bridge")
        try:
            ip("address", "add", "198.51.100.10/24", "dev", BRIDGE)
            yield BRIDGE
        finally:
            ip("link", "delete", BRIDGE)


@pytest.fixture
def podman(bridge: str, tmp_path: Path) -> Podman:
    if shutil.which("podman") is None:
        pytest.skip("no podman is installed (Debian: podman netavark aardvark-dns iptables)")
    return Podman(tmp_path)


def test_the_network_is_there_with_its_subnet_gateway_and_range(podman: Podman) -> None:
    podman.apply(WEB)
    found = podman.inspect("web")
    (subnet,) = found["subnets"]
    assert (subnet["subnet"], subnet["gateway"]) == ("198.51.100.0/24", "198.51.100.1")
    assert subnet["lease_range"] == {"start_ip": "198.51.100.33", "end_ip": "198.51.100.63"}
    driver = "bridge" if podman.knows_unmanaged_bridges() else "macvlan"
    assert (found["driver"], found["network_interface"]) == (driver, BRIDGE)
    assert found["options"] == {"mode": {"bridge": "unmanaged", "macvlan": "bridge"}[driver], "mtu": "1400"}
    assert found["labels"]["cimnet.network"] == "campus"


def test_a_second_run_changes_nothing(podman: Podman) -> None:
    podman.apply(WEB)
    before = podman.kept
    podman.apply(WEB)
    assert podman.kept == before
    assert before.keys() == {"web.json"}


def test_no_host_address_is_that_of_the_gateway(podman: Podman) -> None:
    podman.apply(WEB)
    shown = json.loads(subprocess.run(["ip", "-j", "address"], check=True, capture_output=True).stdout)
    addresses = {address["local"] for link in shown for address in link["addr_info"]}
    assert "198.51.100.10" in addresses
    assert "198.51.100.1" not in addresses


@pytest.mark.parametrize(
    "change",
    [
        lambda web: replace(web, gateway=IPv4Address("198.51.100.254")),
        lambda web: replace(web, range=AddressRange.parse("198.51.100.64-198.51.100.127")),
        lambda web: replace(web, driver=Macvlan(mode="private")),
    ],
    ids=["gateway", "range", "driver"],
)
def test_a_network_that_is_another_now_is_made_anew(
    podman: Podman, change: Callable[[HostContainerNetwork], HostContainerNetwork]
) -> None:
    podman.apply(WEB)
    before = podman.kept
    podman.apply(change(WEB))
    after = podman.kept
    assert after.keys() == {"web.json"}
    assert after != before
    podman.apply(change(WEB))
    assert podman.kept == after


def test_a_network_that_somebody_else_made_is_left(podman: Podman) -> None:
    assert podman.sh("podman network create --subnet 203.0.113.0/24 web").returncode == 0
    before = podman.kept
    done = podman.sh(podman_script(HostSide("campus", "srv1", (), (), (), container_networks=(WEB,))))
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert done.stderr.startswith("cimnet: somebody else made the network web (bridge ")
    assert podman.kept == before


def test_a_network_that_is_wanted_no_more_goes_and_others_stay(podman: Podman) -> None:
    assert podman.sh("podman network create --subnet 203.0.113.0/24 theirs").returncode == 0
    podman.apply(WEB, replace(WEB, name="db", driver=Macvlan()))
    assert podman.names == {"web", "db", "theirs"}
    podman.apply(WEB)
    assert podman.names == {"web", "theirs"}


class Ends:
    """Network namespaces for the ends of a network: they stand for containers and for the gateway on its VLAN."""

    def __init__(self) -> None:
        self._made: list[str] = []

    def add(self, name: str) -> str:
        whole = f"cimnet-{os.getpid()}-{name}"
        ip("netns", "add", whole)
        self._made.append(whole)
        return whole

    def close(self) -> None:
        for name in self._made:
            ip("netns", "delete", name)


@pytest.fixture
def ends() -> Iterator[Ends]:
    made = Ends()
    try:
        yield made
    finally:
        made.close()


NETAVARKS = ("/usr/lib/podman/netavark", "/usr/libexec/podman/netavark")
ANSWER = """
import socket
end = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
end.settimeout(20)
end.bind(("0.0.0.0", 5555))
print("ready", flush=True)
said, asker = end.recvfrom(99)
end.sendto(said, asker)
"""
ASK = """
import socket, sys
end = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
end.settimeout(20)
end.sendto(b"hello", (sys.argv[1], 5555))
print(end.recvfrom(99)[1][0])
"""


def attach(podman: Podman, folder: Path, end: str, container: HostContainer) -> None:
    """Give a namespace what Podman gives a container of the network: its program for that is called as Podman does."""
    options = {
        "container_id": container.name.encode().hex().zfill(64),
        "container_name": container.name,
        "networks": {
            "web": {"static_ips": [str(container.address)], "static_mac": container.mac, "interface_name": "eth0"}
        },
        "network_info": {"web": podman.inspect("web")},
    }
    program = next(path for path in NETAVARKS if Path(path).exists())
    done = subprocess.run(
        [program, "--config", str(folder / "run"), "setup", f"/run/netns/{end}"],
        input=json.dumps(options), capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout


def answers(asker: str, asked: str, address: str) -> bool:
    """Whether a packet comes from one namespace to an address in another, and back."""
    run = ("ip", "netns", "exec")
    with subprocess.Popen([*run, asked, sys.executable, "-c", ANSWER], stdout=subprocess.PIPE, text=True) as answering:
        assert answering.stdout is not None
        assert answering.stdout.readline() == "ready\n"
        done = subprocess.run([*run, asker, sys.executable, "-c", ASK, address], capture_output=True, check=False)
        answering.kill()
    return done.stdout.decode().strip() == address


def test_containers_reach_one_another_and_the_gateway_which_no_host_is(
    podman: Podman, bridge: str, ends: Ends, tmp_path: Path
) -> None:
    """802.1Q is missing in some kernels that this runs on: the gateway's end is in the bridge where the VLAN is."""
    podman.apply(WEB)
    gateway = ends.add("gateway")
    outer = f"vg{os.getpid()}"
    ip("link", "add", outer, "type", "veth", "peer", "name", "eth0", "netns", gateway)
    for link in (("set", bridge, "up"), ("set", outer, "master", bridge, "up")):
        ip("link", *link)
    ip("-n", gateway, "address", "add", "198.51.100.1/24", "dev", "eth0")
    ip("-n", gateway, "link", "set", "eth0", "up")
    proxy = HostContainer("proxy", IPv4Address("198.51.100.40"), "02:00:00:00:00:28")
    shop = HostContainer("shop", IPv4Address("198.51.100.41"), "02:00:00:00:00:29")
    places = {container.name: ends.add(container.name) for container in (proxy, shop)}
    for container in (proxy, shop):
        attach(podman, tmp_path, places[container.name], container)
    shown = subprocess.run(["ip", "-n", places["proxy"], "-j", "route"], check=True, capture_output=True)
    routes = json.loads(shown.stdout)
    assert [route["gateway"] for route in routes if route["dst"] == "default"] == ["198.51.100.1"]
    assert answers(places["proxy"], gateway, "198.51.100.1")
    assert answers(gateway, places["proxy"], "198.51.100.40")
    assert answers(places["shop"], places["proxy"], "198.51.100.40")
