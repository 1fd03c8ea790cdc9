"""The tables of the event store, the same under SQLite and PostgreSQL."""

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

SCHEMA_VERSION = 2
"""Of these tables; kept in `meta`. A store of an earlier version is given what it lacks when it is opened."""

METADATA = MetaData()

_POSITION = BigInteger().with_variant(Integer, "sqlite")
_TEXT = String().with_variant(Text(collation="C"), "postgresql")

STORED_EVENTS = Table(
    "stored_events",
    METADATA,
    Column("position", _POSITION, primary_key=True, autoincrement=False, comment="place in the global order"),
    Column("event_id", _TEXT, nullable=False),
    Column("aggregate_id", _TEXT, nullable=False, comment="the stream"),
    Column("version", Integer, nullable=False, comment="in the stream, from 1"),
    Column("correlation_id", _TEXT, nullable=False),
    Column("causation_id", _TEXT, nullable=False),
    Column("type", _TEXT, nullable=False),
    Column("schema_version", Integer, nullable=False),
    Column("recorded_at", _TEXT, nullable=False, comment="UTC, ISO 8601, ever increasing"),
    Column("hash", _TEXT, nullable=False, comment="SHA-256 over the hash before it in the stream and the bytes"),
    Column("state", Text, nullable=False, comment="the event, canonical JSON"),
    UniqueConstraint("aggregate_id", "version", name="stored_events_stream"),
    UniqueConstraint("event_id", name="stored_events_event_id"),
    Index("stored_events_correlation_id", "correlation_id"),
    Index("stored_events_causation_id", "causation_id"),
    Index("stored_events_type", "type"),
    Index("stored_events_recorded_at", "recorded_at"),
)

STREAMS = Table(
    "streams",
    METADATA,
    Column("aggregate_id", _TEXT, primary_key=True),
    Column("version", Integer, nullable=False, comment="of its last event"),
    Column("hash", _TEXT, nullable=False, comment="of its last event"),
    sqlite_with_rowid=False,
)

RESERVATIONS = Table(
    "reservations",
    METADATA,
    Column("key", _TEXT, primary_key=True),
    Column("owner", _TEXT, nullable=False),
    Column("position", _POSITION, nullable=False, comment="of the event that took it"),
    sqlite_with_rowid=False,
)

BLOBS = Table(
    "blobs",
    METADATA,
    Column("digest", _TEXT, primary_key=True),
    Column("data", LargeBinary, nullable=False, comment="zlib"),
)

PROJECTIONS = Table(
    "projections",
    METADATA,
    Column("projection", _TEXT, primary_key=True),
    Column("key", _TEXT, primary_key=True),
    Column("position", _POSITION, nullable=False, comment="of the last event in it"),
    Column("state", LargeBinary, nullable=False),
)

OBSERVATIONS = Table(
    "observations",
    METADATA,
    Column("subject", _TEXT, primary_key=True),
    Column("kind", _TEXT, primary_key=True),
    Column("at", _TEXT, primary_key=True, comment="UTC, ISO 8601"),
    Column("data", LargeBinary, nullable=False, comment="zlib"),
    Index("observations_at", "at"),
)

OBSERVED = Table(
    "observed",
    METADATA,
    Column("kind", _TEXT, primary_key=True),
    Column("subject", _TEXT, primary_key=True),
    Column("at", _TEXT, nullable=False, comment="of the latest observation"),
    sqlite_with_rowid=False,
)

LEASES = Table(
    "leases",
    METADATA,
    Column("name", _TEXT, primary_key=True),
    Column("holder", _TEXT, nullable=False),
    Column("token", _TEXT, nullable=False),
    Column("expires_at", _TEXT, nullable=False),
)

CHECKPOINTS = Table(
    "checkpoints",
    METADATA,
    Column("position", _POSITION, primary_key=True, autoincrement=False),
    Column("count", _POSITION, nullable=False),
    Column("root", _TEXT, nullable=False),
)

META = Table(
    "meta",
    METADATA,
    Column("name", _TEXT, primary_key=True),
    Column("value", _TEXT, nullable=False),
)
