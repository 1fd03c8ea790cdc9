"""Layer 2 of a network: which ports carry a VLAN, how far it reaches, and the way from one switch to another.

A port-channel is one port, and the links between its members and those of another are one link.
"""

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from cimnet_nornir.domain.bundles import bundles_of, logical_links
from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.interfaces import interface_sort_key
from cimnet_nornir.domain.network import Link, Network
from cimnet_nornir.domain.values import AccessMode, PortConfiguration, TrunkMode

DEFAULT_VLAN = 1
# VLANs that every switch has: the default one and those of FDDI and Token Ring.
PERMANENT_VLANS = frozenset({DEFAULT_VLAN, *range(1002, 1006)})


class Framing(StrEnum):
    """How frames of a VLAN leave a port (IEEE 802.1Q)."""

    TAGGED = "tagged"
    UNTAGGED = "untagged"


def has_vlan(device: Device, vlan: int) -> bool:
    """Whether a device is a switch that has the VLAN, those included that are there by themselves."""
    return device.switches and (vlan in device.vlans or vlan in PERMANENT_VLANS)


def framing(port: PortConfiguration | None, vlan: int) -> Framing | None:
    """How a port takes part in a VLAN; None where it does not, or is shut.

    A port without a mode is dynamic, and a port that nobody configured (None) too: both count as in VLAN 1.
    """
    if port is None:
        return Framing.UNTAGGED if vlan == DEFAULT_VLAN else None
    if not port.enabled:
        return None
    match port.switching:
        case AccessMode(vlan=access):
            return Framing.UNTAGGED if access == vlan else None
        case TrunkMode(native_vlan=native, allowed=allowed):
            if allowed is not None and vlan not in allowed:
                return None
            return Framing.UNTAGGED if native == vlan else Framing.TAGGED
        case None:
            return Framing.UNTAGGED if vlan == DEFAULT_VLAN else None


def is_routed(device: Device, port: str) -> bool:
    """Whether a port is a layer-3 one, by itself or by its sub-interfaces."""
    return port in device.interfaces or bool(device.sub_interfaces(port))


def switching_ports(device: Device) -> tuple[str, ...]:
    """The ports of a switch, routed ones included, with port-channels in place of their members."""
    bundles = dict(bundles_of(device))
    members = {port for ports in bundles.values() for port in ports}
    return (*(port for port in device.ports if port not in members), *bundles)


def carrying_ports(device: Device, vlan: int) -> tuple[str, ...]:
    """The ports of a switch, in their order, that carry a VLAN that the switch has."""
    if not has_vlan(device, vlan):
        return ()
    ports = (port for port in switching_ports(device) if not is_routed(device, port))
    return tuple(
        sorted((port for port in ports if framing(device.switch_ports.get(port), vlan)), key=interface_sort_key)
    )


@dataclass(frozen=True, slots=True)
class Layer2:
    """The switches of a network, by id, and the links between them that are not routed, by the switch they end at."""

    network: Network
    links: Mapping[str, tuple[Link, ...]]

    @classmethod
    def of(cls, network: Network) -> "Layer2":
        """Layer 2 of a network, gathered in one pass over its links."""
        found: dict[str, list[Link]] = {device.id: [] for device in network.devices.values() if device.switches}
        for link in logical_links(network):
            if all(end[0] in found and not is_routed(network.devices[end[0]], end[1]) for end in (link.a, link.b)):
                found[link.a[0]].append(link)
                found[link.b[0]].append(link)
        return cls(network, {switch: tuple(sorted(links, key=_by_ports)) for switch, links in found.items()})

    def name(self, switch: str) -> str:
        """The host name, by which switches are ordered; the id where two have one name."""
        return self.network.devices[switch].name

    def by_name(self, switches: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted(switches, key=lambda switch: (self.name(switch), switch)))

    def end(self, end: tuple[str, str]) -> PortConfiguration | None:
        """What intent says of the port at an end of a link."""
        return self.network.devices[end[0]].switch_ports.get(end[1])

    def carries(self, link: Link, vlan: int) -> bool:
        """Whether a VLAN crosses a link: both switches have it, and both ends carry it in one framing."""
        a, b = framing(self.end(link.a), vlan), framing(self.end(link.b), vlan)
        return (
            a is not None and a is b and all(has_vlan(self.network.devices[end[0]], vlan) for end in (link.a, link.b))
        )

    def can_carry(self, link: Link, vlan: int) -> bool:
        """Whether a VLAN crosses a link or would after its trunks were extended; nothing else about it is changed.

        An access port of another VLAN, a port that is shut or has BPDU guard, and trunks of which only one has the
        VLAN as its native one stay as they are: somebody wanted them so.
        """
        ends = (self.end(link.a), self.end(link.b))
        if any(port is not None and (not port.enabled or port.bpduguard) for port in ends):
            return False
        modes = [port.switching if port is not None else None for port in ends]
        if any(isinstance(mode, AccessMode) for mode in modes):
            return all(isinstance(mode, AccessMode) and mode.vlan == vlan for mode in modes)
        natives = {mode.native_vlan == vlan for mode in modes if isinstance(mode, TrunkMode)}
        return len(natives) <= 1

    def is_trunk(self, link: Link) -> bool:
        """Whether both ends are trunks that are enabled."""
        ends = (self.end(link.a), self.end(link.b))
        return all(port is not None and port.enabled and isinstance(port.switching, TrunkMode) for port in ends)

    def segment(self, switch: str, vlan: int, *, avoiding: frozenset[str] = frozenset()) -> frozenset[str]:
        """The switches that a VLAN reaches from one of them, itself included whether it has the VLAN or not.

        Those in `avoiding` are as if they were not there.
        """
        return self._reach(switch, lambda link: not {link.a[0], link.b[0]} & avoiding and self.carries(link, vlan))

    def area(self, switch: str) -> frozenset[str]:
        """The switches that cables join to one of them, whatever these carry; no router is on the way."""
        return self._reach(switch, lambda _: True)

    def segments(self, vlan: int) -> tuple[frozenset[str], ...]:
        """The parts that a VLAN is in, each as the ids of the switches that have it; in the order of their names."""
        left = {switch: None for switch in self.by_name(self.links) if has_vlan(self.network.devices[switch], vlan)}
        parts = []
        while left:
            part = self.segment(next(iter(left)), vlan)
            parts.append(part)
            left = {switch: None for switch in left if switch not in part}
        return tuple(parts)

    def path(self, sources: Iterable[str], goals: Iterable[str], vlan: int) -> tuple[Link, ...] | None:
        """The links from one of the sources to one of the goals that a VLAN crosses, or can; None where there are none.

        It has the fewest links; of several the one whose switches come first by name, of several links between two
        switches one that carries the VLAN already, else one that is a trunk, else the first by its ports.
        """
        wanted = frozenset(goals)
        came_by: dict[str, Link | None] = dict.fromkeys(self.by_name(sources))
        waiting = deque(came_by)
        while waiting:
            switch = waiting.popleft()
            if switch in wanted:
                return _unwound(came_by, switch)
            for link, other in self._onward(switch, vlan):
                if other not in came_by:
                    came_by[other] = link
                    waiting.append(other)
        return None

    def _reach(self, switch: str, crosses: Callable[[Link], bool]) -> frozenset[str]:
        reached = {switch}
        waiting = [switch]
        while waiting:
            here = waiting.pop()
            for link in self.links.get(here, ()):
                other = far_switch(link, here)
                if other not in reached and crosses(link):
                    reached.add(other)
                    waiting.append(other)
        return frozenset(reached)

    def _onward(self, switch: str, vlan: int) -> list[tuple[Link, str]]:
        steps = [(link, far_switch(link, switch)) for link in self.links[switch] if self.can_carry(link, vlan)]
        return sorted(
            steps,
            key=lambda step: (
                self.name(step[1]),
                step[1],
                not self.carries(step[0], vlan),
                not self.is_trunk(step[0]),
                _by_ports(step[0]),
            ),
        )


def far_switch(link: Link, switch: str) -> str:
    """The device at the other end of a link."""
    return link.b[0] if link.a[0] == switch else link.a[0]


def _unwound(came_by: Mapping[str, Link | None], goal: str) -> tuple[Link, ...]:
    links: list[Link] = []
    switch = goal
    while (link := came_by[switch]) is not None:
        links.append(link)
        switch = far_switch(link, switch)
    return tuple(reversed(links))


def _by_ports(link: Link) -> tuple[object, ...]:
    return (link.a[0], interface_sort_key(link.a[1]), link.b[0], interface_sort_key(link.b[1]))
