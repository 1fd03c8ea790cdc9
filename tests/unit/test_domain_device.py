"""What each event does to a device and to a network."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import fields
from typing import Any, get_args

import pytest

from cimnet_nornir.domain import events as e
from cimnet_nornir.domain.access_lists import AccessList, AclRule
from cimnet_nornir.domain.device import Device, DeviceEvent, evolve
from cimnet_nornir.domain.features.blocks import ConfigurationBlock
from cimnet_nornir.domain.network import Link, Network, NetworkEvent, evolve_network
from cimnet_nornir.domain.routing_values import BgpRouter, EigrpProcess
from cimnet_nornir.domain.values import (
    Bond,
    DeviceKind,
    Endpoint,
    HostInterfaceConfiguration,
    OspfProcess,
    PortChannel,
    PortConfiguration,
    RoutedInterface,
    SpanningTree,
    StaticRoute,
)
from cimnet_nornir.errors import NotFound

DETAILS = e.DeviceDetails(vendor="cisco", platform="ios")
MOVED = DETAILS.model_copy(update={"site": "south"})
GI1, GI2, GI3 = (f"GigabitEthernet0/{number}" for number in (1, 2, 3))
PORT = PortConfiguration(enabled=False)
CHANNEL = PortChannel(members=(GI1, GI2))
BOND = Bond(members=("eno1", "eno2"))
ROUTED = RoutedInterface.model_validate({"addresses": ["192.0.2.1/24"]})
OWN = HostInterfaceConfiguration.model_validate({"addresses": ["192.0.2.9/24"], "gateway": "192.0.2.1"})
PROCESS = OspfProcess.model_validate({"router_id": "192.0.2.1"})
ROUTE = StaticRoute.model_validate({"prefix": "0.0.0.0/0", "next_hop": "192.0.2.254"})
OTHER_ROUTE = StaticRoute.model_validate({"prefix": "198.51.100.0/24", "next_hop": "192.0.2.254"})
BGP, OTHER_BGP, EIGRP = BgpRouter(as_number=65001), BgpRouter(as_number=65002), EigrpProcess(as_number=1)
BLOCK = ConfigurationBlock(name="clns", lines=("clns routing",))
OTHER_BLOCK = BLOCK.model_copy(update={"name": "other"})
ACL = AccessList(name="INSIDE", kind="standard", entries=(AclRule(sequence=10, action="permit"),))


def switch() -> Device:
    return Device(
        "net",
        "s1",
        "sw1",
        DeviceKind.SWITCH,
        DETAILS,
        ports=(GI1, GI2),
        routing=True,
        vlans={10: "users"},
        switch_ports={GI1: PORT},
        interfaces={GI2: ROUTED},
        ospf={1: PROCESS},
        bgp=BGP,
        eigrp={1: EIGRP},
        access_lists={"INSIDE": ACL},
        routes=(ROUTE,),
        host_keys={"real": "old"},
        port_channels={1: CHANNEL},
        bonds={"bond0": BOND},
        features={BLOCK.identity: BLOCK},
    )


# The event, and the one field of the device that it changes, with what is in it afterwards.
EVOLVED: list[tuple[DeviceEvent, str, object]] = [
    (e.DeviceRenamed(name="core"), "name", "core"),
    (e.DeviceDetailsChanged(details=MOVED), "details", MOVED),
    (e.PortsAdded(ports=(GI3,)), "ports", (GI1, GI2, GI3)),
    (e.PortsRemoved(ports=(GI1,)), "ports", (GI2,)),
    (e.RoutingDisabled(), "routing", False),
    (e.DeviceRemoved(), "removed", True),
    (
        e.HostKeyPinned(environment="lab", key="new", fingerprint="f"),
        "host_keys",
        {"real": "old", "lab": "new"},
    ),
    (e.VlanCreated(vlan=20), "vlans", {10: "users", 20: None}),
    (e.VlanRenamed(vlan=10, name="staff"), "vlans", {10: "staff"}),
    (e.VlanRemoved(vlan=10), "vlans", {}),
    (e.PortConfigured(port=GI2, configuration=PORT), "switch_ports", {GI1: PORT, GI2: PORT}),
    (e.PortReset(port=GI1), "switch_ports", {}),
    (
        e.SpanningTreeConfigured(mode="mst", priorities={10: 4096}),
        "spanning_tree",
        SpanningTree(mode="mst", priorities={10: 4096}),
    ),
    (e.PortChannelConfigured(number=2, channel=CHANNEL), "port_channels", {1: CHANNEL, 2: CHANNEL}),
    (e.PortChannelRemoved(number=1), "port_channels", {}),
    (e.BondConfigured(name="bond1", bond=BOND), "bonds", {"bond0": BOND, "bond1": BOND}),
    (e.BondRemoved(name="bond0"), "bonds", {}),
    (
        e.RouterInterfaceConfigured(interface="Lo0", configuration=ROUTED),
        "interfaces",
        {GI2: ROUTED, "Loopback0": ROUTED},
    ),
    (e.RouterInterfaceRemoved(interface=GI2), "interfaces", {}),
    (e.HostInterfaceConfigured(interface="eno1", configuration=OWN), "interfaces", {GI2: ROUTED, "eno1": OWN}),
    (
        e.OspfConfigured(process=PROCESS.model_copy(update={"process": 2})),
        "ospf",
        {1: PROCESS, 2: PROCESS.model_copy(update={"process": 2})},
    ),
    (e.OspfRemoved(process=1), "ospf", {}),
    (e.BgpConfigured(router=OTHER_BGP), "bgp", OTHER_BGP),
    (e.BgpRemoved(as_number=65001), "bgp", None),
    (
        e.EigrpConfigured(process=EIGRP.model_copy(update={"as_number": 2})),
        "eigrp",
        {1: EIGRP, 2: EIGRP.model_copy(update={"as_number": 2})},
    ),
    (e.EigrpRemoved(as_number=1), "eigrp", {}),
    (
        e.AccessListConfigured(access_list=ACL.model_copy(update={"name": "OUTSIDE"})),
        "access_lists",
        {"INSIDE": ACL, "OUTSIDE": ACL.model_copy(update={"name": "OUTSIDE"})},
    ),
    (e.AccessListRemoved(name="INSIDE"), "access_lists", {}),
    (e.FeatureConfigured(setting=OTHER_BLOCK), "features", {BLOCK.identity: BLOCK, OTHER_BLOCK.identity: OTHER_BLOCK}),
    (e.FeatureRemoved(feature="configuration-block", key="clns"), "features", {}),
    (e.StaticRouteAdded(route=OTHER_ROUTE), "routes", (ROUTE, OTHER_ROUTE)),
    (e.StaticRouteRemoved(route=ROUTE), "routes", ()),
]


@pytest.mark.parametrize(("event", "field", "after"), EVOLVED)
def test_an_event_changes_one_thing_of_a_device(event: DeviceEvent, field: str, after: object) -> None:
    device = evolve(switch(), event)
    assert getattr(device, field) == after
    before = switch()
    others = [other.name for other in fields(Device) if other.name != field]
    assert [getattr(device, name) for name in others] == [getattr(before, name) for name in others]


def test_routing_is_enabled_by_its_event() -> None:
    device = evolve(None, e.SwitchAdded(network="net", device="s1", name="sw1", details=DETAILS))
    assert not device.routes_packets
    assert evolve(device, e.RoutingEnabled()).routes_packets


ADDED: list[tuple[DeviceEvent, DeviceKind, bool]] = [
    (e.RouterAdded(network="net", device="d", name="n", details=DETAILS, ports=(GI1,)), DeviceKind.ROUTER, True),
    (e.SwitchAdded(network="net", device="d", name="n", details=DETAILS, ports=(GI1,)), DeviceKind.SWITCH, False),
    (
        e.SwitchAdded(network="net", device="d", name="n", details=DETAILS, ports=(GI1,), routing=True),
        DeviceKind.SWITCH,
        True,
    ),
    (e.HostAdded(network="net", device="d", name="n", details=DETAILS, ports=("eno1",)), DeviceKind.HOST, False),
]


@pytest.mark.parametrize(("event", "kind", "routing"), ADDED)
def test_a_device_begins_by_being_added(event: DeviceEvent, kind: DeviceKind, routing: bool) -> None:
    device = evolve(None, event)
    ports = ("eno1",) if device.is_host else (GI1,)
    assert device == Device("net", "d", "n", kind, DETAILS, ports, routing=routing)
    assert device.switches == (kind is DeviceKind.SWITCH)
    assert device.routes_packets == routing


def test_a_device_added_again_after_its_removal_begins_afresh() -> None:
    removed = evolve(switch(), e.DeviceRemoved())
    again = evolve(removed, e.SwitchAdded(network="net", device="s1", name="sw1", details=DETAILS))
    assert again == Device("net", "s1", "sw1", DeviceKind.SWITCH, DETAILS)


def test_an_interface_of_a_host_that_was_removed_is_gone() -> None:
    device = evolve(switch(), e.HostInterfaceConfigured(interface="eno1", configuration=OWN))
    assert evolve(device, e.HostInterfaceRemoved(interface="eno1")).interfaces == {GI2: ROUTED}


def test_every_event_of_a_device_is_evolved_here() -> None:
    tried = (
        {type(event) for event, _, _ in EVOLVED}
        | {type(event) for event, _, _ in ADDED}
        | {e.RoutingEnabled, e.HostInterfaceRemoved}
    )
    assert tried == set(get_args(DeviceEvent))


def test_every_event_of_intent_is_a_known_type() -> None:
    intent = {kind.__name__ for kind in (*get_args(DeviceEvent), *get_args(NetworkEvent))}
    assert intent < set(e.EVENT_TYPES)


@pytest.mark.parametrize("event", [event for event, _, _ in EVOLVED])
def test_a_stream_whose_device_was_never_added_is_refused(event: DeviceEvent) -> None:
    with pytest.raises(NotFound, match="never added"):
        evolve(None, event)


@pytest.mark.parametrize(
    "change",
    [
        lambda device: device.vlans.clear(),
        lambda device: device.spanning_tree.priorities.clear(),
        lambda device: device.switch_ports.clear(),
        lambda device: device.host_keys.update(lab="x"),
    ],
)
def test_what_is_done_to_a_folded_device_never_reaches_its_events(change: Callable[[Any], None]) -> None:
    events: list[DeviceEvent] = [
        e.SwitchAdded(network="net", device="s1", name="sw1", details=DETAILS, ports=(GI1,)),
        *(event for event, _, _ in EVOLVED[7:]),
    ]
    kept = deepcopy(events)
    device: Device | None = None
    for event in events:
        device = evolve(device, event)
    change(device)
    assert events == kept


def test_the_sub_interfaces_of_a_port_are_its_own_only() -> None:
    device = switch()
    device.interfaces = {f"{GI1}.5": ROUTED, GI1: ROUTED, f"{GI1}0.5": ROUTED, f"{GI1}.6": ROUTED}
    assert device.sub_interfaces(GI1) == (f"{GI1}.5", f"{GI1}.6")


ONE, OTHER = Endpoint(device="a", port=GI1), Endpoint(device="b", port=GI1)


def test_a_network_is_created_linked_and_unlinked_by_its_events() -> None:
    network = evolve_network(Network("net"), e.NetworkCreated(name="net"))
    assert network.created
    evolve_network(network, e.LinkConnected(a=OTHER, b=ONE))
    assert network.links == {Link(("a", GI1), ("b", GI1))}
    assert network.links_of("a") == network.links_of("b") == (Link(("a", GI1), ("b", GI1)),)
    assert network.links_of("c") == ()
    evolve_network(network, e.LinkDisconnected(a=ONE, b=OTHER))
    assert network.links == set()


def test_every_event_of_a_network_is_evolved_here() -> None:
    assert set(get_args(NetworkEvent)) == {e.NetworkCreated, e.LinkConnected, e.LinkDisconnected, e.HostsAssigned}


def test_a_device_is_found_by_its_name_before_another_by_its_id() -> None:
    network = Network("net")
    for identity, name in (("sw1", "core"), ("sw2", "SW1")):
        network.devices[identity] = Device("net", identity, name, DeviceKind.SWITCH, DETAILS)
    assert network.device_named("sw1") is network.devices["sw2"]
    assert network.device_named("Core") is network.devices["sw1"]
    assert network.device_named("sw2") is network.devices["sw2"]
    assert network.device_named("sw3") is None
