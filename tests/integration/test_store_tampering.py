"""Changes made to the file behind the program's back, and what verify tells of them."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from cimnet_nornir.domain.envelope import Append, Event, EventRecord
from cimnet_nornir.errors import StoreCorrupt
from cimnet_nornir.store import EventStore, open_store

NOW = datetime(2026, 3, 1, tzinfo=UTC)


class ChangeRequested(Event):
    text: str = ""


TYPES: dict[str, type[Event]] = {"ChangeRequested": ChangeRequested}


def batch(stream: str, version: int = 1, text: str = "") -> Append:
    event_id = uuid4()
    return Append(
        (EventRecord(event_id, stream, version, event_id, event_id, NOW, "anna", ChangeRequested(text=text)),)
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "project" / ".cimnet" / "events.db"


@pytest.fixture
def store(path: Path) -> Iterator[EventStore]:
    opened = open_store(f"sqlite:///{path}", TYPES)
    yield opened
    opened.close()


def tampered(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute(statement).rowcount
        connection.commit()


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("UPDATE stored_events SET state = replace(state, 'anna', 'otto') WHERE position = 3", "hash of version 3"),
        ("UPDATE stored_events SET state = '{}' WHERE position = 3", "cannot be read"),
        ("UPDATE stored_events SET type = 'RouterMoved' WHERE position = 3", "newer cimnet_nornir"),
        ("UPDATE stored_events SET correlation_id = event_id || 'x' WHERE position = 3", "columns correlation_id"),
        ("UPDATE stored_events SET causation_id = 'nobody' WHERE position = 3", "its cause nobody is no earlier event"),
        ("UPDATE stored_events SET recorded_at = '2020' WHERE position = 3", "recorded at 2020, not after"),
        ("DELETE FROM stored_events WHERE position = 3", "events are missing"),
        ("DELETE FROM stored_events WHERE position = 6", "should end with version 6, not 5"),
        ("UPDATE streams SET hash = 'ff'", "last hash is not the one that was remembered"),
    ],
)
def test_a_change_behind_our_back_is_found(store: EventStore, path: Path, statement: str, problem: str) -> None:
    for version in range(1, 7):
        store.append(batch("request-1", version))
    assert store.verify().ok
    tampered(path, statement)
    messages = [found.message for found in store.verify().problems]
    assert any(problem in message for message in messages), messages


def test_a_tail_taken_away_with_all_its_traces_shows_against_a_kept_checkpoint(store: EventStore, path: Path) -> None:
    for version in range(1, 7):
        store.append(batch(f"request-{version}"))
    kept = store.checkpoint()
    for statement in (
        "DELETE FROM stored_events WHERE position > 4",
        "DELETE FROM streams WHERE aggregate_id > 'request-4'",
        "DELETE FROM checkpoints",
    ):
        tampered(path, statement)
    assert store.verify().ok
    (problem,) = store.verify(kept=[kept]).problems
    assert problem.position == 6
    assert "missing" in problem.message


def test_a_rewritten_history_shows_against_its_checkpoint(store: EventStore, path: Path) -> None:
    for version in range(1, 4):
        store.append(batch(f"request-{version}"))
    store.checkpoint()
    tampered(path, "UPDATE stored_events SET recorded_at = replace(recorded_at, '20', '19') WHERE position = 1")
    (problem,) = store.verify().problems
    assert (problem.position, "root" in problem.message) == (3, True)


def test_checkpoints_are_written_by_themselves(store: EventStore) -> None:
    events = [batch(f"request-{number:04}") for number in range(1_000)]
    store.append_all(events[:999])
    assert store.info().checkpoint is None
    store.append(events[999])
    made = store.info().checkpoint
    assert made is not None
    assert (made.position, made.count) == (1_000, 1_000)
    assert made.root == store.verify().root
    assert store.verify().checkpoints == 1


def test_a_blob_changed_behind_our_back_is_not_given_out(store: EventStore, path: Path) -> None:
    name = store.put_blob(b"hostname sw1")
    tampered(path, "UPDATE blobs SET data = x'00'")
    with pytest.raises(StoreCorrupt, match=name):
        store.get_blob(name)
    (problem,) = store.verify().problems
    assert problem.message.startswith(f"what is stored under {name} cannot be unpacked")


def test_the_next_position_lies_after_the_last_checkpoint(store: EventStore, path: Path) -> None:
    store.append_all([batch("request-1"), batch("request-2")])
    store.checkpoint()
    tampered(path, "DELETE FROM stored_events WHERE position = 2")
    assert store.append(batch("request-3"))[0].position == 3
    assert not store.verify().ok
