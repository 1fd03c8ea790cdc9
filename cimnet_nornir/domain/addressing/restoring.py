"""An address pool as a flat table, and the command that makes one place of it what it was before."""

from collections.abc import Iterator
from typing import assert_never

from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain import events as e
from cimnet_nornir.domain.addressing.intervals import overlap
from cimnet_nornir.domain.addressing.pool import Pool, PoolEvent
from cimnet_nornir.domain.addressing.subnet import Subnet
from cimnet_nornir.domain.contents import Place, Presence

# What a place begins with.
_POOL, _SUBNET, _ADDRESS = "pool", "subnet", "address"


def pool_contents(pool: Pool | None) -> dict[Place, object]:
    """What stands at each place of a pool: itself, its subnets, their addresses; nothing where it is not there."""
    return {} if pool is None or pool.removed else dict(_walk(pool))


def _walk(pool: Pool) -> Iterator[tuple[Place, object]]:
    yield (_POOL,), (pool.prefix, pool.purpose)
    for prefix, subnet in pool.subnets.items():
        told = (subnet.kind, subnet.name, subnet.vlan, subnet.purpose, subnet.owner, subnet.gateway)
        yield (_SUBNET, prefix), told
        yield from (((_ADDRESS, prefix, address), owner) for address, owner in subnet.addresses.items())


def place_of(event: PoolEvent) -> Place:
    """The one place of a pool that an event changes."""
    match event:
        case e.PoolCreated() | e.PoolRemoved():
            return (_POOL,)
        case e.SubnetAllocated() | e.SubnetReserved() | e.SubnetReleased():
            return (_SUBNET, event.subnet)
        case e.AddressAssigned() | e.AddressReleased():
            return (_ADDRESS, event.subnet, event.address)
        case _:
            assert_never(event)


def stands_in_the_way(place: Place, other: Place) -> bool:
    """Whether what stands at another place may keep one from being what it was before."""
    if other == place:
        return False
    if place[0] == _POOL:
        return True
    if place[0] == _SUBNET:
        return other[0] == _ADDRESS and other[1] == place[1] if other[0] != _SUBNET else _overlaps(place, other)
    return other[0] == _ADDRESS and other[2] == place[2]


def _overlaps(place: Place, other: Place) -> bool:
    return overlap(place[1], other[1])  # type: ignore[arg-type]  # a subnet's place names its prefix


def command_back(name: str, before: Pool | None, now: Pool | None, place: Place) -> c.PoolCommand:
    """The command that makes a place of the pool `name` what it was before; the two differ there."""
    there = pool_contents(now).get(place, Presence.ABSENT) is not Presence.ABSENT
    match place:
        case ("pool",):
            return c.RemovePool(pool=name) if there else _create(name, before)
        case ("subnet", prefix):
            command = {"pool": name, "subnet": prefix}
            return c.ReleaseSubnet.model_validate(command) if there else _take(name, _subnet(before, prefix))
        case _:
            _, prefix, address = place
            common = {"pool": name, "subnet": prefix, "address": address}
            if there:
                return c.ReleaseAddress.model_validate(common)
            owner = _subnet(before, prefix).addresses[address]  # type: ignore[index]  # its place names the address
            return c.AssignAddress.model_validate({**common, "owner": owner})


def _create(name: str, before: Pool | None) -> c.CreatePool:
    if before is None:
        raise KeyError(name)
    return c.CreatePool(pool=name, prefix=before.prefix, purpose=before.purpose)


def _subnet(pool: Pool | None, prefix: object) -> Subnet:
    if pool is None:
        raise KeyError(prefix)
    return pool.subnets[prefix]  # type: ignore[index]  # its place names the prefix


def _take(name: str, subnet: Subnet) -> c.AllocateSubnet | c.ReserveSubnet:
    told = {"pool": name, "subnet": subnet.prefix, "name": subnet.name, "owner": subnet.owner}
    told["purpose"] = subnet.purpose
    if subnet.kind == "reserved":
        return c.ReserveSubnet.model_validate(told)
    routed = subnet.gateway is not None
    return c.AllocateSubnet.model_validate({**told, "vlan": subnet.vlan, "gateway": subnet.gateway, "routed": routed})
