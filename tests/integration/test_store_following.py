"""Readers that follow the log while others append, over threads and processes, and go on where they stopped."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol
from uuid import uuid4

import pytest

from cimnet_nornir.domain.envelope import Append, Event, EventRecord, StoredEvent
from cimnet_nornir.errors import StoreUnavailable
from cimnet_nornir.store import EventStore, ProjectionRow, following, open_store
from cimnet_nornir.store.following import Changes, Subscription, follow

NOW = datetime(2026, 3, 1, tzinfo=UTC)
LONG = 60.0
"""Seconds no test waits: who is woken only by the poll is found out."""


class ChangeRequested(Event):
    text: str = ""


class Measured(Event):
    pass


TYPES: dict[str, type[Event]] = {"ChangeRequested": ChangeRequested, "Measured": Measured}


class Server(Protocol):
    url: str

    def start(self) -> None: ...

    def stop(self) -> None: ...


def batch(stream: str, version: int = 1, *, more: int = 0) -> Append:
    cause = uuid4()
    first = EventRecord(cause, stream, version, cause, cause, NOW, "anna", ChangeRequested())
    rest = (
        EventRecord(uuid4(), stream, version + number, cause, cause, NOW, "anna", Measured())
        for number in range(1, more + 1)
    )
    return Append((first, *rest))


@pytest.fixture
def store(url: str) -> Iterator[EventStore]:
    with closing(open_store(url, TYPES)) as opened:
        yield opened


@contextmanager
def running(work: Callable[[threading.Event], None]) -> Iterator[None]:
    """A follower in a thread, stopped at the end; what it raises is raised here."""
    stop = threading.Event()
    raised: list[BaseException] = []

    def run() -> None:
        try:
            work(stop)
        except Exception as error:  # noqa: BLE001 - handed to the test, which raises it
            raised.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=30)
    assert not thread.is_alive()
    for error in raised:
        raise error


def until(condition: Callable[[], bool], *, seconds: float = 30) -> None:
    limit = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < limit, "it did not come about"
        time.sleep(0.005)


def test_a_follower_reads_what_there_is_in_batches(store: EventStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "MOST_AT_ONCE", 2)
    store.append(batch("request-1", more=4))
    stop = threading.Event()
    found = []
    for position, events in follow(store, after=1, stop=stop):
        found.append((position, [event.position for event in events]))
        if position == 5:
            stop.set()
    assert found == [(3, [2, 3]), (5, [4, 5])]


def test_a_follower_hears_of_an_append_at_once(url: str, store: EventStore) -> None:
    """By another connection, where there are any."""
    other = store if url == "memory:" else open_store(url, TYPES)
    seen: list[int] = []

    def work(stop: threading.Event) -> None:
        for _, events in follow(store, stop=stop, poll=LONG):
            seen.extend(event.position for event in events)
            if len(seen) == 3:
                return

    began = time.monotonic()
    with running(work):
        for version in (1, 2, 3):
            other.append(batch("request-1", version))
            until(lambda: seen == list(range(1, version + 1)))  # noqa: B023 - called at once
    assert time.monotonic() - began < LONG / 2
    other.close()


def test_a_follower_gets_the_types_and_streams_it_asks_for(store: EventStore) -> None:
    store.append(batch("pool-1", more=2))
    store.append(batch("device-1", more=1))
    stop = threading.Event()
    stop_at = store.head()

    def read(**chosen: object) -> list[int]:
        found: list[int] = []
        stop.clear()
        with running(lambda stop: found.extend(_positions(store, stop, chosen))):
            until(lambda: len(found) > 0)
        return found

    def _positions(store: EventStore, stop: threading.Event, chosen: dict[str, object]) -> Iterator[int]:
        for _, events in follow(store, stop=stop, poll=0.05, **chosen):  # type: ignore[arg-type]  # as the test says
            yield from (event.position for event in events)

    assert read(types=["Measured"]) == [2, 3, 5]
    assert read(prefix="device-") == [4, 5]
    assert stop_at == 5


PREAMBLE = """
import sys, time
from datetime import UTC, datetime
from uuid import uuid4
from cimnet_nornir.domain.envelope import Append, Event, EventRecord
from cimnet_nornir.errors import *
from cimnet_nornir.store import ProjectionRow, open_store
from cimnet_nornir.store.following import Changes, Subscription
class ChangeRequested(Event):
    text: str = ""
class Measured(Event):
    pass
store = open_store(sys.argv[1], {"ChangeRequested": ChangeRequested, "Measured": Measured})
"""

WRITER = """
print("ready", flush=True)
sys.stdin.readline()
for number in range(int(sys.argv[3])):
    event_id = uuid4()
    now = datetime.now(UTC)
    records = [EventRecord(event_id, sys.argv[2], 3 * number + 1, event_id, event_id, now, "anna", ChangeRequested())]
    for more in (2, 3):
        records.append(
            EventRecord(uuid4(), sys.argv[2], 3 * number + more, event_id, event_id, now, "anna", Measured())
        )
    store.append(Append(tuple(records)))
store.close()
"""


def started(program: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", PREAMBLE + program, *arguments],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2],
    )  # fmt: skip


def go(workers: Sequence[subprocess.Popen[str]]) -> None:
    for worker in workers:
        assert worker.stdout is not None
        worker.stdout.readline()
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write("go\n")
        worker.stdin.flush()


@pytest.mark.slow
@pytest.mark.parametrize("url", ["sqlite", "postgresql"], indirect=True)
def test_a_follower_sees_each_event_of_many_processes_once_and_in_order(url: str, store: EventStore) -> None:
    """An append that became visible before an earlier one would be skipped: it stood before the follower's position."""
    seen: list[StoredEvent] = []

    def work(stop: threading.Event) -> None:
        for position, events in follow(store, stop=stop):
            assert position >= events[-1].position
            seen.extend(events)

    with running(work), ExitStack() as stack:
        go([stack.enter_context(started(WRITER, url, f"process-{number}", "40")) for number in range(4)])
        until(lambda: len(seen) >= 4 * 40 * 3)
    assert [event.position for event in seen] == list(range(1, 481))
    assert seen == list(store.read_all())


def counting(store: EventStore, projection: str = "counts") -> Callable[[tuple[StoredEvent, ...]], Changes]:
    """Counts the events of each stream: an event that is taken in twice, or never, shows."""

    def handle(events: tuple[StoredEvent, ...]) -> Changes:
        streams = {event.aggregate_id for event in events}
        kept = store.load_rows(projection, keys=streams)
        counts = {stream: int(kept[stream].state) if stream in kept else 0 for stream in streams}
        for event in events:
            counts[event.aggregate_id] += 1
        return Changes({stream: str(count).encode() for stream, count in counts.items()})

    return handle


def counts(store: EventStore) -> dict[str, int]:
    rows = store.load_rows("counts")
    return {key: int(row.state) for key, row in rows.items() if key != ":position"}


def test_a_projection_goes_on_where_it_stopped(store: EventStore) -> None:
    store.append(batch("request-1", more=2))
    subscription = Subscription(store, "counts", counting(store))
    assert subscription.position == 0
    assert subscription.catch_up() == 3
    assert Subscription(store, "counts", counting(store)).position == 3
    store.append(batch("request-2"))
    assert Subscription(store, "counts", counting(store)).catch_up() == 1
    assert subscription.catch_up() == 0
    assert counts(store) == {"request-1": 3, "request-2": 1}
    store.drop_projection("counts")
    assert subscription.catch_up() == 4
    assert counts(store) == {"request-1": 3, "request-2": 1}


def test_the_position_and_the_rows_of_a_batch_are_saved_together(store: EventStore) -> None:
    store.append(batch("request-1", more=2))
    seen: list[tuple[StoredEvent, ...]] = []

    def failing(events: tuple[StoredEvent, ...]) -> Changes:
        seen.append(events)
        if len(seen) == 1:
            raise RuntimeError("it failed on the way")
        return Changes({"row": b"new"}, drop=["old"])

    store.save_rows("mine", {"old": ProjectionRow(0, b"")})
    subscription = Subscription(store, "mine", failing, types=["Measured"])
    with pytest.raises(RuntimeError):
        subscription.catch_up()
    assert (subscription.position, set(store.load_rows("mine"))) == (0, {"old"})
    assert subscription.catch_up() == 2
    assert seen[0] == seen[1]
    assert store.load_rows("mine") == {":position": ProjectionRow(3, b""), "row": ProjectionRow(3, b"new")}


def test_two_followers_of_one_projection_take_each_event_in_once(
    store: EventStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "MOST_AT_ONCE", 3)
    one, other = (Subscription(store, "counts", counting(store)) for _ in range(2))
    with running(lambda stop: one.run(stop=stop, poll=0.05)), running(lambda stop: other.run(stop=stop, poll=0.05)):
        for number in range(20):
            store.append(batch(f"request-{number % 4}", 2 * (number // 4) + 1, more=1))
        until(lambda: one.position == store.head())
    assert counts(store) == {f"request-{number}": 10 for number in range(4)}


FOLLOWER = """
def handle(events):
    streams = {event.aggregate_id for event in events}
    kept = store.load_rows("counts", keys=streams)
    counts = {stream: int(kept[stream].state) if stream in kept else 0 for stream in streams}
    for event in events:
        counts[event.aggregate_id] += 1
    print("taken", flush=True)
    return Changes({stream: str(count).encode() for stream, count in counts.items()})
import cimnet_nornir.store.following as following
following.MOST_AT_ONCE = 3
Subscription(store, "counts", handle).catch_up()
"""


@pytest.mark.slow
@pytest.mark.parametrize("url", ["sqlite", "postgresql"], indirect=True)
def test_a_follower_that_is_killed_goes_on_where_it_stopped(url: str, store: EventStore) -> None:
    for number in range(10):
        store.append(batch(f"request-{number}", more=4))
    subscription = Subscription(store, "counts", counting(store))
    while subscription.position < store.head():
        with started(FOLLOWER, url) as follower:
            assert follower.stdout is not None
            for _ in range(5):
                follower.stdout.readline()  # nothing, once it has come to the end
            follower.kill()
    assert counts(store) == {f"request-{number}": 5 for number in range(10)}


def test_a_connection_that_is_cut_is_made_again(postgresql_url: str) -> None:
    psycopg = pytest.importorskip("psycopg", reason="psycopg is not installed")
    seen: list[int] = []

    def work(stop: threading.Event) -> None:
        for _, events in follow(store, stop=stop, poll=LONG):
            seen.extend(event.position for event in events)
            if len(seen) == 2:
                return

    def listeners() -> set[int]:
        query = (
            "SELECT pid FROM pg_stat_activity WHERE query = 'LISTEN cimnet_appended' AND datname = current_database()"
        )
        return {pid for (pid,) in admin.execute(query)}

    with (
        closing(open_store(postgresql_url, TYPES)) as store,
        closing(open_store(postgresql_url, TYPES)) as other,
        psycopg.connect(postgresql_url, autocommit=True) as admin,
        running(work),
    ):
        other.append(batch("request-1"))
        until(lambda: len(seen) == 1)
        (before,) = listeners()
        admin.execute("SELECT pg_terminate_backend(%s)", (before,))
        until(lambda: len(listeners() - {before}) == 1)
        other.append(batch("request-1", 2))
        until(lambda: seen == [1, 2])


@pytest.mark.slow
def test_a_follower_outlives_the_server(stoppable_postgresql: Server, postgresql_url: str) -> None:
    with closing(open_store(postgresql_url, TYPES)) as store:
        subscription = Subscription(store, "counts", counting(store))
        store.append(batch("request-1"))
        with running(lambda stop: subscription.run(stop=stop, poll=0.1)):
            until(lambda: counts(store) == {"request-1": 1})
            stoppable_postgresql.stop()
            with pytest.raises(StoreUnavailable):
                store.head()
            with pytest.raises(StoreUnavailable):
                next(follow(store, poll=0.05, patience=0.1))
            with pytest.raises(StoreUnavailable):
                subscription.run(poll=0.05, patience=0.1)
            stoppable_postgresql.start()
            store.append(batch("request-1", 2))
            until(lambda: counts(store) == {"request-1": 2})
