"""The links of a context graph as charts draw them: the cables of a bundle as one, ports by their short names."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cimnet_nornir.domain.interfaces import interface_sort_key, parse_vlan_list, short_interface
from cimnet_nornir.projections.mermaid.flowchart import Line

if TYPE_CHECKING:
    from networkx import MultiGraph

# So many ports, or runs of ports, of a device are named in a box.
_MOST_PORTS = 6
_LAST_NUMBER = re.compile(r"(.*?)(\d+)")


@dataclass(frozen=True, slots=True)
class Cabling:
    """What joins two devices, by their nodes: the ports of each cable, and the bundles that they are members of.

    `vlans` cross it between switches, as a list in IOS has them; `tunnel` is the overlay, where it is no cable.
    """

    a: str
    b: str
    cables: tuple[tuple[str, str], ...]
    bundles: tuple[str, str] = ("", "")
    vlans: str = ""
    tunnel: str = ""

    def carries(self, vlan: int) -> bool:
        """Whether a VLAN crosses it between switches."""
        return vlan in vlan_set(self.vlans)

    @property
    def line(self) -> Line:
        """The line that it is in a chart."""
        if self.tunnel:
            return Line(self.a, self.b, self.tunnel, "dotted")
        ends = (_end(bundle, [cable[side] for cable in self.cables]) for side, bundle in enumerate(self.bundles))
        return Line(self.a, self.b, " ↔ ".join(ends), "bundle" if any(self.bundles) else "link")


def _end(bundle: str, ports: list[str]) -> str:
    return f"{short_name(bundle)} ({port_list(ports)})" if bundle else port_list(ports)


# Ports of the same names are on all devices, and the short form of each is looked for in a table.
short_name = lru_cache(maxsize=16_384)(short_interface)


# The links of a network carry few different lists.
@lru_cache(maxsize=1024)
def vlan_set(vlans: str) -> frozenset[int]:
    """The VLANs of a list; none where it is empty."""
    return parse_vlan_list(vlans) if vlans else frozenset()


def cablings(graph: "MultiGraph[str]") -> tuple[Cabling, ...]:
    """What joins the devices of a graph, in the order of their ids and ports: each cable, each bundle, each tunnel."""
    found: dict[tuple[str, str, str, str, str], list[dict[str, Any]]] = {}
    for one, other, key, data in graph.edges(keys=True, data=True):
        if data["relation"] == "link":
            bundles = str(data.get("a_bundle", "")), str(data.get("b_bundle", ""))
            alone = "" if any(bundles) else key
            found.setdefault((*_ends(one, other, data), *bundles, alone), []).append(data)
        elif data["relation"] == "tunnel":
            found.setdefault((one, other, "", "", key), []).append(data)
    made = (_cabling(a, b, (one, other), members) for (a, b, one, other, _), members in found.items())
    return tuple(sorted(made, key=_order))


def _order(cabling: Cabling) -> tuple[object, ...]:
    first = cabling.cables[0] if cabling.cables else ("", "")
    return cabling.a, cabling.b, cabling.tunnel, *_by_ports(first)


def _ends(one: str, other: str, data: dict[str, Any]) -> tuple[str, str]:
    """The nodes at its ends, that of its attribute `a` first: networkx gives them in any order."""
    return (one, other) if one == f"device:{data['a']}" else (other, one)


def _cabling(a: str, b: str, bundles: tuple[str, str], members: list[dict[str, Any]]) -> Cabling:
    first = members[0]
    if first["relation"] == "tunnel":
        return Cabling(a, b, (), tunnel=" ".join(_tunnel(first)))
    cables = sorted(((str(data["a_port"]), str(data["b_port"])) for data in members), key=_by_ports)
    return Cabling(a, b, tuple(cables), bundles, str(first["vlans"]))


def _tunnel(data: dict[str, Any]) -> Iterator[str]:
    yield f"VXLAN {data['vxlan']}" if data.get("vxlan") else "VXLAN"
    if data.get("network"):
        yield f"({data['network']})"


def _by_ports(cable: tuple[str, str]) -> tuple[object, object]:
    return interface_sort_key(cable[0]), interface_sort_key(cable[1])


def port_list(names: Iterable[str], *, most: int = _MOST_PORTS) -> str:
    """Ports by their short names, a run of them as one: "Gi1/0/1-24, Gi1/0/48", and how many are left out."""
    runs: list[list[str]] = []
    for name in map(short_name, sorted(names, key=interface_sort_key)):
        if runs and _is_next(runs[-1][-1], name):
            runs[-1].append(name)
        else:
            runs.append([name])
    left = sum(map(len, runs[most:]))
    return ", ".join([*map(_run, runs[:most]), *([f"and {left} more"] if left else [])])


def _is_next(name: str, other: str) -> bool:
    one, two = _LAST_NUMBER.fullmatch(name), _LAST_NUMBER.fullmatch(other)
    return one is not None and two is not None and one[1] == two[1] and int(one[2]) + 1 == int(two[2])


def _run(names: list[str]) -> str:
    last = _LAST_NUMBER.fullmatch(names[-1])
    return names[0] if len(names) == 1 or last is None else f"{names[0]}-{last[2]}"
