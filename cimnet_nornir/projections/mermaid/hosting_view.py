"""Hosts as charts: all that runs on them, then counted, then network by network."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cimnet_nornir.projections.mermaid.flowchart import MOST_BOXES, Box, Chart, Line, first_that_fits
from cimnet_nornir.projections.mermaid.folding import natural, span
from cimnet_nornir.projections.mermaid.hosting import Hosting, Place
from cimnet_nornir.projections.mermaid.styles import counted, how_many

if TYPE_CHECKING:
    from networkx import MultiGraph

Drawn = tuple[Iterable[Box], Iterable[Line]]
# So many boxes of ranges; the more there are, the sooner one is found.
_RANGES = (100, 12)
_SHOWS = "cimnet graph --view hosts --around HOST --depth 2 shows one"


def hosting_view(graph: "MultiGraph[str]", *, fold: int | None = None) -> str:
    """Hosts with what runs on them as a flowchart: networks with their bridges, containers and VMs, VLANs, subnets.

    Above `fold` boxes (150), or more than Mermaid draws, containers and VMs are counted, then hosts, then networks.
    """
    return first_that_fits(_View(Hosting.of(graph)).charts(), most=fold)


@dataclass(frozen=True, slots=True)
class _View:
    hosting: Hosting

    def charts(self) -> Iterator[Chart]:
        """The most detailed first."""
        keys = {place: place.key for place in self.hosting.places}
        if sum(map(len, self.hosting.members.values())) < MOST_BOXES:
            yield self.chart((self.placed(counts=False), self.running(), self.around(keys)))
        yield self.chart((self.placed(counts=True), self.around(keys)), "containers and VMs counted")
        whole = {place: place.network for place in self.hosting.places}
        networks = self.hosting.by_network()
        boxes = [self.network(network, places) for network, places in networks.items()]
        yield self.chart(((boxes, ()), self.around(whole)), "one box for each network")
        yield self.chart(((boxes, ()),), "one box for each network")
        for number in _RANGES:
            yield self.chart(((self.ranges(networks, number), ()),), "folded by ranges of networks")

    def chart(self, drawn: Iterable[Drawn], folded: str = "") -> Chart:
        """A box that several have, a VLAN, is in it once."""
        parts = [(tuple(boxes), tuple(lines)) for boxes, lines in drawn]
        boxes = {box.key: box for found, _ in parts for box in found}
        lines = dict.fromkeys(line for _, found in parts for line in found)
        hosts = {place.host for place in self.hosting.places if place.host}
        sentence = f"{how_many(len(hosts), 'host')}: {folded}; {_SHOWS}" if folded else ""
        return Chart(f"Hosts of {self.hosting.graph.name}", tuple(boxes.values()), tuple(lines), sentence)

    def placed(self, *, counts: bool) -> Drawn:
        """The networks on each host in its frame, and the tunnels between them."""
        places = sorted(self.hosting.places, key=lambda place: place.host)
        boxes = [self.place(place, counts=counts) for place in places]
        tunnels = (
            Line(one.key, other.key, text, "dotted")
            for one, other, text in self.hosting.tunnels
            if one in self.hosting.places and other in self.hosting.places
        )
        return boxes, tunnels

    def place(self, place: Place, *, counts: bool) -> Box:
        number = counted(self.hosting.member_kinds(place)) if counts else ""
        lines = (self.hosting.label(place.network), self.hosting.words(place.network), number)
        return Box(place.key, lines, "network", frames=self.frames(place))

    def frames(self, place: Place) -> tuple[str, ...]:
        return (self.hosting.label(place.host),) if place.host else ()

    def running(self) -> Drawn:
        """Each container and VM in the frame of its host."""
        boxes, lines = [], []
        for place, members in self.hosting.members.items():
            for member in members:
                texts = (self.hosting.label(member), str(self.hosting.graph.nodes[member]["address"]))
                boxes.append(Box(member, texts, self.hosting.kind(member), frames=self.frames(place)))
                lines.append(Line(place.key, member))
        return boxes, lines

    def around(self, keys: Mapping[Place, str]) -> Drawn:
        """The VLANs and subnets of networks: a subnet hangs on the VLAN, where there is one."""
        boxes: list[Box] = []
        lines: list[Line] = []
        for place, key in keys.items():
            vlan, subnet = self.hosting.vlans.get(place.network), self.hosting.subnets.get(place.network)
            if vlan is not None:
                boxes.append(Box(vlan, (self.hosting.label(vlan),), "vlan"))
                lines.append(Line(key, vlan, self.hosting.places[place] if key == place.key else ""))
            if subnet is not None:
                boxes.append(Box(subnet, (self.hosting.label(subnet),), "subnet"))
                lines.append(Line(vlan or key, subnet))
        return boxes, lines

    def network(self, network: str, places: Iterable[Place]) -> Box:
        """A network with the numbers of its hosts, containers and VMs."""
        hosts = [place for place in places if place.host]
        members = counted(kind for place in places for kind in self.hosting.member_kinds(place))
        lines = (
            self.hosting.label(network),
            self.hosting.words(network),
            f"on {how_many(len(hosts), 'host')}",
            members,
        )
        return Box(network, lines, "network")

    def ranges(self, networks: Mapping[str, list[Place]], number: int) -> Iterator[Box]:
        """Networks in so many boxes, by their names."""
        ordered = sorted(networks, key=lambda network: natural(self.hosting.label(network)))
        length = max(1, -(-len(ordered) // number))
        for start in range(0, len(ordered), length):
            part = ordered[start : start + length]
            members = counted(
                kind for network in part for place in networks[network] for kind in self.hosting.member_kinds(place)
            )
            lines = (span([self.hosting.label(network) for network in part]), how_many(len(part), "network"), members)
            yield Box(f"range {start}", lines, "network")
