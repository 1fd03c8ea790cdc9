"""What an append looks up in its transaction, with statements that are built once."""

from collections.abc import Collection, Iterator
from itertools import islice

from sqlalchemy import BindParameter, ColumnElement, Connection, and_, bindparam, func, select, true

from cimnet_nornir.store.ids import LAST_CHARACTER
from cimnet_nornir.store.port import Checkpoint
from cimnet_nornir.store.rows import LeaseRow, StreamHead, next_root
from cimnet_nornir.store.tables import CHECKPOINTS, LEASES, RESERVATIONS, STORED_EVENTS, STREAMS

_EVENTS = STORED_EVENTS.c
_VALUES: BindParameter[str] = bindparam("wanted", expanding=True)

INSERT_EVENT = STORED_EVENTS.insert()
_TAIL = (
    select(_EVENTS.position, _EVENTS.recorded_at, select(func.max(CHECKPOINTS.c.position)).scalar_subquery())
    .order_by(_EVENTS.position.desc())
    .limit(1)
)
_HEADS = select(STREAMS.c.aggregate_id, STREAMS.c.version, STREAMS.c.hash).where(STREAMS.c.aggregate_id.in_(_VALUES))
_KNOWN = select(_EVENTS.event_id).where(_EVENTS.event_id.in_(_VALUES))
_OWNERS = select(RESERVATIONS.c.key, RESERVATIONS.c.owner).where(RESERVATIONS.c.key.in_(_VALUES))
_LEASES = select(LEASES).where(LEASES.c.name.in_(_VALUES))
_LAST_CHECKPOINT = select(CHECKPOINTS).order_by(CHECKPOINTS.c.position.desc()).limit(1)
_SINCE = (
    select(_EVENTS.position, _EVENTS.recorded_at, _EVENTS.hash)
    .where(_EVENTS.position > bindparam("after"))
    .order_by(_EVENTS.position)
)


CHUNK = 5_000
"""Values in one IN list: below SQLite's limit of 32,766 variables in a statement."""


def begins_with(column: ColumnElement[str], prefix: str) -> ColumnElement[bool]:
    """A condition that an index can answer, unlike LIKE, whose case rules differ between databases."""
    return and_(column >= prefix, column < prefix + LAST_CHARACTER) if prefix else true()


def chunks(values: Collection[str]) -> Iterator[list[str]]:
    """The values in lists a statement can hold."""
    remaining = iter(values)
    while chunk := list(islice(remaining, CHUNK)):
        yield chunk


def tail(connection: Connection) -> tuple[int, str | None, int]:
    """The last event's position and time, and the last checkpoint's position; zeros in an empty store."""
    found = connection.execute(_TAIL).first()
    if found is None:
        return 0, None, 0
    position, recorded_at, checkpoint = found
    return position, recorded_at, checkpoint or 0


def heads(connection: Connection, streams: Collection[str]) -> dict[str, StreamHead]:
    """The last version and hash of those streams that exist."""
    return {
        stream: StreamHead(version, digest)
        for names in chunks(streams)
        for stream, version, digest in connection.execute(_HEADS, {"wanted": names})
    }


def known(connection: Connection, event_ids: Collection[str]) -> set[str]:
    """Those of the ids that are stored."""
    return {event_id for ids in chunks(event_ids) for event_id in connection.scalars(_KNOWN, {"wanted": ids})}


def owners(connection: Connection, keys: Collection[str]) -> dict[str, str]:
    """The owners of those keys that are reserved."""
    return {key: owner for chunk in chunks(keys) for key, owner in connection.execute(_OWNERS, {"wanted": chunk})}


def leases(connection: Connection, names: Collection[str]) -> dict[str, LeaseRow]:
    """Those of the leases that somebody has or had, by name."""
    rows = (LeaseRow._make(row) for chunk in chunks(names) for row in connection.execute(_LEASES, {"wanted": chunk}))
    return {row.name: row for row in rows}


def last_checkpoint(connection: Connection) -> Checkpoint:
    """The latest one, or that of nothing."""
    found = connection.execute(_LAST_CHECKPOINT).first()
    return Checkpoint(0, 0, "") if found is None else Checkpoint(*found)


def write_checkpoint(connection: Connection) -> Checkpoint:
    """Carries the root on from the last checkpoint to the head."""
    last = last_checkpoint(connection)
    position, count, root = last.position, last.count, last.root
    for position, recorded_at, digest in connection.execute(_SINCE, {"after": last.position}):
        root = next_root(root, position, recorded_at, digest)
        count += 1
    made = Checkpoint(position, count, root)
    if made != last:
        connection.execute(CHECKPOINTS.insert(), {"position": position, "count": count, "root": root})
    return made
