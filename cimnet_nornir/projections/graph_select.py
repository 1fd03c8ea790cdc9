"""A part of the graph: one VLAN, one site, what is around a thing; and what each view of it shows."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from cimnet_nornir.errors import InvalidInput, NotFound
from cimnet_nornir.projections.graph_links import DeviceLink, brings, device_links, links_by_device
from cimnet_nornir.projections.graph_names import find_node, require_vlan
from cimnet_nornir.projections.graph_order import ordered
from cimnet_nornir.projections.graph_parts import device_node, vlan_node
from cimnet_nornir.projections.graph_paths import devices_of

if TYPE_CHECKING:
    from networkx import MultiGraph

EdgeId = tuple[str, str, str]

_HOSTED = frozenset({"container network", "container", "vm network", "vm"})
# The kinds of nodes and the relations that a view shows.
VIEWS: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    "topology": (frozenset({"device"}), frozenset({"link", "tunnel"})),
    "vlans": (frozenset({"device", "vlan", "subnet"}), frozenset({"has vlan", "subnet"})),
    "hosts": (_HOSTED | {"device", "vlan"}, frozenset({"on host", "member of", "runs on", "in vlan", "tunnel"})),
}


def select(
    graph: "MultiGraph[str]",
    *,
    vlan: int | None = None,
    site: str | None = None,
    around: str | None = None,
    depth: int = 1,
    only: Collection[str] | None = None,
) -> "MultiGraph[str]":
    """The part of a graph that belongs: devices that all that is asked lets in, and what stands at or on them.

    With `vlan` the devices that it is on or brought to, the links that carry it, and what is in it; with `around` (a
    thing as a person names it) the devices in reach of `depth` links, with `only` those of these ids. Raises NotFound,
    VlanNotFound, InvalidInput.
    """
    if depth < 0:
        raise InvalidInput(f"a depth is 0 or more links, not {depth}", subject="depth")
    devices = {node for node, data in graph.nodes(data=True) if data["kind"] == "device"}
    if site is not None:
        devices &= _at_site(graph, site)
    if around is not None:
        devices &= _around(graph, around, depth)
    if only is not None:
        devices &= {device_node(device) for device in only}
    if vlan is not None:
        graph = _in_vlan(graph, vlan)
    if (vlan, site, around, only) == (None, None, None, None):
        return graph
    return _kept(graph, _with_what_belongs(graph, devices & set(graph)))


def _kept(graph: "MultiGraph[str]", nodes: Collection[str]) -> "MultiGraph[str]":
    # networkx tells of a part in the order of a set, which differs from one run of a program to the next.
    return ordered(graph.subgraph(nodes))


def _with_what_belongs(graph: "MultiGraph[str]", devices: set[str]) -> set[str]:
    """The devices, what they have or carry, and the subnets of that; a network that is on none of them stays away."""
    beside = {other for device in devices for other in graph[device] if graph.nodes[other]["kind"] != "device"}
    near = (other for node in beside for other in graph[node] if graph.nodes[node]["kind"] != "subnet")
    return devices | beside | {other for other in near if graph.nodes[other]["kind"] == "subnet"}


def _at_site(graph: "MultiGraph[str]", site: str) -> set[str]:
    sites = {node: str(data["site"]) for node, data in graph.nodes(data=True) if data["kind"] == "device"}
    found = {node for node, name in sites.items() if name.lower() == site.lower()}
    if not found:
        known = ", ".join(sorted({name for name in sites.values() if name})) or "none has one"
        raise NotFound(f"no device is at a site {site!r}; sites: {known}", subject=site)
    return found


def _around(graph: "MultiGraph[str]", thing: str, depth: int) -> set[str]:
    links = links_by_device(device_links(graph))
    reached = devices_of(graph, find_node(graph, thing))
    edge = set(reached)
    for _ in range(depth):
        edge = {link.other(device) for device in edge for link in links.get(device, ())} - reached
        reached |= edge
    return reached


def _in_vlan(graph: "MultiGraph[str]", vlan: int) -> "MultiGraph[str]":
    """What a VLAN is on, brought to, and has in it; cables that do not carry it are left out."""
    require_vlan(graph, vlan)
    node = vlan_node(vlan)
    carrying = [link for link in device_links(graph) if brings(graph, link, vlan)]
    nodes = {end for link in carrying for end in (link.a, link.b)} | set(_of_vlan(graph, node))
    found = _kept(graph, nodes)
    cables = {end for link in carrying for end in _cables(link)}
    idle = [
        (a, b, key)
        for a, b, key, data in found.edges(keys=True, data=True)
        if data["relation"] == "link" and (f"device:{data['a']}", str(data["a_port"])) not in cables
    ]
    found.remove_edges_from(idle)
    return found


def _cables(link: DeviceLink) -> Iterator[tuple[str, str]]:
    yield from ((link.a, port) for port, _ in link.cables)


def _of_vlan(graph: "MultiGraph[str]", node: str) -> Iterable[str]:
    """The node of a VLAN, and whatever has it or is in it; members and hosts of its networks too."""
    if node not in graph:
        return
    yield node
    for other in graph[node]:
        yield other
        if graph.nodes[other]["kind"] in ("container network", "vm network"):
            yield from (each for each in graph[other] if graph.nodes[each]["kind"] in ("container", "vm", "device"))


def viewed(graph: "MultiGraph[str]", view: str) -> "MultiGraph[str]":
    """What a view shows of a graph: "topology", "vlans" or "hosts"."""
    kinds, relations = VIEWS[view]
    found = _kept(graph, [node for node, data in graph.nodes(data=True) if data["kind"] in kinds])
    edges = [(a, b, key) for a, b, key, data in found.edges(keys=True, data=True) if data["relation"] not in relations]
    found.remove_edges_from(edges)
    if view == "hosts":
        beside = {node for node, data in found.nodes(data=True) if data["kind"] in ("device", "vlan")}
        found.remove_nodes_from([node for node in beside if not _has_hosted(found, node)])
    return found


def _has_hosted(graph: "MultiGraph[str]", node: str) -> bool:
    """Whether a network, container or machine is on a device or in a VLAN; servers stay in any case."""
    if graph.nodes[node].get("device") == "host":
        return True
    return any(graph.nodes[other]["kind"] in _HOSTED for other in graph[node])
