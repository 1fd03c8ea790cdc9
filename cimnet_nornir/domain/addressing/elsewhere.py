"""What the rest of a network uses of the addresses: interfaces of devices, networks of hosts, and its other pools."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from cimnet_nornir.domain.addressing.intervals import IPAddress, IPNetwork, overlap


@dataclass(frozen=True, slots=True)
class Use:
    """An address of a device with its subnet; the address alone where it is only managed there.

    `device` is its id, `place` says it to people: "r1 Vlan10".
    """

    device: str
    place: str
    address: IPAddress
    subnet: IPNetwork


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What is in use outside a pool. `pools` maps the names of the other pools to their prefixes.

    `addresses` has the use of each address, `ranges` the first and last addresses of what the subnets cover, as
    numbers, by the version of IP: ascending and apart from one another.
    """

    pools: Mapping[str, IPNetwork] = field(default_factory=dict)
    addresses: Mapping[IPAddress, Use] = field(default_factory=dict)
    ranges: Mapping[int, tuple[tuple[int, int], ...]] = field(default_factory=dict)

    @classmethod
    def of(
        cls, uses: Iterable[Use], pools: Mapping[str, IPNetwork] | None = None, *, subnets: Iterable[IPNetwork] = ()
    ) -> "Elsewhere":
        """From the addresses of devices, and subnets that are in use besides, both in any order."""
        addresses = {use.address: use for use in uses}
        covered = {*subnets, *(use.subnet for use in addresses.values())}
        return cls(pools or {}, addresses, {version: _ranges(covered, version) for version in (4, 6)})

    def beside(self, pools: Mapping[str, IPNetwork]) -> "Elsewhere":
        """The same with other pools."""
        return Elsewhere(pools, self.addresses, self.ranges)

    def behind(self, prefix: IPNetwork) -> int | None:
        """The last address, as a number, of what is used and shares an address with the prefix; None where none is."""
        ranges = self.ranges.get(prefix.version, ())
        index = bisect_right(ranges, (int(prefix.broadcast_address), 1 << prefix.max_prefixlen))
        if index and ranges[index - 1][1] >= int(prefix.network_address):
            return ranges[index - 1][1]
        return None

    def within(self, prefix: IPNetwork) -> tuple[Use, ...]:
        """The uses whose subnet shares addresses with the prefix, in the order of their addresses."""
        if self.behind(prefix) is None:
            return ()
        found = (use for use in self.addresses.values() if overlap(use.subnet, prefix))
        return tuple(sorted(found, key=lambda use: int(use.address)))


def _ranges(subnets: Iterable[IPNetwork], version: int) -> tuple[tuple[int, int], ...]:
    ours = [subnet for subnet in subnets if subnet.version == version]
    merged: list[tuple[int, int]] = []
    for first, last in sorted((int(subnet.network_address), int(subnet.broadcast_address)) for subnet in ours):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return tuple(merged)
