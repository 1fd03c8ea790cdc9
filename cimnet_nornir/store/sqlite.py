"""SQLite under the event store: one file on one host, many threads and processes."""

import fcntl
import os
import random
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import (
    URL,
    Column,
    ColumnElement,
    Connection,
    Engine,
    LargeBinary,
    QueuePool,
    String,
    Table,
    cast,
    create_engine,
    event,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import DBAPIError

from cimnet_nornir.errors import StoreCorrupt, StoreError, StoreUnavailable
from cimnet_nornir.store.database import DEADLINE, LOCKED, MOST_MORE, POOL_SIZE, PooledDatabase, make_tables
from cimnet_nornir.store.port import Watch
from cimnet_nornir.store.tables import META
from cimnet_nornir.store.watching import SqliteWatch

_BUSY_SECONDS = 5.0
"""What SQLite itself waits for a lock, a reader's too: recovery and the last program's closing exclude readers."""

_BEGIN = "cimnet_begin"

_NO_TEXT = "Could not decode to UTF-8"
"""How the driver begins its complaint; there is no code for it."""

_EXPLAINED = {
    "SQLITE_FULL": "no space is left for it",
    "SQLITE_READONLY": "it is read-only",
    "SQLITE_CANTOPEN": "it cannot be opened: check that the folder exists and may be written",
    "SQLITE_NOTADB": "it is no SQLite database",
    "SQLITE_BUSY": LOCKED,
    "SQLITE_LOCKED": LOCKED,
    "SQLITE_PERM": "permission is denied",
    "SQLITE_AUTH": "permission is denied",
    "SQLITE_IOERR": "reading or writing it failed (disk full, quota or faulty?)",
}
"""Result codes (https://www.sqlite.org/rescode.html) in an operator's words, by the code's first two parts."""


class SqliteDatabase(PooledDatabase):
    """The file, its connections and its locking.

    Raises StoreUnavailable when the file cannot be opened, is no event store, or was made by a newer program.
    """

    backend = "sqlite"

    def __init__(self, path: Path, *, deadline: float = DEADLINE) -> None:
        self._path = path
        _create_file(path)
        super().__init__(_engine(path, min(deadline, _BUSY_SECONDS)), str(path), deadline)
        try:
            self._prepare()
        except BaseException:
            self.close()
            raise

    @property
    def url(self) -> str:
        """Where the store is."""
        return f"sqlite:///{self._path}"

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that holds the write lock from its beginning (BEGIN IMMEDIATE)."""
        until = time.monotonic() + self._deadline
        with self._only_writer(), self._connected() as connection:
            immediate = connection.execution_options(**{_BEGIN: "BEGIN IMMEDIATE"})
            _begin_before(immediate, until)
            yield immediate
            immediate.commit()

    @contextmanager
    def turn(self, name: str) -> Iterator[None]:  # noqa: ARG002 - writers of one file take turns anyway: one is enough
        """A lock on a file beside the database; the system lets it go with the program (flock(2))."""
        until = time.monotonic() + self._deadline
        with self._only_turn(), self._lock_file() as descriptor:
            while not _locked(descriptor):
                if time.monotonic() > until:
                    raise self._unavailable(LOCKED)
                time.sleep(random.uniform(0.0005, 0.003))  # noqa: S311 - spreads waiting programs, guards nothing
            yield

    @contextmanager
    def _lock_file(self) -> Iterator[int]:
        # Not the database itself: closing it would drop the locks that SQLite has on it.
        path = f"{self._path}-turns"
        try:
            descriptor = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise self._unavailable(f"{path}: {error.strerror or error}") from error
        try:
            yield descriptor
        finally:
            os.close(descriptor)

    def now(self, connection: Connection) -> datetime:  # noqa: ARG002 - SQLite asks the machine too, in milliseconds
        """The machine's clock: the only one there is, as all programs run on one host."""
        return datetime.now(UTC)

    def insert(self, table: Table) -> sqlite.Insert:
        """INSERT that knows ON CONFLICT."""
        return sqlite.insert(table)

    def raw(self, column: Column[Any]) -> ColumnElement[Any]:
        """Text as its bytes: a byte that was changed in the file may have made it something else than UTF-8."""
        return cast(column, LargeBinary) if isinstance(column.type, String) else column

    def announce(self, connection: Connection) -> None:
        """Nobody needs to be told: a commit changes what those who watch look at."""

    @contextmanager
    def watch(self) -> Iterator[Watch]:
        """Looks at the file's version again and again."""
        with closing(SqliteWatch(self._path)) as watch:
            yield watch

    def size_bytes(self) -> int:
        """The file and its write-ahead log."""
        files = (self._path, Path(f"{self._path}-wal"))
        return sum(file.stat().st_size for file in files if file.exists())

    def _prepare(self) -> None:
        if self._is_made():
            return
        self._switch_to_wal()
        with self.write() as connection:
            make_tables(connection, self.insert(META))

    def _switch_to_wal(self) -> None:
        """Kept in the file for good; needs the file for itself, and does not wait for it by itself."""
        until = time.monotonic() + self._deadline
        with self._connected() as connection:
            driver = connection.connection
            while True:
                try:
                    driver.execute("PRAGMA journal_mode = WAL").close()
                except sqlite3.OperationalError as error:
                    _wait_for_lock(error, until)
                else:
                    return

    @contextmanager
    def _translated(self) -> Iterator[None]:
        with super()._translated():
            try:
                yield
            except sqlite3.Error as error:
                raise self._explained(error) from error

    def _explained(self, error: BaseException) -> StoreError:
        code = "_".join(getattr(error, "sqlite_errorname", "").split("_")[:2])
        if code == "SQLITE_CORRUPT":
            return StoreCorrupt(f"event store {self._path} is damaged: {error}", subject=str(self._path))
        if str(error).startswith(_NO_TEXT):
            problem = "what is stored is no text: cimnet store verify names the event"
            return StoreCorrupt(f"event store {self._path} is damaged: {problem}", subject=str(self._path))
        return self._unavailable(_EXPLAINED.get(code, str(error).splitlines()[0]))


def _locked(descriptor: int) -> bool:
    """Whether the lock is ours now."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _create_file(path: Path) -> None:
    """Makes folder and file, the file readable by its owner only."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDONLY | os.O_CLOEXEC, 0o600))
    except IsADirectoryError as error:
        raise StoreUnavailable(f"event store {path}: it is a folder; name a file", subject=str(path)) from error
    except OSError as error:
        raise StoreUnavailable(f"event store {path}: {error.strerror or error}", subject=str(path)) from error


def _engine(path: Path, busy_seconds: float) -> Engine:
    url = URL.create("sqlite+pysqlite", database=str(path))
    arguments = {"timeout": busy_seconds, "check_same_thread": False}
    engine = create_engine(
        url, poolclass=QueuePool, pool_size=POOL_SIZE, max_overflow=MOST_MORE, connect_args=arguments
    )
    event.listen(engine, "connect", _configure)
    event.listen(engine, "begin", _begin)
    return engine


def _configure(connection: sqlite3.Connection, _record: object) -> None:
    """Our own BEGIN, not the driver's (https://docs.sqlalchemy.org/en/20/dialects/sqlite.html), and durability."""
    connection.isolation_level = None
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get(_BEGIN, "BEGIN"))


def _begin_before(connection: Connection, until: float) -> None:
    """Begins the transaction, again and again with jitter while another process holds the lock."""
    while True:
        try:
            connection.begin()
        except DBAPIError as error:
            _wait_for_lock(error.orig, until)
        else:
            return


def _wait_for_lock(error: BaseException | None, until: float) -> None:
    if not getattr(error, "sqlite_errorname", "").startswith("SQLITE_BUSY") or time.monotonic() > until:
        raise error if error is not None else StoreUnavailable("the database cannot be locked")
    time.sleep(random.uniform(0.001, 0.05))  # noqa: S311 - spreads waiting programs, guards nothing
