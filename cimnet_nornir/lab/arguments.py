"""The kinds of argument an IOS command takes, each read from the text where it stands."""

import re
from collections.abc import Mapping
from ipaddress import AddressValueError, IPv6Address
from types import MappingProxyType
from typing import Final

from cimnet_nornir.lab.acl_arguments import ACL_READERS
from cimnet_nornir.lab.names import split_interface
from cimnet_nornir.lab.qos_arguments import QOS_READERS
from cimnet_nornir.lab.tokens import Read, Reader, Wrong, dotted, token_of

__all__ = ["Read", "Wrong", "dotted", "read_argument", "token_of"]


_LIST: Final = re.compile(r"\d+(?:-\d+)?(?:,\d+(?:-\d+)?)*(?=\s|$)")
_RANGE: Final = re.compile(r"(\d+)-(\d+)")
_VECTOR: Final = re.compile(r"\d{1,10}(?: +\d{1,10}){4}(?=\s|$)")


def read_argument(kind: str, text: str) -> Read | Wrong:
    """Read one argument of `kind` (a name of READERS, or a range such as `1-4094`) from the start of `text`."""
    reader = READERS.get(kind)
    return reader(text) if reader else _number(kind, text)


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


def _peer(text: str) -> Read | Wrong:
    """A BGP neighbour: an address of either kind, or the name of a peer group."""
    token = token_of(text)
    if ":" in token:
        return _ipv6(text)
    return _address(text) if token[:1].isdigit() else _word(text)


def _ipv6(text: str) -> Read | Wrong:
    """An IPv6 address, which IOS shows in capitals and as short as may be."""
    token = token_of(text)
    try:
        return Read(str(IPv6Address(token)).upper(), len(token))
    except AddressValueError:
        return Wrong()


def _ipv6_prefix(text: str) -> Read | Wrong:
    token = token_of(text)
    address, slash, length = token.partition("/")
    found = _ipv6(address)
    if isinstance(found, Wrong) or not slash or not length.isdecimal() or int(length) > 128:
        return Wrong()
    return Read(f"{found.value}/{int(length)}", len(token))


def _numbers(text: str) -> Read | Wrong:
    """Numbers up to the end of the line."""
    words = text.split()
    wrong = next((word for word in words if not word.isdecimal()), None)
    return Read(" ".join(words), len(text)) if wrong is None else Wrong(text.index(wrong))


_OSPF_ROUTES: Final = re.compile(r"(?:(?:internal|external|nssa-external)(?: [12](?!\S))?(?: +|$))+")


def _ospf_routes(text: str) -> Read | Wrong:
    """Kinds of OSPF routes, each external one with its type as IOS shows it."""
    found = _OSPF_ROUTES.match(text)
    if found is None:
        return Wrong()
    kinds = re.sub(r"external(?= |$)(?! [12])", "external 1 external 2", " ".join(found[0].split()))
    return Read(kinds.replace("nssa-external 1 external 2", "nssa-external 1 nssa-external 2"), len(found[0].rstrip()))


def _metric(text: str) -> Read | Wrong:
    """A metric, or by how much it is raised or lowered; EIGRP's has five numbers."""
    found = re.match(r"[+-]?\d+(?: \d+){0,4}(?=\s|$)", text)
    return Wrong() if found is None else Read(found[0], found.end())


def _vector(text: str) -> Read | Wrong:
    """The five parts of an EIGRP metric: bandwidth, delay, reliability, load and MTU."""
    found = _VECTOR.match(text)
    return Read(" ".join(found[0].split()), found.end()) if found else Wrong()


READERS: Final[Mapping[str, Reader]] = MappingProxyType(
    {
        **ACL_READERS,
        **QOS_READERS,
        "word": _word,
        "name": _name,
        "peer": _peer,
        "numbers": _numbers,
        "metric": _metric,
        "ospf-routes": _ospf_routes,
        "ipv6": _ipv6,
        "ipv6-prefix": _ipv6_prefix,
        "vector": _vector,
        "line": _line,
        "ip": _address,
        "prefix": _prefix,
        "mask": _mask,
        "host": _host,
        "interface": _interface,
        "vlans": _vlans,
        "area": _area,
        "decimal": _decimal,
    }
)
