"""What routing processes have in common, as a configuration tells it: silence, filters, routes from elsewhere."""

import re
from collections.abc import Container, Iterator
from ipaddress import IPv4Address, IPv4Network
from typing import Any, Final

from cimnet_nornir.ios.reading.said import Said
from cimnet_nornir.ios.tree import Config

Fields = dict[str, Any]

_FILTER: Final = re.compile(r"(?:(?P<kind>prefix|route-map) )?(?P<name>\S+) (?P<direction>in|out)(?: (?P<at>.+))?")
_LISTS: Final = {"prefix": "prefix_list", "route-map": "route_map", None: "access_list"}
_SOURCE: Final = re.compile(r"(?P<source>(?:bgp|ospf|eigrp) \d+|connected|static|rip)(?P<options>(?: .+)?)")
_FLAGS: Final = frozenset(
    {"always", "subnets", "no-summary", "no-redistribution", "default-information-originate", "not-advertise"}
    | {"external-lsa", "include-stub", "summary-lsa", "permanent"}
)
# The metric of EIGRP is five numbers.
_VECTOR: Final = re.compile(r" metric (\d+) (\d+) (\d+) (\d+) (\d+)")
_ALL: Final = 0xFFFFFFFF
_PARTS: Final = ("bandwidth", "delay", "reliability", "load", "mtu")


def processes(config: Config, header: re.Pattern[str]) -> Iterator[tuple[re.Match[str], Said]]:
    """The sections whose header matches, each with its lines."""
    for node in config.nodes:
        match = header.fullmatch(node.text)
        if match is not None:
            yield match, Said.of(node.children)


def without_nothing(fields: Fields) -> Fields:
    """The fields of which something is said."""
    return {name: value for name, value in fields.items() if value is not None and value not in ((), False)}


def silence(said: Said, *, leave_out: Container[str] = ()) -> Fields:
    """Where a process is silent; interfaces that say so themselves are left out."""
    default = said.has("passive-interface default")
    listed = said.each("no passive-interface" if default else "passive-interface")
    names = tuple(name for name in listed if name not in leave_out)
    told = {"passive_default": default, "active_interfaces" if default else "passive_interfaces": names}
    return without_nothing(told)


def filters(said: Said) -> tuple[Fields, ...]:
    """The lists that filter its routes."""
    matches = (_FILTER.fullmatch(line) for line in said.each("distribute-list"))
    return tuple(
        {_LISTS[match["kind"]]: match["name"], "direction": match["direction"], "at": match["at"]}
        for match in matches
        if match is not None
    )


def redistributed(said: Said) -> Iterator[tuple[str, Fields]]:
    """Each source of routes with its options."""
    for line in said.each("redistribute"):
        match = _SOURCE.fullmatch(line)
        if match is not None:
            yield match["source"], options(match["options"]) or {}


def options(text: str | None) -> Fields | None:
    """Options that follow one another, by name: a word alone, or with what stands behind it; None where none is."""
    if not text:
        return None
    found: Fields = {}
    vector = _VECTOR.search(f" {text.strip()}")
    if vector is not None:
        found["metric"] = dict(zip(_PARTS, vector.groups(), strict=True))
        text = f" {text.strip()}".replace(vector[0], "", 1)
    words = iter(text.split())
    for word in words:
        found[word.replace("-", "_")] = True if word in _FLAGS else _value(next(words, ""))
    return found


def _value(text: str) -> int | str:
    return int(text) if text.isdecimal() else text


def prefix_of(address: str, mask: str) -> IPv4Network | None:
    """The network of an address with a mask; None where it is no such thing."""
    try:
        return IPv4Network(f"{address}/{mask}")
    except ValueError:
        return None


def prefix_within(address: str, wildcard: str) -> IPv4Network | None:
    """The network of an address with a wildcard; None where it is no such thing."""
    try:
        care = int(IPv4Address(wildcard)) ^ _ALL
        length = f"{care:032b}".count("1")
        network = IPv4Network((address, length))
    except ValueError:
        return None
    return network if int(network.netmask) == care else None
