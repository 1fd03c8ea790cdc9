"""Moments and events as people write them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import UUID

import pytest

from cimnet_nornir.application.actors import Actor
from cimnet_nornir.application.changes import open_request
from cimnet_nornir.application.moments import find_event, position_of
from cimnet_nornir.domain.envelope import Append
from cimnet_nornir.domain.events import EVENT_TYPES, ROOT_TYPES
from cimnet_nornir.errors import InvalidInput, NotFound
from cimnet_nornir.store import EventStore, open_store

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
IDS = (
    "11111111-0000-4000-8000-000000000001",
    "1111aaaa-0000-4000-8000-000000000002",
    "abcd0000-0000-4000-8000-000000000003",
    "12345678-1234-4234-8234-123456789012",
)


@pytest.fixture
def store() -> Iterator[EventStore]:
    """Four requests, recorded at noon and each an hour later, with ids that begin alike."""
    numbers = count()
    opened = open_store(
        "memory:", EVENT_TYPES, roots=ROOT_TYPES, clock=lambda: NOON + timedelta(hours=min(next(numbers), 3))
    )
    ids = iter(IDS)
    for _ in IDS:
        actor = Actor("ann", lambda: NOON, lambda: UUID(next(ids)))
        _, request = open_request(actor, "test", {})
        opened.append(Append(events=(request,), read={request.aggregate_id: 0}))
    yield opened
    opened.close()


@pytest.fixture
def berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An hour before UTC, as in winter in Berlin."""
    import time

    monkeypatch.setenv("TZ", "CET-1")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("when", "position"),
    [
        ("0", 0),
        ("3", 3),
        (" 2 ", 2),
        (IDS[2], 3),
        (IDS[2].upper(), 3),
        (IDS[2].replace("-", ""), 3),
        ("2026-11-23T12:00Z", 1),
        ("2026-11-23T12:30+00:00", 1),
        ("2026-11-23T15:00+02:00", 2),
        ("2026-11-23", 0),
        ("2026-11-24", 4),
        ("2026-W49-1", 4),
        ("1999-01-01T00:00Z", 0),
    ],
)
def test_a_moment_is_a_number_an_event_or_a_time(store: EventStore, when: str, position: int) -> None:
    assert position_of(store, when) == position


@pytest.mark.usefixtures("berlin")
def test_a_time_without_a_zone_is_local(store: EventStore) -> None:
    assert position_of(store, "2026-11-23T13:59:59") == 1
    assert position_of(store, "2026-11-23T14:00:00") == 2
    assert position_of(store, "2026-11-23 14:00") == 2


@pytest.mark.parametrize(
    "when",
    [
        "",
        "yesterday",
        "12:00",
        "-1",
        "²",
        "٣",
        "9" * 25,
        "2026-13-01",
        "0001-01-01T00:00+12:00",
        "9999-12-31T23:59-12:00",
    ],
)
def test_nonsense_is_refused_in_one_line(store: EventStore, when: str) -> None:
    with pytest.raises(
        InvalidInput, match=r"is no moment; write an event number, an event id, or a time like"
    ) as caught:
        position_of(store, when)
    assert "\n" not in caught.value.message


def test_an_event_that_is_not_there_yet_is_no_moment(store: EventStore) -> None:
    with pytest.raises(NotFound, match="there is no event 5; the last one is 4"):
        position_of(store, "5")
    with pytest.raises(NotFound, match="there is no event 20261123; the last one is 4"):
        position_of(store, "20261123")
    with pytest.raises(NotFound, match="there is no event 'ffffffff-"):
        position_of(store, "ffffffff-0000-4000-8000-000000000000")


@pytest.mark.parametrize(
    ("text", "position"),
    [("1", 1), ("abcd", 3), ("ABCD", 3), (" abcd0000 ", 3), ("1111a", 2), ("12345678", 4), ("1234", 4), (IDS[0], 1)],
)
def test_an_event_is_found_by_its_number_or_the_beginning_of_its_id(
    store: EventStore, text: str, position: int
) -> None:
    assert find_event(store, text).position == position


@pytest.mark.parametrize(
    ("text", "kind", "message"),
    [
        ("abc", InvalidInput, "'abc' is too short; give at least 4 characters"),
        ("", InvalidInput, "'' is too short"),
        ("%%%%", NotFound, "there is no event '%%%%'"),
        ("1111", InvalidInput, "'1111' begins 2 or more ids; give more of it"),
        ("abce", NotFound, "there is no event 'abce'; cimnet history lists them"),
        ("12", NotFound, "there is no event 12; cimnet history lists them"),
        ("0", NotFound, "there is no event 0"),
        ("9" * 30, NotFound, "there is no event"),
        ("nonsense", NotFound, "there is no event 'nonsense'"),
    ],
)
def test_an_event_that_is_not_meant_clearly_is_refused(
    store: EventStore, text: str, kind: type[Exception], message: str
) -> None:
    with pytest.raises(kind, match=message):
        find_event(store, text)
