"""Network address translation as a configuration tells it."""

import re
from ipaddress import IPv4Network
from typing import Any

from cimnet_nornir.domain.features.nat import NatDestination, NatDynamic, NatPool, NatStatic, NatTimeouts
from cimnet_nornir.ios.reading.draft import Draft
from cimnet_nornir.ios.reading.interface_settings import number_or_word
from cimnet_nornir.ios.reading.said import Said
from cimnet_nornir.ios.tree import Config

_POOL = re.compile(
    r"ip nat pool (?P<name>\S+) (?P<first>\S+) (?P<last>\S+) netmask (?P<mask>\S+)(?: type (?P<type>\S+))?"
)
_SIDE = r"ip nat (?P<side>inside|outside) source "
_DYNAMIC = re.compile(
    rf"{_SIDE}(?P<by>list|route-map) (?P<name>\S+) (?:pool (?P<pool>\S+)|interface (?P<interface>\S+))"
    r"(?: vrf (?P<vrf>\S+))?(?P<match_in_vrf> match-in-vrf)?(?P<overload> overload)?(?P<add_route> add-route)?"
)
_OPTIONS = (
    r"(?: vrf (?P<vrf>\S+))?(?: route-map (?P<route_map>\S+)(?P<reversible> reversible)?)?"
    r"(?P<match_in_vrf> match-in-vrf)?(?P<extendable> extendable)?(?P<no_alias> no-alias)?(?P<no_payload> no-payload)?"
    r"(?P<add_route> add-route)?"
)
_TO = r"(?:(?P<to>\d\S+)|interface (?P<interface>[A-Z]\S+))"
_STATIC = (
    re.compile(rf"{_SIDE}static (?P<local>\d\S+) {_TO}{_OPTIONS}"),
    re.compile(
        rf"{_SIDE}static (?P<protocol>tcp|udp) (?P<local>\d\S+) (?P<local_port>\d+) {_TO} (?P<to_port>\d+){_OPTIONS}"
    ),
    re.compile(rf"{_SIDE}static network (?P<local>\d\S+) {_TO} /(?P<prefix_length>\d+){_OPTIONS}"),
)
_DESTINATION = re.compile(r"ip nat inside destination list (?P<access_list>\S+) pool (?P<pool>\S+)")
_PORT = re.compile(r"ip nat translation port-timeout (?P<protocol>tcp|udp) (?P<port>\d+) (?P<seconds>\d+)")
_FLAGS = ("match_in_vrf", "overload", "add_route", "reversible", "extendable", "no_alias", "no_payload")
_NUMBERS = ("local_port", "to_port", "prefix_length")
_TIMES = {
    "timeout": "timeout",
    "tcp": "tcp-timeout",
    "udp": "udp-timeout",
    "finrst": "finrst-timeout",
    "syn": "syn-timeout",
    "dns": "dns-timeout",
    "icmp": "icmp-timeout",
    "max_entries": "max-entries",
}


def read(config: Config, draft: Draft) -> None:
    """Take in pools before the translations that use them."""
    lines = Said.of(node for node in config.nodes if node.text.startswith("ip nat "))
    for match in (match for line in lines.lines if (match := _POOL.fullmatch(line))):
        fields = {name: match[name] for name in ("name", "first", "last", "type")}
        draft.add(NatPool, **fields, prefix_length=_length(match["mask"]))
    for line in lines.lines:
        if (dynamic := _DYNAMIC.fullmatch(line)) is not None:
            draft.add(NatDynamic, **_fields(dynamic))
        elif (static := next((m for pattern in _STATIC if (m := pattern.fullmatch(line))), None)) is not None:
            draft.add(NatStatic, **_fields(static))
        elif (destination := _DESTINATION.fullmatch(line)) is not None:
            draft.add(NatDestination, **destination.groupdict())
    times: dict[str, Any] = {
        field: number_or_word(lines.after(f"ip nat translation {words}")) for field, words in _TIMES.items()
    }
    ports = (match for line in lines.lines if (match := _PORT.fullmatch(line)))
    times["ports"] = tuple(
        {**each.groupdict(), "port": int(each["port"]), "seconds": int(each["seconds"])} for each in ports
    )
    if any(time not in (None, ()) for time in times.values()):
        draft.add(NatTimeouts, **times)


def _length(mask: str) -> int | None:
    try:
        return IPv4Network(f"0.0.0.0/{mask}").prefixlen
    except ValueError:
        return None


def _fields(match: re.Match[str]) -> dict[str, Any]:
    """The groups that are there, flags as such and numbers as numbers."""
    found: dict[str, Any] = {}
    for name, value in match.groupdict().items():
        if name in _FLAGS:
            found[name] = value is not None
        elif value is not None:
            found[name] = int(value) if name in _NUMBERS else value
    return found
