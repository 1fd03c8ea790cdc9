"""What passes through the ports of a device: counted as a function of the time that their links were up.

Nothing runs in the background: how long each link was up is noted when it changes, and what was sent in that time
follows from it. What one end sends is what the other receives.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from math import cos, tau
from typing import TYPE_CHECKING, Final

from cimnet_nornir.lab.links import has_carrier, is_bundled, is_shut, members, peer_of
from cimnet_nornir.lab.names import type_of

if TYPE_CHECKING:
    from cimnet_nornir.lab.device import Device

# Rates are those of the last five minutes.
_WINDOW: Final = 300.0
# A switch says hello every two seconds, and somebody asks for an address now and then.
_MULTICAST_SECONDS: Final = 2.0
_BROADCAST_SECONDS: Final = 11.0


@dataclass(frozen=True, slots=True)
class Tally:
    """What was counted in one direction; packets contain multicasts and broadcasts."""

    packets: int = 0
    octets: int = 0
    multicasts: int = 0
    broadcasts: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.packets + other.packets,
            self.octets + other.octets,
            self.multicasts + other.multicasts,
            self.broadcasts + other.broadcasts,
        )

    def __sub__(self, other: "Tally") -> "Tally":
        return Tally(
            self.packets - other.packets,
            self.octets - other.octets,
            self.multicasts - other.multicasts,
            self.broadcasts - other.broadcasts,
        )


@dataclass(frozen=True, slots=True)
class Rate:
    """Packets and bits a second."""

    packets: int = 0
    bits: int = 0

    def __add__(self, other: "Rate") -> "Rate":
        return Rate(self.packets + other.packets, self.bits + other.bits)


@dataclass(frozen=True, slots=True)
class Counted:
    """An interface's counters: what it received and sent, how fast at the moment, and when it was cleared last."""

    received: Tally = Tally()
    sent: Tally = Tally()
    receiving: Rate = Rate()
    sending: Rate = Rate()
    cleared: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Source:
    """How much one end of a cable sends: on average so many packets a second of so many octets, now more, now less."""

    packets: float
    size: int
    swing: float
    period: float
    phase: float

    def sent(self, seconds: float) -> Tally:
        """What was sent in the first so many seconds; never less for more of them."""
        turn = tau / self.period
        wave = self.swing / turn * (cos(self.phase) - cos(turn * seconds + self.phase))
        packets = self.packets * (seconds + wave)
        return Tally(
            int(packets),
            int(packets * self.size),
            int(seconds / _MULTICAST_SECONDS),
            int(seconds / _BROADCAST_SECONDS),
        )

    def rate(self, seconds: float) -> Rate:
        """The average over the window that ends then."""
        before = max(0.0, seconds - _WINDOW)
        span = max(1.0, seconds - before)
        passed = self.sent(seconds) - self.sent(before)
        return Rate(round(passed.packets / span), round(8 * passed.octets / span))


_SILENT: Final = _Source(0.0, 0, 0.0, 1.0, 0.0)


@cache
def _source(device: str, port: str) -> _Source:
    """The same for the same end in every lab."""
    draw = hashlib.blake2b(f"{device} {port}".encode(), digest_size=5).digest()
    return _Source(
        packets=10 + 490 * (draw[0] / 255) ** 3,
        size=90 + 4 * draw[1],
        swing=0.2 + 0.5 * draw[2] / 255,
        period=240.0 + 6 * draw[3],
        phase=tau * draw[4] / 256,
    )


class Traffic:
    """The counters of one device."""

    def __init__(self, device: "Device") -> None:
        self._device = device
        self._seconds: dict[str, float] = {}
        self._up: frozenset[str] = frozenset()
        self._noted = device.clock()
        self._cleared: dict[str, Counted] = {}
        # What decides on this device whether its links are up, as it was when they were looked at last.
        self._known: tuple[bool, bool, frozenset[str]] | None = None

    def reset(self) -> None:
        """Count from zero, as after a reload."""
        self._seconds.clear()
        self._cleared.clear()
        self._noted = self._device.clock()
        self._known = None

    def note_links(self) -> None:
        """Links of the device may have come up or gone down; what the other ends counted until now is theirs."""
        device = self._device
        shut = frozenset(port for port in device.declared.interfaces if is_shut(device, port))
        known, self._known = self._known, (device.topology is not None, device.powered, shut)
        if known == self._known:
            # Most lines of a configuration are about something else.
            return
        before = self._up
        self._recount()
        for port in before ^ self._up:
            peer = peer_of(self._device, port)
            if peer is not None:
                peer[0].traffic._recount()  # noqa: SLF001 - of its own class

    def _recount(self) -> None:
        self._seconds = {port: self._seconds_up(port) for port in self._up | self._seconds.keys()}
        self._noted = self._device.clock()
        ports = self._device.declared.interfaces
        self._up = frozenset(port for port in ports if has_carrier(self._device, port))

    def _seconds_up(self, port: str) -> float:
        now = (self._device.clock() - self._noted).total_seconds() if port in self._up else 0.0
        return self._seconds.get(port, 0.0) + now

    def of(self, interface: str) -> Counted:
        """The counters of an interface; a Port-channel has those of its ports, and what is no port counts nothing."""
        now, before = self._all(interface), self._cleared.get(interface, Counted())
        return Counted(
            now.received - before.received, now.sent - before.sent, now.receiving, now.sending, before.cleared
        )

    def clear(self, interface: str) -> None:
        """Count from zero, as after `clear counters`."""
        now = self._all(interface)
        self._cleared[interface] = Counted(now.received, now.sent, cleared=self._device.clock())

    def _all(self, interface: str) -> Counted:
        """What was counted since the device was started."""
        if type_of(interface).name != "Port-channel":
            return self._of_port(interface)
        found = Counted()
        for member in members(self._device, interface):
            own = self._of_port(member)
            up = is_bundled(self._device, member)
            found = Counted(
                found.received + own.received,
                found.sent + own.sent,
                found.receiving + (own.receiving if up else Rate()),
                found.sending + (own.sending if up else Rate()),
            )
        return found

    def _of_port(self, port: str) -> Counted:
        peer = peer_of(self._device, port)
        seconds = self._seconds_up(port)
        here = _source(self._device.declared.name, port)
        there = _source(peer[0].declared.name, peer[1]) if peer else _SILENT
        rates = (there.rate(seconds), here.rate(seconds)) if port in self._up else (Rate(), Rate())
        return Counted(there.sent(seconds), here.sent(seconds), *rates)
