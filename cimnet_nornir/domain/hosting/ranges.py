"""Each host's range of a VLAN's addresses: apart from one another, and always the same for the same asking."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network

from cimnet_nornir.domain.hosting.values import AddressRange, usable
from cimnet_nornir.errors import NoAvailableSubnet, RuleViolated, SubnetOverlap

# A subnet is cut into eighths: one is left to the network's own devices, seven hosts get one each; halves for more.
_PART_BITS = 3
_LEAST_PART = 30


@dataclass(frozen=True, slots=True)
class RangePlan:
    """What is known when a range is chosen: the subnet, the part of it to choose from, what others have.

    `kept` are addresses of gateways and other layer-3 interfaces: no range that is chosen has one of them, and none at
    all the gateway. `taken` are the ranges of others with a word for whose each is.
    """

    subnet: IPv4Network
    pool: IPv4Network
    gateway: IPv4Address
    kept: frozenset[IPv4Address]
    taken: tuple[tuple[AddressRange, str], ...]

    def choose(self) -> AddressRange:
        """The first free range. Raises NoAvailableSubnet, with the pool as its subject, where none is left."""
        for length in range(min(self.pool.prefixlen + _PART_BITS, _LEAST_PART), _LEAST_PART + 1):
            for part in self._parts(length):
                if self._is_free(part):
                    return part
        raise NoAvailableSubnet(
            f"{self.pool} has no range of addresses left for one more host; give ranges yourself (range: first-last)",
            subject=str(self.pool),
        )

    def check(self, asked: AddressRange, where: str) -> None:
        """Raises RuleViolated where a range cannot be a host's, SubnetOverlap where another has a part of it."""
        if not asked.inside(self.pool) or not asked.inside(self.subnet):
            raise RuleViolated(f"{asked} of {where} is not within the addresses of {self.pool}", subject=str(asked))
        if self.gateway in asked:
            raise RuleViolated(f"{asked} of {where} has the gateway {self.gateway} in it", subject=str(asked))
        for other, owner in self.taken:
            if asked.overlaps(other):
                raise SubnetOverlap(f"{asked} of {where} overlaps {other} of {owner}", subject=str(asked))

    def _parts(self, length: int) -> Iterator[AddressRange]:
        first, last = usable(self.subnet)
        for index, part in enumerate(self.pool.subnets(new_prefix=max(length, self.pool.prefixlen))):
            if index == 0 and self.pool == self.subnet:
                # The beginning of a VLAN's subnet is where its routers, switches and printers are.
                continue
            start, end = max(part.network_address, first), min(part.broadcast_address, last)
            if start <= end:
                yield AddressRange(first=start, last=end)

    def _is_free(self, part: AddressRange) -> bool:
        in_use = any(address in part for address in (self.gateway, *self.kept))
        return not in_use and not any(part.overlaps(other) for other, _ in self.taken)


def lowest_free(numbers: Collection[int]) -> int:
    """The lowest number from 1 on that is not among these."""
    return next(number for number in range(1, len(numbers) + 2) if number not in numbers)
