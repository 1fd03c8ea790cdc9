"""How a reader learns that something was appended: a condition in memory, the file's version, a notification."""

import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from cimnet_nornir.errors import StoreError

if TYPE_CHECKING:
    import psycopg

CHANNEL = "cimnet_appended"
"""One a database: who follows a store in one of its schemas is woken by appends in another now and then."""

_LOOK_SECONDS = 0.02
"""Between two looks at a file's version."""

_RECONNECT_SECONDS = 1.0
"""Between two attempts to reach a server that is not there."""


class MemoryWatch:
    """Waits for the log to become longer."""

    def __init__(self, appended: threading.Condition, head: Callable[[], int]) -> None:
        self._appended = appended
        self._head = head
        self._seen = head()

    def wait(self, seconds: float) -> None:
        """Returns as soon as the log is longer than it was."""
        with self._appended:
            self._appended.wait_for(lambda: self._head() != self._seen, timeout=seconds)
            self._seen = self._head()


class SqliteWatch:
    """Sees a commit by any other connection, of whatever process, in `PRAGMA data_version`.

    A look costs microseconds (https://www.sqlite.org/pragma.html#pragma_data_version).
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None
        self._seen = self._version()

    def wait(self, seconds: float) -> None:
        """Returns as soon as another connection has committed something."""
        until = time.monotonic() + seconds
        while (version := self._version()) == self._seen and (left := until - time.monotonic()) > 0:
            time.sleep(min(left, _LOOK_SECONDS))
        self._seen = version

    def _version(self) -> int:
        """The file's version; -1 while it cannot be read."""
        try:
            if self._connection is None:
                self._connection = sqlite3.connect(self._path, check_same_thread=False, isolation_level=None)
            return int(self._connection.execute("PRAGMA data_version").fetchone()[0])
        except sqlite3.Error:
            self.close()
            return -1

    def close(self) -> None:
        """Closes the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class PostgresWatch:
    """Waits for a notification, on a connection of its own that is made again when it is lost.

    Whenever it has begun to listen it says so at once, as something may have been missed before.
    """

    def __init__(self, connect: "Callable[[], psycopg.Connection]") -> None:
        self._connect = connect
        self._connection: psycopg.Connection | None = None
        self._listen()

    def wait(self, seconds: float) -> None:
        """Returns as soon as some program has told of an append."""
        import psycopg

        if self._connection is None:
            if not self._listen():
                time.sleep(min(seconds, _RECONNECT_SECONDS))
            return
        try:
            for _ in self._connection.notifies(timeout=seconds, stop_after=1):
                pass
        except psycopg.Error:
            self.close()

    def _listen(self) -> bool:
        """Whether it listens now."""
        import psycopg

        try:
            self._connection = self._connect()
            self._connection.execute(f"LISTEN {CHANNEL}".encode())
        except (psycopg.Error, StoreError):
            self.close()
        return self._connection is not None

    def close(self) -> None:
        """Closes the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
