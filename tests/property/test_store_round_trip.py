"""Whatever an event holds, the store gives it back, and an export makes the same store again."""

import io
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from ipaddress import IPv4Interface
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from cimnet_nornir.domain.envelope import Append, Event, EventRecord
from cimnet_nornir.store import open_store
from cimnet_nornir.store.codec import Codec, canonical
from cimnet_nornir.store.export import export_events, import_events


class Mode(StrEnum):
    ACCESS = "access"
    TRUNK = "trunk"


class ChangeRequested(Event):
    command: str


class PortConfigured(Event):
    port: str
    mode: Mode
    address: IPv4Interface | None
    vlans: tuple[int, ...]
    weights: dict[str, float]
    at: datetime
    owner: UUID


TYPES: dict[str, type[Event]] = {"ChangeRequested": ChangeRequested, "PortConfigured": PortConfigured}

texts = st.text(st.characters(codec="utf-8"), max_size=20)
moments = st.datetimes(
    min_value=datetime(1971, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    max_value=datetime(2999, 1, 1),  # noqa: DTZ001 - the same
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=-7))]),
)
ports = st.builds(
    PortConfigured,
    port=texts,
    mode=st.sampled_from(Mode),
    address=st.none() | st.ip_addresses(v=4).map(lambda address: IPv4Interface((str(address), 24))),
    vlans=st.lists(st.integers(), max_size=4).map(tuple),
    weights=st.dictionaries(texts, st.floats(allow_nan=False, allow_infinity=False), max_size=3),
    at=moments,
    owner=st.uuids(),
)
records = st.builds(
    EventRecord,
    event_id=st.uuids(),
    aggregate_id=texts,
    version=st.integers(1, 10**6),
    correlation_id=st.uuids(),
    causation_id=st.uuids(),
    timestamp=moments,
    actor=texts.filter(str.strip),
    event=ports,
    reason=st.none() | texts,
)


@given(records)
def test_a_record_is_the_same_after_encoding_and_decoding(record: EventRecord) -> None:
    codec = Codec(TYPES)
    text = codec.encode(record)
    assert codec.decode_record(text) == record
    assert codec.encode(codec.decode_record(text)) == text
    assert canonical(json.loads(text)) == text


@settings(max_examples=30, deadline=None)
@given(st.lists(ports, min_size=1, max_size=5), texts)
def test_an_export_fills_another_store_with_the_same_log(facts: Sequence[PortConfigured], stream: str) -> None:
    first = EventRecord(
        UUID(int=1), "request", 1, UUID(int=1), UUID(int=1), datetime.now(UTC), "anna", ChangeRequested(command="x")
    )
    batch = [
        EventRecord(
            UUID(int=number + 1), f"x{stream}", number, UUID(int=1), UUID(int=number), first.timestamp, "a", fact
        )
        for number, fact in enumerate(facts, start=1)
    ]
    source, target = open_store("memory:", TYPES), open_store("memory:", TYPES)
    source.append(Append((first, *batch), claim={f"key {stream}": "x"}))
    out = io.StringIO()
    assert export_events(source, out) == len(facts) + 1
    assert import_events(target, out.getvalue().split("\n")) == len(facts) + 1
    assert list(target.read_all()) == list(source.read_all())
    assert target.reservations() == source.reservations()
    assert target.verify().root == source.verify().root
