"""Encoding, decoding and upcasting of events."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID, uuid4

import pytest

from cimnet_nornir.domain.envelope import Event, EventRecord
from cimnet_nornir.errors import InvalidValue, StoreCorrupt, StoreError, UnknownEventType
from cimnet_nornir.store.codec import Codec, canonical
from cimnet_nornir.store.ids import id_prefix
from cimnet_nornir.store.rows import EventRow, event_hash, time_text
from cimnet_nornir.store.upcast import Payload, Upcasters


class VlanCreated(Event):
    schema_version = 3

    vlan: int
    name: str
    native: bool = False


class Measured(Event):
    value: float


CODEC = Codec({"VlanCreated": VlanCreated, "Measured": Measured})
RECORD = EventRecord(
    UUID(int=1), "device-1", 7, UUID(int=2), UUID(int=3), datetime(2026, 3, 1, tzinfo=UTC), "anna",
    VlanCreated(vlan=10, name="büro"), "CHG-1",
)  # fmt: skip


def row_of(state: str, *, type_name: str = "VlanCreated", schema_version: int = 3) -> EventRow:
    ids = [str(UUID(int=number)) for number in (1, 2, 3)]
    when = "2026-03-01T12:00:00.000000+00:00"
    return EventRow(5, ids[0], "device-1", 7, ids[1], ids[2], type_name, schema_version, when, "ff", state)


def changed(**keys: object) -> str:
    return canonical(json.loads(CODEC.encode(RECORD)) | keys)


def test_the_stored_text_is_pinned() -> None:
    assert CODEC.encode(RECORD) == (
        '{"actor":"anna","aggregate_id":"device-1","causation_id":"00000000-0000-0000-0000-000000000003",'
        '"correlation_id":"00000000-0000-0000-0000-000000000002","data":{"name":"büro","native":false,"vlan":10},'
        '"event_id":"00000000-0000-0000-0000-000000000001","reason":"CHG-1","schema_version":3,'
        '"timestamp":"2026-03-01T00:00:00.000000+00:00","type":"VlanCreated","version":7}'
    )


def test_the_hash_is_pinned() -> None:
    first = "39284b8369b67907d64045c02fdaa99d8fea29a7250832d6dd42e4a52086f7c8"
    assert event_hash("", "state") == first
    assert event_hash(first, "state") == "972ef2114777f4abfde9a8eae76724ff1a8a70c7b9dad17d3ec2fe69d3ec6bf1"


def test_a_row_becomes_the_event_again() -> None:
    stored = CODEC.decode(row_of(CODEC.encode(RECORD)))
    assert (stored.position, stored.digest) == (5, "ff")
    assert stored.event == RECORD.event
    assert CODEC.decode_record(CODEC.encode(RECORD)) == RECORD


def test_a_type_of_a_newer_program_is_named() -> None:
    with pytest.raises(UnknownEventType, match=r"event 5 is a RouterMoved of schema version 1.*newer cimnet_nornir\?"):
        CODEC.decode(row_of(changed(type="RouterMoved"), type_name="RouterMoved", schema_version=1))
    with pytest.raises(UnknownEventType, match="schema version 4"):
        CODEC.decode(row_of(changed(schema_version=4), schema_version=4))
    with pytest.raises(UnknownEventType, match="RouterMoved"):
        CODEC.decode_record(changed(type="RouterMoved"))


@pytest.mark.parametrize(
    ("state", "problem"),
    [
        ("{", "JSON"),
        (changed(data={"vlan": "ten", "name": "x"}), "data.vlan"),
        (changed(version=0), "counts from 1"),
        (changed(more=1), "more"),
        (changed(timestamp="2026-03-01T00:00:00"), "time zone"),
    ],
)
def test_bytes_that_are_no_event_are_a_corrupt_store(state: str, problem: str) -> None:
    with pytest.raises(StoreCorrupt, match=problem) as refused:
        CODEC.decode(row_of(state))
    assert "\n" not in refused.value.message


@pytest.mark.parametrize("state", ["{", "[]", "{}", '{"type": "VlanCreated", "schema_version": 3}'])
def test_text_that_is_no_event_is_refused(state: str) -> None:
    with pytest.raises(StoreCorrupt, match="an event cannot be read"):
        CODEC.decode_record(state)


def test_only_registered_types_are_written() -> None:
    class Stranger(Event):
        pass

    with pytest.raises(UnknownEventType, match="Stranger"):
        CODEC.encode(replace(RECORD, event=Stranger()))


def test_a_number_json_cannot_say_is_refused() -> None:
    with pytest.raises(StoreError, match="Measured in device-1"):
        CODEC.encode(replace(RECORD, event=Measured(value=float("nan"))))


def test_lone_surrogates_are_refused() -> None:
    with pytest.raises(StoreError, match="surrogate"):
        CODEC.encode(replace(RECORD, actor="\ud800"))


def add_name(data: Payload) -> Payload:
    return data | {"name": f"VLAN{data['vlan']}"}


def add_native(data: Payload) -> Payload:
    return data | {"native": True}


STEPS = {("VlanCreated", 1): add_name, ("VlanCreated", 2): add_native}


def test_old_versions_go_through_every_step() -> None:
    codec = Codec({"VlanCreated": VlanCreated}, Upcasters(STEPS))
    stored = codec.decode(row_of(changed(schema_version=1, data={"vlan": 10}), schema_version=1))
    assert stored.event == VlanCreated(vlan=10, name="VLAN10", native=True)


def test_a_missing_step_is_an_unknown_version() -> None:
    codec = Codec({"VlanCreated": VlanCreated}, Upcasters({("VlanCreated", 1): add_name}))
    with pytest.raises(UnknownEventType, match="schema version 1"):
        codec.decode(row_of(changed(schema_version=1, data={"vlan": 10}), schema_version=1))


def test_an_old_event_without_data_is_corrupt() -> None:
    codec = Codec({"VlanCreated": VlanCreated}, Upcasters(STEPS))
    with pytest.raises(StoreCorrupt, match="it has no 'data'"):
        codec.decode(row_of("{}", schema_version=1))


def test_a_renamed_type_is_read_under_its_present_name() -> None:
    upcasters = Upcasters(STEPS, renamed={"VlanMade": "VlanAdded", "VlanAdded": "VlanCreated"})
    codec = Codec({"VlanCreated": VlanCreated}, upcasters)
    state = changed(type="VlanMade", schema_version=2, data={"vlan": 10, "name": "x"})
    stored = codec.decode(row_of(state, type_name="VlanMade", schema_version=2))
    assert stored.event == VlanCreated(vlan=10, name="x", native=True)
    assert stored.type == "VlanCreated"
    assert codec.stored_names(["VlanCreated"]) == {"VlanMade", "VlanAdded", "VlanCreated"}


def test_names_in_a_ring_are_refused() -> None:
    with pytest.raises(StoreError, match="A -> B -> A"):
        Upcasters(renamed={"A": "B", "B": "A"})


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("0190A", "0190a"),
        ("0190a1b2c", "0190a1b2-c"),
        ("0190a1b2-c", "0190a1b2-c"),
        ("0190a1b2", "0190a1b2"),
        (" 0190a1b2c3d4e5f6a7b8c9d0e1f2a3b4 ", "0190a1b2-c3d4-e5f6-a7b8-c9d0e1f2a3b4"),
        ("", None),
        ("sw1", None),
        ("0" * 33, None),
    ],
)
def test_the_beginning_of_an_id_may_be_typed_freely(typed: str, expected: str | None) -> None:
    assert id_prefix(typed) == expected
    whole = str(uuid4())
    assert id_prefix(whole) == whole


def test_times_are_written_in_utc_and_always_as_wide() -> None:
    moment = datetime(2026, 3, 1, 13, tzinfo=timezone(timedelta(hours=1)))
    assert time_text(moment) == "2026-03-01T12:00:00.000000+00:00"
    with pytest.raises(InvalidValue, match="zone"):
        time_text(datetime(2026, 3, 1, 13))  # noqa: DTZ001 - the point of the test
