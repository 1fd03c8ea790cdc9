"""The event store in memory: the same rules as on disk, gone with the program."""

import threading
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cimnet_nornir.domain.envelope import Append, StoredEvent
from cimnet_nornir.errors import StoreError, StoreUnavailable
from cimnet_nornir.store.admission import Admission, needs
from cimnet_nornir.store.blobs import blob_name, blob_problems, pack, unpack
from cimnet_nornir.store.codec import Codec
from cimnet_nornir.store.ids import MOST_FOUND, id_prefix
from cimnet_nornir.store.leases import LeaseRows, LeaseTable
from cimnet_nornir.store.memory_observations import MemoryObservations
from cimnet_nornir.store.port import Checkpoint, Clock, ProjectionRow, StoreInfo, VerifyReport, Watch
from cimnet_nornir.store.rows import (
    EventRow,
    LeaseRow,
    LogEntry,
    StreamHead,
    moved_on,
    next_root,
    time_text,
    with_reservations,
)
from cimnet_nornir.store.tables import SCHEMA_VERSION
from cimnet_nornir.store.verify import walk
from cimnet_nornir.store.watching import MemoryWatch

_DEADLINE = 30.0
"""Seconds that a thread waits for its turn."""


class MemoryStore(LeaseTable, MemoryObservations):
    """Keeps rows in lists and dictionaries behind one lock; every read decodes the stored bytes, as on disk."""

    url = "memory:"

    def __init__(self, codec: Codec, *, roots: Collection[str], clock: Clock) -> None:
        super().__init__()
        self._codec = codec
        self._roots = roots
        self._clock = clock
        self._lock = threading.RLock()
        self._appended = threading.Condition(self._lock)
        self._turn = threading.Lock()
        self._rows: list[EventRow] = []
        self._by_id: dict[str, EventRow] = {}
        self._streams: dict[str, list[EventRow]] = {}
        self._reservations: dict[str, tuple[str, int]] = {}
        self._blobs: dict[str, bytes] = {}
        self._projections: dict[str, dict[str, ProjectionRow]] = {}
        self._leases: dict[str, LeaseRow] = {}
        self._checkpoints: list[Checkpoint] = []

    def append(self, batch: Append) -> tuple[StoredEvent, ...]:
        outcome = self.append_all((batch,))[0]
        if isinstance(outcome, StoreError):
            raise outcome
        return outcome

    def append_all(self, batches: Sequence[Append]) -> tuple[tuple[StoredEvent, ...] | StoreError, ...]:
        with self._lock:
            admission = self._admission(batches)
            outcomes = admission.judge_all(batches, self._clock())
            self._keep(admission.rows)
            for key in admission.released:
                self._reservations.pop(key, None)
            self._reservations.update(admission.claimed)
        return outcomes

    def _admission(self, batches: Sequence[Append]) -> Admission:
        wanted = needs(batches)
        last = self._rows[-1] if self._rows else None
        return Admission(
            codec=self._codec,
            roots=self._roots,
            heads={name: self._stream_head(name) for name in wanted.streams if name in self._streams},
            known={event_id for event_id in wanted.event_ids if event_id in self._by_id},
            owners={key: self._reservations[key][0] for key in wanted.keys if key in self._reservations},
            leases={name: self._leases[name] for name in wanted.leases if name in self._leases},
            position=last.position if last else 0,
            last_time=datetime.fromisoformat(last.recorded_at) if last else None,
        )

    def _stream_head(self, name: str) -> StreamHead:
        last = self._streams[name][-1]
        return StreamHead(last.version, last.hash)

    def _keep(self, rows: Iterable[EventRow]) -> None:
        for row in rows:
            self._rows.append(row)
            self._by_id[row.event_id] = row
            self._streams.setdefault(row.aggregate_id, []).append(row)
        self._appended.notify_all()

    def _copy(self) -> list[EventRow]:
        with self._lock:
            return self._rows.copy()

    def read_stream(self, aggregate_id: str, *, after: int = 0, until: int | None = None) -> Iterator[StoredEvent]:
        with self._lock:
            rows = self._streams.get(aggregate_id, [])[max(after, 0) :]
        return (self._codec.decode(row) for row in rows if until is None or row.position <= until)

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
        names = self._codec.stored_names(types)
        rows = self._copy()
        chosen = [
            row
            for row in (reversed(rows) if newest_first else rows)
            if row.position > after
            and (until is None or row.position <= until)
            and row.aggregate_id.startswith(prefix)
            and (not names or row.type in names)
        ]
        return (self._codec.decode(row) for row in chosen[: None if limit is None else max(limit, 0)])

    def versions(self, prefix: str = "", *, until: int | None = None) -> dict[str, int]:
        return {
            row.aggregate_id: row.version
            for row in self._copy()
            if row.aggregate_id.startswith(prefix) and (until is None or row.position <= until)
        }

    def last_positions(self, prefix: str = "", *, until: int | None = None) -> dict[str, int]:
        return {
            row.aggregate_id: row.position
            for row in self._copy()
            if row.aggregate_id.startswith(prefix) and (until is None or row.position <= until)
        }

    def head(self) -> int:
        with self._lock:
            return self._rows[-1].position if self._rows else 0

    def count_types(self, *, after: int = 0, until: int | None = None) -> dict[str, int]:
        rows = (row for row in self._copy() if row.position > after and (until is None or row.position <= until))
        return self._codec.by_present_name(Counter(row.type for row in rows))

    def position_at(self, moment: datetime) -> int:
        limit = time_text(moment)
        return max((row.position for row in self._copy() if row.recorded_at <= limit), default=0)

    @contextmanager
    def watch(self) -> Iterator[Watch]:
        yield MemoryWatch(self._appended, self.head)

    def find(self, event_id: UUID) -> StoredEvent | None:
        row = self._by_id.get(str(event_id))
        return None if row is None else self._codec.decode(row)

    def find_prefix(self, text: str) -> tuple[StoredEvent, ...]:
        start = id_prefix(text)
        if start is None:
            return ()
        found = sorted(row for row in self._copy() if row.event_id.startswith(start))
        return tuple(self._codec.decode(row) for row in found[:MOST_FOUND])

    def by_correlation(self, correlation_id: UUID) -> tuple[StoredEvent, ...]:
        wanted = str(correlation_id)
        return tuple(self._codec.decode(row) for row in self._copy() if row.correlation_id == wanted)

    def by_causation(self, event_id: UUID) -> tuple[StoredEvent, ...]:
        wanted = str(event_id)
        rows = (row for row in self._copy() if row.causation_id == wanted and row.event_id != wanted)
        return tuple(self._codec.decode(row) for row in rows)

    def put_blob(self, data: bytes) -> str:
        digest = blob_name(data)
        with self._lock:
            if digest not in self._blobs:
                self._blobs[digest] = pack(data)
        return digest

    def get_blob(self, digest: str) -> bytes:
        return unpack(digest, self._blobs.get(digest))

    def owner_of(self, key: str) -> str | None:
        held = self._reservations.get(key)
        return None if held is None else held[0]

    def reservations(self) -> dict[str, tuple[str, int]]:
        with self._lock:
            return dict(self._reservations)

    def owners(self, keys: Collection[str]) -> dict[str, str]:
        with self._lock:
            return {key: self._reservations[key][0] for key in keys if key in self._reservations}

    def load_rows(
        self, projection: str, prefix: str = "", *, keys: Collection[str] | None = None
    ) -> dict[str, ProjectionRow]:
        with self._lock:
            table = self._projections.get(projection, {})
            if keys is not None:
                return {key: table[key] for key in keys if key in table}
            return {key: row for key, row in table.items() if key.startswith(prefix)}

    def save_rows(
        self,
        projection: str,
        rows: Mapping[str, ProjectionRow],
        *,
        drop: Collection[str] = (),
        expected: tuple[str, int] | None = None,
    ) -> None:
        with self._lock:
            table = self._projections.setdefault(projection, {})
            if expected is not None:
                mark, position = expected
                found = table[mark].position if mark in table else 0
                if found != position:
                    raise moved_on(projection, mark, position, found)
            for key in drop:
                table.pop(key, None)
            for key, row in rows.items():
                present = table.get(key)
                if present is None or present.position <= row.position:
                    table[key] = row

    def drop_projection(self, projection: str) -> None:
        with self._lock:
            self._projections.pop(projection, None)

    @contextmanager
    def turn(self, name: str) -> Iterator[None]:
        if not self._turn.acquire(timeout=_DEADLINE):
            raise StoreUnavailable(f"the turn {name} is held by another thread", subject=name)
        try:
            yield
        finally:
            self._turn.release()

    @contextmanager
    def lease_rows(self, *, write: bool) -> Iterator[LeaseRows]:  # noqa: ARG002 - one lock for all
        with self._lock:
            yield _LeaseRows(self._leases, self._clock())

    def checkpoint(self) -> Checkpoint:
        with self._lock:
            root = ""
            for row in self._rows:
                root = next_root(root, row.position, row.recorded_at, row.hash)
            made = Checkpoint(self.head(), len(self._rows), root)
            if self._rows and made not in self._checkpoints:
                self._checkpoints.append(made)
            return made

    def info(self) -> StoreInfo:
        rows = self._copy()
        return StoreInfo(
            backend="memory",
            url=self.url,
            events=len(rows),
            streams=len(self._streams),
            head=rows[-1].position if rows else 0,
            first_recorded_at=datetime.fromisoformat(rows[0].recorded_at) if rows else None,
            last_recorded_at=datetime.fromisoformat(rows[-1].recorded_at) if rows else None,
            size_bytes=0,
            schema_version=SCHEMA_VERSION,
            checkpoint=self._checkpoints[-1] if self._checkpoints else None,
        )

    def verify(self, *, kept: Collection[Checkpoint] = ()) -> VerifyReport:
        visitor = walk(self._codec, self._copy(), (*self._checkpoints, *kept))
        return visitor.report(blob_problems(list(self._blobs.items())))

    def rows(self, *, after: int = 0) -> Iterator[EventRow]:
        return (row for row in self._copy() if row.position > after)

    @contextmanager
    def entries(self) -> Iterator[Iterator[LogEntry]]:
        with self._lock:
            rows = self._rows.copy()
            reserved = sorted((position, key, owner) for key, (owner, position) in self._reservations.items())
        yield with_reservations(rows, reserved)

    def restore(self, entries: Iterable[LogEntry]) -> int:
        kept = tuple(entries)
        walk(self._codec, (entry.row for entry in kept)).require_sound()
        with self._lock:
            if self._rows:
                raise StoreError(f"{self.url} already has events: only an empty store can be filled", subject=self.url)
            self._keep(entry.row for entry in kept)
            for entry in kept:
                self._reservations.update({key: (owner, entry.row.position) for key, owner in entry.reserves.items()})
                self._blobs.update(entry.blobs)
        return len(kept)

    def close(self) -> None:
        """Nothing is held open."""


@dataclass(frozen=True, slots=True)
class _LeaseRows:
    """The leases while the lock is held."""

    kept: dict[str, LeaseRow]
    now: datetime

    def find(self, name: str) -> LeaseRow | None:
        return self.kept.get(name)

    def starting_with(self, prefix: str) -> tuple[LeaseRow, ...]:
        return tuple(row for name, row in sorted(self.kept.items()) if name.startswith(prefix))

    def put(self, row: LeaseRow) -> None:
        self.kept[row.name] = row
