"""Stored events and leases as columns, and the hashes that chain events."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import NamedTuple, Never

from cimnet_nornir.errors import ConcurrencyConflict, InvalidValue, LeaseLost

NOTHING: Mapping[str, Never] = MappingProxyType({})


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


class LogEntry(NamedTuple):
    """An event as it is stored, with what goes with it when the log is taken elsewhere.

    `reserves` are the unique keys held since it, with their owners, `blobs` the packed contents that come with it.
    """

    row: EventRow
    reserves: Mapping[str, str] = NOTHING
    blobs: Mapping[str, bytes] = NOTHING


class LeaseRow(NamedTuple):
    """A lease as it is stored; the token tells two leases of one holder apart, and which process took it."""

    name: str
    holder: str
    token: str
    expires_at: str


@dataclass(frozen=True, slots=True)
class LeaseInfo:
    """Who has a lease, or had it last.

    `held`: it has not run out by the store's time. `owner_dead`: the process that took it is known to have died.
    """

    name: str
    holder: str
    token: str
    expires_at: datetime
    held: bool
    owner_dead: bool

    @property
    def free(self) -> bool:
        """Whether it can be taken from here at once."""
        return not self.held or self.owner_dead


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


def lease_lost(name: str, present: LeaseRow | None) -> LeaseLost:
    """What is raised where a lease has another token than its holder's."""
    said = "nobody has it" if present is None else f"{present.holder} took it"
    return LeaseLost(f"the lease {name} is lost: {said}", subject=name)


def with_reservations(rows: Iterable[EventRow], reserved: Iterable[tuple[int, str, str]]) -> Iterator[LogEntry]:
    """The rows as entries; `reserved` are position, key and owner in the order of positions."""
    remaining = iter(reserved)
    next_one = next(remaining, None)
    for row in rows:
        keys: dict[str, str] = {}
        while next_one is not None and next_one[0] <= row.position:
            keys[next_one[1]] = next_one[2]
            next_one = next(remaining, None)
        yield LogEntry(row, keys)
