"""The whole log in order, in the memory of a page: what a walk over it needs to know of the rows before a page."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TypeVar, TypeVarTuple

from sqlalchemy import ColumnElement, Connection, Row, Select, or_, select, tuple_

from cimnet_nornir.store.database import Database
from cimnet_nornir.store.port import Checkpoint, Problem
from cimnet_nornir.store.rows import NO_STREAM, EventRow, StreamHead
from cimnet_nornir.store.tables import CHECKPOINTS, RESERVATIONS, STORED_EVENTS, STREAMS
from cimnet_nornir.store.verify import Walk, head_problem

WALK_PAGE = 1_000
"""Rows at once, while a connection stays in one state of the database."""

T = TypeVar("T")
Columns = TypeVarTuple("Columns")

_EVENTS = STORED_EVENTS.c


def stored_rows(connection: Connection) -> Iterator[EventRow]:
    """Every event in order."""
    return map(EventRow._make, _streamed(connection, select(STORED_EVENTS).order_by(_EVENTS.position)))


def reserved(connection: Connection) -> Iterator[tuple[int, str, str]]:
    """Position, key and owner of every reservation, in the order of positions."""
    columns = RESERVATIONS.c
    ordered = select(columns.position, columns.key, columns.owner).order_by(columns.position, columns.key)
    yield from _streamed(connection, ordered)


def _streamed(connection: Connection, statement: Select[*Columns]) -> Iterator[Row[*Columns]]:
    # With PostgreSQL a cursor of the server: its client would hold all rows otherwise.
    yield from connection.execute(statement, execution_options={"yield_per": WALK_PAGE})


def visit_all(connection: Connection, database: Database, visitor: Walk) -> Iterator[Problem]:
    """Walks over every row, and tells what is wrong with the streams' remembered ends."""
    rows = _streamed(connection, select(*map(database.raw, STORED_EVENTS.columns)).order_by(_EVENTS.position))
    while page := [_decoded(row) for row in islice(rows, WALK_PAGE)]:
        first, last = page[0].position, page[-1].position
        visitor.enter(_heads_before(connection, page, first), _known_before(connection, page, first))
        visitor.expect(_checkpoints(connection, CHECKPOINTS.c.position.between(visitor.last_position + 1, last)))
        for row in page:
            visitor.visit(row)
    visitor.expect(_checkpoints(connection, CHECKPOINTS.c.position > visitor.last_position))
    yield from _stream_problems(connection)


def _decoded(row: Sequence[object]) -> EventRow:
    """Bytes that are no UTF-8 are an event that was tampered with, which is found by its hash."""
    return EventRow._make(value.decode(errors="replace") if isinstance(value, bytes) else value for value in row)


def _checkpoints(connection: Connection, condition: ColumnElement[bool]) -> Iterator[Checkpoint]:
    for row in connection.execute(select(CHECKPOINTS).where(condition)):
        yield Checkpoint(*row)


def _heads_before(connection: Connection, page: Sequence[EventRow], first: int) -> dict[str, StreamHead]:
    """The last row of each of the page's streams before it: by the version that should be its last, or else any."""
    begins: dict[str, int] = {}
    for row in page:
        begins.setdefault(row.aggregate_id, row.version)
    columns = (_EVENTS.aggregate_id, _EVENTS.version, _EVENTS.hash)
    wanted = [(stream, version - 1) for stream, version in begins.items() if version > 1]
    expected = select(*columns).where(tuple_(*columns[:2]).in_(_padded(wanted)), _EVENTS.position < first)
    found = {stream: StreamHead(version, digest) for stream, version, digest in connection.execute(expected)}
    for stream, _ in wanted:
        if stream not in found and (head := _last(connection, stream, _EVENTS.position < first)) != NO_STREAM:
            found[stream] = head
    return found


def _last(connection: Connection, stream: str, *conditions: ColumnElement[bool]) -> StreamHead:
    statement = select(_EVENTS.version, _EVENTS.hash).where(_EVENTS.aggregate_id == stream, *conditions)
    row = connection.execute(statement.order_by(_EVENTS.version.desc()).limit(1)).first()
    return NO_STREAM if row is None else StreamHead(*row)


def _known_before(connection: Connection, page: Sequence[EventRow], first: int) -> set[str]:
    """The ids of events before the page that its events name as their causes."""
    causes = _padded([*{row.causation_id for row in page} - {row.event_id for row in page}])
    statement = select(_EVENTS.event_id).where(_EVENTS.event_id.in_(causes), _EVENTS.position < first)
    return set(connection.scalars(statement))


def _padded(values: list[T]) -> list[T]:
    """As many as a power of two, the last repeated: statements of few lengths are made, kept and understood once."""
    missing = (1 << max(len(values) - 1, 0).bit_length()) - len(values)
    return values + values[-1:] * missing


def _stream_problems(connection: Connection) -> Iterator[Problem]:
    """Streams whose last event is not the one that is remembered."""
    same = STREAMS.c.aggregate_id == _EVENTS.aggregate_id
    ends = (
        select(STREAMS.c.aggregate_id)
        .outerjoin(STORED_EVENTS, same & (STREAMS.c.version == _EVENTS.version))
        .where(or_(_EVENTS.hash.is_(None), _EVENTS.hash != STREAMS.c.hash))
    )
    beyond = (
        select(_EVENTS.aggregate_id)
        .outerjoin(STREAMS, same)
        .where(or_(STREAMS.c.version.is_(None), _EVENTS.version > STREAMS.c.version))
    )
    for stream in sorted({*connection.scalars(ends), *connection.scalars(beyond)}):
        remembered = select(STREAMS.c.version, STREAMS.c.hash).where(STREAMS.c.aggregate_id == stream)
        told = connection.execute(remembered).first()
        yield head_problem(stream, _last(connection, stream), NO_STREAM if told is None else StreamHead(*told))
