"""How far one VLAN reaches: its parts, who is in each, and the cables between parts that do not carry it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cimnet_nornir.domain.interfaces import interface_sort_key
from cimnet_nornir.domain.validation.segments import Parts
from cimnet_nornir.errors import VlanNotFound
from cimnet_nornir.projections.graph_links import DeviceLink, brings, device_links, port_words
from cimnet_nornir.projections.graph_names import name_of
from cimnet_nornir.projections.graph_parts import vlan_node

if TYPE_CHECKING:
    from networkx import MultiGraph


@dataclass(frozen=True, slots=True)
class VlanPart:
    """Switches that reach one another in a VLAN, by host names, and who is in it there.

    `ports` maps a host name to the ports on which frames have no tag, `gateways` to the addresses of its SVI or
    sub-interface; `networks` are those of containers and machines, `hosts` the servers that they are on.
    """

    switches: tuple[str, ...]
    ports: dict[str, tuple[str, ...]]
    gateways: dict[str, tuple[str, ...]]
    networks: tuple[str, ...]
    hosts: tuple[str, ...]

    @property
    def used(self) -> bool:
        """Whether anybody is in the VLAN there."""
        return bool(self.ports or self.gateways or self.networks)


@dataclass(frozen=True, slots=True)
class VlanReach:
    """A VLAN, the parts that it is in, and whether all who use it reach one another as far as cables join them.

    `gaps` are the cables between switches of two parts, which do not carry it.
    """

    vlan: int
    name: str
    continuous: bool
    parts: tuple[VlanPart, ...]
    gaps: tuple[str, ...]


def reach_of(graph: "MultiGraph[str]", vlan: int) -> VlanReach:
    """How far a VLAN reaches. Raises VlanNotFound where nobody has it."""
    node = vlan_node(vlan)
    if node not in graph:
        raise VlanNotFound(f"no switch was given VLAN {vlan}; cimnet vlan list shows those that are", subject=str(vlan))
    links = device_links(graph)
    having = sorted(
        (other for other in graph[node] if "has vlan" in graph[node][other]), key=lambda switch: name_of(graph, switch)
    )
    joined = Parts()
    for link in links:
        if vlan in link.vlans:
            joined.join(link.a, link.b)
    parts: dict[str, list[str]] = {}
    for switch in having:
        parts.setdefault(joined.part(switch), []).append(switch)
    told = graph.nodes[node]
    return VlanReach(
        vlan,
        str(told["name"]),
        bool(told["continuous"]),
        tuple(_part(graph, node, switches, links) for switches in parts.values()),
        tuple(_gaps(graph, having, joined, links)),
    )


def _part(graph: "MultiGraph[str]", node: str, switches: list[str], links: Iterable[DeviceLink]) -> VlanPart:
    vlan = int(node.removeprefix("vlan:"))
    between = {end for link in links for end in ((link.a, link.a_port), (link.b, link.b_port)) if link.vlans}
    ports = {switch: _untagged(graph, node, switch, between) for switch in switches}
    outward = _outward(graph, vlan, switches, links)
    networks = {
        other for other in graph[node] if "in vlan" in graph[node][other] and outward.keys() & set(graph[other])
    }
    hosts = {host for network in networks for host in graph[network] if host in outward}
    own = {switch: _addresses(graph, switch, {f"Vlan{vlan}"}) for switch in switches}
    gateways = own | {device: _addresses(graph, device, interfaces) for device, interfaces in sorted(outward.items())}
    return VlanPart(
        _names(graph, switches),
        {name_of(graph, switch): found for switch, found in ports.items() if found},
        {name_of(graph, device): found for device, found in gateways.items() if found},
        _names(graph, networks),
        _names(graph, hosts),
    )


def _names(graph: "MultiGraph[str]", nodes: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(name_of(graph, node) for node in nodes))


def _untagged(graph: "MultiGraph[str]", node: str, switch: str, between: set[tuple[str, str]]) -> tuple[str, ...]:
    """The ports for those who are in the VLAN: trunks with it as native VLAN, and links of switches, are none."""
    vlans = [edges["has vlan"] for edges in graph[switch].values() if "has vlan" in edges]
    trunks = {port for told in vlans for port in str(told["tagged"]).split(",")}
    told: dict[str, Any] = graph[node][switch]["has vlan"]
    ports = (port for port in str(told["untagged"]).split(",") if port and port not in trunks)
    return tuple(sorted((port for port in ports if (switch, port) not in between), key=interface_sort_key))


def _outward(
    graph: "MultiGraph[str]", vlan: int, switches: list[str], links: Iterable[DeviceLink]
) -> dict[str, set[str]]:
    """The routers and servers that the VLAN is brought to, each with the interfaces that are in it there."""
    found: dict[str, set[str]] = {}
    for link in links:
        switch = link.a if link.a in switches else link.b
        if switch in switches and vlan not in link.vlans and brings(graph, link, vlan):
            port, far_port = link.ends_from(switch)
            untagged = str(graph[switch][vlan_node(vlan)]["has vlan"]["untagged"]).split(",")
            found.setdefault(link.other(switch), set()).add(far_port if port in untagged else f"{far_port}.{vlan}")
    return found


def _addresses(graph: "MultiGraph[str]", device: str, interfaces: set[str]) -> tuple[str, ...]:
    """The addresses of a device that routes on some of its interfaces."""
    if not graph.nodes[device]["routing"]:
        return ()
    edges = (data for other in graph[device] for data in graph[device][other].values())
    return tuple(
        sorted(
            str(data["address"]) for data in edges if data["relation"] == "address" and data["interface"] in interfaces
        )
    )


def _gaps(graph: "MultiGraph[str]", having: list[str], joined: Parts, links: Iterable[DeviceLink]) -> Iterator[str]:
    for link in links:
        if link.a in having and link.b in having and joined.part(link.a) != joined.part(link.b):
            a, b = name_of(graph, link.a), name_of(graph, link.b)
            yield f"{a} {port_words(link.a_port)} - {b} {port_words(link.b_port)}"
