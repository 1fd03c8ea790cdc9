"""Rules about addresses and subnets over a whole network."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from ipaddress import IPv4Address, IPv4Network

from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.tables import vrf_of
from cimnet_nornir.domain.validation.findings import Problem
from cimnet_nornir.domain.validation.rules import AnyRule, device_rule, rule
from cimnet_nornir.domain.validation.segments import LINK, Attached, attached, by_segment
from cimnet_nornir.domain.validation.view import NetworkView, Placed

_HOST_LENGTH = 32
# The two addresses of a link between two routers are both used (RFC 3021).
_LINK_LENGTH = 31


@rule("duplicate-address", "error", "Two interfaces, or two devices, have one address.")
def duplicate_address(network: NetworkView) -> Iterator[Problem]:
    holders: dict[IPv4Address, dict[str, tuple[str, str]]] = {}
    for placed in network.addresses:
        holders.setdefault(placed.address.ip, {})[str(placed)] = (placed.device.name, placed.interface)
    for address, (name, place) in _managed_elsewhere(network):
        holders.setdefault(address, {})[f"{name} {place}"] = (name, place)
    for address, places in holders.items():
        for words, (name, place) in places.items() if len(places) > 1 else ():
            others = sorted(places.keys() - {words})
            message = f"the address {address} is that of {', '.join(others)} too"
            hosts = tuple(sorted({places[other][0] for other in others} - {name}))
            yield Problem(name, place, message, "an address that nobody else has", others=hosts)


def _managed_elsewhere(network: NetworkView) -> Iterator[tuple[IPv4Address, tuple[str, str]]]:
    """Management addresses that stand on no interface of their device; those of this machine itself say nothing."""
    for device in network.devices.values():
        address = device.details.management
        if address is None or address.is_loopback:
            continue
        if not any(own.ip == address for item in device.interfaces.values() for own in item.addresses):
            yield address, (device.name, "management")


@rule("host-address", "error", "An interface has the address of its subnet itself, or its broadcast address.")
def host_address(network: NetworkView) -> Iterator[Problem]:
    """IOS refuses both ("Bad mask /24 for address 10.0.0.0")."""
    for placed in network.addresses:
        subnet = placed.subnet
        if subnet.prefixlen >= _LINK_LENGTH or placed.address.ip not in (
            subnet.network_address,
            subnet.broadcast_address,
        ):
            continue
        what = "broadcast address" if placed.address.ip == subnet.broadcast_address else "address"
        message = f"{placed.address.ip} is the {what} of {subnet} itself"
        right = f"an address from {subnet.network_address + 1} to {subnet.broadcast_address - 1}"
        yield Problem(placed.device.name, placed.interface, message, right)


@rule("subnet-mask", "error", "Interfaces of one segment have subnets that overlap with different masks.")
def subnet_mask(network: NetworkView) -> Iterator[Problem]:
    """A host with another mask takes neighbours for strangers, or strangers for neighbours.

    The two routed ends of a link are looked at by link-subnet.
    """
    for segment, items in network.remember(by_segment).items():
        if segment[0] == LINK and not segment[-1]:
            continue
        subnets = Counter(item.placed.subnet for item in items)
        for item in items if len(subnets) > 1 else ():
            own = item.placed.subnet
            rivals = [other for other in subnets if other != own and other.overlaps(own)]
            best = max(rivals, key=lambda other: (subnets[other], other.num_addresses), default=own)
            if (subnets[best], best.num_addresses) > (subnets[own], own.num_addresses):
                holders = [other.placed for other in items if other.placed.subnet == best]
                yield _mask(item.placed, best, holders)


def _mask(placed: Placed, best: IPv4Network, holders: Iterable[Placed]) -> Problem:
    who = ", ".join(sorted(map(str, holders)))
    message = f"its subnet is {placed.subnet}, and {best} on {who} of the same segment"
    others = tuple(sorted({each.device.name for each in holders} - {placed.device.name}))
    return Problem(placed.device.name, placed.interface, message, f"the mask /{best.prefixlen}", others=others)


@rule("overlapping-subnets", "error", "Subnets of two segments overlap.")
def overlapping_subnets(network: NetworkView) -> Iterator[Problem]:
    """A route to one of them hides a part of the other; a single address within a subnet elsewhere is a warning."""
    by_subnet = _by_subnet(network.remember(attached))
    for inner, outer in _nested(by_subnet):
        near, far = by_subnet[inner][0], by_subnet[outer][0]
        if {item.segment for item in by_subnet[inner]} & {item.segment for item in by_subnet[outer]}:
            continue
        if near.placed.device is far.placed.device:
            # Refused by the device itself before it comes to this.
            continue
        message = f"its subnet {inner} overlaps {outer} of {far.placed}"
        right = "subnets that share no address; cimnet allocates such ones out of a pool"
        yield Problem(
            near.placed.device.name,
            near.placed.interface,
            message,
            right,
            "warning" if inner.prefixlen == _HOST_LENGTH else None,
            (far.placed.device.name,),
        )


def _by_subnet(items: Iterable[Attached]) -> dict[IPv4Network, list[Attached]]:
    found: dict[IPv4Network, list[Attached]] = {}
    for item in items:
        found.setdefault(item.placed.subnet, []).append(item)
    return found


def _nested(subnets: Mapping[IPv4Network, object]) -> Iterator[tuple[IPv4Network, IPv4Network]]:
    """Each subnet that lies within others with the smallest of these; two subnets overlap only so."""
    around: list[tuple[int, IPv4Network]] = []
    for subnet in sorted(subnets, key=lambda each: (int(each.network_address), each.prefixlen)):
        first = int(subnet.network_address)
        while around and around[-1][0] < first:
            around.pop()
        if around:
            yield subnet, around[-1][1]
        around.append((int(subnet.broadcast_address), subnet))


@rule("subnet-twice", "warning", "One subnet stands on segments that do not meet.")
def subnet_twice(network: NetworkView) -> Iterator[Problem]:
    """Where it is not known what is at the other end of a port, the two may meet there: then nothing is said."""
    for subnet, items in _by_subnet(network.remember(attached)).items():
        segments = {item.segment for item in items}
        if len(segments) < 2 or subnet.prefixlen == _HOST_LENGTH or not all(item.known for item in items):
            continue
        first, other = items[0], next(item for item in items if item.segment != items[0].segment)
        message = f"its subnet {subnet} is that of {first.placed} too, which is not in the same segment"
        right = "a subnet of its own, or one VLAN that reaches both"
        place = other.placed
        yield Problem(place.device.name, place.interface, message, right, others=(first.placed.device.name,))


@device_rule("interfaces-overlap", "error", "Two interfaces of one device are in subnets that overlap.")
def interfaces_overlap(device: Device) -> Iterator[Problem]:
    """What is declared so is refused; a configuration that was imported may have it, where its device did not look."""
    up = [(name, item) for name, item in device.interfaces.items() if item.enabled]
    placed = [(name, address.network) for name, item in up for address in item.addresses]
    for index, (name, subnet) in enumerate(placed):
        for other, taken in placed[:index]:
            if other != name and subnet.overlaps(taken) and vrf_of(device, name) == vrf_of(device, other):
                message = f"its subnet {subnet} overlaps {taken} of {other}"
                yield Problem(device.name, name, message, "another subnet, or a VRF for one of them")


ADDRESSING_RULES: tuple[AnyRule, ...] = (
    duplicate_address,
    host_address,
    subnet_mask,
    overlapping_subnets,
    subnet_twice,
    interfaces_overlap,
)
