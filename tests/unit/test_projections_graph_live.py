"""The context graph as events come: what one event changes elsewhere in the network."""

from collections.abc import Callable
from datetime import UTC, datetime
from ipaddress import IPv4Interface
from uuid import UUID

import pytest

from cimnet_nornir.domain import events as e
from cimnet_nornir.domain.envelope import Event, StoredEvent
from cimnet_nornir.domain.hosting.values import Bridged, Libvirt, Uplink, VmNetworkSettings
from cimnet_nornir.domain.network import Network
from cimnet_nornir.domain.values import AccessMode, Endpoint, PortConfiguration, RoutedInterface
from cimnet_nornir.projections.graph_live import ContextGraph
from cimnet_nornir.projections.intent import Intent

CISCO = e.DeviceDetails(vendor="cisco", platform="iosxe")
PORTS = tuple(f"GigabitEthernet1/0/{number}" for number in range(1, 5))
ROUTER_PORT = "GigabitEthernet0/0/0"
ACCESS = PortConfiguration(switching=AccessMode(vlan=10))
Happens = Callable[[str, Event], None]


def link(a: str, a_port: str, b: str, b_port: str) -> e.LinkConnected:
    return e.LinkConnected(a=Endpoint(device=a, port=a_port), b=Endpoint(device=b, port=b_port))


@pytest.fixture
def live() -> ContextGraph:
    """Two switches with VLAN 10 whose cable does not carry it, somebody in it at the first, and a router beside."""
    graph = ContextGraph(Intent(Network("net")))
    happens = happening(graph)
    for name in ("sw1", "sw2"):
        happens(f"device:net/{name}", e.SwitchAdded(network="net", device=name, name=name, details=CISCO, ports=PORTS))
        happens(f"device:net/{name}", e.VlanCreated(vlan=10))
    happens(
        "device:net/r1",
        e.RouterAdded(network="net", device="r1", name="r1", details=CISCO, ports=(ROUTER_PORT,)),
    )
    happens("network:net", link("sw1", PORTS[0], "sw2", PORTS[0]))
    happens("device:net/sw1", e.PortConfigured(port=PORTS[1], configuration=ACCESS))
    return graph


@pytest.fixture
def happens(live: ContextGraph) -> Happens:
    return happening(live)


def happening(live: ContextGraph) -> Happens:
    def take_in(stream: str, event: Event) -> None:
        number = live.position + 1
        now, ident = datetime(2026, 1, 1, tzinfo=UTC), UUID(int=number)
        stored = StoredEvent(
            ident, stream, number, ident, ident, now, "ann", event, position=number, recorded_at=now, digest=""
        )
        assert live.take_in((stored,)) == 1

    return take_in


def continuous(live: ContextGraph) -> bool:
    return bool(live.graph.nodes["vlan:10"]["continuous"])


def test_a_router_that_tags_a_vlan_is_in_it_at_the_switch(live: ContextGraph, happens: Happens) -> None:
    happens("network:net", link("r1", ROUTER_PORT, "sw2", PORTS[1]))
    assert continuous(live)
    tagged = RoutedInterface(addresses=(IPv4Interface("10.0.10.1/24"),))
    happens("device:net/r1", e.RouterInterfaceConfigured(interface=f"{ROUTER_PORT}.10", configuration=tagged))
    assert not continuous(live)
    happens("device:net/r1", e.RouterInterfaceRemoved(interface=f"{ROUTER_PORT}.10"))
    assert continuous(live)


def test_a_cable_brings_a_router_that_tags_into_the_vlan_of_the_switch(live: ContextGraph, happens: Happens) -> None:
    happens(
        "device:net/r1", e.RouterInterfaceConfigured(interface=f"{ROUTER_PORT}.10", configuration=RoutedInterface())
    )
    assert continuous(live)
    cable = link("r1", ROUTER_PORT, "sw2", PORTS[1])
    happens("network:net", cable)
    assert not continuous(live)
    happens("network:net", e.LinkDisconnected(a=cable.a, b=cable.b))
    assert continuous(live)


def test_machines_are_in_a_vlan_at_the_switches_of_their_hosts(live: ContextGraph, happens: Happens) -> None:
    def settings(switch: str) -> VmNetworkSettings:
        uplink = Uplink(interface="eno1", switch=switch, port=PORTS[2])
        return VmNetworkSettings(hypervisor=Libvirt(), kind=Bridged(), vlan=10, hosts={"h1": uplink})

    stream = "vm-network:net/build"
    happens(stream, e.VmNetworkCreated(network="net", name="build", settings=settings("sw2")))
    assert not continuous(live)
    happens(stream, e.VmNetworkChanged(settings=settings("sw1")))
    assert continuous(live)
    happens(stream, e.VmNetworkChanged(settings=settings("sw2")))
    happens(stream, e.VmNetworkRemoved())
    assert continuous(live)


def test_what_ran_on_a_host_before_it_was_added_again_runs_on_it(live: ContextGraph, happens: Happens) -> None:
    settings = VmNetworkSettings(hypervisor=Libvirt(), kind=Bridged(), hosts={"h1": None})
    happens("vm-network:net/build", e.VmNetworkCreated(network="net", name="build", settings=settings))
    happens("vm-network:net/build", e.VmAttached(vm="ci", host="h1", mac="02:00:00:00:00:02"))
    assert not live.graph.has_edge("vm:build/ci", "device:h1")
    happens("device:net/h1", e.HostAdded(network="net", device="h1", name="h1", details=CISCO))
    assert live.graph.has_edge("vm:build/ci", "device:h1")
    happens("device:net/h1", e.DeviceRemoved())
    assert "device:h1" not in live.graph


def test_a_vlan_has_the_name_that_is_left(live: ContextGraph, happens: Happens) -> None:
    happens("device:net/sw1", e.VlanRenamed(vlan=10, name="users"))
    happens("device:net/sw2", e.VlanRenamed(vlan=10, name="desks"))
    assert live.graph.nodes["vlan:10"]["label"] == "VLAN 10 users"
    happens("device:net/sw1", e.VlanRemoved(vlan=10))
    assert live.graph.nodes["vlan:10"]["label"] == "VLAN 10 desks"
    happens("device:net/sw2", e.VlanRemoved(vlan=10))
    assert "vlan:10" not in live.graph


def test_events_of_another_network_change_nothing(live: ContextGraph) -> None:
    before = set(live.graph)
    now, ident = datetime(2026, 1, 1, tzinfo=UTC), UUID(int=99)
    added = e.SwitchAdded(network="other", device="sw9", name="sw9", details=CISCO)
    stored = StoredEvent(
        ident, "device:other/sw9", 1, ident, ident, now, "ann", added, position=99, recorded_at=now, digest=""
    )
    assert live.take_in((stored,)) == 0
    assert (live.position, set(live.graph)) == (99, before)
