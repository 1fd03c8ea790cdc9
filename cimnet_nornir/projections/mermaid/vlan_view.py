"""The VLANs of a network as charts: in detail, by site, as one box each, and in ranges."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cimnet_nornir.domain.interfaces import format_vlan_list
from cimnet_nornir.projections.mermaid.flowchart import MOST_BOXES, Box, Chart, Line, first_that_fits
from cimnet_nornir.projections.mermaid.styles import STYLES, counted, how_many
from cimnet_nornir.projections.mermaid.vlans import (
    VlanParts,
    Vlans,
    device_box,
    gateway_lines,
    subnet_boxes,
)

if TYPE_CHECKING:
    from networkx import MultiGraph

Drawn = tuple[Iterable[Box], Iterable[Line]]
"""The boxes and lines of one VLAN."""

_SHOWS_ONE = "cimnet graph --view vlans --vlan N shows one"
_SHOWS_SITE = "cimnet graph --view vlans --vlan N --site NAME shows one"
# So many boxes of ranges, the more the better they are found.
_RANGES = (100, 12)


def vlan_view(graph: "MultiGraph[str]", *, vlan: int | None = None, fold: int | None = None) -> str:
    """One VLAN, or all, as a flowchart: switches with their ports in it, trunks that carry it, subnets with gateways.

    A VLAN that is in several islands shows them as frames. Above `fold` boxes (150), or more than Mermaid draws, it
    is folded by site, then to one box for each VLAN.
    """
    vlans = Vlans.of(graph)
    wanted = [node for node in vlans.all() if vlan is None or vlans.number(node) == vlan]
    about = f"VLANs of {graph.name}" if vlan is None else f"VLAN {vlan} of {graph.name}"
    view = _View(vlans, tuple(VlanParts(vlans, node) for node in wanted), about, framed=vlan is None)
    return first_that_fits(view.charts(), most=fold)


@dataclass(frozen=True, slots=True)
class _View:
    vlans: Vlans
    parts: tuple[VlanParts, ...]
    about: str
    framed: bool

    def charts(self) -> Iterator[Chart]:
        """The most detailed first."""
        if sum(len(parts.devices) for parts in self.parts) < MOST_BOXES:
            yield self.chart([self.devices(parts) for parts in self.parts])
        yield self.chart([self.sites(parts) for parts in self.parts], f"folded by site; {_SHOWS_SITE}")
        yield self.chart([self.overview(parts) for parts in self.parts], f"one box for each VLAN; {_SHOWS_ONE}")
        yield self.chart([self.listed(parts) for parts in self.parts], f"one box for each VLAN; {_SHOWS_ONE}")
        for number in _RANGES:
            yield self.chart([(self.ranges(number), ())], f"folded by ranges of VLANs; {_SHOWS_ONE}")

    def chart(self, drawn: Iterable[Drawn], folded: str = "") -> Chart:
        """All VLANs in one chart; a box that several have, a gateway, is there once."""
        boxes = {box.key: box for found, _ in drawn for box in found}
        lines = dict.fromkeys(line for _, found in drawn for line in found)
        sentence = f"{how_many(len(self.parts), 'VLAN')}: {folded}" if folded else ""
        return Chart(self.about, tuple(boxes.values()), tuple(lines), sentence, styles=STYLES)

    def frames(self, parts: VlanParts) -> tuple[str, ...]:
        return (parts.label,) if self.framed else ()

    def devices(self, parts: VlanParts) -> Drawn:
        frames = self.frames(parts)
        boxes = [device_box(parts, device, frames) for device in parts.devices]
        box_of = {device: box.key for device, box in zip(parts.devices, boxes, strict=True)}
        joined = (replace(each.line, a=box_of[each.a], b=box_of[each.b]) for each in parts.joined)
        boxes += subnet_boxes(parts, frames)
        return boxes, [*joined, *gateway_lines(parts, box_of)]

    def sites(self, parts: VlanParts) -> Drawn:
        groups: dict[tuple[str, int], list[str]] = {}
        for device in parts.devices:
            site = str(self.vlans.graph.nodes[device].get("site", ""))
            groups.setdefault((site, parts.islands.get(device, 0)), []).append(device)
        boxes = [self.site(parts, *key, members) for key, members in groups.items()]
        box_of = {each: box.key for box, found in zip(boxes, groups.values(), strict=True) for each in found}
        boxes += subnet_boxes(parts, self.frames(parts))
        return boxes, [*_merged(parts, box_of), *dict.fromkeys(gateway_lines(parts, box_of))]

    def site(self, parts: VlanParts, site: str, island: int, members: Sequence[str]) -> Box:
        kinds = counted(self.vlans.device_kind(device) for device in members)
        around = (f"island {island} of {parts.island_count}",) if island else ()
        lines = (f"site {site}" if site else "no site", kinds, _port_numbers(parts, members))
        style = "island" if island else ""
        return Box(f"{parts.node} {island} {site}", lines, "group", style, (*self.frames(parts), *around))

    def overview(self, parts: VlanParts) -> Drawn:
        """A VLAN as a box, joined with its subnets, and these with their gateways."""
        boxes = [self.summary(parts), *subnet_boxes(parts, ())]
        gateways = dict.fromkeys(device for found in parts.gateways.values() for device, _, _ in found)
        boxes += [Box(each, (self.vlans.label(each),), self.vlans.device_kind(each)) for each in gateways]
        lines = [Line(parts.node, f"{parts.node} {subnet}") for subnet in parts.gateways]
        return boxes, [*lines, *gateway_lines(parts, {device: device for device in gateways})]

    def listed(self, parts: VlanParts) -> Drawn:
        """A VLAN as a box alone, with its subnets in it."""
        box = self.summary(parts)
        subnets = ", ".join(self.vlans.label(subnet) for subnet in parts.gateways)
        return (replace(box, lines=(*box.lines, subnets)),), ()

    def summary(self, parts: VlanParts) -> Box:
        islands = how_many(parts.island_count, "island") if parts.islands else ""
        kinds = counted(self.vlans.device_kind(device) for device in parts.ports)
        lines = (parts.label, kinds, _port_numbers(parts, parts.ports), islands)
        return Box(parts.node, lines, "vlan", "island" if islands else "")

    def ranges(self, number: int) -> Iterator[Box]:
        """VLANs in so many boxes."""
        length = max(1, -(-len(self.parts) // number))
        for start in range(0, len(self.parts), length):
            group = self.parts[start : start + length]
            ids = [self.vlans.number(parts.node) for parts in group]
            apart = [self.vlans.number(parts.node) for parts in group if parts.islands]
            lines = (f"VLANs {min(ids)} to {max(ids)}", how_many(len(ids), "VLAN"))
            islands = f"in islands: {format_vlan_list(apart)}" if apart else ""
            yield Box(f"range {start}", (*lines, islands), "vlan", "island" if apart else "")


def _port_numbers(parts: VlanParts, devices: Iterable[str]) -> str:
    """How many ports of some devices are in a VLAN: "340 untagged ports, 24 tagged"."""
    tagged, untagged = (sum(len(parts.ports[each][side]) for each in devices if each in parts.ports) for side in (0, 1))
    return f"{how_many(untagged, 'untagged port')}, {tagged:,} tagged"


def _merged(parts: VlanParts, box_of: Mapping[str, str]) -> Iterator[Line]:
    numbers: dict[tuple[str, str], int] = {}
    for cabling in parts.joined:
        a, b = sorted((box_of[cabling.a], box_of[cabling.b]))
        if a != b:
            numbers[a, b] = numbers.get((a, b), 0) + 1
    for (a, b), number in numbers.items():
        yield Line(a, b, how_many(number, "link") if number > 1 else "", "bundle" if number > 1 else "link")
