"""Decisions on the addresses of a subnet: the asked-for one or the next, for whom, and what no host can have."""

from collections.abc import Container
from dataclasses import dataclass

from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain import events as e
from cimnet_nornir.domain.addressing.elsewhere import Elsewhere
from cimnet_nornir.domain.addressing.intervals import IPAddress, IPNetwork
from cimnet_nornir.domain.addressing.pool import Pool, PoolEvent
from cimnet_nornir.domain.addressing.requirements import require_allocated, require_subnet
from cimnet_nornir.domain.addressing.subnet import Subnet, not_for_hosts
from cimnet_nornir.domain.streams import device_stream, pool_stream
from cimnet_nornir.errors import DuplicateIpAddress, NoAvailableAddress, NotFound, RuleViolated

_INTERFACE = "interface"


def device_of(owner: str) -> str | None:
    """The id of the device whose interface an owner is: "r1" of "interface r1 Vlan10"; None for any other owner."""
    words = owner.split()
    return words[1] if len(words) > 1 and words[0] == _INTERFACE else None


def address_key(network: str, address: IPAddress) -> str:
    """The unique key of an address in a network, the same for devices and for all that pools hand out."""
    return f"address:{network}/{address}"


def holder_of(network: str, pool: str, owner: str) -> str:
    """The stream that holds an address's key: the device's for an interface, which will claim it itself; the pool's."""
    device = device_of(owner)
    return pool_stream(network, pool) if device is None else device_stream(network, device)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """An address that somebody asks for, in a subnet."""

    subnet: Subnet
    address: IPAddress
    owner: str

    def check(self, elsewhere: Elsewhere) -> None:
        """Raises RuleViolated where no host can have it, DuplicateIpAddress where somebody else has."""
        _require_for_hosts(self.subnet.prefix, self.address)
        holder = self._holder(elsewhere)
        if holder is not None:
            raise DuplicateIpAddress(f"{self.address} is taken: {holder} has it", subject=str(self.address))

    def _holder(self, elsewhere: Elsewhere) -> str | None:
        present = self.subnet.addresses.get(self.address)
        if present is not None:
            return present
        device = device_of(self.owner)
        if self.address == self.subnet.gateway and device is None:
            return f"the gateway of {self.subnet.prefix}"
        use = elsewhere.addresses.get(self.address)
        return use.place if use is not None and use.device != device else None


def assign(
    pool: Pool, command: c.AssignAddress, elsewhere: Elsewhere, avoid: Container[IPAddress]
) -> tuple[PoolEvent, ...]:
    """The asked-for address or the next free one for an owner; nothing where it has the asked-for one already."""
    subnet = require_allocated(pool, command.subnet)
    if command.address is None:
        address = _next(subnet, elsewhere, avoid)
    elif subnet.addresses.get(command.address) == command.owner:
        return ()
    else:
        address = command.address
        _Wanted(subnet, address, command.owner).check(elsewhere)
    return (e.AddressAssigned(subnet=command.subnet, address=address, owner=command.owner),)


def _next(subnet: Subnet, elsewhere: Elsewhere, avoid: Container[IPAddress]) -> IPAddress:
    address = subnet.next_address(_Either(elsewhere.addresses, avoid))
    if address is None:
        raise NoAvailableAddress(f"no address of {subnet.prefix} is free", subject=str(subnet.prefix))
    return address


@dataclass(frozen=True, slots=True)
class _Either:
    """Two containers as one."""

    one: Container[IPAddress]
    other: Container[IPAddress]

    def __contains__(self, address: object) -> bool:
        return address in self.one or address in self.other


def release_address(pool: Pool, command: c.ReleaseAddress) -> tuple[PoolEvent, ...]:
    """The address is nobody's any more. Raises NotFound where it is nobody's."""
    subnet = require_subnet(pool, command.subnet)
    if command.address not in subnet.addresses:
        raise NotFound(f"{command.address} of {command.subnet} is not assigned", subject=str(command.address))
    return (e.AddressReleased(subnet=command.subnet, address=command.address),)


def require_gateway(subnet: IPNetwork, gateway: IPAddress) -> None:
    """Raises RuleViolated where a router cannot have the address in the subnet."""
    _require_for_hosts(subnet, gateway)


def _require_for_hosts(subnet: IPNetwork, address: IPAddress) -> None:
    if address not in subnet:
        raise RuleViolated(f"{address} is not in {subnet}", subject=str(address))
    if address in not_for_hosts(subnet):
        what = "the network itself" if address == subnet.network_address else "the broadcast address"
        raise RuleViolated(f"{address} is {what} in {subnet}, which no host can have", subject=str(address))
