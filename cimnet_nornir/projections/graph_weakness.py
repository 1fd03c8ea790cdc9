"""What a network loses with one device or one link: what hangs on it, and where it hangs on a single thing.

What counts is the way to the routers; in a network without any, to the layer-3 switches; without these, to the larger
part of what is left. Servers that do not route pass nothing on: one with two links does not join two switches.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cimnet_nornir.projections.graph_links import DeviceLink, device_links, links_by_device

if TYPE_CHECKING:
    from networkx import MultiGraph

# What all routers are joined to, as if the rest of the world were one device.
_WORLD = ""
_NONE: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Dependence:
    """The nodes of devices and servers that lose their way, by what they lose it with; itself is never among them."""

    links: tuple[DeviceLink, ...]
    with_device: Mapping[str, frozenset[str]]
    with_link: Mapping[DeviceLink, frozenset[str]]


def dependence(graph: "MultiGraph[str]") -> Dependence:
    """What hangs on each device and each link of a graph; those on which nothing hangs are left out."""
    links = device_links(graph)
    passing = {node for node, data in graph.nodes(data=True) if data["kind"] == "device" and _passes_on(data)}
    trees = _Trees.grown(passing, links, _anchors(graph, passing))
    leaves = _Leaves(passing, links_by_device(links))
    devices = {node: lost for node in leaves.around if (lost := leaves.with_device(node, trees.cut.get(node, _NONE)))}
    cut_links = {link: lost for link in links if (lost := leaves.with_link(link, trees.cut_links.get(link, _NONE)))}
    return Dependence(links, devices, cut_links)


def _passes_on(data: Mapping[str, object]) -> bool:
    return data["device"] != "host" or bool(data["routing"])


def _anchors(graph: "MultiGraph[str]", passing: Iterable[str]) -> list[str]:
    routers = sorted(node for node in passing if graph.nodes[node]["device"] == "router")
    return routers or sorted(
        node for node in passing if graph.nodes[node]["device"] == "switch" and graph.nodes[node]["routing"]
    )


@dataclass(slots=True)
class _Leaves:
    """Servers that pass nothing on: each is lost when all its links are."""

    passing: set[str]
    around: dict[str, list[DeviceLink]]

    def with_device(self, device: str, lost: frozenset[str]) -> frozenset[str]:
        return lost | self._hanging({device, *lost}, None) if device in self.passing else _NONE

    def with_link(self, link: DeviceLink, lost: frozenset[str]) -> frozenset[str]:
        return lost | self._hanging({*lost, link.a, link.b}, link, lost)

    def _hanging(
        self, devices: set[str], gone: DeviceLink | None, lost: frozenset[str] | None = None
    ) -> frozenset[str]:
        dead = devices if lost is None else lost
        # A server at one end of the link that is gone is a candidate itself.
        near = {link.other(device) for device in devices for link in self.around.get(device, ())}
        return frozenset(
            leaf
            for leaf in near - self.passing
            if all(link == gone or link.other(leaf) in dead for link in self.around[leaf])
        )


@dataclass(slots=True)
class _Trees:
    """Trees of a search in depth over the devices that pass traffic on (Tarjan), and what each point cuts off.

    `seen` numbers the devices in the order in which they were met, `low` is the least number that a subtree reaches
    without its first link, `size` that of the subtree; `order` has the devices by number.
    """

    around: Mapping[str, Sequence[tuple[str, DeviceLink | None]]]
    seen: dict[str, int] = field(default_factory=dict)
    low: dict[str, int] = field(default_factory=dict)
    size: dict[str, int] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)
    came_by: dict[str, tuple[str, DeviceLink | None] | None] = field(default_factory=dict)
    cut: dict[str, frozenset[str]] = field(default_factory=dict)
    cut_links: dict[DeviceLink, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def grown(cls, devices: Iterable[str], links: Iterable[DeviceLink], anchors: Sequence[str]) -> "_Trees":
        around: dict[str, list[tuple[str, DeviceLink | None]]] = {device: [] for device in sorted(devices)}
        around[_WORLD] = [(anchor, None) for anchor in anchors]
        for anchor in anchors:
            around[anchor].append((_WORLD, None))
        for link in links:
            if link.a in around and link.b in around and link.a != link.b:
                around[link.a].append((link.b, link))
                around[link.b].append((link.a, link))
        trees = cls(around)
        for root in (_WORLD, *around):
            if root not in trees.seen:
                trees._grow(root)
        return trees

    def _grow(self, root: str) -> None:
        first = len(self.order)
        self._enter(root, None)
        way = [(root, iter(self.around[root]))]
        while way:
            device, onward = way[-1]
            step = next(onward, None)
            if step is None:
                way.pop()
                self._leave(device)
            elif step[0] not in self.seen:
                self._enter(step[0], (device, step[1]))
                way.append((step[0], iter(self.around[step[0]])))
            elif (step[0], step[1]) != self.came_by[device]:
                self.low[device] = min(self.low[device], self.seen[step[0]])
        self._cut(root, self.order[first:])

    def _enter(self, device: str, came_by: tuple[str, DeviceLink | None] | None) -> None:
        self.seen[device] = self.low[device] = len(self.order)
        self.size[device] = 1
        self.came_by[device] = came_by
        self.order.append(device)

    def _leave(self, device: str) -> None:
        before = self.came_by[device]
        if before is not None:
            self.low[before[0]] = min(self.low[before[0]], self.low[device])
            self.size[before[0]] += self.size[device]

    def _subtree(self, device: str) -> frozenset[str]:
        return frozenset(self.order[self.seen[device] : self.seen[device] + self.size[device]])

    def _cut(self, root: str, tree: list[str]) -> None:
        """What each device and link of a tree cuts off from its root, or where that is no anchor, from the most."""
        pieces: dict[str, list[frozenset[str]]] = {}
        everything = frozenset(tree)
        for device in tree[1:]:
            before = self.came_by[device]
            if before is None:
                continue
            above, link = before
            if above != _WORLD and self.low[device] >= self.seen[above]:
                pieces.setdefault(above, []).append(self._subtree(device))
            if link is not None and self.low[device] > self.seen[above]:
                below = self._subtree(device)
                parts = [below] if root == _WORLD else [below, everything - below]
                self.cut_links[link] = _all_but_the_largest(parts, keep=root != _WORLD)
        for device, below_it in pieces.items():
            rest = [everything - {device}.union(*below_it)] if root != _WORLD else []
            self.cut[device] = _all_but_the_largest([*rest, *below_it], keep=root != _WORLD)


def _all_but_the_largest(parts: Sequence[frozenset[str]], *, keep: bool) -> frozenset[str]:
    """The parts together; with `keep` the largest one (of equal ones the first by name) is what is left."""
    left = min(parts, key=lambda part: (-len(part), min(part, default=""))) if keep else _NONE
    return frozenset().union(*parts) - left
