"""The inventory, kept as a small row for each host: that of a big network is read without reading its devices."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache

from pydantic import TypeAdapter

from cimnet_nornir.domain import events as e
from cimnet_nornir.domain.envelope import StoredEvent
from cimnet_nornir.domain.network import Network
from cimnet_nornir.domain.streams import device_prefix, network_stream
from cimnet_nornir.errors import ConcurrencyConflict, StoreUnavailable
from cimnet_nornir.projections import intent as intents
from cimnet_nornir.projections.inventory import HostView, host_of, hosts_of, links_by_device
from cimnet_nornir.store.port import EventStore, ProjectionRow

# The number is raised when a host's row gets another shape or content.
PROJECTION = f"hosts-2-{intents.PROJECTION}"
# What a host's row is made of; all else (ports and interfaces: most of any history) leaves the inventory as it is.
HOST_TYPES = frozenset(
    kind.type_name()
    for kind in (
        e.NetworkCreated,
        e.LinkConnected,
        e.LinkDisconnected,
        e.RouterAdded,
        e.SwitchAdded,
        e.HostAdded,
        e.DeviceRenamed,
        e.DeviceDetailsChanged,
        e.DeviceRemoved,
        e.PortsAdded,
        e.PortsRemoved,
        e.RoutingEnabled,
        e.RoutingDisabled,
        e.StaticRouteAdded,
        e.StaticRouteRemoved,
        e.HostKeyPinned,
        e.VlanCreated,
        e.VlanRenamed,
        e.VlanRemoved,
    )
)
# No device has such an id.
_MARK = ":position"
# Rows are written again after so many new events.
_SAVE_AFTER = 100


@dataclass(frozen=True, slots=True)
class _Kept:
    """A host's row: the host as no environment knows it, and the keys that are pinned in each."""

    view: HostView
    host_keys: dict[str, str]


@cache
def _adapter() -> TypeAdapter[_Kept]:
    # Built on first use: pydantic takes a moment to compile it.
    return TypeAdapter(_Kept)


def load_hosts(
    store: EventStore, name: str, environment: str, *, save_after: int = _SAVE_AFTER
) -> tuple[HostView, ...]:
    """The hosts of the network `name` now, as an environment knows them, in the order of their names.

    The same as `hosts_of` the whole intent. Rows are kept again once there are `save_after` newer events.
    """
    prefix = f"{name}/"
    rows = store.load_rows(PROJECTION, prefix)
    mark = rows.pop(prefix + _MARK, None)
    hosts = {key.removeprefix(prefix): _adapter().validate_json(row.state) for key, row in rows.items()}
    position = mark.position if mark else 0
    if next(iter(_events(store, position)), None) is not None:
        _carry_on(store, name, hosts, position, save_after)
    found = (replace(kept.view, host_key=kept.host_keys.get(environment)) for kept in hosts.values())
    return tuple(sorted(found, key=lambda host: host.name))


def past_hosts(store: EventStore, name: str, environment: str, until: int) -> tuple[HostView, ...]:
    """The hosts of the network `name` as of a position: folded from the events that tell of hosts, and no others."""
    return hosts_of(past_outline(store, name, until), environment)


def past_outline(store: EventStore, name: str, until: int) -> Network:
    """The network `name` as of a position as far as hosts tell of it: devices with their ports, links, VLANs."""
    intent = intents.Intent(Network(name))
    intents.fold(intent, _events(store, 0, until=until))
    return intent.network


def _carry_on(store: EventStore, name: str, hosts: dict[str, _Kept], position: int, save_after: int) -> None:
    """Takes the events after `position` into the hosts, and keeps the rows where there were enough of them."""
    if position:
        intent = intents.open_intent(store, name)
        count, touched = _touched(intent.network, _events(store, position, until=intent.position))
    else:
        intent = _whole(store, name)
        count, touched = sum(intent.versions.values()), dict.fromkeys(intent.network.devices)
    fresh = _hosts(intent.network, touched)
    gone = [device for device in touched if device not in fresh]
    for device in gone:
        hosts.pop(device, None)
    hosts |= fresh
    if count < save_after:
        return
    states = {device: _adapter().dump_json(kept) for device, kept in fresh.items()} | {_MARK: b""}
    rows = {f"{name}/{key}": ProjectionRow(intent.position, state) for key, state in states.items()}
    # Somebody else was first, or nothing can be written: whoever reads next computes them again.
    with suppress(ConcurrencyConflict, StoreUnavailable):
        drop = [f"{name}/{device}" for device in gone]
        store.save_rows(PROJECTION, rows, drop=drop, expected=(f"{name}/{_MARK}", position))


def _events(store: EventStore, after: int, *, until: int | None = None) -> Iterable[StoredEvent]:
    return intents.intent_events(store, after=after, until=until, types=HOST_TYPES)


def _whole(store: EventStore, name: str) -> intents.Intent:
    """The network as far as hosts tell of it: from the intent that is kept, or else from those events alone."""
    if intents.open_saved(store, name).position:
        return intents.load_intent(store, name)
    intent = intents.Intent(Network(name))
    intents.fold(intent, _events(store, 0))
    return intent


def _hosts(network: Network, touched: Iterable[str]) -> dict[str, _Kept]:
    devices = network.devices
    links = links_by_device(network)
    found = {}
    for identity in touched:
        if identity in devices:
            device = devices[identity]
            # Pinned keys differ between environments: they are told when somebody asks.
            view = replace(host_of(network, device, links.get(identity, ()), ""), host_key=None)
            found[identity] = _Kept(view, dict(device.host_keys))
    return found


def _touched(network: Network, events: Iterable[StoredEvent]) -> tuple[int, dict[str, None]]:
    """How many of the events are the network's, and the devices whose hosts they may change.

    A device changes its neighbours too, which tell its name.
    """
    count = 0
    touched: dict[str, None] = {}
    links = links_by_device(network)
    prefix = device_prefix(network.name)
    for stored in events:
        count += 1
        if stored.aggregate_id.startswith(prefix):
            identity = stored.aggregate_id.removeprefix(prefix)
            ends = [end[0] for link in links.get(identity, ()) for end in (link.a, link.b)]
            touched |= dict.fromkeys((identity, *ends))
        elif stored.aggregate_id == network_stream(network.name):
            touched |= dict.fromkeys(_concerned(network, stored))
        else:
            count -= 1
    return count, touched


def _concerned(network: Network, stored: StoredEvent) -> Iterable[str]:
    """The devices that an event of the network's own stream is about: all, where it is no link."""
    event = stored.event
    if isinstance(event, e.LinkConnected | e.LinkDisconnected):
        return event.a.device, event.b.device
    return network.devices
