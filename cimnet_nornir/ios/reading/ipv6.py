"""IPv6 as a configuration tells it: of the device, and of its interfaces."""

import re
from typing import Any

from cimnet_nornir.domain.features.ipv6 import Ipv6, Ipv6Address, Ipv6NeighborDiscovery, Ipv6Routing
from cimnet_nornir.ios.reading.draft import Draft
from cimnet_nornir.ios.reading.interface_settings import add_if_said, number_or_word
from cimnet_nornir.ios.reading.interfaces import interfaces
from cimnet_nornir.ios.reading.said import Said
from cimnet_nornir.ios.tree import Config

_ADDRESS = re.compile(r"ipv6 address (?P<address>\S+/\d+)(?: (?P<form>eui-64|anycast))?")
_LINK_LOCAL = re.compile(r"(?P<address>\S+) link-local")
_PREFIX = re.compile(r"(?P<prefix>\S+/\d+)(?: (?P<valid>\d+) (?P<preferred>\d+))?(?P<hidden> no-advertise)?")


def read(config: Config, draft: Draft) -> None:
    """Take in IPv6 of the device and of each interface."""
    if Said.of(config.nodes).has("ipv6 unicast-routing"):
        draft.add(Ipv6Routing)
    for name, said in interfaces(config):
        for match in (match for line in said.lines if (match := _ADDRESS.fullmatch(line))):
            draft.add(Ipv6Address, interface=name, **match.groupdict())
        plain = _plain(said)
        if plain:
            draft.add(Ipv6, interface=name, **plain)
        add_if_said(draft, Ipv6NeighborDiscovery, name, _discovery(said))


def _plain(said: Said) -> dict[str, Any]:
    link_local = next((m["address"] for line in said.each("ipv6 address") if (m := _LINK_LOCAL.fullmatch(line))), None)
    found: dict[str, Any] = {"link_local": link_local} if link_local else {}
    lines = {"enabled": "ipv6 enable", "autoconfig": "ipv6 address autoconfig", "dhcp": "ipv6 address dhcp"}
    found |= {field: True for field, line in lines.items() if said.has(line)}
    return found | {option: False for option in ("redirects", "unreachables") if said.has(f"no ipv6 {option}")}


def _discovery(said: Said) -> dict[str, Any]:
    numbers = {
        "dad_attempts": "dad attempts",
        "ns_interval": "ns-interval",
        "reachable_time": "reachable-time",
        "interval": "ra interval",
        "lifetime": "ra lifetime",
    }
    found: dict[str, Any] = {field: number_or_word(said.after(f"ipv6 nd {words}")) for field, words in numbers.items()}
    found |= {
        "managed": said.has("ipv6 nd managed-config-flag"),
        "other": said.has("ipv6 nd other-config-flag"),
        "router_preference": said.after("ipv6 nd router-preference"),
        "suppress": _suppressed(said),
        "prefixes": tuple(_prefixes(said)) or None,
    }
    return found


def _suppressed(said: Said) -> str | None:
    if said.has("ipv6 nd ra suppress all"):
        return "all"
    return "periodic" if said.has("ipv6 nd ra suppress") else None


def _prefixes(said: Said) -> list[dict[str, Any]]:
    matches = (match for line in said.each("ipv6 nd prefix") if (match := _PREFIX.fullmatch(line)))
    return [
        {
            "prefix": match["prefix"],
            "valid": number_or_word(match["valid"]),
            "preferred": number_or_word(match["preferred"]),
            "advertised": match["hidden"] is None,
        }
        for match in matches
    ]
