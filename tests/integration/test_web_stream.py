"""Events as they happen: every client has each once and in order, whatever becomes of its connection or the server."""

import asyncio
import random
import socket
import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pytest

from cimnet_nornir.bootstrap import load_settings, open_service
from cimnet_nornir.domain import commands as c
from cimnet_nornir.web import stream_routes
from cimnet_nornir.web.broadcast import MOST_WAITING, Listener, Message
from tests.web import API, CHANGE, Web, served

pytestmark = pytest.mark.usefixtures("tokens")


def rename(folder: Path, count: int, *, word: str = "users") -> int:
    """Append two events so many times, as another program, and return the number of the last."""
    service = open_service(load_settings(folder))
    try:
        for number in range(count):
            service.execute(c.RenameVlan(device="sw1", vlan=10, name=f"{word}-{number}"))
        return service.store.head()
    finally:
        service.store.close()


def wait_for(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < until, "it did not come to that within a minute"
        time.sleep(0.01)


def test_a_client_is_told_of_what_comes_and_resumes_where_it_was(web: Web, folder: Path) -> None:
    first = web.service.store.head()
    stream = web.stream()
    middle = rename(folder, 3, word="one")
    assert stream.positions(middle) == list(range(first + 1, middle + 1))
    stream.close()
    last = rename(folder, 3, word="two")
    again = web.stream(after=middle)
    assert again.positions(last) == list(range(middle + 1, last + 1))
    again.close()


def test_a_stream_ends_with_the_session_it_was_opened_with(
    web: Web, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream_routes, "KEEP_ALIVE_SECONDS", 0.05)
    login = web.ask("POST", f"{API}/session", {"token": CHANGE})
    proved = {"Cookie": login.headers["set-cookie"].partition(";")[0], "X-CSRF-Token": login.json["csrf"]}
    stream = web.stream(headers=proved)
    last = rename(folder, 1)
    assert stream.positions(last)[-1] == last
    assert web.ask("DELETE", f"{API}/session", headers=proved).status == 204
    # Nothing more comes, but the end.
    assert list(stream.frames()) == []
    stream.close()


def test_a_message_says_what_happened_to_whom(web: Web, folder: Path) -> None:
    rename(folder, 1, word="guests")
    stream = web.stream(after=web.service.store.head() - 1)
    identity, kind, event = next(stream.frames())
    assert (identity, kind) == (str(event["position"]), "event")
    assert (event["type"], event["subject"]) == ("VlanRenamed", "sw1")
    assert "guests-0" in event["words"]
    page = web.get(f"{API}/events?first=1").json
    assert page["events"] == [event]
    stream.close()


def test_who_knows_of_events_that_there_are_not_is_told_of_what_comes(web: Web, folder: Path) -> None:
    first = web.service.store.head()
    for number in (first + 1_000, 99_999_999_999_999_999_999):
        stream = web.stream(after=number)
        last = rename(folder, 1, word=f"w{number % 7}")
        assert stream.positions(last) == [last - 1, last]
        stream.close()


def test_each_event_comes_once_however_often_the_connection_breaks(web: Web, folder: Path) -> None:
    first = web.service.store.head()
    chance = random.Random(7)
    with ThreadPoolExecutor(1) as pool:
        writer = pool.submit(rename, folder, 60)
        had: list[int] = []
        while not writer.done() or had[-1:] != [writer.result()]:
            stream = web.stream(after=had[-1] if had else first)
            want = min((had[-1] if had else first) + chance.randint(1, 15), first + 120)
            had += stream.positions(want)
            stream.close()
            if had[-1] == first + 120:
                break
    assert had == list(range(first + 1, first + 121))


def test_ten_clients_have_the_same(web: Web, folder: Path) -> None:
    first = web.service.store.head()
    streams = [web.stream() for _ in range(10)]
    last = rename(folder, 40)
    with ThreadPoolExecutor(10) as pool:
        found = list(pool.map(lambda stream: stream.positions(last), streams))
    assert found == [list(range(first + 1, last + 1))] * 10
    for stream in streams:
        stream.close()


def test_a_server_that_is_started_anew_goes_on_where_the_old_one_ended(folder: Path) -> None:
    with served(folder) as web:
        first = web.service.store.head()
        stream = web.stream()
        middle = rename(folder, 2, word="before")
        had = stream.positions(middle)
        rest = stream.frames()
    # It was told that this is the end.
    assert list(rest) == []
    stream.close()
    last = rename(folder, 2, word="meanwhile")
    with served(folder) as web:
        stream = web.stream(after=had[-1])
        assert had + stream.positions(last) == list(range(first + 1, last + 1))
        stream.close()


def test_the_server_stops_though_clients_watch(folder: Path) -> None:
    with served(folder) as web:
        streams = [web.stream() for _ in range(5)]
        began = time.monotonic()
    # Without waiting for them until the grace is over.
    assert time.monotonic() - began < 5
    for stream in streams:
        assert list(stream.frames()) == []
        stream.close()


def test_a_client_that_reads_nothing_is_dropped_and_holds_up_nobody(web: Web, folder: Path) -> None:
    first = web.service.store.head()
    slow = socket.create_connection(("127.0.0.1", web.port))
    slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    slow.sendall(f"GET {API}/stream HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    wait_for(lambda: len(web.dashboard.broadcast.listeners) == 1)
    (listener,) = web.dashboard.broadcast.listeners
    quick = web.stream()
    had: list[int] = []
    reader = threading.Thread(target=lambda: had.extend(data["position"] for _, _, data in quick.frames()))
    reader.start()
    flood(web, folder, listener)
    last = web.service.store.head()
    wait_for(lambda: len(had) == last - first)
    assert had == list(range(first + 1, last + 1))
    slow.close()
    web.dashboard.broadcast.let_go()
    reader.join()
    quick.close()
    wait_for(lambda: not web.dashboard.broadcast.listeners)


def flood(web: Web, folder: Path, listener: Listener) -> None:
    """Append until the client was dropped: each event has a long reason, so that the network holds few of them."""
    service = open_service(load_settings(folder), reason="a long reason " * 4_000)
    try:
        for number in range(2_000):
            if listener.dropped:
                break
            names = [c.RenameVlan(device="sw1", vlan=10, name=f"n{number}-{part}") for part in range(20)]
            service.execute(*names)
        assert listener.dropped
    finally:
        service.store.close()


def test_what_waits_for_one_client_has_a_limit() -> None:
    listener = Listener()
    dropped = []
    for number in range(1, MOST_WAITING + 2):
        listener.give([Message(number, b"x")])
        dropped.append(listener.dropped)
    assert dropped == [False] * MOST_WAITING + [True]
    waiting = asyncio.run(listener.take())
    assert [message.position for message in waiting] == list(range(1, MOST_WAITING + 1))
    assert asyncio.run(listener.take()) == []


def test_a_quiet_stream_is_kept_alive(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream_routes, "KEEP_ALIVE_SECONDS", 0.05)
    with socket.create_connection(("127.0.0.1", web.port)) as client, client.makefile("rb") as answer:
        client.sendall(f"GET {API}/stream HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        seen = list(iter(answer.readline, b": keep-alive\n"))
        assert seen


def test_as_many_as_can_be_watch_and_the_next_is_told(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cimnet_nornir.web.broadcast.MOST_LISTENERS", 2)
    streams = [web.stream(), web.stream()]
    wait_for(lambda: len(web.dashboard.broadcast.listeners) == 2)
    answer = web.get(f"{API}/stream")
    assert (answer.status, answer.json["error"]["kind"]) == (503, "TooManyClients")
    for stream in streams:
        stream.close()


def test_an_event_that_is_told_is_stored(web: Web) -> None:
    """Whoever was told of an event finds it, at once."""
    stream = web.stream()
    done = threading.Event()

    def write() -> None:
        for number in range(10):
            web.service.execute(c.RenameVlan(device="sw1", vlan=10, name=f"name-{number}"))
        done.set()

    writer = threading.Thread(target=write)
    writer.start()
    for _, _, event in stream.frames():
        assert web.get(f"{API}/events/{event['position']}").json["event_id"] == event["event_id"]
        if done.is_set() and event["position"] == web.service.store.head():
            break
    writer.join()
    stream.close()


def test_an_event_that_cannot_be_read_holds_the_stream_up_until_it_can(web: Web, folder: Path) -> None:
    last = rename(folder, 1)
    stream = web.stream(after=last - 1)
    assert stream.positions(last) == [last]
    wait_for(lambda: len(web.dashboard.broadcast.listeners) == 1)
    with closing(sqlite3.connect(folder / ".cimnet" / "events.db")) as database, database:
        database.execute(
            "INSERT INTO stored_events SELECT position + 1, ?, aggregate_id, version + 1, correlation_id, causation_id,"
            " 'FromTheFuture', schema_version, recorded_at, hash, state FROM stored_events WHERE position = ?",
            (str(uuid4()), last),
        )
    # Clients are let go, and come back; that is tried until a newer program reads it.
    assert list(stream.frames()) == []
    stream.close()
    with closing(sqlite3.connect(folder / ".cimnet" / "events.db")) as database, database:
        database.execute("UPDATE stored_events SET type = 'VlanRenamed' WHERE position = ?", (last + 1,))
    wait_for(lambda: web.dashboard.broadcast.position == last + 1)
