"""What every event store keeps to: one class, run for each backend."""

import itertools
import random
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from cimnet_nornir.domain.envelope import Append, Event, EventRecord, StoredEvent
from cimnet_nornir.errors import (
    ConcurrencyConflict,
    InvalidValue,
    NotFound,
    ReservationConflict,
    StoreCorrupt,
    StoreError,
    UnknownEventType,
)
from cimnet_nornir.store import Checkpoint, EventStore, ProjectionRow, open_store
from cimnet_nornir.store.rows import LogEntry

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


class ChangeRequested(Event):
    command: str = "declare"


class VlanCreated(Event):
    vlan: int
    name: str = "users"


class PortsPatched(Event):
    ports: tuple[str, ...]


class NeverRegistered(Event):
    pass


TYPES = {kind.type_name(): kind for kind in (ChangeRequested, VlanCreated, PortsPatched)}


class StoppedClock:
    """A clock that moves only when told."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def store(url: str, clock: StoppedClock) -> Iterator[EventStore]:
    opened = open_store(url, TYPES, clock=clock)
    yield opened
    opened.close()


def request_record(stream: str | None = None, version: int = 1, correlation: UUID | None = None) -> EventRecord:
    event_id = uuid4()
    chain = correlation or uuid4()
    return EventRecord(
        event_id, stream or f"request-{event_id}", version, chain, event_id, NOON, "anna", ChangeRequested()
    )


def record(cause: EventRecord, stream: str, version: int, event: Event | None = None) -> EventRecord:
    fact = event or VlanCreated(vlan=version)
    return EventRecord(uuid4(), stream, version, cause.correlation_id, cause.event_id, NOON, "anna", fact, "CHG-1")


def batch_of(*streams: tuple[str, int]) -> Append:
    first = request_record()
    return Append((first, *(record(first, name, version) for name, version in streams)))


def ids(events: Sequence[EventRecord]) -> list[UUID]:
    return [event.event_id for event in events]


class TestEveryStore:
    def test_what_is_appended_is_read_back_whole(self, store: EventStore) -> None:
        first = request_record()
        patched = record(first, "device-1", 1, PortsPatched(ports=("Gi0/1", "Gi0/2 ü\u2028\x00")))
        stored = store.append(Append((first, patched)))
        assert list(store.read_all()) == list(stored)
        assert [event.position for event in stored] == [1, 2]
        assert stored[1].event == patched.event
        assert stored[1].reason == "CHG-1"
        assert stored[0].recorded_at == NOON
        assert stored[1].recorded_at > NOON
        assert stored[1].recorded_at.utcoffset() == timedelta(0)

    def test_an_empty_store_answers_everything(self, store: EventStore) -> None:
        assert list(store.read_all()) == []
        assert list(store.read_stream("device-1")) == []
        assert store.versions() == {}
        assert store.last_positions() == {}
        assert store.head() == 0
        assert store.position_at(NOON) == 0
        assert store.find(uuid4()) is None
        assert store.owner_of("host sw1") is None
        assert store.append(Append(())) == ()
        assert store.append_all([]) == ()
        assert store.verify().ok
        info = store.info()
        assert (info.events, info.first_recorded_at, info.checkpoint) == (0, None, None)

    def test_a_stream_is_read_from_a_version_until_a_position(self, store: EventStore) -> None:
        store.append(batch_of(("device-1", 1), ("device-2", 1), ("device-1", 2), ("device-1", 3)))
        assert [event.version for event in store.read_stream("device-1")] == [1, 2, 3]
        assert [event.version for event in store.read_stream("device-1", after=1)] == [2, 3]
        assert [event.version for event in store.read_stream("device-1", until=4)] == [1, 2]

    def test_all_events_are_read_by_position_prefix_type_and_limit(self, store: EventStore) -> None:
        first = request_record("request-1")
        names = ("device-1", "device-2", "pool-1")
        store.append(Append((first, *(record(first, name, 1) for name in names))))

        def positions(events: Iterator[StoredEvent]) -> list[int]:
            return [event.position for event in events]

        assert positions(store.read_all(after=1, until=3)) == [2, 3]
        assert positions(store.read_all(prefix="device-")) == [2, 3]
        assert positions(store.read_all(types=("ChangeRequested",))) == [1]
        assert positions(store.read_all(limit=2)) == [1, 2]
        assert positions(store.read_all(limit=0)) == []
        assert positions(store.read_all(newest_first=True, limit=2)) == [4, 3]
        assert positions(store.read_all(newest_first=True, after=1, until=3, prefix="device-")) == [3, 2]

    def test_reading_goes_over_many_pages(self, store: EventStore) -> None:
        first = request_record()
        many = tuple(record(first, "device-1", version) for version in range(1, 4_502))
        store.append(Append((first, *many)))
        assert [event.position for event in store.read_all()] == list(range(1, 4_503))
        assert [event.position for event in store.read_all(newest_first=True)] == list(range(4_502, 0, -1))
        assert [event.version for event in store.read_stream("device-1")] == list(range(1, 4_502))
        assert sum(1 for _ in store.read_all(limit=2_500)) == 2_500

    def test_reading_in_pages_does_not_hold_up_an_append(self, store: EventStore) -> None:
        store.append(batch_of(("device-1", 1)))
        reading = store.read_all()
        next(reading)
        store.append(batch_of(("device-1", 2)))
        assert len(list(reading)) >= 1

    def test_events_are_counted_by_type_between_two_positions(self, store: EventStore) -> None:
        assert store.count_types() == {}
        store.append(batch_of(("a", 1), ("a", 2)))
        head = store.append(batch_of(("b", 1)))[-1].position
        assert store.count_types() == {"ChangeRequested": 2, "VlanCreated": 3}
        assert store.count_types(until=2) == {"ChangeRequested": 1, "VlanCreated": 1}
        assert store.count_types(after=2) == {"ChangeRequested": 1, "VlanCreated": 2}
        assert store.count_types(after=2, until=3) == {"VlanCreated": 1}
        assert store.count_types(after=head) == {}

    def test_versions_are_those_of_the_moment_asked_for(self, store: EventStore) -> None:
        store.append(batch_of(("device-1", 1), ("device-1", 2), ("pool-1", 1)))
        assert store.versions("device-") == {"device-1": 2}
        assert store.versions("device-", until=2) == {"device-1": 1}
        assert store.versions("", until=0) == {}
        assert len(store.versions()) == 3

    def test_time_travel_finds_the_position_of_a_moment(self, store: EventStore, clock: StoppedClock) -> None:
        store.append(batch_of())
        clock.now = NOON + timedelta(hours=1)
        store.append(batch_of())
        assert store.position_at(NOON - timedelta(seconds=1)) == 0
        assert store.position_at(NOON) == 1
        assert store.position_at(NOON + timedelta(minutes=59)) == 1
        assert store.position_at(clock.now) == 2
        with pytest.raises(InvalidValue, match="zone"):
            store.position_at(NOON.replace(tzinfo=None))

    def test_recorded_times_grow_even_when_the_clock_goes_back(self, store: EventStore, clock: StoppedClock) -> None:
        store.append(batch_of(("device-1", 1)))
        clock.now = NOON - timedelta(days=1)
        store.append(batch_of(("device-1", 2)))
        times = [event.recorded_at for event in store.read_all()]
        assert times == [NOON + timedelta(microseconds=step) for step in range(4)]

    def test_events_are_found_by_id_and_by_its_beginning(self, store: EventStore) -> None:
        first, second = store.append(batch_of(("device-1", 1)))
        assert store.find(second.event_id) == second
        text = str(second.event_id)
        assert store.find_prefix(text[:13].upper()) == (second,)
        assert store.find_prefix(text.replace("-", "")) == (second,)
        assert store.find_prefix("") == ()
        assert store.find_prefix("sw1") == ()
        assert store.find_prefix("f" * 33) == ()
        assert first not in store.find_prefix(text)

    def test_a_typed_beginning_finds_at_most_ten(self, store: EventStore) -> None:
        for number in range(12):
            event_id = UUID(int=(0xABC << 116) + number)
            alone = EventRecord(event_id, f"request-{number}", 1, event_id, event_id, NOON, "anna", ChangeRequested())
            store.append(Append((alone,)))
        assert [event.position for event in store.find_prefix("abc")] == list(range(1, 11))

    def test_events_are_found_by_chain_and_by_cause(self, store: EventStore) -> None:
        first = request_record()
        second = record(first, "device-1", 1)
        third = record(second, "device-1", 2)
        store.append(Append((first, second, third)))
        store.append(batch_of())
        assert ids(store.by_correlation(first.correlation_id)) == ids([first, second, third])
        assert ids(store.by_causation(first.event_id)) == [second.event_id]
        assert ids(store.by_causation(second.event_id)) == [third.event_id]

    def test_an_event_must_name_a_stored_cause(self, store: EventStore) -> None:
        missing = request_record()
        with pytest.raises(StoreError, match=str(missing.event_id)):
            store.append(Append((record(missing, "device-1", 1),)))
        first = request_record()
        with pytest.raises(StoreError, match="no stored event"):
            store.append(Append((record(first, "device-1", 1), first)))
        assert store.head() == 0

    def test_only_a_root_may_cause_itself(self, store: EventStore) -> None:
        event_id = uuid4()
        selfish = EventRecord(event_id, "device-1", 1, uuid4(), event_id, NOON, "anna", VlanCreated(vlan=1))
        with pytest.raises(StoreError, match="names itself as its cause"):
            store.append(Append((selfish,)))

    def test_an_event_id_is_stored_once(self, store: EventStore) -> None:
        first = request_record()
        store.append(Append((first,)))
        again = EventRecord(
            first.event_id, "request-2", 1, first.correlation_id, first.event_id, NOON, "a", ChangeRequested()
        )
        with pytest.raises(StoreError, match="already stored"):
            store.append(Append((again,)))

    def test_an_event_of_an_unregistered_type_is_refused(self, store: EventStore) -> None:
        first = request_record()
        with pytest.raises(UnknownEventType, match="NeverRegistered"):
            store.append(Append((first, record(first, "device-1", 1, NeverRegistered()))))
        assert store.head() == 0

    def test_a_stream_that_moved_on_is_a_conflict(self, store: EventStore) -> None:
        store.append(batch_of(("device-1", 1)))
        with pytest.raises(ConcurrencyConflict, match=r"device-1 was read at version 0 and is now at 1") as refused:
            store.append(batch_of(("device-1", 1)))
        assert refused.value.subject == "device-1"
        with pytest.raises(ConcurrencyConflict, match="read at version 2"):
            store.append(batch_of(("device-1", 3)))

    def test_a_gap_inside_a_batch_is_refused(self, store: EventStore) -> None:
        with pytest.raises(StoreError, match="version 3 follows 1"):
            store.append(batch_of(("device-1", 1), ("device-1", 3)))

    def test_a_stream_that_was_only_read_is_guarded_too(self, store: EventStore) -> None:
        store.append(batch_of(("vlan-10", 1)))
        decided = batch_of(("container-network-1", 1))
        store.append(batch_of(("vlan-10", 2)))
        with pytest.raises(ConcurrencyConflict, match="vlan-10"):
            store.append(Append(decided.events, read={"vlan-10": 1, "container-network-1": 0}))
        assert store.versions("container") == {}
        store.append(Append(decided.events, read={"vlan-10": 2, "container-network-1": 0}))

    def test_several_streams_are_written_together_or_not_at_all(self, store: EventStore) -> None:
        store.append(batch_of(("device-2", 1)))
        with pytest.raises(ConcurrencyConflict):
            store.append(batch_of(("device-1", 1), ("device-2", 1)))
        assert store.versions("device-") == {"device-2": 1}
        assert store.head() == 2

    def test_a_group_keeps_the_good_batches_and_refuses_the_bad_one(self, store: EventStore) -> None:
        good, bad, later = batch_of(("device-1", 1)), batch_of(("device-1", 5)), batch_of(("device-1", 2))
        outcomes = store.append_all([good, bad, later])
        assert isinstance(outcomes[0], tuple)
        assert isinstance(outcomes[1], ConcurrencyConflict)
        assert isinstance(outcomes[2], tuple)
        assert [event.version for event in store.read_stream("device-1")] == [1, 2]
        assert [event.position for event in store.read_all()] == [1, 2, 3, 4]
        assert store.verify().ok

    def test_a_reservation_is_unique_until_its_owner_gives_it_back(self, store: EventStore) -> None:
        store.append(Append(batch_of().events, claim={"host sw1": "device-1", "ip 10.0.0.1": "device-1"}))
        assert store.owner_of("host sw1") == "device-1"
        with pytest.raises(ReservationConflict, match="held by device-1") as refused:
            store.append(Append(batch_of().events, claim={"host sw1": "device-2"}))
        assert refused.value.owner == "device-1"
        with pytest.raises(ReservationConflict, match="cannot give it back"):
            store.append(Append(batch_of().events, release={"host sw1": "device-2"}))
        assert store.head() == 1
        store.append(Append(batch_of().events, claim={"host sw1": "device-1"}))
        store.append(Append(batch_of().events, release={"host sw1": "device-1"}, claim={"host sw1": "device-2"}))
        assert store.owner_of("host sw1") == "device-2"
        store.append(Append(batch_of().events, release={"host sw1": "device-2", "nobody has it": "device-2"}))
        assert store.reservations() == {"ip 10.0.0.1": ("device-1", 1)}

    def test_reservations_within_a_group_see_each_other(self, store: EventStore) -> None:
        outcomes = store.append_all(
            [
                Append(batch_of().events, claim={"host sw1": "device-1"}),
                Append(batch_of().events, claim={"host sw1": "device-2"}),
                Append(batch_of().events, release={"host sw1": "device-1"}),
                Append(batch_of().events, claim={"host sw1": "device-3"}),
            ]
        )
        assert [isinstance(outcome, tuple) for outcome in outcomes] == [True, False, True, True]
        assert store.owner_of("host sw1") == "device-3"

    def test_a_reservation_needs_an_event(self, store: EventStore) -> None:
        with pytest.raises(StoreError, match="together with an event"):
            store.append(Append((), claim={"host sw1": "device-1"}))

    def test_a_blob_is_kept_once_under_the_name_of_its_content(self, store: EventStore) -> None:
        text = b"hostname sw1\n" * 1_000
        name = store.put_blob(text)
        assert name == store.put_blob(text)
        assert name.startswith("sha256:")
        assert store.get_blob(name) == text
        assert store.get_blob(store.put_blob(b"")) == b""
        with pytest.raises(NotFound, match="sha256:00"):
            store.get_blob("sha256:00")

    def test_projection_rows_never_move_back(self, store: EventStore) -> None:
        store.save_rows("status", {"sw1": ProjectionRow(5, b"five"), "sw2": ProjectionRow(5, b"five")})
        store.save_rows("other", {"sw1": ProjectionRow(1, b"one")})
        store.save_rows("status", {"sw1": ProjectionRow(4, b"four"), "sw2": ProjectionRow(6, b"six")})
        expected = {"sw1": ProjectionRow(5, b"five"), "sw2": ProjectionRow(6, b"six")}
        assert store.load_rows("status") == expected
        assert store.load_rows("status", "sw2") == {"sw2": ProjectionRow(6, b"six")}
        store.save_rows("status", {"sw1": ProjectionRow(5, b"again")}, drop=["sw2"])
        assert store.load_rows("status") == {"sw1": ProjectionRow(5, b"again")}
        store.save_rows("status", {})
        store.drop_projection("status")
        assert store.load_rows("status") == {}
        assert set(store.load_rows("other")) == {"sw1"}

    def test_projection_rows_are_read_by_key(self, store: EventStore) -> None:
        rows = {f"sw{number}": ProjectionRow(1, b"row") for number in range(3)}
        store.save_rows("status", rows)
        assert store.load_rows("status", keys=["sw2", "sw0", "sw9"]) == {"sw0": rows["sw0"], "sw2": rows["sw2"]}
        assert store.load_rows("status", keys=[]) == {}
        assert store.load_rows("other", keys=["sw1"]) == {}

    def test_of_two_who_carry_a_projection_on_one_is_first(self, store: EventStore) -> None:
        with pytest.raises(ConcurrencyConflict, match="mark was read at position 3 and is now at 0"):
            store.save_rows("status", {"mark": ProjectionRow(4, b"")}, expected=("mark", 3))
        store.save_rows("status", {"mark": ProjectionRow(4, b""), "sw1": ProjectionRow(4, b"")}, expected=("mark", 0))
        late = {"mark": ProjectionRow(5, b"late")}
        with pytest.raises(ConcurrencyConflict, match="mark was read at position 0 and is now at 4"):
            store.save_rows("status", late, drop=["sw1"], expected=("mark", 0))
        assert set(store.load_rows("status")) == {"mark", "sw1"}
        store.save_rows("status", late, drop=["sw1"], expected=("mark", 4))
        assert store.load_rows("status") == late

    def test_owners_are_told_of_keys_that_are_held(self, store: EventStore) -> None:
        store.append(Append(batch_of().events, claim={"host sw1": "device-1", "ip 10.0.0.1": "device-2"}))
        assert store.owners(["ip 10.0.0.1", "host sw9"]) == {"ip 10.0.0.1": "device-2"}
        assert store.owners([]) == {}

    def test_the_store_tells_about_itself(self, store: EventStore) -> None:
        store.append(batch_of(("device-1", 1)))
        made = store.checkpoint()
        info = store.info()
        assert (info.events, info.streams, info.head, info.url) == (2, 2, 2, store.url)
        assert info.first_recorded_at == NOON
        assert info.checkpoint == made == store.checkpoint()
        assert (made.position, made.count) == (2, 2)

    def test_a_checkpoint_kept_elsewhere_is_met_or_missed(self, store: EventStore) -> None:
        store.append(batch_of(("device-1", 1)))
        kept = store.checkpoint()
        store.append(batch_of(("device-1", 2)))
        report = store.verify(kept=[kept])
        assert report.ok
        assert (report.events, report.streams) == (4, 3)
        forged = store.verify(kept=[Checkpoint(2, 2, "0" * 64), Checkpoint(3, 9, "0" * 64), Checkpoint(99, 99, "")])
        assert [problem.position for problem in forged.problems] == [2, 3, 99]
        assert not forged.ok

    def test_stored_rows_fill_an_empty_store_once(self, store: EventStore) -> None:
        with_events = open_store("memory:", TYPES)
        with_events.append(Append(batch_of(("device-1", 1)).events, claim={"host sw1": "device-1"}))
        rows = list(with_events.rows())
        with pytest.raises(StoreCorrupt, match="event 2"):
            store.restore(
                [LogEntry(rows[0]), LogEntry(rows[1]._replace(state=rows[1].state.replace("users", "guest")))]
            )
        assert store.head() == 0
        again = rows[0]._replace(position=3, aggregate_id="request-2", recorded_at="2999")
        with pytest.raises(StoreCorrupt, match=r"event 3: .*its id .* is an earlier event's"):
            store.restore(map(LogEntry, [*rows, again]))
        with with_events.entries() as entries:
            assert store.restore(entries) == 2
        assert list(store.rows()) == rows
        assert list(store.rows(after=1)) == rows[1:]
        assert store.owner_of("host sw1") == "device-1"
        assert store.append(batch_of(("device-1", 2)))[0].position == 3
        assert store.verify().ok
        with pytest.raises(StoreError, match="only an empty store"):
            store.restore(map(LogEntry, rows))

    def test_fifty_threads_append_to_one_stream_without_gap_or_loss(self, store: EventStore) -> None:
        def work(number: int) -> UUID:
            spread = random.Random(number)
            while True:
                version = store.versions("device-1").get("device-1", 0)
                batch = batch_of(("device-1", version + 1))
                try:
                    return store.append(batch)[1].event_id
                except ConcurrencyConflict:
                    time.sleep(spread.uniform(0, 0.1))

        with ThreadPoolExecutor(50) as pool:
            appended = set(pool.map(work, range(50)))
        stream = list(store.read_stream("device-1"))
        assert [event.version for event in stream] == list(range(1, 51))
        assert {event.event_id for event in stream} == appended
        assert store.verify().ok

    def test_fifty_threads_append_to_their_own_streams(self, store: EventStore) -> None:
        ready = threading.Barrier(50)

        def work(number: int) -> None:
            ready.wait(timeout=30)
            for version in (1, 2):
                store.append(batch_of((f"device-{number:02}", version)))

        with ThreadPoolExecutor(50) as pool:
            list(pool.map(work, range(50)))
        events = list(store.read_all())
        assert [event.position for event in events] == list(range(1, 201))
        times = [event.recorded_at for event in events]
        assert all(earlier < later for earlier, later in itertools.pairwise(times))
        assert store.versions("device-") == {f"device-{number:02}": 2 for number in range(50)}
        last = {event.aggregate_id: event.position for event in events if event.aggregate_id.startswith("device-")}
        assert store.last_positions("device-") == last
        half = {event.aggregate_id: event.position for event in events[:100] if "device" in event.aggregate_id}
        assert store.last_positions("device-", until=events[99].position) == half
        assert store.verify().ok
