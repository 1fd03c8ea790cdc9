"""Ways between two things of a network: the fewest links, and every other way that has as few."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice, pairwise
from typing import TYPE_CHECKING

from cimnet_nornir.projections.graph_links import DeviceLink, brings, device_links, links_by_device
from cimnet_nornir.projections.graph_names import find_node, name_of, require_vlan

if TYPE_CHECKING:
    from networkx import MultiGraph

MOST_PATHS = 16
"""So many ways are spelt out; the others are counted."""


@dataclass(frozen=True, slots=True)
class HopLink:
    """One link of a hop: its ports, bundles in place of their members, and the ports of each of its cables."""

    near_port: str
    far_port: str
    cables: tuple[tuple[str, str], ...]
    speed: int


@dataclass(frozen=True, slots=True)
class Hop:
    """From one device to the next, by their host names, over one link or several beside one another."""

    near: str
    far: str
    links: tuple[HopLink, ...]


@dataclass(frozen=True, slots=True)
class Way:
    """The devices on the way, by their host names, and the hops between them."""

    devices: tuple[str, ...]
    hops: tuple[Hop, ...]


@dataclass(frozen=True, slots=True)
class Ways:
    """All shortest ways from one thing to another; `count` of them, the first few spelt out.

    With `vlan` only links that carry it count, and only switches pass it on.
    """

    source: str
    target: str
    vlan: int | None
    count: int
    ways: tuple[Way, ...]


def ways_between(graph: "MultiGraph[str]", source: str, target: str, *, vlan: int | None = None) -> Ways:
    """The shortest ways between two things as a person names them. Raises NotFound, VlanNotFound, InvalidInput.

    A container or machine is at its host, a VLAN or subnet at every device that is in it: the nearest one counts.
    """
    if vlan is not None:
        require_vlan(graph, vlan)
    ends = find_node(graph, source), find_node(graph, target)
    starts, goals = (devices_of(graph, node) for node in ends)
    search = _Search(graph, _links(graph, vlan, starts | goals), goals)
    found = search.run(sorted(starts))
    ways = tuple(_way(graph, search, devices) for devices in islice(search.ways(found), MOST_PATHS))
    count = sum(search.counts[goal] for goal in found)
    return Ways(name_of(graph, ends[0]), name_of(graph, ends[1]), vlan, count, ways)


def devices_of(graph: "MultiGraph[str]", node: str) -> set[str]:
    """The devices that a thing is at: itself, its host, or all that are in it."""
    if graph.nodes[node]["kind"] == "device":
        return {node}
    found = {other for other in graph[node] if graph.nodes[other]["kind"] == "device"}
    networks = (other for other in graph[node] if graph.nodes[other]["kind"] in ("container network", "vm network"))
    if graph.nodes[node]["kind"] in ("vlan", "subnet"):
        for network in networks:
            found |= devices_of(graph, network)
    return found


def _links(graph: "MultiGraph[str]", vlan: int | None, ends: set[str]) -> Mapping[str, list[DeviceLink]]:
    """The links that a way can take: only switches pass a VLAN on, and a server that does not route nothing."""
    usable = (
        link
        for link in device_links(graph)
        if (vlan is None or brings(graph, link, vlan))
        and all(device in ends or _passes_on(graph, device, vlan) for device in (link.a, link.b))
    )
    return links_by_device(usable)


def _passes_on(graph: "MultiGraph[str]", device: str, vlan: int | None) -> bool:
    attributes = graph.nodes[device]
    if vlan is not None:
        return bool(attributes["device"] == "switch")
    return bool(attributes["device"] != "host" or attributes["routing"])


@dataclass(slots=True)
class _Search:
    """A search in breadth: `steps` maps each device to those before it on the shortest ways, `counts` how many ways."""

    graph: "MultiGraph[str]"
    links: Mapping[str, list[DeviceLink]]
    goals: set[str]
    steps: dict[str, list[str]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    distance: dict[str, int] = field(default_factory=dict)

    def run(self, starts: Iterable[str]) -> list[str]:
        """The goals that are nearest, each with all that leads to it known by now."""
        waiting: deque[str] = deque()
        for start in starts:
            self.steps[start], self.counts[start], self.distance[start] = [], 1, 0
            waiting.append(start)
        nearest: list[str] = []
        while waiting:
            device = waiting.popleft()
            if nearest and self.distance[device] > self.distance[nearest[0]]:
                break
            if device in self.goals:
                nearest.append(device)
            elif self._goes_on(device):
                self._look_around(device, waiting)
        return sorted(nearest)

    def _goes_on(self, device: str) -> bool:
        return self.distance[device] == 0 or bool(self.links.get(device))

    def _look_around(self, device: str, waiting: deque[str]) -> None:
        ahead = self.distance[device] + 1
        for other in sorted({link.other(device) for link in self.links.get(device, ())}):
            if other not in self.distance:
                self.distance[other], self.steps[other], self.counts[other] = ahead, [], 0
                waiting.append(other)
            if self.distance[other] == ahead:
                self.steps[other].append(device)
                self.counts[other] += self.counts[device]

    def ways(self, goals: Iterable[str]) -> Iterator[tuple[str, ...]]:
        """The devices of each way, in the order of their ids from the goal on."""
        waiting: list[tuple[str, ...]] = [(goal,) for goal in sorted(goals, reverse=True)]
        while waiting:
            way = waiting.pop()
            before = self.steps[way[0]]
            if not before:
                yield way
            waiting.extend((step, *way) for step in sorted(before, reverse=True))


def _way(graph: "MultiGraph[str]", search: _Search, devices: tuple[str, ...]) -> Way:
    hops = []
    for near, far in pairwise(devices):
        between = (link for link in search.links[near] if link.other(near) == far)
        hops.append(Hop(name_of(graph, near), name_of(graph, far), tuple(_hop_link(link, near) for link in between)))
    return Way(tuple(name_of(graph, device) for device in devices), tuple(hops))


def _hop_link(link: DeviceLink, near: str) -> HopLink:
    near_port, far_port = link.ends_from(near)
    cables = link.cables if near == link.a else tuple((far, own) for own, far in link.cables)
    return HopLink(near_port, far_port, cables, link.speed)
