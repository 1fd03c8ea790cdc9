"""A VLAN over switches: where it goes, by which trunks, and what stands in the way of its removal."""

from collections.abc import Iterable
from copy import deepcopy
from typing import Any

import pytest

from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain import events as e
from cimnet_nornir.domain.layer2 import Layer2, carrying_ports
from cimnet_nornir.domain.network import Network
from cimnet_nornir.domain.trunks import edge_port_with
from cimnet_nornir.domain.values import AccessMode, Endpoint, PortConfiguration, RoutedInterface, TrunkMode
from cimnet_nornir.domain.vlan_uses import vlan_uses
from cimnet_nornir.domain.working import Working
from cimnet_nornir.errors import (
    DeviceNotFound,
    NoLayer2Path,
    RuleViolated,
    VlanAlreadyExists,
    VlanInUse,
    VlanNotFound,
)

DETAILS = e.DeviceDetails(vendor="cisco", platform="ios")
PORTS = tuple(f"GigabitEthernet0/{number}" for number in range(1, 7))


def switch(name: str, *, routing: bool = False) -> c.AddSwitch:
    return c.AddSwitch(device=name, name=name, details=DETAILS, ports=PORTS, routing=routing)


def gi(number: int) -> str:
    return f"GigabitEthernet0/{number}"


def link(one: str, other: str) -> c.ConnectLink:
    """By "sw1 1": the device and the last number of its port."""
    return c.ConnectLink(a=end(one), b=end(other))


def end(text: str) -> Endpoint:
    device, number = text.split()
    return Endpoint(device=device, port=gi(int(number)))


def port(where: str, configuration: PortConfiguration) -> c.ConfigurePort:
    return c.ConfigurePort(device=end(where).device, port=end(where).port, configuration=configuration)


def trunk(allowed: str | None = None, native: int = 1, **other: Any) -> PortConfiguration:
    return PortConfiguration(switching=TrunkMode.model_validate({"native_vlan": native, "allowed": allowed}), **other)


def access(vlan: int, **other: Any) -> PortConfiguration:
    return PortConfiguration(switching=AccessMode(vlan=vlan), **other)


def svi(device: str, vlan: int, address: str) -> c.ConfigureRouterInterface:
    configuration = RoutedInterface.model_validate({"addresses": [address]})
    return c.ConfigureRouterInterface(device=device, interface=f"Vlan{vlan}", configuration=configuration)


def given(*commands: c.Command) -> Network:
    return when(Network("net"), c.CreateNetwork(name="net"), *commands).network


def when(network: Network, *commands: c.Command) -> Working:
    working = Working(network)
    for command in commands:
        working.execute(command)
    working.finish()
    return working


def create(vlan: int, *switches: str, name: str | None = None) -> c.CreateVlanOnSwitches:
    return c.CreateVlanOnSwitches(vlan=vlan, name=name, switches=switches)


def remove(vlan: int, *switches: str) -> c.RemoveVlanFromSwitches:
    return c.RemoveVlanFromSwitches(vlan=vlan, switches=switches or None)


def told(working: Working) -> list[str]:
    """The events in a word each: "sw1 +100", "sw1 Gi0/1 trunk 1,100 native 1"."""
    return [f"{stream.rpartition('/')[2]} {_word(event)}" for stream, event in working.events]


def _word(event: object) -> str:
    match event:
        case e.VlanCreated():
            return f"+{event.vlan}" + (f" {event.name}" if event.name else "")
        case e.VlanRemoved():
            return f"-{event.vlan}"
        case e.PortReset():
            return f"{event.port[-1]} reset"
        case e.PortConfigured(configuration=PortConfiguration(switching=TrunkMode() as mode)):
            allowed = "all" if mode.allowed is None else ",".join(map(str, sorted(mode.allowed)))
            return f"{event.port[-1]} trunk {allowed} native {mode.native_vlan}"
        case _:
            return type(event).__name__


def chain(*configured: c.Command) -> Network:
    """sw1 - sw2 - sw3, port 1 to the left, port 2 to the right."""
    return given(*map(switch, ("sw1", "sw2", "sw3")), link("sw1 2", "sw2 1"), link("sw2 2", "sw3 1"), *configured)


def together(network: Network, vlan: int, switches: Iterable[str]) -> bool:
    return set(switches) <= Layer2.of(network).segment(next(iter(switches)), vlan)


# --- creating ---------------------------------------------------------------------------------------------------------


def test_a_vlan_is_created_on_the_switches_on_the_way_too_and_links_become_trunks() -> None:
    working = when(chain(), create(100, "sw1", "sw3", name="lab"))
    assert told(working) == [
        "sw1 +100 lab",
        "sw2 +100 lab",
        "sw3 +100 lab",
        "sw1 2 trunk 1,100 native 1",
        "sw2 1 trunk 1,100 native 1",
        "sw2 2 trunk 1,100 native 1",
        "sw3 1 trunk 1,100 native 1",
    ]
    assert together(working.network, 100, ("sw1", "sw2", "sw3"))


def test_all_that_the_vlan_stands_on_is_read() -> None:
    ports = (port(where, trunk()) for where in ("sw1 2", "sw2 1", "sw2 2", "sw3 1"))
    network = chain(*(c.CreateVlan(device=name, vlan=100) for name in ("sw1", "sw2", "sw3")), *ports)
    working = when(network, create(100, "sw1", "sw3"))
    assert working.events == []
    assert working.touched == {"network:net", "device:net/sw1", "device:net/sw2", "device:net/sw3"}


def test_trunks_get_the_vlan_beside_what_they_allow_and_one_that_allows_all_stays() -> None:
    network = chain(
        *(c.CreateVlan(device="sw1", vlan=vlan) for vlan in (10, 999)),
        port("sw1 2", trunk("10,999", 999, description="to sw2")),
        c.CreateVlan(device="sw2", vlan=999),
        port("sw2 1", trunk("10", 999)),
        port("sw2 2", trunk()),
        port("sw3 1", trunk()),
    )
    assert told(when(network, create(100, "sw1", "sw3"))) == [
        "sw1 +100",
        "sw2 +100",
        "sw3 +100",
        "sw1 2 trunk 10,100,999 native 999",
        "sw2 1 trunk 10,100 native 999",
    ]
    assert network.devices["sw1"].switch_ports[gi(2)].description == "to sw2"


def test_an_end_that_nobody_configured_takes_native_vlan_and_list_of_the_other_end() -> None:
    network = chain(c.CreateVlan(device="sw1", vlan=999, name="native"), port("sw1 2", trunk("10,20", 999)))
    assert told(when(network, create(100, "sw1", "sw2"))) == [
        "sw1 +100",
        "sw2 +100",
        "sw2 +999 native",
        "sw1 2 trunk 10,20,100 native 999",
        "sw2 1 trunk 10,20,100 native 999",
    ]


def test_a_port_with_a_description_alone_keeps_it_as_a_trunk() -> None:
    network = chain(port("sw1 2", PortConfiguration(description="uplink")))
    when(network, create(100, "sw1", "sw2"))
    assert network.devices["sw1"].switch_ports[gi(2)] == trunk("1,100", description="uplink")


def test_the_shortest_way_is_taken_and_of_two_the_one_whose_switches_come_first_by_name() -> None:
    switches = map(switch, ("a", "b", "c", "d"))
    network = given(*switches, link("a 1", "c 1"), link("c 2", "d 1"), link("a 2", "b 1"), link("b 2", "d 2"))
    assert told(when(deepcopy(network), create(100, "a", "d")))[:3] == ["a +100", "b +100", "d +100"]
    when(network, link("a 3", "d 3"))
    assert told(when(network, create(100, "a", "d"))) == [
        "a +100",
        "d +100",
        "a 3 trunk 1,100 native 1",
        "d 3 trunk 1,100 native 1",
    ]


def test_of_two_links_between_switches_the_trunk_is_taken() -> None:
    network = given(switch("a"), switch("b"), link("a 1", "b 1"), link("a 2", "b 2"))
    when(network, port("a 2", trunk("10")), port("b 2", trunk("10")))
    assert told(when(network, create(100, "a", "b")))[2:] == ["a 2 trunk 10,100 native 1", "b 2 trunk 10,100 native 1"]


def test_redundant_trunks_between_the_switches_carry_it_too() -> None:
    ends = ("a 1", "b 1", "a 2", "c 1", "b 2", "c 2")
    network = given(*map(switch, "abc"), *(link(*pair) for pair in zip(ends[::2], ends[1::2], strict=True)))
    when(network, *(port(where, trunk("10")) for where in ends))
    when(network, create(100, "a", "b", "c"))
    layer2 = Layer2.of(network)
    assert all(layer2.carries(each, 100) for each in network.links)


def test_it_is_joined_with_the_switch_that_has_the_gateway() -> None:
    network = chain(
        c.CreateVlan(device="sw1", vlan=100, name="lab"),
        svi("sw1", 100, "10.0.100.1/24"),
    )
    working = when(network, create(100, "sw3"))
    assert told(working)[:2] == ["sw2 +100 lab", "sw3 +100 lab"]
    assert together(network, 100, ("sw1", "sw2", "sw3"))


def test_a_use_that_no_cable_leads_to_is_left_alone() -> None:
    network = given(switch("sw1"), switch("far"), c.CreateVlan(device="far", vlan=100), port("far 1", access(100)))
    assert told(when(network, create(100, "sw1"))) == ["sw1 +100"]


@pytest.mark.parametrize(
    "obstacle",
    [access(20), trunk(enabled=False), trunk(bpduguard=True), trunk("10,100", native=100)],
    ids=["access port", "shut", "BPDU guard", "native VLAN at one end"],
)
def test_what_somebody_wanted_so_is_gone_around(obstacle: PortConfiguration) -> None:
    vlans = [c.CreateVlan(device=name, vlan=vlan) for name in ("sw1", "sw3") for vlan in (20, 100)]
    # The other end is a trunk that has VLAN 1 as native one.
    blocked = (port("sw1 3", obstacle), port("sw3 3", trunk("20")))
    network = chain(*vlans, link("sw1 3", "sw3 3"), *blocked)
    when(network, create(100, "sw1", "sw3"))
    assert 100 in network.devices["sw2"].vlans
    assert network.devices["sw1"].switch_ports[gi(3)] == obstacle


def test_links_of_routed_ports_carry_no_vlan() -> None:
    routed = c.ConfigureRouterInterface.model_validate(
        {"device": "sw1", "interface": gi(1), "configuration": {"addresses": ["10.0.0.0/31"]}}
    )
    network = given(switch("sw1", routing=True), switch("sw2"), link("sw1 1", "sw2 1"), routed)
    with pytest.raises(NoLayer2Path, match="no links that can carry VLAN 100 lead from sw1 to sw2") as caught:
        when(network, create(100, "sw1", "sw2"))
    assert caught.value.subject == "sw2"


def test_access_ports_of_the_vlan_at_both_ends_carry_it() -> None:
    network = chain(*(c.CreateVlan(device=name, vlan=100) for name in ("sw1", "sw2")))
    when(network, port("sw1 2", access(100)), port("sw2 1", access(100)))
    assert told(when(network, create(100, "sw1", "sw2"))) == []


def test_another_name_for_a_vlan_that_is_there_is_refused() -> None:
    network = chain(c.CreateVlan(device="sw1", vlan=100, name="lab"))
    with pytest.raises(VlanAlreadyExists, match="sw1 has VLAN 100 already, named lab") as caught:
        when(network, create(100, "sw1", "sw2", name="office"))
    assert caught.value.subject == "100"


def test_switches_have_to_be_there_and_be_switches() -> None:
    router = c.AddRouter(device="r1", name="r1", details=DETAILS, ports=PORTS)
    with pytest.raises(DeviceNotFound, match="no device 'sw9'"):
        when(chain(), create(100, "sw9"))
    with pytest.raises(RuleViolated, match="r1 is a router"):
        when(given(router), create(100, "r1"))
    with pytest.raises(ValueError, match="one switch or more"):
        create(100)


def test_a_port_towards_a_server_carries_it_and_its_switch_is_joined() -> None:
    network = chain(c.CreateVlan(device="sw1", vlan=100), svi("sw1", 100, "10.0.100.1/24"))
    working = when(network, c.CreateVlanOnSwitches(vlan=100, ports=(end("sw2 5"),)))
    assert told(working) == [
        "sw2 +100",
        "sw1 2 trunk 1,100 native 1",
        "sw2 1 trunk 1,100 native 1",
        "sw2 5 trunk 1,100 native 1",
    ]
    assert carrying_ports(network.devices["sw2"], 100) == (gi(1), gi(5))
    assert told(when(network, c.CreateVlanOnSwitches(vlan=100, ports=(end("sw2 5"),)))) == []


# --- ports towards servers --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, trunk("1,100")),
        (PortConfiguration(description="h1"), trunk("1,100", description="h1")),
        (access(20, portfast=True), trunk("20,100", 20, portfast=True)),
        (trunk("10", 999), trunk("10,100", 999)),
        (trunk(), trunk()),
    ],
)
def test_what_came_untagged_from_a_server_stays_untagged(
    before: PortConfiguration | None, after: PortConfiguration
) -> None:
    assert edge_port_with(before, 100, where="sw1 Gi0/1") == after


@pytest.mark.parametrize("port_", [access(100), trunk("100", 100), trunk("10", 100)])
def test_a_vlan_is_not_tagged_and_untagged_on_one_port(port_: PortConfiguration) -> None:
    with pytest.raises(RuleViolated, match="has VLAN 100 untagged") as caught:
        edge_port_with(port_, 100, where="sw1 Gi0/1")
    assert caught.value.subject == "sw1 Gi0/1"


def test_a_shut_port_is_not_made_a_trunk() -> None:
    with pytest.raises(RuleViolated, match="is shut; enable it first"):
        edge_port_with(PortConfiguration(enabled=False), 100, where="sw1 Gi0/1")


# --- removing ---------------------------------------------------------------------------------------------------------


def test_removing_takes_it_back_from_switches_and_trunks() -> None:
    network = chain(port("sw1 2", trunk("10")), port("sw2 1", trunk("10,20")))
    before = deepcopy(network)
    when(network, create(100, "sw1", "sw3"))
    assert told(when(network, remove(100))) == [
        "sw1 2 trunk 10 native 1",
        "sw2 1 trunk 10,20 native 1",
        "sw2 2 reset",
        "sw3 1 reset",
        "sw1 -100",
        "sw2 -100",
        "sw3 -100",
    ]
    assert network == before


def test_a_trunk_made_for_one_vlan_stays_for_the_next() -> None:
    network = chain()
    before = deepcopy(network)
    when(network, create(100, "sw1", "sw2"))
    when(network, create(200, "sw1", "sw2"))
    when(network, remove(100))
    assert network.devices["sw1"].switch_ports == {gi(2): trunk("1,200")}
    when(network, remove(200))
    assert network == before


def test_one_end_that_says_more_keeps_both_ends_trunks() -> None:
    network = chain(port("sw1 2", PortConfiguration(description="uplink")))
    when(network, create(100, "sw1", "sw2"))
    assert told(when(network, remove(100)))[:2] == ["sw1 2 trunk 1 native 1", "sw2 1 trunk 1 native 1"]


def test_it_leaves_one_switch_and_its_neighbours_trunks_towards_it() -> None:
    network = chain()
    when(network, create(100, "sw1", "sw2", "sw3"))
    assert told(when(network, remove(100, "sw3"))) == ["sw2 2 reset", "sw3 1 reset", "sw3 -100"]
    assert together(network, 100, ("sw1", "sw2"))


def test_a_switch_on_the_way_of_others_keeps_it() -> None:
    network = chain()
    when(network, create(100, "sw1", "sw2", "sw3"))
    with pytest.raises(VlanInUse, match="the way from sw1 to sw3") as caught:
        when(network, remove(100, "sw2"))
    assert caught.value.users == ("the way from sw1 to sw3",)


def test_removal_is_refused_with_all_uses() -> None:
    router = c.AddRouter(device="r1", name="r1", details=DETAILS, ports=PORTS)
    tagged = c.ConfigureRouterInterface.model_validate(
        {"device": "r1", "interface": f"{gi(1)}.100", "configuration": {"addresses": ["10.1.100.1/24"]}}
    )
    network = chain(router, link("r1 1", "sw3 4"), tagged)
    when(network, create(100, "sw1", "sw2", "sw3"))
    uses = (svi("sw1", 100, "10.0.100.1/24"), port("sw1 5", access(100)), port("sw2 6", trunk("10", 100)))
    when(network, *uses)
    with pytest.raises(VlanInUse, match=r"VLAN 100 is used: sw1 Vlan100 \(SVI\), sw1 Gi0/5") as caught:
        when(network, remove(100))
    assert caught.value.users == vlan_uses(network, 100)
    assert caught.value.users == (
        "sw1 Vlan100 (SVI)",
        "sw1 Gi0/5 (access port)",
        "sw2 Gi0/6 (native VLAN)",
        "r1 Gi0/1.100 (sub-interface)",
    )
    assert caught.value.subject == "100"


def test_routers_that_may_tag_it_are_read_when_it_is_removed() -> None:
    router = c.AddRouter(device="r1", name="r1", details=DETAILS, ports=PORTS)
    network = chain(router, link("r1 1", "sw3 4"), c.CreateVlan(device="sw1", vlan=100))
    assert when(network, remove(100)).touched == {"network:net", "device:net/sw1", "device:net/r1"}


def test_a_vlan_that_is_nowhere_cannot_be_removed() -> None:
    network = chain(c.CreateVlan(device="sw1", vlan=100))
    with pytest.raises(VlanNotFound, match="no switch of net has VLAN 200"):
        when(network, remove(200))
    with pytest.raises(VlanNotFound, match="sw2 has no VLAN 100"):
        when(network, remove(100, "sw1", "sw2"))
    with pytest.raises(DeviceNotFound, match="no device 'sw9'"):
        when(network, remove(100, "sw9"))
