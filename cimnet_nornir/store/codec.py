"""Events to canonical JSON text and back."""

import json
from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Protocol
from uuid import UUID

from pydantic import BaseModel, ConfigDict, ValidationError, create_model
from pydantic_core import PydanticSerializationError

from cimnet_nornir.domain.envelope import Event, EventRecord, StoredEvent
from cimnet_nornir.errors import InvalidValue, StoreCorrupt, StoreError, UnknownEventType
from cimnet_nornir.store.rows import EventRow, time_text
from cimnet_nornir.store.upcast import Upcasters

TypeRegistry = Mapping[str, type[Event]]
"""The event types this program knows, by their stored name."""


class _Envelope(BaseModel):
    """The stored JSON object; `data` is narrowed to the event's own type for each type."""

    model_config = ConfigDict(extra="forbid")

    event_id: UUID
    aggregate_id: str
    version: int
    correlation_id: UUID
    causation_id: UUID
    timestamp: datetime
    actor: str
    reason: str | None
    type: str
    schema_version: int
    data: Event


class _Validator(Protocol):
    def __call__(self, json_data: str) -> _Envelope: ...


def canonical(value: object) -> str:
    """JSON with sorted keys, no spaces and no escapes beyond the needed: the same bytes for the same value.

    Raises ValueError for what JSON cannot say (NaN, text that is not Unicode).
    """
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    text.encode()
    return text


class Codec:
    """Encodes records and decodes rows with the event types it was given; nothing Python is in what it writes."""

    def __init__(self, types: TypeRegistry, upcasters: Upcasters | None = None) -> None:
        self._types = types
        self._upcasters = upcasters or Upcasters()
        self._validators: dict[str, _Validator] = {}

    def stored_names(self, type_names: Collection[str]) -> frozenset[str]:
        """The names under which events of these types may be stored, earlier names included."""
        return self._upcasters.stored_names(type_names)

    def by_present_name(self, counts: Mapping[str, int]) -> dict[str, int]:
        """Counts of events by stored name, as counts by the names that their types have now."""
        found: Counter[str] = Counter()
        for name, count in counts.items():
            found[self._upcasters.present_name(name)] += count
        return dict(found)

    def encode(self, record: EventRecord) -> str:
        """The canonical JSON text of envelope, type, schema version and data.

        Raises UnknownEventType for a type that could not be read again, StoreError for data that JSON cannot hold.
        """
        if self._types.get(record.type) is not type(record.event):
            raise UnknownEventType(
                f"event type {record.type} is not among the types this store was opened with", subject=record.type
            )
        try:
            return canonical(_as_json(record))
        except (PydanticSerializationError, ValueError) as error:
            problem = str(error).splitlines()[0]
            raise StoreError(f"{record.type} in {record.aggregate_id}: {problem}", subject=record.type) from error

    def decode(self, row: EventRow) -> StoredEvent:
        """The event of a row, brought to the present schema version.

        Raises UnknownEventType for a type or schema version this program does not know, StoreCorrupt for bytes that
        are no such event.
        """
        try:
            return _stored(self._envelope(row.type, row.schema_version, row.state), row)
        except UnknownEventType as error:
            raise UnknownEventType(f"event {row.position} {error.message}", subject=row.type) from None
        except (InvalidValue, KeyError, TypeError, ValueError) as error:
            where = f"event {row.position} ({row.type}, schema version {row.schema_version})"
            raise StoreCorrupt(f"{where} cannot be read: {_first_problem(error)}", subject=row.event_id) from error

    def decode_record(self, state: str) -> EventRecord:
        """The event of a text that `encode` made; raises as `decode` does."""
        try:
            content = json.loads(state)
            return _record(self._envelope(content["type"], content["schema_version"], state))
        except (InvalidValue, KeyError, TypeError, ValueError) as error:
            raise StoreCorrupt(f"an event cannot be read: {_first_problem(error)}") from error

    def _envelope(self, type_name: str, schema_version: int, state: str) -> _Envelope:
        known = self._types.get(type_name)
        if known is not None and known.schema_version == schema_version:
            return self._validator(type_name)(state)
        name = self._upcasters.present_name(type_name)
        known = self._types.get(name)
        if known is None:
            raise _unknown(type_name, schema_version)
        content = json.loads(state)
        version, content["data"] = self._upcasters.apply(name, schema_version, content["data"])
        if version != known.schema_version:
            raise _unknown(type_name, schema_version)
        return self._validator(name)(canonical(content))

    def _validator(self, name: str) -> _Validator:
        validator = self._validators.get(name)
        if validator is None:
            model = create_model(f"Stored{name}", __base__=_Envelope, data=(self._types[name], ...))
            validator = self._validators[name] = model.model_validate_json
        return validator


def _as_json(record: EventRecord) -> dict[str, object]:
    return {
        "event_id": str(record.event_id),
        "aggregate_id": record.aggregate_id,
        "version": record.version,
        "correlation_id": str(record.correlation_id),
        "causation_id": str(record.causation_id),
        "timestamp": time_text(record.timestamp),
        "actor": record.actor,
        "reason": record.reason,
        "type": record.type,
        "schema_version": record.event.schema_version,
        "data": record.event.model_dump(mode="json"),
    }


def _stored(envelope: _Envelope, row: EventRow) -> StoredEvent:
    return StoredEvent(
        event_id=envelope.event_id,
        aggregate_id=envelope.aggregate_id,
        version=envelope.version,
        correlation_id=envelope.correlation_id,
        causation_id=envelope.causation_id,
        timestamp=envelope.timestamp,
        actor=envelope.actor,
        event=envelope.data,
        reason=envelope.reason,
        position=row.position,
        recorded_at=datetime.fromisoformat(row.recorded_at),
        digest=row.hash,
    )


def _record(envelope: _Envelope) -> EventRecord:
    return EventRecord(
        event_id=envelope.event_id,
        aggregate_id=envelope.aggregate_id,
        version=envelope.version,
        correlation_id=envelope.correlation_id,
        causation_id=envelope.causation_id,
        timestamp=envelope.timestamp,
        actor=envelope.actor,
        event=envelope.data,
        reason=envelope.reason,
    )


def _unknown(type_name: str, schema_version: int) -> UnknownEventType:
    return UnknownEventType(
        f"is a {type_name} of schema version {schema_version}, which this program does not know: "
        "written by a newer cimnet_nornir?",
        subject=type_name,
    )


def _first_problem(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
    if isinstance(error, KeyError):
        return f"it has no {error}"
    return str(error).splitlines()[0]
