"""Rules over what features say beside the base: BGP groups, networks of OSPF, tables, subnets that are shared."""

from ipaddress import IPv4Address, IPv4Interface, IPv4Network
from typing import Any

import pytest

from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.events import DeviceDetails
from cimnet_nornir.domain.features.bgp import BgpFamily, BgpPeer, BgpPeerGroup
from cimnet_nornir.domain.features.model import Setting
from cimnet_nornir.domain.features.ospf import OspfInterfaceSettings, OspfNetwork, OspfRedistribution, OspfSettings
from cimnet_nornir.domain.features.vrf import Vrf
from cimnet_nornir.domain.network import Network
from cimnet_nornir.domain.routing_values import BgpRouter
from cimnet_nornir.domain.routing_view import bgp_peers, joined
from cimnet_nornir.domain.validation import NetworkView, Registry
from cimnet_nornir.domain.validation.standard import STANDARD_RULES
from cimnet_nornir.domain.values import DeviceKind, OspfInterface, OspfProcess, RoutedInterface

REGISTRY = Registry(STANDARD_RULES)
PORT, OTHER = "GigabitEthernet0/0", "GigabitEthernet0/1"


def router(name: str, *settings: Setting, asn: int | None = None, **addresses: str) -> Device:
    """A router with addresses by interface: P is its first port, Q its second, L its loopback."""
    device = Device("lan", name, name, DeviceKind.ROUTER, DeviceDetails(vendor="cisco", platform="ios"), (PORT, OTHER))
    names = {"P": PORT, "Q": OTHER, "L": "Loopback0"}
    device.routing = True
    device.interfaces = {
        names[short]: RoutedInterface(addresses=(IPv4Interface(address),)) for short, address in addresses.items()
    }
    device.bgp = BgpRouter(as_number=asn) if asn else None
    device.features = {setting.identity: setting for setting in settings}
    return device


def group(**fields: Any) -> BgpPeerGroup:
    return BgpPeerGroup(name="G", **fields)


def peer(address: str, **fields: Any) -> BgpPeer:
    return BgpPeer(address=IPv4Address(address), **fields)


def told(rule: str, *devices: Device) -> list[str]:
    network = Network("lan", created=True, devices={device.id: device for device in devices})
    found = REGISTRY.check(NetworkView(network))
    return [str(finding) for finding in found if finding.rule == rule]


# --- BGP --------------------------------------------------------------------------------------------------------------


def test_peers_that_are_shut_are_looked_at_by_nobody() -> None:
    for settings in (
        (peer("10.0.0.3", remote_as=3, shutdown=True),),
        (group(remote_as=3, shutdown=True), peer("10.0.0.3", peer_group="G")),
    ):
        device = router("a", *settings, asn=1)
        assert [each.shutdown for each in bgp_peers(device)] == [True]
        assert told("bgp-neighbour", device) == []


def test_a_neighbour_of_a_group_in_another_as_is_found() -> None:
    one = router("a", group(remote_as=666), peer("10.0.0.2", peer_group="G"), asn=1, P="10.0.0.1/30")
    other = router("b", peer("10.0.0.1", remote_as=1), asn=2, P="10.0.0.2/30")
    assert told("bgp-neighbour", one, other) == ["error: a BGP 10.0.0.2: b is in AS 2, and AS 666 is expected"]


@pytest.mark.parametrize("back", [peer("10.0.0.1", remote_as=1), peer("10.0.0.1", remote_as=1, local_as=666)])
def test_an_as_that_the_other_pretends_is_right(back: BgpPeer) -> None:
    asked = back.local_as or 2
    one = router("a", peer("10.0.0.2", remote_as=asked), asn=1, P="10.0.0.1/30")
    assert told("bgp-neighbour", one, router("b", back, asn=2, P="10.0.0.2/30")) == []


def test_a_session_that_one_side_alone_knows_is_found() -> None:
    one = router("a", peer("10.0.0.2", remote_as=2), asn=1, P="10.0.0.1/30")
    assert told("bgp-neighbour", one, router("b", asn=2, P="10.0.0.2/30")) == [
        "error: a BGP 10.0.0.2: b has no neighbour with an address of a"
    ]


def test_an_address_nobody_has_is_found_where_its_as_is_in_the_network() -> None:
    inside = router("a", peer("192.0.2.9", remote_as=1), asn=1, P="10.0.0.1/30")
    (line,) = told("bgp-neighbour", inside)
    nobody = "nobody has the address 192.0.2.9 of the neighbour"
    assert line == f"warning: a BGP 192.0.2.9: {nobody}, and routers of AS 1 are in this network"
    assert told("bgp-neighbour", router("a", peer("10.0.0.2", remote_as=9), asn=1, P="10.0.0.1/30")) == []


def test_of_two_who_share_an_address_the_one_that_points_back_is_meant() -> None:
    one = router("a", peer("192.0.2.2", remote_as=1), asn=1, L="192.0.2.1/32")
    right = router("b", peer("192.0.2.1", remote_as=1), asn=1, L="192.0.2.2/32")
    assert told("bgp-neighbour", one, router("c", L="192.0.2.2/32"), right) == []


# --- OSPF -------------------------------------------------------------------------------------------------------------


def network(prefix: str, area: int = 0) -> OspfNetwork:
    return OspfNetwork(process=1, network=IPv4Network(prefix), area=area)


def with_ospf(*settings: Setting, **addresses: str) -> Device:
    device = router("a", *settings, asn=None, **addresses)
    device.ospf = {1: OspfProcess(router_id=IPv4Address("192.0.2.1"))}
    return device


def test_networks_of_a_process_bring_interfaces_into_their_areas_the_narrowest_first() -> None:
    device = with_ospf(
        network("10.0.0.0/8", 1), network("10.0.0.0/24", 2), P="10.0.0.1/30", Q="10.9.0.1/24", L="192.0.2.1/32"
    )
    assert joined(device) == {PORT: OspfInterface(area=2), OTHER: OspfInterface(area=1)}
    assert told("ospf-without-interfaces", device) == []
    assert told("ospf-backbone", device) == [
        "warning: a OSPF 1: it joins the areas 1, 2, and none of them is the backbone"
    ]
    assert told("ospf-coverage", device) == [
        "warning: a Loopback0: a runs OSPF, and 192.0.2.1/32 is not announced in it"
    ]


def test_what_an_interface_says_itself_goes_before_the_networks() -> None:
    device = with_ospf(network("10.0.0.0/8"), P="10.0.0.1/30")
    device.interfaces[PORT] = device.interfaces[PORT].model_copy(update={"ospf": OspfInterface(area=7)})
    assert joined(device) == {PORT: OspfInterface(area=7)}


@pytest.mark.parametrize(
    ("process", "passive"),
    [
        (OspfSettings(process=1, passive_default=True), True),
        (OspfSettings(process=1, passive_default=True, active_interfaces=(PORT,)), False),
        (OspfSettings(process=1, passive_interfaces=(PORT,)), True),
        (OspfSettings(process=1), False),
    ],
)
def test_a_process_says_where_it_is_silent(process: OspfSettings, *, passive: bool) -> None:
    own = OspfInterfaceSettings(interface=PORT, network="point-to-point")
    device = with_ospf(process, network("10.0.0.0/8"), own, P="10.0.0.1/30")
    assert joined(device) == {PORT: OspfInterface(area=0, passive=passive, point_to_point=True)}


def test_what_is_announced_otherwise_needs_no_area() -> None:
    by_ospf = with_ospf(network("10.0.0.0/8"), OspfRedistribution(process=1, source="connected"), L="192.0.2.1/32")
    assert told("ospf-coverage", by_ospf) == []
    by_bgp = with_ospf(BgpFamily(family="ipv4", networks=({"prefix": "192.0.2.0/24"},)), L="192.0.2.1/32")
    assert told("ospf-coverage", by_bgp) == []


# --- tables and subnets -----------------------------------------------------------------------------------------------


def test_subnets_of_one_device_overlap_only_within_a_table() -> None:
    device = router("a", P="10.0.0.1/24", Q="10.0.0.2/24")
    assert told("interfaces-overlap", device) == [
        f"error: a {OTHER}: its subnet 10.0.0.0/24 overlaps 10.0.0.0/24 of {PORT}"
    ]
    assert (
        told("interfaces-overlap", router("a", Vrf(interface=OTHER, name="RED"), P="10.0.0.1/24", Q="10.0.0.2/24"))
        == []
    )


def test_an_address_in_a_vrf_is_nobody_elses_business() -> None:
    red = Vrf(interface=PORT, name="RED")
    assert told("duplicate-address", router("a", red, P="10.0.0.1/24"), router("b", P="10.0.0.1/24")) == []
    assert len(told("duplicate-address", router("a", P="10.0.0.1/24"), router("b", P="10.0.0.1/24"))) == 2


def test_ports_of_a_switch_that_does_not_route_are_told_where_there_are_several() -> None:
    def found(*addresses: str) -> list[str]:
        switch = router("s1")
        ports = zip((PORT, OTHER), addresses, strict=False)
        switch.interfaces = {port: RoutedInterface(addresses=(IPv4Interface(each),)) for port, each in ports}
        switch.kind, switch.routing = DeviceKind.SWITCH, False
        network = Network("lan", created=True, devices={"s1": switch})
        return [item.path for item in REGISTRY.check(NetworkView(network)) if item.rule == "unrouted-ports"]

    assert found("192.0.2.1/24") == []
    assert found("192.0.2.1/24", "198.51.100.1/24") == [PORT, OTHER]
