"""Which addresses the devices of a network use, folded from the few events that say so.

Persisted as one row a network: whoever hands out addresses need not read the devices with all their ports.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from ipaddress import IPv4Interface, IPv6Interface, ip_network

from pydantic import TypeAdapter

from cimnet_nornir.domain import events as e
from cimnet_nornir.domain.addressing.elsewhere import Elsewhere, Use
from cimnet_nornir.domain.addressing.intervals import IPAddress
from cimnet_nornir.domain.envelope import Event, StoredEvent
from cimnet_nornir.domain.streams import device_prefix
from cimnet_nornir.errors import ConcurrencyConflict, StoreUnavailable
from cimnet_nornir.store.port import EventStore, ProjectionRow

# The number is raised when the fold or the shape of the row changes; rows of other names are left unread.
PROJECTION = "addresses-in-use-1"
_SAVE_AFTER = 200

_TYPES = frozenset(
    kind.type_name()
    for kind in (
        e.RouterAdded,
        e.SwitchAdded,
        e.DeviceRenamed,
        e.DeviceDetailsChanged,
        e.DeviceRemoved,
        e.RouterInterfaceConfigured,
        e.RouterInterfaceRemoved,
    )
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
class AddressesInUse:
    """The devices of a network by id, as of a position. Raises nothing: what it is told of has happened."""

    network: str
    position: int = 0
    devices: dict[str, _Device] = field(default_factory=dict)
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
            self._elsewhere = Elsewhere.of(use for name, device in self.devices.items() for use in device.uses(name))
        return self._elsewhere

    def _take_in(self, stored: StoredEvent) -> bool:
        prefix = device_prefix(self.network)
        if not stored.aggregate_id.startswith(prefix):
            return False
        self._apply(stored.aggregate_id.removeprefix(prefix), stored.event)
        self._elsewhere = None
        return True

    def _apply(self, identity: str, event: Event) -> None:
        if isinstance(event, e.RouterAdded | e.SwitchAdded):
            self.devices[identity] = _Device(event.name, event.details.management)
        elif isinstance(event, e.DeviceRemoved):
            self.devices.pop(identity, None)
        elif identity in self.devices:
            _evolve(self.devices[identity], event)

    def _save(self, store: EventStore) -> None:
        row = ProjectionRow(self.position, _adapter().dump_json(self.devices))
        # Where another was first, or nothing can be written, whoever reads next folds a little more.
        with suppress(ConcurrencyConflict, StoreUnavailable):
            store.save_rows(PROJECTION, {self.network: row}, expected=(self.network, self.kept))
            self.kept = self.position


def _evolve(device: _Device, event: Event) -> None:
    if isinstance(event, e.DeviceRenamed):
        device.name = event.name
    elif isinstance(event, e.DeviceDetailsChanged):
        device.management = event.details.management
    elif isinstance(event, e.RouterInterfaceConfigured):
        device.interfaces[event.interface] = event.configuration.addresses
    elif isinstance(event, e.RouterInterfaceRemoved):
        device.interfaces.pop(event.interface, None)


@cache
def _adapter() -> TypeAdapter[dict[str, _Device]]:
    return TypeAdapter(dict[str, _Device])


def load_addresses_in_use(store: EventStore, network: str, *, until: int | None = None) -> AddressesInUse:
    """The addresses in use now, or as of the position `until` (inclusive)."""
    row = None if until is not None else store.load_rows(PROJECTION, keys=(network,)).get(network)
    found = AddressesInUse(network)
    if row is not None:
        found = AddressesInUse(network, row.position, _adapter().validate_json(row.state), row.position)
    found.refresh(store, until=until)
    return found
