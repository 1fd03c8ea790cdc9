"""The log as text, one JSON object an event, a line each; and back into an empty store.

Keys of a line: `position` (place in the global order), `recorded_at` (the store's time, UTC), `hash` (SHA-256 over the
hash before it in the stream, a newline, and the rest of these keys as canonical JSON), `event_id`, `aggregate_id`
(the stream), `version`, `correlation_id`, `causation_id`, `timestamp`, `actor`, `reason`, `type`, `schema_version`,
`data`. Two more where they apply: `reserves` maps unique keys that are held since this event to their owners; `blobs`
maps the content names that `data` mentions to their bytes (zlib, base64), on the first line that mentions them (and on
a later one where so many others came in between that they were forgotten: neither way is a log held in memory).
"""

import base64
import binascii
import json
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import TextIO

from cimnet_nornir.errors import NotFound, StoreCorrupt, StoreError
from cimnet_nornir.store.blobs import pack, unpack
from cimnet_nornir.store.codec import canonical
from cimnet_nornir.store.port import EventStore
from cimnet_nornir.store.rows import EventRow, LogEntry, time_text

_BLOB_NAME = re.compile(r"sha256:[0-9a-f]{64}")
_COLUMNS = tuple(name for name in EventRow._fields if name != "state")
_BESIDE = ("position", "recorded_at", "hash", "reserves", "blobs")
_MOST_REMEMBERED = 10_000
"""Names of contents that are not written again while they are among the last so many."""

_TYPES = {"position": int, "version": int, "schema_version": int}


def export_events(store: EventStore, out: TextIO) -> int:
    """Writes every event there is at the beginning and returns how many."""
    mentioned: dict[str, None] = {}
    count = 0
    with store.entries() as entries:
        for row, reserves, _ in entries:
            line: dict[str, object] = {"position": row.position, "recorded_at": row.recorded_at, "hash": row.hash}
            line |= json.loads(row.state)
            if reserves:
                line["reserves"] = reserves
            if blobs := _new_blobs(store, row, mentioned):
                line["blobs"] = blobs
            out.write(json.dumps(line, ensure_ascii=False) + "\n")
            count += 1
    return count


def _new_blobs(store: EventStore, row: EventRow, mentioned: dict[str, None]) -> dict[str, str]:
    blobs = {}
    for name in sorted(set(_BLOB_NAME.findall(row.state)) - mentioned.keys()):
        mentioned[name] = None
        if len(mentioned) > _MOST_REMEMBERED:
            del mentioned[next(iter(mentioned))]
        try:
            blobs[name] = base64.b64encode(pack(store.get_blob(name))).decode("ascii")
        except NotFound:
            continue  # some other hash that is written like a blob's name
    return blobs


def import_events(store: EventStore, lines: Iterable[str]) -> int:
    """Fills an empty store with exported lines, all or none, and returns the number of events.

    Positions, times and hashes stay as they were. Raises StoreCorrupt naming the line, or the event whose hash,
    version or cause does not fit, and StoreError when the store has events.
    """
    if store.head():
        raise StoreError(f"{store.url} already has events: only an empty store can be filled", subject=store.url)
    return store.restore(_entries(lines))


def _entries(lines: Iterable[str]) -> Iterator[LogEntry]:
    for number, content in _objects(lines):
        try:
            row = _row(content)
            reserves = dict(_texts(content, "reserves"))
            blobs = {name: base64.b64decode(text, validate=True) for name, text in _texts(content, "blobs")}
            for name, packed in blobs.items():
                unpack(name, packed)  # it must fit its name
        except (KeyError, TypeError, ValueError, StoreCorrupt, binascii.Error, zlib.error) as error:
            raise _wrong_line(number, error) from error
        yield LogEntry(row, reserves, blobs)


def _objects(lines: Iterable[str]) -> Iterator[tuple[int, dict[str, object]]]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            content = json.loads(line)
        except ValueError as error:
            raise _wrong_line(number, error) from error
        if not isinstance(content, dict):
            raise _wrong_line(number, TypeError("it is no JSON object"))
        yield number, content


def _row(content: Mapping[str, object]) -> EventRow:
    for name in _COLUMNS:
        kind = _TYPES.get(name, str)
        if type(content[name]) is not kind:
            raise TypeError(f"{name} should be {'a number' if kind is int else 'text'}")
    recorded_at = str(content["recorded_at"])
    if time_text(datetime.fromisoformat(recorded_at)) != recorded_at:
        raise ValueError("recorded_at should be in UTC with microseconds")
    envelope = {name: value for name, value in content.items() if name not in _BESIDE}
    return EventRow._make([*(content[name] for name in _COLUMNS), canonical(envelope)])


def _texts(content: Mapping[str, object], name: str) -> Iterator[tuple[str, str]]:
    value = content.get(name, {})
    if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
        raise TypeError(f"{name} should map texts to texts")
    yield from value.items()


def _wrong_line(number: int, error: Exception) -> StoreCorrupt:
    problem = f"it has no {error}" if isinstance(error, KeyError) else str(error)
    return StoreCorrupt(f"line {number} is no exported event: {problem}", subject=f"line {number}")
