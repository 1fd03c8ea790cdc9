"""An entry of an access list in its parts, each in the form in which a device shows it.

After the "Cisco IOS Security Command Reference" (`permit`, `deny`; `permit (IPv6)`).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from cimnet_nornir.domain.access_list_parts import PROTOCOLS
from cimnet_nornir.ios.acl_names import DSCP, ICMP, PORTS, PRECEDENCE

_DOTTED = re.compile(r"\d+\.\d+\.\d+\.\d+")
_PREFIX = re.compile(r"[0-9A-Fa-f:.]+/\d+")
_MOST_PORTS = {"range": 2, "gt": 1, "lt": 1, "eq": 10, "neq": 10}
_VALUED: Mapping[str, Mapping[str, str]] = {
    "dscp": DSCP,
    "precedence": PRECEDENCE,
    "tos": {},
    "time-range": {},
    "reflect": {},
}
# What may stand at the end of an entry, in one order.
_OPTIONS = ("established", "fragments", *_VALUED, "log", "log-input")
_GROUP = "object-group"
_NAMES = {str(number): name for name, number in PROTOCOLS.items()}


@dataclass(slots=True)
class EntryParts:
    """What an entry says. `options` maps flags to nothing and the others to their values."""

    action: str
    protocol: str
    source: str
    source_ports: str = ""
    destination: str = ""
    destination_ports: str = ""
    message: str = ""
    options: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        said = (f"{name} {self.options[name]}".rstrip() for name in _OPTIONS if name in self.options)
        sides = (self.source, self.source_ports, self.destination, self.destination_ports)
        return " ".join(word for word in (self.action, self.protocol, *sides, self.message, *said) if word)


def entry_parts(entry: str, *, ipv6: bool = False) -> EntryParts | None:
    """The parts of a `permit` or `deny` of an extended list; None for a form that is not known here."""
    words = entry.split(" ")
    if len(words) < 4 or words[0] not in ("permit", "deny"):
        return None
    protocol = words[1] if ipv6 else _NAMES.get(words[1], words[1])
    rest = words[2:]
    if protocol == _GROUP:
        protocol = f"{_GROUP} {rest.pop(0)}"
    parts = EntryParts(words[0], protocol, "")
    parts.source = _address(rest)
    parts.source_ports = _ports(rest, protocol)
    parts.destination = _address(rest)
    parts.destination_ports = _ports(rest, protocol)
    if protocol == "icmp":
        parts.message = _message(rest, ipv6=ipv6)
    while rest and parts.destination and _option(rest, parts.options):
        pass
    return parts if parts.source and parts.destination and not rest else None


def address_words(words: list[str]) -> str:
    """An address of an entry, taken from the front of the words: `any`, `host A`, or with its wildcard or prefix."""
    return _address(words)


def _address(words: list[str]) -> str:
    match words[:2]:
        case ["any", *_]:
            del words[:1]
            return "any"
        case ["host" | "object-group" as word, named]:
            del words[:2]
            return f"{word} {named}"
        case [address, wildcard] if _DOTTED.fullmatch(address) and _DOTTED.fullmatch(wildcard):
            del words[:2]
            return _pair(address, wildcard)
        case [prefix, *_] if ":" in prefix and _PREFIX.fullmatch(prefix):
            del words[:1]
            return "any" if prefix == "::/0" else prefix
        case _:
            return ""


def _pair(address: str, wildcard: str) -> str:
    if (address, wildcard) == ("0.0.0.0", "255.255.255.255"):  # noqa: S104 - an address and its wildcard
        return "any"
    return f"host {address}" if wildcard == "0.0.0.0" else f"{address} {wildcard}"  # noqa: S104 - a wildcard


def _ports(words: list[str], protocol: str) -> str:
    most = _MOST_PORTS.get(words[0], 0) if words else 0
    if not most:
        return ""
    names = PORTS.get(protocol, {})
    end = 1
    while end <= most and end < len(words) and _is_port(words[end], names):
        end += 1
    taken, words[:end] = words[:end], []
    return " ".join(names.get(word, word) for word in taken)


def plain_service(text: str) -> str:
    """A service of an object group with its ports and messages as a device shows them."""
    words = text.split(" ")
    protocol = _NAMES.get(words[0], words[0])
    names = PORTS.get(protocol, {}) if len(words) > 1 else {}
    rest = [ICMP.get(" ".join(words[1:]), " ".join(words[1:]))] if protocol == "icmp" else words[1:]
    return " ".join((protocol, *(names.get(word, word) for word in rest))).rstrip()


def _is_port(word: str, names: Mapping[str, str]) -> bool:
    return word.isdecimal() or word in names.values()


def _message(words: list[str], *, ipv6: bool) -> str:
    if not words or words[0] in _OPTIONS:
        return ""
    end = 2 if words[0].isdecimal() and len(words) > 1 and words[1].isdecimal() else 1
    said, words[:end] = " ".join(words[:end]), []
    return said if ipv6 else ICMP.get(said, said)


def _option(words: list[str], options: dict[str, str]) -> bool:
    """Take one option from the front of the words."""
    name = words[0]
    if name in _VALUED and len(words) > 1:
        options[name] = _VALUED[name].get(words[1], words[1])
        del words[:2]
        return True
    if name in _OPTIONS and name not in _VALUED:
        options[name] = ""
        del words[:1]
        return True
    return False
