"""Whether access lists still let SSH in to a device: the part of the lock-out rule that looks at what is filtered.

Where the operator comes from is not known. So a list that lets nobody in any more is an error, and one that lets fewer
in is a warning. A packet to the device is filtered where it comes in; what the device itself sends is not filtered by a
list for what goes out ("Cisco IOS Security Configuration Guide", access lists), so `access_group_out` does not matter.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address

from cimnet_nornir.domain.access_lists import AccessList, AclRule, Packet
from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.interfaces import is_loopback
from cimnet_nornir.domain.validation.findings import Problem
from cimnet_nornir.domain.validation.segments import Attached, attached, by_segment
from cimnet_nornir.domain.validation.view import NetworkView, Placed

_SSH = 22
# A client's port is one of those that IANA keeps free for it (RFC 6335: 49152 to 65535).
_CLIENT_PORT = 50_000
# The first addresses of hosts on either side of 127.0.0.0/8 (RFC 1122): a host sends from none below or in between.
_FIRST_SOURCES = (1 << 24, 128 << 24)
_LOOPBACK = 127
_MULTICAST = 224 << 24
_HIGHEST = 2**32 - 1

Run = tuple[int, int, AclRule]
"""A rule that says something of SSH, with the address of its sources and the bits that count; ints, for there are many
sources to ask for."""


def access_cut(before: NetworkView, after: NetworkView, old: Placed, new: Placed) -> Iterator[Problem]:
    """What access lists take from SSH (tcp 22) to the management address.

    SSH comes in by the interface of the address, unless that is a loopback; by the interfaces of a routing device that
    face another router; and where that is none, by any. An error: the interface of the address, or all of them, let no
    source in any more. A warning: one of them lets fewer in.
    """
    was, now = _doors(before, old), _doors(after, new)
    passages = [
        passage_of(name, was[earlier], now[name])
        for name in now
        if (earlier := old.interface if name == new.interface else name) in was and was[earlier] != now[name]
    ]
    cut = [passage for passage in passages if passage.lost is not None]
    all_shut = bool(cut) and all(door.shut for door in now.values())
    for passage in cut:
        shut = passage.now.shut and (all_shut or passage.interface == new.interface)
        yield passage.shut_problem(new.device) if shut else passage.fewer_problem(new.device)


@dataclass(frozen=True, slots=True)
class Passage:
    """An interface by which SSH comes in, before and after; `lost` is a source that came in and does not any more."""

    interface: str
    was: "Door"
    now: "Door"
    lost: int | None

    def shut_problem(self, device: Device) -> Problem:
        message = f"{self._what} lets no source reach {self._ssh}, by which {device.name} is managed: {self._why}"
        return Problem(device.name, self.interface, message, f"a permit of tcp to {self.now.target} eq 22")

    def fewer_problem(self, device: Device) -> Problem:
        message = f"{self._what} lets fewer sources reach {self._ssh}, by which {device.name} is managed: {self._why}"
        right = "a permit for the addresses from which it is managed"
        return Problem(device.name, self.interface, message, right, severity="warning")

    @property
    def _what(self) -> str:
        return f"access list {self.now.acl.name if self.now.acl else ''}"

    @property
    def _ssh(self) -> str:
        return f"SSH (tcp {_SSH}) at {self.now.target}"

    @property
    def _why(self) -> str:
        """The entry by which a source is out: the one that denies it, else the one that permitted it and is gone."""
        source = _FIRST_SOURCES[0] if self.lost is None else self.lost
        if (deny := _deciding(self.now.runs, source)) is not None:
            return f"entry {deny.sequence} denies {deny.source}"
        if (permit := _deciding(self.was.runs, source)) is not None and self.was.acl is not None:
            return f"entry {permit.sequence} of {self.was.acl.name} permitted {permit.source} before, and none does now"
        return "no entry permits the others, and no list stood there before"


def passage_of(interface: str, was: "Door", now: "Door") -> Passage:
    """The passage by an interface, with a source that is lost where there is one."""
    runs, earlier = now.runs, was.runs
    points = sorted({*_turns(earlier), *_turns(runs)})
    lost = (each for each in points if was.opens(earlier, each) and not now.opens(runs, each))
    return Passage(interface, was, now, next(lost, None))


# --- by which interfaces SSH comes in ---------------------------------------------------------------------------------


def _doors(network: NetworkView, managed: Placed) -> Mapping[str, "Door"]:
    device = managed.device
    own = () if is_loopback(managed.interface) else (managed.interface,)
    facing = network.remember(_facing_routers).get(device.id, ()) if device.routes_packets else ()
    names = dict.fromkeys((*own, *facing)) or _open_interfaces(device)
    return {name: Door(_filter(device, name), managed.address.ip) for name in names}


def _facing_routers(network: NetworkView) -> dict[str, list[str]]:
    """By device id, the interfaces with an address in whose segment another device routes."""
    routing = {
        segment: {item.placed.device.id for item in items if item.placed.device.routes_packets}
        for segment, items in network.remember(by_segment).items()
    }
    found: dict[str, list[str]] = {}
    for item in network.remember(attached):
        if routing[item.segment] not in (set(), {item.placed.device.id}):
            _add(found, item)
    return found


def _add(found: dict[str, list[str]], item: Attached) -> None:
    names = found.setdefault(item.placed.device.id, [])
    if item.placed.interface not in names:
        names.append(item.placed.interface)


def _open_interfaces(device: Device) -> Iterable[str]:
    return (
        name for name, item in device.interfaces.items() if item.enabled and item.addresses and not is_loopback(name)
    )


def _filter(device: Device, interface: str) -> AccessList | None:
    name = device.interfaces[interface].access_group_in
    return device.access_lists.get(name) if name is not None else None


# --- which sources a list lets in -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Door:
    """What filters SSH to an address where it comes in: a list, or nothing."""

    acl: AccessList | None
    target: IPv4Address

    @property
    def runs(self) -> tuple[Run, ...]:
        """The rules that say something of SSH to the address, from whatever source."""
        return tuple(
            (int(rule.source.address), _HIGHEST & ~int(rule.source.wildcard), rule)
            for rule in (self.acl.rules if self.acl is not None else ())
            if rule.matches(Packet(rule.source.address, self.target, "tcp", _SSH, _CLIENT_PORT))
        )

    def opens(self, runs: Iterable[Run], source: int) -> bool:
        """Whether it lets a source in; `runs` are its own."""
        rule = _deciding(runs, source)
        return self.acl is None or (rule is not None and rule.action == "permit")

    @property
    def shut(self) -> bool:
        """Whether it surely lets nobody in; it is not sure where a wildcard with holes leaves room for a doubt."""
        runs = self.runs
        if any(self.opens(runs, source) for source in _turns(runs)):
            return False
        return all(rule.action == "deny" for _, _, rule in runs) or all(_is_prefix(rule) for _, _, rule in runs)


def _deciding(runs: Iterable[Run], source: int) -> AclRule | None:
    """The first rule that matches a source, as `permits` of access lists takes it."""
    return next((rule for address, fixed, rule in runs if source & fixed == address), None)


def _turns(runs: Iterable[Run]) -> Iterator[int]:
    """Sources that stand for all: where the answer of a list can turn, along the line of addresses.

    A prefix is one run of addresses, so between its first and the one behind its last nothing changes. Of a wildcard
    with holes only the outermost are looked at.
    """
    yield from _FIRST_SOURCES
    for address, fixed, _ in runs:
        yield from (each for each in (address, (address | _HIGHEST & ~fixed) + 1) if _is_source(each))


def _is_source(address: int) -> bool:
    """Whether a host sends from it: unicast, neither of this network nor the host itself (RFC 1122)."""
    return _FIRST_SOURCES[0] <= address < _MULTICAST and address >> 24 != _LOOPBACK


def _is_prefix(rule: AclRule) -> bool:
    hole = int(rule.source.wildcard) + 1
    return hole & int(rule.source.wildcard) == 0
