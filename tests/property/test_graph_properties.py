"""A graph that takes events in one by one is the graph of the network at every moment, to the last attribute."""

from datetime import UTC, datetime
from ipaddress import IPv4Interface
from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain import events as e
from cimnet_nornir.domain.envelope import Event, StoredEvent
from cimnet_nornir.domain.hosting.values import (
    Bridged,
    ContainerNetworkWish,
    HostWish,
    Libvirt,
    Overlay,
    Uplink,
    VmNetworkSettings,
)
from cimnet_nornir.domain.network import Network
from cimnet_nornir.domain.values import (
    AccessMode,
    Endpoint,
    PortChannel,
    PortConfiguration,
    RoutedInterface,
    TrunkMode,
)
from cimnet_nornir.domain.vlan_continuity import islands
from cimnet_nornir.projections.graph import context_graph
from cimnet_nornir.projections.graph_live import ContextGraph
from cimnet_nornir.projections.graph_order import ordered
from cimnet_nornir.projections.intent import Intent, apply_event, fold, intent_events
from tests.property.test_domain_machine import (
    CARDS,
    ROUTER_PORTS,
    SERVER,
    SWITCH,
    SWITCH_PORTS,
    SWITCHES,
    VLANS,
    NetworkMachine,
)


def told(graph: Any) -> tuple[list[Any], list[Any]]:
    """All of a graph, in its order."""
    return list(graph.nodes(data=True)), list(graph.edges(keys=True, data=True))


class GraphMachine(NetworkMachine):
    """Whatever is asked of the network, three graphs of it are one.

    That of the events taken in one by one, that of the network folded up to there, and that which the facade shows.
    """

    def _begin(self) -> None:
        self.live = ContextGraph(Intent(Network("net")))
        self.stepwise = Intent(Network("net"))
        super()._begin()

    @rule(vlan=VLANS, gone=st.booleans())
    def tag_on_a_router(self, vlan: int, *, gone: bool) -> None:
        name = f"{ROUTER_PORTS[0]}.{vlan}"
        routed = RoutedInterface(addresses=(IPv4Interface(f"10.0.{vlan}.9/24"),))
        configured = c.ConfigureRouterInterface(device="r1", interface=name, configuration=routed)
        removed = c.RemoveRouterInterface(device="r1", interface=name)
        self.ask(lambda: self.service.execute(removed if gone else configured))

    @rule(name=st.sampled_from(("sw1", "h1")), new=st.sampled_from(("core", "edge")))
    def rename_a_device(self, name: str, new: str) -> None:
        self.ask(lambda: self.service.execute(c.RenameDevice(device=name, name=new)))

    @rule(switch=SWITCH, vlan=VLANS, name=st.sampled_from((None, "users", "voice")))
    def rename_a_vlan(self, switch: str, vlan: int, name: str | None) -> None:
        self.ask(lambda: self.service.execute(c.RenameVlan(device=switch, vlan=vlan, name=name)))

    @rule(hosts=st.lists(SERVER, min_size=1, unique=True), vxlan=st.sampled_from((None, 4200)), change=st.booleans())
    def overlay(self, hosts: list[str], vxlan: int | None, *, change: bool) -> None:
        wish = ContainerNetworkWish(driver=Overlay(vxlan=vxlan), hosts={host: HostWish() for host in hosts})
        kind = c.ChangeContainerNetwork if change else c.CreateContainerNetwork
        self.ask(lambda: self.service.execute(kind(name="mesh", wish=wish)))

    @invariant()
    def the_graph_is_that_of_the_network_after_every_event(self) -> None:
        for stored in intent_events(self.store, after=self.live.position):
            self.live.take_in((stored,))
            fold(self.stepwise, (stored,))
            expected: Any = context_graph(self.stepwise.network)
            assert told(ordered(self.live.graph)) == told(expected)
            assert in_parts(expected) == {found.vlan for found in islands(self.stepwise.network, vlans_of(expected))}
            if self.stepwise.network.created:
                assert told(self.service.context_graph(stored.position)) == told(expected)


# --- events that no rule looked at: whatever stands in a log -------------------------------------------------------

DETAILS = e.DeviceDetails(vendor="cisco", platform="ios")
PORTS = SWITCH_PORTS[:3]
PORT_OF = {**dict.fromkeys(SWITCHES, PORTS), "r1": ROUTER_PORTS, "h1": CARDS}
CHANNEL = PortChannel(members=PORTS[:2])
MODES = st.one_of(
    st.none(),
    st.builds(AccessMode, vlan=VLANS),
    st.builds(TrunkMode, native_vlan=st.sampled_from((1, 10)), allowed=st.none() | st.frozensets(VLANS)),
)
CONFIGURATIONS = st.builds(PortConfiguration, enabled=st.sampled_from((True, True, False)), switching=MODES)
ROUTED = VLANS.map(lambda vlan: RoutedInterface(addresses=(IPv4Interface(f"10.0.{vlan}.1/24"),)))
SWITCH_EVENTS: st.SearchStrategy[Event] = st.one_of(
    st.builds(e.VlanCreated, vlan=VLANS, name=st.sampled_from((None, "users", "voice"))),
    st.builds(e.VlanRemoved, vlan=VLANS),
    st.builds(e.PortConfigured, port=st.sampled_from((*PORTS, "Port-channel1")), configuration=CONFIGURATIONS),
    st.builds(e.PortReset, port=st.sampled_from(PORTS)),
    st.builds(e.RouterInterfaceConfigured, interface=st.sampled_from(("Vlan10", PORTS[0])), configuration=ROUTED),
    st.builds(e.RouterInterfaceRemoved, interface=st.sampled_from(("Vlan10", PORTS[0]))),
    st.builds(e.PortChannelConfigured, number=st.just(1), channel=st.just(CHANNEL)),
    st.builds(e.PortChannelRemoved, number=st.just(1)),
)
ROUTER_EVENTS: st.SearchStrategy[Event] = st.one_of(
    st.builds(
        e.RouterInterfaceConfigured, interface=VLANS.map(lambda vlan: f"{ROUTER_PORTS[0]}.{vlan}"), configuration=ROUTED
    ),
    st.builds(e.RouterInterfaceRemoved, interface=VLANS.map(lambda vlan: f"{ROUTER_PORTS[0]}.{vlan}")),
)
ADDED: dict[str, Event] = {
    **{
        name: e.SwitchAdded(network="net", device=name, name=name, details=DETAILS, ports=PORTS, routing=name == "sw1")
        for name in SWITCHES
    },
    "r1": e.RouterAdded(network="net", device="r1", name="r1", details=DETAILS, ports=ROUTER_PORTS),
    "h1": e.HostAdded(network="net", device="h1", name="h1", details=DETAILS, ports=CARDS),
}
ENDPOINTS = st.sampled_from([Endpoint(device=name, port=port) for name, ports in PORT_OF.items() for port in ports])
UPLINKS = st.builds(Uplink, interface=st.just("eno1"), switch=SWITCH, port=st.just(PORTS[2]))
VM_SETTINGS = st.builds(
    VmNetworkSettings,
    hypervisor=st.just(Libvirt()),
    kind=st.just(Bridged()),
    vlan=VLANS,
    hosts=st.dictionaries(st.sampled_from(("h1", "h2")), UPLINKS),
)
VM_STREAM = "vm-network:net/machines"
EVENTS: st.SearchStrategy[tuple[str, Event]] = st.one_of(
    st.tuples(SWITCH.map(lambda name: f"device:net/{name}"), SWITCH_EVENTS),
    st.tuples(SWITCH.map(lambda name: f"device:net/{name}"), SWITCH_EVENTS),
    st.tuples(st.just("device:net/r1"), ROUTER_EVENTS),
    st.tuples(st.just("network:net"), st.builds(e.LinkConnected, a=ENDPOINTS, b=ENDPOINTS)),
    st.tuples(st.just("network:net"), st.builds(e.LinkDisconnected, a=ENDPOINTS, b=ENDPOINTS)),
    st.tuples(
        st.just(VM_STREAM),
        st.builds(e.VmNetworkCreated, network=st.just("net"), name=st.just("machines"), settings=VM_SETTINGS),
    ),
    st.tuples(st.just(VM_STREAM), st.builds(e.VmNetworkRemoved)),
    st.sampled_from(sorted(ADDED)).map(lambda name: (f"device:net/{name}", e.DeviceRemoved())),
    st.sampled_from(sorted(ADDED)).map(lambda name: (f"device:net/{name}", ADDED[name])),
)
# What makes a VLAN meet itself at once: three switches in a row with VLAN 10 on their trunks, and in use at both ends.
TRUNK = PortConfiguration(switching=TrunkMode())
START: tuple[tuple[str, Event], ...] = (
    ("network:net", e.NetworkCreated(name="net")),
    *((f"device:net/{name}", added) for name, added in ADDED.items()),
    *((f"device:net/{name}", e.VlanCreated(vlan=10)) for name in SWITCHES),
    *(
        (f"device:net/{name}", e.PortConfigured(port=port, configuration=TRUNK))
        for name in SWITCHES
        for port in PORTS[:2]
    ),
    ("network:net", e.LinkConnected(a=Endpoint(device="sw1", port=PORTS[0]), b=Endpoint(device="sw2", port=PORTS[0]))),
    ("network:net", e.LinkConnected(a=Endpoint(device="sw2", port=PORTS[1]), b=Endpoint(device="sw3", port=PORTS[1]))),
    (
        "network:net",
        e.LinkConnected(a=Endpoint(device="r1", port=ROUTER_PORTS[0]), b=Endpoint(device="sw3", port=PORTS[2])),
    ),
    ("device:net/sw1", e.PortConfigured(port=PORTS[2], configuration=PortConfiguration(switching=AccessMode(vlan=10)))),
    ("device:net/sw3", e.RouterInterfaceConfigured(interface="Vlan10", configuration=RoutedInterface())),
)


@settings(max_examples=120)
@given(st.lists(EVENTS, min_size=10, max_size=30))
def test_no_log_of_events_makes_another_graph_than_its_network(history: list[tuple[str, Event]]) -> None:
    live, stepwise = ContextGraph(Intent(Network("net"))), Intent(Network("net"))
    for position, (stream, event) in enumerate((*START, *history), start=1):
        there = stream.removeprefix("device:net/") in stepwise.network.devices
        if stream.startswith("device:") and isinstance(event, e.SwitchAdded | e.RouterAdded | e.HostAdded) == there:
            continue
        if isinstance(event, e.VmNetworkRemoved) and "machines" not in stepwise.network.vm_networks:
            continue
        stored = stored_event(position, stream, event)
        live.take_in((stored,))
        apply_event(stepwise, stored)
        if position <= len(START):
            continue
        expected: Any = context_graph(stepwise.network)
        assert told(ordered(live.graph)) == told(expected), (stream, event)
        assert in_parts(expected) == {found.vlan for found in islands(stepwise.network, vlans_of(expected))}


def vlans_of(graph: Any) -> list[int]:
    return [data["vlan"] for _, data in graph.nodes(data=True) if data["kind"] == "vlan"]


def in_parts(graph: Any) -> set[int]:
    return {vlan for vlan in vlans_of(graph) if not graph.nodes[f"vlan:{vlan}"]["continuous"]}


def stored_event(position: int, stream: str, event: Event) -> StoredEvent:
    now, ident = datetime(2026, 1, 1, tzinfo=UTC), UUID(int=position)
    return StoredEvent(
        ident, stream, position, ident, ident, now, "ann", event, position=position, recorded_at=now, digest=""
    )


GraphMachine.TestCase.settings = settings(max_examples=15, stateful_step_count=30)
TestGraphMachine = GraphMachine.TestCase
