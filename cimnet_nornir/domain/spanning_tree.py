"""Spanning tree of a VLAN over declared cables: which switch is root, and which ports block (IEEE 802.1D-1998).

A bridge is told by its priority, then by its MAC address, which intent does not know: where it would decide, nothing
is said. Ports cost what IOS takes by the short method ("spanning-tree pathcost method short"), by their type.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from heapq import heappop, heappush

from cimnet_nornir.domain.interfaces import interface_sort_key, interface_type

# Cisco, "Configuring STP": 10 Mbit/s 100, 100 Mbit/s 19, 1 Gbit/s 4, 10 Gbit/s 2; the least is 1.
_COSTS: Mapping[str, int] = {
    "Ethernet": 100,
    "FastEthernet": 19,
    "GigabitEthernet": 4,
    "TwoGigabitEthernet": 3,
    "FiveGigabitEthernet": 3,
    "TenGigabitEthernet": 2,
    "TwentyFiveGigE": 1,
    "FortyGigabitEthernet": 1,
    "HundredGigE": 1,
    "FourHundredGigE": 1,
}
_USUAL_COST = 4

Port = tuple[str, str]
"""A switch by its id, and the name of a port."""


@dataclass(frozen=True, slots=True)
class Cable:
    """A link that carries the VLAN."""

    a: Port
    b: Port

    def ends(self) -> tuple[tuple[Port, Port], tuple[Port, Port]]:
        """Each end with the other."""
        return (self.a, self.b), (self.b, self.a)


@dataclass(frozen=True, slots=True)
class Tree:
    """What spanning tree makes of the switches that a VLAN joins.

    `root` is None where several switches have the lowest priority, `rivals`, and the lowest MAC address decides. Then
    nothing is known of `blocking`, the ports that do not forward; nor of the cables in `open`, where two ways cost the
    same and switches of one priority are at their ends.
    """

    root: str | None
    rivals: tuple[str, ...] = ()
    blocking: frozenset[Port] = frozenset()
    open: frozenset[Cable] = frozenset()


def spanning_tree(switches: Iterable[str], priorities: Mapping[str, int], cables: Iterable[Cable]) -> Tree:
    """The tree of switches that cables join, all of them; `priorities` has the bridge priority of each."""
    bridges = sorted(switches, key=lambda switch: (priorities[switch], switch))
    lowest = [switch for switch in bridges if priorities[switch] == priorities[bridges[0]]]
    if len(lowest) > 1:
        return Tree(None, tuple(lowest))
    return _Bridges(bridges[0], priorities, tuple(cables)).tree()


@dataclass(slots=True)
class _Bridges:
    root: str
    priorities: Mapping[str, int]
    cables: tuple[Cable, ...]
    around: dict[str, list[tuple[Port, Port, Cable]]] = field(default_factory=dict)
    costs: dict[str, int] = field(default_factory=dict)

    def tree(self) -> Tree:
        for cable in self.cables:
            for near, far in cable.ends():
                self.around.setdefault(near[0], []).append((near, far, cable))
        self._reckon_costs()
        unclear: set[Cable] = set()
        roots = {switch: self._root_port(switch, unclear) for switch in self.costs if switch != self.root}
        blocking = set()
        for cable in self.cables:
            if cable in unclear or any(roots.get(end[0]) == end for end in (cable.a, cable.b)):
                continue
            loser = self._loser(cable)
            if loser is None:
                unclear.add(cable)
            else:
                blocking.add(loser)
        return Tree(self.root, (), frozenset(blocking), frozenset(unclear))

    def _reckon_costs(self) -> None:
        """The cost from each switch to the root: a port's cost counts where a BPDU comes in."""
        waiting = [(0, self.root)]
        while waiting:
            cost, switch = heappop(waiting)
            if switch in self.costs:
                continue
            self.costs[switch] = cost
            for _, far, _ in self.around.get(switch, ()):
                heappush(waiting, (cost + port_cost(far[1]), far[0]))

    def _root_port(self, switch: str, unclear: set[Cable]) -> Port | None:
        """The port towards the root: the least cost, then the sender's priority, then the sender's port."""
        offers = [
            ((self.costs[far[0]] + port_cost(near[1]), self.priorities[far[0]]), far, near, cable)
            for near, far, cable in self.around[switch]
        ]
        best = min(offer[0] for offer in offers)
        tied = [offer for offer in offers if offer[0] == best]
        if len({far[0] for _, far, _, _ in tied}) > 1:
            unclear.update(cable for *_, cable in tied)
            return None
        return min(tied, key=lambda offer: (interface_sort_key(offer[1][1]), interface_sort_key(offer[2][1])))[2]

    def _loser(self, cable: Cable) -> Port | None:
        """The end of a cable that nobody's way to the root takes: of the two the worse bridge blocks."""
        a, b = ((self.costs[end[0]], self.priorities[end[0]]) for end in (cable.a, cable.b))
        if a == b:
            return None
        return cable.b if a < b else cable.a


def port_cost(port: str) -> int:
    """What a port costs by its type; one whose speed its name does not tell counts as 1 Gbit/s."""
    return _COSTS.get(interface_type(port), _USUAL_COST)
