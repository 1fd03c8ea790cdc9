"""One change of an address pool taken back; later changes that stand in the way are named."""

from collections.abc import Collection, Iterator
from typing import cast

from cimnet_nornir.application.addressing import AddressPools
from cimnet_nornir.application.operations.core import Core
from cimnet_nornir.application.pool_desk import Asked
from cimnet_nornir.application.restoration import Restoration, not_undone
from cimnet_nornir.domain.addressing.pool import Pool, PoolEvent, evolve_pool
from cimnet_nornir.domain.addressing.restoring import command_back, place_of, pool_contents, stands_in_the_way
from cimnet_nornir.domain.contents import Place, Presence
from cimnet_nornir.domain.envelope import StoredEvent
from cimnet_nornir.domain.events import IntentRestored
from cimnet_nornir.errors import DomainError
from cimnet_nornir.store.port import EventStore


def undo_pool_event(core: Core, stored: StoredEvent, *, check: bool = False) -> Restoration:
    """Make what an event of a pool changed what it was just before; nothing where it is that already.

    Raises UndoRefused, with later events that depend on it.
    """
    place, to = place_of(_event(stored)), stored.position - 1
    before, after, now = (_fold(core.store, stored.aggregate_id, until=at) for at in (to, stored.position, None))
    present = pool_contents(now)
    was, made, is_now = (table.get(place, Presence.ABSENT) for table in (*map(pool_contents, (before, after)), present))
    if is_now == was:
        return Restoration(to, (), ())
    if is_now != made:
        raise not_undone(stored, _last_changes(core.store, stored, {place}))
    command = command_back(stored.aggregate_id.rpartition("/")[2], before, now, place)
    because = IntentRestored(network=core.network_name, to=to, undone=(stored.event_id,))
    arguments = {"event": str(stored.event_id), "request": False}
    asked = Asked(core.actor, command, "undo", arguments, because)
    try:
        return _carry_out(core, asked, stored, check=check)
    except DomainError as refused:
        around = {other for other in present if stands_in_the_way(place, other)}
        raise not_undone(stored, _last_changes(core.store, stored, around), refused.message) from refused


def _carry_out(core: Core, asked: Asked, stored: StoredEvent, *, check: bool) -> Restoration:
    pools = AddressPools(core.store, core.network_name)
    to = stored.position - 1
    if check:
        planned = tuple((stored.aggregate_id, event) for event in pools.preview(asked.command))
        return Restoration(to, planned, (stored,))
    return Restoration.recorded(to, pools.carry_out(asked), (stored,))


def _event(stored: StoredEvent) -> PoolEvent:
    return cast("PoolEvent", stored.event)


def _fold(store: EventStore, stream: str, *, until: int | None = None) -> Pool | None:
    pool: Pool | None = None
    for stored in store.read_stream(stream, until=until):
        pool = evolve_pool(pool, _event(stored))
    return pool


def _last_changes(store: EventStore, undone: StoredEvent, places: Collection[Place]) -> tuple[StoredEvent, ...]:
    """The last event after the one to be undone that changed each of the places, in their order."""
    later: Iterator[StoredEvent] = store.read_stream(undone.aggregate_id, after=undone.version)
    found = {place: stored for stored in later if (place := place_of(_event(stored))) in places}
    return tuple(sorted(found.values(), key=lambda stored: stored.position))
