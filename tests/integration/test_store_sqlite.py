"""What is particular to SQLite: the file, its settings, its errors and its locks."""

import sqlite3
import stat
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from cimnet_nornir.domain.envelope import Append, Event, EventRecord
from cimnet_nornir.errors import SettingsError, StoreCorrupt, StoreError, StoreUnavailable
from cimnet_nornir.store import Codec, EventStore, open_store
from cimnet_nornir.store.sql import SqlStore
from cimnet_nornir.store.sqlite import SqliteDatabase

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


def test_the_file_and_its_folder_are_made_for_the_owner_only(store: EventStore, path: Path) -> None:
    store.append(batch("request-1"))
    for file in path.parent.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert store.url == f"sqlite:///{path}"
    assert store.info().size_bytes > 4_096


def test_a_relative_path_and_a_home_are_understood(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    for url, place in (("sqlite:///.cimnet/events.db", ".cimnet"), ("sqlite:///~/events.db", "home")):
        open_store(url, TYPES).close()
        assert (tmp_path / place / "events.db").exists()


def test_every_connection_is_durable_and_the_log_is_written_ahead(store: EventStore) -> None:
    assert isinstance(store, SqlStore)
    with store._database.write() as connection:
        settings = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    assert settings == ["wal", 2, 1]


def test_a_person_can_read_the_table_with_sqlite(store: EventStore, path: Path) -> None:
    store.append(batch("request-1", text="Büro"))
    with closing(sqlite3.connect(path)) as connection:
        state, kind = connection.execute("SELECT state, typeof(state) FROM stored_events").fetchone()
    assert kind == "text"
    assert '"data":{"text":"Büro"}' in state


def test_a_closed_store_leaves_one_file_and_opens_again(path: Path) -> None:
    for version in (1, 2):
        with closing(open_store(f"sqlite:///{path}", TYPES)) as store:
            store.append(batch("request-1", version))
        assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("mysql://anna:secret@db/events", "use sqlite:///PATH, postgresql://"),
        ("sqlite:events.db", "use sqlite:///PATH"),
        ("sqlite:///", "use sqlite:///PATH"),
        ("events.db", "use sqlite:///PATH"),
        ("", "use sqlite:///PATH"),
    ],
)
def test_another_url_is_one_clear_line(url: str, problem: str) -> None:
    with pytest.raises(SettingsError, match=problem) as refused:
        open_store(url, TYPES)
    assert "secret" not in str(refused.value)
    assert "\n" not in str(refused.value)


def make_folder(path: Path) -> None:
    path.mkdir(parents=True)


def make_parent_a_file(path: Path) -> None:
    path.parent.parent.mkdir()
    path.parent.write_text("")


def make_text(path: Path) -> None:
    path.parent.mkdir(parents=True)
    path.write_text("network:\n  name: campus\n" * 100)


def make_other_database(path: Path) -> None:
    path.parent.mkdir(parents=True)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE bookmarks (url TEXT)")


def make_newer(path: Path) -> None:
    open_store(f"sqlite:///{path}", TYPES).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE meta SET value = '99'")
        connection.commit()


@pytest.mark.parametrize(
    ("make", "problem"),
    [
        (make_folder, "it is a folder"),
        (make_parent_a_file, "File exists|Not a directory"),
        (make_text, "it is no SQLite database"),
        (make_other_database, "has other tables .bookmarks. and is no event store"),
        (make_newer, r"a newer cimnet_nornir made it \(schema 99, known is 2\)"),
    ],
)
def test_what_is_no_event_store_is_one_clear_line(path: Path, make: Callable[[Path], None], problem: str) -> None:
    make(path)
    with pytest.raises(StoreUnavailable, match=problem) as refused:
        open_store(f"sqlite:///{path}", TYPES)
    assert str(path) in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_damaged_file_is_corrupt(store: EventStore, path: Path) -> None:
    for version in range(1, 40):
        store.append(batch("request-1", version, text="x" * 2_000))
    store.close()
    with path.open("r+b") as file:
        file.seek(4_096 * 3)
        file.write(b"\xff" * 4_096 * 20)
    with pytest.raises(StoreCorrupt, match="is damaged"), closing(open_store(f"sqlite:///{path}", TYPES)) as damaged:
        list(damaged.read_all())


def test_no_space_left_is_said_in_so_many_words(path: Path) -> None:
    database = SqliteDatabase(path)
    with closing(SqlStore(database, Codec(TYPES), roots=["ChangeRequested"], clock=lambda: NOW)) as store:
        with database.write() as connection:
            connection.exec_driver_sql("PRAGMA max_page_count = 1")  # SQLite's own limit: the pages there are
        with pytest.raises(StoreUnavailable, match="no space is left for it"):
            store.append(batch("request-1", text="x" * 100_000))
        assert store.head() == 0


def test_a_lock_that_another_program_keeps_is_waited_for_until_the_deadline(path: Path) -> None:
    database = SqliteDatabase(path, deadline=0.3)
    with (
        closing(SqlStore(database, Codec(TYPES), roots=["ChangeRequested"], clock=lambda: NOW)) as store,
        closing(sqlite3.connect(path, isolation_level=None)) as other,
    ):
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnavailable, match="another program keeps it locked"):
            store.append(batch("request-1"))
        assert store.head() == 0
        other.execute("ROLLBACK")
        assert store.append(batch("request-1"))[0].position == 1


def test_a_thread_that_keeps_the_lock_is_waited_for_until_the_deadline(path: Path) -> None:
    database = SqliteDatabase(path, deadline=0.2)
    with closing(SqlStore(database, Codec(TYPES), roots=["ChangeRequested"], clock=lambda: NOW)) as store:
        with database.write(), pytest.raises(StoreUnavailable, match="keeps it locked"):
            _in_thread(lambda: store.append(batch("request-1")))
        store.append(batch("request-1"))


def _in_thread(work: Callable[[], object]) -> None:
    caught: list[Exception] = []

    def target() -> None:
        try:
            work()
        except StoreError as error:
            caught.append(error)

    thread = threading.Thread(target=target)
    thread.start()
    thread.join()
    for error in caught:
        raise error


def test_all_of_many_blobs_are_verified(store: EventStore, path: Path) -> None:
    names = sorted(store.put_blob(f"hostname sw{number}".encode()) for number in range(201))
    assert store.verify().ok
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE blobs SET data = x'00' WHERE digest = ?", (names[-1],))
        connection.commit()
    (problem,) = store.verify().problems
    assert names[-1] in problem.message


def test_opening_waits_while_another_program_makes_the_file(path: Path) -> None:
    path.parent.mkdir(parents=True)
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN EXCLUSIVE")
    release = threading.Timer(0.3, lambda: other.execute("ROLLBACK"))
    release.start()
    with closing(other), closing(open_store(f"sqlite:///{path}", TYPES)) as store:
        release.join()
        assert store.append(batch("request-1"))[0].position == 1
