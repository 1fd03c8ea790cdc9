"""Cables that nobody declared, matched by addresses: two ports of two devices alone in one subnet are joined."""

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network
from typing import Protocol

from cimnet_nornir.domain.interfaces import interface_type, is_logical
from cimnet_nornir.domain.network import Link
from cimnet_nornir.domain.values import AccessMode, InterfaceConfiguration, PortConfiguration, TrunkMode

_HOST_LENGTH = 32
_MOST_NAMED = 4


class Part(Protocol):
    """What is looked at of a device, one that is there or one that is wanted."""

    @property
    def id(self) -> str: ...

    @property
    def name(self) -> str: ...

    @property
    def ports(self) -> tuple[str, ...]: ...

    @property
    def interfaces(self) -> Mapping[str, InterfaceConfiguration]: ...

    @property
    def switch_ports(self) -> Mapping[str, PortConfiguration]: ...


@dataclass(frozen=True, slots=True)
class Matched:
    """The links that addresses tell of, and in one line each the subnets that leave it open where the cable is."""

    links: frozenset[Link] = frozenset()
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Member:
    """An address in a subnet: its device, interface, and the ports that a cable may be in."""

    device: str
    name: str
    interface: str
    address: IPv4Address
    ports: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.name} {self.interface}"


def match_subnets(
    devices: Iterable[Part],
    taken: Iterable[Link] = (),
    tables: Mapping[tuple[str, str], str] | None = None,
    about: Container[str] | None = None,
) -> Matched:
    """The links between devices whose ports are alone in a subnet; ports of links that are known are left out.

    `tables` names the VRF of an interface, by device id and interface: one subnet may stand in several of them. With
    `about`, only subnets of these devices (ids) are looked at. Nothing is guessed: where more than two are in a subnet
    there is a switch between them, and where a port would have two cables, or an SVI could be behind several ports,
    that is said.
    """
    used = {end for link in taken for end in (link.a, link.b)}
    joined = {frozenset((link.a[0], link.b[0])) for link in taken}
    found: dict[Link, IPv4Network] = {}
    doubts: list[str] = []
    for (_, subnet), members in sorted(_by_subnet(devices, tables or {}).items(), key=lambda item: item[0]):
        ids = {member.device for member in members}
        if len(ids) < 2 or not (about is None or any(device in about for device in ids)):
            continue
        doubt = _doubt(subnet, members)
        if doubt:
            doubts += [doubt] if not _known(members, used, joined) else []
            continue
        link = _link(*members)
        if not {link.a, link.b} & used:
            found.setdefault(link, subnet)
    twice = _ports_of_two(found)
    doubts += [_two_cables(end, links, found) for end, links in sorted(twice.items())]
    wrong = {link for links in twice.values() for link in links}
    return Matched(frozenset(found.keys() - wrong), tuple(doubts))


def _by_subnet(
    devices: Iterable[Part], tables: Mapping[tuple[str, str], str]
) -> dict[tuple[str, IPv4Network], list[_Member]]:
    found: dict[tuple[str, IPv4Network], list[_Member]] = {}
    for device in sorted(devices, key=lambda each: each.id):
        for name, interface in device.interfaces.items():
            ports = _ports(device, name) if interface.enabled else None
            for address in interface.addresses if ports is not None else ():
                if address.network.prefixlen < _HOST_LENGTH and ports is not None:
                    member = _Member(device.id, device.name, name, address.ip, ports)
                    found.setdefault((tables.get((device.id, name), ""), address.network), []).append(member)
    return found


def _ports(device: Part, interface: str) -> tuple[str, ...] | None:
    """The ports that a cable of the interface may be in; None where there is none (a loopback, a tunnel)."""
    parent = interface.partition(".")[0]
    if parent in device.ports:
        return (parent,)
    if interface_type(interface) == "Vlan":
        return tuple(_carrying(device, int(interface.removeprefix("Vlan"))))
    return None if is_logical(parent) else (parent,)


def _carrying(device: Part, vlan: int) -> Iterator[str]:
    """The enabled ports of a switch that a VLAN leaves it by."""
    for name, port in device.switch_ports.items():
        match port.switching:
            case _ if not port.enabled:
                continue
            case AccessMode(vlan=used) if used == vlan:
                yield name
            case TrunkMode(allowed=allowed) if allowed is None or vlan in allowed:
                yield name
            case _:
                continue


def _doubt(subnet: IPv4Network, members: list[_Member]) -> str:
    """Why nobody can say which ports are joined; empty where it is plain."""
    words = _listed(sorted(map(str, members)))
    if len(members) > 2:
        return f"{subnet}: {words} are in it; something is between them"
    one, other = members
    if one.address == other.address:
        return f"{subnet}: {words} have one address, {one.address}"
    unknown = [str(member) for member in members if len(member.ports) != 1]
    return f"{subnet}: {words} are in it; the port behind {' and '.join(unknown)} is not known" if unknown else ""


def _listed(words: list[str]) -> str:
    if len(words) > _MOST_NAMED:
        return f"{', '.join(words[: _MOST_NAMED - 1])} and {len(words) - _MOST_NAMED + 1} more"
    return " and ".join((", ".join(words[:-1]), words[-1]))


def _known(members: list[_Member], used: set[tuple[str, str]], joined: set[frozenset[str]]) -> bool:
    """Whether links that are known tell already where the cables of a subnet are."""
    at_cables = [any((member.device, port) in used for port in member.ports) for member in members]
    return all(at_cables) or frozenset(member.device for member in members) in joined


def _link(one: _Member, other: _Member) -> Link:
    a, b = sorted(((one.device, one.ports[0]), (other.device, other.ports[0])))
    return Link(a, b)


def _ports_of_two(found: Mapping[Link, IPv4Network]) -> dict[tuple[str, str], list[Link]]:
    """The ports that several links would be in."""
    ends: dict[tuple[str, str], list[Link]] = {}
    for link in found:
        ends.setdefault(link.a, []).append(link)
        ends.setdefault(link.b, []).append(link)
    return {end: links for end, links in ends.items() if len(links) > 1}


def _two_cables(end: tuple[str, str], links: list[Link], subnets: Mapping[Link, IPv4Network]) -> str:
    others = sorted(" ".join(link.other_end(*end)) for link in links)
    told = " and ".join(sorted(str(subnets[link]) for link in links))
    return f"{told}: {' '.join(end)} would be cabled to {_listed(others)}; something is between them"
