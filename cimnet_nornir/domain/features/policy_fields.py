"""Fields that BGP, route maps and the lists that they use have in common."""

import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from cimnet_nornir.errors import InvalidValue

# A word of a configuration line; IOS takes longer names in places, and cuts them in others.
_WORD = re.compile(r"[!-~]{1,80}")
_COMMUNITY = re.compile(r"[0-9]{1,5}:[0-9]{1,5}|internet|local-AS|no-advertise|no-export|gshut|none")
_HALF = 65536
_WHOLE = 65536 * 65536


def as_text(value: object) -> object:
    """A number that YAML made of a name is that name."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _word(value: str) -> str:
    if not _WORD.fullmatch(value) or "?" in value:
        raise InvalidValue(f"{value!r} is no name: one word of at most 80 characters, without '?'", subject="name")
    return value


def _community(value: object) -> object:
    """A community as AS and number; the one number that it also is (RFC 1997) is taken, too."""
    text = as_text(value)
    if not isinstance(text, str):
        return text
    if text.isascii() and text.isdecimal() and int(text) < _WHOLE:
        return f"{int(text) // _HALF}:{int(text) % _HALF}"
    parts = text.split(":")
    if not _COMMUNITY.fullmatch(text) or any(part.isdecimal() and int(part) >= _HALF for part in parts):
        raise InvalidValue(
            f"{text!r} is no community: write it like 65001:100, or internet, no-export, no-advertise, local-AS, gshut",
            subject="community",
        )
    return text


def _expression(value: str) -> str:
    text = value.strip()
    if not text or not text.isascii() or not text.isprintable():
        raise InvalidValue("a regular expression is one line of ASCII text", subject="expression")
    return text


def _unique(value: tuple[object, ...]) -> tuple[object, ...]:
    twice = [item for index, item in enumerate(value) if item in value[:index]]
    if twice:
        raise InvalidValue(f"{twice[0]} stands here twice", subject=str(twice[0]))
    return value


def numbered(step: int) -> BeforeValidator:
    """Entries without a sequence number get one: that many more than the entry before them."""

    def fill(value: object) -> object:
        if not isinstance(value, list | tuple):
            return value
        last, filled = 0, []
        for item in value:
            told = {"sequence": last + step, **item} if isinstance(item, Mapping) else item
            sequence = told.get("sequence") if isinstance(told, Mapping) else getattr(told, "sequence", 0)
            last = sequence if isinstance(sequence, int) else last
            filled.append(told)
        return tuple(filled)

    return BeforeValidator(fill)


def _upwards(value: tuple[object, ...]) -> tuple[object, ...]:
    numbers = [getattr(item, "sequence", 0) for item in value]
    wrong = next((after for before, after in pairwise(numbers) if after <= before), None)
    if wrong is not None:
        raise InvalidValue(f"sequence {wrong} is not more than the one before; entries stand in their order")
    return value


IN_ORDER = AfterValidator(_upwards)
UNIQUE = AfterValidator(_unique)
PolicyName = Annotated[str, BeforeValidator(as_text), AfterValidator(_word)]
PolicyNames = Annotated[tuple[PolicyName, ...], UNIQUE]
Community = Annotated[str, BeforeValidator(_community)]
Expression = Annotated[str, BeforeValidator(as_text), AfterValidator(_expression)]
Metric = Annotated[int, Field(ge=0, le=4294967295)]
EntrySequence = Annotated[int, Field(ge=1, le=4294967294)]
