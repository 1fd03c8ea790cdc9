"""Filters that templates may use, all pure: what a site's own lines need and Jinja2 does not have."""

from collections.abc import Callable, Iterable, Mapping
from ipaddress import IPv4Network
from typing import Protocol

from cimnet_nornir.domain.interfaces import format_vlan_list, short_interface
from cimnet_nornir.ios.device_values import wrapped_vlan_list


def netmask(prefix: str) -> str:
    """The mask of a prefix: "10.0.0.0/24" gives "255.255.255.0". Raises ValueError where it is no prefix."""
    return str(IPv4Network(prefix, strict=False).netmask)


def wildcard(prefix: str) -> str:
    """The mask as access lists want it: "10.0.0.0/24" gives "0.0.0.255". Raises ValueError where it is no prefix."""
    return str(IPv4Network(prefix, strict=False).hostmask)


def vlan_list(vlans: Iterable[int]) -> str:
    """VLAN ids as IOS writes them: [10, 11, 12, 20] gives "10-12,20"."""
    return format_vlan_list(vlans)


def vlan_lists(vlans: Iterable[int], words: str) -> tuple[str, ...]:
    """VLAN ids as lists that each fit a line of IOS behind some words; "none" where there is no VLAN."""
    return wrapped_vlan_list(vlans, words) if vlans else ("none",)


class Nested(Protocol):
    """What is told by name, and may be made of others of its kind."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def needs(self) -> tuple[str, ...]:
        """The names of those that it is made of."""


def children_first(items: Iterable[Nested]) -> tuple[Nested, ...]:
    """Those that others are made of before these, else in their order: a device knows no name that is yet to come."""
    named = {item.name: item for item in items}
    found: dict[str, Nested] = {}

    def take(name: str, above: frozenset[str]) -> None:
        if name in named and name not in found and name not in above:
            for child in named[name].needs:
                take(child, above | {name})
            found[name] = named[name]

    for name in named:
        take(name, frozenset())
    return tuple(found.values())


FILTERS: Mapping[str, Callable[..., object]] = {
    "children_first": children_first,
    "netmask": netmask,
    "short_interface": short_interface,
    "vlan_list": vlan_list,
    "vlan_lists": vlan_lists,
    "wildcard": wildcard,
}
