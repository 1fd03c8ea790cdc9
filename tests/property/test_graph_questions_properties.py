"""Answers about random networks are those that somebody finds who tries it out: takes a thing away and looks."""

from collections import Counter
from collections.abc import Iterable
from itertools import combinations, pairwise

import networkx as nx
from hypothesis import given, settings
from hypothesis import strategies as st

from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.events import DeviceDetails
from cimnet_nornir.domain.network import Link, Network
from cimnet_nornir.domain.values import DeviceKind, PortConfiguration, TrunkMode
from cimnet_nornir.projections.graph import context_graph
from cimnet_nornir.projections.graph_links import DeviceLink
from cimnet_nornir.projections.graph_loops import loops_in
from cimnet_nornir.projections.graph_paths import MOST_PATHS, ways_between
from cimnet_nornir.projections.graph_weakness import dependence

KINDS = st.sampled_from([DeviceKind.SWITCH] * 4 + [DeviceKind.ROUTER, DeviceKind.HOST])
DETAILS = DeviceDetails(vendor="cisco", platform="ios")
TRUNK = PortConfiguration(switching=TrunkMode())


@st.composite
def networks(draw: st.DrawFn) -> Network:
    """Up to eight devices, each pair joined by up to two cables; every switch has VLAN 10 on all trunks."""
    kinds = draw(st.lists(KINDS, min_size=2, max_size=8))
    network = Network("net", created=True)
    for number, kind in enumerate(kinds):
        name = f"d{number}"
        device = Device("net", name, name, kind, DETAILS, routing=draw(st.booleans()) and kind is not DeviceKind.HOST)
        device.vlans = {10: None} if kind is DeviceKind.SWITCH else {}
        network.devices[name] = device
    pairs = list(combinations(sorted(network.devices), 2))
    for a, b in draw(st.lists(st.sampled_from(pairs), max_size=14)):
        ports = tuple(f"GigabitEthernet1/0/{len(network.devices[name].ports) + 1}" for name in (a, b))
        for name, port in zip((a, b), ports, strict=True):
            network.devices[name].ports += (port,)
            if network.devices[name].switches:
                network.devices[name].switch_ports[port] = TRUNK
        network.connect(Link((a, ports[0]), (b, ports[1])))
    return network


def joined(network: Network, *, without: str = "", gone: DeviceLink | None = None) -> "nx.Graph[str]":
    """The devices that pass traffic on, joined by their cables; some taken away."""
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(name for name, device in network.devices.items() if not device.is_host and name != without)
    for link in cables(network, gone):
        if link.a[0] in graph and link.b[0] in graph:
            graph.add_edge(link.a[0], link.b[0])
    return graph


def cables(network: Network, gone: DeviceLink | None) -> Iterable[Link]:
    taken = ("", "") if gone is None else (gone.a.removeprefix("device:"), gone.a_port)
    return [link for link in network.links if link.a != taken]


def anchors(network: Network) -> set[str]:
    routers = {name for name, device in network.devices.items() if device.kind is DeviceKind.ROUTER}
    return routers or {name for name, device in network.devices.items() if device.routing and device.switches}


def tried_out(network: Network, *, without: str = "", gone: DeviceLink | None = None) -> set[str]:
    """Who has a way before and none after: to an anchor, or to the larger part where no anchor was in reach."""
    before, after = joined(network), joined(network, without=without, gone=gone)
    lost: set[str] = set()
    for component in nx.connected_components(before):
        parts = [set(part) for part in nx.connected_components(after.subgraph(component - {without}))]
        known = anchors(network)
        if known & component:
            lost |= {name for part in parts if not part & known for name in part}
        elif parts:
            largest = min(parts, key=lambda part: (-len(part), min(part)))
            lost |= {name for part in parts if part != largest for name in part}
    return lost | servers_without(network, lost | {without}, gone)


def servers_without(network: Network, dead: set[str], gone: DeviceLink | None) -> set[str]:
    found = set()
    for name, device in network.devices.items():
        own = network.links_of(name)
        still = [link for link in own if link in cables(network, gone) and not {link.a[0], link.b[0]} & (dead - {name})]
        # One that had no way before loses none now.
        touched = len(still) < len(own)
        if device.is_host and name not in dead and own and touched and not still:
            found.add(name)
    return found


@settings(max_examples=100)
@given(networks())
def test_what_hangs_on_a_device_or_link_is_what_is_cut_off_without_it(network: Network) -> None:
    found = dependence(context_graph(network))
    for name, device in network.devices.items():
        if device.is_host:
            assert f"device:{name}" not in found.with_device
            continue
        lost = {node.removeprefix("device:") for node in found.with_device.get(f"device:{name}", ())}
        assert lost == tried_out(network, without=name), name
    for link in found.links:
        lost = {node.removeprefix("device:") for node in found.with_link.get(link, ())}
        assert lost == tried_out(network, gone=link), link


@settings(max_examples=60)
@given(networks())
def test_a_vlan_has_a_loop_where_a_cable_is_more_than_a_tree_has(network: Network) -> None:
    loops = loops_in(context_graph(network), 1)
    switched = [link for link in network.links if all(network.devices[end[0]].switches for end in (link.a, link.b))]
    graph: nx.MultiGraph[str] = nx.MultiGraph((link.a[0], link.b[0]) for link in switched)
    spare = graph.number_of_edges() - graph.number_of_nodes() + nx.number_connected_components(graph)
    assert sum(len(loop.links) - len(loop.switches) + 1 for loop in loops) == spare
    told = Counter(words for loop in loops for words in loop.links)
    assert not told or max(told.values()) == 1


@settings(max_examples=60)
@given(networks())
def test_the_ways_are_all_of_the_shortest(network: Network) -> None:
    graph = context_graph(network)
    for one, other in combinations(sorted(network.devices), 2):
        plain = joined(network)
        for link in network.links:
            if {link.a[0], link.b[0]} & {one, other} and {link.a[0], link.b[0]} <= {*plain, one, other}:
                plain.add_edge(link.a[0], link.b[0])
        plain.add_nodes_from((one, other))
        found = ways_between(graph, one, other)
        expected = list(nx.all_shortest_paths(plain, one, other)) if nx.has_path(plain, one, other) else []
        assert found.count == len(expected)
        if found.count <= MOST_PATHS:
            assert {way.devices for way in found.ways} == {tuple(way) for way in expected}
        for way in found.ways:
            assert [(hop.near, hop.far) for hop in way.hops] == list(pairwise(way.devices))
