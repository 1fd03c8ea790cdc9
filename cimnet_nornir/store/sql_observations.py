"""The SQL core's table of observations: the latest of each subject are found by an index, however many there are."""

import zlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, delete, exists, func, select, tuple_

from cimnet_nornir.store.database import Database
from cimnet_nornir.store.observations import Observation, most_dropped
from cimnet_nornir.store.rows import time_text
from cimnet_nornir.store.sql_lookups import begins_with
from cimnet_nornir.store.tables import OBSERVATIONS, OBSERVED

_ROW = OBSERVATIONS.c
_LAST = OBSERVED.c
_KEY = (_ROW.subject, _ROW.kind, _ROW.at)


class SqlObservations:
    """Keeps observations; a base of the SQL store."""

    _database: Database

    def observe(self, rows: Sequence[Observation], *, keep: timedelta) -> None:
        if not rows:
            return
        values = [
            {"subject": row.subject, "kind": row.kind, "at": time_text(row.at), "data": zlib.compress(row.data)}
            for row in rows
        ]
        oldest = time_text(max(row.at for row in rows) - keep)
        with self._database.write() as connection:
            connection.execute(self._database.insert(OBSERVATIONS).on_conflict_do_nothing(), values)
            self._remember_last(connection, values)
            _drop(connection, oldest, most_dropped(rows))

    def _remember_last(self, connection: Connection, values: Sequence[Mapping[str, Any]]) -> None:
        newest: dict[tuple[str, str], str] = {}
        for value in values:
            key = (value["subject"], value["kind"])
            newest[key] = max(value["at"], newest.get(key, ""))
        insert = self._database.insert(OBSERVED)
        upsert = insert.on_conflict_do_update(
            index_elements=[_LAST.kind, _LAST.subject],
            set_={"at": insert.excluded.at},
            where=_LAST.at < insert.excluded.at,
        )
        connection.execute(upsert, [{"subject": key[0], "kind": key[1], "at": at} for key, at in newest.items()])

    def latest_observations(
        self, kind: str, prefix: str = "", *, until: datetime | None = None
    ) -> dict[str, Observation]:
        with self._database.read() as connection:
            found = connection.execute(_latest(kind, prefix, until)).all()
        return {row.subject: _observation(row) for row in found}

    def observations(
        self,
        subject: str,
        kind: str,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        newest: int | None = None,
    ) -> tuple[Observation, ...]:
        conditions: list[ColumnElement[bool]] = [_ROW.subject == subject, _ROW.kind == kind]
        conditions += [_ROW.at >= time_text(since)] if since is not None else []
        conditions += [_ROW.at <= time_text(until)] if until is not None else []
        statement = select(OBSERVATIONS).where(*conditions).order_by(_ROW.at.desc()).limit(newest)
        with self._database.read() as connection:
            return tuple(_observation(row) for row in reversed(connection.execute(statement).all()))


def _latest(kind: str, prefix: str, until: datetime | None) -> Select[Any]:
    """One look into an index for each subject: its rows are not gone through."""
    at: Any = _LAST.at
    if until is not None:
        earlier = OBSERVATIONS.alias("earlier")
        same = (earlier.c.subject == _LAST.subject, earlier.c.kind == _LAST.kind, earlier.c.at <= time_text(until))
        at = select(func.max(earlier.c.at)).where(*same).correlate(OBSERVED).scalar_subquery()
    same_row = and_(_ROW.subject == _LAST.subject, _ROW.kind == _LAST.kind, _ROW.at == at)
    chosen = (_LAST.kind == kind, begins_with(_LAST.subject, prefix))
    return select(OBSERVATIONS).select_from(OBSERVED.join(OBSERVATIONS, same_row)).where(*chosen)


def _drop(connection: Connection, oldest: str, most: int) -> None:
    is_last = exists().where(_LAST.subject == _ROW.subject, _LAST.kind == _ROW.kind, _LAST.at == _ROW.at)
    old = select(*_KEY).where(_ROW.at < oldest, ~is_last).order_by(_ROW.at).limit(most)
    connection.execute(delete(OBSERVATIONS).where(tuple_(*_KEY).in_(old)))


def _observation(row: Row[Any]) -> Observation:
    return Observation(row.subject, row.kind, datetime.fromisoformat(row.at), zlib.decompress(row.data))
