"""What happened, told: the log by pages, and one chain of causes as a tree."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from uuid import UUID

from cimnet_nornir.application.moments import find_event
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.domain.envelope import StoredEvent
from cimnet_nornir.domain.events import EVENT_TYPES, IntentRestored, PushStarted
from cimnet_nornir.domain.streams import device_stream
from cimnet_nornir.errors import InvalidInput, NotFound
from cimnet_nornir.projections.deployments import RESULT_TYPES, carriers
from cimnet_nornir.store.port import EventStore


@dataclass(slots=True)
class Node:
    """An event with those it caused, in order. `carried` is set where a deployment brought it to a device."""

    event: StoredEvent
    caused: list["Node"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Carrier:
    """A deployment that carried intent to a device: its request, the push, and the result where there is one."""

    request: StoredEvent
    push: StoredEvent
    result: StoredEvent | None


@dataclass(frozen=True, slots=True)
class Trace:
    """A chain of causes: the tree from its request, the event that was asked about, and what is bound to it.

    `carries` are the requests whose intent it brought to devices; `carried_by` the pushes that brought its own intent.
    `undoes` are the events whose effect it took back, `undone_by` the rollbacks and undoings that took its own back.
    """

    root: Node
    focus: StoredEvent
    carries: tuple[StoredEvent, ...]
    carried_by: tuple[Carrier, ...]
    undoes: tuple[StoredEvent, ...] = ()
    undone_by: tuple[StoredEvent, ...] = ()


def trace(store: EventStore, text: str, *, until: int | None = None) -> Trace:
    """The chain that an event, or a correlation, belongs to; `text` is a number, an id or the beginning of one.

    As of the position `until`, where one is given. Raises NotFound, and InvalidInput where several ids begin so.
    """
    focus = find_event(store, text)
    if until is not None and focus.position > until:
        raise NotFound(f"event {focus.position} had not happened at that moment", subject=text)
    events = _up_to(until, store.by_correlation(focus.correlation_id))
    root = _tree(events)
    asked = {stored.event_id for stored in _below(root, focus.event_id)}
    around = asked | {stored.event_id for stored in _above(focus, events)}
    carried = {event for stored in events if stored.event_id in around for event in _carried(stored)}
    intents = [stored for identity in carried if (stored := store.find(identity)) is not None]
    requests = {stored.correlation_id: store.find(stored.correlation_id) or stored for stored in intents}
    pushes = {push.event_id: push for group in carriers(store, asked, until=until).values() for push in group}
    carried_by = tuple(_carrier(store, push, until) for push in _ordered(pushes.values()))
    undone = {event for stored in events if stored.event_id in around for event in _undone(stored)}
    undoes = [stored for identity in undone if (stored := store.find(identity)) is not None]
    undone_by = [
        store.find(stored.correlation_id) or stored
        for stored in store.read_all(types=(IntentRestored.type_name(),), until=until)
        if not asked.isdisjoint(_undone(stored))
    ]
    return Trace(root, focus, _ordered(requests.values()), carried_by, _ordered(undoes), tuple(undone_by))


def _up_to(until: int | None, events: Sequence[StoredEvent]) -> Sequence[StoredEvent]:
    return events if until is None else [stored for stored in events if stored.position <= until]


def _undone(stored: StoredEvent) -> tuple[UUID, ...]:
    return stored.event.undone if isinstance(stored.event, IntentRestored) else ()


def _carrier(store: EventStore, push: StoredEvent, until: int | None) -> Carrier:
    caused = _up_to(until, store.by_causation(push.event_id))
    results = [stored for stored in caused if stored.type in RESULT_TYPES]
    return Carrier(store.find(push.correlation_id) or push, push, results[-1] if results else None)


def _above(focus: StoredEvent, events: Sequence[StoredEvent]) -> Iterator[StoredEvent]:
    """The events of its chain that led to it, the nearest first."""
    by_id = {stored.event_id: stored for stored in events}
    while not focus.caused_itself and focus.causation_id in by_id:
        focus = by_id[focus.causation_id]
        yield focus


def _below(node: Node, identity: UUID, *, inside: bool = False) -> Iterator[StoredEvent]:
    """The event of that id and all that it caused, directly or not."""
    inside = inside or node.event.event_id == identity
    if inside:
        yield node.event
    for child in node.caused:
        yield from _below(child, identity, inside=inside)


def _carried(stored: StoredEvent) -> Iterator[UUID]:
    if isinstance(stored.event, PushStarted):
        yield from (event for line in stored.event.carries for event in line.events)


def _tree(events: Sequence[StoredEvent]) -> Node:
    nodes = {stored.event_id: Node(stored) for stored in events}
    for stored in events:
        parent = nodes.get(stored.causation_id)
        if parent is not None and not stored.caused_itself:
            parent.caused.append(nodes[stored.event_id])
    return nodes[events[0].event_id]


def _ordered(events: Iterable[StoredEvent]) -> tuple[StoredEvent, ...]:
    return tuple(sorted(events, key=lambda stored: stored.position))


def known_type(name: str) -> str:
    """The name of an event type. Raises InvalidInput, with the nearest, where there is none of that name."""
    if name not in EVENT_TYPES:
        near = get_close_matches(name, EVENT_TYPES, n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise InvalidInput(f"there is no event type {name!r}{hint}", subject=name)
    return name


def device_of(service: NetworkService, name: str, at: int | None = None) -> str:
    """The id of a device by its host name or id; by its id also where it was removed. Raises NotFound."""
    try:
        return service.devices([name], at)[0].id
    except NotFound:
        stream = device_stream(service.network_name, name)
        if stream in service.store.versions(stream, until=at):
            return name
        raise


def page(
    store: EventStore,
    *,
    first: int,
    after: str | None = None,
    until: int | None = None,
    types: Sequence[str] = (),
    about: str = "",
) -> tuple[StoredEvent, ...]:
    """The newest events, at most `first`, older than the event `after`; `about` is a device or network to keep to."""
    limit = until
    if after is not None:
        older = find_event(store, after).position - 1
        limit = older if until is None else min(older, until)
    if limit is not None and limit < 1:
        return ()
    found: list[StoredEvent] = []
    for stored in store.read_all(until=limit, types=types, newest_first=True):
        if about and stored.aggregate_id.rpartition("/")[2] != about and stored.aggregate_id.partition(":")[2] != about:
            continue
        found.append(stored)
        if len(found) == first:
            break
    return tuple(found)
