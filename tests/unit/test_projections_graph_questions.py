"""Questions of the graph: ways, what hangs on what, weak points, loops, how far a VLAN reaches, neighbours."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from cimnet_nornir.domain.network import Network
from cimnet_nornir.domain.values import PortConfiguration, SpanningTree, TrunkMode
from cimnet_nornir.errors import DeviceNotFound, InvalidInput, NotFound, PortNotFound, VlanNotFound
from cimnet_nornir.projections.graph import context_graph
from cimnet_nornir.projections.graph_impact import Impact, impact_of, weak_points
from cimnet_nornir.projections.graph_loops import loops_in
from cimnet_nornir.projections.graph_names import find_node
from cimnet_nornir.projections.graph_neighbours import neighbours_of
from cimnet_nornir.projections.graph_paths import MOST_PATHS, Ways, ways_between
from cimnet_nornir.projections.graph_select import select
from cimnet_nornir.projections.graph_vlans import reach_of

Made = Callable[[str], Network]

# A router at two distribution switches, three access switches of which the last is behind another, and two servers: h1
# with a bond to two switches, h2 with one card.
CAMPUS = """
devices:
  r1: {kind: router, ports: [GigabitEthernet0/0/0-3]}
  dist1:
    routing: true
    site: hq
    ports: [GigabitEthernet1/0/1-8, TenGigabitEthernet1/1/1-2]
    interfaces:
      Vlan10: {address: 10.0.10.1/24}
      GigabitEthernet1/0/1-3: {profile: trunk}
      GigabitEthernet1/0/8: {address: 10.1.0.1/31}
  dist2:
    routing: true
    site: hq
    ports: [GigabitEthernet1/0/1-8, TenGigabitEthernet1/1/1-2]
    interfaces:
      GigabitEthernet1/0/1-3: {profile: trunk}
  acc1:
    site: annex
    ports: [GigabitEthernet1/0/1-8]
    interfaces:
      GigabitEthernet1/0/1-2: {profile: trunk}
      GigabitEthernet1/0/5: {profile: user}
  acc2:
    site: annex
    ports: [GigabitEthernet1/0/1-8]
    interfaces:
      GigabitEthernet1/0/1-2: {profile: trunk}
      GigabitEthernet1/0/3: {profile: trunk}
      GigabitEthernet1/0/4: {mode: trunk, native: 99, allowed: 10}
  acc3:
    site: annex
    ports: [GigabitEthernet1/0/1-8]
    interfaces:
      GigabitEthernet1/0/3: {profile: trunk}
      GigabitEthernet1/0/5: {profile: user}
  h1: {kind: host, ports: [eno1, eno2]}
  h2: {kind: host, ports: [eno1]}
links:
  - [r1 GigabitEthernet0/0/0, dist1 GigabitEthernet1/0/8]
  - [r1 GigabitEthernet0/0/1, dist2 GigabitEthernet1/0/8]
  - [dist1 GigabitEthernet1/0/1, acc1 GigabitEthernet1/0/1]
  - [dist2 GigabitEthernet1/0/1, acc1 GigabitEthernet1/0/2]
  - [dist1 GigabitEthernet1/0/2, acc2 GigabitEthernet1/0/1]
  - [dist2 GigabitEthernet1/0/2, acc2 GigabitEthernet1/0/2]
  - [acc2 GigabitEthernet1/0/3, acc3 GigabitEthernet1/0/3]
  - [h1 eno1, acc1 GigabitEthernet1/0/7]
  - [h1 eno2, acc2 GigabitEthernet1/0/7]
  - [h2 eno1, acc2 GigabitEthernet1/0/4]
container_networks:
  web:
    vlan: 10
    hosts: [h2]
    containers:
      shop: {address: 10.0.10.40}
"""


@pytest.fixture
def campus(network_of: Made) -> Any:
    network = network_of(CAMPUS)
    # What the containers need of trunks was worked out; here somebody took it back at one of them.
    trunk = PortConfiguration(switching=TrunkMode(native_vlan=99, allowed=frozenset({20})))
    network.devices["acc3"].switch_ports["GigabitEthernet1/0/3"] = trunk
    return context_graph(network)


def devices(found: Ways) -> list[str]:
    return ["-".join(way.devices) for way in found.ways]


# --- names ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("ACC1", "device:acc1"),
        ("vlan 10", "vlan:10"),
        ("Vlan10", "vlan:10"),
        ("10", "vlan:10"),
        ("users", "vlan:10"),
        ("10.0.10.0/24", "subnet:10.0.10.0/24"),
        ("10.0.10.1", "device:dist1"),
        ("10.0.10.40", "container:web/shop"),
        ("10.0.10.77", "subnet:10.0.10.0/24"),
        ("web/shop", "container:web/shop"),
        ("shop", "container:web/shop"),
        ("web", "container-network:web"),
        ("vlan:20", "vlan:20"),
    ],
)
def test_things_are_found_as_people_name_them(campus: Any, text: str, node: str) -> None:
    assert find_node(campus, text) == node


def test_what_is_not_there_is_told_with_what_is_near(campus: Any) -> None:
    with pytest.raises(NotFound, match=r"nothing called 'acc7'.*did you mean acc"):
        find_node(campus, "acc7")
    for text in ("vlan 4000", "192.0.2.0/24", "192.0.2.1", "2001:db8::/32"):
        with pytest.raises(NotFound, match="there is nothing called"):
            find_node(campus, text)


def test_a_name_of_several_things_is_refused_with_all_of_them(network_of: Made) -> None:
    network = network_of(CAMPUS)
    network.container_networks["web"].containers["web"] = network.container_networks["web"].containers["shop"]
    with pytest.raises(InvalidInput, match="container-network:web, container:web/web"):
        find_node(context_graph(network), "web")


# --- ways -------------------------------------------------------------------------------------------------------------


def test_a_way_has_the_fewest_links_and_the_others_that_are_as_short(campus: Any) -> None:
    found = ways_between(campus, "acc1", "acc2")
    assert (found.count, devices(found)) == (2, ["acc1-dist1-acc2", "acc1-dist2-acc2"])
    first = found.ways[0].hops[0]
    (link,) = first.links
    assert (first.near, link.near_port, link.far_port, first.far) == (
        "acc1",
        "GigabitEthernet1/0/1",
        "GigabitEthernet1/0/1",
        "dist1",
    )


def test_no_way_leads_over_a_server_that_does_not_route(campus: Any, network_of: Made) -> None:
    assert devices(ways_between(campus, "acc1", "acc2")) == ["acc1-dist1-acc2", "acc1-dist2-acc2"]
    network = network_of(CAMPUS)
    network.devices["h1"].routing = True
    assert devices(ways_between(context_graph(network), "acc1", "acc2")) == [
        "acc1-dist1-acc2",
        "acc1-dist2-acc2",
        "acc1-h1-acc2",
    ]
    assert devices(ways_between(campus, "h1", "h2")) == ["h1-acc2-h2"]


def test_a_container_is_at_its_host_and_a_subnet_at_whoever_is_nearest(campus: Any) -> None:
    assert devices(ways_between(campus, "shop", "10.0.10.1")) == ["h2-acc2-dist1"]
    assert devices(ways_between(campus, "vlan 10", "h2")) == ["h2"]
    assert devices(ways_between(campus, "acc3", "10.0.10.0/24")) == ["acc3-acc2-dist1", "acc3-acc2-h2"]


def test_in_a_vlan_only_links_that_carry_it_count(campus: Any) -> None:
    assert devices(ways_between(campus, "acc1", "acc2", vlan=10)) == ["acc1-dist1-acc2", "acc1-dist2-acc2"]
    assert ways_between(campus, "acc1", "acc3", vlan=10).count == 0
    assert devices(ways_between(campus, "acc2", "acc3", vlan=20)) == ["acc2-acc3"]
    assert devices(ways_between(campus, "shop", "acc1", vlan=10)) == ["h2-acc2-dist1-acc1", "h2-acc2-dist2-acc1"]
    # The line to the router is no part of any VLAN.
    assert ways_between(campus, "dist1", "r1", vlan=10).count == 0
    with pytest.raises(VlanNotFound, match="no VLAN 77"):
        ways_between(campus, "acc1", "acc2", vlan=77)


def test_a_vlan_that_a_router_tags_reaches_it(network_of: Made) -> None:
    text = """
devices:
  r1:
    kind: router
    ports: [GigabitEthernet0/0/0]
    interfaces: {GigabitEthernet0/0/0.10: {address: 10.0.10.1/24}}
  sw1: {ports: [GigabitEthernet1/0/1], interfaces: {GigabitEthernet1/0/1: {profile: trunk}}}
links: [[r1 GigabitEthernet0/0/0, sw1 GigabitEthernet1/0/1]]
"""
    graph = context_graph(network_of(text))
    assert devices(ways_between(graph, "sw1", "r1", vlan=10)) == ["sw1-r1"]
    assert reach_of(graph, 10).parts[0].gateways == {"r1": ("10.0.10.1/24",)}


def test_of_many_ways_some_are_told_and_all_are_counted(network_of: Made) -> None:
    lines = ["devices:"]
    layers = [["a"], *[[f"l{layer}x{number}" for number in range(4)] for layer in range(3)], ["z"]]
    links = [(one, other) for near, far in pairwise(layers) for one in near for other in far]
    used: dict[str, int] = {}
    cables = []
    for pair in links:
        for name in pair:
            used[name] = used.get(name, 0) + 1
        cables.append(f"  - [{', '.join(f'{name} GigabitEthernet1/0/{used[name]}' for name in pair)}]")
    lines += [f"  {name}: {{ports: [GigabitEthernet1/0/1-24]}}" for layer in layers for name in layer]
    found = ways_between(context_graph(network_of("\n".join([*lines, "links:", *cables]) + "\n")), "a", "z")
    assert (found.count, len(found.ways), len(set(found.ways))) == (64, MOST_PATHS, MOST_PATHS)


BUNDLE = """
devices:
  sw1:
    ports: [GigabitEthernet1/0/1-3]
    port_channels: {1: {members: [GigabitEthernet1/0/1-2], mode: MODE}}
    interfaces: {Port-channel1: {mode: trunk, allowed: 10}}
  sw2:
    ports: [GigabitEthernet1/0/1-3]
    CHANNEL
links:
  - [sw1 GigabitEthernet1/0/1, sw2 GigabitEthernet1/0/1]
  - [sw1 GigabitEthernet1/0/2, sw2 GigabitEthernet1/0/2]
"""
BOTH = (
    "port_channels: {2: {members: [GigabitEthernet1/0/1-2], mode: MODE}}\n"
    "    interfaces: {Port-channel2: {mode: trunk, allowed: 10}}"
)
ONE = "interfaces: {GigabitEthernet1/0/1-2: {mode: trunk, allowed: 10}}"


def bundled(channel: str, mode: str) -> str:
    return BUNDLE.replace("CHANNEL", channel).replace("MODE", mode)


def test_cables_of_a_bundle_are_one_link(network_of: Made) -> None:
    graph = context_graph(network_of(bundled(BOTH, "active")))
    ((way,), (neighbour,)) = ways_between(graph, "sw1", "sw2").ways, neighbours_of(graph, "sw1").links
    (link,) = way.hops[0].links
    assert (link.near_port, link.far_port, link.speed) == ("Port-channel1", "Port-channel2", 2000)
    assert [near for near, _ in link.cables] == ["GigabitEthernet1/0/1", "GigabitEthernet1/0/2"]
    assert (neighbour.port, neighbour.neighbour, neighbour.neighbour_port) == ("Port-channel1", "sw2", "Port-channel2")
    assert loops_in(graph) == ()
    assert impact_of(graph, "sw1", "Gi1/0/2").cables == 2


# --- what hangs on what -----------------------------------------------------------------------------------------------


def lost(impact: Impact) -> tuple[str, ...]:
    return (*impact.devices, *impact.hosts)


def test_what_is_behind_one_switch_hangs_on_it(campus: Any) -> None:
    found = impact_of(campus, "acc2")
    assert (found.devices, found.hosts, found.containers, found.vms) == (("acc3",), ("h2",), ("web/shop",), ())
    assert impact_of(campus, "acc3").nothing
    assert lost(impact_of(campus, "acc1")) == ()
    # The only gateway of VLAN 10, although everything can still be reached.
    assert (lost(impact_of(campus, "dist1")), impact_of(campus, "dist1").subnets) == ((), ("10.0.10.0/24",))
    assert lost(impact_of(campus, "r1")) == ("acc1", "acc2", "acc3", "dist1", "dist2", "h1", "h2")
    assert impact_of(campus, "h2").containers == ("web/shop",)


def test_a_link_is_named_by_either_end(campus: Any) -> None:
    one, other = impact_of(campus, "acc2", "gi1/0/3"), impact_of(campus, "acc3", "GigabitEthernet1/0/3")
    assert (one, one.subject, one.devices) == (other, "acc2 Gi1/0/3 - acc3 Gi1/0/3", ("acc3",))
    assert impact_of(campus, "h2", "eno1").hosts == ("h2",)
    assert impact_of(campus, "h1", "eno1").nothing
    assert impact_of(campus, "acc1", "Gi1/0/1").nothing
    with pytest.raises(PortNotFound, match="acc3 has no link at 'Gi1/0/5'; it has links at: Gi1/0/3"):
        impact_of(campus, "acc3", "Gi1/0/5")
    with pytest.raises(DeviceNotFound, match="no device 'vlan 10'"):
        impact_of(campus, "vlan 10")


def test_weak_points_are_told_the_heaviest_first(campus: Any) -> None:
    assert [(each.kind, each.subject, lost(each)) for each in weak_points(campus)] == [
        ("device", "r1", ("acc1", "acc2", "acc3", "dist1", "dist2", "h1", "h2")),
        ("device", "acc2", ("acc3", "h2")),
        ("link", "acc2 Gi1/0/3 - acc3 Gi1/0/3", ("acc3",)),
        ("link", "acc2 Gi1/0/4 - h2 eno1", ("h2",)),
    ]


def test_a_bundle_of_two_cables_is_no_weak_point_but_its_switch_is(network_of: Made) -> None:
    more = "\n  r1: {kind: router, ports: [GigabitEthernet0/0/0]}\nlinks:\n  - [r1 GigabitEthernet0/0/0, sw1 Gi1/0/3]"
    text = bundled(BOTH, "active").replace("\nlinks:", more)
    graph = context_graph(network_of(text))
    assert [(each.kind, each.subject) for each in weak_points(graph)] == [
        ("device", "r1"),
        ("link", "r1 Gi0/0/0 - sw1 Gi1/0/3"),
        ("device", "sw1"),
    ]


def test_without_routers_the_larger_part_counts(network_of: Made) -> None:
    row = "\n".join(f"  sw{number}: {{ports: [GigabitEthernet1/0/1-2]}}" for number in range(1, 6))
    cables = "\n".join(f"  - [sw{n} GigabitEthernet1/0/2, sw{n + 1} GigabitEthernet1/0/1]" for n in range(1, 5))
    graph = context_graph(network_of(f"devices:\n{row}\nlinks:\n{cables}\n"))
    assert lost(impact_of(graph, "sw2")) == ("sw1",)
    assert lost(impact_of(graph, "sw4")) == ("sw5",)
    assert lost(impact_of(graph, "sw3")) == ("sw4", "sw5")
    assert lost(impact_of(graph, "sw2", "Gi1/0/2")) == ("sw1", "sw2")


# --- loops ------------------------------------------------------------------------------------------------------------


def test_a_circle_is_told_once_with_all_its_vlans(campus: Any) -> None:
    (loop,) = loops_in(campus)
    assert (loop.vlans, loop.switches) == ((10, 20, 99), ("acc1", "acc2", "dist1", "dist2"))
    assert (len(loop.links), loop.unbroken) == (4, ())
    assert loops_in(campus, 20)[0].vlans == (20,)
    with pytest.raises(VlanNotFound):
        loops_in(campus, 77)


def test_two_cables_beside_one_another_are_a_circle(network_of: Made) -> None:
    text = BUNDLE.replace("port_channels: {1: {members: [GigabitEthernet1/0/1-2], mode: MODE}}\n    ", "")
    text = text.replace("Port-channel1", "GigabitEthernet1/0/1-2").replace("CHANNEL", ONE)
    (loop,) = loops_in(context_graph(network_of(text)))
    assert (loop.switches, len(loop.links), loop.unbroken) == (("sw1", "sw2"), 2, ())


@pytest.mark.parametrize(("mode", "broken"), [("on", False), ("active", True)])
def test_a_static_bundle_at_one_end_alone_is_not_broken(network_of: Made, mode: str, *, broken: bool) -> None:
    (loop,) = loops_in(context_graph(network_of(bundled(ONE, mode))))
    assert loop.unbroken == (() if broken else ("sw1 Po1 is a bundle of mode on, and no bundle at the other end",))


def test_more_vlans_than_trees_leave_loops_unless_it_is_mst(network_of: Made) -> None:
    network = network_of(CAMPUS)
    for vlan in range(100, 240):
        network.devices["acc1"].vlans[vlan] = None
    network.devices["acc1"].spanning_tree = SpanningTree(mode="rapid-pvst")
    (loop,) = loops_in(context_graph(network), 10)
    assert loop.unbroken == ("acc1 has 143 VLANs, and rapid-pvst runs for 128 of them at most",)
    network.devices["acc1"].spanning_tree = SpanningTree(mode="mst")
    assert loops_in(context_graph(network), 10)[0].unbroken == ()


def test_a_switch_that_runs_no_spanning_tree_breaks_nothing(campus: Any) -> None:
    campus.nodes["device:dist2"]["spanning_tree"] = ""
    assert loops_in(campus, 10)[0].unbroken == ("dist2 runs no spanning tree",)


# --- VLANs ------------------------------------------------------------------------------------------------------------


def test_the_parts_of_a_vlan_tell_who_is_in_them_and_what_could_join_them(campus: Any) -> None:
    found = reach_of(campus, 10)
    assert (found.name, found.continuous) == ("users", False)
    main, behind = found.parts
    assert (main.switches, behind.switches) == (("acc1", "acc2", "dist1", "dist2"), ("acc3",))
    assert main.ports == {"acc1": ("GigabitEthernet1/0/5",)}
    assert main.gateways == {"dist1": ("10.0.10.1/24",)}
    assert (main.networks, main.hosts) == (("web",), ("h2",))
    assert (behind.ports, behind.networks, behind.used) == ({"acc3": ("GigabitEthernet1/0/5",)}, (), True)
    assert found.gaps == ("acc2 Gi1/0/3 - acc3 Gi1/0/3",)


def test_a_vlan_that_is_used_in_one_part_is_continuous(campus: Any) -> None:
    found = reach_of(campus, 99)
    assert (found.continuous, [part.used for part in found.parts]) == (True, [False, False])
    with pytest.raises(VlanNotFound, match="no switch was given VLAN 77"):
        reach_of(campus, 77)


# --- neighbours, and parts of the graph -------------------------------------------------------------------------------


def test_neighbours_of_a_device_are_at_its_cables(campus: Any) -> None:
    found = neighbours_of(campus, "acc2")
    assert [(link.port, link.neighbour) for link in found.links] == [
        ("GigabitEthernet1/0/3", "acc3"),
        ("GigabitEthernet1/0/1", "dist1"),
        ("GigabitEthernet1/0/2", "dist2"),
        ("GigabitEthernet1/0/7", "h1"),
        ("GigabitEthernet1/0/4", "h2"),
    ]
    assert found.links[1].vlans == (10, 20, 99)


def test_neighbours_of_other_things_are_related(campus: Any) -> None:
    related = {(each.relation, each.name) for each in neighbours_of(campus, "shop").related}
    assert related == {("member of", "web"), ("runs on", "h2")}


def kept(graph: Any, kind: str) -> set[str]:
    return {node.partition(":")[2] for node, data in graph.nodes(data=True) if data["kind"] == kind}


def test_a_site_keeps_its_devices_and_what_stands_on_them(campus: Any) -> None:
    found: Any = select(campus, site="HQ")
    assert kept(found, "device") == {"dist1", "dist2"}
    assert kept(found, "subnet") == {"10.0.10.0/24", "10.1.0.0/31"}
    assert kept(found, "container network") == set()
    with pytest.raises(NotFound, match="no device is at a site 'x'; sites: annex, hq"):
        select(campus, site="x")


def test_around_a_thing_is_what_so_many_links_reach(campus: Any) -> None:
    assert kept(select(campus, around="h2", depth=0), "device") == {"h2"}
    assert kept(select(campus, around="shop"), "device") == {"h2", "acc2"}
    assert kept(select(campus, around="h2", depth=2), "device") == {"h2", "acc2", "acc3", "dist1", "dist2", "h1"}
    assert kept(select(campus, around="h2", depth=2, site="annex"), "device") == {"acc2", "acc3"}
    assert kept(select(campus, around="h2"), "container") == {"web/shop"}
    # By all cables, whatever they carry.
    assert kept(select(campus, around="r1", depth=2, vlan=10), "device") == {"acc1", "acc2", "dist1", "dist2"}


def test_a_vlan_keeps_who_has_it_the_links_that_carry_it_and_what_is_in_it(campus: Any) -> None:
    found: Any = select(campus, vlan=10)
    assert kept(found, "device") == {"acc1", "acc2", "acc3", "dist1", "dist2", "h2"}
    assert kept(found, "vlan") == {"10"}
    assert (kept(found, "subnet"), kept(found, "container")) == ({"10.0.10.0/24"}, {"web/shop"})
    links = {(data["a"], data["b"]) for *_, data in found.edges(data=True) if data["relation"] == "link"}
    assert links == {("acc1", "dist1"), ("acc1", "dist2"), ("acc2", "dist1"), ("acc2", "dist2"), ("acc2", "h2")}
    with pytest.raises(VlanNotFound):
        select(campus, vlan=77)


def test_a_part_is_in_the_order_of_the_whole(campus: Any) -> None:
    whole = list(campus)
    for found in (select(campus, vlan=10), select(campus, site="annex"), select(campus, around="h2", depth=2)):
        kept_nodes = set(found)
        assert list(found) == [node for node in whole if node in kept_nodes]
