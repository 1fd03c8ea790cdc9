"""Circles of switches in a VLAN, and whether spanning tree breaks each of them.

Every switch of IOS runs spanning tree unless told otherwise. What it cannot break is told: a switch without a mode;
more VLANs than a switch runs trees for; a static bundle at one end of cables that are single at the other.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cimnet_nornir.projections.graph_links import DeviceLink, device_links, port_words
from cimnet_nornir.projections.graph_names import name_of, require_vlan

if TYPE_CHECKING:
    from networkx import MultiGraph

# Cisco, "Configuring Spanning Tree Protocol" (Catalyst 2960-X, 3850, 9300): PVST+ and rapid PVST+ run on at most 128
# VLANs of a switch; those beyond have none.
_MOST_TREES = 128


@dataclass(frozen=True, slots=True)
class Loop:
    """Switches that links join in a circle, by host names, in the VLANs that cross all these links.

    `links` has the two ends of each. `unbroken` says in a few words each why spanning tree does not break it; empty
    where it does.
    """

    vlans: tuple[int, ...]
    switches: tuple[str, ...]
    links: tuple[str, ...]
    unbroken: tuple[str, ...]


def loops_in(graph: "MultiGraph[str]", vlan: int | None = None) -> tuple[Loop, ...]:
    """The circles of all VLANs, or of one; those that nothing breaks come first. Raises VlanNotFound."""
    if vlan is not None:
        require_vlan(graph, vlan)
    links = [link for link in device_links(graph) if link.vlans]
    vlans = sorted(frozenset().union(*(link.vlans for link in links))) if vlan is None else [vlan]
    # Most VLANs cross the same links as some other.
    together: dict[tuple[int, ...], list[int]] = {}
    for each in vlans:
        crossed = tuple(index for index, link in enumerate(links) if each in link.vlans)
        together.setdefault(crossed, []).append(each)
    found: dict[frozenset[DeviceLink], list[int]] = {}
    for crossed, alike in together.items():
        for circle in _circles(links[index] for index in crossed):
            found.setdefault(circle, []).extend(alike)
    loops = [_loop(graph, sorted(circle, key=_ends), sorted(own)) for circle, own in found.items()]
    return tuple(sorted(loops, key=lambda loop: (not loop.unbroken, loop.switches, loop.vlans)))


def _ends(link: DeviceLink) -> tuple[str, str, str, str]:
    return link.a, link.b, link.a_port, link.b_port


def _circles(links: Iterable[DeviceLink]) -> Iterator[frozenset[DeviceLink]]:
    """The blocks of links in which each is on a circle with each other."""
    from networkx import Graph, biconnected_component_edges

    between: dict[tuple[str, str], list[DeviceLink]] = {}
    for link in links:
        between.setdefault((link.a, link.b), []).append(link)
    plain: Graph[str] = Graph(list(between))
    for block in biconnected_component_edges(plain):
        circle = [link for a, b in block for link in between.get((a, b), between.get((b, a), []))]
        if len(circle) > 1:
            yield frozenset(circle)


def _loop(graph: "MultiGraph[str]", links: list[DeviceLink], vlans: list[int]) -> Loop:
    switches = sorted({device for link in links for device in (link.a, link.b)})
    return Loop(
        tuple(vlans),
        tuple(name_of(graph, switch) for switch in switches),
        tuple(_words(graph, link) for link in links),
        tuple(_unbroken(graph, switches, links)),
    )


def _words(graph: "MultiGraph[str]", link: DeviceLink) -> str:
    a, b = name_of(graph, link.a), name_of(graph, link.b)
    return f"{a} {port_words(link.a_port)} - {b} {port_words(link.b_port)}"


def _unbroken(graph: "MultiGraph[str]", switches: Iterable[str], links: Iterable[DeviceLink]) -> Iterator[str]:
    for switch in switches:
        mode, vlans = graph.nodes[switch].get("spanning_tree"), _vlan_count(graph, switch)
        if not mode:
            yield f"{name_of(graph, switch)} runs no spanning tree"
        elif mode != "mst" and vlans > _MOST_TREES:
            yield f"{name_of(graph, switch)} has {vlans} VLANs, and {mode} runs for {_MOST_TREES} of them at most"
    yield from sorted(_half_bundles(graph, links))


def _vlan_count(graph: "MultiGraph[str]", switch: str) -> int:
    return sum(graph.nodes[node]["kind"] == "vlan" for node in graph[switch])


def _half_bundles(graph: "MultiGraph[str]", links: Iterable[DeviceLink]) -> Iterator[str]:
    """A static bundle sends a BPDU by one of its cables only, and takes frames by all of them."""
    ends: dict[tuple[str, str], set[Any]] = {}
    for link in links:
        for (device, port), static in zip(((link.a, link.a_port), (link.b, link.b_port)), link.static, strict=True):
            if static:
                ends.setdefault((device, port), set()).add(link)
    for (device, port), own in ends.items():
        if len(own) > 1:
            yield f"{name_of(graph, device)} {port_words(port)} is a bundle of mode on, and no bundle at the other end"
