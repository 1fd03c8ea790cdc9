"""The topology: devices in their sites, with the cables, bundles and tunnels between them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from cimnet_nornir.projections.mermaid.flowchart import MOST_BOXES, Box, Chart, Line, first_that_fits
from cimnet_nornir.projections.mermaid.folding import Devices, Folding, Group, foldings
from cimnet_nornir.projections.mermaid.links import Cabling, cablings
from cimnet_nornir.projections.mermaid.styles import STYLES, counted, health_style, how_many, kind_of, legend, worst

if TYPE_CHECKING:
    from networkx import MultiGraph

_NO_STATUSES: Mapping[str, str] = MappingProxyType({})
# The numbers of devices of each kind fit into a line of so many pixels.
_WIDTH = 300
_MERGED = "one line for all links between two devices; cimnet graph --around HOST --depth 1 names the ports"


def topology(graph: "MultiGraph[str]", *, statuses: Mapping[str, str] = _NO_STATUSES, fold: int | None = None) -> str:
    """The topology of a context graph as a flowchart, each device in its site.

    `statuses` are the health of devices by their id (application.observations.HEALTH): with them the boxes have
    colours. Where there are more than `fold` boxes (150), or more than Mermaid draws, devices are folded.
    """
    return first_that_fits(_Topology.of(graph, statuses).charts(), most=fold)


@dataclass(frozen=True, slots=True)
class _Topology:
    """What is to be drawn, whichever way it is folded; `statuses` are by node here."""

    about: str
    devices: Mapping[str, Mapping[str, Any]]
    cablings: tuple[Cabling, ...]
    statuses: Mapping[str, str]

    @classmethod
    def of(cls, graph: "MultiGraph[str]", statuses: Mapping[str, str]) -> "_Topology":
        devices = {node: data for node, data in graph.nodes(data=True) if data["kind"] == "device"}
        by_node = {node: statuses.get(node.removeprefix("device:"), "unknown") for node in devices if statuses}
        return cls(f"Topology of {graph.name}", devices, cablings(graph), by_node)

    def charts(self) -> Iterator[Chart]:
        """The most detailed first."""
        if len(self.devices) < MOST_BOXES:
            boxes = tuple(self.device(node) for node in sorted(self.devices, key=self.site))
            yield self.chart(boxes, tuple(cabling.line for cabling in self.cablings), "")
            yield self.chart(boxes, self.merged({node: node for node in self.devices}), self.sentence(_MERGED))
        for folding in foldings(Devices(self.devices, self.neighbors())):
            yield self.folded(folding)

    def chart(self, boxes: tuple[Box, ...], lines: tuple[Line, ...], folded: str) -> Chart:
        colors = legend(self.statuses.values())
        return Chart(self.about, boxes, lines, folded, colors, width=_WIDTH if folded else 0, styles=STYLES)

    def sentence(self, how: str) -> str:
        return f"{how_many(len(self.devices), 'device')}: {how}"

    def site(self, node: str) -> str:
        return str(self.devices[node].get("site", ""))

    def neighbors(self) -> dict[str, frozenset[str]]:
        found: dict[str, set[str]] = {}
        for cabling in self.cablings:
            found.setdefault(cabling.a, set()).add(cabling.b)
            found.setdefault(cabling.b, set()).add(cabling.a)
        return {node: frozenset(others) for node, others in found.items()}

    def device(self, node: str) -> Box:
        data, health = self.devices[node], self.statuses.get(node, "")
        kind = kind_of(data)
        # Colour alone would tell nothing to those who do not see it, or print it.
        second = f"{kind}: {health}" if health not in ("", "ok") else kind
        frames = (self.site(node),) if self.site(node) else ()
        return Box(node, (str(data["label"]), second), kind, health_style(health) if health else "", frames)

    def folded(self, folding: Folding) -> Chart:
        boxes = tuple(self.group(number, group) for number, group in enumerate(folding.groups))
        keys = {node: box.key for box, group in zip(boxes, folding.groups, strict=True) for node in group.members}
        return self.chart(boxes, self.merged(keys), self.sentence(folding.how))

    def group(self, number: int, group: Group) -> Box:
        if len(group.members) == 1 and group.frames:
            return self.device(group.members[0])
        healths = [self.statuses[node] for node in group.members if node in self.statuses]
        style = health_style(worst(healths)) if healths else ""
        kinds = counted(kind_of(self.devices[node]) for node in group.members)
        lines = (group.title, kinds, _troubles(healths))
        return Box(f"group {number}", lines, "group", style, group.frames)

    def merged(self, keys: Mapping[str, str]) -> tuple[Line, ...]:
        """One line for all links between two boxes, and one for all tunnels; `keys` tells the box of each device."""
        found: dict[tuple[str, str, bool], list[Cabling]] = {}
        for cabling in self.cablings:
            a, b = sorted((keys[cabling.a], keys[cabling.b]))
            if a != b:
                found.setdefault((a, b, bool(cabling.tunnel)), []).append(cabling)
        return tuple(_merged(a, b, members) for (a, b, _), members in found.items())


def _merged(a: str, b: str, members: list[Cabling]) -> Line:
    tunnel, number = bool(members[0].tunnel), len(members)
    text = how_many(number, "tunnel" if tunnel else "link") if number > 1 else ""
    return Line(a, b, text, "dotted" if tunnel else "bundle" if number > 1 else "link")


def _troubles(healths: Iterable[str]) -> str:
    """How many are not as they should be: "2 drift, 1 failed"."""
    found: dict[str, int] = {}
    for health in healths:
        if health != "ok":
            found[health] = found.get(health, 0) + 1
    return ", ".join(f"{number} {health}" for health, number in sorted(found.items()))
