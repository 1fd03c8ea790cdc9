"""Events that an earlier program stored, read by a later one that knows other shapes and names of them."""

import io
import json
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from cimnet_nornir.domain import events as e
from cimnet_nornir.domain.envelope import Append, Event, EventRecord
from cimnet_nornir.domain.events import EVENT_TYPES, ROOT_TYPES
from cimnet_nornir.domain.values import BridgePriority
from cimnet_nornir.errors import UnknownEventType
from cimnet_nornir.store import EventStore, Upcasters, open_store
from cimnet_nornir.store.export import export_events, import_events
from cimnet_nornir.store.upcast import Payload

NOW = datetime(2026, 3, 1, tzinfo=UTC)
REQUEST = UUID("00000000-0000-4000-8000-000000000001")
STREAM = "device:net/sw1"

# What the program of today writes, byte for byte: a later one must read exactly this.
STORED = [
    (
        '{"actor":"ann","aggregate_id":"request:00000000-0000-4000-8000-000000000001",'
        '"causation_id":"00000000-0000-4000-8000-000000000001","correlation_id":"00000000-0000-4000-8000-000000000001",'
        '"data":{"arguments":{},"command":"declare"},"event_id":"00000000-0000-4000-8000-000000000001","reason":null,'
        '"schema_version":1,"timestamp":"2026-03-01T00:00:00.000000+00:00","type":"ChangeRequested","version":1}'
    ),
    (
        '{"actor":"ann","aggregate_id":"device:net/sw1","causation_id":"00000000-0000-4000-8000-000000000001",'
        '"correlation_id":"00000000-0000-4000-8000-000000000001","data":{"name":"users","vlan":10},'
        '"event_id":"00000000-0000-4000-8000-000000000002","reason":null,"schema_version":1,'
        '"timestamp":"2026-03-01T00:00:00.000000+00:00","type":"VlanCreated","version":1}'
    ),
    (
        '{"actor":"ann","aggregate_id":"device:net/sw1","causation_id":"00000000-0000-4000-8000-000000000001",'
        '"correlation_id":"00000000-0000-4000-8000-000000000001","data":{"mode":"mst","priorities":{"10":4096}},'
        '"event_id":"00000000-0000-4000-8000-000000000003","reason":null,"schema_version":1,'
        '"timestamp":"2026-03-01T00:00:00.000000+00:00","type":"SpanningTreeConfigured","version":2}'
    ),
]


class VlanCreated(Event):
    """The event of a later program: a list of ids in place of one, and a state."""

    schema_version = 3

    vlans: tuple[int, ...]
    label: str | None = None
    active: bool


class SpanningTreeSet(Event):
    """A later name of SpanningTreeConfigured."""

    schema_version = 2

    mode: str
    roots: dict[int, BridgePriority]


def several(data: Payload) -> Payload:
    return {"vlans": [data["vlan"]], "label": data["name"]}


def active(data: Payload) -> Payload:
    return data | {"active": True}


def roots(data: Payload) -> Payload:
    return {"mode": data["mode"], "roots": data["priorities"]}


STEPS = {("VlanCreated", 1): several, ("VlanCreated", 2): active, ("SpanningTreeSet", 1): roots}
UPCASTERS = Upcasters(STEPS, renamed={"SpanningTreeConfigured": "SpanningTreeSet"})
LATER: dict[str, type[Event]] = {
    "ChangeRequested": e.ChangeRequested,
    "VlanCreated": VlanCreated,
    "SpanningTreeSet": SpanningTreeSet,
}


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/events.db"
    return str(request.getfixturevalue("postgresql_url"))


def record(number: int, stream: str, version: int, event: Event) -> EventRecord:
    return EventRecord(UUID(f"{str(REQUEST)[:-1]}{number}"), stream, version, REQUEST, REQUEST, NOW, "ann", event)


@pytest.fixture
def written(url: str) -> str:
    """A store as the program of today leaves it."""
    with closing(open_store(url, EVENT_TYPES, roots=ROOT_TYPES)) as store:
        events = (
            record(1, f"request:{REQUEST}", 1, e.ChangeRequested(command="declare")),
            record(2, STREAM, 1, e.VlanCreated(vlan=10, name="users")),
            record(3, STREAM, 2, e.SpanningTreeConfigured(mode="mst", priorities={10: 4096})),
        )
        store.append(Append(events))
        assert [row.state for row in store.rows()] == STORED
    return url


@pytest.fixture
def later(written: str) -> Iterator[EventStore]:
    """The same store, opened by a later program."""
    with closing(open_store(written, LATER, roots=ROOT_TYPES, upcasters=UPCASTERS)) as store:
        yield store


def test_old_versions_are_read_in_the_present_shape(later: EventStore) -> None:
    assert [stored.event for stored in later.read_stream(STREAM)] == [
        VlanCreated(vlans=(10,), label="users", active=True),
        SpanningTreeSet(mode="mst", roots={10: 4096}),
    ]
    found = later.find(UUID(f"{str(REQUEST)[:-1]}3"))
    assert found is not None
    assert found.type == "SpanningTreeSet"
    assert later.count_types() == {"ChangeRequested": 1, "VlanCreated": 1, "SpanningTreeSet": 1}


def test_old_names_are_found_by_the_present_one(later: EventStore) -> None:
    assert [stored.position for stored in later.read_all(types=["SpanningTreeSet"])] == [3]


def test_reading_changes_nothing_that_is_stored(later: EventStore) -> None:
    list(later.read_all())
    assert [row.state for row in later.rows()] == STORED
    assert later.verify().ok


def test_old_and_new_versions_stand_in_one_stream(later: EventStore) -> None:
    newer = VlanCreated(vlans=(20, 30), active=False)
    later.append(Append((EventRecord(uuid4(), STREAM, 3, REQUEST, REQUEST, NOW, "ann", newer),)))
    assert [stored.event for stored in later.read_stream(STREAM, after=2)] == [newer]
    assert [(row.type, row.schema_version) for row in later.rows()][1:] == [
        ("VlanCreated", 1),
        ("SpanningTreeConfigured", 1),
        ("VlanCreated", 3),
    ]
    assert later.verify().ok


def test_an_export_keeps_the_old_versions_and_so_does_an_import(later: EventStore, tmp_path: Path) -> None:
    out = io.StringIO()
    export_events(later, out)
    lines = out.getvalue().splitlines()
    assert [json.loads(line)["schema_version"] for line in lines] == [1, 1, 1]
    copied = open_store(f"sqlite:///{tmp_path}/copy.db", LATER, roots=ROOT_TYPES, upcasters=UPCASTERS)
    with closing(copied) as copy:
        assert import_events(copy, lines) == 3
        assert list(copy.read_all()) == list(later.read_all())
        assert [row.state for row in copy.rows()] == STORED


def test_a_program_without_the_upcaster_names_the_event(written: str) -> None:
    with (
        closing(open_store(written, LATER, roots=ROOT_TYPES)) as store,
        pytest.raises(UnknownEventType, match="event 2 is a VlanCreated of schema version 1"),
    ):
        list(store.read_all())
