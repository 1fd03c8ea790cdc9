"""The context graph for other programs: as a JSON document and as GraphML, in a fixed order."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from cimnet_nornir.projections.graph_order import ordered, told_edges

if TYPE_CHECKING:
    from networkx import MultiGraph


def graph_document(graph: "MultiGraph[str]") -> dict[str, Any]:
    """The nodes and edges of a graph as they stand in JSON; an edge says by its relation what its ends are.

    Nodes have `id`, `kind`, `label` and what their kind has; edges `source`, `target`, `key` (which tells it from
    others between the two), `relation` and what that has.
    """
    known = ordered(graph)
    return {
        "nodes": [{"id": node, **data} for node, data in known.nodes(data=True)],
        "edges": [
            {"source": source, "target": target, "key": key, **data} for source, target, key, data in told_edges(known)
        ],
    }


def graphml(graph: "MultiGraph[str]") -> str:
    """The graph as GraphML (graphml.graphdrawing.org), all attributes as data of nodes and edges."""
    return "\n".join(_graphml_lines(graph)) + "\n"


def _graphml_lines(graph: "MultiGraph[str]") -> Iterator[str]:
    from networkx import MultiGraph, generate_graphml

    known = ordered(graph)
    told: MultiGraph[str] = MultiGraph(name=known.name)
    told.add_nodes_from(known.nodes(data=True))
    # A key in GraphML is an id of the edge in the whole document.
    for number, (source, target, key, data) in enumerate(told_edges(known)):
        told.add_edge(source, target, key=f"e{number}", **{**data, "name": key})
    yield from generate_graphml(told)
