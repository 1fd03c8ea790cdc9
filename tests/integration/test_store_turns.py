"""Turns: a short exclusion over threads and programs, for every backend."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from cimnet_nornir.domain.events import EVENT_TYPES, ROOT_TYPES
from cimnet_nornir.errors import StoreUnavailable
from cimnet_nornir.store import Codec, EventStore, ProjectionRow, memory, open_store
from cimnet_nornir.store.sql import SqlStore
from cimnet_nornir.store.sqlite import SqliteDatabase

# Takes the turn, says so, and keeps it until it is told to let go (or killed).
HOLD = """
import sys
from cimnet_nornir.domain.events import EVENT_TYPES, ROOT_TYPES
from cimnet_nornir.store import open_store
with open_store(sys.argv[1], EVENT_TYPES, roots=ROOT_TYPES).turn("pool:net/campus"):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def store(url: str) -> Iterator[EventStore]:
    with closing(open_store(url, EVENT_TYPES, roots=ROOT_TYPES)) as opened:
        yield opened


def test_one_thread_at_a_time_has_the_turn(store: EventStore) -> None:
    inside, most = 0, 0

    def take() -> None:
        nonlocal inside, most
        for _ in range(20):
            with store.turn("pool:net/campus"):
                inside += 1
                most = max(most, inside)
                inside -= 1

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (inside, most) == (0, 1)


def test_more_threads_than_connections_take_turns_and_read_and_write_in_them(store: EventStore) -> None:
    def take(number: int) -> int:
        with store.turn("pool:net/campus"):
            store.save_rows("turns", {str(number): ProjectionRow(1, b"")})
            return len(store.load_rows("turns"))

    with ThreadPoolExecutor(40) as threads:
        assert sorted(threads.map(take, range(40))) == list(range(1, 41))


def test_a_turn_ends_with_an_error_in_it_and_leaves_nothing_in_the_log(store: EventStore) -> None:
    with pytest.raises(ZeroDivisionError), store.turn("pool:net/campus"):
        raise ZeroDivisionError
    with store.turn("pool:net/campus"):
        assert store.head() == 0
    assert store.verify().ok


def holder(url: str) -> subprocess.Popen[bytes]:
    process = subprocess.Popen([sys.executable, "-c", HOLD, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"held\n"
    return process


@pytest.mark.parametrize("backend", ["sqlite", "postgresql"])
def test_the_turn_of_a_program_that_dies_is_the_next_ones(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = f"sqlite:///{tmp_path}/e.db" if backend == "sqlite" else str(request.getfixturevalue("postgresql_url"))
    with closing(open_store(url, EVENT_TYPES, roots=ROOT_TYPES)) as store, holder(url) as process:
        got = threading.Event()

        def wait() -> None:
            with store.turn("pool:net/campus"):
                got.set()

        waiting = threading.Thread(target=wait)
        waiting.start()
        assert not got.wait(0.1)
        process.kill()
        waiting.join(timeout=30)
        assert got.is_set()


def test_a_turn_is_waited_for_until_the_deadline(tmp_path: Path) -> None:
    database = SqliteDatabase(tmp_path / "events.db", deadline=0.1)
    store = SqlStore(database, Codec(EVENT_TYPES), roots=ROOT_TYPES, clock=lambda: pytest.fail("no clock is needed"))
    with closing(store), holder(f"sqlite:///{tmp_path}/events.db") as process:
        with pytest.raises(StoreUnavailable, match="another program keeps it locked"), store.turn("pool:net/campus"):
            pytest.fail("two have it")
        process.communicate()


def test_a_turn_in_memory_is_not_waited_for_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "_DEADLINE", 0.01)
    store = open_store("memory:", EVENT_TYPES, roots=ROOT_TYPES)
    with store.turn("pool:net/campus"):
        refused = pytest.raises(StoreUnavailable, match="pool:net/campus is held by another thread")
        with refused, store.turn("pool:net/campus"):
            pytest.fail("two have it")


def test_a_folder_that_cannot_be_written_is_one_clear_line(tmp_path: Path) -> None:
    with closing(open_store(f"sqlite:///{tmp_path}/events.db", EVENT_TYPES, roots=ROOT_TYPES)) as store:
        (tmp_path / "events.db-turns").mkdir()
        with pytest.raises(StoreUnavailable, match=r"events\.db-turns: Is a directory"), store.turn("pool:net/campus"):
            pytest.fail("without a lock")
