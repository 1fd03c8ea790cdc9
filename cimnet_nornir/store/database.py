"""What the SQL core needs of a database, and nothing more: SQLite now, PostgreSQL by one more module."""

from contextlib import AbstractContextManager
from typing import Protocol

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


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

    def insert(self, table: Table) -> sqlite.Insert | postgresql.Insert:
        """The dialect's INSERT, which knows ON CONFLICT."""
        ...

    def size_bytes(self) -> int: ...

    def close(self) -> None: ...
