"""Group commit by one writer thread."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from cimnet_nornir.domain.envelope import Append, Event, EventRecord, StoredEvent
from cimnet_nornir.errors import ConcurrencyConflict, StoreError, StoreUnavailable
from cimnet_nornir.store import Codec, open_store
from cimnet_nornir.store.memory import MemoryStore
from cimnet_nornir.store.writer import GroupWriter


class ChangeRequested(Event):
    pass


TYPES: dict[str, type[Event]] = {"ChangeRequested": ChangeRequested}


def batch(stream: str, version: int = 1) -> Append:
    event_id = uuid4()
    return Append((EventRecord(event_id, stream, version, event_id, event_id, _now(), "anna", ChangeRequested()),))


def _now() -> datetime:
    return datetime.now(UTC)


class SlowStore(MemoryStore):
    """Counts its transactions and can be made to wait, to fail, or to stop the thread that uses it."""

    def __init__(self) -> None:
        super().__init__(Codec(TYPES), roots=["ChangeRequested"], clock=_now)
        self.groups: list[int] = []
        self.go = threading.Event()
        self.began = threading.Event()
        self.failure: BaseException | None = None

    def append_all(self, batches: Sequence[Append]) -> tuple[tuple[StoredEvent, ...] | StoreError, ...]:
        self.groups.append(len(batches))
        self.began.set()
        self.go.wait(timeout=30)
        if self.failure is not None and any(given.events[0].aggregate_id == "poison" for given in batches):
            raise self.failure
        return super().append_all(batches)


def test_results_of_many_threads_are_durable_and_each_gets_its_own(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/events.db", TYPES)
    with GroupWriter(store) as writer, ThreadPoolExecutor(20) as pool:
        stored = list(pool.map(lambda number: writer.append(batch(f"request-{number}")), range(60)))
    assert [events[0].aggregate_id for events in stored] == [f"request-{number}" for number in range(60)]
    assert store.versions() == {f"request-{number}": 1 for number in range(60)}
    store.close()


def test_what_waits_during_a_transaction_goes_into_the_next_one() -> None:
    store = SlowStore()
    with GroupWriter(store) as writer, ThreadPoolExecutor(21) as pool:
        first = pool.submit(writer.append, batch("first"))
        assert store.began.wait(timeout=30)
        others = [pool.submit(writer.append, batch(f"other-{number}")) for number in range(20)]
        _until_waiting(writer, 20)
        store.go.set()
        assert first.result()[0].position == 1
        assert {other.result()[0].aggregate_id for other in others} == {f"other-{number}" for number in range(20)}
    assert store.groups == [1, 20]


def test_a_refused_batch_is_told_to_its_own_thread_only() -> None:
    store = SlowStore()
    with GroupWriter(store) as writer, ThreadPoolExecutor(4) as pool:
        blocking = pool.submit(writer.append, batch("first"))
        assert store.began.wait(timeout=30)
        bad, good = pool.submit(writer.append, batch("bad", 5)), pool.submit(writer.append, batch("good"))
        _until_waiting(writer, 2)
        store.go.set()
        with pytest.raises(ConcurrencyConflict):
            bad.result()
        assert good.result()[0].aggregate_id == "good"
        assert blocking.result()[0].aggregate_id == "first"


def test_a_store_that_fails_is_told_to_everybody_and_the_writer_goes_on() -> None:
    store = SlowStore()
    store.go.set()
    store.failure = StoreUnavailable("the disk is full")
    with GroupWriter(store) as writer:
        with pytest.raises(StoreUnavailable, match="disk is full"):
            writer.append(batch("poison"))
        assert writer.append(batch("later"))[0].position == 1


def test_an_unexpected_error_reaches_only_the_thread_whose_batch_it_is() -> None:
    store = SlowStore()
    store.failure = RuntimeError("a bug")
    with GroupWriter(store) as writer, ThreadPoolExecutor(4) as pool:
        blocking = pool.submit(writer.append, batch("first"))
        assert store.began.wait(timeout=30)
        bad, good = pool.submit(writer.append, batch("poison")), pool.submit(writer.append, batch("good"))
        _until_waiting(writer, 2)
        store.go.set()
        with pytest.raises(RuntimeError, match="a bug"):
            bad.result()
        assert good.result()[0].aggregate_id == "good"
        assert blocking.result()


def test_closing_writes_what_waits_and_refuses_what_comes_later() -> None:
    store = SlowStore()
    writer = GroupWriter(store)
    with ThreadPoolExecutor(4) as pool:
        results = [pool.submit(writer.append, batch("request-0"))]
        assert store.began.wait(timeout=30)
        results += [pool.submit(writer.append, batch(f"request-{number}")) for number in (1, 2)]
        _until_waiting(writer, 2)
        closing = pool.submit(writer.close)
        store.go.set()
        closing.result()
        assert [result.result()[0].aggregate_id for result in results] == ["request-0", "request-1", "request-2"]
    with pytest.raises(StoreUnavailable, match="closed"):
        writer.append(batch("late"))
    writer.close()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_nobody_waits_for_a_writer_that_died() -> None:
    store = SlowStore()
    store.failure = SystemExit()  # ends the thread without a word
    writer = GroupWriter(store)
    with ThreadPoolExecutor(4) as pool:
        fatal = pool.submit(writer.append, batch("poison"))
        assert store.began.wait(timeout=30)
        waiting = pool.submit(writer.append, batch("waiting"))
        _until_waiting(writer, 1)
        store.go.set()
        for result in (fatal, waiting):
            with pytest.raises(StoreUnavailable, match="has stopped"):
                result.result(timeout=30)
    with pytest.raises(StoreUnavailable, match="closed"):
        writer.append(batch("late"))
    writer.close()


def _until_waiting(writer: GroupWriter, count: int) -> None:
    pause = threading.Event()
    for _ in range(3_000):
        if len(writer._waiting) == count:
            return
        pause.wait(0.01)
    pytest.fail(f"{len(writer._waiting)} are waiting")
