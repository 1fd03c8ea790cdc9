"""The fixed order of nodes and edges, whatever was added first: by kind, then by id, number or address."""

from collections.abc import Iterator
from ipaddress import ip_network
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from networkx import MultiGraph

KINDS = ("device", "vlan", "subnet", "container network", "container", "vm network", "vm")

# Of these relations the later node, in the order of kinds, is the one that is told of: a container runs on a device.
_TOLD_BACKWARDS = frozenset({"in vlan", "in subnet", "on host", "member of", "runs on"})


def ordered(graph: "MultiGraph[str]") -> "MultiGraph[str]":
    """A copy of a graph in the fixed order; what becomes of the one given leaves it as it is."""
    from networkx import MultiGraph

    found: MultiGraph[str] = MultiGraph(**graph.graph)
    nodes = nodes_in_order(graph)
    found.add_nodes_from((node, dict(graph.nodes[node])) for node in nodes)
    place = {node: index for index, node in enumerate(nodes)}
    edges = [
        (*sorted((a, b), key=place.__getitem__), key, dict(data))
        for a, b, key, data in graph.edges(keys=True, data=True)
    ]
    edges.sort(key=lambda edge: (place[edge[0]], place[edge[1]], edge[2]))
    found.add_edges_from(edges)
    return found


def nodes_in_order(graph: "MultiGraph[str]") -> list[str]:
    """The nodes of a graph in the fixed order."""
    return sorted(graph, key=lambda node: _key(node, graph.nodes[node]))


def _key(node: str, attributes: dict[str, Any]) -> tuple[int, int, int, str]:
    kind = str(attributes["kind"])
    first, second = 0, 0
    if kind == "vlan":
        first = int(attributes["vlan"])
    elif kind == "subnet":
        subnet = ip_network(attributes["prefix"])
        first, second = int(subnet.network_address), subnet.prefixlen
    return KINDS.index(kind), first, second, node


def told_edges(graph: "MultiGraph[str]") -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """The edges of an ordered graph as they are told: source, target, key, attributes.

    A container runs on a device, a network is in a VLAN, a VLAN has a subnet.
    """
    for a, b, key, data in graph.edges(keys=True, data=True):
        source, target = (b, a) if data["relation"] in _TOLD_BACKWARDS else (a, b)
        yield source, target, str(key), data
