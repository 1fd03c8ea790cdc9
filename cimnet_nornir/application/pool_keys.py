"""The unique keys that go with events of a pool: addresses, the same as those of devices, and the list of pools."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cimnet_nornir.domain import events as e
from cimnet_nornir.domain.addressing.addresses import address_key, device_of, holder_of
from cimnet_nornir.domain.addressing.elsewhere import Elsewhere
from cimnet_nornir.domain.addressing.fields import parse_address
from cimnet_nornir.domain.addressing.intervals import IPAddress
from cimnet_nornir.domain.addressing.pool import PoolEvent
from cimnet_nornir.domain.streams import pool_stream
from cimnet_nornir.errors import ReservationConflict
from cimnet_nornir.projections.pools import KeptPool
from cimnet_nornir.store.port import EventStore

_ADDRESS = "address:"


@dataclass(frozen=True, slots=True)
class Keys:
    """Keys that are wanted, and keys that are given back, each with its holder."""

    claim: Mapping[str, str]
    release: Mapping[str, str]


def pools_key(network: str) -> str:
    """The key that changes its holder with every new pool: of two who compare with the same others, one is first."""
    return f"pools:{network}"


def address_in(conflict: ReservationConflict) -> IPAddress | None:
    """The address whose key is held by somebody else, where it is one."""
    subject = conflict.subject
    return parse_address(subject.rpartition("/")[2]) if subject.startswith(_ADDRESS) else None


def keys_of(
    store: EventStore, view: KeptPool, events: Sequence[PoolEvent], elsewhere: Elsewhere, *, mark: str | None = None
) -> Keys:
    """The keys that events of a pool take and give back; `view` is the pool before them.

    `mark` is who held the key of the list of pools before the list was read.
    """
    claim: dict[str, str] = {}
    release: dict[str, str] = {}
    for event in events:
        if isinstance(event, e.AddressAssigned):
            claim[address_key(view.network, event.address)] = holder_of(view.network, view.name, event.owner)
        elif isinstance(event, e.AddressReleased):
            release |= _given_back(store, view, event, elsewhere)
        elif isinstance(event, e.PoolCreated):
            key, stream = pools_key(view.network), pool_stream(view.network, view.name)
            release |= {} if mark is None else {key: mark}
            claim[key] = f"{stream}@{view.version + 1}"
    return Keys(claim, release)


def _given_back(store: EventStore, view: KeptPool, event: e.AddressReleased, elsewhere: Elsewhere) -> Mapping[str, str]:
    """The key of a released address, unless its device goes on to use it, or somebody else has it by now."""
    owner = view.pool.subnets[event.subnet].addresses[event.address] if view.pool is not None else ""
    use = elsewhere.addresses.get(event.address)
    if use is not None and use.device == device_of(owner):
        return {}
    key, holder = address_key(view.network, event.address), holder_of(view.network, view.name, owner)
    return {key: holder} if store.owner_of(key) == holder else {}
