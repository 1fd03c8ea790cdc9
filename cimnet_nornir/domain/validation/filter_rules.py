"""Rules about access lists: entries that nothing reaches, and netmasks where addresses or wildcards belong."""

from collections.abc import Iterator
from ipaddress import IPv4Address

from cimnet_nornir.domain.access_list_parts import ANY_PROTOCOL, AclAddress, AclPorts
from cimnet_nornir.domain.access_lists import AccessList, AclRule
from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.validation.findings import Problem
from cimnet_nornir.domain.validation.rules import AnyRule, device_rule

_ALL_BITS = 2**32 - 1
# The masks of prefixes from /8 on: shorter ones could be addresses.
_MASKS = frozenset(IPv4Address(_ALL_BITS << (32 - length) & _ALL_BITS) for length in range(8, 32))


@device_rule("access-list-shadowed", "warning", "An entry of an access list is never reached: an earlier one has it.")
def access_list_shadowed(device: Device) -> Iterator[Problem]:
    for acl in device.access_lists.values():
        for index, entry in enumerate(acl.rules):
            first = next((earlier for earlier in acl.rules[:index] if _covers(earlier, entry)), None)
            if first is not None:
                message = (
                    f"entry {entry.sequence} ({entry.action}) is never reached: entry {first.sequence} is before it"
                )
                right = (
                    f"entry {entry.sequence} before {first.sequence}"
                    if entry.action != first.action
                    else f"the list without entry {entry.sequence}"
                )
                yield Problem(device.name, f"access list {acl.name}", message, right)


def _covers(earlier: AclRule, later: AclRule) -> bool:
    """Whether every packet that the later entry is about is decided by the earlier one."""
    return (
        not earlier.asks_more
        and earlier.protocol in (ANY_PROTOCOL, later.protocol)
        and earlier.source.covers(later.source)
        and earlier.destination.covers(later.destination)
        and _has_all(earlier.source_ports, later.source_ports)
        and _has_all(earlier.destination_ports, later.destination_ports)
        and (later.established or not earlier.established)
    )


def _has_all(earlier: AclPorts | None, later: AclPorts | None) -> bool:
    if earlier is None:
        return True
    if later is None:
        return False
    (low, high), (first, last) = earlier.span, later.span
    return low <= first and last <= high


@device_rule(
    "netmask-in-access-list", "warning", "An access list has a netmask where an address or a wildcard belongs."
)
def netmask_in_access_list(device: Device) -> Iterator[Problem]:
    """In an extended list that a route map asks, `host 255.255.255.0` stands for the mask of a route.

    A prefix list says the same so that it can be read.
    """
    filtering = _filtering(device)
    for acl in device.access_lists.values():
        for entry in acl.rules:
            yield from _masks(device, acl, entry, packets=acl.name in filtering)


def _masks(device: Device, acl: AccessList, entry: AclRule, *, packets: bool) -> Iterator[Problem]:
    place = f"access list {acl.name}"
    for address in (entry.source, entry.destination):
        if address.wildcard == IPv4Address(0) and address.address in _MASKS:
            message = f"entry {entry.sequence} has the netmask {address.address} as an address: no packet has it"
            # Where a route map asks, it stands for the mask of a route: the whole list is of that kind.
            for_routes = "it has netmasks as addresses: that means masks of routes, and only where a route map asks it"
            right = "a wildcard" if packets else "a prefix list"
            yield Problem(device.name, place, message if packets else for_routes, right)
        elif address.wildcard in _MASKS and not address.is_any:
            yield Problem(
                device.name, place, _as_wildcard(entry, address), f"the wildcard {_inverted(address.wildcard)}"
            )


def _as_wildcard(entry: AclRule, address: AclAddress) -> str:
    return f"entry {entry.sequence} has the netmask {address.wildcard} as its wildcard"


def _inverted(mask: IPv4Address) -> IPv4Address:
    return IPv4Address(~int(mask) & _ALL_BITS)


def _filtering(device: Device) -> frozenset[str]:
    """The access lists that packets pass on interfaces."""
    used = (name for each in device.interfaces.values() for name in (each.access_group_in, each.access_group_out))
    return frozenset(name for name in used if name)


FILTER_RULES: tuple[AnyRule, ...] = (access_list_shadowed, netmask_in_access_list)
