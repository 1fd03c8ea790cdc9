"""Observations: kept for a time, the latest of each subject found at once, and no part of the log."""

import io
import random
import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from uuid import uuid4

import pytest

from cimnet_nornir.domain.envelope import Append, Event, EventRecord
from cimnet_nornir.errors import InvalidValue, StoreUnavailable
from cimnet_nornir.store import EventStore, Observation, open_store
from cimnet_nornir.store.codec import Codec
from cimnet_nornir.store.export import export_events
from cimnet_nornir.store.sql import SqlStore
from cimnet_nornir.store.sqlite import SqliteDatabase

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
WEEK = timedelta(days=7)


class ChangeRequested(Event):
    text: str = ""


TYPES: dict[str, type[Event]] = {"ChangeRequested": ChangeRequested}


@pytest.fixture
def store(url: str) -> Iterator[EventStore]:
    opened = open_store(url, TYPES)
    yield opened
    opened.close()


def seen(minutes: float, subject: str = "lab:net/sw1", kind: str = "facts", text: str = "") -> Observation:
    data = text or f"{subject} {kind} {minutes}"
    return Observation(subject, kind, NOON + timedelta(minutes=minutes), data.encode())


def request() -> Append:
    identity = uuid4()
    record = EventRecord(identity, f"request:{identity}", 1, identity, identity, NOON, "ann", ChangeRequested())
    return Append((record,))


class TestEveryStore:
    def test_what_was_seen_is_read_back_as_it_was(self, store: EventStore) -> None:
        rows = [seen(minutes, text=f"ü {minutes}\x00") for minutes in (0, 1, 2.5)]
        store.observe(rows, keep=WEEK)
        assert store.observations("lab:net/sw1", "facts") == tuple(rows)
        assert store.observations("lab:net/sw1", "ports") == ()
        assert store.observations("lab:net/sw", "facts") == ()

    def test_nothing_seen_is_nothing_told(self, store: EventStore) -> None:
        store.observe([], keep=WEEK)
        assert store.observations("lab:net/sw1", "facts") == ()
        assert store.latest_observations("facts") == {}

    def test_the_latest_of_each_subject_is_told_now_and_as_of_a_moment(self, store: EventStore) -> None:
        first, second, other = seen(0), seen(10), seen(5, "lab:net/sw2")
        store.observe([second, first, other, seen(20, kind="ports"), seen(7, "real:net/sw1")], keep=WEEK)
        assert store.latest_observations("facts", "lab:net/") == {"lab:net/sw1": second, "lab:net/sw2": other}
        assert store.latest_observations("facts", "lab:net/", until=NOON) == {"lab:net/sw1": first}
        assert store.latest_observations("facts", until=NOON + timedelta(minutes=10)).keys() == {
            "lab:net/sw1", "lab:net/sw2", "real:net/sw1",
        }  # fmt: skip
        assert store.latest_observations("facts", "lab:net/", until=NOON - timedelta(seconds=1)) == {}

    def test_a_span_and_the_newest_of_it_are_told_oldest_first(self, store: EventStore) -> None:
        rows = [seen(minutes) for minutes in range(6)]
        store.observe(rows, keep=WEEK)
        since, until = NOON + timedelta(minutes=1), NOON + timedelta(minutes=4)
        assert store.observations("lab:net/sw1", "facts", since=since, until=until) == tuple(rows[1:5])
        assert store.observations("lab:net/sw1", "facts", until=until, newest=2) == tuple(rows[3:5])
        assert store.observations("lab:net/sw1", "facts", newest=9) == tuple(rows)
        assert store.observations("lab:net/sw1", "facts", newest=0) == ()

    def test_a_time_of_another_zone_is_the_same_moment_and_one_without_zone_is_none(self, store: EventStore) -> None:
        east = datetime(2026, 3, 1, 14, tzinfo=timezone(timedelta(hours=2)))
        store.observe([Observation("lab:net/sw1", "facts", east, b"east")], keep=WEEK)
        assert [row.at for row in store.observations("lab:net/sw1", "facts", until=NOON)] == [NOON]
        with pytest.raises(InvalidValue, match="must name its zone"):
            store.observe([Observation("s", "facts", datetime(2026, 3, 1, 12), b"")], keep=WEEK)  # noqa: DTZ001 - a time without a zone is what is refused

    def test_the_same_moment_is_kept_once_and_as_it_was_first(self, store: EventStore) -> None:
        store.observe([seen(0, text="first")], keep=WEEK)
        store.observe([seen(0, text="second"), seen(0, text="third")], keep=WEEK)
        assert [row.data for row in store.observations("lab:net/sw1", "facts")] == [b"first"]

    def test_what_comes_late_is_not_the_latest(self, store: EventStore) -> None:
        store.observe([seen(10)], keep=WEEK)
        store.observe([seen(5)], keep=WEEK)
        assert store.latest_observations("facts")["lab:net/sw1"] == seen(10)
        assert len(store.observations("lab:net/sw1", "facts")) == 2

    def test_old_ones_go_and_the_latest_of_a_silent_device_stays(self, store: EventStore) -> None:
        silent = [seen(0, "lab:net/gone"), seen(1, "lab:net/gone")]
        store.observe([*silent, *(seen(minutes) for minutes in range(5))], keep=WEEK)
        store.observe([seen(13)], keep=timedelta(minutes=10))
        assert [row.at.minute for row in store.observations("lab:net/sw1", "facts")] == [3, 4, 13]
        assert store.observations("lab:net/gone", "facts") == (silent[1],)

    def test_one_call_drops_a_bounded_number_and_more_than_it_brings(self, store: EventStore) -> None:
        store.observe([seen(number / 60) for number in range(1_500)], keep=WEEK)
        keep = timedelta(minutes=1)
        store.observe([seen(9_999)], keep=keep)
        assert len(store.observations("lab:net/sw1", "facts")) == 1_001
        store.observe([seen(10_000)], keep=keep)
        assert len(store.observations("lab:net/sw1", "facts")) == 502
        store.observe([seen(10_001)], keep=keep)
        store.observe([seen(10_002)], keep=keep)
        assert [row.at.minute for row in store.observations("lab:net/sw1", "facts")] == [41, 42]

    def test_the_log_knows_nothing_of_them(self, store: EventStore) -> None:
        store.append(request())
        before = (store.head(), store.info().events, list(store.rows()), store.verify())
        store.observe([seen(0)], keep=WEEK)
        assert (store.head(), store.info().events, list(store.rows()), store.verify()) == before
        exported = io.StringIO()
        export_events(store, exported)
        assert "lab:net/sw1" not in exported.getvalue()

    def test_many_threads_observe_and_none_is_lost(self, store: EventStore) -> None:
        def work(number: int) -> None:
            store.observe([seen(minute, f"lab:net/sw{number}") for minute in range(5)], keep=WEEK)

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(work, range(20)))
        latest = store.latest_observations("facts", "lab:net/")
        assert latest == {f"lab:net/sw{number}": seen(4, f"lab:net/sw{number}") for number in range(20)}


EARLIER = (
    "DROP TABLE IF EXISTS observations", "DROP TABLE IF EXISTS observed",
    "UPDATE meta SET value = '1' WHERE name = 'schema_version'",
)  # fmt: skip


def test_a_file_made_by_an_earlier_version_is_given_the_table(tmp_path: Path) -> None:
    path = tmp_path / "events.db"
    with closing(open_store(f"sqlite:///{path}", TYPES)) as store:
        store.append(request())
        rows = list(store.rows())
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(";".join(EARLIER))
    with closing(open_store(f"sqlite:///{path}", TYPES)) as store:
        store.observe([seen(0)], keep=WEEK)
        assert store.latest_observations("facts") == {"lab:net/sw1": seen(0)}
        assert list(store.rows()) == rows
        assert store.verify().ok
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT value FROM meta").fetchall() == [("2",)]


def test_a_database_made_by_an_earlier_version_is_given_the_table(postgresql_url: str) -> None:
    import psycopg

    with closing(open_store(postgresql_url, TYPES)) as store:
        store.append(request())
    with psycopg.connect(postgresql_url) as connection:
        for statement in EARLIER:
            connection.execute(statement.encode())
    with closing(open_store(postgresql_url, TYPES)) as store:
        store.observe([seen(0)], keep=WEEK)
        assert store.latest_observations("facts") == {"lab:net/sw1": seen(0)}
        assert store.head() == 1


def test_two_programs_may_open_an_earlier_file_at_once(tmp_path: Path) -> None:
    path = tmp_path / "events.db"
    open_store(f"sqlite:///{path}", TYPES).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(";".join(EARLIER))
    with ThreadPoolExecutor(6) as pool:
        stores = list(pool.map(lambda _: open_store(f"sqlite:///{path}", TYPES), range(6)))
    for number, store in enumerate(stores):
        store.observe([seen(number)], keep=WEEK)
        store.close()


def test_a_full_disk_is_told_in_a_line_and_leaves_nothing_half(tmp_path: Path) -> None:
    database = SqliteDatabase(tmp_path / "events.db")
    with closing(SqlStore(database, Codec(TYPES), roots=["ChangeRequested"], clock=lambda: NOON)) as store:
        with database.write() as connection:
            connection.exec_driver_sql("PRAGMA max_page_count = 1")  # SQLite's own limit: the pages there are
        noise = random.Random(1).randbytes(100_000)
        with pytest.raises(StoreUnavailable, match="no space is left for it"):
            store.observe([seen(0), Observation("lab:net/sw2", "facts", NOON, noise)], keep=WEEK)
        assert store.latest_observations("facts") == {}


def test_the_latest_are_found_without_going_through_the_rest(tmp_path: Path) -> None:
    """Twenty times as many rows of each subject take hardly longer."""
    with closing(open_store(f"sqlite:///{tmp_path}/events.db", TYPES)) as store:
        subjects = [f"lab:net/sw{number}" for number in range(200)]

        def best(until: datetime | None) -> float:
            def once() -> float:
                start = time.perf_counter()
                assert len(store.latest_observations("facts", "lab:net/", until=until)) == 200
                return time.perf_counter() - start

            return min(once() for _ in range(5))

        until = NOON + timedelta(minutes=4)
        store.observe([seen(minute, name) for name in subjects for minute in range(5)], keep=WEEK)
        few = best(None) + best(until)
        store.observe([seen(minute, name) for name in subjects for minute in range(5, 100)], keep=WEEK)
        many = best(None) + best(until)
    assert many < 5 * few
