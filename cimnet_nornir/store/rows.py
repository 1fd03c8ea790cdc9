"""A stored event as columns, and the hashes that chain them."""

import hashlib
from datetime import UTC, datetime
from typing import NamedTuple

from cimnet_nornir.errors import ConcurrencyConflict, InvalidValue


class EventRow(NamedTuple):
    """The columns of `stored_events`, in their order; ids in their usual text form, `state` the event as JSON text."""

    position: int
    event_id: str
    aggregate_id: str
    version: int
    correlation_id: str
    causation_id: str
    type: str
    schema_version: int
    recorded_at: str
    hash: str
    state: str


class StreamHead(NamedTuple):
    """The last event of a stream: its version and hash (0 and nothing when there is none)."""

    version: int
    hash: str


NO_STREAM = StreamHead(0, "")


def event_hash(predecessor: str, state: str) -> str:
    """SHA-256 (hex) over the hash of the event before it in the stream (none for the first), a newline, its bytes."""
    return hashlib.sha256(f"{predecessor}\n{state}".encode()).hexdigest()


def next_root(root: str, position: int, recorded_at: str, digest: str) -> str:
    """SHA-256 (hex) that carries the root over the global order on by one event, its position and time included."""
    return hashlib.sha256(f"{root}\n{position} {recorded_at} {digest}".encode()).hexdigest()


def time_text(moment: datetime) -> str:
    """ISO 8601 in UTC with microseconds: always as wide, so that the order of texts is the order of times."""
    if moment.tzinfo is None:
        raise InvalidValue(f"the time {moment.isoformat()} must name its zone", subject="time")
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def moved_on(projection: str, key: str, expected: int, present: int) -> ConcurrencyConflict:
    """What is raised where a projection's row is not where its writer thinks."""
    return ConcurrencyConflict(
        f"projection {projection}: {key} was read at position {expected} and is now at {present}", subject=projection
    )
