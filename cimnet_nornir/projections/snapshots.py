"""Folds kept at moments in the past, so that another look at that time need not begin with the first event."""

import zlib
from collections.abc import Sequence
from contextlib import suppress

from pydantic import TypeAdapter

from cimnet_nornir.errors import ConcurrencyConflict, StoreUnavailable
from cimnet_nornir.store.port import EventStore, ProjectionRow

_INDEX = "positions"


def snapshot_before(store: EventStore, projection: str, name: str, position: int) -> tuple[int, bytes] | None:
    """The latest snapshot of `name` at or before a position, with its own position."""
    at = max((each for each in _positions(store, projection, name) if each <= position), default=None)
    if at is None:
        return None
    key = _key(name, at)
    row = store.load_rows(projection, keys=(key,)).get(key)
    return None if row is None else (at, zlib.decompress(row.state))


def keep_snapshot(store: EventStore, projection: str, name: str, position: int, state: bytes) -> None:
    """Keeps a fold, compressed; nothing where it cannot be written, or somebody else keeps another just now."""
    positions = _positions(store, projection, name)
    if position in positions:
        return
    # The index row counts how often it was written, which is what tells two who write at once apart.
    length = len(positions)
    index = ProjectionRow(length + 1, TypeAdapter(list[int]).dump_json(sorted([*positions, position])))
    rows = {_key(name, position): ProjectionRow(position, zlib.compress(state)), f"{name}/{_INDEX}": index}
    # Somebody else was first, or nothing can be written: the next long fold is kept.
    with suppress(ConcurrencyConflict, StoreUnavailable):
        store.save_rows(projection, rows, expected=(f"{name}/{_INDEX}", length))


def _positions(store: EventStore, projection: str, name: str) -> Sequence[int]:
    key = f"{name}/{_INDEX}"
    row = store.load_rows(projection, keys=(key,)).get(key)
    return () if row is None else TypeAdapter(list[int]).validate_json(row.state)


def _key(name: str, position: int) -> str:
    return f"{name}/{position}"
