"""What stands beside a thing: the devices at the other ends of its cables, and what it is related to."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cimnet_nornir.projections.graph_links import DeviceLink, device_links
from cimnet_nornir.projections.graph_names import find_node, name_of
from cimnet_nornir.projections.graph_order import nodes_in_order

if TYPE_CHECKING:
    from networkx import MultiGraph


@dataclass(frozen=True, slots=True)
class LinkNeighbour:
    """A device at the other end of a link, by its host name; ports are bundles where they are members of one."""

    port: str
    neighbour: str
    neighbour_port: str
    cables: tuple[tuple[str, str], ...]
    speed: int
    vlans: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Related:
    """Another thing that a relation joins to this one."""

    relation: str
    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Neighbours:
    """What stands beside one thing: `kind` and `name` are its own."""

    kind: str
    name: str
    links: tuple[LinkNeighbour, ...]
    related: tuple[Related, ...]


def neighbours_of(graph: "MultiGraph[str]", name: str) -> Neighbours:
    """What stands beside a thing, as a person names it. Raises NotFound, InvalidInput."""
    node = find_node(graph, name)
    links = (link for link in device_links(graph) if node in (link.a, link.b))
    beside = nodes_in_order(graph.subgraph(graph[node]))
    related = (
        Related(str(data["relation"]), str(graph.nodes[other]["kind"]), name_of(graph, other))
        for other in beside
        for data in graph[node][other].values()
        if data["relation"] != "link"
    )
    told = graph.nodes[node]
    return Neighbours(
        str(told["kind"]),
        name_of(graph, node),
        tuple(_beside(graph, link, node) for link in links),
        tuple(dict.fromkeys(related)),
    )


def _beside(graph: "MultiGraph[str]", link: DeviceLink, node: str) -> LinkNeighbour:
    port, neighbour_port = link.ends_from(node)
    cables = link.cables if node == link.a else tuple((far, own) for own, far in link.cables)
    neighbour = name_of(graph, link.other(node))
    return LinkNeighbour(port, neighbour, neighbour_port, cables, link.speed, tuple(sorted(link.vlans)))
