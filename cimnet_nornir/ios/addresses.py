"""Addresses that move: the old interface lets go before the new one takes, since a device refuses an overlap."""

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Interface, IPv4Network, IPv6Interface, IPv6Network

from cimnet_nornir.ios.profiles import interface_kind
from cimnet_nornir.ios.rules import phases
from cimnet_nornir.ios.steps import Draft, Step
from cimnet_nornir.ios.tree import Config, Path, sections


@dataclass(frozen=True, slots=True)
class Address:
    """An address line of an interface; `vrf` is "" for the global table."""

    header: str
    line: str
    vrf: str
    address: IPv4Interface | IPv6Interface

    @property
    def path(self) -> Path:
        return self.header, self.line


def addresses(config: Config) -> Iterator[Address]:
    for node in sections(config, "interface "):
        vrf = next((child.text.split(" ")[-1] for child in node.children if "vrf forwarding " in child.text), "")
        for child in node.children:
            address = _address(child.text)
            if address is not None:
                yield Address(node.text, child.text, vrf, address)


def _address(line: str) -> IPv4Interface | IPv6Interface | None:
    """The address that a line sets; None for another line, and for nonsense, which the device refuses."""
    if not line.startswith(("ip address ", "ipv6 address ")):
        return None
    words = line.split(" ")
    try:
        if words[0] == "ip":
            return IPv4Interface(f"{words[2]}/{words[3]}") if words[2][0].isdigit() else None
        return IPv6Interface(words[2]) if "/" in words[2] else None
    except (ValueError, IndexError):
        return None


def overlap(one: Address, other: Address) -> bool:
    """Whether a device refuses to have both at a time."""
    if one.header == other.header or one.vrf != other.vrf:
        return False
    mine, theirs = one.address.network, other.address.network
    if isinstance(mine, IPv4Network):
        return isinstance(theirs, IPv4Network) and mine.overlaps(theirs)
    return isinstance(theirs, IPv6Network) and mine.overlaps(theirs)


def released(running: Config, intended: Config, formerly: Config | None = None) -> tuple[Address, ...]:
    """Running addresses that overlap with one that another interface is to get and that do not stay where they are.

    An interface of a kind that is not modelled (a tunnel) lets go of nothing unless intent has it, or had it. With a
    primary address go the secondary ones of its interface: a device keeps none without it.
    """
    have, want = tuple(addresses(running)), tuple(addresses(intended))
    stays = {(address.header, address.line, address.vrf) for address in want}
    there = {(address.header, address.line, address.vrf) for address in have}
    arriving = [address for address in want if (address.header, address.line, address.vrf) not in there]
    sides = (intended, *((formerly,) if formerly is not None else ()))
    ours = {node.text for side in sides for node in sections(side, "interface ")}
    moving = [
        old
        for old in have
        if (old.header, old.line, old.vrf) not in stays
        and (old.header in ours or interface_kind(old.header.removeprefix("interface ")) != "other")
        and any(overlap(old, new) for new in arriving)
    ]
    bare = {address.header for address in moving if _is_primary(address)}
    gone = set(moving)
    return tuple(
        address
        for address in have
        if address in gone or (address.header in bare and isinstance(address.address, IPv4Interface))
    )


def _is_primary(address: Address) -> bool:
    return isinstance(address.address, IPv4Interface) and not address.line.endswith(" secondary")


def release_drafts(moving: tuple[Address, ...]) -> Iterator[Draft]:
    """The steps that take the addresses away, secondary ones first."""
    headers = list(dict.fromkeys(address.header for address in moving))
    for address in moving:
        order = (phases.RELEASE, headers.index(address.header), 1 if _is_primary(address) else 0)
        step = Step((address.header,), f"no {address.line}", address.path, adds=False)
        yield Draft(order, step)
