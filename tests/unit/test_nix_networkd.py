"""A host's networks as units of systemd-networkd: bonds, VLAN-aware bridges, tunnels, addresses of its own."""

from dataclasses import replace
from ipaddress import IPv4Address, IPv4Interface, IPv4Network
from typing import Any, Literal

import pytest

from cimnet_nornir.application.host_parts import (
    HostBond,
    HostBridge,
    HostContainerNetwork,
    HostInterface,
    HostRouting,
    HostSide,
    HostVlan,
    HostVxlan,
)
from cimnet_nornir.domain.hosting.values import AddressRange, Bridge, Macvlan
from cimnet_nornir.domain.routing_values import BgpRouter
from cimnet_nornir.domain.values import StaticRoute
from cimnet_nornir.nix import NixGenerator
from tests.nix_evaluation import evaluated

NO_ADDRESS = {"LinkLocalAddressing": "no", "DHCP": "no", "IPv6AcceptRA": False}
TRUNK = HostSide(
    "net",
    "web",
    (),
    vlans=(HostVlan(100, "eno1", "vlan100"), HostVlan(200, "eno1", "vlan200")),
    bridges=(HostBridge("br-vlan100", "vlan100", (IPv4Interface("10.0.100.10/24"),)),),
)


def units(side: HostSide) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the module sets, as Nix reads it: devices and networks by their interfaces."""
    found = evaluated("(module { pkgs = { }; }).systemd.network", module=NixGenerator().module(side))
    netdevs = {name.removeprefix("40-"): unit for name, unit in found["netdevs"].items()}
    networks = {name.removeprefix("40-"): unit for name, unit in found["networks"].items()}
    for name, unit in networks.items():
        assert unit.pop("matchConfig") == {"Name": name}
    return netdevs, networks


def test_a_vlan_aware_bridge_has_the_trunk_and_the_vlan_interfaces_on_it() -> None:
    netdevs, networks = units(replace(TRUNK, vlan_aware=True))
    assert netdevs["br-eno1"] == {
        "netdevConfig": {"Name": "br-eno1", "Kind": "bridge"},
        "bridgeConfig": {"VLANFiltering": True, "DefaultPVID": "none"},
    }
    tagged = [{"VLAN": 100}, {"VLAN": 200}]
    assert networks["eno1"] == {"networkConfig": {"Bridge": "br-eno1", **NO_ADDRESS}, "bridgeVLANs": tagged}
    assert networks["br-eno1"] == {
        "linkConfig": {"RequiredForOnline": "no"},
        "networkConfig": {"ConfigureWithoutCarrier": True, **NO_ADDRESS},
        "vlan": ["vlan100", "vlan200"],
        "bridgeVLANs": tagged,
    }
    assert networks["vlan100"]["networkConfig"]["Bridge"] == "br-vlan100"
    assert networks["br-vlan100"]["addresses"] == [{"Address": "10.0.100.10/24"}]


def test_a_bridge_a_vlan_needs_no_bridge_of_the_trunk() -> None:
    netdevs, networks = units(TRUNK)
    assert netdevs.keys() == {"vlan100", "vlan200", "br-vlan100"}
    assert networks["eno1"] == {"vlan": ["vlan100", "vlan200"]}


@pytest.mark.parametrize(
    ("mode", "settings"),
    [
        ("802.3ad", {"TransmitHashPolicy": "layer2+3", "LACPTransmitRate": "slow"}),
        ("balance-xor", {"TransmitHashPolicy": "layer2+3"}),
        ("active-backup", {}),
    ],
)
def test_a_bond_has_its_cards_and_carries_vlans(mode: Any, settings: dict[str, str]) -> None:
    vlans = tuple(replace(vlan, uplink="bond0") for vlan in TRUNK.vlans)
    netdevs, networks = units(replace(TRUNK, vlans=vlans, bonds=(HostBond("bond0", ("eno1", "eno2"), mode),)))
    assert netdevs["bond0"] == {
        "netdevConfig": {"Name": "bond0", "Kind": "bond"},
        "bondConfig": {"Mode": mode, "MIIMonitorSec": "100ms", **settings},
    }
    for card in ("eno1", "eno2"):
        assert networks[card] == {
            "linkConfig": {"RequiredForOnline": "no"},
            "networkConfig": {"Bond": "bond0", **NO_ADDRESS},
        }
    assert networks["bond0"] == {
        "linkConfig": {"RequiredForOnline": "carrier"},
        "networkConfig": NO_ADDRESS,
        "vlan": ["vlan100", "vlan200"],
    }


def test_a_vlan_aware_bridge_on_a_bond_leaves_the_bond_no_vlan_of_its_own() -> None:
    vlans = tuple(replace(vlan, uplink="bond0") for vlan in TRUNK.vlans)
    side = replace(TRUNK, vlans=vlans, bonds=(HostBond("bond0", ("eno1", "eno2")),), vlan_aware=True)
    _, networks = units(side)
    assert networks["bond0"]["networkConfig"] == {"Bridge": "br-bond0", **NO_ADDRESS}
    assert "vlan" not in networks["bond0"]
    assert networks["br-bond0"]["vlan"] == ["vlan100", "vlan200"]


def test_addresses_of_the_hosts_own_are_added_to_what_an_interface_does_besides() -> None:
    bond = HostBond("bond0", ("eno1", "eno2"))
    vlans = tuple(replace(vlan, uplink="bond0") for vlan in TRUNK.vlans)
    own = (
        HostInterface("bond0", (IPv4Interface("192.0.2.10/24"),), IPv4Address("192.0.2.1"), 9000),
        HostInterface("eno3", (IPv4Interface("198.51.100.0/31"),), description="to r1 ${x}"),
        HostInterface("vlan200", (IPv4Interface("10.0.200.10/24"),)),
    )
    _, networks = units(replace(TRUNK, vlans=vlans, bonds=(bond,), interfaces=own))
    assert networks["bond0"] == {
        "linkConfig": {"MTUBytes": "9000"},
        "networkConfig": NO_ADDRESS,
        "vlan": ["vlan100", "vlan200"],
        "addresses": [{"Address": "192.0.2.10/24"}],
        "routes": [{"Gateway": "192.0.2.1"}],
    }
    # Of a card that is the server's own nothing else is said.
    assert networks["eno3"] == {
        "networkConfig": {"Description": "to r1 ${x}"},
        "addresses": [{"Address": "198.51.100.0/31"}],
    }
    assert networks["vlan200"] == {"networkConfig": NO_ADDRESS, "addresses": [{"Address": "10.0.200.10/24"}]}


def test_a_tunnel_floods_to_every_other_host() -> None:
    remotes = (IPv4Address("192.0.2.2"), IPv4Address("192.0.2.3"))
    side = HostSide(
        "net",
        "web",
        (),
        (),
        bridges=(HostBridge("br-apps", None, (), 1450),),
        vxlans=(HostVxlan("vx7", 7, "br-apps", IPv4Address("192.0.2.1"), remotes),),
    )
    netdevs, networks = units(side)
    assert netdevs["vx7"]["vxlanConfig"] == {
        "VNI": 7,
        "Local": "192.0.2.1",
        "DestinationPort": 4789,
        "MacLearning": True,
        "Independent": True,
    }
    assert networks["vx7"]["networkConfig"]["Bridge"] == "br-apps"
    assert networks["vx7"]["bridgeFDBs"] == [
        {"MACAddress": "00:00:00:00:00:00", "Destination": "192.0.2.2"},
        {"MACAddress": "00:00:00:00:00:00", "Destination": "192.0.2.3"},
    ]
    assert networks["br-apps"]["linkConfig"]["MTUBytes"] == "1450"


def macvlan(interface: str, vlan: int | None) -> HostContainerNetwork:
    addresses = AddressRange(first=IPv4Address("10.0.9.32"), last=IPv4Address("10.0.9.63"))
    subnet, gateway = IPv4Network("10.0.9.0/24"), IPv4Address("10.0.9.1")
    return HostContainerNetwork("phones", "podman", Macvlan(), interface, vlan, subnet, gateway, addresses)


def test_the_parent_of_a_macvlan_network_is_up_and_has_no_address() -> None:
    side = HostSide("net", "web", (), (), (), container_networks=(macvlan("eno2", None),))
    assert units(side)[1] == {"eno2": {}}
    side = HostSide("net", "web", (), TRUNK.vlans, (), container_networks=(macvlan("vlan200", 200),))
    assert units(side)[1]["vlan200"] == {
        "linkConfig": {"RequiredForOnline": "no"},
        "networkConfig": NO_ADDRESS,
    }


@pytest.mark.parametrize(("runtime", "translated"), [("podman", {"IPMasquerade": "ipv4"}), ("docker", {})])
def test_a_network_behind_the_host_is_translated_where_its_runtime_does_not(
    runtime: Literal["podman", "docker"], translated: dict[str, str]
) -> None:
    bridge = HostBridge("br-apps", None, (IPv4Interface("10.0.9.1/24"),), networks=("apps",))
    apps = replace(macvlan("br-apps", None), name="apps", driver=Bridge(name="br-apps"), runtime=runtime)
    _, networks = units(HostSide("net", "web", (), (), (bridge,), container_networks=(apps,)))
    settings = {"ConfigureWithoutCarrier": True, **NO_ADDRESS, **translated}
    assert networks["br-apps"]["networkConfig"] == settings


def test_dhcpcd_asks_for_no_address_on_what_is_ours_and_is_left_the_servers_own_cards() -> None:
    own = (HostInterface("eno3", (IPv4Interface("198.51.100.0/31"),)),)
    text = NixGenerator().module(replace(TRUNK, interfaces=own))
    denied = evaluated("(module { pkgs = { }; }).networking.dhcpcd.denyInterfaces", module=text)
    assert denied == ["br-vlan100", "eno3", "vlan100", "vlan200"]


def test_routes_that_a_routing_daemon_has_found_are_left_alone() -> None:
    text = NixGenerator().module(replace(TRUNK, routing=HostRouting(bgp=BgpRouter(as_number=65001))))
    network = evaluated("(module { pkgs = { }; }).systemd.network", module=text)
    assert network["config"] == {"networkConfig": {"ManageForeignRoutes": False}}
    assert "config" not in evaluated("(module { pkgs = { }; }).systemd.network", module=NixGenerator().module(TRUNK))


def test_static_routes_stand_beside_the_default_one() -> None:
    own = HostInterface("eno3", (IPv4Interface("192.0.2.10/24"),), IPv4Address("192.0.2.1"))
    route = StaticRoute(prefix=IPv4Network("10.9.0.0/16"), next_hop=IPv4Address("192.0.2.254"))
    side = HostSide("net", "web", (), (), (), interfaces=(own,), routing=HostRouting(routes=(route,)))
    assert units(side)[1]["eno3"]["routes"] == [
        {"Gateway": "192.0.2.1"},
        {"Destination": "10.9.0.0/16", "Gateway": "192.0.2.254"},
    ]
