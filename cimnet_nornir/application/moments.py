"""Moments as people write them: an event number, an event's id, or a time."""

import re
from datetime import UTC, datetime
from uuid import UUID

from cimnet_nornir.domain.envelope import StoredEvent
from cimnet_nornir.errors import InvalidInput, NotFound
from cimnet_nornir.store.port import EventStore

_LEAST_PREFIX = 4
_LONGEST_NUMBER = 20
# The beginning of an id as the commands show it; a time in ISO 8601 of that form has no letter but T, W and Z.
_ID = re.compile(r"(?=[0-9-]*[a-f])[0-9a-f]{8}[0-9a-f-]*", re.IGNORECASE)


def position_of(store: EventStore, when: str) -> int:
    """The position that a moment stands for: digits are an event number, a UUID an event, all else ISO 8601.

    Of a UUID the first eight characters do, where a letter is among them. A time without a zone is local time; a date
    is its first moment. Raises InvalidInput or NotFound.
    """
    text = when.strip()
    if _is_number(text):
        return _numbered(store, int(text))
    if _is_uuid(text) or _ID.fullmatch(text):
        return find_event(store, text).position
    try:
        # Near the ends of the calendar a zone's difference leads out of it.
        moment = datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise InvalidInput(
            f"{when!r} is no moment; write an event number, an event id, or a time like 2026-11-23T14:00",
            subject="at",
        ) from error
    return store.position_at(moment)


def find_event(store: EventStore, text: str) -> StoredEvent:
    """The event that a person means by its number, its id or the beginning of it.

    Raises NotFound, and InvalidInput where several begin so.
    """
    text = text.strip()
    if _is_number(text) and 0 < int(text) <= store.head():
        found = tuple(store.read_all(after=int(text) - 1, until=int(text)))
        if found:
            return found[0]
    if len(text) < _LEAST_PREFIX:
        if _is_number(text):
            raise NotFound(f"there is no event {text}; cimnet history lists them", subject=text)
        raise InvalidInput(f"{text!r} is too short; give at least {_LEAST_PREFIX} characters of the id", subject=text)
    matches = store.find_prefix(text)
    if not matches:
        raise NotFound(f"there is no event {text!r}; cimnet history lists them", subject=text)
    if len(matches) > 1:
        raise InvalidInput(f"{text!r} begins {len(matches)} or more ids; give more of it", subject=text)
    return matches[0]


def _numbered(store: EventStore, number: int) -> int:
    head = store.head()
    if number > head:
        raise NotFound(f"there is no event {number}; the last one is {head}", subject=str(number))
    return number


def _is_number(text: str) -> bool:
    # No longer than Python reads, and no other script's digits.
    return text.isascii() and text.isdigit() and len(text) < _LONGEST_NUMBER


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
