"""What is particular to PostgreSQL: its URL, its errors, its locks; the contract runs for it with the others."""

import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import text

from cimnet_nornir.domain.envelope import Append, Event, EventRecord
from cimnet_nornir.errors import ConcurrencyConflict, SettingsError, StoreUnavailable
from cimnet_nornir.store import Codec, EventStore, open_store
from cimnet_nornir.store.sql import SqlStore

pytest.importorskip("psycopg", reason="psycopg is not installed")

from cimnet_nornir.store.postgresql import PostgresDatabase

NOW = datetime(2026, 3, 1, tzinfo=UTC)


class ChangeRequested(Event):
    text: str = ""


TYPES: dict[str, type[Event]] = {"ChangeRequested": ChangeRequested}


def batch(stream: str, version: int = 1) -> Append:
    event_id = uuid4()
    return Append((EventRecord(event_id, stream, version, event_id, event_id, NOW, "anna", ChangeRequested()),))


def opened(url: str, *, deadline: float = 30) -> SqlStore:
    database = PostgresDatabase(url, deadline=deadline)
    return SqlStore(database, Codec(TYPES), roots=["ChangeRequested"], clock=lambda: NOW)


@pytest.fixture
def store(postgresql_url: str) -> Iterator[EventStore]:
    with closing(open_store(postgresql_url, TYPES)) as store:
        yield store


def test_a_password_is_masked_wherever_the_store_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable) as refused:
        open_store(f"postgresql://anna:secret@/events?host={tmp_path}", TYPES)
    message = str(refused.value)
    assert "postgresql://anna:***@/events" in message
    assert "secret" not in message
    assert "\n" not in message


def test_a_url_that_cannot_be_read_does_not_show_its_password() -> None:
    with pytest.raises(SettingsError, match="postgresql://USER@HOST:PORT/DATABASE") as refused:
        open_store("postgresql://anna:secret@db:port/events", TYPES)
    assert "secret" not in str(refused.value)


def test_it_tells_about_itself(store: EventStore, postgresql_url: str) -> None:
    store.append(batch("request-1"))
    info = store.info()
    assert (info.backend, info.events) == ("postgresql", 1)
    assert info.size_bytes > 1_000_000
    assert store.url.startswith("postgresql:///postgres?")


def test_a_store_is_opened_again_where_it_is(store: EventStore, postgresql_url: str) -> None:
    store.append(batch("request-1"))
    with closing(open_store(postgresql_url, TYPES)) as again:
        assert again.append(batch("request-1", 2))[0].position == 2
        assert again.verify().ok


def test_two_programs_that_open_at_once_make_one_store(postgresql_url: str) -> None:
    stores: list[EventStore] = []
    threads = [threading.Thread(target=lambda: stores.append(open_store(postgresql_url, TYPES))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(stores) == 4
    for number, store in enumerate(stores):
        store.append(batch(f"request-{number}"))
        store.close()


def test_two_programs_that_append_to_one_stream_conflict(store: EventStore, postgresql_url: str) -> None:
    with closing(open_store(postgresql_url, TYPES)) as other:
        store.append(batch("request-1"))
        with pytest.raises(ConcurrencyConflict):
            other.append(batch("request-1"))


def test_a_lock_is_waited_for_until_the_deadline(postgresql_url: str) -> None:
    with closing(opened(postgresql_url)) as holder, closing(opened(postgresql_url, deadline=0.2)) as waiting:
        with holder._database.write(), pytest.raises(StoreUnavailable, match="another program keeps it locked"):
            waiting.append(batch("request-1"))
        assert waiting.append(batch("request-1"))[0].position == 1


def test_commits_are_durable_even_where_the_servers_default_is_not(postgresql_url: str) -> None:
    url = postgresql_url.replace("options=", "options=-csynchronous_commit%3Doff%20")
    with closing(opened(url)) as store, store._database.write() as connection:
        assert connection.scalar(text("SHOW synchronous_commit")) == "on"


def test_reading_cannot_write(store: EventStore) -> None:
    assert isinstance(store, SqlStore)
    with pytest.raises(StoreUnavailable, match="it is read-only"), store._database.read() as connection:
        connection.execute(text("DELETE FROM stored_events"))


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("UPDATE meta SET value = '99'", "a newer cimnet_nornir made it"),
        ("DROP TABLE meta", "it has other tables .* and is no event store"),
    ],
)
def test_what_is_not_our_store_is_one_clear_line(postgresql_url: str, statement: str, problem: str) -> None:
    with closing(opened(postgresql_url)) as store, store._database.write() as connection:
        connection.execute(text(statement))
    with pytest.raises(StoreUnavailable, match=problem):
        open_store(postgresql_url, TYPES)


def test_tables_of_other_programs_are_left_alone(postgresql_url: str) -> None:
    with closing(opened(postgresql_url)) as store, store._database.write() as connection:
        connection.execute(text("CREATE TABLE bookmarks (url text)"))
    open_store(postgresql_url, TYPES).close()


def test_a_server_that_ended_our_connection_is_told_once_and_then_reached_again(store: EventStore) -> None:
    assert isinstance(store, SqlStore)
    store.append(batch("request-1"))
    with pytest.raises(StoreUnavailable, match="it was shut down"), store._database.write() as connection:
        connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
    assert store.append(batch("request-1", 2))[0].position == 2


def test_a_database_in_another_encoding_is_refused(postgresql_server: str) -> None:
    import psycopg

    with psycopg.connect(postgresql_server, autocommit=True) as connection:
        connection.execute("CREATE DATABASE old ENCODING 'SQL_ASCII' TEMPLATE template0 LOCALE 'C'")
    with pytest.raises(StoreUnavailable, match="its encoding is SQL_ASCII"):
        open_store(postgresql_server.replace("/postgres?", "/old?"), TYPES)
