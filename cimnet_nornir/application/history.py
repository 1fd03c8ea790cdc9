"""What happened, told: the log by pages, one chain of causes as a tree, the story behind each line of a device."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from uuid import UUID

from cimnet_nornir.application.moments import find_event
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.domain.comparison import Path
from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.envelope import StoredEvent
from cimnet_nornir.domain.events import EVENT_TYPES, DeploymentStarted, IntentRestored, PushStarted
from cimnet_nornir.domain.streams import device_stream
from cimnet_nornir.errors import InvalidInput, NotFound
from cimnet_nornir.projections.applied import runs_intent
from cimnet_nornir.projections.blame import DeviceBlame
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


@dataclass(frozen=True, slots=True)
class BlamedLine:
    """A line of a configuration: its text with indentation, the event that put it there, what pushed it last.

    `origin` is None for a line that no intent speaks of; `seen` is then the event whose snapshot of the device shows
    it, and `site` tells a line that only the site's own templates bring. `pushed` is None for a line that no deployment
    brought yet. `first` is the event that put it there before, where a rollback or an undoing brought it back.
    """

    line: str
    path: Path
    origin: StoredEvent | None
    pushed: StoredEvent | None
    seen: StoredEvent | None = None
    site: bool = False
    first: StoredEvent | None = None


def blame_lines(service: NetworkService, name: str, *, text: str = "", at: int | None = None) -> tuple[BlamedLine, ...]:
    """The configuration of a device, line by line with its story; only lines that contain `text`, if given.

    First what is intended, then what the device showed last besides and nobody's intent owns.
    A line in a section is shown when it or its section matches. Raises NotFound where no line contains the text.
    """
    device = service.devices([name], at)[0]
    network = service.network(at)
    rendered = service.engine.render(device, network)
    site = service.engine.site_paths(device, network)
    pushes = load_pushes(service, device.id, at)
    restorers = Restorers(service, device.id)
    lines = [
        BlamedLine(
            _indented(path),
            path,
            origin,
            pushes.of(path, origin),
            site=path in site,
            first=restorers.first(path, origin),
        )
        for path, origin in _origins(service, device, rendered, site, at).items()
    ]
    lines += _unowned(service, device, rendered, at)
    chosen = tuple(line for line in lines if not text or any(text.lower() in part.lower() for part in line.path))
    if not chosen:
        raise NotFound(f"no line of {device.name}'s configuration contains {text!r}", subject=text)
    return chosen


@dataclass(slots=True)
class Restorers:
    """From a line that a rollback or an undoing brought back to the event that put it there in the first place."""

    service: NetworkService
    device: str
    _known: dict[int, DeviceBlame] = field(default_factory=dict)

    def first(self, path: Path, origin: StoredEvent | None) -> StoredEvent | None:
        """The event behind the line before it was gone; None where nobody brought it back."""
        found: StoredEvent | None = None
        while origin is not None and (to := self._restored(origin)) is not None:
            identity = self._blame(to).explain(path, adds=True)
            origin = self.service.store.find(identity) if identity else None
            found = origin or found
        return found

    def _restored(self, origin: StoredEvent) -> int | None:
        cause = self.service.store.find(origin.causation_id)
        return cause.event.to if cause is not None and isinstance(cause.event, IntentRestored) else None

    def _blame(self, position: int) -> DeviceBlame:
        if position not in self._known:
            self._known[position] = self.service.blame(position).get(self.device, DeviceBlame())
        return self._known[position]


def _indented(path: Path) -> str:
    return "  " * (len(path) - 1) + path[-1]


def _origins(
    service: NetworkService, device: Device, rendered: str, site: frozenset[Path], at: int | None
) -> dict[Path, StoredEvent | None]:
    """The event behind each line; None for one that a template of the site brings."""
    blame = service.blame(at).get(device.id, DeviceBlame())
    paths = service.engine.paths(rendered)
    events = {path: None if path in site else blame.explain(path, adds=True) for path in paths}
    stored = {identity: service.store.find(identity) for identity in set(events.values()) if identity is not None}
    return {path: stored.get(identity) if identity else None for path, identity in events.items()}


def _unowned(service: NetworkService, device: Device, intended: str, at: int | None) -> list[BlamedLine]:
    """The lines of the device's last snapshot in this environment that no intent owns."""
    seen = _last_snapshot(service, device.id, at)
    snapshot = getattr(seen.event, "snapshot", None) if seen else None
    if snapshot is None:
        return []
    running = service.store.get_blob(snapshot).decode()
    return [
        BlamedLine(_indented(path), path, None, None, seen)
        for path in service.engine.compare(device, running, intended).unmodelled
    ]


def _last_snapshot(service: NetworkService, device: str, at: int | None) -> StoredEvent | None:
    types = ("DriftDetected", "DriftResolved", *RESULT_TYPES)
    wanted = (service.network_name, service.environment, device)
    for stored in service.store.read_all(types=types, until=at, newest_first=True):
        event = stored.event
        here = tuple(getattr(event, name, None) for name in ("network", "environment", "device"))
        if here == wanted and getattr(event, "snapshot", None):
            return stored
    return None


@dataclass(frozen=True, slots=True)
class Pushes:
    """What reached a device: the deployment that carried each path last, and all that were applied, oldest first."""

    carried: dict[Path, StoredEvent]
    applied: tuple[StoredEvent, ...]

    def of(self, path: Path, origin: StoredEvent | None) -> StoredEvent | None:
        """The deployment that brought a line.

        A line that needed no command (a default, or one that was there) came with the first deployment that found the
        device to run the intent which has it.
        """
        carrier = self.carried.get(path)
        # What carried the same line before it was intended anew brought an older one.
        if origin is None or (carrier is not None and _intent_of(carrier) >= origin.position):
            return carrier
        return next((stored for stored in self.applied if _intent_of(stored) >= origin.position), None)


def _intent_of(started: StoredEvent) -> int:
    return started.event.position if isinstance(started.event, DeploymentStarted) else 0


def load_pushes(service: NetworkService, device: str, at: int | None = None) -> Pushes:
    """What deployments of this network and environment brought to a device, up to a position."""
    carried: dict[Path, StoredEvent] = {}
    applied: list[StoredEvent] = []
    deployments: dict[UUID, StoredEvent] = {}
    waiting: dict[UUID, PushStarted] = {}
    here = (service.network_name, service.environment)
    for stored in service.store.read_all(types=("DeploymentStarted", "PushStarted", *RESULT_TYPES), until=at):
        event = stored.event
        if isinstance(event, DeploymentStarted) and (event.network, event.environment) == here:
            deployments[stored.correlation_id] = stored
        elif isinstance(event, PushStarted) and event.device == device:
            waiting[stored.event_id] = event
        elif runs_intent(event) and stored.causation_id in waiting and stored.correlation_id in deployments:
            applied.append(deployments[stored.correlation_id])
            _take_in(carried, waiting.get(stored.causation_id), applied[-1])
    return Pushes(carried, tuple(applied))


def _take_in(carried: dict[Path, StoredEvent], push: PushStarted | None, deployment: StoredEvent) -> None:
    for line in push.carries if push else ():
        if line.adds:
            carried[line.path] = deployment
        else:
            # Taken away: should it be intended again, nobody has brought it yet.
            carried.pop(line.path, None)


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
