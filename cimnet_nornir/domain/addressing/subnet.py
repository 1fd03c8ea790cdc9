"""A subnet: which of its addresses hosts can have, and whose they are."""

from collections.abc import Container
from dataclasses import dataclass, field
from ipaddress import IPv4Network, ip_network
from typing import Literal

from cimnet_nornir.domain.addressing.intervals import IPAddress, IPNetwork, Space

_POINT_TO_POINT = 1
"""Host bits of a link between two routers, both of whose addresses are used: /31 (RFC 3021), /127 (RFC 6164)."""


def host_bits(prefix: IPNetwork) -> int:
    """How many bits of an address tell hosts apart in a prefix."""
    return prefix.max_prefixlen - prefix.prefixlen


def not_for_hosts(prefix: IPNetwork) -> tuple[IPAddress, ...]:
    """The addresses of a prefix that no host can have.

    Of IPv4 the network's own and the broadcast address; of IPv6, which has no broadcast, that of any router of the
    subnet (RFC 4291, 2.6.1). None where a prefix has one or two addresses.
    """
    if host_bits(prefix) <= _POINT_TO_POINT:
        return ()
    if isinstance(prefix, IPv4Network):
        return (prefix.network_address, prefix.broadcast_address)
    return (prefix.network_address,)


def default_gateway(prefix: IPNetwork) -> IPAddress | None:
    """The first address that a host can have (`.1` of a /24); None where a prefix has one or two addresses."""
    return None if host_bits(prefix) <= _POINT_TO_POINT else prefix.network_address + 1


@dataclass(slots=True)
class Subnet:
    """A part of a pool that is in use, or held back where `kind` is "reserved".

    `addresses` maps each assigned address to its owner; `free` is what is left for hosts,
    worked out when it is first asked for.
    """

    prefix: IPNetwork
    kind: Literal["allocated", "reserved"]
    name: str | None = None
    vlan: int | None = None
    purpose: str = ""
    owner: str = ""
    gateway: IPAddress | None = None
    addresses: dict[IPAddress, str] = field(default_factory=dict)
    free: Space | None = field(default=None, compare=False)

    def assign(self, address: IPAddress, owner: str) -> None:
        """Note an address as its owner's."""
        if self._is_hosts(address) and address not in self.addresses:
            self._free().take(ip_network(address))
        self.addresses[address] = owner

    def release(self, address: IPAddress) -> None:
        """Note an address as nobody's."""
        if self.addresses.pop(address, None) is not None and self._is_hosts(address):
            self._free().give(ip_network(address))

    def next_address(self, taken: Container[IPAddress] = ()) -> IPAddress | None:
        """The first free address for a host, other than the gateway and those taken elsewhere; None where none is."""
        space, after = self._free(), self.prefix.network_address
        while (found := space.find(space.prefix.max_prefixlen, after=after)) is not None:
            address = found.network_address
            if address not in taken:
                return address
            if address == self.prefix.broadcast_address:
                return None
            after = address + 1
        return None

    def sorted_addresses(self) -> tuple[tuple[IPAddress, str], ...]:
        """The assigned addresses with their owners, in the order of the addresses."""
        return tuple(sorted(self.addresses.items(), key=lambda item: int(item[0])))

    def capacity(self) -> int:
        """How many addresses hosts can have in all, the gateway included."""
        return self.prefix.num_addresses - len(not_for_hosts(self.prefix))

    def _is_hosts(self, address: IPAddress) -> bool:
        """Whether the address is one of those that are handed out; an interface may have the gateway's besides."""
        return address != self.gateway and address not in not_for_hosts(self.prefix)

    def _free(self) -> Space:
        if self.free is None:
            # Most subnets of a large pool never have an address assigned, and need no space of their own.
            self.free = Space.empty(self.prefix)
            kept_out = {*not_for_hosts(self.prefix), *((self.gateway,) if self.gateway is not None else ())}
            for address in kept_out:
                self.free.take(ip_network(address))
        return self.free
