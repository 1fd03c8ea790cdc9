"""Devices of which the same is to be said, but for their own names and addresses: so that it is read once."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

# IPv4, and IPv6 by its colons; communities, times of day and numbers are none.
_ADDRESS = re.compile(
    r"(?<![\w.:])(?:\d{1,3}(?:\.\d{1,3}){3}(?!\w|\.\d)"
    r"|(?=[0-9A-Fa-f:]*::|(?:[0-9A-Fa-f]{1,4}:){7})[0-9A-Fa-f:]{2,39}(?![\w.]))"
)
# Of two, nobody knows whether an address is the device's own or a mistake.
_LEAST_WITH_ADDRESSES = 3
_NAME = "\0name\0"
_PLACE = "\0"


@dataclass(frozen=True, slots=True)
class Alike:
    """Names whose texts are the same. `own` gives, by what stands in the first one's, what stands there in each."""

    names: tuple[str, ...]
    own: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class _Text:
    """What is said of one, with marks in the place of its name and of addresses, and these addresses.

    An address that stands in several places has one mark in all of them: devices on which different places share
    theirs are not alike.
    """

    name: str
    frame: str
    addresses: tuple[str, ...]


def alike(texts: Mapping[str, str]) -> tuple[Alike, ...]:
    """The names, each with those of the same text together, in the order of the first of each.

    Addresses may differ where no two of a group have the same at a place, as addresses of their own do: where some
    share one and others another, these are different things to say.
    """
    frames: dict[str, list[_Text]] = {}
    for name, text in texts.items():
        found = _framed(name, text)
        frames.setdefault(found.frame, []).append(found)
    groups = [group for bucket in frames.values() for group in _groups(bucket)]
    order = {name: place for place, name in enumerate(texts)}
    return tuple(map(_alike, sorted(groups, key=lambda group: order[group[0].name])))


def without_own(name: str, text: str) -> str:
    """What is left of a text without its device's name, and without addresses: the same for devices alike."""
    return _framed(name, text).frame


def _framed(name: str, text: str) -> _Text:
    # A name of digits alone would hide numbers of VLANs and ports.
    named = text if name.isdigit() else re.sub(rf"(?<![\w.-]){re.escape(name)}(?![\w-])", _NAME, text)
    addresses = tuple(_ADDRESS.findall(named))
    marks = {address: f"{_PLACE}{number}{_PLACE}" for number, address in enumerate(dict.fromkeys(addresses))}
    return _Text(name, _ADDRESS.sub(lambda match: marks[match[0]], named), addresses)


def _groups(bucket: Sequence[_Text]) -> Iterator[Sequence[_Text]]:
    """Texts of one frame, taken apart at the first place where some, but not all, have the same address."""
    for place in range(len(bucket[0].addresses)):
        by_value: dict[str, list[_Text]] = {}
        for text in bucket:
            by_value.setdefault(text.addresses[place], []).append(text)
        if len(by_value) == 1 or (len(by_value) == len(bucket) >= _LEAST_WITH_ADDRESSES):
            continue
        for part in by_value.values():
            yield from _groups(part)
        return
    yield bucket


def _alike(group: Sequence[_Text]) -> Alike:
    places = zip(*(text.addresses for text in group), strict=True)
    own = {values[0]: values for values in places if len(set(values)) > 1}
    return Alike(tuple(text.name for text in group), own)
