"""Words of a line of configuration as arguments are read from them."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final


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
_OCTETS: Final = 4
_LONGEST_OCTET: Final = 3
_HIGHEST_OCTET: Final = 255


def token_of(text: str) -> str:
    """The characters up to the next blank."""
    found = _TOKEN.match(text)
    return found[0] if found else ""


def dotted(text: str) -> tuple[int, ...] | None:
    """The four octets of an address, None when it is none."""
    parts = text.split(".")
    octets = tuple(int(part) for part in parts if part.isdecimal() and len(part) <= _LONGEST_OCTET)
    return octets if len(octets) == len(parts) == _OCTETS and max(octets) <= _HIGHEST_OCTET else None
