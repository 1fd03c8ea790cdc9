"""Layer 2 for rules, gathered in one pass over the links: what each link carries, and how far each VLAN reaches.

The same facts as `domain.layer2` tells of one VLAN at a time, for all VLANs of a large network at once.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.interfaces import is_loopback
from cimnet_nornir.domain.layer2 import DEFAULT_VLAN
from cimnet_nornir.domain.validation.ports import existing_vlans, svi_vlan
from cimnet_nornir.domain.validation.view import End, LinkEnds, NetworkView, Placed
from cimnet_nornir.domain.values import AccessMode, PortConfiguration, TrunkMode

Segment = tuple[str, ...]
"""Names a broadcast domain: of a VLAN by its number and the first of its switches, of a link by its ends."""

LINK = "link"


@dataclass(frozen=True, slots=True)
class Members:
    """The VLANs of a port: `tagged`, and the one whose frames have no tag (IEEE 802.1Q)."""

    tagged: frozenset[int] = frozenset()
    untagged: int | None = None

    @property
    def vlans(self) -> frozenset[int]:
        return self.tagged if self.untagged is None else self.tagged | {self.untagged}


NO_VLAN = Members()


def members(device: Device, port: PortConfiguration | None) -> Members:
    """What a switch port takes part in, of the VLANs that its switch has; one that nobody configured is in VLAN 1."""
    if port is None:
        return Members(untagged=DEFAULT_VLAN)
    if not port.enabled:
        return NO_VLAN
    existing = existing_vlans(device)
    match port.switching:
        case AccessMode(vlan=vlan):
            return Members(untagged=vlan) if vlan in existing else NO_VLAN
        case TrunkMode(native_vlan=native, allowed=allowed):
            carried = existing if allowed is None else allowed & existing
            return Members(carried - {native}, native if native in carried else None)
        case None:
            return Members(untagged=DEFAULT_VLAN)


@dataclass(frozen=True, slots=True)
class SwitchLink:
    """A link between two switches whose ends are not routed, with the VLANs that cross it."""

    ends: LinkEnds
    vlans: frozenset[int]

    @property
    def trunk(self) -> bool:
        """Whether both ends are trunks, enabled."""
        return all(end.trunk is not None and end.enabled for end in (self.ends.near, self.ends.far))


def switch_links(network: NetworkView) -> tuple[SwitchLink, ...]:
    """The links between switches, in order."""
    switched = (ends for ends in network.links if _is_switched(ends.near) and _is_switched(ends.far))
    return tuple(SwitchLink(ends, _crossing(ends)) for ends in switched)


def _is_switched(end: End) -> bool:
    return end.device.switches and end.routed is None and not end.tags


def _crossing(ends: LinkEnds) -> frozenset[int]:
    near, far = (members(end.device, end.switched) for end in (ends.near, ends.far))
    both = near.tagged & far.tagged
    return both | {near.untagged} if near.untagged is not None and near.untagged == far.untagged else both


@dataclass(slots=True)
class Parts:
    """Things that belong together, joined pair by pair; each part is named by its least member."""

    above: dict[str, str] = field(default_factory=dict)

    def part(self, member: str) -> str:
        """The name of the member's part; a member that was never joined is one by itself."""
        found = member
        while (above := self.above.get(found, found)) != found:
            found = above
        while (above := self.above.get(member, member)) != found:
            self.above[member], member = found, above
        return found

    def join(self, one: str, other: str) -> None:
        low, high = sorted((self.part(one), self.part(other)))
        if low != high:
            self.above[high] = low


@dataclass(frozen=True, slots=True)
class Reach:
    """How far VLANs reach: `vlans` maps a VLAN to its parts, by device ids; `cabled` has those that cables join."""

    vlans: Mapping[int, Parts]
    cabled: Parts

    def segment(self, device: str, vlan: int) -> Segment:
        """The broadcast domain of a VLAN at a switch (its id)."""
        parts = self.vlans.get(vlan)
        return "VLAN", str(vlan), device if parts is None else parts.part(device)


def reach(network: NetworkView) -> Reach:
    """How far each VLAN reaches."""
    vlans: dict[int, Parts] = {}
    cabled = Parts()
    for link in network.remember(switch_links):
        one, other = link.ends.near.device.id, link.ends.far.device.id
        cabled.join(one, other)
        for vlan in link.vlans:
            vlans.setdefault(vlan, Parts()).join(one, other)
    return Reach(vlans, cabled)


def segments_of(network: NetworkView, vlan: int, switches: Iterable[str]) -> dict[Segment, list[str]]:
    """The switches of those ids by the broadcast domain of the VLAN that they are in, in the order given."""
    found: dict[Segment, list[str]] = {}
    for switch in switches:
        found.setdefault(network.remember(reach).segment(switch, vlan), []).append(switch)
    return found


# --- where addresses stand --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Attached:
    """An address with its broadcast domain. `known` is False where nobody knows what is at the other end."""

    placed: Placed
    segment: Segment
    known: bool


def attached(network: NetworkView) -> tuple[Attached, ...]:
    """Every address of an enabled interface, with its broadcast domain."""
    far_ends = {(near.device.id, near.port): far for link in network.links for near, far in link.both_ways}
    return tuple(_attached(network, placed, far_ends) for placed in network.addresses if placed.up)


def by_segment(network: NetworkView) -> Mapping[Segment, tuple[Attached, ...]]:
    """The addresses by their broadcast domain."""
    found: dict[Segment, list[Attached]] = {}
    for item in network.remember(attached):
        found.setdefault(item.segment, []).append(item)
    return {segment: tuple(items) for segment, items in found.items()}


def _attached(network: NetworkView, placed: Placed, far_ends: Mapping[tuple[str, str], End]) -> Attached:
    device, interface = placed.device, placed.interface
    vlan = svi_vlan(interface) if device.switches else None
    if vlan is not None:
        return Attached(placed, network.remember(reach).segment(device.id, vlan), known=True)
    port, _, number = interface.partition(".")
    tag = int(number) if number else None
    far = far_ends.get((device.id, port))
    if far is None:
        return Attached(placed, ("own", device.id, interface), known=is_loopback(interface))
    segment = _behind(network, far, tag)
    return Attached(placed, segment or _link(device.id, port, far, tag), known=True)


def _behind(network: NetworkView, far: End, tag: int | None) -> Segment | None:
    """The VLAN behind a routed port: that of the frames it sends; None where no switch port is at the other end."""
    if not far.device.switches or far.routed is not None or far.tags:
        return None
    ports = members(far.device, far.switched)
    vlan = ports.untagged if tag is None else tag if tag in ports.tagged else None
    return ("nowhere", str(far), str(tag)) if vlan is None else network.remember(reach).segment(far.device.id, vlan)


def _link(device: str, port: str, far: End, tag: int | None) -> Segment:
    near_end, far_end = sorted((f"{device} {port}", f"{far.device.id} {far.port}"))
    return LINK, near_end, far_end, str(tag or "")


def gateways(network: NetworkView) -> Mapping[Segment, tuple[Placed, ...]]:
    """The addresses of routing devices by their broadcast domain: where hosts can have their gateway."""
    return {
        segment: found
        for segment, items in network.remember(by_segment).items()
        if (found := tuple(item.placed for item in items if item.placed.device.routes_packets))
    }


def names(network: NetworkView, switches: Iterable[str]) -> str:
    """The host names of devices, in order, for a message."""
    return ", ".join(sorted(_named(network, switches)))


def _named(network: NetworkView, switches: Iterable[str]) -> Iterator[str]:
    return (network.devices[switch].name for switch in switches if switch in network.devices)
