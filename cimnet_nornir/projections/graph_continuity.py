"""Which VLANs of a network are in parts, kept up to date: what each cable carries, and who is in which VLAN.

The same as `domain.vlan_continuity` tells of a network as it stands, from facts that change one by one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from cimnet_nornir.domain.network import Link
from cimnet_nornir.domain.validation.segments import Parts
from cimnet_nornir.projections.graph_parts import Crossing

_CARRIES_NOTHING = Crossing()


@dataclass(slots=True)
class Continuity:
    """`links` is what each cable carries, `used` by switch id the VLANs that somebody is in.

    `unsettled` are the VLANs of which something was said since `settle`; `recabled` whether switches were joined in
    another way, which concerns all of them.
    """

    links: dict[Link, Crossing] = field(default_factory=dict)
    used: dict[str, frozenset[int]] = field(default_factory=dict)
    unsettled: set[int] = field(default_factory=set)
    recabled: bool = False
    _areas: Parts = field(default_factory=Parts)

    def carry(self, link: Link, carried: Crossing | None) -> None:
        """Say what a cable carries; None where there is no such cable any more."""
        old, new = self.links.get(link, _CARRIES_NOTHING), carried or _CARRIES_NOTHING
        self.recabled |= old.switched != new.switched
        self.unsettled |= old.vlans ^ new.vlans
        self.links[link] = new
        if carried is None:
            del self.links[link]

    def use(self, switch: str, vlans: frozenset[int] | None) -> None:
        """Say which VLANs somebody is in at a switch; None where there is no such switch any more."""
        self.unsettled |= self.used.get(switch, frozenset()) ^ (vlans or frozenset())
        self.used[switch] = vlans or frozenset()
        if vlans is None:
            del self.used[switch]

    def settle(self, vlans: Iterable[int]) -> Mapping[int, bool]:
        """Whether each VLAN, of those that something was said of and those given, reaches all who use it."""
        if self.recabled:
            self._areas = _joined(link for link, carried in self.links.items() if carried.switched)
            self.unsettled.update(*self.used.values())
        found = {vlan: self._reaches_all(vlan) for vlan in sorted(self.unsettled.union(vlans))}
        self.unsettled, self.recabled = set(), False
        return found

    def _reaches_all(self, vlan: int) -> bool:
        users = [switch for switch, vlans in self.used.items() if vlan in vlans]
        if len(users) <= 1:
            return True
        parts = _joined(link for link, carried in self.links.items() if vlan in carried.vlans)
        by_area: dict[str, str] = {}
        # A VLAN that two sites use by itself, with only routers between them, is not in parts.
        return all(by_area.setdefault(self._areas.part(user), parts.part(user)) == parts.part(user) for user in users)


def _joined(links: Iterable[Link]) -> Parts:
    parts = Parts()
    for link in links:
        parts.join(link.a[0], link.b[0])
    return parts
