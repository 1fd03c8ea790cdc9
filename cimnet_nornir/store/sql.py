"""The event store over SQL: one transaction an append, the same statements under every database."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from itertools import islice

from sqlalchemy import Connection, delete, func, select

from cimnet_nornir.domain.envelope import Append, StoredEvent
from cimnet_nornir.errors import StoreError
from cimnet_nornir.store.admission import Admission, needs
from cimnet_nornir.store.blobs import blob_problems
from cimnet_nornir.store.codec import Codec
from cimnet_nornir.store.database import Database
from cimnet_nornir.store.port import Checkpoint, Clock, StoreInfo, VerifyReport
from cimnet_nornir.store.rows import LogEntry, StreamHead, with_reservations
from cimnet_nornir.store.sql_lookups import (
    INSERT_EVENT,
    chunks,
    heads,
    known,
    last_checkpoint,
    leases,
    owners,
    tail,
    write_checkpoint,
)
from cimnet_nornir.store.sql_reading import EVENTS, SqlReader
from cimnet_nornir.store.sql_walking import WALK_PAGE, reserved, stored_rows, visit_all
from cimnet_nornir.store.tables import BLOBS, CHECKPOINTS, RESERVATIONS, SCHEMA_VERSION, STREAMS
from cimnet_nornir.store.verify import Walk

CHECKPOINT_EVERY = 1_000
"""Positions between two checkpoints that are written by themselves."""


class SqlStore(SqlReader):
    """The store over a Database."""

    def __init__(self, database: Database, codec: Codec, *, roots: Collection[str], clock: Clock) -> None:
        super().__init__(database, codec, clock)
        self._roots = roots
        insert = database.insert(STREAMS)
        self._upsert_head = insert.on_conflict_do_update(
            index_elements=[STREAMS.c.aggregate_id],
            set_={"version": insert.excluded.version, "hash": insert.excluded.hash},
        )

    @property
    def url(self) -> str:
        """Where the store is, with a password masked."""
        return self._database.url

    def append(self, batch: Append) -> tuple[StoredEvent, ...]:
        outcome = self.append_all((batch,))[0]
        if isinstance(outcome, StoreError):
            raise outcome
        return outcome

    def append_all(self, batches: Sequence[Append]) -> tuple[tuple[StoredEvent, ...] | StoreError, ...]:
        if not batches:
            return ()
        with self._database.write() as connection:
            admission, checkpoint = self._admission(connection, batches)
            outcomes = admission.judge_all(batches, self._clock())
            self._keep(connection, admission)
            if admission.position >= checkpoint + CHECKPOINT_EVERY:
                write_checkpoint(connection)
        return outcomes

    def _admission(self, connection: Connection, batches: Sequence[Append]) -> tuple[Admission, int]:
        wanted = needs(batches)
        position, last_time, checkpoint = tail(connection)
        admission = Admission(
            codec=self._codec,
            roots=self._roots,
            heads=heads(connection, wanted.streams),
            known=known(connection, wanted.event_ids),
            owners=owners(connection, wanted.keys),
            leases=leases(connection, wanted.leases),
            position=max(position, checkpoint),
            last_time=None if last_time is None else datetime.fromisoformat(last_time),
        )
        return admission, checkpoint

    def _keep(self, connection: Connection, admission: Admission) -> None:
        if not admission.rows:
            return
        connection.execute(INSERT_EVENT, [row._asdict() for row in admission.rows])
        self._keep_heads(connection, {stream: admission.heads[stream] for stream in admission.touched})
        for keys in chunks(admission.released):
            connection.execute(delete(RESERVATIONS).where(RESERVATIONS.c.key.in_(keys)))
        self._keep_reservations(connection, admission.claimed)
        self._database.announce(connection)

    def _keep_heads(self, connection: Connection, last: Mapping[str, StreamHead]) -> None:
        values = [{"aggregate_id": name, "version": head.version, "hash": head.hash} for name, head in last.items()]
        connection.execute(self._upsert_head, values)

    def _keep_reservations(self, connection: Connection, claimed: Mapping[str, tuple[str, int]]) -> None:
        values = [{"key": key, "owner": owner, "position": at} for key, (owner, at) in claimed.items()]
        if values:
            connection.execute(self._database.insert(RESERVATIONS), values)

    def checkpoint(self) -> Checkpoint:
        with self._database.write() as connection:
            return write_checkpoint(connection)

    def info(self) -> StoreInfo:
        with self._database.read() as connection:
            count, first, last, head = connection.execute(
                select(
                    func.count(), func.min(EVENTS.recorded_at), func.max(EVENTS.recorded_at), func.max(EVENTS.position)
                )
            ).one()
            streams = connection.scalar(select(func.count()).select_from(STREAMS)) or 0
            checkpoint = last_checkpoint(connection)
        return StoreInfo(
            backend=self._database.backend,
            url=self.url,
            events=count,
            streams=streams,
            head=head or 0,
            first_recorded_at=None if first is None else datetime.fromisoformat(first),
            last_recorded_at=None if last is None else datetime.fromisoformat(last),
            size_bytes=self._database.size_bytes(),
            schema_version=SCHEMA_VERSION,
            checkpoint=checkpoint if checkpoint.count else None,
        )

    def verify(self, *, kept: Collection[Checkpoint] = ()) -> VerifyReport:
        visitor = Walk(self._codec)
        visitor.expect(kept)
        with self._database.read() as connection:
            streams = tuple(visit_all(connection, self._database, visitor))
        return visitor.report([*streams, *blob_problems(self._packed_blobs())])

    @contextmanager
    def entries(self) -> Iterator[Iterator[LogEntry]]:
        with self._database.read() as connection:
            yield with_reservations(stored_rows(connection), reserved(connection))

    def restore(self, entries: Iterable[LogEntry]) -> int:
        visitor, remaining = Walk(self._codec), iter(entries)
        with self._database.write() as connection:
            if tail(connection)[0]:
                raise StoreError(f"{self.url} already has events: only an empty store can be filled", subject=self.url)
            while page := list(islice(remaining, WALK_PAGE)):
                self._restore(connection, visitor, page)
            if visitor.events:
                made = Checkpoint(visitor.last_position, visitor.events, visitor.root)
                connection.execute(CHECKPOINTS.insert(), asdict(made))
                self._database.announce(connection)
        return visitor.events

    def _restore(self, connection: Connection, visitor: Walk, page: Sequence[LogEntry]) -> None:
        rows = [entry.row for entry in page]
        streams = {row.aggregate_id for row in rows}
        ids = {event_id for row in rows for event_id in (row.event_id, row.causation_id)}
        visitor.enter(heads(connection, streams), known(connection, ids))
        for row in rows:
            visitor.visit(row)
        visitor.require_sound()
        connection.execute(INSERT_EVENT, [row._asdict() for row in rows])
        self._keep_heads(connection, {stream: visitor.heads[stream] for stream in streams})
        claimed = {key: (owner, entry.row.position) for entry in page for key, owner in entry.reserves.items()}
        self._keep_reservations(connection, claimed)
        blobs = {name: packed for entry in page for name, packed in entry.blobs.items()}
        if blobs:
            insert = self._database.insert(BLOBS).on_conflict_do_nothing()
            connection.execute(insert, [{"digest": name, "data": packed} for name, packed in blobs.items()])

    def close(self) -> None:
        self._database.close()
