"""Which event put each line of an intended configuration there.

The configuration is rendered after every event that touches a device; a line belongs to the event after which it
first stood there, and a line that is gone to the event that took it away. Persisted per template bundle, so that only
new events are rendered.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from uuid import UUID

from pydantic import TypeAdapter

from cimnet_nornir.domain.comparison import Path
from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.envelope import StoredEvent
from cimnet_nornir.domain.events import HostKeyPinned, LinkConnected, LinkDisconnected
from cimnet_nornir.domain.hosting.networks import HostedNetwork
from cimnet_nornir.domain.network import Network
from cimnet_nornir.domain.streams import device_prefix, hosted_prefixes
from cimnet_nornir.errors import RenderError
from cimnet_nornir.projections.intent import PROJECTION, Intent, apply_event, intent_events, open_saved, save
from cimnet_nornir.store.port import EventStore, ProjectionRow

Lines = Callable[[Device, Network], Sequence[Path]]
"""The lines of a device's intended configuration, each with its sections. May raise RenderError."""

_COMMON_WORDS = 2


@dataclass(slots=True)
class DeviceBlame:
    """For one device: the event behind each line that stands, and behind each line that was taken away."""

    lines: dict[Path, UUID] = field(default_factory=dict)
    removed: dict[Path, UUID] = field(default_factory=dict)

    def update(self, paths: Sequence[Path], event: UUID) -> None:
        """Take in what the configuration is after an event."""
        now = set(paths)
        for path in [path for path in self.lines if path not in now]:
            del self.lines[path]
            self.removed[path] = event
        for path in paths:
            if path not in self.lines:
                self.lines[path] = event
                self.removed.pop(path, None)

    def explain(self, path: Path, *, adds: bool) -> UUID | None:
        """The event behind a line of a remediation; None where no intent ever spoke of it.

        A line that stands in another form than rendered (a wrapped list) is found by its section and first words.
        """
        first, second = (self.lines, self.removed) if adds else (self.removed, self.lines)
        exact = first.get(path) or second.get(path)
        return exact or _near(first, path) or _near(second, path) or (_section(first, path) if adds else None)


def _near(lines: Mapping[Path, UUID], path: Path) -> UUID | None:
    words = path[-1].split()
    for length in range(len(words), _COMMON_WORDS - 1, -1):
        for other, event in lines.items():
            if other[:-1] == path[:-1] and other[-1].split()[:length] == words[:length]:
                return event
    return None


def _section(lines: Mapping[Path, UUID], path: Path) -> UUID | None:
    return next((lines[path[:depth]] for depth in range(len(path) - 1, 0, -1) if path[:depth] in lines), None)


def load_blame(
    store: EventStore, network: str, lines: Lines, *, templates: str, until: int | None = None, hosts: bool = False
) -> dict[str, DeviceBlame]:
    """The blame of every device of a network, by device id; as of a position where one is given.

    With `hosts` those of servers too, whose lines come from the networks that stand on them as well.
    """
    projection = projection_of(templates)
    intent = Intent(Network(network)) if until is not None else open_saved(store, network, projection=f"{projection}:i")
    start = intent.position
    # Rows of devices that are not in the fold are left over: should such a device come back, its lines begin anew.
    rows_left = _load(store, projection, network) if start else {}
    blames = {identity: blame for identity, blame in rows_left.items() if identity in intent.network.devices}
    changed: set[str] = set()
    for stored in intent_events(store, after=start, until=until):
        intent.position = stored.position
        before = _carrying(intent.network, stored) if hosts else ()
        if apply_event(intent, stored):
            touched = _touched(intent.network, stored)
            carrying = (*before, *_carrying(intent.network, stored)) if hosts else ()
            touched = tuple(dict.fromkeys((*touched, *carrying)))
            _take_in(intent.network, blames, stored, lines, touched)
            changed.update(touched)
    if until is None and intent.position > start:
        # Lines first: whoever reads the fold's newer position then finds lines that are at least as new.
        rows = {f"{network}/{device}": _row(intent.position, blames[device]) for device in changed & blames.keys()}
        store.save_rows(projection, rows)
        save(store, intent, projection=f"{projection}:i")
    return blames


def projection_of(templates: str) -> str:
    """The name of the rows for a template bundle; that of the fold beside them ends with `:i`."""
    return f"blame-3:{templates.removeprefix('sha256:')[:16]}:{PROJECTION}"


def _take_in(
    network: Network, blames: dict[str, DeviceBlame], stored: StoredEvent, lines: Lines, touched: tuple[str, ...]
) -> None:
    """Brings the lines of the devices that an event is about up to date."""
    for identity in touched:
        device = network.devices.get(identity)
        if device is None:
            blames.pop(identity, None)
            continue
        try:
            paths = lines(device, network)
        except RenderError:
            continue  # half-way states need not render; the event that completes it then owns the lines
        blames.setdefault(identity, DeviceBlame()).update(paths, stored.event_id)


def _carrying(network: Network, stored: StoredEvent) -> tuple[str, ...]:
    """The hosts whose modules an event may be in because of a network of containers or VMs; asked before and after."""
    containers, vms = hosted_prefixes(network.name)
    hosted: HostedNetwork | None = None
    if stored.aggregate_id.startswith(containers):
        hosted = network.container_networks.get(stored.aggregate_id.removeprefix(containers))
    elif stored.aggregate_id.startswith(vms):
        hosted = network.vm_networks.get(stored.aggregate_id.removeprefix(vms))
    if hosted is not None:
        return tuple(hosted.settings.hosts)
    identity = stored.aggregate_id.removeprefix(device_prefix(network.name))
    device = network.devices.get(identity)
    if device is None or not device.is_host:
        return ()
    # The other ends of an overlay know each other's addresses.
    networks: tuple[HostedNetwork, ...] = (*network.container_networks.values(), *network.vm_networks.values())
    return tuple(host for each in networks if identity in each.settings.hosts for host in each.settings.hosts)


def _touched(network: Network, stored: StoredEvent) -> tuple[str, ...]:
    event = stored.event
    if isinstance(event, LinkConnected | LinkDisconnected):
        return event.a.device, event.b.device
    prefix = device_prefix(network.name)
    if isinstance(event, HostKeyPinned) or not stored.aggregate_id.startswith(prefix):
        return ()
    return (stored.aggregate_id.removeprefix(prefix),)


_Row = tuple[list[tuple[Path, UUID]], list[tuple[Path, UUID]]]


@cache
def _adapter() -> TypeAdapter[_Row]:
    # Built on first use: pydantic takes a moment to compile it.
    return TypeAdapter(_Row)


def _row(position: int, blame: DeviceBlame) -> ProjectionRow:
    state: _Row = (list(blame.lines.items()), list(blame.removed.items()))
    return ProjectionRow(position=position, state=_adapter().dump_json(state))


def _load(store: EventStore, projection: str, network: str) -> dict[str, DeviceBlame]:
    prefix = f"{network}/"
    blames = {}
    for key, row in store.load_rows(projection, prefix).items():
        lines, removed = _adapter().validate_json(row.state)
        blames[key.removeprefix(prefix)] = DeviceBlame(dict(lines), dict(removed))
    return blames
