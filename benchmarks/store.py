"""How fast events are appended and replayed, each beside plain sqlite3 with the same bytes, indexes and durability.

Run it as `python benchmarks/store.py`; it needs a few seconds and a folder on a real disk (`TMPDIR`) to mean much.
"""

import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

from cimnet_nornir.domain.envelope import Append, Event, EventRecord
from cimnet_nornir.store import EventStore, open_store
from cimnet_nornir.store.rows import EventRow
from cimnet_nornir.store.writer import GroupWriter

SINGLE, BATCHES, BATCH, THREADS, EACH, REPLAYED = 500, 100, 100, 20, 25, 20_000
INSERT = f"INSERT INTO stored_events VALUES ({', '.join('?' * len(EventRow._fields))})"
STREAM = (
    "INSERT INTO streams VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET version = excluded.version, hash = excluded.hash"
)


class ChangeRequested(Event):
    """The first of a chain."""

    command: str


class VlanCreated(Event):
    """About as large as most events."""

    vlan: int
    name: str
    ports: tuple[str, ...]


TYPES: dict[str, type[Event]] = {"ChangeRequested": ChangeRequested, "VlanCreated": VlanCreated}


class Maker:
    """Makes batches that follow each other in streams of their own."""

    def __init__(self, store: EventStore) -> None:
        self.cause = uuid4()
        store.append(Append((self._record(self.cause, "request", 1, ChangeRequested(command="declare campus.yaml")),)))
        self.made = 0

    def _record(self, event_id: UUID, stream: str, version: int, event: Event) -> EventRecord:
        return EventRecord(event_id, stream, version, self.cause, self.cause, datetime.now(UTC), "anna", event, "CHG-1")

    def batch(self, size: int) -> Append:
        self.made += 1
        event = VlanCreated(vlan=10, name="users", ports=("GigabitEthernet0/1", "GigabitEthernet0/2"))
        stream = f"device-{self.made}"
        return Append(tuple(self._record(uuid4(), stream, version, event) for version in range(1, size + 1)))


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def append_each(store: EventStore, batches: Iterable[Append]) -> None:
    for batch in batches:
        store.append(batch)


def append_grouped(store: EventStore, batches: Sequence[Append]) -> None:
    with GroupWriter(store) as writer, ThreadPoolExecutor(THREADS) as pool:
        for _ in pool.map(writer.append, batches):
            pass


def plain_database(path: Path, store: EventStore) -> sqlite3.Connection:
    """The same tables and indexes, as SQLite itself tells them, and the same settings."""
    plain = sqlite3.connect(path, isolation_level=None)
    plain.execute("PRAGMA journal_mode = WAL")
    plain.execute("PRAGMA synchronous = FULL")
    with closing(sqlite3.connect(store.url.removeprefix("sqlite:///"))) as source:
        schema = source.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid").fetchall()
    for (statement,) in schema:
        plain.execute(statement)
    return plain


def insert_each(plain: sqlite3.Connection, groups: Iterable[Sequence[EventRow]]) -> None:
    for group in groups:
        plain.execute("BEGIN IMMEDIATE")
        plain.executemany(INSERT, group)
        plain.executemany(
            STREAM, {row.aggregate_id: (row.aggregate_id, row.version, row.hash) for row in group}.values()
        )
        plain.execute("COMMIT")


def groups_of(rows: Sequence[EventRow], size: int) -> list[Sequence[EventRow]]:
    return [rows[start : start + size] for start in range(0, len(rows), size)]


def report(name: str, events: int, ours: float, theirs: float) -> None:
    print(f"{name:<36}{events / ours:>12,.0f}{events / theirs:>16,.0f}{ours / theirs:>8.1f}")


def measure_appends(store: EventStore, plain: sqlite3.Connection, maker: Maker) -> None:
    kinds: list[tuple[str, int, int, Callable[[EventStore, Sequence[Append]], None]]] = [
        ("single appends", SINGLE, 1, append_each),
        (f"batches of {BATCH}", BATCHES, BATCH, append_each),
        (f"group commit, {THREADS} threads", THREADS * EACH, 1, append_grouped),
    ]
    for name, count, size, append in kinds:
        batches = [maker.batch(size) for _ in range(count)]
        before = store.head()
        ours = timed(lambda: append(store, batches))  # noqa: B023 - called at once
        rows = list(store.rows(after=before))
        theirs = timed(lambda: insert_each(plain, groups_of(rows, size)))  # noqa: B023 - called at once
        report(name, len(rows), ours, theirs)


def measure_replay(store: EventStore, plain: sqlite3.Connection, maker: Maker) -> None:
    store.append_all([maker.batch(BATCH) for _ in range((REPLAYED - store.head()) // BATCH)])
    insert_each(plain, [list(store.rows(after=plain.execute("SELECT max(position) FROM stored_events").fetchone()[0]))])
    ours = timed(lambda: sum(1 for _ in store.read_all()))
    theirs = timed(lambda: sum(1 for _ in plain.execute("SELECT * FROM stored_events ORDER BY position")))
    report("replay (decoded / rows only)", store.head(), ours, theirs)


def main() -> None:
    print(f"{'events per second':<36}{'event store':>12}{'plain sqlite3':>16}{'ratio':>8}")
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{folder}/events.db", TYPES)
        with closing(store), closing(plain_database(Path(folder) / "plain.db", store)) as plain:
            maker = Maker(store)
            insert_each(plain, [list(store.rows())])
            measure_appends(store, plain, maker)
            measure_replay(store, plain, maker)


if __name__ == "__main__":
    main()
