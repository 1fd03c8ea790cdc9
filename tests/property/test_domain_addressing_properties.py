"""Whatever is asked of a pool and in whatever order: subnets never overlap, and its events tell the whole of it."""

from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain import events as e
from cimnet_nornir.domain.addressing.decide import decide_pool
from cimnet_nornir.domain.addressing.elsewhere import Elsewhere, Use
from cimnet_nornir.domain.addressing.intervals import IPAddress, IPNetwork, Space, is_inside, overlap
from cimnet_nornir.domain.addressing.pool import Pool, PoolEvent, evolve_pool
from cimnet_nornir.domain.addressing.subnet import not_for_hosts
from cimnet_nornir.errors import DomainError, NoAvailableAddress, NoAvailableSubnet

# Pools so small that they are soon full, and that everything in them can be tried one by one.
BITS = 5
POOLS = st.sampled_from([ip_network("10.9.8.0/27"), ip_network("2001:db8::60/123"), ip_network("255.255.255.224/27")])
PARTS = st.integers(0, BITS).flatmap(
    lambda deeper: st.tuples(st.just(deeper), st.integers(0, 2**deeper - 1))
)  # how many bits longer than the pool, and which of them


KINDS = ("allocate", "ask", "reserve", "release", "assign", "ask address", "give", "remove", "create")


def part(pool: IPNetwork, deeper: int, number: int) -> IPNetwork:
    """That part of a pool."""
    first = int(pool.network_address) + (number << (BITS - deeper))
    kind = IPv4Network if pool.version == 4 else IPv6Network
    return kind((first, pool.prefixlen + deeper))


def every(pool: IPNetwork, length: int) -> list[IPNetwork]:
    return list(pool.subnets(new_prefix=length)) if length >= pool.prefixlen else []


@given(POOLS, st.lists(st.tuples(st.booleans(), PARTS), max_size=40), st.integers(0, BITS), st.integers(0, 40))
def test_space_is_what_a_plain_scan_says(
    pool: IPNetwork, steps: list[tuple[bool, tuple[int, int]]], deeper: int, offset: int
) -> None:
    space, taken = Space.empty(pool), set[IPNetwork]()
    for takes, (bits, number) in steps:
        prefix = part(pool, bits, number)
        free = not any(overlap(prefix, other) for other in taken)
        assert space.is_free(prefix) is free
        if takes and free:
            space.take(prefix)
            taken.add(prefix)
        elif not takes and prefix in taken:
            space.give(prefix)
            taken.remove(prefix)
    first = int(pool.network_address) + offset
    candidates = [
        prefix
        for prefix in every(pool, pool.prefixlen + deeper)
        if int(prefix.network_address) >= first and not any(overlap(prefix, other) for other in taken)
    ]
    after = pool.network_address + offset if first <= int(pool.broadcast_address) else None
    if after is not None:
        assert space.find(pool.prefixlen + deeper, after=after) == (candidates[0] if candidates else None)
    assert space.free_addresses() == pool.num_addresses - sum(prefix.num_addresses for prefix in taken)
    for prefix in taken:
        space.give(prefix)
    assert space == Space.empty(pool)


@st.composite
def commands(draw: st.DrawFn, pool: IPNetwork) -> c.PoolCommand:
    subnet = part(pool, *draw(PARTS))
    address = pool.network_address + draw(st.integers(0, 2**BITS - 1))
    kind = draw(st.sampled_from(KINDS))
    name = draw(st.none() | st.sampled_from("abc"))
    owner = draw(st.sampled_from(("container web", "vm db", "interface r1 Vlan1", "interface r2 Vlan1")))
    match kind:
        case "allocate":
            return c.AllocateSubnet(pool="p", length=subnet.prefixlen, name=name, routed=draw(st.booleans()))
        case "ask":
            return c.AllocateSubnet(pool="p", subnet=subnet, name=name)
        case "reserve":
            return c.ReserveSubnet(pool="p", subnet=subnet, name=name)
        case "release":
            return c.ReleaseSubnet(pool="p", subnet=subnet)
        case "assign":
            return c.AssignAddress(pool="p", subnet=subnet, owner=owner)
        case "ask address":
            return c.AssignAddress(pool="p", subnet=subnet, owner=owner, address=address)
        case "give":
            return c.ReleaseAddress(pool="p", subnet=subnet, address=address)
        case "remove":
            return c.RemovePool(pool="p")
        case _:
            return c.CreatePool(pool="p", prefix=pool)


@st.composite
def uses(draw: st.DrawFn, pool: IPNetwork) -> Elsewhere:
    """Interfaces of the router r1 in the pool, their subnets apart from one another as devices have them."""
    made: list[Use] = []
    for offset in draw(st.sets(st.integers(0, 2**BITS - 1), max_size=4)):
        address = pool.network_address + offset
        subnet = ip_network((address, pool.max_prefixlen - draw(st.integers(0, 3))), strict=False)
        if not any(overlap(subnet, use.subnet) for use in made):
            made.append(Use("r1", "r1 Vlan1", address, subnet))
    return Elsewhere.of(made)


def tried(pool: Pool | None, command: c.PoolCommand, elsewhere: Elsewhere) -> tuple[PoolEvent, ...]:
    try:
        return decide_pool("net", pool, command, elsewhere=elsewhere)
    except NoAvailableSubnet:
        assert pool is not None
        assert isinstance(command, c.AllocateSubnet)
        assert command.length is not None
        assert scanned(pool, command.length, elsewhere) is None
    except NoAvailableAddress:
        assert pool is not None
        assert isinstance(command, c.AssignAddress)
        assert lowest(pool, command.subnet, elsewhere) is None
    except DomainError:
        pass
    return ()


def scanned(pool: Pool, length: int, elsewhere: Elsewhere) -> IPNetwork | None:
    """The first free subnet as a plain scan finds it."""
    used = [*pool.subnets, *(use.subnet for use in elsewhere.addresses.values())]
    free = (prefix for prefix in every(pool.prefix, length) if not any(overlap(prefix, other) for other in used))
    return next(free, None)


def lowest(pool: Pool, prefix: IPNetwork, elsewhere: Elsewhere) -> IPAddress | None:
    """The first free address as a plain scan finds it."""
    subnet = pool.subnets[prefix]
    refused = {*not_for_hosts(prefix), subnet.gateway, *subnet.addresses, *elsewhere.addresses}
    return next((address for address in prefix if address not in refused), None)


def check(pool: Pool) -> None:
    subnets = sorted(pool.subnets, key=lambda each: int(each.network_address))
    assert all(is_inside(subnet, pool.prefix) for subnet in subnets)
    assert not any(overlap(one, other) for one, other in pairwise(subnets))
    assert {subnet.name: prefix for prefix, subnet in pool.subnets.items() if subnet.name} == pool.names
    found = pool.utilisation()
    assert found.subnets == len(subnets)
    assert found.assigned == sum(len(subnet.addresses) for subnet in pool.subnets.values())
    assert found.allocated + found.reserved == sum(prefix.num_addresses for prefix in subnets)
    for prefix, subnet in pool.subnets.items():
        refused = set(not_for_hosts(prefix))
        assert all(address in prefix and address not in refused for address in subnet.addresses)
        strangers = {owner for address, owner in subnet.addresses.items() if address == subnet.gateway}
        assert all(owner.startswith("interface ") for owner in strangers)


@given(st.data(), POOLS)
@settings(max_examples=120)
def test_no_order_of_commands_breaks_a_pool(data: st.DataObject, prefix: IPNetwork) -> None:
    elsewhere = data.draw(uses(prefix))
    pool: Pool | None = None
    history: list[PoolEvent] = []
    for command in [c.CreatePool(pool="p", prefix=prefix), *data.draw(st.lists(commands(prefix), max_size=30))]:
        expected = None
        if pool is not None and isinstance(command, c.AllocateSubnet) and command.length is not None:
            expected = scanned(pool, command.length, elsewhere)
        for event in tried(pool, command, elsewhere):
            if isinstance(event, e.SubnetAllocated) and expected is not None:
                assert event.subnet == expected
            pool = evolve_pool(pool, event)
            history.append(event)
        assert pool is not None
        check(pool)
    again: Pool | None = None
    for event in history:
        again = evolve_pool(again, event)
    assert again == pool


@given(POOLS, st.integers(0, BITS), st.integers(0, 2**BITS - 1))
def test_an_address_and_its_prefix_are_told_apart_by_their_version(pool: IPNetwork, deeper: int, offset: int) -> None:
    other = ip_network("2001:db8::/32") if pool.version == 4 else ip_network("10.0.0.0/8")
    assert not is_inside(part(pool, deeper, offset % 2**deeper), other)
    assert not overlap(other, pool)
    assert ip_address(str(pool.network_address + offset)) in pool
