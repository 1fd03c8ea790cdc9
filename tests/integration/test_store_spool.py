"""Batches on disk while the store does not work."""

import json
import stat
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from cimnet_nornir.domain.envelope import Append, Event, EventRecord, StoredEvent
from cimnet_nornir.errors import ConcurrencyConflict, StoreError, StoreUnavailable, UnknownEventType
from cimnet_nornir.store import Codec, EventStore, open_store
from cimnet_nornir.store.memory import MemoryStore
from cimnet_nornir.store.spool import Spool

NOW = datetime(2026, 3, 1, tzinfo=UTC)


class ChangeRequested(Event):
    pass


class PushFinished(Event):
    lines: tuple[str, ...] = ()


TYPES: dict[str, type[Event]] = {"ChangeRequested": ChangeRequested, "PushFinished": PushFinished}
CODEC = Codec(TYPES)


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    return Spool(tmp_path / "spool", CODEC)


@pytest.fixture
def store() -> EventStore:
    return open_store("memory:", TYPES)


def started(store: EventStore) -> UUID:
    event_id = uuid4()
    store.append(
        Append((EventRecord(event_id, f"r-{event_id}", 1, event_id, event_id, NOW, "anna", ChangeRequested()),))
    )
    return event_id


def result(cause: UUID, version: int = 1, stream: str = "deployment-1/sw1") -> Append:
    return Append((EventRecord(uuid4(), stream, version, cause, cause, NOW, "anna", PushFinished(lines=("vlan 10",))),))


def test_a_spooled_batch_is_a_private_file_a_person_can_read(spool: Spool) -> None:
    cause = uuid4()
    path = spool.write(Append(result(cause).events, claim={"a": "b"}, release={"c": "d"}))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    content = json.loads(path.read_text())
    assert content["events"][0]["data"] == {"lines": ["vlan 10"]}
    assert (content["claim"], content["release"]) == ({"a": "b"}, {"c": "d"})
    assert spool.waiting() == (path,)
    assert list(path.parent.iterdir()) == [path]


def test_draining_appends_in_order_and_empties_the_folder(spool: Spool, store: EventStore) -> None:
    cause = started(store)
    batches = [result(cause, version) for version in (1, 2, 3)]
    for batch in batches:
        spool.write(batch)
    report = spool.drain(store)
    assert (report.appended, report.already_stored, report.complete) == (3, 0, True)
    assert [event.event_id for event in store.read_stream("deployment-1/sw1")] == [
        batch.events[0].event_id for batch in batches
    ]
    assert spool.waiting() == ()
    assert spool.drain(store).appended == 0


def test_an_event_that_was_stored_after_all_counts_as_done(spool: Spool, store: EventStore) -> None:
    cause = started(store)
    batch = result(cause)
    store.append(batch)
    spool.write(batch)
    report = spool.drain(store)
    assert (report.appended, report.already_stored) == (0, 1)
    assert store.versions("deployment") == {"deployment-1/sw1": 1}
    assert spool.waiting() == ()


def test_results_are_numbered_anew_where_the_stream_moved_on(spool: Spool, store: EventStore) -> None:
    cause = started(store)
    late = result(cause)
    second = EventRecord(uuid4(), "deployment-1/sw1", 2, cause, late.events[0].event_id, NOW, "anna", PushFinished())
    spool.write(Append((*late.events, second)))
    store.append(result(cause, 1))
    store.append(result(cause, 1, stream="deployment-1/sw10"))
    assert spool.drain(store).appended == 2
    stream = list(store.read_stream("deployment-1/sw1"))
    assert [event.version for event in stream] == [1, 2, 3]
    assert stream[2].event_id == second.event_id


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", '{"format": 1}', '{"format": 1, "events": [{}], "claim": {}, "release": {}}', "\udcff"],
)
def test_a_corrupt_file_is_set_aside_and_the_others_are_drained(spool: Spool, store: EventStore, text: str) -> None:
    cause = started(store)
    bad = spool.write(result(cause))
    bad.write_bytes(text.encode("utf-8", "surrogateescape"))
    spool.write(result(cause))
    report = spool.drain(store)
    assert report.appended == 1
    assert not report.complete
    (problem,) = report.set_aside
    assert problem.path == bad.parent / "corrupt" / bad.name
    assert problem.path.read_bytes() == text.encode("utf-8", "surrogateescape")
    assert problem.message
    assert "\n" not in problem.message
    assert spool.waiting() == ()


@pytest.mark.parametrize(
    ("old", "new"), [('"format":1', '"format":2'), ('"type":"PushFinished"', '"type":"PushPraised"')]
)
def test_a_file_of_a_newer_program_is_left_for_it(spool: Spool, store: EventStore, old: str, new: str) -> None:
    path = spool.write(result(started(store)))
    path.write_text(path.read_text().replace(old, new))
    report = spool.drain(store)
    assert report.left[0].path == path
    assert "newer cimnet_nornir" in report.left[0].message
    assert spool.waiting() == (path,)


def test_a_batch_the_store_refuses_is_left_and_the_next_is_tried(spool: Spool, store: EventStore) -> None:
    refused = spool.write(result(uuid4()))
    spool.write(result(started(store)))
    report = spool.drain(store)
    assert report.appended == 1
    assert [problem.path for problem in report.left] == [refused]
    assert "no stored event" in report.left[0].message


class FailingStore(MemoryStore):
    """Refuses so many appends with the given error."""

    def __init__(self, error: StoreError, times: int) -> None:
        super().__init__(CODEC, roots=["ChangeRequested"], clock=lambda: NOW)
        self.error = error
        self.times = times

    def append_all(self, batches: Sequence[Append]) -> tuple[tuple[StoredEvent, ...] | StoreError, ...]:
        if batches[0].events[0].type == "PushFinished" and self.times:
            self.times -= 1
            raise self.error
        return super().append_all(batches)


def test_a_store_that_still_does_not_work_ends_the_attempt(spool: Spool) -> None:
    store = FailingStore(StoreUnavailable("the disk is full"), 1)
    cause = started(store)
    first = spool.write(result(cause, 1))
    spool.write(result(cause, 2))
    report = spool.drain(store)
    assert [problem.path for problem in report.left] == [first]
    assert len(spool.waiting()) == 2
    assert spool.drain(store).appended == 2


def test_a_conflict_with_somebody_else_is_tried_again(spool: Spool) -> None:
    store = FailingStore(ConcurrencyConflict("moved on"), 3)
    spool.write(result(started(store)))
    assert spool.drain(store).appended == 1


def test_a_file_that_cannot_be_read_now_is_left(spool: Spool, store: EventStore) -> None:
    path = spool.write(result(started(store)))
    path.unlink()
    path.mkdir()
    assert spool.drain(store).left[0].path == path
    path.rmdir()
    path.symlink_to("nowhere")
    assert spool.drain(store).complete


def test_an_unregistered_type_is_refused_when_it_is_written(tmp_path: Path) -> None:
    with pytest.raises(UnknownEventType):
        Spool(tmp_path, Codec({})).write(result(uuid4()))


def test_a_folder_that_cannot_be_written_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreUnavailable, match=rf"^spool {tmp_path}/file/spool: .+$"):
        Spool(tmp_path / "file" / "spool", CODEC).write(result(uuid4()))


def test_names_keep_the_order_of_writing(spool: Spool) -> None:
    paths = [spool.write(result(uuid4())) for _ in range(20)]
    assert list(spool.waiting()) == paths
