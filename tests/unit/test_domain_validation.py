"""Findings in an intent: each rule finds what it is for, and is silent about what works."""

import re
from collections.abc import Iterator, Mapping
from ipaddress import IPv4Address, IPv4Interface, IPv4Network
from typing import Any

import pytest

from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.events import DeviceDetails
from cimnet_nornir.domain.network import Link, Network
from cimnet_nornir.domain.routing_values import BgpNeighbor, BgpRouter
from cimnet_nornir.domain.validation import (
    Finding,
    NetworkView,
    Registry,
    Severity,
    ValidationRule,
    vlans_text,
)
from cimnet_nornir.domain.validation.standard import STANDARD_RULES
from cimnet_nornir.domain.values import (
    AccessMode,
    DeviceKind,
    Endpoint,
    OspfInterface,
    OspfProcess,
    PortConfiguration,
    RoutedInterface,
    SpanningTree,
    StaticRoute,
    TrunkMode,
)
from cimnet_nornir.errors import AlreadyExists
from cimnet_nornir.ios.validate import IOS_RULES

REGISTRY = Registry(STANDARD_RULES).including(IOS_RULES)
PORT = "GigabitEthernet0/1"


def make(name: str, kind: DeviceKind = DeviceKind.SWITCH, *, role: str = "", **features: Any) -> Device:
    details = DeviceDetails(vendor="cisco", platform="ios", role=role)
    return Device(network="campus", id=name, name=name, kind=kind, details=details, ports=(PORT,), **features)


def router(name: str, interfaces: Mapping[str, RoutedInterface], **features: Any) -> Device:
    return make(name, DeviceKind.ROUTER, routing=True, interfaces=dict(interfaces), **features)


def switch(name: str, port: PortConfiguration | None = None, vlans: tuple[int, ...] = (10, 20), **rest: Any) -> Device:
    ports = {} if port is None else {PORT: port}
    return make(name, vlans=dict.fromkeys(vlans), switch_ports=ports, **rest)


def trunk(allowed: str | None = None, native: int = 1, **rest: Any) -> PortConfiguration:
    mode = TrunkMode.model_validate({"native_vlan": native, "allowed": allowed})
    return PortConfiguration(switching=mode, **rest)


def access(vlan: int, **rest: Any) -> PortConfiguration:
    return PortConfiguration(switching=AccessMode(vlan=vlan), **rest)


def routed(*addresses: str, **rest: Any) -> RoutedInterface:
    return RoutedInterface(addresses=tuple(IPv4Interface(address) for address in addresses), **rest)


def linked(near: Device, far: Device) -> Network:
    ends = Endpoint(device=near.id, port=PORT), Endpoint(device=far.id, port=PORT)
    return Network("campus", created=True, links={Link.between(*ends)}, devices={near.id: near, far.id: far})


def found_in(network: Network) -> list[str]:
    return [str(finding) for finding in REGISTRY.check(NetworkView(network))]


def alone(device: Device) -> list[str]:
    return found_in(Network("campus", created=True, devices={device.id: device}))


def between(near: Device, far: Device) -> list[str]:
    return found_in(linked(near, far))


# --- one device -------------------------------------------------------------------------------------------------------


def test_a_switch_that_is_as_it_should_be_has_no_findings() -> None:
    svi = {"Vlan10": routed("10.0.10.1/24")}
    assert alone(switch("sw1", trunk("1,10,20", native=20), interfaces=svi)) == []


def test_a_trunk_that_allows_vlans_the_switch_lacks_is_found() -> None:
    assert alone(switch("sw1", trunk("1,10,30-32,1002"))) == [
        f"warning: sw1 {PORT}: the trunk allows VLANs that sw1 does not have: 30-32"
    ]


def test_a_trunk_that_does_not_carry_a_native_vlan_in_use_is_found() -> None:
    svi = {"Vlan20": routed("10.0.20.1/24")}
    found = alone(switch("sw1", trunk("10", native=20, enabled=False), interfaces=svi))
    assert f"warning: sw1 {PORT}: the native VLAN 20 is not among the VLANs the trunk allows" in found


def test_a_trunk_may_leave_out_a_native_vlan_that_nothing_uses() -> None:
    assert alone(switch("sw1", trunk("10", native=20))) == []


def test_a_trunk_may_leave_out_vlan_1_although_it_is_native() -> None:
    assert alone(switch("sw1", trunk("10"))) == []


@pytest.mark.parametrize(
    "port", [None, access(20), access(10, enabled=False), trunk("20"), PortConfiguration(), trunk(enabled=False)]
)
def test_an_svi_whose_vlan_no_port_carries_is_found(port: PortConfiguration | None) -> None:
    found = alone(switch("sw1", port, interfaces={"Vlan10": routed("10.0.10.1/24")}))
    assert "warning: sw1 Vlan10: no enabled port of sw1 is in VLAN 10, so it stays down" in found


@pytest.mark.parametrize("port", [access(10), trunk(), trunk("10")])
def test_an_svi_whose_vlan_a_port_carries_is_right(port: PortConfiguration) -> None:
    assert alone(switch("sw1", port, interfaces={"Vlan10": routed("10.0.10.1/24")})) == []


def test_an_svi_that_is_shut_needs_no_port() -> None:
    assert alone(switch("sw1", interfaces={"Vlan10": routed("10.0.10.1/24", enabled=False)})) == []


def test_a_port_nobody_speaks_of_carries_vlan_1() -> None:
    assert alone(switch("sw1", interfaces={"Vlan1": routed("10.0.1.1/24")})) == []


def test_a_port_without_a_mode_is_found_unless_it_is_shut() -> None:
    said = f"warning: sw1 {PORT}: the port has no mode: it is open, dynamic and in VLAN 1"
    assert alone(switch("sw1", PortConfiguration(), interfaces={"Vlan1": routed("10.0.1.1/24")})) == [said]
    assert alone(switch("sw1", PortConfiguration(enabled=False))) == []


def test_a_management_address_that_no_interface_has_is_found() -> None:
    device = switch("sw1", access(10), interfaces={"Vlan10": routed("10.0.10.2/24")})
    for address, found in (("10.0.10.2", 0), ("10.0.10.77", 1)):
        device.details = device.details.model_copy(update={"management": IPv4Address(address)})
        said = f"warning: sw1 management: no interface of sw1 has the management address {address}"
        assert alone(device).count(said) == found


def test_a_priority_for_a_vlan_that_is_not_there_is_found() -> None:
    tree = SpanningTree(priorities={1: 4096, 10: 4096, 30: 4096})
    assert alone(switch("sw1", spanning_tree=tree)) == [
        "warning: sw1 spanning tree: a priority is set for VLANs that are not there: 30"
    ]


def test_priorities_of_vlans_under_mst_are_found() -> None:
    findings = alone(switch("sw1", spanning_tree=SpanningTree(mode="mst", priorities={10: 4096})))
    assert findings == [
        "warning: sw1 spanning tree: mode mst ignores the priorities of VLANs; it has one tree per instance"
    ]


@pytest.mark.parametrize(("text", "odd"), [("why?", "?"), ("Büro 3", "ü")])
def test_a_description_that_cannot_be_typed_is_found(text: str, odd: str) -> None:
    expected = f"error: sw1 {PORT}: IOS cannot take {odd} in a description"
    assert alone(switch("sw1", access(10, description=text))) == [expected]
    assert alone(router("sw1", {PORT: RoutedInterface(description=text)})) == [expected]


def test_a_sub_interface_whose_number_is_no_vlan_is_found() -> None:
    interfaces = {PORT: RoutedInterface(), f"{PORT}.4095": routed("10.0.0.1/24")}
    assert alone(router("r1", interfaces)) == [
        f"error: r1 {PORT}.4095: a sub-interface is numbered by its VLAN, 1 to 4094, not 4095"
    ]


@pytest.mark.parametrize(("port", "state"), [(None, "not configured"), (RoutedInterface(enabled=False), "shut")])
def test_a_sub_interface_whose_port_is_not_up_is_found(port: RoutedInterface | None, state: str) -> None:
    interfaces = {f"{PORT}.10": routed("10.0.0.1/24")} | ({PORT: port} if port else {})
    assert alone(router("r1", interfaces)) == [
        f"warning: r1 {PORT}.10: its port {PORT} is {state}, so the sub-interface is down"
    ]


def test_an_ospf_process_without_an_interface_is_found() -> None:
    process = OspfProcess(router_id=IPv4Address("10.0.0.1"))
    assert alone(router("r1", {}, ospf={1: process})) == ["warning: r1 OSPF 1: no interface takes part in it"]


def route(prefix: str, next_hop: str) -> StaticRoute:
    return StaticRoute(prefix=IPv4Network(prefix), next_hop=IPv4Address(next_hop))


def test_a_next_hop_in_no_connected_subnet_is_found() -> None:
    routes = (route("10.9.0.0/16", "10.0.0.2"), route("0.0.0.0/0", "192.0.2.1"))
    assert alone(router("r1", {PORT: routed("10.0.0.1/24")}, routes=routes)) == [
        "error: r1 route 0.0.0.0/0: the next hop 192.0.2.1 is in no connected subnet"
    ]


def test_a_next_hop_behind_a_shut_interface_is_not_connected() -> None:
    device = router("r1", {PORT: routed("10.0.0.1/24", enabled=False)}, routes=(route("0.0.0.0/0", "10.0.0.2"),))
    assert alone(device) == ["error: r1 route 0.0.0.0/0: the next hop 10.0.0.2 is in no connected subnet"]


def test_a_next_hop_may_be_reached_by_another_route() -> None:
    routes = (route("192.0.2.0/24", "10.0.0.2"), route("0.0.0.0/0", "192.0.2.1"))
    assert alone(router("r1", {PORT: routed("10.0.0.1/24")}, routes=routes)) == []


def test_a_next_hop_that_ospf_may_bring_is_only_a_warning() -> None:
    interface = routed("10.0.0.1/24", ospf=OspfInterface(area=0))
    process = OspfProcess(router_id=IPv4Address("10.0.0.1"))
    device = router("r1", {PORT: interface}, ospf={1: process}, routes=(route("0.0.0.0/0", "192.0.2.1"),))
    assert alone(device) == ["warning: r1 route 0.0.0.0/0: the next hop 192.0.2.1 is in no connected subnet"]


def test_a_next_hop_that_is_the_router_itself_is_found() -> None:
    device = router("r1", {PORT: routed("10.0.0.1/24")}, routes=(route("0.0.0.0/0", "10.0.0.1"),))
    assert alone(device) == ["error: r1 route 0.0.0.0/0: the next hop 10.0.0.1 is an address of r1 itself"]


# --- links between switches -------------------------------------------------------------------------------------------


def test_a_link_whose_ends_agree_has_no_findings() -> None:
    assert between(switch("a", trunk("10,20", native=20)), switch("b", trunk("10,20", native=20))) == []
    assert between(switch("a", access(10)), switch("b", access(10))) == []
    assert between(switch("a"), switch("b")) == []


def test_a_link_with_one_configured_end_is_found_from_either_end() -> None:
    message = f"a {PORT} is configured, and b {PORT} at the other end of its link is not"
    assert between(switch("a", trunk()), switch("b")) == [f"warning: a {PORT}: {message}"]
    assert between(switch("b"), switch("a", trunk())) == [f"warning: a {PORT}: {message}"]


def test_a_link_with_one_shut_end_is_found() -> None:
    assert between(switch("a", trunk()), switch("b", trunk(enabled=False))) == [
        f"warning: b {PORT}: a {PORT} is enabled, and b {PORT} at the other end is shut"
    ]
    assert between(switch("a", trunk(enabled=False)), switch("b", trunk(enabled=False))) == []


def test_an_access_port_that_meets_a_trunk_is_found_from_either_end() -> None:
    message = f"b {PORT} is a trunk, and a {PORT} is an access port of VLAN 10"
    assert between(switch("a", access(10)), switch("b", trunk())) == [f"error: a {PORT}: {message}"]
    assert between(switch("b", trunk()), switch("a", access(10))) == [f"error: a {PORT}: {message}"]


def test_native_vlans_that_differ_are_found() -> None:
    assert between(switch("a", trunk(native=10)), switch("b", trunk(native=20))) == [
        f"error: a {PORT}: the native VLAN is 10, and 20 on b {PORT}"
    ]


def test_access_vlans_that_differ_are_found() -> None:
    assert between(switch("a", access(10)), switch("b", access(20))) == [
        f"warning: a {PORT}: the link joins VLAN 10 with VLAN 20 on b {PORT}"
    ]


def test_allowed_vlans_that_differ_are_found() -> None:
    near, far = switch("a", trunk("1,10,20"), (10, 20, 30)), switch("b", trunk("1,20,30"), (10, 20, 30))
    assert between(near, far) == [
        f"warning: a {PORT}: the allowed VLANs differ: 10 only on a {PORT}, 30 only on b {PORT}"
    ]
    assert between(switch("a", trunk("1,20,1002-1005")), switch("b", trunk())) == [
        f"warning: a {PORT}: the allowed VLANs differ: 10 only on b {PORT}"
    ]


def test_all_vlans_and_all_that_there_are_is_the_same() -> None:
    assert between(switch("a", trunk("1,10,20,1002-1005")), switch("b", trunk())) == []


def test_spanning_tree_modes_that_differ_are_found() -> None:
    near = switch("a", trunk(), spanning_tree=SpanningTree(mode="rapid-pvst"))
    assert between(near, switch("b", trunk())) == [
        f"warning: a {PORT}: spanning tree runs as rapid-pvst, and as pvst on b"
    ]


def test_bpdu_guard_towards_a_switch_is_found() -> None:
    assert between(switch("a", access(10, bpduguard=True)), switch("b", access(10))) == [
        f"error: a {PORT}: BPDU guard on a {PORT} will shut it: b {PORT} at the other end is a switch port"
    ]


def test_portfast_towards_a_switch_is_found() -> None:
    assert between(switch("a", trunk()), switch("b", trunk(portfast=True))) == [
        f"warning: b {PORT}: portfast on b {PORT} skips the loop check, and a {PORT} at the other end is a switch port"
    ]


# --- links of routers -------------------------------------------------------------------------------------------------


def test_sub_interfaces_that_the_switch_carries_are_right() -> None:
    near = router("a", {PORT: RoutedInterface(), f"{PORT}.10": routed("10.0.10.1/24")})
    assert between(near, switch("b", trunk("1,10,20"))) == []


@pytest.mark.parametrize("port", [trunk("1,20"), access(10)])
def test_a_sub_interface_that_the_switch_does_not_carry_is_found(port: PortConfiguration) -> None:
    near = router("a", {PORT: RoutedInterface(), f"{PORT}.10": routed("10.0.10.1/24")})
    assert between(near, switch("b", port)) == [
        f"error: a {PORT}.10: a {PORT}.10 needs VLAN 10, which b {PORT} does not carry as a trunk"
    ]


def test_a_port_with_sub_interfaces_alone_is_configured() -> None:
    near = router("a", {f"{PORT}.10": routed("10.0.10.1/24")})
    assert [finding for finding in between(near, switch("b", trunk())) if "at the other end" in finding] == []


def test_ends_in_different_subnets_are_found() -> None:
    near, far = router("a", {PORT: routed("10.0.0.1/30")}), router("b", {PORT: routed("10.0.0.6/30")})
    assert between(near, far) == [
        f"error: a {PORT}: the ends are in different subnets: 10.0.0.0/30, and 10.0.0.4/30 on b {PORT}"
    ]


def test_ends_that_share_one_of_their_subnets_are_right() -> None:
    near = router("a", {PORT: routed("10.0.0.1/30", "10.1.0.1/24")})
    assert between(near, router("b", {PORT: routed("10.1.0.2/24")})) == []
    assert between(near, router("b", {PORT: RoutedInterface()})) == []


def ospf_pair(near: OspfInterface | None, far: OspfInterface | None) -> list[str]:
    devices = [
        router(
            name,
            {PORT: routed(f"10.0.0.{number}/30", ospf=ospf), "Loopback0": loopback(number)},
            ospf={1: OspfProcess(router_id=IPv4Address(f"10.255.0.{number}"))},
        )
        for name, number, ospf in (("a", 1, near), ("b", 2, far))
    ]
    return between(*devices)


def loopback(number: int) -> RoutedInterface:
    return routed(f"10.255.0.{number}/32", ospf=OspfInterface(area=0))


def test_ospf_that_runs_alike_at_both_ends_is_right() -> None:
    assert ospf_pair(OspfInterface(area=0), OspfInterface(area=0, cost=7)) == []
    assert ospf_pair(OspfInterface(area=0, passive=True), OspfInterface(area=1, passive=True)) == []
    assert ospf_pair(OspfInterface(area=0, passive=True), None) == []


def test_ospf_areas_that_differ_are_found() -> None:
    assert ospf_pair(OspfInterface(area=0), OspfInterface(area=1)) == [
        f"error: a {PORT}: the OSPF area is 0, and 1 on b {PORT}"
    ]


def test_ospf_network_types_that_differ_are_found() -> None:
    assert ospf_pair(OspfInterface(area=0, point_to_point=True), OspfInterface(area=0)) == [
        f"error: a {PORT}: the OSPF network type is point-to-point, and broadcast on b {PORT}"
    ]


@pytest.mark.parametrize(
    ("far", "state"), [(None, "does not run it"), (OspfInterface(area=0, passive=True), "is passive")]
)
def test_ospf_without_a_neighbour_is_found(far: OspfInterface | None, state: str) -> None:
    message = f"warning: a {PORT}: OSPF on a {PORT} finds no neighbour: b {PORT} {state}"
    assert ospf_pair(OspfInterface(area=0), far) == [message]


# --- the network ------------------------------------------------------------------------------------------------------


def test_a_router_id_on_two_routers_is_found_on_both() -> None:
    process = {1: OspfProcess(router_id=IPv4Address("10.255.0.1"))}
    near, far = (router(name, {PORT: routed(f"10.0.0.{n}/30")}, ospf=process) for name, n in (("a", 1), ("b", 2)))
    told = [finding for finding in between(near, far) if "router id" in finding]
    assert told == [
        "error: a OSPF 1: the router id 10.255.0.1 is that of b too",
        "error: b OSPF 1: the router id 10.255.0.1 is that of a too",
    ]


def test_a_vlan_of_two_distribution_switches_without_a_root_is_found_once() -> None:
    network = linked(switch("d1", trunk(), (10,), role="distribution"), switch("d2", trunk(), (10,), role="dist"))
    assert found_in(network) == ["warning: d1 VLAN 10: d1, d2 carry it, and none has a root priority for it"]


def test_a_vlan_with_a_root_priority_is_right() -> None:
    tree = SpanningTree(priorities={10: 24576})
    near = switch("d1", trunk(), (10,), role="distribution", spanning_tree=tree)
    assert between(near, switch("d2", trunk(), (10,), role="distribution")) == []


@pytest.mark.parametrize("port", [trunk("1"), None])
def test_distribution_switches_that_a_vlan_does_not_join_need_no_root(port: PortConfiguration | None) -> None:
    near = switch("d1", port, (10,), role="distribution")
    far = switch("d2", port, (10,), role="distribution")
    assert [finding for finding in between(near, far) if "root" in finding] == []


def test_a_vlan_reaches_over_switches_in_between() -> None:
    second = "GigabitEthernet0/2"
    d1, d2 = (switch(name, trunk(), (10,), role="distribution") for name in ("d1", "d2"))
    middle = switch("m", trunk(), (10,))
    middle.switch_ports[second] = trunk()
    network = linked(d1, middle)
    network.devices["d2"] = d2
    ends = Endpoint(device="m", port=second), Endpoint(device="d2", port=PORT)
    network.links.add(Link.between(*ends))
    assert found_in(network) == ["warning: d1 VLAN 10: d1, d2 carry it, and none has a root priority for it"]


@pytest.mark.parametrize(
    ("access_priority", "distribution_priority", "found"),
    [(4096, 8192, True), (8192, 4096, False), (4096, 4096, False), (4096, 32768, True)],
)
def test_an_access_switch_that_is_root_is_found(access_priority: int, distribution_priority: int, found: bool) -> None:
    near = switch("a", trunk(), (10,), role="access", spanning_tree=SpanningTree(priorities={10: access_priority}))
    tree = SpanningTree(priorities={10: distribution_priority})
    far = switch("d", trunk(), (10,), role="distribution", spanning_tree=tree)
    said = "warning: a spanning tree: a is an access switch, and root of VLAN 10"
    assert between(near, far) == ([said] if found else [])
    # Alone it is root of what is its own.
    assert alone(near) == []


def test_a_description_of_a_bgp_neighbour_is_typed_too() -> None:
    neighbor = BgpNeighbor(address=IPv4Address("192.0.2.1"), remote_as=65001, description="Büro?")
    device = router("r1", {PORT: routed("192.0.2.2/30")}, bgp=BgpRouter(as_number=65000, neighbors=(neighbor,)))
    assert alone(device) == ["error: r1 BGP 192.0.2.1: IOS cannot take ? ü in a description"]


def test_a_link_to_a_device_that_is_gone_is_passed_over() -> None:
    network = linked(switch("a", trunk()), switch("b", trunk()))
    del network.devices["b"]
    assert found_in(network) == []


def test_a_link_is_told_once_and_concerns_both_ends() -> None:
    network = linked(switch("a", trunk(native=10)), switch("b", trunk(native=20)))
    (finding,) = REGISTRY.check(NetworkView(network))
    assert (finding.rule, finding.device, finding.others) == ("native-vlan-mismatch", "a", ("b",))
    assert finding.concerns({"b"})
    assert not finding.concerns({"c"})
    assert finding.right == "the same native VLAN at both ends"


@pytest.mark.parametrize(("name", "holder"), [("users", 10), ("VLAN0030", 30), ("fddi-default", 1002)])
def test_a_vlan_name_that_another_vlan_has_is_found(name: str, holder: int) -> None:
    device = switch("sw1")
    device.vlans = {10: "users", 20: name, 30: None}
    assert alone(device) == [f"error: sw1 VLAN 20: its name {name} is that of VLAN {holder} of sw1"]


def test_a_vlan_may_have_the_name_that_it_has_by_itself() -> None:
    device = switch("sw1")
    device.vlans = {10: "VLAN0010", 20: "users"}
    assert alone(device) == []


# --- the registry -----------------------------------------------------------------------------------------------------


def test_rules_have_ids_that_can_be_typed_and_say_what_they_find() -> None:
    for each in REGISTRY.rules:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", each.id)
        assert each.description.endswith(".")
        assert REGISTRY.named(each.id) is each


def test_a_rule_id_is_taken_once() -> None:
    with pytest.raises(AlreadyExists, match="two rules have the id 'next-hop'"):
        REGISTRY.including(each for each in STANDARD_RULES if each.id == "next-hop")


def test_a_rule_may_be_any_object_of_the_form() -> None:
    class NoSwitches:
        id = "no-switches"
        severity: Severity = "warning"
        description = "There is a switch."

        def check(self, network: NetworkView) -> Iterator[Finding]:
            return (Finding("warning", self.id, each.name, "", "is a switch") for each in network.devices.values())

    assert isinstance(NoSwitches(), ValidationRule)
    (found,) = Registry((NoSwitches(),)).check(NetworkView(Network("campus", devices={"a": switch("a")})))
    assert str(found) == "warning: a: is a switch"


def test_a_view_knows_the_neighbours_of_a_device() -> None:
    view = NetworkView(linked(switch("a", trunk()), switch("b", trunk())))
    ((near, far),) = view.neighbours(view.devices["b"])
    assert (str(near), str(far)) == (f"b {PORT}", f"a {PORT}")
    assert list(view.neighbours(switch("c"))) == []


# --- what a change adds -----------------------------------------------------------------------------------------------


def changed(before: Network, after: Network) -> list[str]:
    return [str(finding) for finding in REGISTRY.check_change(NetworkView(before), NetworkView(after))]


def only(*devices: Device) -> Network:
    return Network("campus", created=True, devices={device.id: device for device in devices})


def test_what_was_there_before_is_not_added() -> None:
    old = switch("sw1", trunk("1,30"))
    new = switch("sw1", trunk("1,30"), spanning_tree=SpanningTree(priorities={40: 4096}))
    assert changed(only(old), only(new)) == [
        "warning: sw1 spanning tree: a priority is set for VLANs that are not there: 40"
    ]
    assert changed(only(old), only(old)) == []
    assert changed(only(new), only(old)) == []


def test_a_finding_whose_words_alone_change_is_not_added() -> None:
    assert changed(only(switch("sw1", trunk("1,30"))), only(switch("sw1", trunk("1,30,40")))) == []


def test_a_second_finding_of_a_rule_at_one_place_is_added() -> None:
    old = switch("sw1")
    old.switch_ports = {PORT: trunk("1,30")}
    new = switch("sw1")
    new.switch_ports = {PORT: trunk("1,30"), "GigabitEthernet0/2": trunk("1,30")}
    assert [text.split(":")[1] for text in changed(only(old), only(new))] == [" sw1 GigabitEthernet0/2"]


def test_the_findings_of_a_renamed_device_are_not_added() -> None:
    old, new = switch("sw1", trunk("1,30")), switch("sw1", trunk("1,30"))
    new.name = "sw9"
    assert changed(only(old), only(new)) == []


def test_a_long_list_of_vlans_is_cut_in_a_message() -> None:
    text = vlans_text(range(2, 400, 2))
    assert text.startswith("2,4,6,")
    assert text.endswith(" and more, 199 in all")
    assert len(text) < 100
