"""The SQL core's smaller tables: reservations, blobs, projection rows and leases."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, delete, select

from cimnet_nornir.store.blobs import blob_name, pack, unpack
from cimnet_nornir.store.database import Database
from cimnet_nornir.store.leases import LeaseRows, LeaseTable
from cimnet_nornir.store.port import Clock, ProjectionRow
from cimnet_nornir.store.rows import LeaseRow, moved_on
from cimnet_nornir.store.sql_lookups import begins_with, chunks, leases, owners
from cimnet_nornir.store.sql_observations import SqlObservations
from cimnet_nornir.store.tables import BLOBS, LEASES, PROJECTIONS, RESERVATIONS

BLOB_PAGE = 100
"""Configurations read at once while all of them are verified."""


def _require(connection: Connection, projection: str, key: str, expected: int) -> None:
    row = and_(PROJECTIONS.c.projection == projection, PROJECTIONS.c.key == key)
    present = connection.scalar(select(PROJECTIONS.c.position).where(row)) or 0
    if present != expected:
        raise moved_on(projection, key, expected, present)


class SideTables(LeaseTable, SqlObservations):
    """Everything beside the log itself; the base of the SQL store."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def put_blob(self, data: bytes) -> str:
        digest = blob_name(data)
        with self._database.read() as connection:
            present = connection.scalar(select(BLOBS.c.digest).where(BLOBS.c.digest == digest))
        if present is None:
            self._insert_blob(digest, pack(data))
        return digest

    def _insert_blob(self, digest: str, packed: bytes) -> None:
        with self._database.write() as connection:
            insert = self._database.insert(BLOBS).on_conflict_do_nothing()
            connection.execute(insert, {"digest": digest, "data": packed})

    def get_blob(self, digest: str) -> bytes:
        with self._database.read() as connection:
            packed = connection.scalar(select(BLOBS.c.data).where(BLOBS.c.digest == digest))
        return unpack(digest, packed)

    def _packed_blobs(self) -> Iterator[tuple[str, bytes]]:
        last = ""
        statement = select(BLOBS.c.digest, BLOBS.c.data).order_by(BLOBS.c.digest).limit(BLOB_PAGE)
        while True:
            with self._database.read() as connection:
                page = [(digest, data) for digest, data in connection.execute(statement.where(BLOBS.c.digest > last))]
            yield from page
            if len(page) < BLOB_PAGE:
                return
            last = page[-1][0]

    def owner_of(self, key: str) -> str | None:
        with self._database.read() as connection:
            return connection.scalar(select(RESERVATIONS.c.owner).where(RESERVATIONS.c.key == key))

    def reservations(self) -> dict[str, tuple[str, int]]:
        with self._database.read() as connection:
            rows = connection.execute(select(RESERVATIONS.c.key, RESERVATIONS.c.owner, RESERVATIONS.c.position))
            return {key: (owner, position) for key, owner, position in rows}

    def owners(self, keys: Collection[str]) -> dict[str, str]:
        with self._database.read() as connection:
            return owners(connection, keys)

    def load_rows(
        self, projection: str, prefix: str = "", *, keys: Collection[str] | None = None
    ) -> dict[str, ProjectionRow]:
        key = PROJECTIONS.c.key
        conditions = [begins_with(key, prefix)] if keys is None else [key.in_(chunk) for chunk in chunks(keys)]
        statement = select(key, PROJECTIONS.c.position, PROJECTIONS.c.state).where(
            PROJECTIONS.c.projection == projection
        )
        with self._database.read() as connection:
            return {
                name: ProjectionRow(at, state)
                for condition in conditions
                for name, at, state in connection.execute(statement.where(condition))
            }

    def save_rows(
        self,
        projection: str,
        rows: Mapping[str, ProjectionRow],
        *,
        drop: Collection[str] = (),
        expected: tuple[str, int] | None = None,
    ) -> None:
        values = [
            {"projection": projection, "key": key, "position": row.position, "state": row.state}
            for key, row in rows.items()
        ]
        insert = self._database.insert(PROJECTIONS)
        upsert = insert.on_conflict_do_update(
            index_elements=[PROJECTIONS.c.projection, PROJECTIONS.c.key],
            set_={"position": insert.excluded.position, "state": insert.excluded.state},
            where=PROJECTIONS.c.position <= insert.excluded.position,
        )
        if not values and not drop:
            return
        with self._database.write() as connection:
            if expected is not None:
                _require(connection, projection, *expected)
            for keys in chunks(drop):
                condition = and_(PROJECTIONS.c.projection == projection, PROJECTIONS.c.key.in_(keys))
                connection.execute(delete(PROJECTIONS).where(condition))
            if values:
                connection.execute(upsert, values)

    def drop_projection(self, projection: str) -> None:
        with self._database.write() as connection:
            connection.execute(delete(PROJECTIONS).where(PROJECTIONS.c.projection == projection))

    def turn(self, name: str) -> AbstractContextManager[None]:
        return self._database.turn(name)

    @contextmanager
    def lease_rows(self, *, write: bool) -> Iterator[LeaseRows]:
        with self._database.write() if write else self._database.read() as connection:
            yield _LeaseRows(connection, self._database, self._database.now(connection))


@dataclass(frozen=True, slots=True)
class _LeaseRows:
    """The leases in one transaction; it is of one moment."""

    connection: Connection
    database: Database
    now: datetime

    def find(self, name: str) -> LeaseRow | None:
        return leases(self.connection, (name,)).get(name)

    def starting_with(self, prefix: str) -> tuple[LeaseRow, ...]:
        statement = select(LEASES).where(begins_with(LEASES.c.name, prefix)).order_by(LEASES.c.name)
        return tuple(LeaseRow._make(row) for row in self.connection.execute(statement))

    def put(self, row: LeaseRow) -> None:
        upsert = self.database.insert(LEASES).on_conflict_do_update(
            index_elements=[LEASES.c.name],
            set_={"holder": row.holder, "token": row.token, "expires_at": row.expires_at},
        )
        self.connection.execute(upsert, row._asdict())
