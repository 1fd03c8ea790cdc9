"""Intent goes back: to what it was at a moment, or by one event or request; always by new events that say so."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

from cimnet_nornir.application.changes import Decide, change, preview
from cimnet_nornir.application.effects import changed_at, effects, in_order
from cimnet_nornir.application.moments import find_event
from cimnet_nornir.application.operations.core import Core
from cimnet_nornir.application.restoration import Restoration, not_undone
from cimnet_nornir.application.undoing_pools import undo_pool_event
from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain.addressing.pool import PoolEvent
from cimnet_nornir.domain.contents import Place, contents, differences, fork, with_places
from cimnet_nornir.domain.envelope import StoredEvent
from cimnet_nornir.domain.events import EVENT_TYPES, IntentRestored
from cimnet_nornir.domain.network import Link, Network
from cimnet_nornir.domain.restoring import Blocked, commands_to, compensation
from cimnet_nornir.domain.streams import device_prefix, pool_prefix
from cimnet_nornir.domain.undoable import refusal_of, stays_because
from cimnet_nornir.errors import NotFound, RuleViolated, UndoRefused
from cimnet_nornir.projections.intent import Intent, load_intent


def rollback(core: Core, to: int, *, devices: Collection[str] | None = None, check: bool = False) -> Restoration:
    """Take the intent back to what it was at a position: all of it, or that of devices (by id) with their links.

    With `check` nothing is recorded. Nothing is either where nothing differs. Raises NotFound where there was no
    network yet, a DomainError where a rule of today refuses what was.
    """
    then = core.network(to)

    def wanted(place: Place) -> bool:
        return devices is None or any(device in devices for device in _devices_at(place))

    def decide(now: Network) -> tuple[c.Command, ...]:
        places = [place for place in differences(contents(now), contents(then)) if wanted(place)]
        return commands_to(now, with_places(now, then, places)) if places else ()

    def undone() -> tuple[StoredEvent, ...]:
        now = core.intent().network
        places = [place for place in differences(contents(now), contents(then)) if wanted(place)]
        since = load_intent(core.store, core.network_name, until=to)
        found = changed_at(core.store, since, places)
        return in_order(stored for group in found.values() for stored in group)

    arguments = {"to": to, **({} if devices is None else {"devices": sorted(devices)})}
    return _restore(core, decide, undone, to=to, command="rollback", arguments=arguments, check=check)


def undo(core: Core, text: str, *, request: bool = False, check: bool = False) -> Restoration:
    """Take back what one event changed, or with `request` what the whole request changed that it belongs to.

    `text` is the event's number, its id or the beginning of it. Nothing is recorded with `check`, or where all is as it
    was before. Raises NotFound, RuleViolated for an event that is no intent, UndoRefused with what depends on it.
    """
    focus = find_event(core.store, text)
    chosen = _of_request(core, focus) if request else (_undoable(focus),)
    if isinstance(chosen[0].event, PoolEvent):
        return _undo_of_pool(core, chosen, check=check)
    before = load_intent(core.store, core.network_name, until=chosen[0].position - 1)
    after, places = _after(core, before, chosen)
    if not places:
        raise NotFound(f"event {focus.position} is none of the network {core.network_name!r}", subject=text)

    def decide(now: Network) -> tuple[c.Command, ...]:
        found = compensation(now, before.network, after.network, places)
        if isinstance(found, Blocked):
            raise _refused(core, focus, after, found, alone=not request)
        return found

    return _restore(
        core,
        decide,
        lambda: chosen,
        # The moment just before, not the last event of intent until then: pushes in between are older than the event.
        to=chosen[0].position - 1,
        command="undo",
        arguments={"event": str(focus.event_id), "request": request},
        check=check,
    )


def _restore(
    core: Core,
    decide: Decide,
    undone: Callable[[], tuple[StoredEvent, ...]],
    *,
    to: int,
    command: str,
    arguments: Mapping[str, Any],
    check: bool,
) -> Restoration:
    if check:
        working = preview(core.store, core.intent(), decide)
        planned = tuple(working.events)
        return Restoration(to, planned, undone() if planned else (), _left(core, to))
    taken_back: list[tuple[StoredEvent, ...]] = []

    def because() -> IntentRestored:
        taken_back.append(undone())
        ids = tuple(stored.event_id for stored in taken_back[-1])
        return IntentRestored(network=core.network_name, to=to, undone=ids)

    result = change(
        core.store, core.actor, core.network_name, decide, command=command, arguments=arguments, because=because
    )
    return Restoration.recorded(to, result, taken_back[-1] if taken_back else (), _left(core, to))


def _devices_at(place: Place) -> Iterator[str]:
    """The devices that a place belongs to: its own, or both at the ends of a link."""
    if place[0] == "devices":
        yield str(place[1])
    elif isinstance(place[-1], Link):
        yield from (place[-1].a[0], place[-1].b[0])


def _left(core: Core, position: int) -> tuple[str, ...]:
    """What has happened to the network since a position and stays as it is, by type."""
    reasons = {name: reason for name, kind in EVENT_TYPES.items() if (reason := stays_because(kind)) is not None}
    events = core.store.read_all(after=position, types=tuple(reasons))
    counts = Counter(stored.type for stored in events if _is_of(core, stored))
    return tuple(f"{number} {name}: {reasons[name]}" for name, number in sorted(counts.items()))


def _is_of(core: Core, stored: StoredEvent) -> bool:
    """Whether an event is of the network, and of this environment where it is of one."""
    of_event = (getattr(stored.event, name, None) for name in ("network", "environment"))
    here = (core.network_name, core.environment)
    fits = all(theirs in (None, ours) for theirs, ours in zip(of_event, here, strict=True))
    named = getattr(stored.event, "network", None) is not None
    name = core.network_name
    return fits and (named or stored.aggregate_id.startswith((device_prefix(name), pool_prefix(name))))


def _undo_of_pool(core: Core, chosen: Sequence[StoredEvent], *, check: bool) -> Restoration:
    if not chosen[0].aggregate_id.startswith(pool_prefix(core.network_name)):
        raise NotFound(f"event {chosen[0].position} is none of the network {core.network_name!r}", subject="event")
    if len(chosen) > 1:
        raise RuleViolated("a request that changed address pools is undone event by event", subject="request")
    return undo_pool_event(core, chosen[0], check=check)


def _undoable(stored: StoredEvent) -> StoredEvent:
    refusal = refusal_of(type(stored.event))
    if refusal is not None:
        raise RuleViolated(
            f"event {stored.position} ({stored.type}) cannot be undone: {refusal}", subject=str(stored.position)
        )
    return stored


def _of_request(core: Core, focus: StoredEvent) -> tuple[StoredEvent, ...]:
    chain = core.store.by_correlation(focus.correlation_id)
    found = tuple(stored for stored in chain if refusal_of(type(stored.event)) is None)
    if not found:
        raise RuleViolated(
            f"the request of event {focus.position} changed no intent: there is nothing to undo",
            subject=str(focus.position),
        )
    return found


def _after(core: Core, before: Intent, chosen: Sequence[StoredEvent]) -> tuple[Intent, frozenset[Place]]:
    """The intent after the last of the events, and the places that they changed for good."""
    after = Intent(fork(before.network), dict(before.versions), before.position)
    ids = {stored.event_id for stored in chosen}
    touched: set[Place] = set()
    for stored, places in effects(core.store, after, until=chosen[-1].position):
        if stored.event_id in ids:
            touched.update(places)
    after.position = chosen[-1].position
    lasting = differences(contents(before.network), contents(after.network))
    return after, frozenset(touched.intersection(lasting))


def _refused(core: Core, focus: StoredEvent, after: Intent, blocked: Blocked, *, alone: bool) -> UndoRefused:
    """The refusal, with the last event behind each place that stands in the way."""
    since = Intent(fork(after.network), dict(after.versions), after.position)
    found = changed_at(core.store, since, blocked.places)
    dependents = in_order(events[-1] for events in found.values() if events)
    return not_undone(focus, dependents, blocked.refusal, alone=alone)
