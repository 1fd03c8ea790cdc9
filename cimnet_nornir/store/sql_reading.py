"""The SQL core's reading side: pages of rows by position, decoded once."""

from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, select

from cimnet_nornir.domain.envelope import StoredEvent
from cimnet_nornir.store.codec import Codec
from cimnet_nornir.store.database import Database
from cimnet_nornir.store.ids import MOST_FOUND, id_prefix
from cimnet_nornir.store.port import Clock, Watch
from cimnet_nornir.store.rows import EventRow, time_text
from cimnet_nornir.store.sql_lookups import begins_with
from cimnet_nornir.store.sql_side import SideTables
from cimnet_nornir.store.tables import STORED_EVENTS, STREAMS

PAGE = 2_000
"""Rows fetched at once: some megabytes at most, and the connection is given back between two pages."""

EVENTS = STORED_EVENTS.c


class SqlReader(SideTables):
    """Reads the log; the writing side is built on it."""

    def __init__(self, database: Database, codec: Codec, clock: Clock) -> None:
        super().__init__(database, clock)
        self._codec = codec

    def read_stream(self, aggregate_id: str, *, after: int = 0, until: int | None = None) -> Iterator[StoredEvent]:
        conditions = [EVENTS.aggregate_id == aggregate_id]
        if until is not None:
            conditions.append(EVENTS.position <= until)
        statement = select(STORED_EVENTS).where(*conditions).order_by(EVENTS.version)
        last = after
        while page := self._page(statement.where(EVENTS.version > last), PAGE):
            yield from map(self._codec.decode, page)
            last = page[-1].version
            if len(page) < PAGE:
                return

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
        conditions = [begins_with(EVENTS.aggregate_id, prefix)] if prefix else []
        if types:
            conditions.append(EVENTS.type.in_(sorted(self._codec.stored_names(types))))
        statement = select(STORED_EVENTS).where(*conditions)
        pages = self._newest_first if newest_first else self._oldest_first
        for page in pages(statement, after, until, limit):
            yield from map(self._codec.decode, page)

    def rows(self, *, after: int = 0) -> Iterator[EventRow]:
        for page in self._oldest_first(select(STORED_EVENTS), after, None, None):
            yield from page

    def _oldest_first(
        self, statement: Select[*tuple[object, ...]], after: int, until: int | None, limit: int | None
    ) -> Iterator[list[EventRow]]:
        statement = statement.order_by(EVENTS.position)
        if until is not None:
            statement = statement.where(EVENTS.position <= until)
        left = limit
        while page := self._page(statement.where(EVENTS.position > after), size := _page_size(left)):
            yield page
            if len(page) < size:
                return
            after = page[-1].position
            left = None if left is None else left - len(page)

    def _newest_first(
        self, statement: Select[*tuple[object, ...]], after: int, until: int | None, limit: int | None
    ) -> Iterator[list[EventRow]]:
        statement = statement.where(EVENTS.position > after).order_by(EVENTS.position.desc())
        below = None if until is None else until + 1
        left = limit
        while page := self._page(
            statement if below is None else statement.where(EVENTS.position < below), _page_size(left)
        ):
            yield page
            below = page[-1].position
            left = None if left is None else left - len(page)

    def _page(self, statement: Select[*tuple[object, ...]], size: int) -> list[EventRow]:
        if size <= 0:
            return []
        with self._database.read() as connection:
            return [EventRow._make(row) for row in connection.execute(statement.limit(size)).all()]

    def _events(self, *conditions: ColumnElement[bool], limit: int | None = None) -> tuple[StoredEvent, ...]:
        statement = select(STORED_EVENTS).where(*conditions)
        pages = self._oldest_first(statement, 0, None, limit)
        return tuple(self._codec.decode(row) for page in pages for row in page)

    def versions(self, prefix: str = "", *, until: int | None = None) -> dict[str, int]:
        statement = select(STREAMS.c.aggregate_id, STREAMS.c.version).where(begins_with(STREAMS.c.aggregate_id, prefix))
        if until is not None:
            statement = (
                select(EVENTS.aggregate_id, func.max(EVENTS.version))
                .where(begins_with(EVENTS.aggregate_id, prefix), EVENTS.position <= until)
                .group_by(EVENTS.aggregate_id)
            )
        with self._database.read() as connection:
            return dict(connection.execute(statement).all())

    def last_positions(self, prefix: str = "", *, until: int | None = None) -> dict[str, int]:
        if until is None:
            # One look into an index for each stream: its events are not gone through.
            last = and_(EVENTS.aggregate_id == STREAMS.c.aggregate_id, EVENTS.version == STREAMS.c.version)
            statement = select(STREAMS.c.aggregate_id, EVENTS.position).select_from(STREAMS.join(STORED_EVENTS, last))
            statement = statement.where(begins_with(STREAMS.c.aggregate_id, prefix))
        else:
            conditions = (begins_with(EVENTS.aggregate_id, prefix), EVENTS.position <= until)
            statement = select(EVENTS.aggregate_id, func.max(EVENTS.position)).where(*conditions)
            statement = statement.group_by(EVENTS.aggregate_id)
        with self._database.read() as connection:
            return dict(connection.execute(statement).all())

    def head(self) -> int:
        with self._database.read() as connection:
            return connection.scalar(select(func.max(EVENTS.position))) or 0

    def position_at(self, moment: datetime) -> int:
        statement = (
            select(EVENTS.position)
            .where(EVENTS.recorded_at <= time_text(moment))
            .order_by(EVENTS.recorded_at.desc())
            .limit(1)
        )
        with self._database.read() as connection:
            return connection.scalar(statement) or 0

    def count_types(self, *, after: int = 0, until: int | None = None) -> dict[str, int]:
        # From the beginning the index of types is gone through, since rows are many times as long. As part of a sum the
        # position lets no database think otherwise.
        place = EVENTS.position if after > 0 else EVENTS.position + 0
        conditions = [place > after, *(() if until is None else (place <= until,))]
        statement = select(EVENTS.type, func.count()).where(*conditions).group_by(EVENTS.type)
        with self._database.read() as connection:
            return self._codec.by_present_name(dict(connection.execute(statement).all()))

    def watch(self) -> AbstractContextManager[Watch]:
        return self._database.watch()

    def find(self, event_id: UUID) -> StoredEvent | None:
        return next(iter(self._events(EVENTS.event_id == str(event_id), limit=1)), None)

    def find_prefix(self, text: str) -> tuple[StoredEvent, ...]:
        start = id_prefix(text)
        return () if start is None else self._events(begins_with(EVENTS.event_id, start), limit=MOST_FOUND)

    def by_correlation(self, correlation_id: UUID) -> tuple[StoredEvent, ...]:
        return self._events(EVENTS.correlation_id == str(correlation_id))

    def by_causation(self, event_id: UUID) -> tuple[StoredEvent, ...]:
        wanted = str(event_id)
        return self._events(EVENTS.causation_id == wanted, EVENTS.event_id != wanted)


def _page_size(left: int | None) -> int:
    return PAGE if left is None else min(left, PAGE)
