"""The envelope every event travels in: who, when, why, and which event caused it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from cimnet_nornir.errors import InvalidValue


class Event(BaseModel):
    """Base of every event: an immutable fact in the past tense.

    The stored type name is the class name; it and the fields are a published contract, pinned by a test.
    A change of shape raises `schema_version` and brings an upcaster.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    schema_version: ClassVar[int] = 1

    @classmethod
    def type_name(cls) -> str:
        """The stable name under which the event is stored."""
        return cls.__name__


@dataclass(frozen=True, slots=True)
class Cause:
    """What an event is attributed to: its chain, the event before it, the person, and the reason they gave."""

    correlation_id: UUID
    causation_id: UUID
    actor: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class EventRecord:
    """An event in its envelope, ready to append.

    `aggregate_id` names the stream, `version` counts from 1 in it without gaps, `timestamp` is aware and in UTC.
    Raises InvalidValue for a naive timestamp, a version below 1 or an empty actor.
    """

    event_id: UUID
    aggregate_id: str
    version: int
    correlation_id: UUID
    causation_id: UUID
    timestamp: datetime
    actor: str
    event: Event
    reason: str | None = None

    def __post_init__(self) -> None:
        if self.timestamp.tzinfo is None:
            raise InvalidValue("an event's timestamp must name its time zone", subject="timestamp")
        if self.version < 1:
            raise InvalidValue(f"an event's version counts from 1, not {self.version}", subject="version")
        if not self.actor.strip():
            raise InvalidValue("an event needs an actor: the person or program that acts", subject="actor")
        object.__setattr__(self, "timestamp", self.timestamp.astimezone(UTC))

    @property
    def type(self) -> str:
        """The event's stable type name."""
        return self.event.type_name()

    @property
    def caused_itself(self) -> bool:
        """Whether it is the first of its chain (only a request is)."""
        return self.causation_id == self.event_id


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredEvent(EventRecord):
    """An event as the store keeps it.

    `position` is its place in the global order (gaps are no error), `recorded_at` the store's own, monotone time,
    `digest` the SHA-256 over its bytes and its predecessor's digest in the stream, in hexadecimal.
    """

    position: int
    recorded_at: datetime
    digest: str


@dataclass(frozen=True, slots=True)
class Append:
    """What is appended in one transaction.

    `read` names the version of every stream that was read for the decision, written ones included (0: it did not
    exist). `claim` maps keys that must be unique (a host name, an address) to their owner, `release` gives keys back.
    `fence` maps names of leases to the tokens that must still be theirs: nothing is written for whoever lost one.
    """

    events: tuple[EventRecord, ...]
    read: Mapping[str, int] = field(default_factory=dict)
    claim: Mapping[str, str] = field(default_factory=dict)
    release: Mapping[str, str] = field(default_factory=dict)
    fence: Mapping[str, str] = field(default_factory=dict)
