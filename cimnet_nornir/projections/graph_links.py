"""The links between devices as questions need them: the cables of a bundle are one link."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cimnet_nornir.domain.interfaces import interface_sort_key, parse_vlan_list, short_interface
from cimnet_nornir.projections.graph_parts import vlan_node

if TYPE_CHECKING:
    from networkx import MultiGraph


@dataclass(frozen=True, slots=True)
class DeviceLink:
    """A link between two devices, by their nodes; where a port is a member of a bundle, the bundle stands there.

    `cables` are the ports at its two ends, for each cable; `vlans` what crosses it between switches, `speed` that of
    all cables together, in Mbit/s. `static` tells of each end whether it is a bundle without any protocol.
    """

    a: str
    a_port: str
    b: str
    b_port: str
    cables: tuple[tuple[str, str], ...] = field(compare=False)
    speed: int = field(compare=False)
    vlans: frozenset[int] = field(compare=False)
    static: tuple[bool, bool] = field(default=(False, False), compare=False)

    def other(self, device: str) -> str:
        """The device at the other end."""
        return self.b if device == self.a else self.a

    def ends_from(self, device: str) -> tuple[str, str]:
        """The ports at its ends, that of the given device first."""
        return (self.a_port, self.b_port) if device == self.a else (self.b_port, self.a_port)

    def has_port(self, device: str, port: str) -> bool:
        """Whether it ends at a port of a device, by the port's own name or its bundle's."""
        cables = {(self.a, own) for own, _ in self.cables} | {(self.b, own) for _, own in self.cables}
        return (device, port) in {(self.a, self.a_port), (self.b, self.b_port), *cables}


def device_links(graph: "MultiGraph[str]") -> tuple[DeviceLink, ...]:
    """All links of a graph, in the order of their ends."""
    cables: dict[tuple[str, str, str, str], list[Mapping[str, Any]]] = {}
    for _, _, data in graph.edges(data=True):
        if data["relation"] == "link":
            ends = str(data["a"]), str(data.get("a_bundle", data["a_port"]))
            other_ends = str(data["b"]), str(data.get("b_bundle", data["b_port"]))
            cables.setdefault((*ends, *other_ends), []).append(data)
    return tuple(_link(ends, members) for ends, members in sorted(cables.items(), key=_by_ports))


def _by_ports(item: tuple[tuple[str, str, str, str], object]) -> tuple[object, ...]:
    a, a_port, b, b_port = item[0]
    return a, b, interface_sort_key(a_port), interface_sort_key(b_port)


def _link(ends: tuple[str, str, str, str], members: Iterable[Mapping[str, Any]]) -> DeviceLink:
    a, a_port, b, b_port = ends
    known = sorted(members, key=lambda data: (interface_sort_key(data["a_port"]), interface_sort_key(data["b_port"])))
    first = known[0]
    return DeviceLink(
        f"device:{a}",
        a_port,
        f"device:{b}",
        b_port,
        tuple((str(data["a_port"]), str(data["b_port"])) for data in known),
        sum(int(data["speed"]) for data in known),
        parse_vlan_list(str(first["vlans"])) if first["vlans"] else frozenset(),
        (_is_static(first.get("a_mode")), _is_static(first.get("b_mode"))),
    )


def _is_static(mode: object) -> bool:
    return mode in ("on", "balance-xor")


def links_by_device(links: Iterable[DeviceLink]) -> dict[str, list[DeviceLink]]:
    """The links that end at each device."""
    found: dict[str, list[DeviceLink]] = {}
    for link in links:
        for device in dict.fromkeys((link.a, link.b)):
            found.setdefault(device, []).append(link)
    return found


def brings(graph: "MultiGraph[str]", link: DeviceLink, vlan: int) -> bool:
    """Whether a VLAN crosses a link, or reaches what is no switch port at its other end: a router's, or a server's."""
    if vlan in link.vlans:
        return True
    carrying = [_carries(graph, link.a, link.a_port, vlan), _carries(graph, link.b, link.b_port, vlan)]
    # Two switch ports of which only one carries it, or each in its own way, bring it nowhere.
    others = [link.b, link.a]
    return any(one and not _has_vlan_ports(graph, other) for one, other in zip(carrying, others, strict=True))


def _carries(graph: "MultiGraph[str]", device: str, port: str, vlan: int) -> bool:
    edges = graph.get_edge_data(device, vlan_node(vlan)) or {}
    told = edges.get("has vlan", {})
    return port in (*str(told.get("tagged", "")).split(","), *str(told.get("untagged", "")).split(","))


def _has_vlan_ports(graph: "MultiGraph[str]", device: str) -> bool:
    return bool(graph.nodes[device]["device"] == "switch")


def speed_words(speed: int) -> str:
    """A speed as people say it: 1G, 2.5G, 100M; empty where it is not known."""
    if not speed:
        return ""
    return f"{speed}M" if speed < 1000 else f"{speed / 1000:g}G"


def port_words(port: str) -> str:
    """A port as IOS shows it in tables: Gi1/0/23."""
    return short_interface(port)
