"""Changes made to the file behind the program's back, and what verify tells of them."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from cimnet_nornir.application.project import create_project
from cimnet_nornir.cli import run
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


@pytest.mark.parametrize("bit", [0x01, 0x04, 0x80])
def test_one_bit_that_is_flipped_anywhere_in_an_event_names_the_event(store: EventStore, path: Path, bit: int) -> None:
    """A flipped highest bit makes the text something else than UTF-8."""
    store.append_all([batch("request-1"), batch("request-1", 2, "büro"), batch("request-1", 3)])
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        (state,) = connection.execute("SELECT CAST(state AS BLOB) FROM stored_events WHERE position = 2").fetchone()
        for offset in range(0, len(state), 9):
            flipped = bytearray(state)
            flipped[offset] ^= bit
            change = "UPDATE stored_events SET state = CAST(? AS TEXT) WHERE position = 2"
            connection.execute(change, (bytes(flipped),))
            report = store.verify()
            assert not report.ok
            assert report.problems[0].position == 2, report.problems


def test_reading_bytes_that_are_no_text_says_so(store: EventStore, path: Path) -> None:
    store.append(batch("request-1"))
    tampered(path, "UPDATE stored_events SET state = CAST(x'ff' AS TEXT)")
    with pytest.raises(StoreCorrupt, match=f"{path} is damaged: .*cimnet store verify"):
        list(store.read_all())


def test_one_byte_that_is_flipped_in_the_file_is_told_by_the_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = tmp_path / "campus"
    create_project(project)
    assert run(["--project", str(project), "declare", str(project / "inventory" / "network.yaml")]) == 0
    file = project / ".cimnet" / "events.db"
    with closing(sqlite3.connect(file)) as connection:
        query = "SELECT position, state FROM stored_events WHERE type = 'SwitchAdded' LIMIT 1"
        position, state = connection.execute(query).fetchone()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    stored = file.read_bytes()
    at = stored.index(state.encode()[:200])
    file.write_bytes(stored[: at + 100] + bytes([stored[at + 100] ^ 0x80]) + stored[at + 101 :])
    capsys.readouterr()
    assert run(["--project", str(project), "store", "verify"]) == 1
    out, err = capsys.readouterr()
    assert f"wrong: event {position}: " in out
    assert err == ""
