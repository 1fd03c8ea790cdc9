"""The kinds of argument an IOS command takes, each read from the text where it stands."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import IPv6Address, IPv6Interface
from types import MappingProxyType
from typing import Final

from cimnet_nornir.lab.names import split_interface


@dataclass(frozen=True, slots=True)
class Read:
    """A value in its canonical form and how many characters of the line it took."""

    value: str
    length: int


@dataclass(frozen=True, slots=True)
class Wrong:
    """The offset of the first character that does not fit."""

    offset: int = 0


Reader = Callable[[str], Read | Wrong]
_TOKEN: Final = re.compile(r"\S+")
_LIST: Final = re.compile(r"\d+(?:-\d+)?(?:,\d+(?:-\d+)?)*(?=\s|$)")
_RANGE: Final = re.compile(r"(\d+)-(\d+)")


def token_of(text: str) -> str:
    """The characters up to the next blank."""
    found = _TOKEN.match(text)
    return found[0] if found else ""


def read_argument(kind: str, text: str) -> Read | Wrong:
    """Read one argument of `kind` (a name of READERS, or a range such as `1-4094`) from the start of `text`."""
    reader = READERS.get(kind)
    return reader(text) if reader else _number(kind, text)


def dotted(text: str) -> tuple[int, ...] | None:
    """The four octets of an address, None when it is none."""
    parts = text.split(".")
    octets = tuple(int(part) for part in parts if part.isdecimal() and len(part) <= 3)
    return octets if len(octets) == len(parts) == 4 and max(octets) <= 255 else None


def _number(kind: str, text: str) -> Read | Wrong:
    bounds = _RANGE.fullmatch(kind)
    if bounds is None:
        raise LookupError(kind)
    token = token_of(text)
    if not token.isdecimal() or not int(bounds[1]) <= int(token) <= int(bounds[2]):
        return Wrong(len(token) - len(token.lstrip("0123456789")) if not token.isdecimal() else 0)
    return Read(str(int(token)), len(token))


def _word(text: str) -> Read | Wrong:
    token = token_of(text)
    return Read(token, len(token))


def _line(text: str) -> Read | Wrong:
    return Read(text.rstrip(), len(text))


def _address(text: str) -> Read | Wrong:
    token = token_of(text)
    octets = dotted(token)
    if octets is not None:
        return Read(".".join(map(str, octets)), len(token))
    offset = 0
    for part in token.split(".")[:4]:
        if not part.isdecimal() or int(part) > 255:
            break
        offset += len(part) + 1
    return Wrong(min(offset, len(token)))


def _prefix(text: str) -> Read | Wrong:
    token = token_of(text)
    address, slash, length = token.partition("/")
    if dotted(address) is None or not slash or not length.isdecimal() or int(length) > 32:
        return Wrong()
    return Read(token, len(token))


def _mask(text: str) -> Read | Wrong:
    """A mask, or its length behind a slash."""
    token = token_of(text)
    if token.startswith("/"):
        return Read(token, len(token)) if token[1:].isdecimal() and int(token[1:]) <= 32 else Wrong(1)
    return _address(text)


def _ipv6(text: str) -> Read | Wrong:
    """An IPv6 address as IOS shows it: shortened, in capitals."""
    token = token_of(text)
    try:
        return Read(str(IPv6Address(token)).upper(), len(token))
    except ValueError:
        return Wrong()


def _ipv6_prefix(text: str) -> Read | Wrong:
    token = token_of(text)
    try:
        shown = str(IPv6Interface(token)).upper() if "/" in token else ""
    except ValueError:
        return Wrong()
    return Read(shown, len(token)) if shown else Wrong()


def _host(text: str) -> Read | Wrong:
    token = token_of(text)
    if re.fullmatch(r"[0-9.]+", token):
        return _address(text)
    return Read(token, len(token)) if re.fullmatch(r"[A-Za-z0-9._:-]+", token) else Wrong()


def _interface(text: str) -> Read | Wrong:
    parts = split_interface(text)
    if parts is None:
        return Wrong()
    kind, number, length = parts
    if text[length : length + 1].strip():
        return Wrong(length)
    return Read(kind + number, length)


def _vlans(text: str) -> Read | Wrong:
    found = _LIST.match(text)
    if found is None:
        token = token_of(text)
        return Wrong(len(token) - len(token.lstrip("0123456789,-")))
    return Read(found[0], found.end())


def _area(text: str) -> Read | Wrong:
    token = token_of(text)
    if token.isdecimal() and int(token) < 2**32:
        return Read(str(int(token)), len(token))
    return _address(text)


def _decimal(text: str) -> Read | Wrong:
    token = token_of(text)
    return Read(token, len(token)) if re.fullmatch(r"\d+(\.\d+)?", token) else Wrong()


def _name(text: str) -> Read | Wrong:
    """A word that does not begin with a digit or a sign."""
    token = token_of(text)
    return Read(token, len(token)) if token[:1].isalpha() else Wrong()


READERS: Final[Mapping[str, Reader]] = MappingProxyType(
    {
        "word": _word,
        "name": _name,
        "line": _line,
        "ip": _address,
        "prefix": _prefix,
        "mask": _mask,
        "ipv6": _ipv6,
        "ipv6prefix": _ipv6_prefix,
        "host": _host,
        "interface": _interface,
        "vlans": _vlans,
        "area": _area,
        "decimal": _decimal,
    }
)
