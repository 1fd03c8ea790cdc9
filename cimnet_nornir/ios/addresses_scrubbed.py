"""Stand-ins for addresses: networks stay networks, neighbours stay neighbours, and nobody can tell which they were.

Two addresses that share their first bits share as many bits afterwards, so that what is in one subnet stays in one.
Which bits are turned depends on a key that is made for one recording and kept nowhere.
"""

import hashlib
import re
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Network, IPv6Address
from typing import Final

_BITS: Final = 32
# The last octet of an address tells nobody anything, and readers know a .1 for a gateway.
_TURNED: Final = 24
# First octets with ranges that mean something by themselves: so many bits of such an address stay as they were.
_RANGES: Final = {10: 8, 100: 10, 169: 16, 172: 12, 192: 16}
_KEPT: Final = tuple(map(IPv4Network, ("0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3")))
_CLASSES: Final = ((1, 126), (128, 191), (192, 223))
_DOTTED: Final = r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?!\.?\d)"
_IPV4: Final = re.compile(rf"(?P<address>{_DOTTED})(?:/(?P<length>\d{{1,2}})\b|(?P<gap> )(?P<mask>{_DOTTED}))?")
_IPV6: Final = re.compile(r"(?<![\w:.])[0-9A-Fa-f:]*:[0-9A-Fa-f:]*:[0-9A-Fa-f:]*(?![\w:.])")


class Addresses:
    """The stand-ins of one recording; `seen` are the addresses that got one."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self.seen: dict[str, str] = {}

    def scrub(self, text: str) -> str:
        """The text with a stand-in for each address; masks and wildcards stay."""
        return _IPV6.sub(lambda match: self._ipv6(match[0]), _IPV4.sub(self._ipv4, text))

    def _ipv4(self, match: re.Match[str]) -> str:
        address, mask, tail = _address(match["address"]), None, ""
        if match["length"]:
            mask, tail = _mask_of(int(match["length"])), f"/{match['length']}"
        elif match["mask"]:
            # "10.0.0.0 255.0.0.0", "10.0.0.0 0.255.255.255"; of two addresses side by side each is one.
            mask = _written_mask(match["mask"])
            tail = f" {match['mask'] if mask is not None else self._alone(match['mask'])}"
        if address is None:
            return match[0]
        return f"{self._stand_in(address, mask)}{tail}"

    def _alone(self, text: str) -> str:
        address = _address(text)
        return text if address is None else self._stand_in(address, None)

    def _stand_in(self, address: IPv4Address, mask: int | None) -> str:
        if any(address in network for network in _KEPT) or (mask is None and _is_mask(int(address))):
            return str(address)
        number = int(address)
        # A network stays one; without a mask the zeros at its end say how long it is.
        kept = mask if mask is not None and not number & ~mask else _octets_of(number)
        found = str(IPv4Address(self._turned(address) & kept & 0xFFFFFFFF))
        self.seen[str(address)] = found
        return found

    def _turned(self, address: IPv4Address) -> int:
        number = int(address)
        first = _RANGES.get(number >> 24, 8)
        result = self._first_octet(number >> 24) << 24 | number & 0xFFFFFF
        for bit in range(first, _TURNED):
            # The first one is always turned: no address stays what it was.
            turned = 1 if bit == first else self._draw(f"{bit}/{number >> (_BITS - bit)}") & 1
            result ^= turned << (_BITS - 1 - bit)
        return result

    def _first_octet(self, octet: int) -> int:
        """Another first octet of the same class; no two get the same."""
        low, high = next((each for each in _CLASSES if each[0] <= octet <= each[1]), (octet, octet))
        usable = [number for number in range(low, high + 1) if number not in _RANGES]
        if octet not in usable:
            return octet
        drawn = sorted(usable, key=lambda number: self._draw(f"octet {number}"))
        # One place on: nothing stays what it was.
        return drawn[(drawn.index(octet) + 1) % len(drawn)]

    def _draw(self, what: str) -> int:
        return int.from_bytes(hashlib.blake2b(what.encode(), key=self._key, digest_size=8).digest(), "big")

    def _ipv6(self, text: str) -> str:
        try:
            address = IPv6Address(text)
        except ValueError:
            return text
        if address.is_unspecified or address.is_loopback or address.is_multicast:
            return text
        if text not in self.seen:
            number = sum(":" in each for each in self.seen) + 1
            self.seen[text] = f"{'FE80' if address.is_link_local else '2001:DB8'}::{number:X}"
        return self.seen[text]


def _address(text: str) -> IPv4Address | None:
    try:
        return IPv4Address(text)
    except ValueError:
        return None


def _mask_of(length: int) -> int | None:
    return (0xFFFFFFFF << (_BITS - length)) & 0xFFFFFFFF if length <= _BITS else None


def _is_mask(number: int) -> bool:
    return number in _MASKS or number ^ 0xFFFFFFFF in _MASKS


def _written_mask(text: str) -> int | None:
    address = _address(text)
    if address is None or not _is_mask(int(address)):
        return None
    number = int(address)
    return number if number in _MASKS else number ^ 0xFFFFFFFF


def _masks() -> Iterator[int]:
    for length in range(_BITS + 1):
        yield (0xFFFFFFFF << (_BITS - length)) & 0xFFFFFFFF


_MASKS: Final = frozenset(_masks())


def _octets_of(number: int) -> int:
    """The mask of the octets before the zeros at the end."""
    for zeros in (24, 16, 8):
        if not number & ((1 << zeros) - 1):
            return (0xFFFFFFFF << zeros) & 0xFFFFFFFF
    return 0xFFFFFFFF
