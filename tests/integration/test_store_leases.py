"""Leases, for every backend: who has one, for how long by whose clock, and what becomes of those who lost theirs."""

import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from cimnet_nornir.domain.envelope import Append, EventRecord
from cimnet_nornir.domain.events import EVENT_TYPES, ROOT_TYPES, ChangeRequested
from cimnet_nornir.errors import InvalidValue, LeaseHeld, LeaseLost, StoreError
from cimnet_nornir.store import Codec, EventStore, Lease, open_store
from cimnet_nornir.store.leases import LeaseTable, owner_is_dead
from cimnet_nornir.store.rows import LeaseRow, time_text
from cimnet_nornir.store.spool import Spool
from cimnet_nornir.store.writer import GroupWriter

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)

# Takes the lease, says so, and keeps it until it is told to let go (or killed).
HOLD = """
import sys
from cimnet_nornir.domain.events import EVENT_TYPES, ROOT_TYPES
from cimnet_nornir.store import open_store
with open_store(sys.argv[1], EVENT_TYPES, roots=ROOT_TYPES).lease("push:sw1", "anna", seconds=600) as lease:
    print(lease.token, flush=True)
    sys.stdin.read()
"""


class Clock:
    """The machine's clock, or one that is as much wrong."""

    def __init__(self, wrong: timedelta = timedelta(0)) -> None:
        self.wrong = wrong

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.wrong


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(url: str, clock: Clock) -> Iterator[EventStore]:
    with closing(open_store(url, EVENT_TYPES, roots=ROOT_TYPES, clock=clock)) as opened:
        yield opened


@pytest.fixture
def later(store: EventStore, clock: Clock) -> Callable[[float], None]:
    """Lets time pass for the leases: memory goes by its clock; a database has its own, so their ends move instead."""

    def move(seconds: float) -> None:
        if store.url == "memory:":
            clock.wrong += timedelta(seconds=seconds)
            return
        with rows_of(store).lease_rows(write=True) as rows:
            for row in rows.starting_with(""):
                ends = datetime.fromisoformat(row.expires_at) - timedelta(seconds=seconds)
                rows.put(row._replace(expires_at=time_text(ends)))

    return move


def rows_of(store: EventStore) -> LeaseTable:
    assert isinstance(store, LeaseTable)
    return store


def put(store: EventStore, token: str, *, name: str = "push:sw1", holder: str = "anna") -> None:
    """A lease of an hour that somebody else wrote."""
    with rows_of(store).lease_rows(write=True) as rows:
        rows.put(LeaseRow(name, holder, token, time_text(rows.now + timedelta(hours=1))))


def dead_token(lease: Lease) -> str:
    """The token of a process that had this one's id before it."""
    place, started, _ = lease.token.rsplit("|", 2)
    return f"{place}|{int(started or 0) + 1}|{uuid4().hex}"


def request(fence: dict[str, str] | None = None) -> Append:
    event_id = uuid4()
    asked = ChangeRequested(command="declare")
    record = EventRecord(event_id, f"request-{event_id}", 1, event_id, event_id, NOON, "anna", asked)
    return Append((record,), fence=fence or {})


@contextmanager
def killed_while_it_holds(url: str) -> Iterator[str]:
    """The token of a process that was killed while it held push:sw1; it is not waited for before the end."""
    program = [sys.executable, "-c", HOLD, url]
    with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        token = process.stdout.readline().decode().strip()
        with (
            closing(open_store(url, EVENT_TYPES, roots=ROOT_TYPES)) as store,
            pytest.raises(LeaseHeld, match="held by anna"),
            store.lease("push:sw1", "bo", seconds=60),
        ):
            pytest.fail("two holders")
        process.send_signal(signal.SIGKILL)
        until = time.monotonic() + 30
        while not owner_is_dead(token) and time.monotonic() < until:
            time.sleep(0.01)
        yield token


class TestEveryStore:
    def test_a_lease_is_held_by_one_until_it_is_given_back(self, store: EventStore) -> None:
        with store.lease("pool-1", "anna", seconds=60) as held:
            assert (held.name, held.holder) == ("pool-1", "anna")
            with (
                pytest.raises(LeaseHeld, match="pool-1 is held by anna until") as refused,
                store.lease("pool-1", "bo", seconds=1),
            ):
                pytest.fail("two holders")
            assert (refused.value.subject, refused.value.holder) == ("pool-1", "anna")
            with store.lease("pool-2", "bo", seconds=1):
                pass
        with store.lease("pool-1", "cy", seconds=1) as next_one:
            assert next_one.token != held.token

    @pytest.mark.parametrize("seconds", [0, -1, float("nan")])
    def test_a_lease_takes_time(self, store: EventStore, seconds: float) -> None:
        with pytest.raises(InvalidValue, match="more than"), store.lease("pool-1", "cy", seconds=seconds):
            pytest.fail("no time")
        with pytest.raises(InvalidValue, match="waited for"), store.lease("pool-1", "cy", seconds=1, wait=-1):
            pytest.fail("no time")

    def test_a_lease_that_ran_out_is_taken_and_cannot_be_renewed(
        self, store: EventStore, later: Callable[[float], None]
    ) -> None:
        with store.lease("pool-1", "anna", seconds=600) as first:
            later(500)
            first.renew()
            later(500)
            with pytest.raises(LeaseHeld, match="held by anna"), store.lease("pool-1", "bo", seconds=60):
                pytest.fail("two holders")
            later(200)
            with store.lease("pool-1", "bo", seconds=60):
                with pytest.raises(LeaseLost, match="the lease pool-1 is lost: bo took it") as lost:
                    first.renew()
                assert lost.value.subject == "pool-1"
                assert first.seconds_left() == 0
            # Also when the other is done by now: something else happened in between.
            with pytest.raises(LeaseLost, match="bo took it"):
                first.renew()

    def test_a_lease_that_ran_out_is_renewed_while_nobody_took_it(
        self, store: EventStore, later: Callable[[float], None]
    ) -> None:
        with store.lease("pool-1", "anna", seconds=60) as lease:
            later(61)
            lease.renew()
            with pytest.raises(LeaseHeld), store.lease("pool-1", "bo", seconds=60):
                pytest.fail("two holders")

    def test_a_lease_that_was_lost_is_not_given_back_for_its_new_holder(
        self, store: EventStore, later: Callable[[float], None]
    ) -> None:
        with store.lease("pool-1", "anna", seconds=60):
            later(61)
            second = store.lease("pool-1", "bo", seconds=60)
            second.__enter__()
        with pytest.raises(LeaseHeld, match="held by bo"), store.lease("pool-1", "cy", seconds=1):
            pytest.fail("two holders")
        second.__exit__(None, None, None)

    def test_a_lease_that_was_given_back_is_not_renewed_by_a_thread_that_comes_late(self, store: EventStore) -> None:
        with store.lease("pool-1", "anna", seconds=60) as lease:
            pass
        assert lease.seconds_left() == 0
        with pytest.raises(LeaseLost, match="pool-1 was given back"):
            lease.renew()
        with store.lease("pool-1", "bo", seconds=60):
            pass

    def test_the_seconds_left_are_never_more_than_the_store_grants(self, store: EventStore) -> None:
        before = time.monotonic()
        with store.lease("pool-1", "anna", seconds=5) as lease:
            first = lease.seconds_left()
            assert 5 - (time.monotonic() - before) - 0.01 <= first <= 5
            ends, shown = lease.expires_at, store.leases()[0].expires_at
            assert ends == shown
            time.sleep(0.05)
            assert lease.seconds_left() <= first - 0.05
            lease.renew()
            assert first - 0.05 < lease.seconds_left() <= 5
            assert lease.expires_at > ends

    def test_a_short_lease_is_over_in_its_holders_eyes_before_it_is_in_the_stores(self, store: EventStore) -> None:
        with (
            store.lease("pool-1", "anna", seconds=0.2) as lease,
            store.lease("pool-1", "bo", seconds=60, wait=30),
        ):
            assert lease.seconds_left() == 0

    def test_a_holder_learns_when_the_one_before_let_go(self, store: EventStore) -> None:
        with store.lease("push:sw1", "anna", seconds=60) as first:
            assert first.vacated is None
            began = datetime.now(UTC)
        with store.lease("push:sw1", "bo", seconds=60) as second:
            assert second.vacated is not None
            assert began <= second.vacated <= datetime.now(UTC)
            vacated = second.vacated
            second.renew()
            assert second.vacated == vacated

    def test_a_lease_of_a_process_whose_number_another_has_now_is_taken_over(self, store: EventStore) -> None:
        with store.lease("some", "anna", seconds=60) as lease:
            put(store, dead_token(lease))
        before = datetime.now(UTC)
        with store.lease("push:sw1", "bo", seconds=60) as taken:
            assert taken.vacated is not None
            assert before <= taken.vacated <= datetime.now(UTC)

    def test_the_leases_are_listed_by_name(self, store: EventStore, later: Callable[[float], None]) -> None:
        with store.lease("push:sw2", "bo", seconds=60) as second, store.lease("push:sw1", "anna", seconds=600) as first:
            put(store, dead_token(first), name="push:sw3", holder="cy")
            with store.lease("pool-1", "dan", seconds=5):
                pass
            later(61)
            told = [(lease.name, lease.holder, lease.held, lease.owner_dead, lease.free) for lease in store.leases()]
            assert told == [
                ("pool-1", "dan", False, False, True),
                ("push:sw1", "anna", True, False, False),
                ("push:sw2", "bo", False, False, True),
                ("push:sw3", "cy", True, True, True),
            ]
            assert [lease.token for lease in store.leases("push:sw2")] == [second.token]
            assert store.leases("nothing") == ()

    def test_the_leases_of_dead_processes_are_freed_and_no_others(self, store: EventStore) -> None:
        with store.lease("push:sw1", "anna", seconds=60) as alive:
            put(store, dead_token(alive), name="push:sw2", holder="bo")
            put(store, dead_token(alive), name="pool-1", holder="bo")
            put(store, "of another program", name="push:sw3", holder="cy")
            freed = store.free_dead("push:")
            assert [(lease.name, lease.holder, lease.held, lease.owner_dead) for lease in freed] == [
                ("push:sw2", "bo", False, True)
            ]
            assert [lease.name for lease in store.leases() if lease.held] == ["pool-1", "push:sw1", "push:sw3"]
            assert store.free_dead("push:") == ()
            assert [lease.name for lease in store.free_dead()] == ["pool-1"]

    def test_who_waits_gets_the_lease_when_it_is_given_back(self, store: EventStore) -> None:
        held = store.lease("push:sw1", "anna", seconds=60)
        held.__enter__()
        timer = threading.Timer(0.3, held.__exit__, (None, None, None))
        timer.start()
        began = time.monotonic()
        with store.lease("push:sw1", "bo", seconds=60, wait=30) as lease:
            assert lease.holder == "bo"
            assert 0.2 < time.monotonic() - began < 20
        timer.join()

    def test_who_waits_in_vain_is_told_who_has_it(self, store: EventStore) -> None:
        with store.lease("push:sw1", "anna", seconds=60):
            began = time.monotonic()
            with (
                pytest.raises(LeaseHeld, match="held by anna") as refused,
                store.lease("push:sw1", "bo", seconds=60, wait=0.3),
            ):
                pytest.fail("two holders")
            assert refused.value.holder == "anna"
            assert time.monotonic() - began >= 0.3

    def test_many_who_wait_have_it_one_after_another(self, store: EventStore) -> None:
        inside, most = 0, 0

        def work(number: int) -> None:
            nonlocal inside, most
            with store.lease("push:sw1", f"thread {number}", seconds=60, wait=60):
                inside += 1
                most = max(most, inside)
                time.sleep(0.01)
                inside -= 1

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(work, range(8)))
        assert (inside, most) == (0, 1)
        assert not any(lease.held for lease in store.leases())

    def test_what_is_written_under_a_lease_is_written_while_nobody_else_took_it(
        self, store: EventStore, later: Callable[[float], None]
    ) -> None:
        with store.lease("push:sw1", "anna", seconds=60) as lease:
            store.append(request({lease.name: lease.token}))
            later(61)
            store.append(request({lease.name: lease.token}))
        store.append(request({lease.name: lease.token}))
        assert store.head() == 3

    def test_who_lost_the_lease_writes_nothing_more(self, store: EventStore, later: Callable[[float], None]) -> None:
        with store.lease("push:sw1", "anna", seconds=60) as first:
            later(61)
            with store.lease("push:sw1", "bo", seconds=60) as second:
                with pytest.raises(LeaseLost, match="the lease push:sw1 is lost: bo took it") as lost:
                    store.append(request({first.name: first.token}))
                assert lost.value.subject == "push:sw1"
                store.append(request({second.name: second.token}))
            with pytest.raises(LeaseLost):
                store.append(request({first.name: first.token}))
        with pytest.raises(LeaseLost, match="nobody has it"):
            store.append(request({"push:sw9": first.token}))
        assert store.head() == 1

    def test_in_a_group_only_the_batch_whose_lease_is_lost_is_refused(self, store: EventStore) -> None:
        with store.lease("push:sw1", "anna", seconds=60) as one, store.lease("push:sw2", "anna", seconds=60) as other:
            batches = [
                request({one.name: one.token}),
                request({one.name: one.token, other.name: "another's"}),
                request({one.name: one.token, other.name: other.token}),
                request(),
            ]
            outcomes = store.append_all(batches)
            assert [isinstance(outcome, tuple) for outcome in outcomes] == [True, False, True, True]
            assert isinstance(outcomes[1], LeaseLost)
            with GroupWriter(store) as writer:
                writer.append(request({one.name: one.token}))
                with pytest.raises(LeaseLost):
                    writer.append(request({one.name: "another's"}))
        assert store.head() == 4
        assert store.verify().ok

    def test_a_spooled_batch_is_stored_whoever_has_the_lease_by_then(self, store: EventStore, tmp_path: Path) -> None:
        spool = Spool(tmp_path / "spool", Codec(EVENT_TYPES))
        spool.write(request({"push:sw1": "lost since"}))
        assert spool.drain(store).complete
        assert store.head() == 1


class TestEveryStoreOfSeveralProcesses:
    @pytest.fixture(params=["sqlite", "postgresql"])
    def url(self, request: pytest.FixtureRequest, tmp_path: Path) -> str:
        if request.param == "sqlite":
            return f"sqlite:///{tmp_path}/events.db"
        return str(request.getfixturevalue("postgresql_url"))

    def test_a_lease_of_a_process_that_was_killed_is_taken_over_at_once(self, store: EventStore, url: str) -> None:
        before = datetime.now(UTC)
        with killed_while_it_holds(url) as token:
            (found,) = store.leases()
            assert (found.token, found.held, found.owner_dead, found.free) == (token, True, True, True)
            with store.lease("push:sw1", "bo", seconds=60) as lease:
                assert lease.vacated is not None
                assert before <= lease.vacated <= datetime.now(UTC)
                with pytest.raises(LeaseLost):
                    store.append(request({"push:sw1": token}))

    def test_the_lease_of_a_process_that_was_killed_is_freed(self, store: EventStore, url: str) -> None:
        with killed_while_it_holds(url) as token:
            assert [lease.token for lease in store.free_dead("push:")] == [token]
        assert not any(lease.held for lease in store.leases())

    def test_who_waits_gets_the_lease_when_its_process_is_killed(self, store: EventStore, url: str) -> None:
        program = [sys.executable, "-c", HOLD, url]
        with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            assert process.stdout.readline()
            timer = threading.Timer(0.3, process.kill)
            timer.start()
            with store.lease("push:sw1", "bo", seconds=60, wait=60):
                timer.join()

    @pytest.mark.parametrize("wrong", [timedelta(hours=2), timedelta(hours=-2)])
    def test_hosts_with_wrong_clocks_agree_on_who_has_a_lease(
        self, store: EventStore, url: str, later: Callable[[float], None], wrong: timedelta
    ) -> None:
        with closing(open_store(url, EVENT_TYPES, roots=ROOT_TYPES, clock=Clock(wrong))) as astray:
            with (
                store.lease("push:sw1", "anna", seconds=60),
                pytest.raises(LeaseHeld, match="held by anna"),
                astray.lease("push:sw1", "bo", seconds=60),
            ):
                pytest.fail("two holders")
            with astray.lease("push:sw1", "bo", seconds=60) as lease:
                assert abs(lease.expires_at - datetime.now(UTC) - timedelta(seconds=60)) < timedelta(seconds=30)
                assert lease.vacated is not None
                assert datetime.now(UTC) - lease.vacated < timedelta(seconds=30)
                with pytest.raises(LeaseHeld, match="held by bo"), store.lease("push:sw1", "anna", seconds=60):
                    pytest.fail("two holders")
                later(61)
                assert [info.held for info in astray.leases()] == [False]
                with store.lease("push:sw1", "anna", seconds=60), pytest.raises(LeaseLost):
                    lease.renew()


def test_a_lease_goes_by_the_servers_clock_after_it_waited_for_its_turn(postgresql_url: str) -> None:
    """The transaction's own time is that of its beginning: a lease would be shorter by what was waited for the lock."""
    with (
        closing(open_store(postgresql_url, EVENT_TYPES, roots=ROOT_TYPES)) as one,
        closing(open_store(postgresql_url, EVENT_TYPES, roots=ROOT_TYPES)) as other,
        ThreadPoolExecutor(1) as pool,
    ):
        wanted = other.lease("push:sw1", "anna", seconds=60)
        with rows_of(one).lease_rows(write=True):
            waiting = pool.submit(wanted.__enter__)
            time.sleep(0.5)
            let_go = datetime.now(UTC)
        lease = waiting.result(timeout=30)
        assert lease.expires_at >= let_go + timedelta(seconds=60)
        # What was waited counts against the holder, who asked before it.
        assert 30 < lease.seconds_left() <= 59.6
        wanted.__exit__(None, None, None)


def test_a_lease_that_cannot_be_given_back_does_not_hide_what_was_done(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/events.db"
    with closing(open_store(url, EVENT_TYPES, roots=ROOT_TYPES)) as store:
        with store.lease("push:sw1", "anna", seconds=60) as lease:
            break_leases(tmp_path / "events.db")
        assert lease.seconds_left() == 0
        with pytest.raises(StoreError, match="full"), store.lease("push:sw2", "anna", seconds=60):
            pytest.fail("no lease")


def break_leases(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TRIGGER failing BEFORE INSERT ON leases BEGIN SELECT RAISE(ABORT, 'full'); END")
