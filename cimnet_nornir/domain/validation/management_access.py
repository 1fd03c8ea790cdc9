"""Whether access lists still let SSH in to a device: the part of the lock-out rule that looks at what is filtered.

Where the operator comes from is not known. So a list that lets nobody in any more is an error, and one that lets fewer
in is a warning. A packet to the device is filtered where it comes in; what the device itself sends is not filtered by a
list for what goes out ("Cisco IOS Security Configuration Guide", access lists), so `access_group_out` does not matter.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address

from cimnet_nornir.domain.access_lists import AccessList, AclRule, Packet, permits
from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.interfaces import interface_type
from cimnet_nornir.domain.validation.findings import Problem
from cimnet_nornir.domain.validation.segments import Attached, attached, by_segment
from cimnet_nornir.domain.validation.view import NetworkView, Placed

_SSH = 22
# A client's port is one of those that IANA keeps free for it (RFC 6335: 49152 to 65535).
_CLIENT_PORT = 50_000
# The first addresses of hosts on either side of 127.0.0.0/8 (RFC 1122): a host sends from none below or in between.
_FIRST_SOURCES = (IPv4Address("1.0.0.0"), IPv4Address("128.0.0.0"))
_HIGHEST = 2**32 - 1

Doors = Mapping[str, AccessList | None]
"""The interfaces by which SSH comes in, each with the list that filters it; None where nothing does."""


def access_cut(before: NetworkView, after: NetworkView, old: Placed, new: Placed) -> Iterator[Problem]:
    """What access lists take from SSH (tcp 22) to the management address.

    SSH comes in by the interface of the address, unless that is a loopback; by the interfaces of a routing device that
    face another router; and where that is none, by any. An error: the interface of the address, or all of them, let no
    source in any more. A warning: one of them lets fewer in.
    """
    was, now = _doors(before, old), _doors(after, new)
    passages = [
        Passage(name, was[earlier], now[name], old.address.ip, new.address.ip)
        for name in now
        if (earlier := old.interface if name == new.interface else name) in was
    ]
    cut = [passage for passage in passages if passage.changed and passage.lost]
    all_shut = bool(cut) and all(_is_shut(acl, new.address.ip) for acl in now.values())
    for passage in cut:
        shut = passage.shut and (all_shut or passage.interface == new.interface)
        yield passage.shut_problem(new.device) if shut else passage.fewer_problem(new.device)


@dataclass(frozen=True, slots=True)
class Passage:
    """An interface by which SSH comes in: its list before and after, and the management address before and after."""

    interface: str
    was: AccessList | None
    now: AccessList | None
    old: IPv4Address
    new: IPv4Address

    @property
    def changed(self) -> bool:
        return (self.was, self.old) != (self.now, self.new)

    @property
    def lost(self) -> IPv4Address | None:
        """A source that came in before and does not any more."""
        points = sorted({*_sources(self.was, self.old), *_sources(self.now, self.new)})
        return next((each for each in points if _opens(self.was, each, self.old) and not self._opens_now(each)), None)

    @property
    def shut(self) -> bool:
        return _is_shut(self.now, self.new)

    def _opens_now(self, source: IPv4Address) -> bool:
        return _opens(self.now, source, self.new)

    def shut_problem(self, device: Device) -> Problem:
        message = f"{self._what} lets no source reach SSH (tcp 22) at {self.new}, by which {device.name} is managed"
        return Problem(device.name, self.interface, f"{message}: {self._why}", f"a permit of tcp to {self.new} eq 22")

    def fewer_problem(self, device: Device) -> Problem:
        message = f"{self._what} lets fewer sources reach SSH (tcp 22) at {self.new}, by which {device.name} is managed"
        right = "a permit for the addresses from which it is managed"
        return Problem(device.name, self.interface, f"{message}: {self._why}", right, severity="warning")

    @property
    def _what(self) -> str:
        return f"access list {self.now.name if self.now else ''}"

    @property
    def _why(self) -> str:
        """The entry by which a source is out: the one that denies it, else the one that permitted it and is gone."""
        source = self.lost or _FIRST_SOURCES[0]
        if (deny := _deciding(self.now, source, self.new)) is not None:
            return f"entry {deny.sequence} denies {deny.source}"
        if (permit := _deciding(self.was, source, self.old)) is not None and self.was is not None:
            return f"entry {permit.sequence} of {self.was.name} permitted {permit.source} before, and no entry does now"
        return "no entry permits the others, and no list stood there before"


# --- by which interfaces SSH comes in ---------------------------------------------------------------------------------


def _doors(network: NetworkView, managed: Placed) -> Doors:
    device = managed.device
    own = () if _is_loopback(managed.interface) else (managed.interface,)
    facing = network.remember(_facing_routers).get(device.id, ()) if device.routes_packets else ()
    return {name: _filter(device, name) for name in dict.fromkeys((*own, *facing)) or _open_interfaces(device)}


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
        name for name, item in device.interfaces.items() if item.enabled and item.addresses and not _is_loopback(name)
    )


def _is_loopback(interface: str) -> bool:
    return interface_type(interface) == "Loopback"


def _filter(device: Device, interface: str) -> AccessList | None:
    name = device.interfaces[interface].access_group_in
    return device.access_lists.get(name) if name is not None else None


# --- which sources a list lets in -------------------------------------------------------------------------------------


def _packet(source: IPv4Address, target: IPv4Address) -> Packet:
    return Packet(source, target, "tcp", _SSH, _CLIENT_PORT)


def _opens(acl: AccessList | None, source: IPv4Address, target: IPv4Address) -> bool:
    return acl is None or permits(acl, source, target, "tcp", _SSH, source_port=_CLIENT_PORT)


def _deciding(acl: AccessList | None, source: IPv4Address, target: IPv4Address) -> AclRule | None:
    rules = acl.rules if acl is not None else ()
    return next((rule for rule in rules if rule.matches(_packet(source, target))), None)


def _about(acl: AccessList | None, target: IPv4Address) -> tuple[AclRule, ...]:
    """The rules that say something of SSH to an address, from whatever source."""
    rules = acl.rules if acl is not None else ()
    return tuple(rule for rule in rules if rule.matches(_packet(rule.source.address, target)))


def _sources(acl: AccessList | None, target: IPv4Address) -> Iterator[IPv4Address]:
    """Sources that stand for all: where the answer of a list can turn, along the line of addresses.

    A prefix is one run of addresses, so between its first and the one behind its last nothing changes. Of a wildcard
    with holes it is only the first run that is looked at.
    """
    yield from _FIRST_SOURCES
    for rule in _about(acl, target):
        first = int(rule.source.address)
        behind = (first | int(rule.source.wildcard)) + 1
        yield from (IPv4Address(each) for each in (first, behind) if each <= _HIGHEST and _is_source(IPv4Address(each)))


def _is_source(address: IPv4Address) -> bool:
    """Whether a host sends from it: unicast, neither of this network nor the host itself (RFC 1122)."""
    return _FIRST_SOURCES[0] <= address and not (address.is_loopback or address.is_multicast or address.is_reserved)


def _is_shut(acl: AccessList | None, target: IPv4Address) -> bool:
    """Whether a list surely lets nobody in; it is not sure where a wildcard with holes leaves room for a doubt."""
    permitting = [rule for rule in _about(acl, target) if rule.action == "permit"]
    if acl is None or any(_opens(acl, source, target) for source in _sources(acl, target)):
        return False
    return not permitting or all(_is_run(rule) for rule in _about(acl, target))


def _is_run(rule: AclRule) -> bool:
    hole = int(rule.source.wildcard) + 1
    return hole & int(rule.source.wildcard) == 0
