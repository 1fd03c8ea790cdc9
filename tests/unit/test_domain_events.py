"""Events as a published contract: their names, their fields, and their way through JSON."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from pydantic import ValidationError

from cimnet_nornir.domain.envelope import Event, EventRecord, StoredEvent
from cimnet_nornir.domain.events import EVENT_TYPES, ROOT_TYPES, NetworkCreated, VlanCreated
from cimnet_nornir.errors import InvalidValue

GOLDEN = Path(__file__).parent.parent / "golden" / "events.json"
WHAT_TO_DO = """
The stored form of events differs from tests/golden/events.json. Events that people have stored must stay readable:
- a new event type, or a new field with a default: add it to the golden file (and to the changelog);
- a field renamed, removed, made mandatory or given another meaning: raise the event's schema_version, write an upcaster
  for the old version in the store, keep a test that reads an old one, and then change the golden file;
- a type renamed: the same, the old name stays known to the store.
"""


def contract() -> dict[str, Any]:
    """Type names with version and fields (a "?" after those with a default), and the fields of values inside them."""
    values: dict[str, list[str]] = {}
    events = {name: described(kind, values) for name, kind in sorted(EVENT_TYPES.items())}
    return {"events": events, "values": dict(sorted(values.items()))}


def described(kind: type[Event], values: dict[str, list[str]]) -> dict[str, Any]:
    schema = kind.model_json_schema()
    for name, value in schema.get("$defs", {}).items():
        values[name] = named(value)
    return {"schema_version": kind.schema_version, "fields": named(schema)}


def named(schema: Mapping[str, Any]) -> list[str]:
    required = schema.get("required", [])
    return sorted(name if name in required else f"{name}?" for name in schema.get("properties", {}))


def test_names_and_fields_of_stored_events_are_those_published() -> None:
    assert contract() == json.loads(GOLDEN.read_text(encoding="utf-8")), WHAT_TO_DO


def kinds(kind: type[Event]) -> Iterator[type[Event]]:
    for child in kind.__subclasses__():
        yield child
        yield from kinds(child)


def test_every_event_class_is_listed_under_its_name_or_is_a_base() -> None:
    own = {kind for kind in kinds(Event) if kind.__module__.startswith("cimnet_nornir.domain.events.")}
    leaves = {kind for kind in own if not kind.__subclasses__()}
    assert leaves == set(EVENT_TYPES.values())
    assert all(name == kind.type_name() for name, kind in EVENT_TYPES.items())
    assert set(EVENT_TYPES) > ROOT_TYPES == {"ChangeRequested"}


def test_an_event_cannot_be_changed_and_refuses_unknown_fields() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        VlanCreated(vlan=10).vlan = 11  # type: ignore[misc]  # that it raises is the point
    with pytest.raises(ValidationError, match="extra"):
        VlanCreated.model_validate({"vlan": 10, "colour": "red"})


def record(**changes: Any) -> EventRecord:
    fields: dict[str, Any] = {
        "event_id": UUID(int=1),
        "aggregate_id": "network:net",
        "version": 1,
        "correlation_id": UUID(int=1),
        "causation_id": UUID(int=1),
        "timestamp": datetime(2026, 1, 1, 12, tzinfo=timezone(timedelta(hours=2))),
        "actor": "ann",
        "event": NetworkCreated(name="net"),
    }
    return EventRecord(**fields | changes)


def test_an_envelope_tells_its_time_in_utc_and_whether_it_began_its_chain() -> None:
    assert record().timestamp == datetime(2026, 1, 1, 10, tzinfo=UTC)
    assert record().timestamp.tzinfo is UTC
    assert record().type == "NetworkCreated"
    assert record().caused_itself
    assert not record(causation_id=UUID(int=2)).caused_itself


@pytest.mark.parametrize(
    ("changes", "subject"),
    [
        ({"timestamp": datetime(2026, 1, 1)}, "timestamp"),  # noqa: DTZ001 - naive on purpose
        ({"version": 0}, "version"),
        ({"actor": "  "}, "actor"),
    ],
)
def test_an_envelope_refuses_what_would_not_explain_itself(changes: dict[str, Any], subject: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        record(**changes)
    assert refused.value.subject == subject


def test_a_stored_event_is_checked_like_any_other() -> None:
    fields = {name: getattr(record(), name) for name in EventRecord.__slots__}
    stored = StoredEvent(**fields, position=3, recorded_at=record().timestamp, digest="00")
    assert (stored.position, stored.timestamp) == (3, record().timestamp)
    with pytest.raises(InvalidValue):
        StoredEvent(**fields | {"version": 0}, position=3, recorded_at=record().timestamp, digest="00")
