"""An address pool as its events tell it; `evolve_pool` applies facts and checks nothing."""

from collections.abc import MutableMapping
from dataclasses import dataclass, field
from typing import assert_never

from cimnet_nornir.domain import events as e
from cimnet_nornir.domain.addressing.intervals import IPNetwork, Space
from cimnet_nornir.domain.addressing.subnet import Subnet
from cimnet_nornir.errors import PoolNotFound

PoolEvent = (
    e.PoolCreated
    | e.PoolRemoved
    | e.SubnetAllocated
    | e.SubnetReserved
    | e.SubnetReleased
    | e.AddressAssigned
    | e.AddressReleased
)


@dataclass(frozen=True, slots=True)
class Utilisation:
    """How much of a pool is in use: numbers of addresses and of subnets; `largest` is the longest free block's length.

    `largest` is None where nothing is free.
    """

    addresses: int
    allocated: int
    reserved: int
    free: int
    subnets: int
    assigned: int
    largest: int | None

    @property
    def share(self) -> float:
        """The part that is allocated or reserved, from 0 to 1."""
        return 1 - self.free / self.addresses


@dataclass(slots=True)
class Pool:
    """A prefix, what is free of it, and its subnets. Mutable inside a fold; readers treat it as a value.

    `subnets` maps prefixes to what they are used for, `names` the names of subnets to their prefixes; both may read
    from a table what nobody asked for yet. `count`, `reserved` and `assigned` are how many subnets there are, how many
    addresses are reserved, and how many are assigned.
    """

    network: str
    name: str
    prefix: IPNetwork
    space: Space
    purpose: str = ""
    removed: bool = False
    count: int = 0
    reserved: int = 0
    assigned: int = 0
    subnets: MutableMapping[IPNetwork, Subnet] = field(default_factory=dict)
    names: MutableMapping[str, IPNetwork] = field(default_factory=dict)

    def utilisation(self) -> Utilisation:
        """How much is in use, without a look at the subnets."""
        free = self.space.free_addresses()
        taken = self.prefix.num_addresses - free
        return Utilisation(
            addresses=self.prefix.num_addresses,
            allocated=taken - self.reserved,
            reserved=self.reserved,
            free=free,
            subnets=self.count,
            assigned=self.assigned,
            largest=self.space.largest(),
        )


def evolve_pool(pool: Pool | None, event: PoolEvent) -> Pool:
    """The pool after the event. Raises PoolNotFound where the stream does not begin with its being created."""
    if isinstance(event, e.PoolCreated):
        return _created(pool, event)
    if pool is None:
        raise PoolNotFound(f"{event.type_name()} stands in a stream whose pool was never created")
    if isinstance(event, e.PoolRemoved):
        pool.removed = True
    else:
        _evolve_subnets(pool, event)
    return pool


def _evolve_subnets(
    pool: Pool, event: e.SubnetAllocated | e.SubnetReserved | e.SubnetReleased | e.AddressAssigned | e.AddressReleased
) -> None:
    match event:
        case e.SubnetAllocated():
            _hold(pool, _allocated(event))
        case e.SubnetReserved():
            _hold(pool, Subnet(event.subnet, "reserved", event.name, purpose=event.purpose, owner=event.owner))
        case e.SubnetReleased():
            _release(pool, event.subnet)
        case e.AddressAssigned():
            _assign(pool, event)
        case e.AddressReleased():
            _give_back(pool, event)
        case _:
            assert_never(event)


def _created(before: Pool | None, event: e.PoolCreated) -> Pool:
    pool = Pool(event.network, event.pool, event.prefix, Space.empty(event.prefix), event.purpose)
    if before is not None:
        # Created again after it was removed, empty: what reads its subnets from a table goes on to do so.
        pool.subnets, pool.names = before.subnets, before.names
    return pool


def _allocated(event: e.SubnetAllocated) -> Subnet:
    return Subnet(event.subnet, "allocated", event.name, event.vlan, event.purpose, event.owner, event.gateway)


def _hold(pool: Pool, subnet: Subnet) -> None:
    pool.space.take(subnet.prefix)
    pool.subnets[subnet.prefix] = subnet
    if subnet.name is not None:
        pool.names[subnet.name] = subnet.prefix
    pool.count += 1
    if subnet.kind == "reserved":
        pool.reserved += subnet.prefix.num_addresses


def _release(pool: Pool, prefix: IPNetwork) -> None:
    subnet = pool.subnets.pop(prefix)
    pool.space.give(prefix)
    if subnet.name is not None:
        del pool.names[subnet.name]
    pool.count -= 1
    if subnet.kind == "reserved":
        pool.reserved -= prefix.num_addresses


def _assign(pool: Pool, event: e.AddressAssigned) -> None:
    subnet = pool.subnets[event.subnet]
    subnet.assign(event.address, event.owner)
    # Whoever keeps the subnets in a table learns that this one has changed.
    pool.subnets[event.subnet] = subnet
    pool.assigned += 1


def _give_back(pool: Pool, event: e.AddressReleased) -> None:
    subnet = pool.subnets[event.subnet]
    subnet.release(event.address)
    pool.subnets[event.subnet] = subnet
    pool.assigned -= 1
