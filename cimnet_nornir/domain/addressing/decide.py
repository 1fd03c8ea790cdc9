"""What a command on a pool becomes: events, or a refusal that names the rule. Nothing to change gives no event."""

from collections.abc import Container
from typing import assert_never

from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain import events as e
from cimnet_nornir.domain.addressing.addresses import assign, release_address, require_gateway
from cimnet_nornir.domain.addressing.elsewhere import Elsewhere, Use
from cimnet_nornir.domain.addressing.intervals import IPAddress, IPNetwork, is_inside, overlap
from cimnet_nornir.domain.addressing.pool import Pool, PoolEvent
from cimnet_nornir.domain.addressing.requirements import require_subnet
from cimnet_nornir.domain.addressing.subnet import default_gateway, host_bits
from cimnet_nornir.domain.sentences import some_of
from cimnet_nornir.errors import (
    AlreadyExists,
    InvalidValue,
    NoAvailableSubnet,
    PoolAlreadyExists,
    PoolNotFound,
    RuleViolated,
    SubnetInUse,
    SubnetOverlap,
)

PoolEvents = tuple[PoolEvent, ...]
NOTHING = Elsewhere()


def decide_pool(
    network: str,
    pool: Pool | None,
    command: c.PoolCommand,
    *,
    elsewhere: Elsewhere = NOTHING,
    avoid: Container[IPAddress] = (),
) -> PoolEvents:
    """The events that the command makes of a pool as it is.

    `elsewhere` is what devices and other pools use; `avoid` are addresses that are not to be handed out besides.
    Raises a DomainError or InvalidValue, each with its subject.
    """
    present = None if pool is None or pool.removed else pool
    if isinstance(command, c.CreatePool):
        return _create(network, present, command, elsewhere)
    if present is None:
        raise PoolNotFound(f"there is no pool {command.pool!r} in network {network!r}", subject=command.pool)
    if isinstance(command, c.AssignAddress):
        return assign(present, command, elsewhere, avoid)
    if isinstance(command, c.ReleaseAddress):
        return release_address(present, command)
    return _decide_subnets(present, command, elsewhere)


def _decide_subnets(
    pool: Pool, command: c.RemovePool | c.AllocateSubnet | c.ReserveSubnet | c.ReleaseSubnet, elsewhere: Elsewhere
) -> PoolEvents:
    match command:
        case c.RemovePool():
            return _remove(pool)
        case c.AllocateSubnet():
            return _allocate(pool, command, elsewhere)
        case c.ReserveSubnet():
            return _reserve(pool, command)
        case c.ReleaseSubnet():
            return _release(pool, command.subnet, elsewhere)
        case _:
            assert_never(command)


def _create(network: str, present: Pool | None, command: c.CreatePool, elsewhere: Elsewhere) -> PoolEvents:
    if present is not None:
        raise PoolAlreadyExists(f"there is a pool {command.pool!r} already, of {present.prefix}", subject=command.pool)
    for name, prefix in elsewhere.pools.items():
        if name != command.pool and overlap(prefix, command.prefix):
            raise SubnetOverlap(f"{command.prefix} overlaps the pool {name!r} of {prefix}", subject=str(command.prefix))
    return (e.PoolCreated(network=network, pool=command.pool, prefix=command.prefix, purpose=command.purpose),)


def _remove(pool: Pool) -> PoolEvents:
    if pool.count:
        named = some_of([str(prefix) for prefix in sorted(pool.subnets, key=int_of)])
        raise RuleViolated(f"the pool {pool.name!r} has subnets: {named}; release them first", subject=pool.name)
    return (e.PoolRemoved(),)


# --- subnets ----------------------------------------------------------------------------------------------------------


def _allocate(pool: Pool, command: c.AllocateSubnet, elsewhere: Elsewhere) -> PoolEvents:
    _require_free_name(pool, command.name)
    if command.subnet is not None:
        _require_free(pool, command.subnet)
        _refuse_others(command.subnet, elsewhere)
        subnet = command.subnet
    else:
        subnet = _first_free(pool, command.length or 0, elsewhere)
    return (
        e.SubnetAllocated(
            subnet=subnet,
            name=command.name,
            vlan=command.vlan,
            purpose=command.purpose,
            owner=command.owner,
            gateway=_gateway(subnet, command),
        ),
    )


def _gateway(subnet: IPNetwork, command: c.AllocateSubnet) -> IPAddress | None:
    if command.gateway is None:
        return default_gateway(subnet) if command.routed else None
    require_gateway(subnet, command.gateway)
    return command.gateway


def _first_free(pool: Pool, length: int, elsewhere: Elsewhere) -> IPNetwork:
    if length > pool.prefix.max_prefixlen:
        raise InvalidValue(f"/{length} is no length of IPv{pool.prefix.version}", subject="length")
    last = int(pool.prefix.broadcast_address)
    found = pool.space.find(length)
    while found is not None:
        used = elsewhere.behind(found)
        if used is None:
            return found
        # Devices live there that no pool gave their addresses: it is as good as allocated.
        following = pool.prefix.network_address + (used + 1 - int(pool.prefix.network_address)) if used < last else None
        found = None if following is None else pool.space.find(length, after=following)
    raise _full(pool, length)


def _full(pool: Pool, length: int) -> NoAvailableSubnet:
    largest = pool.space.largest()
    if largest is None:
        left = "nothing of it is free"
    elif largest > length:
        left = f"the largest free block is a /{largest}"
    else:
        left = "devices use what is not allocated"
    return NoAvailableSubnet(
        f"the pool {pool.name!r} of {pool.prefix} has no free /{length}: {left}", subject=pool.name
    )


def _reserve(pool: Pool, command: c.ReserveSubnet) -> PoolEvents:
    _require_free_name(pool, command.name)
    _require_free(pool, command.subnet)
    given = {name: getattr(command, name) for name in ("subnet", "name", "purpose", "owner")}
    return (e.SubnetReserved.model_validate(given),)


def _require_free_name(pool: Pool, name: str | None) -> None:
    if name is not None and name in pool.names:
        raise AlreadyExists(f"the pool {pool.name!r} has a subnet {name!r}: {pool.names[name]}", subject=name)


def _require_free(pool: Pool, subnet: IPNetwork) -> None:
    if not is_inside(subnet, pool.prefix):
        raise RuleViolated(f"{subnet} is not in the pool {pool.name!r} of {pool.prefix}", subject=str(subnet))
    if pool.space.is_free(subnet):
        return
    others = [str(other) for other in sorted(pool.subnets, key=int_of) if overlap(other, subnet)]
    raise SubnetOverlap(f"{subnet} is not free in the pool {pool.name!r}: {some_of(others)}", subject=str(subnet))


def int_of(prefix: IPNetwork) -> int:
    """What prefixes of one version are ordered by."""
    return int(prefix.network_address)


def _refuse_others(subnet: IPNetwork, elsewhere: Elsewhere) -> None:
    """Interfaces may be in a subnet before it is allocated, if it is exactly theirs, or theirs is one address."""
    for use in elsewhere.within(subnet):
        if use.subnet != subnet and (host_bits(use.subnet) or not is_inside(use.subnet, subnet)):
            raise SubnetOverlap(f"{subnet} overlaps {use.subnet} on {use.place}", subject=str(subnet))


def _release(pool: Pool, prefix: IPNetwork, elsewhere: Elsewhere) -> PoolEvents:
    subnet = require_subnet(pool, prefix)
    users = [f"{address} {owner}" for address, owner in subnet.sorted_addresses()]
    if subnet.kind == "allocated":
        users += [_said(use) for use in elsewhere.within(prefix) if use.address not in subnet.addresses]
    if users:
        raise SubnetInUse(f"{prefix} is in use: {some_of(users)}", subject=str(prefix), users=users)
    return (e.SubnetReleased(subnet=prefix),)


def _said(use: Use) -> str:
    return f"{use.address} {use.place}"
