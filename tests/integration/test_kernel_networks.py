"""The generated networkd files on a real kernel: Debian's systemd-networkd applies them, packets go where they should.

Each host is a network namespace with a systemd-networkd of its own. Not tried where a kernel lacks it, as that of the
test machines does: VLAN tags (802.1Q; a veth pair by the name of the VLAN interface stands for it), VLAN filtering of
a bridge, bonds. Of these, only that systemd-networkd takes every line of their files is tried everywhere.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from ipaddress import IPv4Address, IPv4Interface, IPv4Network
from pathlib import Path

import pytest

from cimnet_nornir.application.host_parts import (
    HostBond,
    HostBridge,
    HostCard,
    HostContainerNetwork,
    HostInterface,
    HostSide,
    HostVlan,
    HostVxlan,
)
from cimnet_nornir.application.host_side import host_sides
from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain import events as e
from cimnet_nornir.domain.hosting.values import AddressRange, ContainerNetworkWish, HostWish, Macvlan, Overlay
from cimnet_nornir.domain.network import Network
from cimnet_nornir.domain.working import Working
from cimnet_nornir.nix import networkd_files
from tests.integration.namespaces import Namespaces, kernel_has, opened_namespaces, wait_until

WEB = HostSide(
    network="datacenter",
    name="web",
    cards=(HostCard("eno1", "sw1", "GigabitEthernet1/0/1"),),
    vlans=(HostVlan(100, "eno1", "vlan100"),),
    bridges=(
        HostBridge(
            "br-vlan100",
            "vlan100",
            (IPv4Interface("10.0.100.10/24"),),
            networks=("apps",),
            gateway=IPv4Address("10.0.100.1"),
        ),
    ),
)


@pytest.fixture
def hosts() -> Iterator[Namespaces]:
    with opened_namespaces() as namespaces:
        yield namespaces


def container(hosts: Namespaces, name: str, on: str, bridge: str, address: str) -> None:
    """A container with its address on a host's bridge, as its runtime attaches it."""
    hosts.cable((name, "eth0"), (on, f"veth-{name}"))
    hosts[name].configure("eth0", address=address)
    hosts[on].configure(f"veth-{name}", bridge=bridge)


def joined_to_gateway(hosts: Namespaces, files: Mapping[str, str]) -> Mapping[str, str]:
    """Cable web to a gateway on VLAN 100; returns the files that this kernel can have."""
    if kernel_has(hosts["sw1"], "vlan", "id", "100"):
        hosts.cable(("web", "eno1"), ("sw1", "port"))
        hosts["sw1"].run("ip", "link", "add", "link", "port", "name", "svi", "type", "vlan", "id", "100")
        hosts["sw1"].configure("port")
        hosts["sw1"].configure("svi", address="10.0.100.1/24")
        return files
    hosts.cable(("web", "vlan100"), ("sw1", "svi"))
    hosts["sw1"].configure("svi", address="10.0.100.1/24")
    return {name: text for name, text in files.items() if name not in {"40-vlan100.netdev", "40-eno1.network"}}


def test_containers_on_a_vlan_reach_one_another_and_the_gateway(hosts: Namespaces, tmp_path: Path) -> None:
    web = hosts["web"]
    log = web.networkd(joined_to_gateway(hosts, networkd_files(WEB)), tmp_path / "web")
    wait_until(lambda: web.in_bridge("vlan100", "br-vlan100"), "the VLAN is not in the bridge", log)
    wait_until(lambda: web.has_address("br-vlan100", "10.0.100.10/24"), "the host has no address", log)
    container(hosts, "c1", "web", "br-vlan100", "10.0.100.33/24")
    container(hosts, "c2", "web", "br-vlan100", "10.0.100.34/24")
    assert hosts["c1"].pings("10.0.100.34")
    assert hosts["c2"].pings("10.0.100.1")
    assert hosts["c1"].pings("10.0.100.10")
    assert web.pings("10.0.100.1")
    assert [(route["dst"], route["gateway"], route["dev"]) for route in web.ip("route") if "gateway" in route] == [
        ("default", "10.0.100.1", "br-vlan100")
    ]
    assert not hosts["c1"].pings("10.0.100.99", seconds=0.5)


def test_a_bridge_member_gets_no_address_of_its_own(hosts: Namespaces, tmp_path: Path) -> None:
    web = hosts["web"]
    log = web.networkd(joined_to_gateway(hosts, networkd_files(WEB)), tmp_path / "web")
    wait_until(lambda: web.in_bridge("vlan100", "br-vlan100"), "the VLAN is not in the bridge", log)
    wait_until(lambda: web.has_address("br-vlan100", "10.0.100.10/24"), "the host has no address", log)
    assert web.link("vlan100")["addr_info"] == []


def overlay() -> Network:
    """Three hosts with an overlay over them, as it is declared."""
    working = Working(Network("net"))
    working.execute(c.CreateNetwork(name="net"))
    for number in (1, 2, 3):
        details = e.DeviceDetails(vendor="nixos", platform="nixos", management=IPv4Address(f"192.0.2.{number}"))
        working.execute(c.AddHost(device=f"h{number}", name=f"srv{number}", details=details, ports=("eno1",)))
    wish = ContainerNetworkWish(
        driver=Overlay(vxlan=4097),
        subnet=IPv4Network("10.7.0.0/24"),
        hosts={f"h{number}": HostWish() for number in (1, 2, 3)},
    )
    working.execute(c.CreateContainerNetwork(name="apps", wish=wish))
    return working.network


def test_containers_of_an_overlay_reach_one_another_over_three_hosts(hosts: Namespaces, tmp_path: Path) -> None:
    hosts["cloud"].run("ip", "link", "add", "br0", "type", "bridge")
    hosts["cloud"].configure("br0")
    for number, side in enumerate(host_sides(overlay()), start=1):
        hosts.cable((side.name, "eno1"), ("cloud", f"port{number}"))
        hosts["cloud"].configure(f"port{number}", bridge="br0")
        own = IPv4Interface(f"192.0.2.{number}/24")
        files = networkd_files(replace(side, interfaces=(HostInterface("eno1", (own,)),)))
        host = hosts[side.name]
        log = host.networkd(files, tmp_path / side.name)
        wait_until(lambda: host.in_bridge("vx4097", "br-apps"), "the tunnel is not in the bridge", log)  # noqa: B023 - called at once
        wait_until(lambda: host.has_address("eno1", str(own)), "the host has no address", log)  # noqa: B023 - called at once
        container(hosts, f"c{number}", side.name, "br-apps", f"10.7.0.3{number}/24")
    assert hosts["srv1"].link("br-apps")["mtu"] == 1450
    assert all(hosts[f"c{one}"].pings(f"10.7.0.3{other}") for one, other in ((1, 2), (1, 3), (2, 3), (3, 1)))
    # The gateway is on one of the hosts, for all of them.
    assert all(hosts[f"c{number}"].pings("10.7.0.1") for number in (1, 2, 3))
    assert [hosts[f"srv{number}"].has_address("br-apps", "10.7.0.1/24") for number in (1, 2, 3)] == [True, False, False]


def test_containers_of_a_macvlan_network_reach_the_gateway_by_a_card_that_is_up(
    hosts: Namespaces, tmp_path: Path
) -> None:
    side = HostSide("datacenter", "web", (), (), (), container_networks=(macvlan("eno2", None),))
    hosts.cable(("web", "eno2"), ("sw1", "port"))
    hosts["sw1"].configure("port", address="10.0.9.1/24")
    web = hosts["web"]
    log = web.networkd(networkd_files(side), tmp_path / "web")
    wait_until(lambda: "UP" in web.link("eno2")["flags"], "the card is not up", log)
    web.run("ip", "link", "add", "link", "eno2", "mv0", "netns", hosts["c1"].name, "type", "macvlan", "mode", "bridge")
    hosts["c1"].configure("mv0", address="10.0.9.33/24")
    assert hosts["c1"].pings("10.0.9.1")


def macvlan(interface: str, vlan: int | None) -> HostContainerNetwork:
    addresses = AddressRange(first=IPv4Address("10.0.9.32"), last=IPv4Address("10.0.9.63"))
    subnet, gateway = IPv4Network("10.0.9.0/24"), IPv4Address("10.0.9.1")
    return HostContainerNetwork("phones", "podman", Macvlan(), interface, vlan, subnet, gateway, addresses)


ALL = HostSide(
    network="data\ncenter \\",
    name="everything",
    cards=(HostCard("eno1", "sw1", "GigabitEthernet1/0/1"),),
    vlans=(HostVlan(100, "bond0", "vlan100"), HostVlan(200, "bond0", "vlan200")),
    bridges=(
        HostBridge("br-vlan100", "vlan100", (IPv4Interface("10.0.100.10/24"),), 1400, ("[Match]\nName=lo\\", "b")),
        HostBridge("br-apps", None, (), 1450, ("apps",)),
    ),
    bonds=(HostBond("bond0", ("eno1", "eno2")), HostBond("bond1", ("eno3",), "active-backup")),
    interfaces=(
        HostInterface("bond1", (IPv4Interface("192.0.2.10/24"),), IPv4Address("192.0.2.1"), 9000),
        HostInterface("eno9", (IPv4Interface("198.51.100.1/31"),)),
    ),
    vxlans=(HostVxlan("vx7", 7, "br-apps", IPv4Address("192.0.2.10"), (IPv4Address("192.0.2.11"),)),),
    container_networks=(macvlan("vlan200", 200),),
)


@pytest.mark.parametrize("vlan_aware", [False, True])
@pytest.mark.parametrize("mode", ["802.3ad", "balance-xor"])
def test_networkd_takes_every_line_of_its_files(
    hosts: Namespaces, tmp_path: Path, mode: str, *, vlan_aware: bool
) -> None:
    bonds = (HostBond("bond0", ("eno1", "eno2"), mode), *ALL.bonds[1:])  # type: ignore[arg-type] # one of its modes
    files = dict(networkd_files(replace(ALL, bonds=bonds, vlan_aware=vlan_aware)))
    # It says of a line that it cannot take, and goes on.
    files["99-wrong.network"] = "[Match]\nName=nothing\n[Network]\nNoSuchKey=1\n"
    log = hosts["all"].networkd(files, tmp_path / "all")
    wait_until(lambda: hosts["all"].link("br-apps").get("mtu") == 1450, "the bridge is not there", log)
    complaints = re.findall(r"network/([^/]+\.(?:netdev|network):\d+): ", log.read_text())
    assert complaints == ["99-wrong.network:4"]
