"""How a change of intent is recorded: a request and its events in one append; decided afresh on conflict."""

import random
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from cimnet_nornir.application.actors import Actor
from cimnet_nornir.application.held import as_refusal, refuse_given_out
from cimnet_nornir.application.validation import Admission, Finding
from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain.envelope import Append, Event, EventRecord, StoredEvent
from cimnet_nornir.domain.events import ChangeRequested, IntentRestored
from cimnet_nornir.domain.network import Network
from cimnet_nornir.domain.streams import device_prefix, pool_prefix, request_stream
from cimnet_nornir.domain.working import Working
from cimnet_nornir.errors import ConcurrencyConflict, ReservationConflict
from cimnet_nornir.projections.intent import Intent, open_intent
from cimnet_nornir.store.port import EventStore

_DEADLINE_SECONDS = 20.0
_FIRST_PAUSE_SECONDS = 0.01
_LONGEST_PAUSE_SECONDS = 0.5

Decide = Callable[[Network], Sequence[c.Command]]
"""The commands that a request comes to, given the network as it is."""


Because = Callable[[], Event | None]
"""What the commands that were decided last come from, as an event in the request's stream."""


@dataclass(frozen=True, slots=True)
class ChangeResult:
    """What a request came to: its correlation id (None where nothing had to change) and the events it made.

    `findings` are what it adds to what validation finds, where that was looked at.
    """

    correlation_id: UUID | None
    events: tuple[StoredEvent, ...]
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Chain:
    """Events in the making that share a correlation id; versions are counted per stream from what was read."""

    actor: Actor
    correlation_id: UUID
    versions: dict[str, int]

    def record(self, stream: str, event: Event, *, cause: UUID, event_id: UUID | None = None) -> EventRecord:
        """The event in its envelope, next in its stream."""
        self.versions[stream] = self.versions.get(stream, 0) + 1
        return EventRecord(
            event_id=event_id or self.actor.new_id(),
            aggregate_id=stream,
            version=self.versions[stream],
            correlation_id=self.correlation_id,
            causation_id=cause,
            timestamp=self.actor.clock(),
            actor=self.actor.name,
            event=event,
            reason=self.actor.reason,
        )


def open_request(
    actor: Actor, command: str, arguments: Mapping[str, Any], versions: dict[str, int] | None = None
) -> tuple[Chain, EventRecord]:
    """A new chain and the request at its head: the only event that causes itself."""
    request = actor.new_id()
    chain = Chain(actor, request, versions if versions is not None else {})
    event = ChangeRequested(command=command, arguments=dict(arguments))
    return chain, chain.record(request_stream(request), event, cause=request, event_id=request)


def preview(store: EventStore, intent: Intent, decide: Decide) -> Working:
    """What the commands would make of the network; nothing is recorded. The intent given is used up.

    The store knows who holds unique keys: other devices, networks of hosts and address pools.
    Raises a DomainError where a rule refuses.
    """
    working = Working(intent.network, store.owners)
    for command in decide(intent.network):
        working.execute(command)
    working.finish()
    refuse_given_out(store, working)
    return working


def change(
    store: EventStore,
    actor: Actor,
    network: str,
    decide: Decide,
    *,
    command: str,
    arguments: Mapping[str, Any],
    because: Because | None = None,
    admission: Admission | None = None,
) -> ChangeResult:
    """Decide, and record the request with its events in one transaction; nothing where nothing differs.

    `because` is asked after each decision for an event between the request and those it makes; `admission` looks at
    the network before and after, and may refuse the change (ValidationRefused).

    Raises a DomainError where a rule refuses, DuplicateIpAddress or AlreadyExists where another network's writer was
    first, ConcurrencyConflict where others kept being faster until the deadline.
    """
    deadline = time.monotonic() + _DEADLINE_SECONDS
    pause = _FIRST_PAUSE_SECONDS
    while True:
        intent = open_intent(store, network)
        working = _decided(intent, decide, store, admission)
        if not working.events:
            return ChangeResult(None, ())
        batch = _batch(actor, intent, working, command, arguments, because() if because else None)
        try:
            found = admission.findings if admission else ()
            return ChangeResult(batch.events[0].correlation_id, store.append(batch), found)
        except (ConcurrencyConflict, ReservationConflict) as conflict:
            if time.monotonic() >= deadline or _stays(conflict, network):
                if isinstance(conflict, ReservationConflict):
                    raise as_refusal(conflict, working) from conflict
                raise
        # Jitter, so that two who collided do not collide again.
        time.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311 - no secret depends on it
        pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)


def _decided(intent: Intent, decide: Decide, store: EventStore, admission: Admission | None) -> Working:
    if admission is None:
        return preview(store, intent, decide)
    admission.begin(intent.network)
    working = preview(store, intent, decide)
    if working.events:
        admission.end(working.network)
    return working


def _stays(conflict: ConcurrencyConflict | ReservationConflict, network: str) -> bool:
    """Whether deciding anew is of no use: what a network of hosts holds no change of devices frees.

    What an address pool gave out meanwhile is refused when it is decided anew, with its owner there.
    """
    others = (device_prefix(network), pool_prefix(network))
    return isinstance(conflict, ReservationConflict) and not conflict.owner.startswith(others)


def _batch(
    actor: Actor, intent: Intent, working: Working, command: str, arguments: Mapping[str, Any], because: Event | None
) -> Append:
    read = {stream: intent.version_of(stream) for stream in working.touched}
    chain, request = open_request(actor, command, arguments, dict(read))
    head = [request]
    if because is not None:
        head.append(chain.record(request.aggregate_id, because, cause=request.event_id))
    events = [chain.record(stream, event, cause=head[-1].event_id) for stream, event in working.events]
    read[request.aggregate_id] = 0
    return Append(events=(*head, *events), read=read, claim=working.claims(), release=working.releases())


def stored_intent(result: ChangeResult) -> Iterable[StoredEvent]:
    """The events of a change without the request at its head, and without what it takes back."""
    head = (ChangeRequested, IntentRestored)
    return (stored for stored in result.events if not isinstance(stored.event, head))
