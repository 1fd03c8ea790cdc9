"""The parts of an entry of an access list as arguments: addresses, ports, and what may stand at its end."""

import re
from collections.abc import Iterator, Mapping
from ipaddress import AddressValueError, IPv6Address
from types import MappingProxyType
from typing import Final

from cimnet_nornir.lab.features.acl_names import ICMP6_NAMES, ICMP_NAMES
from cimnet_nornir.lab.tokens import Read, Reader, Wrong, dotted, token_of

_WORD: Final = re.compile(r"\S+\s*")
_PORT_NAME: Final = re.compile(r"[a-z][a-z0-9-]*")
# These words begin what follows the ports.
_NOT_A_PORT: Final = frozenset(
    {"any", "host", "established", "dscp", "precedence", "tos", "fragments", "time-range", "log", "log-input"}
    | {"reflect", "object-group", "eq", "neq", "gt", "lt", "range"}
)
_FLAGS: Final = frozenset({"established", "fragments", "log", "log-input"})
_WITH_VALUE: Final = frozenset({"dscp", "precedence", "tos", "time-range", "reflect"})
DSCP_NAMES: Final = {"46": "ef", "0": "default"} | {str(8 * n): f"cs{n}" for n in range(1, 8)} | {
    str(8 * n + 2 * m): f"af{n}{m}" for n in range(1, 5) for m in range(1, 4)
}  # fmt: skip
PRECEDENCE_NAMES: Final = dict(
    zip(
        map(str, range(8)),
        ("routine", "priority", "immediate", "flash", "flash-override", "critical", "internet", "network"),
        strict=True,
    )
)
_NAMES: Final[Mapping[str, Mapping[str, str]]] = {"dscp": DSCP_NAMES, "precedence": PRECEDENCE_NAMES}
# How many ports an operator takes.
_MOST: Final = {"range": 2, "gt": 1, "lt": 1, "eq": 10, "neq": 10}
_HIGHEST_PORT: Final = 65535
_HIGHEST_TYPE: Final = 255


def _words(text: str) -> Iterator[tuple[str, int]]:
    """Each word, and where the blanks behind it end."""
    yield from ((found[0].rstrip(), found.end()) for found in _WORD.finditer(text))


def _address(text: str) -> Read | Wrong:
    """`any`, `host A`, an object group, or an address and its wildcard, as IOS shows them."""
    words = list(_words(text))[:2]
    first = words[0][0].lower() if words else ""
    if first == "any":
        return Read("any", len(first))
    if len(words) < 2:
        return Wrong()
    second, start = words[1][0], words[0][1]
    if first == "object-group":
        return Read(f"{first} {second}", start + len(second))
    wildcard = dotted(second)
    if (first != "host" and not dotted(first)) or wildcard is None:
        return Wrong(start if first == "host" or dotted(first) else 0)
    return Read(_pair(first, second), start + len(second))


def _pair(address: str, wildcard: str) -> str:
    if address == "host" or wildcard == "0.0.0.0":  # noqa: S104 - a wildcard
        return f"host {wildcard if address == 'host' else address}"
    return "any" if wildcard == "255.255.255.255" else f"{address} {wildcard}"


def _ipv6_address(text: str) -> Read | Wrong:
    """`any`, `host A`, or a prefix."""
    words = list(_words(text))[:2]
    first = words[0][0].lower() if words else ""
    if first == "any":
        return Read("any", len(first))
    host = first == "host" and len(words) > 1
    word, start = (words[1][0], words[0][1]) if host else (first, 0)
    address, slash, length = word.partition("/")
    try:
        shown = str(IPv6Address(address)).upper()
    except AddressValueError:
        return Wrong(start)
    if host:
        return Wrong(start) if slash else Read(f"host {shown}", start + len(word))
    return Read(f"{shown}/{length}", len(word)) if length.isdecimal() else Wrong()


def _ports(text: str) -> Read | Wrong:
    """An operator and its ports: `eq` and `neq` take several."""
    words = list(_words(text))
    operator = words[0][0] if words else ""
    most = _MOST.get(operator, 0)
    taken = [word for word, _ in words[1 : 1 + most]]
    ports = taken[: next((i for i, word in enumerate(taken) if not _is_port(word)), len(taken))]
    least = 2 if operator == "range" else 1
    if not most or len(ports) < least:
        return Wrong(words[len(ports)][1] if most and len(words) > len(ports) else 0)
    end = words[len(ports) - 1][1] + len(words[len(ports)][0])
    return Read(" ".join((operator, *ports)), end)


def _is_port(word: str) -> bool:
    if word.isdecimal():
        return int(word) <= _HIGHEST_PORT
    return word not in _NOT_A_PORT and _PORT_NAME.fullmatch(word) is not None


def _options(text: str) -> Read | Wrong:
    """What may stand at the end of an entry, in any order; each in the name that IOS shows."""
    words = list(_words(text))
    said: list[str] = []
    while len(said) < len(words):
        word, start = words[len(said)][0], words[len(said) - 1][1] if said else 0
        if word in _FLAGS:
            said.append(word)
        elif word in _WITH_VALUE and len(words) > len(said) + 1:
            value = words[len(said) + 1][0]
            said += [word, _NAMES.get(word, {}).get(value, value)]
        else:
            return Wrong(start)
    return Read(" ".join(said), len(text.rstrip())) if said else Wrong()


def _standard(text: str) -> Read | Wrong:
    """The source of a standard list: an address may stand alone."""
    found = _address(text)
    if isinstance(found, Read):
        return Read(found.value.removeprefix("host "), found.length)
    token = token_of(text)
    return Read(token, len(token)) if dotted(token) else found


def _message(text: str) -> Read | Wrong:
    """A message of ICMP by name or by type and code; the name where there is one."""
    words = list(_words(text))[:2]
    first = words[0][0].lower() if words else ""
    if first in ICMP_NAMES.values():
        return Read(first, len(first))
    if not first.isdecimal() or int(first) > _HIGHEST_TYPE:
        return Wrong()
    code = words[1][0] if len(words) > 1 and words[1][0].isdecimal() else ""
    number = " ".join(word for word in (first, code) if word)
    return Read(ICMP_NAMES.get(number, number), words[0][1] + len(code) if code else len(first))


def _message6(text: str) -> Read | Wrong:
    token = token_of(text)
    return Read(token, len(token)) if token in ICMP6_NAMES else Wrong()


ACL_READERS: Final[Mapping[str, Reader]] = MappingProxyType(
    {
        "acl-source": _standard,
        "acl-address": _address,
        "acl-ipv6": _ipv6_address,
        "acl-ports": _ports,
        "acl-message": _message,
        "acl-message6": _message6,
        "acl-options": _options,
    }
)
