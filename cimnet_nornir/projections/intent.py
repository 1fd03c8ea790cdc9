"""The intent of a network at a moment, folded from its events.

Persisted as one row a stream in the projection table, with the position up to which it is folded: the present is read
without reading the history. A moment in the past is folded from the beginning.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import cast, get_args

from pydantic import TypeAdapter

from cimnet_nornir.domain.device import Device, DeviceEvent, evolve
from cimnet_nornir.domain.envelope import StoredEvent
from cimnet_nornir.domain.network import Link, Network, NetworkEvent, evolve_network
from cimnet_nornir.domain.streams import device_prefix, device_stream, network_stream
from cimnet_nornir.store.port import EventStore, ProjectionRow

# Raised when the fold or the shape of the rows changes; older rows are then left unread.
PROJECTION = "intent-2"
# Rows are written again after so many new events: a write costs a flush, folding a few events costs nothing.
_SAVE_AFTER = 200

INTENT_TYPES = frozenset(kind.__name__ for kind in (*get_args(DeviceEvent), *get_args(NetworkEvent)))
_POSITION_ROW = "position"
_Mark = tuple[dict[str, int], list[str]]
"""What the position row holds: the versions of all streams, and the keys of the rows that belong together."""


@dataclass(slots=True)
class Intent:
    """A network with the versions of the streams it was folded from and the position up to which it was."""

    network: Network
    versions: dict[str, int] = field(default_factory=dict)
    position: int = 0


def load_intent(store: EventStore, name: str, *, until: int | None = None) -> Intent:
    """The intent of the network `name` now, or as of the position `until` (inclusive)."""
    intent = Intent(Network(name)) if until is not None else load_saved(store, name)
    start = intent.position
    count = fold(intent, intent_events(store, after=start, until=until))
    if until is None and count >= _SAVE_AFTER:
        save(store, intent)
    return intent


def intent_events(store: EventStore, *, after: int = 0, until: int | None = None) -> Iterable[StoredEvent]:
    """The events of intent, of every network, in global order."""
    return store.read_all(after=after, until=until, types=INTENT_TYPES)


def fold(intent: Intent, events: Iterable[StoredEvent], *, seen: Callable[[StoredEvent], None] | None = None) -> int:
    """Fold events of the intent's own network into it, telling `seen` of each; returns how many there were."""
    count = 0
    for stored in events:
        intent.position = stored.position
        if apply_event(intent, stored):
            count += 1
            if seen is not None:
                seen(stored)
    return count


def apply_event(intent: Intent, stored: StoredEvent) -> bool:
    """Apply one event where it belongs to the network; whether it did."""
    network = intent.network
    if stored.aggregate_id == network_stream(network.name):
        evolve_network(network, cast("NetworkEvent", stored.event))
    elif stored.aggregate_id.startswith(device_prefix(network.name)):
        identity = stored.aggregate_id.removeprefix(device_prefix(network.name))
        device = evolve(network.devices.get(identity), cast("DeviceEvent", stored.event))
        if device.removed:
            network.devices.pop(identity, None)
        else:
            network.devices[identity] = device
    else:
        return False
    intent.versions[stored.aggregate_id] = stored.version
    return True


@cache
def _adapters() -> tuple[TypeAdapter[Device], TypeAdapter[tuple[bool, list[tuple[tuple[str, str], tuple[str, str]]]]]]:
    # Built on first use: pydantic takes a moment to compile them, and most commands never do.
    return TypeAdapter(Device), TypeAdapter(tuple[bool, list[tuple[tuple[str, str], tuple[str, str]]]])


def save(store: EventStore, intent: Intent, *, projection: str = PROJECTION) -> None:
    """Keep the fold as rows of a projection."""
    devices, links = _adapters()
    network = intent.network
    prefix = f"{network.name}/"
    rows = {
        f"{prefix}{device_stream(network.name, device.id)}": _row(intent, devices.dump_json(device))
        for device in network.devices.values()
    }
    ends = (network.created, [(link.a, link.b) for link in sorted(network.links)])
    rows[f"{prefix}{network_stream(network.name)}"] = _row(intent, links.dump_json(ends))
    mark: _Mark = (intent.versions, sorted(rows))
    rows[f"{prefix}{_POSITION_ROW}"] = _row(intent, TypeAdapter(_Mark).dump_json(mark))
    stale = [key for key in store.load_rows(projection, prefix) if key not in rows]
    store.save_rows(projection, rows, drop=stale)


def _row(intent: Intent, state: bytes) -> ProjectionRow:
    return ProjectionRow(position=intent.position, state=state)


def load_saved(store: EventStore, name: str, *, projection: str = PROJECTION) -> Intent:
    """The fold as it was kept last; empty, at position 0, where none is."""
    prefix = f"{name}/"
    rows = store.load_rows(projection, prefix)
    mark = rows.pop(f"{prefix}{_POSITION_ROW}", None)
    intent = Intent(Network(name))
    if mark is None:
        return intent
    versions, keys = TypeAdapter(_Mark).validate_json(mark.state)
    # Rows are written together; where a writer who was overtaken added, kept or dropped one, all is folded anew.
    if sorted(rows) != keys or any(row.position != mark.position for row in rows.values()):
        return intent
    devices, links = _adapters()
    network = intent.network
    ends = rows.pop(f"{prefix}{network_stream(name)}")
    network.created, pairs = links.validate_json(ends.state)
    network.links = {Link(a, b) for a, b in pairs}
    for row in rows.values():
        device = devices.validate_json(row.state)
        network.devices[device.id] = device
    intent.versions = versions
    intent.position = mark.position
    return intent
