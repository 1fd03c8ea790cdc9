"""The event log: append-only streams of events with their hashes, in memory, SQLite or PostgreSQL."""

from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from cimnet_nornir.errors import SettingsError
from cimnet_nornir.store.codec import Codec, TypeRegistry
from cimnet_nornir.store.observations import Observation
from cimnet_nornir.store.port import (
    Checkpoint,
    Clock,
    EventStore,
    Lease,
    Problem,
    ProjectionRow,
    StoreInfo,
    VerifyReport,
    Watch,
)
from cimnet_nornir.store.rows import LeaseInfo
from cimnet_nornir.store.upcast import Upcasters

if TYPE_CHECKING:
    from cimnet_nornir.store.database import Database

__all__ = [
    "Checkpoint",
    "Clock",
    "Codec",
    "EventStore",
    "Lease",
    "LeaseInfo",
    "Observation",
    "Problem",
    "ProjectionRow",
    "StoreInfo",
    "TypeRegistry",
    "Upcasters",
    "VerifyReport",
    "Watch",
    "open_store",
]

ROOTS = frozenset({"ChangeRequested"})
"""Event types that may name themselves as their cause."""


def utc_now() -> datetime:
    """The present time in UTC."""
    return datetime.now(UTC)


def open_store(
    url: str,
    types: TypeRegistry,
    *,
    roots: Collection[str] = ROOTS,
    upcasters: Upcasters | None = None,
    clock: Clock = utc_now,
) -> EventStore:
    """Opens, and makes where missing, the store at `sqlite:///PATH`, `postgresql://…` or `memory:`.

    `types` are the event types by stored name, `roots` those that may cause themselves. `clock` says when events were
    recorded; leases go by it in memory only, elsewhere by the database's own. Raises SettingsError for any other URL,
    StoreUnavailable when the place cannot be used.
    """
    codec = Codec(types, upcasters)
    if url == "memory:":
        from cimnet_nornir.store.memory import MemoryStore

        return MemoryStore(codec, roots=roots, clock=clock)
    from cimnet_nornir.store.sql import SqlStore

    return SqlStore(_database(url), codec, roots=roots, clock=clock)


def _database(url: str) -> "Database":
    scheme, colon, rest = url.partition(":")
    if scheme in {"postgresql", "postgres"}:
        from cimnet_nornir.store.postgresql import PostgresDatabase

        return PostgresDatabase(url)
    if scheme == "sqlite" and rest.startswith("///") and rest != "///":
        from cimnet_nornir.store.sqlite import SqliteDatabase

        return SqliteDatabase(Path(rest.removeprefix("///")).expanduser())
    shown = f"{scheme}{colon}…" if colon else scheme  # a password may stand in the rest
    raise SettingsError(
        f"no event store can be opened at {shown}: use sqlite:///PATH, postgresql://USER@HOST/DATABASE or memory:",
        subject="store",
    )
