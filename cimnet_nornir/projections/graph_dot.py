"""The context graph in DOT, the language of Graphviz: sites as clusters, shapes by kind, links labelled with ports.

Every text stands in quotes with what means something to Graphviz escaped (https://graphviz.org/doc/info/lang.html,
https://graphviz.org/docs/attr-types/escString/), and ids are numbers: names are read by nobody but people.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from cimnet_nornir.domain.interfaces import short_interface
from cimnet_nornir.projections.graph_links import speed_words
from cimnet_nornir.projections.graph_order import ordered, told_edges

if TYPE_CHECKING:
    from networkx import MultiGraph

_SHAPES = {
    "router": 'shape=ellipse, style=filled, fillcolor="#dbe9f6"',
    "switch": 'shape=box, style="rounded,filled", fillcolor="#e3f1df"',
    "host": 'shape=box3d, style=filled, fillcolor="#f4ecd8"',
    "vlan": 'shape=hexagon, style=filled, fillcolor="#efe3f4"',
    "subnet": "shape=plaintext",
    "container network": "shape=folder",
    "container": "shape=component",
    "vm network": "shape=folder",
    "vm": "shape=box",
}
# Ten Gbit/s and more are drawn thick.
_THICK = 10_000


def dot(graph: "MultiGraph[str]") -> str:
    """A graph as DOT text, undirected."""
    known = ordered(graph)
    ids = {node: f"n{number}" for number, node in enumerate(known)}
    lines = [f"graph {_quoted(known.name or 'network')} {{", *_settings()]
    lines += _nodes(known, ids)
    lines += (_edge(known, ids, a, b, data) for a, b, _, data in told_edges(known))
    return "\n".join([*lines, "}"]) + "\n"


def _settings() -> Iterator[str]:
    yield '  graph [fontname="Helvetica", overlap=false, splines=true, nodesep=0.6, ranksep=0.9];'
    yield '  node [fontname="Helvetica", fontsize=11];'
    yield '  edge [fontname="Helvetica", fontsize=8, color="#555555"];'


def _quoted(text: str) -> str:
    """A text in quotes: a backslash, a quote and the beginning of an entity stand for themselves."""
    return '"' + text.replace("&", "&amp;").replace("\\", "\\\\").replace('"', '\\"') + '"'


def _nodes(graph: "MultiGraph[str]", ids: Mapping[str, str]) -> Iterator[str]:
    sites: dict[str, list[str]] = {}
    for node, data in graph.nodes(data=True):
        sites.setdefault(str(data.get("site", "")), []).append(f"{ids[node]} [{_node(data)}];")
    yield from (f"  {line}" for line in sites.pop("", ()))
    for number, (site, lines) in enumerate(sorted(sites.items())):
        yield f"  subgraph cluster_{number} {{"
        yield f'    label={_quoted(site)}; style=rounded; color="#999999"; fontsize=12;'
        yield from (f"    {line}" for line in lines)
        yield "  }"


def _node(data: Mapping[str, Any]) -> str:
    shape = _SHAPES[str(data.get("device", data["kind"]))]
    layer3 = ", peripheries=2" if data.get("device") == "switch" and data["routing"] else ""
    return f"label={_label(data)}, {shape}{layer3}"


def _label(data: Mapping[str, Any]) -> str:
    """A name, and what is said of it in a second line."""
    more = str(data.get("management") or data.get("address") or data.get("driver") or data.get("type") or "")
    # The line break is ours: it stands outside of what was escaped.
    return _quoted(str(data["label"])) if not more else f"{_quoted(str(data['label']))[:-1]}\\n{_quoted(more)[1:]}"


def _edge(graph: "MultiGraph[str]", ids: Mapping[str, str], a: str, b: str, data: Mapping[str, Any]) -> str:
    relation = str(data["relation"])
    if relation == "link":
        return _link(graph, ids, data)
    told = (
        f"style=dashed, label={_quoted(_tunnel_words(data))}"
        if relation == "tunnel"
        else 'style=dotted, color="#999999"'
    )
    return f"  {ids[a]} -- {ids[b]} [{told}];"


def _link(graph: "MultiGraph[str]", ids: Mapping[str, str], data: Mapping[str, Any]) -> str:
    """A cable from the end that is drawn above to the one below, with the ports in that order."""
    ends = [(f"device:{data['a']}", str(data["a_port"])), (f"device:{data['b']}", str(data["b_port"]))]
    (above, upper), (below, lower) = sorted(ends, key=lambda end: _tier(graph, end[0]))
    ports = f"{_quoted(short_interface(upper))[:-1]}\\n{_quoted(short_interface(lower))[1:]}"
    beside = ", constraint=false" if _tier(graph, above) == _tier(graph, below) else ""
    speed = int(data["speed"])
    thick = f', penwidth=2.5, tooltip="{speed_words(speed)}"' if speed >= _THICK else ""
    return f"  {ids[above]} -- {ids[below]} [label={ports}{beside}{thick}];"


def _tier(graph: "MultiGraph[str]", device: str) -> int:
    """Routers stand above switches that route, these above the others, and servers below."""
    data = graph.nodes[device]
    return {"router": 0, "switch": 1 if data["routing"] else 2, "host": 3}[str(data["device"])]


def _tunnel_words(data: Mapping[str, Any]) -> str:
    return f"{data['network']} VXLAN {data['vxlan']}" if data["vxlan"] else str(data["network"])
