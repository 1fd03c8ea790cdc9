"""PostgreSQL under the event store: many hosts, one writer at a time."""

import hashlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    DateTime,
    Engine,
    Table,
    create_engine,
    event,
    func,
    select,
    text,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError

from cimnet_nornir.errors import SettingsError, StoreError
from cimnet_nornir.store.database import DEADLINE, LOCKED, MOST_MORE, POOL_SIZE, PooledDatabase, make_tables
from cimnet_nornir.store.port import Watch
from cimnet_nornir.store.tables import META, METADATA
from cimnet_nornir.store.watching import CHANNEL, PostgresWatch

if TYPE_CHECKING:
    import psycopg

_LOCK = 0x63696D6E6574
"""The advisory lock of writers in a database ("cimnet"); it is let go after a commit has become visible."""

_NOTIFY = text(f"NOTIFY {CHANNEL}")

_NOW = select(func.clock_timestamp(type_=DateTime(timezone=True)))

_CONNECT_SECONDS = 10
_OPTIONS = {"connect_timeout": _CONNECT_SECONDS, "application_name": "cimnet_nornir", "client_encoding": "utf8"}

_EXPLAINED = {
    "53100": "no space is left for it",
    "53300": "it has too many connections",
    "55P03": LOCKED,
    "25006": "it is read-only",
    "42501": "permission is denied",
    "57P01": "it was shut down",
    "57P03": "it is starting up or shutting down",
}
"""SQLSTATE codes (https://www.postgresql.org/docs/current/errcodes-appendix.html) in an operator's words."""


class PostgresDatabase(PooledDatabase):
    """A database, or a schema in it (`?options=-csearch_path%3DNAME`), its connections and its locking.

    Raises SettingsError for a URL that cannot be read or a missing driver, StoreUnavailable when the database cannot
    be reached, is not in UTF-8, has other tables under our names, or was made by a newer program.
    """

    backend = "postgresql"

    def __init__(self, url: str, *, deadline: float = DEADLINE) -> None:
        parsed = _parsed(url)
        self._url = parsed.set(drivername="postgresql").render_as_string(hide_password=True)
        super().__init__(_engine(parsed, deadline), self._url, deadline)
        try:
            self._prepare()
        except BaseException:
            self.close()
            raise

    @property
    def url(self) -> str:
        """Where the store is, with a password masked."""
        return self._url

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection whose statements see one state of the database."""
        with self._connected() as connection:
            yield connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that excludes other writers from its beginning.

        Each of its statements sees all that was committed before the lock was given (READ COMMITTED).
        """
        with self._only_writer(), self._connected() as connection:
            connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
            yield connection
            connection.commit()

    @contextmanager
    def turn(self, name: str) -> Iterator[None]:
        """An advisory lock of its own, in a transaction that does nothing else; the server lets waiters in by order."""
        with self._only_turn(), self._connected() as connection:
            connection.execute(select(func.pg_advisory_xact_lock(_turn_lock(name))))
            yield

    def now(self, connection: Connection) -> datetime:
        """The server's clock: it is one for all hosts, and goes on while a transaction waits for its lock."""
        return connection.execute(_NOW).scalar_one().astimezone(UTC)

    def insert(self, table: Table) -> postgresql.Insert:
        """INSERT that knows ON CONFLICT."""
        return postgresql.insert(table)

    def raw(self, column: Column[Any]) -> ColumnElement[Any]:
        """The column itself: the server gives out no text that is not UTF-8."""
        return column

    def announce(self, connection: Connection) -> None:
        """Notifies those who listen, when the transaction is committed."""
        connection.execute(_NOTIFY)

    @contextmanager
    def watch(self) -> Iterator[Watch]:
        """Listens for notifications."""
        with closing(PostgresWatch(self._own_connection)) as watch:
            yield watch

    def _own_connection(self) -> "psycopg.Connection":
        """A connection outside the pool; raises StoreUnavailable."""
        self._after_fork()
        with self._translated():
            pooled = self._engine.raw_connection()
        connection = cast("psycopg.Connection", pooled.driver_connection)
        pooled.detach()
        connection.autocommit = True
        return connection

    def size_bytes(self) -> int:
        """The whole database."""
        with self.read() as connection:
            return connection.scalar(select(func.pg_database_size(func.current_database()))) or 0

    def _tables_in_the_way(self, found: set[str]) -> set[str]:
        return found & METADATA.tables.keys()

    def _prepare(self) -> None:
        with self.read() as connection:
            encoding = connection.scalar(text("SHOW server_encoding"))
        if encoding != "UTF8":
            raise self._unavailable(f"its encoding is {encoding}; make the database with ENCODING 'UTF8'")
        if not self._is_made():
            with self.write() as connection:
                make_tables(connection, self.insert(META))

    def _explained(self, error: BaseException) -> StoreError:
        code = getattr(error, "sqlstate", None) or ""
        lines = str(error).strip().splitlines() or [type(error).__name__]
        return self._unavailable(_EXPLAINED.get(code, lines[0]))


def _turn_lock(name: str) -> int:
    """The lock of a turn: a number of 64 bits with its sign, as the server wants it."""
    return int.from_bytes(hashlib.sha256(f"turn {name}".encode()).digest()[:8], signed=True)


def _parsed(url: str) -> URL:
    try:
        return make_url(url).set(drivername="postgresql+psycopg")
    except (ArgumentError, ValueError):  # it may quote the password
        problem = "the event store's URL cannot be read: write postgresql://USER@HOST:PORT/DATABASE"
        raise SettingsError(problem, subject="store") from None


def _engine(url: URL, deadline: float) -> Engine:
    try:
        engine = create_engine(
            url, pool_size=POOL_SIZE, max_overflow=MOST_MORE, pool_pre_ping=True, connect_args=_OPTIONS
        )
    except ModuleNotFoundError as error:
        problem = "PostgreSQL needs the driver psycopg: pip install 'cimnet-nornir[postgres]'"
        raise SettingsError(problem, subject="store") from error
    event.listen(engine, "connect", partial(_configure, milliseconds=int(deadline * 1000)))
    return engine


def _configure(connection: DBAPIConnection, _record: object, *, milliseconds: int) -> None:
    """Waits for locks until the deadline; what was committed survives a crash, whatever the server's default is."""
    cursor = connection.cursor()
    cursor.execute("SELECT set_config('lock_timeout', %s, false)", (f"{milliseconds}ms",))
    cursor.execute(
        "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'"
    )
    cursor.close()
    connection.commit()
