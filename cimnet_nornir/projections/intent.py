"""The intent of a network at a moment, folded from its events.

Persisted in the projection table: a row for each device, and one for the network with the position up to which all is
folded. The present is read without reading the history, and a change of two devices reads two devices. A moment in the
past is folded from the beginning, or from a fold that an earlier look at the past left behind.
"""

import zlib
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from typing import cast, get_args

from pydantic import TypeAdapter

from cimnet_nornir.domain.device import Device, DeviceEvent, evolve
from cimnet_nornir.domain.envelope import StoredEvent
from cimnet_nornir.domain.hosting.desk import evolve_hosted
from cimnet_nornir.domain.hosting.networks import HostingEvent
from cimnet_nornir.domain.network import Network, NetworkEvent, evolve_network
from cimnet_nornir.domain.streams import device_prefix, device_stream, network_stream
from cimnet_nornir.errors import ConcurrencyConflict, StoreUnavailable
from cimnet_nornir.projections.devices import KeptDevices
from cimnet_nornir.projections.sharing import Sharing
from cimnet_nornir.projections.snapshots import keep_snapshot, snapshot_before
from cimnet_nornir.store.port import EventStore, ProjectionRow

_KINDS = (*get_args(DeviceEvent), *get_args(NetworkEvent), *get_args(HostingEvent))
INTENT_TYPES = frozenset(kind.__name__ for kind in _KINDS)

# The number is raised when the fold or the shape of the rows changes; rows of other names are left unread. They are
# named after the events too: what an earlier program did not know, it did not fold.
PROJECTION = f"intent-3-{zlib.crc32(' '.join(sorted(INTENT_TYPES)).encode()):08x}"
# Rows are written again after so many new events: a write costs a flush, folding a few events costs little.
_SAVE_AFTER = 20

# A fold of the past is kept where it took more events than this.
_SNAPSHOT_AFTER = 20_000
_PAST = f"{PROJECTION}:past"

_MARK = "position"


@dataclass(slots=True)
class Intent:
    """A network with the versions of the streams it was folded from and the position up to which it was.

    Of devices that were not read yet (`open_intent`) `versions` says nothing. `kept` is the position up to which rows
    are kept, `changed` holds the ids of the devices with events since.
    """

    network: Network
    versions: dict[str, int] = field(default_factory=dict)
    position: int = 0
    kept: int = field(default=0, compare=False)
    changed: set[str] = field(default_factory=set, compare=False)

    def version_of(self, stream: str) -> int:
        """The version of a stream, its device read where it was not yet; 0 where there is no such stream."""
        if isinstance(self.network.devices, KeptDevices):
            self.network.devices.load((stream.removeprefix(device_prefix(self.network.name)),))
        return self.versions.get(stream, 0)


def load_intent(store: EventStore, name: str, *, until: int | None = None) -> Intent:
    """The intent of the network `name` now, or as of the position `until` (inclusive)."""
    if until is None:
        return _brought_up_to_date(store, load_saved(store, name))
    return _past(store, name, until)


def _past(store: EventStore, name: str, until: int) -> Intent:
    """The intent as of a position, from the latest fold that was kept before it; a long fold is kept for the next."""
    marks, _ = _adapters()
    kept = snapshot_before(store, _PAST, name, until)
    intent = Intent(Network(name))
    if kept is not None:
        mark = marks.validate_json(kept[1])
        intent = Intent(mark.network, mark.versions, kept[0], changed=set(mark.network.devices))
    count = fold(intent, intent_events(store, after=intent.position, until=until))
    _share(intent.network, intent.changed)
    if count >= _SNAPSHOT_AFTER:
        state = marks.dump_json(_Mark(intent.network, intent.versions, ()))
        keep_snapshot(store, _PAST, name, intent.position, state)
    return intent


def open_intent(store: EventStore, name: str) -> Intent:
    """The intent now, whose devices are read from the store as they are asked for: for a change of a few."""
    return _brought_up_to_date(store, open_saved(store, name))


def _brought_up_to_date(store: EventStore, intent: Intent) -> Intent:
    if fold(intent, intent_events(store, after=intent.position)) >= _SAVE_AFTER:
        _share(intent.network, intent.changed)
        save(store, intent)
    return intent


def _share(network: Network, identities: Iterable[str]) -> None:
    """Lets those devices hold one object for equal values, where all are at hand."""
    sharing = Sharing()
    for identity in identities:
        if isinstance(network.devices, dict) and identity in network.devices:
            sharing.share(network.devices[identity])


def intent_events(
    store: EventStore, *, after: int = 0, until: int | None = None, types: Collection[str] = INTENT_TYPES
) -> Iterable[StoredEvent]:
    """The events of intent, of every network, in global order; of some types where only those are asked for."""
    return store.read_all(after=after, until=until, types=types)


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
        intent.changed.add(identity)
        _apply_to_device(network, identity, stored)
    elif not evolve_hosted(network, stored.aggregate_id, cast("HostingEvent", stored.event)):
        return False
    intent.versions[stored.aggregate_id] = stored.version
    return True


def _apply_to_device(network: Network, identity: str, stored: StoredEvent) -> None:
    devices = network.devices
    if isinstance(devices, KeptDevices) and devices.take_in(identity, stored):
        return
    device = evolve(devices.get(identity), cast("DeviceEvent", stored.event))
    if device.removed:
        devices.pop(identity, None)
    else:
        devices[identity] = device


@dataclass(frozen=True, slots=True)
class _Mark:
    """The network's row: all but the devices themselves, and the versions of the streams that have no row."""

    network: Network
    versions: dict[str, int]
    devices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Kept:
    """A device's row."""

    version: int
    device: Device


@cache
def _adapters() -> tuple[TypeAdapter[_Mark], TypeAdapter[_Kept]]:
    # Built on first use: pydantic takes a moment to compile them, and most commands never do.
    return TypeAdapter(_Mark), TypeAdapter(_Kept)


def save(store: EventStore, intent: Intent, *, projection: str = PROJECTION) -> None:
    """Keep what changed as rows of a projection; nothing where somebody else has carried them on meanwhile.

    What cannot be kept is folded again by whoever reads next: a store that cannot be written is no reason to refuse.
    """
    network, (marks, kept) = intent.network, _adapters()
    prefix = device_prefix(network.name)
    if isinstance(network.devices, KeptDevices):
        network.devices.load(intent.changed)
    changed = {name: network.devices.get(name) for name in sorted(intent.changed)}
    rows = {
        _key(network.name, name): _Kept(intent.versions[prefix + name], device)
        for name, device in changed.items()
        if device is not None
    }
    gone = [_key(network.name, name) for name, device in changed.items() if device is None]
    without_row = {
        stream: version
        for stream, version in intent.versions.items()
        if not (stream.startswith(prefix) and stream.removeprefix(prefix) in network.devices)
    }
    mark = _Mark(network, without_row, tuple(network.devices))
    states = {key: kept.dump_json(row) for key, row in rows.items()}
    states[f"{network.name}/{_MARK}"] = marks.dump_json(mark, exclude={"network": {"devices"}})
    # Somebody else was first, or nothing can be written: whoever reads next folds it again.
    with suppress(ConcurrencyConflict, StoreUnavailable):
        store.save_rows(
            projection,
            {key: ProjectionRow(position=intent.position, state=state) for key, state in states.items()},
            drop=gone,
            expected=(f"{network.name}/{_MARK}", intent.kept),
        )
        intent.kept = intent.position
        intent.changed.clear()


def _key(network: str, device: str) -> str:
    return f"{network}/{device_stream(network, device)}"


def load_saved(store: EventStore, name: str, *, projection: str = PROJECTION) -> Intent:
    """The fold as it was kept last; empty, at position 0, where none is."""
    rows = store.load_rows(projection, f"{name}/")
    intent = _saved(store, name, projection, rows.pop(f"{name}/{_MARK}", None), rows)
    intent.network.devices = dict(intent.network.devices.items())
    return intent


def open_saved(store: EventStore, name: str, *, projection: str = PROJECTION) -> Intent:
    """The fold as it was kept last, its devices to be read as they are asked for."""
    key = f"{name}/{_MARK}"
    return _saved(store, name, projection, store.load_rows(projection, keys=(key,)).get(key))


def _saved(
    store: EventStore,
    name: str,
    projection: str,
    row: ProjectionRow | None,
    at_hand: Mapping[str, ProjectionRow] | None = None,
) -> Intent:
    if row is None:
        return Intent(Network(name))
    mark = _adapters()[0].validate_json(row.state)
    rows = _Rows(store, projection, name, row.position, mark.versions, at_hand)
    mark.network.devices = KeptDevices(mark.devices, rows.fetch)
    return Intent(mark.network, mark.versions, row.position, kept=row.position)


@dataclass(frozen=True, slots=True)
class _Rows:
    """Reads devices as they were at a position, and tells their versions by the way."""

    store: EventStore
    projection: str
    network: str
    position: int
    versions: dict[str, int]
    at_hand: Mapping[str, ProjectionRow] | None

    def fetch(self, identities: Collection[str]) -> dict[str, Device]:
        keys = {name: _key(self.network, name) for name in identities}
        rows = self.store.load_rows(self.projection, keys=keys.values()) if self.at_hand is None else self.at_hand
        found, sharing = {}, Sharing()
        for name, key in keys.items():
            row = rows.get(key)
            # Somebody has carried the rows on since.
            usable = row is not None and row.position <= self.position
            kept = _adapters()[1].validate_json(row.state) if row is not None and usable else self._refolded(name)
            self.versions.setdefault(device_stream(self.network, name), kept.version)
            sharing.share(kept.device)
            found[name] = kept.device
        return found

    def _refolded(self, identity: str) -> _Kept:
        device, version = None, 0
        for stored in self.store.read_stream(device_stream(self.network, identity), until=self.position):
            if stored.type in INTENT_TYPES:
                device, version = evolve(device, cast("DeviceEvent", stored.event)), stored.version
        if device is None:
            raise ConcurrencyConflict(f"the device {identity} was not there at {self.position}", subject=identity)
        return _Kept(version, device)
