"""Rules about interfaces and the subnets that address pools have given out; all warnings, since pools are no duty."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from ipaddress import IPv4Network

from cimnet_nornir.domain.validation.findings import Problem
from cimnet_nornir.domain.validation.ports import svi_vlan
from cimnet_nornir.domain.validation.rules import AnyRule, rule
from cimnet_nornir.domain.validation.view import NetworkView, Placed, PoolSubnet


@rule("pool-subnet", "warning", "The subnet of an interface is not as an address pool has given it out.")
def pool_subnet(network: NetworkView) -> Iterator[Problem]:
    """Another mask than that of the allocated subnet, a subnet that is held back, or one of another VLAN."""
    starts = [int(each.prefix.network_address) for each in network.subnets]
    for placed in network.addresses if starts else ():
        for known in _overlapping(network.subnets, starts, placed.subnet):
            yield from _differs(placed, known)


def _overlapping(subnets: Sequence[PoolSubnet], starts: Sequence[int], wanted: IPv4Network) -> Iterator[PoolSubnet]:
    """Those that share addresses with a subnet; they share none with one another."""
    index = max(bisect_right(starts, int(wanted.network_address)) - 1, 0)
    while index < len(subnets) and starts[index] <= int(wanted.broadcast_address):
        if subnets[index].prefix.overlaps(wanted):
            yield subnets[index]
        index += 1


def _differs(placed: Placed, known: PoolSubnet) -> Iterator[Problem]:
    vlan = svi_vlan(placed.interface)
    if known.kind == "reserved":
        message = f"its subnet {placed.subnet} is in {known.prefix}, which is reserved in the pool {known.pool}"
        yield Problem(placed.device.name, placed.interface, message, "an allocated subnet: cimnet allocates them")
    elif known.prefix != placed.subnet:
        message = f"its subnet {placed.subnet} overlaps {known.prefix}, which the pool {known.pool} has allocated"
        right = f"the mask /{known.prefix.prefixlen}, or a subnet that shares no address with it"
        yield Problem(placed.device.name, placed.interface, message, right)
    elif vlan is not None and known.vlan not in (None, vlan):
        message = f"its subnet {placed.subnet} is allocated for VLAN {known.vlan} in the pool {known.pool}"
        yield Problem(placed.device.name, placed.interface, message, f"a subnet for VLAN {vlan}")


@rule("vlan-subnet", "warning", "The address of an SVI is outside the subnets that are allocated for its VLAN.")
def vlan_subnet(network: NetworkView) -> Iterator[Problem]:
    """Of a VLAN for which a pool has allocated one; several sites may have one each."""
    given: dict[int, list[IPv4Network]] = {}
    for known in network.subnets:
        if known.vlan is not None and known.kind == "allocated":
            given.setdefault(known.vlan, []).append(known.prefix)
    for placed in network.addresses if given else ():
        prefixes = given.get(svi_vlan(placed.interface) or 0, ())
        if prefixes and not any(placed.address.ip in prefix for prefix in prefixes):
            listed = ", ".join(map(str, prefixes))
            message = f"its address {placed.address.ip} is outside {listed}, which is allocated for its VLAN"
            yield Problem(placed.device.name, placed.interface, message, f"an address of {listed}")


POOL_RULES: tuple[AnyRule, ...] = (pool_subnet, vlan_subnet)
