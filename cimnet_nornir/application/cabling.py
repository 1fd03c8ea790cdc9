"""Cabling: what devices hear of one another (CDP, LLDP), laid over the links that are declared."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from cimnet_nornir.application.observations import SeenNeighbor
from cimnet_nornir.domain.interfaces import interface_sort_key, short_interface
from cimnet_nornir.domain.network import Link, Network

Verdict = Literal["ok", "missing", "unexpected", "wrong", "unknown"]
"""What is known of a cable:

- "ok": one end hears the other, as declared
- "missing": declared; both ends were asked, their ports are up, and neither hears the other
- "wrong": an end hears another device or port than is declared
- "unexpected": heard where no link is declared
- "unknown": declared; nothing is heard, and an end was not asked, says nothing of neighbours or is down
"""
FINDINGS: frozenset[Verdict] = frozenset({"missing", "unexpected", "wrong"})

End = tuple[str, str]
"""A device's id and a port of it, or the name and port of somebody who is not in the network."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What was heard at a port: the name and port as they were said, and the device's id where it is known."""

    at: End
    name: str
    port: str
    device: str | None

    @property
    def end(self) -> End:
        """The other end: by its id where it is known."""
        return self.device or self.name, self.port


@dataclass(frozen=True, slots=True)
class Cable:
    """One cable with what is known of it. `b` of a declared link is its other end, else who was heard.

    `heard` is all that was heard at both ends, `reason` says in words what the verdict rests on.
    """

    a: End
    b: End
    declared: bool
    verdict: Verdict
    heard: tuple[Heard, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Listening:
    """What each device that was asked hears, by its id, and its ports that are up.

    `names` are the host names of all devices by their ids, `hostnames` those by which devices call themselves. A device
    that is not in `neighbors` was not asked, or says nothing of neighbours.
    """

    neighbors: Mapping[str, Collection[SeenNeighbor]]
    up: Mapping[str, Collection[str]]
    names: Mapping[str, str]
    hostnames: Mapping[str, str] = field(default_factory=dict)


def cables(network: Network, listening: Listening) -> tuple[Cable, ...]:
    """Every declared link, and everything heard where none is declared, each with its verdict; by their ends."""
    heard = tuple(_all_heard(listening))
    by_end: dict[End, list[Heard]] = {}
    for item in heard:
        by_end.setdefault(item.at, []).append(item)
    judged = [_judge(_Ends(network, listening, by_end, link)) for link in network.links]
    found = (*judged, *_unexpected(heard, judged))
    return tuple(sorted(found, key=lambda cable: (_order(cable.a), _order(cable.b))))


def _order(end: End) -> tuple[str, tuple[str, tuple[int, ...]]]:
    return end[0], interface_sort_key(end[1])


# --- names ------------------------------------------------------------------------------------------------------------


def _all_heard(listening: Listening) -> Iterator[Heard]:
    names = _Names.of(listening)
    for device, neighbors in listening.neighbors.items():
        if device in listening.names:
            # CDP and LLDP tell of the same neighbour: once is enough.
            for port, name, remote in dict.fromkeys((one.port, one.name, one.remote_port) for one in neighbors):
                yield Heard((device, port), name, remote, names.device(name))


@dataclass(frozen=True, slots=True)
class _Names:
    """Lower-case host names to ids: `whole` as they are, `short` without domain where they have one."""

    whole: Mapping[str, str]
    short: Mapping[str, str]

    @classmethod
    def of(cls, listening: Listening) -> "_Names":
        """Names as they are declared, and as a device says it that does not run its declared name yet."""
        said = {
            name.lower(): device for device, name in listening.hostnames.items() if name and device in listening.names
        }
        whole = {**said, **{name.lower(): device for device, name in listening.names.items()}}
        return cls(whole, {_host_part(name): device for name, device in whole.items() if "." in name})

    def device(self, heard: str) -> str | None:
        """The device that calls itself so, with a domain or without; NX-OS adds its serial number in brackets."""
        name = heard.partition("(")[0].strip().lower()
        if "." in name:
            return self.whole.get(name) or self.whole.get(_host_part(name))
        return self.whole.get(name) or self.short.get(name)


def _host_part(name: str) -> str:
    return name.partition(".")[0]


# --- a declared link --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Ends:
    """A declared link, and what its ends hear."""

    network: Network
    listening: Listening
    by_end: Mapping[End, list[Heard]]
    link: Link

    def heard(self, end: End) -> list[Heard]:
        return self.by_end.get(end, [])

    def matches(self, heard: Heard) -> bool:
        """Whether an end hears the other one. A server may name its port otherwise than it is declared."""
        device, port = self.link.other_end(*heard.at)
        if heard.device != device:
            return False
        return heard.port == port or self._names_no_port(heard.port, device)

    def _names_no_port(self, port: str, device: str) -> bool:
        other = self.network.devices[device]
        return other.is_host and port not in other.ports

    def unasked(self, end: End) -> bool:
        """Whether nobody knows anything of the device at an end."""
        return end[0] not in self.listening.neighbors and end[0] not in self.listening.up

    def silent(self, end: End) -> str:
        """Why nothing heard at an end says nothing; empty where it does say something."""
        device, port = end
        if device not in self.listening.neighbors:
            why = "says nothing of neighbours" if device in self.listening.up else "was not asked, or does not answer"
            return f"{self.name(device)} {why}"
        if port not in self.listening.up.get(device, ()):
            return f"{self.words(end)} is not up"
        return ""

    def name(self, device: str) -> str:
        return self.listening.names.get(device, device)

    def words(self, end: End) -> str:
        return f"{self.name(end[0])} {short_interface(end[1])}"


def _judge(ends: _Ends) -> Cable:
    link = ends.link
    heard = (*ends.heard(link.a), *ends.heard(link.b))
    verdict, reason = _verdict(ends, heard)
    return Cable(link.a, link.b, declared=True, verdict=verdict, heard=heard, reason=reason)


def _verdict(ends: _Ends, heard: Iterable[Heard]) -> tuple[Verdict, str]:
    fits = {item.at for item in heard if ends.matches(item)}
    # Where one end hears the right one, others there are behind the same hub or bridge.
    strange = [item for item in heard if item.at not in fits]
    if strange:
        return "wrong", "; ".join(f"{ends.words(item.at)} hears {_said(ends, item)}" for item in strange)
    if fits:
        return "ok", ""
    if ends.unasked(ends.link.a) and ends.unasked(ends.link.b):
        return "unknown", "neither end was asked, or answers"
    silent = [why for end in (ends.link.a, ends.link.b) if (why := ends.silent(end))]
    if silent:
        return "unknown", "; ".join(silent)
    return "missing", "neither end hears the other"


def _said(ends: _Ends, item: Heard) -> str:
    name = ends.name(item.device) if item.device else item.name
    return f"{name} {short_interface(item.port)}".rstrip()


# --- what is not declared ---------------------------------------------------------------------------------------------


def _unexpected(heard: Iterable[Heard], judged: Iterable[Cable]) -> Iterator[Cable]:
    """What is heard at ports without a link; what two hear of one another is one cable."""
    at_links = {end for cable in judged for end in (cable.a, cable.b)}
    told = {frozenset((item.at, item.end)) for cable in judged for item in cable.heard}
    found: dict[frozenset[End], list[Heard]] = {}
    for item in heard:
        ends = frozenset((item.at, item.end))
        if item.at not in at_links and ends not in told:
            found.setdefault(ends, []).append(item)
    for items in found.values():
        yield Cable(items[0].at, items[0].end, declared=False, verdict="unexpected", heard=tuple(items))
