"""Which VLANs there are, and which do not reach all who use them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from cimnet_nornir.domain.layer2 import Layer2
from cimnet_nornir.domain.network import Network
from cimnet_nornir.domain.vlan_uses import vlans_in_use


@dataclass(frozen=True, slots=True)
class Islands:
    """A VLAN in use in several parts that cables of switch ports join, and that do not reach one another in it.

    Each part is the ids of its switches by their names; the parts are in the order of their first switches.
    """

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


def _used_parts(layer2: Layer2, used: Mapping[str, frozenset[int]], vlan: int) -> list[frozenset[str]]:
    return [part for part in layer2.segments(vlan) if any(vlan in used[switch] for switch in part)]
