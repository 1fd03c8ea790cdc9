"""Walks stored rows and tells what does not fit: hashes, versions, causes, times, checkpoints."""

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from cimnet_nornir.errors import StoreCorrupt, StoreError
from cimnet_nornir.store.codec import Codec
from cimnet_nornir.store.port import Checkpoint, Problem, VerifyReport
from cimnet_nornir.store.rows import NO_STREAM, EventRow, StreamHead, event_hash, next_root

_COLUMNS = ("event_id", "aggregate_id", "version", "correlation_id", "causation_id", "type", "schema_version")


@dataclass(slots=True)
class Walk:
    """What has been seen so far; feed it every row in order with `visit`, then ask for the `report`.

    `heads` and `ids` grow with every row, unless `enter` gives those that the next rows need.
    """

    codec: Codec
    checkpoints: dict[int, set[Checkpoint]] = field(default_factory=dict)
    events: int = 0
    streams: int = 0
    root: str = ""
    last_position: int = 0
    last_time: str = ""
    heads: dict[str, StreamHead] = field(default_factory=dict)
    ids: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    passed: int = 0

    def expect(self, checkpoints: Iterable[Checkpoint]) -> None:
        """Checkpoints that must be met on the way."""
        for checkpoint in checkpoints:
            self.checkpoints.setdefault(checkpoint.position, set()).add(checkpoint)

    def enter(self, heads: dict[str, StreamHead], ids: set[str]) -> None:
        """Forgets what was seen but for these: the last rows of streams, and the ids that the next rows mention."""
        self.heads = heads
        self.ids = ids

    def visit(self, row: EventRow) -> None:
        """Checks one row against all before it."""
        found = [*self._stream_problems(row), *self._row_problems(row)]
        self.events += 1
        self.streams += row.aggregate_id not in self.heads
        self.root = next_root(self.root, row.position, row.recorded_at, row.hash)
        self.last_position = row.position
        self.last_time = max(self.last_time, row.recorded_at)
        self.heads[row.aggregate_id] = StreamHead(row.version, row.hash)
        self.ids.add(row.event_id)
        found += self._checkpoint_problems(row.position)
        self.problems += [Problem(row.position, message) for message in found]

    def _stream_problems(self, row: EventRow) -> Iterator[str]:
        last = self.heads.get(row.aggregate_id, NO_STREAM)
        if row.version != last.version + 1:
            yield f"stream {row.aggregate_id}: version {row.version} follows {last.version}: events are missing"
        elif event_hash(last.hash, row.state) != row.hash:
            yield f"stream {row.aggregate_id}: the hash of version {row.version} does not fit its bytes"

    def _row_problems(self, row: EventRow) -> Iterator[str]:
        if row.position <= self.last_position:
            yield f"stands after position {self.last_position}"
        if row.recorded_at <= self.last_time:
            yield f"recorded at {row.recorded_at}, not after the event before it ({self.last_time})"
        if row.event_id in self.ids:
            yield f"its id {row.event_id} is an earlier event's"
        if row.causation_id != row.event_id and row.causation_id not in self.ids:
            yield f"its cause {row.causation_id} is no earlier event"
        yield from _column_problems(row)
        try:
            self.codec.decode(row)
        except StoreError as error:
            yield error.message

    def _checkpoint_problems(self, position: int) -> Iterator[str]:
        for checkpoint in self.checkpoints.pop(position, ()):
            self.passed += 1
            if checkpoint.count != self.events:
                yield f"the checkpoint here counts {checkpoint.count} events, {self.events} are stored"
            elif checkpoint.root != self.root:
                yield "the root of the checkpoint here differs: an event before it was changed"

    def report(self, more: Iterable[Problem] = ()) -> VerifyReport:
        """All that was found, with checkpoints no event stands at, and `more` found elsewhere."""
        missed = [
            Problem(position, f"a checkpoint was made at event {position}, which is missing")
            for position in sorted(self.checkpoints)
        ]
        problems = (*self.problems, *missed, *more)
        return VerifyReport(self.events, self.streams, self.passed, self.root, problems)

    def require_sound(self) -> None:
        """Raises StoreCorrupt for the first thing that did not fit."""
        for problem in self.problems:
            raise StoreCorrupt(f"event {problem.position}: {problem.message}", subject=str(problem.position))


def head_problem(stream: str, seen: StreamHead, told: StreamHead) -> Problem:
    """What is wrong with a stream whose last event is not the remembered one: a tail that was taken away shows here."""
    if seen.version != told.version:
        return Problem(None, f"stream {stream} should end with version {told.version}, not {seen.version}")
    return Problem(None, f"stream {stream}: its last hash is not the one that was remembered")


def _column_problems(row: EventRow) -> Iterator[str]:
    try:
        content = json.loads(row.state)
        differing = [name for name in _COLUMNS if content[name] != getattr(row, name)]
    except (ValueError, KeyError, TypeError):
        return  # what is wrong with the bytes is told by decoding them
    if differing:
        yield f"the columns {', '.join(differing)} differ from the event's bytes"


def walk(codec: Codec, rows: Iterable[EventRow], checkpoints: Collection[Checkpoint] = ()) -> Walk:
    """Visits every row; the caller adds what it knows besides and asks for the report."""
    visitor = Walk(codec)
    visitor.expect(checkpoints)
    for row in rows:
        visitor.visit(row)
    return visitor
