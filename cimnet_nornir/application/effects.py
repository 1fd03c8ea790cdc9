"""What single events changed in an intent, place by place."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from uuid import UUID

from cimnet_nornir.domain.contents import Place, contents, differences
from cimnet_nornir.domain.envelope import StoredEvent
from cimnet_nornir.domain.network import Network
from cimnet_nornir.domain.streams import device_prefix
from cimnet_nornir.projections.intent import Intent, apply_event, intent_events
from cimnet_nornir.store.port import EventStore


def effects(
    store: EventStore, intent: Intent, *, until: int | None = None
) -> Iterator[tuple[StoredEvent, tuple[Place, ...]]]:
    """Each event of the intent's network after the position up to which it is folded, with the places it changed.

    The intent is carried on with them. An event that changed nothing is left out.
    """
    tables: dict[str, dict[Place, object]] = {}
    for stored in intent_events(store, after=intent.position, until=until):
        scope = _scope(intent.network, stored.aggregate_id)
        before = tables.get(scope)
        if before is None:
            before = _table(intent.network, scope)
        intent.position = stored.position
        if not apply_event(intent, stored):
            continue
        tables[scope] = _table(intent.network, scope)
        places = differences(before, tables[scope])
        if places:
            yield stored, places


def changed_at(store: EventStore, intent: Intent, places: Collection[Place]) -> dict[Place, list[StoredEvent]]:
    """For each of the places the events that changed it since the intent, which is carried on with them."""
    wanted = set(places)
    found: dict[Place, list[StoredEvent]] = {place: [] for place in places}
    for stored, changed in effects(store, intent):
        for place in wanted.intersection(changed):
            found[place].append(stored)
    return found


def in_order(events: Iterator[StoredEvent]) -> tuple[StoredEvent, ...]:
    """Each event once, in the order in which they happened."""
    once: dict[UUID, StoredEvent] = {stored.event_id: stored for stored in events}
    return tuple(sorted(once.values(), key=lambda stored: stored.position))


def _scope(network: Network, stream: str) -> str:
    """The device that an event can only be about, by id; empty for the network without its devices."""
    prefix = device_prefix(network.name)
    return stream.removeprefix(prefix) if stream.startswith(prefix) else ""


def _table(network: Network, scope: str) -> dict[Place, object]:
    if not scope:
        return contents(replace(network, devices={}))
    device = network.devices.get(scope)
    return contents(device, ("devices", scope)) if device else {}
