"""Addresses that move: the old interface lets go before the new one takes, since a device refuses an overlap."""

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Interface

from cimnet_nornir.ios.profiles import interface_kind
from cimnet_nornir.ios.rules import phases
from cimnet_nornir.ios.steps import Draft, Step
from cimnet_nornir.ios.tree import Config, Node, sections


@dataclass(frozen=True, slots=True)
class Address:
    """An address line of an interface; `vrf` is "" for the global table."""

    header: str
    line: str
    vrf: str
    address: IPv4Interface


def addresses(config: Config) -> Iterator[Address]:
    for node in sections(config, "interface "):
        vrf = next((child.text.split(" ")[-1] for child in node.children if "vrf forwarding " in child.text), "")
        for child in node.children:
            words = child.text.split(" ")
            if words[:2] == ["ip", "address"] and words[2][0].isdigit():
                try:
                    yield Address(node.text, child.text, vrf, IPv4Interface(f"{words[2]}/{words[3]}"))
                except ValueError:
                    continue  # the device refuses it, and says so


def overlap(one: Address, other: Address) -> bool:
    """Whether a device refuses to have both at a time."""
    return one.header != other.header and one.vrf == other.vrf and one.address.network.overlaps(other.address.network)


def released(running: Config, intended: Config) -> tuple[Address, ...]:
    """Running addresses that overlap with one that another interface is to get and that do not stay where they are.

    An interface of a kind that is not modelled (a tunnel) lets go of nothing unless intent has it. With a primary
    address go the secondary ones of its interface: a device keeps none without it.
    """
    have, want = tuple(addresses(running)), tuple(addresses(intended))
    stays = {(address.header, address.line) for address in want}
    arriving = [address for address in want if (address.header, address.line) not in {(a.header, a.line) for a in have}]
    ours = {node.text for node in sections(intended, "interface ")}
    moving = [
        old
        for old in have
        if (old.header, old.line) not in stays
        and (old.header in ours or interface_kind(old.header.removeprefix("interface ")) != "other")
        and any(overlap(old, new) for new in arriving)
    ]
    bare = {address.header for address in moving if not address.line.endswith(" secondary")}
    return tuple(address for address in have if address in moving or address.header in bare)


def release_drafts(moving: tuple[Address, ...]) -> Iterator[Draft]:
    """The steps that take the addresses away, secondary ones first."""
    headers = list(dict.fromkeys(address.header for address in moving))
    for address in moving:
        secondary = address.line.endswith(" secondary")
        order = (phases.RELEASE, headers.index(address.header), 0 if secondary else 1)
        step = Step((address.header,), f"no {address.line}", (address.header, address.line), adds=False)
        yield Draft(order, step)


def without(config: Config, moved: tuple[Address, ...]) -> Config:
    """The configuration after the addresses have gone."""
    gone = {(address.header, address.line) for address in moved}
    return Config(
        tuple(
            Node(node.text, tuple(child for child in node.children if (node.text, child.text) not in gone))
            for node in config.nodes
        )
    )
