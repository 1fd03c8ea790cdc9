"""What the SQL core needs of a database, and what SQLite and PostgreSQL do alike: a pool that is safe over forks."""

import os
import threading
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Column, ColumnElement, Connection, Engine, Table, inspect, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from cimnet_nornir.errors import StoreError, StoreUnavailable
from cimnet_nornir.store.port import Watch
from cimnet_nornir.store.tables import META, METADATA, SCHEMA_VERSION

LOCKED = "another program keeps it locked"

POOL_SIZE, MOST_MORE = 4, 12
"""Connections that are kept, and those that come and go with many reading threads."""

DEADLINE = 30.0
"""Seconds a write waits for other writers."""


class Database(Protocol):
    """A place with the tables of `tables.py`; third-party errors leave it as StoreError only."""

    @property
    def backend(self) -> str: ...

    @property
    def url(self) -> str:
        """With a password masked."""
        ...

    def read(self) -> AbstractContextManager[Connection]:
        """A connection with one consistent view while the block runs."""
        ...

    def write(self) -> AbstractContextManager[Connection]:
        """A transaction that excludes other writers from its beginning; committed at the end of the block."""
        ...

    def turn(self, name: str) -> AbstractContextManager[None]:
        """A short exclusion by name over threads and programs that writes nothing."""
        ...

    def now(self, connection: Connection) -> datetime:
        """The database's own time at this moment, not at the transaction's beginning."""
        ...

    def insert(self, table: Table) -> sqlite.Insert | postgresql.Insert:
        """The dialect's INSERT, which knows ON CONFLICT."""
        ...

    def raw(self, column: Column[Any]) -> ColumnElement[Any]:
        """The column as it is on the disk, text as bytes where the database does not vouch for it being text."""
        ...

    def announce(self, connection: Connection) -> None:
        """Lets those who watch know, once the transaction is committed, that something was appended."""
        ...

    def watch(self) -> AbstractContextManager[Watch]:
        """Watches for what other connections commit while the block runs."""
        ...

    def size_bytes(self) -> int: ...

    def close(self) -> None: ...


class PooledDatabase(ABC):
    """A database behind an engine's pool of connections; `place` names it in messages, without a password."""

    def __init__(self, engine: Engine, place: str, deadline: float) -> None:
        self._engine = engine
        self._place = place
        self._deadline = deadline
        self._writing = threading.Lock()
        self._turning = threading.Lock()
        self._pid = os.getpid()
        self._inherited: list[object] = []

    @abstractmethod
    def _explained(self, error: BaseException) -> StoreError:
        """The driver's error in an operator's words, on one line."""

    def _tables_in_the_way(self, found: set[str]) -> set[str]:
        """Of the tables found, those that say what this database is."""
        return found

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection whose statements see one state of the database."""
        with self._connected() as connection:
            yield connection

    def close(self) -> None:
        """Closes every connection; with SQLite the last one folds the write-ahead log into the file."""
        self._after_fork()
        self._engine.dispose()

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        self._after_fork()
        with self._translated(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def _only_writer(self) -> Iterator[None]:
        """Threads of one program queue here, not with a connection each at the database, where programs do."""
        self._after_fork()
        with self._alone(self._writing):
            yield

    @contextmanager
    def _only_turn(self) -> Iterator[None]:
        """As with writers: waiting threads must not have the connections that the one whose turn it is needs."""
        self._after_fork()
        with self._alone(self._turning):
            yield

    @contextmanager
    def _alone(self, lock: threading.Lock) -> Iterator[None]:
        if not lock.acquire(timeout=self._deadline):
            raise self._unavailable(LOCKED)
        try:
            yield
        finally:
            lock.release()

    def _after_fork(self) -> None:
        """A child must neither use nor close its parent's connections (https://www.sqlite.org/howtocorrupt.html)."""
        if self._pid != os.getpid():
            self._inherited.append(self._engine.pool)
            self._engine.dispose(close=False)
            self._writing = threading.Lock()
            self._turning = threading.Lock()
            self._pid = os.getpid()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise self._explained(error.orig or error) from error
        except SQLAlchemyError as error:
            raise self._explained(error) from error

    def _unavailable(self, problem: str) -> StoreUnavailable:
        return StoreUnavailable(f"event store {self._place}: {problem}", subject=self._place)

    def _is_made(self) -> bool:
        """Whether all tables are there; raises StoreUnavailable when they are another program's or a newer one's."""
        with self.read() as connection:
            found = self._tables_in_the_way(set(inspect(connection).get_table_names()))
            version = connection.scalar(_VERSION) if META.name in found else None
        if version is None and found:
            raise self._unavailable(f"it has other tables ({', '.join(sorted(found)[:3])}) and is no event store")
        if version is not None and int(version) > SCHEMA_VERSION:
            raise self._unavailable(f"a newer cimnet_nornir made it (schema {version}, known is {SCHEMA_VERSION})")
        return version is not None and int(version) == SCHEMA_VERSION


_VERSION = select(META.c.value).where(META.c.name == "schema_version")


def make_tables(connection: Connection, insert: sqlite.Insert | postgresql.Insert) -> None:
    """Makes what is missing and writes down the version of the tables."""
    METADATA.create_all(connection)
    upsert = insert.on_conflict_do_update(index_elements=[META.c.name], set_={"value": insert.excluded.value})
    connection.execute(upsert, {"name": "schema_version", "value": str(SCHEMA_VERSION)})
