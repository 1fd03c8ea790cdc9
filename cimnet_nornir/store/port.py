"""The port of the event store: what every backend offers, and the small values it speaks in."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from cimnet_nornir.domain.envelope import Append, StoredEvent
from cimnet_nornir.errors import StoreError
from cimnet_nornir.store.observations import ObservationTable
from cimnet_nornir.store.rows import EventRow, LeaseInfo, LogEntry

Clock = Callable[[], datetime]
"""Gives the present time, aware of its zone."""


@dataclass(frozen=True, slots=True)
class ProjectionRow:
    """One row of a projection: its bytes and the position of the last event they contain."""

    position: int
    state: bytes


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The whole log up to `position` in two figures: how many events, and a root over all of them (SHA-256, hex).

    Kept outside the store, it shows later whether anything before it was changed or taken away, the tail included.
    """

    position: int
    count: int
    root: str


@dataclass(frozen=True, slots=True)
class StoreInfo:
    """What `cimnet store info` tells; `size_bytes` is 0 for a store in memory, times are None while it is empty."""

    backend: str
    url: str
    events: int
    streams: int
    head: int
    first_recorded_at: datetime | None
    last_recorded_at: datetime | None
    size_bytes: int
    schema_version: int
    checkpoint: Checkpoint | None


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that does not fit; `position` is the event's, or None where no single event is concerned."""

    position: int | None
    message: str


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """The result of walking the whole log; `root` is the root over all events that are there."""

    events: int
    streams: int
    checkpoints: int
    root: str
    problems: tuple[Problem, ...]

    @property
    def ok(self) -> bool:
        """Whether everything fits."""
        return not self.problems


class Lease(Protocol):
    """A named right that one holder has for a limited time."""

    @property
    def name(self) -> str: ...

    @property
    def holder(self) -> str: ...

    @property
    def token(self) -> str:
        """Fences what is appended under it (`Append.fence`); no two leases have the same."""
        ...

    @property
    def expires_at(self) -> datetime:
        """By the store's own time, which need not be this machine's: see `seconds_left`."""
        ...

    @property
    def vacated(self) -> datetime | None:
        """When whoever had it before let go of it, or lost it; None where nobody ever had it."""
        ...

    def seconds_left(self) -> float:
        """Seconds until it runs out, never more than the store grants; 0 when it ran out, was lost or given back.

        Asks nobody and may be called before each line: it counts on a local clock that nobody sets, from before the
        store was last asked.
        """
        ...

    def renew(self) -> None:
        """Extends it by its full length from now; LeaseLost when it ran out and somebody else took it.

        One that ran out and was taken by nobody is extended.
        """
        ...


class Watch(Protocol):
    """Knows when something may have been appended, by whatever program."""

    def wait(self, seconds: float) -> None:
        """Returns as soon as something may have been appended since the last wait, or after so many seconds.

        Never raises on account of the store: reading tells what is wrong with it.
        """
        ...


class EventStore(ObservationTable, Protocol):
    """An append-only log of events in streams, with the tables that must change together with it.

    Safe from several threads; the SQLite backend also from several processes of one host. Errors are StoreError and
    its kinds: StoreUnavailable for anything the medium does, UnknownEventType while reading.
    """

    @property
    def url(self) -> str:
        """Where the store is, with a password masked."""
        ...

    def append(self, batch: Append) -> tuple[StoredEvent, ...]:
        """Appends all of it or nothing; durable when it returns.

        Raises ConcurrencyConflict when a stream has another version than the batch read or expects,
        ReservationConflict when a key is another's, LeaseLost when another took a lease of its fence, StoreUnavailable
        when the medium fails, and StoreError when an event names a cause that is not stored (an earlier event of the
        same batch counts as stored).
        """
        ...

    def append_all(self, batches: Sequence[Append]) -> tuple[tuple[StoredEvent, ...] | StoreError, ...]:
        """Appends many batches in one transaction; a refused batch answers with its error and leaves the others be.

        A batch sees what those before it appended. Raises (StoreUnavailable) only when nothing could be written.
        """
        ...

    def read_stream(self, aggregate_id: str, *, after: int = 0, until: int | None = None) -> Iterator[StoredEvent]:
        """One stream in order; `after` is a version (exclusive), `until` a global position (inclusive)."""
        ...

    def read_all(
        self,
        *,
        after: int = 0,
        until: int | None = None,
        limit: int | None = None,
        prefix: str = "",
        types: Collection[str] = (),
        newest_first: bool = False,
    ) -> Iterator[StoredEvent]:
        """Events in the order of their positions, `after` exclusive, `until` inclusive.

        `prefix` is the beginning of the stream's name, `types` are event type names. Read in pages; between two pages
        no transaction is open, and what was appended meanwhile is seen.
        """
        ...

    def versions(self, prefix: str = "", *, until: int | None = None) -> dict[str, int]:
        """The version of every stream whose name begins with `prefix`, as of position `until`."""
        ...

    def last_positions(self, prefix: str = "", *, until: int | None = None) -> dict[str, int]:
        """The position of the last event of every stream whose name begins with `prefix`, as of position `until`."""
        ...

    def head(self) -> int:
        """The highest position; 0 when the store is empty."""
        ...

    def position_at(self, moment: datetime) -> int:
        """The highest position recorded at or before `moment` (which must name its zone); 0 when there is none."""
        ...

    def count_types(self, *, after: int = 0, until: int | None = None) -> dict[str, int]:
        """How many events of each type there are, by type name; `after` exclusive, `until` inclusive.

        Told by an index: no event is read for it.
        """
        ...

    def watch(self) -> AbstractContextManager[Watch]:
        """Watches for appends while the block runs; what is appended once it has begun is not missed."""
        ...

    def find(self, event_id: UUID) -> StoredEvent | None: ...

    def find_prefix(self, text: str) -> tuple[StoredEvent, ...]:
        """Events whose id begins with `text`, as a person types it (any case, hyphens or none); at most ten."""
        ...

    def by_correlation(self, correlation_id: UUID) -> tuple[StoredEvent, ...]:
        """All events of one chain, in order."""
        ...

    def by_causation(self, event_id: UUID) -> tuple[StoredEvent, ...]:
        """All other events that name this one as their cause, in order."""
        ...

    def put_blob(self, data: bytes) -> str:
        """Keeps the bytes once, compressed, and returns their name, `sha256:` and 64 hexadecimal digits."""
        ...

    def get_blob(self, digest: str) -> bytes:
        """The bytes of that name; raises NotFound, or StoreCorrupt when they no longer fit their name."""
        ...

    def owner_of(self, key: str) -> str | None:
        """Who holds the reservation of this key."""
        ...

    def owners(self, keys: Collection[str]) -> dict[str, str]:
        """Of these keys, those that are reserved, each with its owner."""
        ...

    def load_rows(
        self, projection: str, prefix: str = "", *, keys: Collection[str] | None = None
    ) -> dict[str, ProjectionRow]:
        """The rows of a projection whose key begins with `prefix`, or is one of `keys` where they are given, by key."""
        ...

    def save_rows(
        self,
        projection: str,
        rows: Mapping[str, ProjectionRow],
        *,
        drop: Collection[str] = (),
        expected: tuple[str, int] | None = None,
    ) -> None:
        """Writes rows in one transaction, dropping the keys in `drop`; a row is never moved to an earlier position.

        `expected` names a row and the position at which it must still be (0: it is not there), so that of two who
        carry a projection on one is first: raises ConcurrencyConflict, and writes nothing, where it has moved on.
        """
        ...

    def drop_projection(self, projection: str) -> None:
        """Forgets all rows of a projection, which is then rebuilt from events."""
        ...

    def lease(self, name: str, holder: str, *, seconds: float, wait: float = 0.0) -> AbstractContextManager[Lease]:
        """Takes a lease while the block runs, at once also from a process of this host that has died.

        Waits so many seconds for whoever has it to let go; then raises LeaseHeld, which names the holder.
        """
        ...

    def leases(self, prefix: str = "") -> tuple[LeaseInfo, ...]:
        """The leases whose name begins with `prefix`, by name, those that were given back included."""
        ...

    def free_dead(self, prefix: str = "") -> tuple[LeaseInfo, ...]:
        """Lets the leases of this host's dead processes run out now, and returns them as they are then."""
        ...

    def turn(self, name: str) -> AbstractContextManager[None]:
        """Waits until nobody has the turn of that name, and has it while the block runs: for a decision of moments.

        Unlike a lease it costs no write, waits, and ends with its program; a store may have one turn for all names.
        StoreUnavailable where others have it until the store's deadline.
        """
        ...

    def info(self) -> StoreInfo: ...

    def checkpoint(self) -> Checkpoint:
        """The checkpoint over everything there is now, to keep elsewhere."""
        ...

    def verify(self, *, kept: Collection[Checkpoint] = ()) -> VerifyReport:
        """Walks the whole log and tells all that does not fit, with its own checkpoints and those kept elsewhere."""
        ...

    def rows(self, *, after: int = 0) -> Iterator[EventRow]:
        """The events as they are stored, byte for byte, in order."""
        ...

    def entries(self) -> AbstractContextManager[Iterator[LogEntry]]:
        """The events there are at the beginning, byte for byte, in order, with the keys that are reserved since each.

        All of it belongs to one moment. Blobs are read one by one (`get_blob`).
        """
        ...

    def reservations(self) -> dict[str, tuple[str, int]]:
        """Every reserved key with its owner and the position of the event that took it."""
        ...

    def restore(self, entries: Iterable[LogEntry]) -> int:
        """Puts stored events into an empty store in one transaction and returns how many; the hashes must fit.

        Raises StoreCorrupt for the first that does not, and StoreError when the store has events.
        """
        ...

    def close(self) -> None:
        """Closes everything; a closed store is not used again."""
        ...
