"""Whether a batch may be appended, in plain Python over what the transaction sees; the same for all backends."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from cimnet_nornir.domain.envelope import Append, EventRecord, StoredEvent
from cimnet_nornir.errors import ConcurrencyConflict, ReservationConflict, StoreError
from cimnet_nornir.store.codec import Codec
from cimnet_nornir.store.rows import NO_STREAM, EventRow, LeaseRow, StreamHead, event_hash, lease_lost, time_text

TICK = timedelta(microseconds=1)


class Needs(NamedTuple):
    """What has to be looked up before batches can be judged: streams, event ids, reservation keys and leases."""

    streams: frozenset[str]
    event_ids: frozenset[str]
    keys: frozenset[str]
    leases: frozenset[str]


def needs(batches: Sequence[Append]) -> Needs:
    """Everything the batches touch or mention."""
    records = [record for batch in batches for record in batch.events]
    return Needs(
        frozenset(record.aggregate_id for record in records).union(*(batch.read for batch in batches)),
        frozenset(str(event_id) for record in records for event_id in (record.event_id, record.causation_id)),
        frozenset().union(*(batch.claim for batch in batches), *(batch.release for batch in batches)),
        frozenset().union(*(batch.fence for batch in batches)),
    )


@dataclass(slots=True)
class Admission:
    """Judges batches one after another; each sees what those before it were granted.

    `heads`, `known` (ids of stored events), `owners` and `leases` answer what `needs` asked; `position` and `last_time`
    are those of the last stored event. Afterwards `rows`, `touched`, `claimed` and `released` say what is to be
    written.
    """

    codec: Codec
    roots: Collection[str]
    heads: dict[str, StreamHead]
    known: set[str]
    owners: dict[str, str]
    leases: Mapping[str, LeaseRow]
    position: int
    last_time: datetime | None
    rows: list[EventRow] = field(default_factory=list)
    touched: set[str] = field(default_factory=set)
    claimed: dict[str, tuple[str, int]] = field(default_factory=dict)
    released: set[str] = field(default_factory=set)

    def judge_all(self, batches: Sequence[Append], now: datetime) -> tuple[tuple[StoredEvent, ...] | StoreError, ...]:
        """The stored events of each batch, or why it is refused."""
        return tuple(self._judge(batch, now) for batch in batches)

    def _judge(self, batch: Append, now: datetime) -> tuple[StoredEvent, ...] | StoreError:
        try:
            return self.admit(batch, now)
        except StoreError as refused:
            return refused

    def admit(self, batch: Append, now: datetime) -> tuple[StoredEvent, ...]:
        """Grants the batch or raises, changing nothing, a StoreError that says why not."""
        self._check_fence(batch)
        self._check_reads(batch)
        self._check_versions(batch)
        self._check_ids(batch)
        self._check_reservations(batch)
        states = [self.codec.encode(record) for record in batch.events]
        stored = tuple(self._take(record, state, now) for record, state in zip(batch.events, states, strict=True))
        self._reserve(batch)
        return stored

    def _head(self, stream: str) -> StreamHead:
        return self.heads.get(stream, NO_STREAM)

    def _check_fence(self, batch: Append) -> None:
        """A lease that ran out still counts while nobody else took it."""
        for name, token in batch.fence.items():
            present = self.leases.get(name)
            if present is None or present.token != token:
                raise lease_lost(name, present)

    def _check_reads(self, batch: Append) -> None:
        for stream, version in batch.read.items():
            if self._head(stream).version != version:
                raise _moved_on(stream, version, self._head(stream).version)

    def _check_versions(self, batch: Append) -> None:
        expected: dict[str, int] = {}
        for record in batch.events:
            stream = record.aggregate_id
            last = expected.get(stream)
            if last is None and record.version != self._head(stream).version + 1:
                raise _moved_on(stream, record.version - 1, self._head(stream).version)
            if last is not None and record.version != last + 1:
                raise StoreError(
                    f"stream {stream}: version {record.version} follows {last} in one batch, but versions have no gaps",
                    subject=stream,
                )
            expected[stream] = record.version

    def _check_ids(self, batch: Append) -> None:
        earlier: set[str] = set()
        for record in batch.events:
            event_id, cause = str(record.event_id), str(record.causation_id)
            if event_id in self.known or event_id in earlier:
                raise StoreError(f"an event with id {event_id} is already stored", subject=event_id)
            self._check_cause(record, event_id, cause, earlier)
            earlier.add(event_id)

    def _check_cause(self, record: EventRecord, event_id: str, cause: str, earlier: set[str]) -> None:
        if cause == event_id:
            if record.type not in self.roots:
                raise StoreError(
                    f"{record.type} {event_id} names itself as its cause, as only {', '.join(sorted(self.roots))} may",
                    subject=event_id,
                )
        elif cause not in self.known and cause not in earlier:
            raise StoreError(
                f"{record.type} {event_id} names the cause {cause}, which is no stored event", subject=cause
            )

    def _check_reservations(self, batch: Append) -> None:
        if (batch.claim or batch.release) and not batch.events:
            raise StoreError("a reservation is taken or given back together with an event", subject="")
        for key, owner in batch.release.items():
            holder = self.owners.get(key)
            if holder is not None and holder != owner:
                raise _held(key, holder, f"{owner} cannot give it back")
        for key, owner in batch.claim.items():
            holder = None if key in batch.release else self.owners.get(key)
            if holder is not None and holder != owner:
                raise _held(key, holder, f"{owner} cannot have it")

    def _take(self, record: EventRecord, state: str, now: datetime) -> StoredEvent:
        recorded_at = now if self.last_time is None else max(now, self.last_time + TICK)
        digest = event_hash(self._head(record.aggregate_id).hash, state)
        self.position += 1
        self.last_time = recorded_at
        row = _row(record, state, self.position, time_text(recorded_at), digest)
        self.heads[record.aggregate_id] = StreamHead(record.version, digest)
        self.known.add(row.event_id)
        self.touched.add(record.aggregate_id)
        self.rows.append(row)
        return _stored(record, self.position, recorded_at, digest)

    def _reserve(self, batch: Append) -> None:
        for key in batch.release:
            self.owners.pop(key, None)
            self.claimed.pop(key, None)
            self.released.add(key)
        for key, owner in batch.claim.items():
            if self.owners.get(key) != owner:
                self.owners[key] = owner
                self.claimed[key] = (owner, self.position)


def _moved_on(stream: str, read: int, present: int) -> ConcurrencyConflict:
    return ConcurrencyConflict(f"stream {stream} was read at version {read} and is now at {present}", subject=stream)


def _held(key: str, holder: str, consequence: str) -> ReservationConflict:
    return ReservationConflict(f"{key} is held by {holder}: {consequence}", subject=key, owner=holder)


def _row(record: EventRecord, state: str, position: int, recorded_at: str, digest: str) -> EventRow:
    return EventRow(
        position,
        str(record.event_id),
        record.aggregate_id,
        record.version,
        str(record.correlation_id),
        str(record.causation_id),
        record.type,
        record.event.schema_version,
        recorded_at,
        digest,
        state,
    )


def _stored(record: EventRecord, position: int, recorded_at: datetime, digest: str) -> StoredEvent:
    return StoredEvent(
        event_id=record.event_id,
        aggregate_id=record.aggregate_id,
        version=record.version,
        correlation_id=record.correlation_id,
        causation_id=record.causation_id,
        timestamp=record.timestamp,
        actor=record.actor,
        event=record.event,
        reason=record.reason,
        position=position,
        recorded_at=recorded_at,
        digest=digest,
    )
