"""Where VLANs do not reach as they should: islands, trunks that leave one out, native VLANs that differ.

Pure functions over a network, for rules of validation and for whoever lists VLANs.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from cimnet_nornir.domain.layer2 import DEFAULT_VLAN, Layer2, has_vlan
from cimnet_nornir.domain.network import Link, Network
from cimnet_nornir.domain.values import TrunkMode
from cimnet_nornir.domain.vlan_uses import vlans_in_use


@dataclass(frozen=True, slots=True)
class Islands:
    """A VLAN in use in several parts that cables of switch ports join, and that do not reach one another in it.

    Each part is the ids of its switches by their names; the parts are in the order of their first switches.
    """

    vlan: int
    parts: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class NativeMismatch:
    """A link between two trunks whose native VLANs differ: untagged frames leave one VLAN and arrive in the other."""

    link: Link
    a: int
    b: int


@dataclass(frozen=True, slots=True)
class TrunkGap:
    """A link between two trunks that leaves out VLANs which both switches use, and which meet on no other way."""

    link: Link
    vlans: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Separation:
    """A change parts a VLAN: switches that are there before and after, with it, do not reach one another any more."""

    vlan: int
    parts: tuple[tuple[str, ...], ...]


def vlan_ids(network: Network) -> tuple[int, ...]:
    """The VLANs that switches of a network were given, in order."""
    return tuple(sorted({vlan for device in network.devices.values() for vlan in device.vlans}))


def islands(network: Network, vlans: Iterable[int] | None = None) -> tuple[Islands, ...]:
    """The VLANs (of those given, else of all) whose users do not all reach one another although cables join them.

    A VLAN that two sites use by itself, with only routers between them, is none of these.
    """
    layer2, used = Layer2.of(network), vlans_in_use(network)
    wanted = vlan_ids(network) if vlans is None else vlans
    return tuple(found for vlan in wanted for found in _islands_of(layer2, used, vlan))


def _islands_of(layer2: Layer2, used: Mapping[str, frozenset[int]], vlan: int) -> Iterator[Islands]:
    parts_in_use = _used_parts(layer2, used, vlan)
    by_area: dict[str, list[tuple[str, ...]]] = {}
    for part in parts_in_use if len(parts_in_use) > 1 else ():
        area = layer2.by_name(layer2.area(next(iter(part))))[0]
        by_area.setdefault(area, []).append(layer2.by_name(part))
    yield from (Islands(vlan, tuple(parts)) for parts in by_area.values() if len(parts) > 1)


def native_mismatches(network: Network) -> tuple[NativeMismatch, ...]:
    """The links between two trunks whose native VLANs differ, in order."""
    layer2 = Layer2.of(network)
    found = []
    for link in _links(layer2):
        a, b = (mode.native_vlan if isinstance(mode, TrunkMode) else None for mode in _modes(layer2, link))
        if a is not None and b is not None and a != b:
            found.append(NativeMismatch(link, a, b))
    return tuple(found)


def trunk_gaps(network: Network) -> tuple[TrunkGap, ...]:
    """The trunks without VLANs that they must carry, in the order of their links.

    A trunk must carry a VLAN that is in use at both of its sides where nothing else joins them.
    """
    layer2, used = Layer2.of(network), vlans_in_use(network)
    parted = {vlan: parts for vlan in vlan_ids(network) if len(parts := _used_parts(layer2, used, vlan)) > 1}
    found = []
    for link in _links(layer2):
        vlans = tuple(vlan for vlan, parts in parted.items() if layer2.is_trunk(link) and _bridges(link, parts))
        if vlans:
            found.append(TrunkGap(link, vlans))
    return tuple(found)


def _used_parts(layer2: Layer2, used: Mapping[str, frozenset[int]], vlan: int) -> list[frozenset[str]]:
    return [part for part in layer2.segments(vlan) if any(vlan in used[switch] for switch in part)]


def _bridges(link: Link, parts: Iterable[frozenset[str]]) -> bool:
    sides = {index for index, part in enumerate(parts) for end in (link.a, link.b) if end[0] in part}
    return len(sides) > 1


def separations(before: Network, after: Network) -> tuple[Separation, ...]:
    """The VLANs that a change parts among switches that keep them, in order; VLAN 1 included.

    A definition that names a trunk and leaves out a VLAN which was created since does that.
    """
    was, now = Layer2.of(before), Layer2.of(after)
    return tuple(found for vlan in (DEFAULT_VLAN, *vlan_ids(after)) for found in _separations_of(was, now, vlan))


def _separations_of(was: Layer2, now: Layer2, vlan: int) -> Iterator[Separation]:
    for part in was.segments(vlan):
        kept = {each for each in part if each in now.links and has_vlan(now.network.devices[each], vlan)}
        parts: list[tuple[str, ...]] = []
        for switch in now.by_name(kept):
            if not any(switch in other for other in parts):
                parts.append(now.by_name(now.segment(switch, vlan) & kept))
        if len(parts) > 1:
            yield Separation(vlan, tuple(parts))


def _links(layer2: Layer2) -> tuple[Link, ...]:
    return tuple(sorted({link for links in layer2.links.values() for link in links}))


def _modes(layer2: Layer2, link: Link) -> tuple[object, object]:
    a, b = layer2.end(link.a), layer2.end(link.b)
    return (a.switching if a else None), (b.switching if b else None)
