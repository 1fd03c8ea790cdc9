"""Batches that could not be stored, kept as files until the store works again: no result of a push is lost."""

import json
import os
import threading
import time
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from cimnet_nornir.domain.envelope import Append, EventRecord
from cimnet_nornir.errors import StoreCorrupt, StoreError, StoreUnavailable, UnknownEventType
from cimnet_nornir.store.codec import Codec, canonical
from cimnet_nornir.store.port import EventStore

FORMAT = 1
ATTEMPTS = 10
"""How often a file is tried while others append to the same streams."""


@dataclass(frozen=True, slots=True)
class SpoolProblem:
    """A file that could not be drained: where it is now, and why."""

    path: Path
    message: str


@dataclass(frozen=True, slots=True)
class DrainReport:
    """What became of the spooled files.

    `appended` and `already_stored` count events; files in `set_aside` cannot be read and were moved into the folder
    `corrupt`; files in `left` stay and are tried again next time.
    """

    appended: int = 0
    already_stored: int = 0
    set_aside: tuple[SpoolProblem, ...] = ()
    left: tuple[SpoolProblem, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether nothing is left behind."""
        return not self.set_aside and not self.left


@dataclass(slots=True)
class _Tally:
    appended: int = 0
    already_stored: int = 0
    set_aside: list[SpoolProblem] = field(default_factory=list)
    left: list[SpoolProblem] = field(default_factory=list)


class Spool:
    """A folder of batches, one JSON file each, named so that their order is the order they were written in.

    The codec is the store's: it reads the files again when they are drained.
    """

    def __init__(self, folder: Path, codec: Codec) -> None:
        self._folder = folder
        self._codec = codec
        self._lock = threading.Lock()
        self._last = 0

    def write(self, batch: Append) -> Path:
        """Writes the batch so that it survives a crash, and returns its file; StoreUnavailable when it cannot.

        It is a fact by now, whoever holds the device when it is drained: its fence is not kept, as its reads are not.
        """
        content = {
            "format": FORMAT,
            "events": [json.loads(self._codec.encode(record)) for record in batch.events],
            "claim": dict(batch.claim),
            "release": dict(batch.release),
        }
        path = self._folder / self._next_name()
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write_durably(path, canonical(content).encode())
        except OSError as error:
            message = f"spool {self._folder}: {error.strerror or error}"
            raise StoreUnavailable(message, subject=str(self._folder)) from error
        return path

    def waiting(self) -> tuple[Path, ...]:
        """The files that are to be drained, in their order."""
        return tuple(sorted(self._folder.glob("*.json")))

    def drain(self, store: EventStore) -> DrainReport:
        """Appends what is waiting, in order, and removes what is stored; can be repeated at any time.

        An event that is already stored counts as done; versions are counted anew where a stream has moved on, as
        results are facts. Does not raise for what the store says: that is in the report.
        """
        tally = _Tally()
        for path in self.waiting():
            if not self._drain_file(path, store, tally):
                break
        return DrainReport(tally.appended, tally.already_stored, tuple(tally.set_aside), tuple(tally.left))

    def _drain_file(self, path: Path, store: EventStore, tally: _Tally) -> bool:
        """Whether it makes sense to go on with the next file."""
        try:
            batch = self._read(path)
        except FileNotFoundError:
            return True  # somebody else has just drained it
        except StoreCorrupt as error:
            tally.set_aside.append(self._set_aside(path, error.message))
            return True
        except (UnknownEventType, OSError) as error:
            tally.left.append(SpoolProblem(path, str(error)))
            return True
        try:
            _append_file(batch, store, tally)
        except StoreError as error:
            tally.left.append(SpoolProblem(path, error.message))
            return not isinstance(error, StoreUnavailable)
        path.unlink(missing_ok=True)
        return True

    def _read(self, path: Path) -> Append:
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            written = content["format"]
            if isinstance(written, int) and written > FORMAT:
                raise UnknownEventType(f"{path.name} has format {written}: written by a newer cimnet_nornir?")
            events = tuple(self._codec.decode_record(canonical(event)) for event in content["events"])
            return Append(events, claim=dict(content["claim"]), release=dict(content["release"]))
        except (KeyError, TypeError, ValueError) as error:
            raise StoreCorrupt(f"{path.name} is no spooled batch: {error}", subject=str(path)) from error

    def _set_aside(self, path: Path, message: str) -> SpoolProblem:
        folder = self._folder / "corrupt"
        folder.mkdir(mode=0o700, exist_ok=True)
        target = folder / path.name
        path.rename(target)
        return SpoolProblem(target, message)

    def _next_name(self) -> str:
        with self._lock:
            self._last = max(time.time_ns(), self._last + 1)
            return f"{self._last:020}-{uuid.uuid4().hex[:8]}.json"


def _append_file(batch: Append, store: EventStore, tally: _Tally) -> None:
    for attempt in range(1, ATTEMPTS + 1):
        missing = tuple(record for record in batch.events if store.find(record.event_id) is None)
        try:
            if missing:
                store.append(replace(batch, events=_renumbered(missing, store)))
        except StoreUnavailable:
            raise
        except StoreError:
            if attempt == ATTEMPTS:
                raise
        else:
            tally.appended += len(missing)
            tally.already_stored += len(batch.events) - len(missing)
            return


def _renumbered(records: Iterable[EventRecord], store: EventStore) -> tuple[EventRecord, ...]:
    """The records with the versions their streams have come to."""
    versions: dict[str, int] = {}
    numbered = []
    for record in records:
        stream = record.aggregate_id
        if stream not in versions:
            versions[stream] = store.versions(stream).get(stream, 0)
        versions[stream] += 1
        numbered.append(replace(record, version=versions[stream]))
    return tuple(numbered)


def _write_durably(path: Path, data: bytes) -> None:
    """Writes beside, syncs, renames, syncs the folder: the file is whole or not there."""
    beside = path.with_suffix(".tmp")
    with os.fdopen(os.open(beside, os.O_CREAT | os.O_WRONLY | os.O_EXCL | os.O_CLOEXEC, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    beside.rename(path)
    folder = os.open(path.parent, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
