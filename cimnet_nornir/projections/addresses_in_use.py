"""Which addresses the devices of a network use, and the networks of its hosts, folded from the few events that say so.

Persisted as one row a network: whoever hands out addresses need not read the devices with all their ports.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from ipaddress import IPv4Interface, IPv4Network, IPv6Interface, IPv6Network, ip_network

from pydantic import TypeAdapter

from cimnet_nornir.domain import events as e
from cimnet_nornir.domain.addressing.elsewhere import Elsewhere, Use
from cimnet_nornir.domain.addressing.intervals import IPAddress
from cimnet_nornir.domain.envelope import Event, StoredEvent
from cimnet_nornir.domain.streams import device_prefix, hosted_prefixes
from cimnet_nornir.errors import ConcurrencyConflict, StoreUnavailable
from cimnet_nornir.store.port import EventStore, ProjectionRow

# The number is raised when the fold or the shape of the row changes; rows of other names are left unread.
PROJECTION = "addresses-in-use-3"
_SAVE_AFTER = 200

_TYPES = frozenset(
    kind.type_name()
    for kind in (
        e.RouterAdded,
        e.SwitchAdded,
        e.HostAdded,
        e.DeviceRenamed,
        e.DeviceDetailsChanged,
        e.DeviceRemoved,
        e.RouterInterfaceConfigured,
        e.RouterInterfaceRemoved,
        e.HostInterfaceConfigured,
        e.HostInterfaceRemoved,
        e.ContainerNetworkCreated,
        e.ContainerNetworkChanged,
        e.ContainerNetworkRemoved,
        e.VmNetworkCreated,
        e.VmNetworkChanged,
        e.VmNetworkRemoved,
    )
)
_WITH_SETTINGS = (
    e.ContainerNetworkCreated,
    e.ContainerNetworkChanged,
    e.VmNetworkCreated,
    e.VmNetworkChanged,
)


@dataclass(slots=True)
class _Device:
    """What a device uses: the address it is managed at, and those of each interface."""

    name: str
    management: IPAddress | None = None
    interfaces: dict[str, tuple[IPv4Interface | IPv6Interface, ...]] = field(default_factory=dict)

    def uses(self, identity: str) -> Iterator[Use]:
        """Its addresses; the one it is managed at alone, where no interface has it and it is not this machine's own."""
        own = {address.ip for addresses in self.interfaces.values() for address in addresses}
        for name, addresses in self.interfaces.items():
            for address in addresses:
                yield Use(identity, f"{self.name} {name}", address.ip, address.network)
        management = self.management
        if management is not None and management not in own and not management.is_loopback:
            yield Use(identity, f"{self.name} management", management, ip_network(management))


@dataclass(slots=True)
class _Row:
    """What is kept: the devices by id, and the subnets of container and VM networks by their streams."""

    devices: dict[str, _Device] = field(default_factory=dict)
    hosted: dict[str, IPv4Network | IPv6Network] = field(default_factory=dict)


@dataclass(slots=True)
class AddressesInUse:
    """What a network uses, as of a position. Raises nothing: what it is told of has happened."""

    network: str
    position: int = 0
    row: _Row = field(default_factory=_Row)
    kept: int = 0
    """The position of the row that was read or written last; 0 where there is none."""
    _elsewhere: Elsewhere | None = None

    def refresh(self, store: EventStore, *, until: int | None = None) -> None:
        """Fold what was appended since; for the present, keep the row where that is much."""
        count = 0
        for stored in store.read_all(after=self.position, until=until, types=_TYPES):
            self.position = stored.position
            count += self._take_in(stored)
        if until is None and count >= _SAVE_AFTER:
            self._save(store)

    def elsewhere(self) -> Elsewhere:
        """What decisions on pools ask; worked out once for as long as nothing changes."""
        if self._elsewhere is None:
            uses = (use for name, device in self.row.devices.items() for use in device.uses(name))
            self._elsewhere = Elsewhere.of(uses, subnets=self.row.hosted.values())
        return self._elsewhere

    def _take_in(self, stored: StoredEvent) -> bool:
        prefix = device_prefix(self.network)
        if stored.aggregate_id.startswith(prefix):
            self._apply(stored.aggregate_id.removeprefix(prefix), stored.event)
        elif stored.aggregate_id.startswith(hosted_prefixes(self.network)):
            self._apply_hosted(stored.aggregate_id, stored.event)
        else:
            return False
        self._elsewhere = None
        return True

    def _apply(self, identity: str, event: Event) -> None:
        devices = self.row.devices
        if isinstance(event, e.RouterAdded | e.SwitchAdded | e.HostAdded):
            devices[identity] = _Device(event.name, event.details.management)
        elif isinstance(event, e.DeviceRemoved):
            devices.pop(identity, None)
        elif identity in devices:
            _evolve(devices[identity], event)

    def _apply_hosted(self, stream: str, event: Event) -> None:
        subnet = None
        if isinstance(event, _WITH_SETTINGS):
            subnet = event.settings.subnet
        if subnet is None:
            self.row.hosted.pop(stream, None)
        else:
            self.row.hosted[stream] = subnet

    def _save(self, store: EventStore) -> None:
        row = ProjectionRow(self.position, _adapter().dump_json(self.row))
        # Where another was first, or nothing can be written, whoever reads next folds a little more.
        with suppress(ConcurrencyConflict, StoreUnavailable):
            store.save_rows(PROJECTION, {self.network: row}, expected=(self.network, self.kept))
            self.kept = self.position


def _evolve(device: _Device, event: Event) -> None:
    if isinstance(event, e.DeviceRenamed):
        device.name = event.name
    elif isinstance(event, e.DeviceDetailsChanged):
        device.management = event.details.management
    elif isinstance(event, e.RouterInterfaceConfigured | e.HostInterfaceConfigured):
        device.interfaces[event.interface] = event.configuration.addresses
    elif isinstance(event, e.RouterInterfaceRemoved | e.HostInterfaceRemoved):
        device.interfaces.pop(event.interface, None)


@cache
def _adapter() -> TypeAdapter[_Row]:
    return TypeAdapter(_Row)


def load_addresses_in_use(store: EventStore, network: str, *, until: int | None = None) -> AddressesInUse:
    """The addresses in use now, or as of the position `until` (inclusive)."""
    row = None if until is not None else store.load_rows(PROJECTION, keys=(network,)).get(network)
    found = AddressesInUse(network)
    if row is not None:
        found = AddressesInUse(network, row.position, _adapter().validate_json(row.state), row.position)
    found.refresh(store, until=until)
    return found
