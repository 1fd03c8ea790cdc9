"""The free space of a prefix, as the largest aligned blocks it falls into, sorted by address for each size.

A buddy system: a block is halved until what is wanted is a block, and two free halves become one block again. So the
same space always has the same form, a full or an empty prefix is next to nothing, and it is kept and read as it is.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from cimnet_nornir.errors import InvalidValue

IPNetwork = IPv4Network | IPv6Network
IPAddress = IPv4Address | IPv6Address


def is_inside(inner: IPNetwork, outer: IPNetwork) -> bool:
    """Whether a prefix is another or a part of it; never across the versions of IP."""
    return inner.version == outer.version and inner.prefixlen >= outer.prefixlen and inner.network_address in outer


def overlap(one: IPNetwork, other: IPNetwork) -> bool:
    """Whether two prefixes share an address; never across the versions of IP."""
    return is_inside(one, other) or is_inside(other, one)


@dataclass(slots=True)
class Space:
    """What is free of `prefix`; all of it in the beginning.

    `blocks` maps a prefix length to the free blocks of that length, each as its number (0 is the first in the prefix),
    ascending; what it is given must be of that form, which is not checked. Finding takes a binary search for each
    length; taking and giving move the rest of a list besides, which is microseconds for tens of thousands of blocks.
    """

    prefix: IPNetwork
    blocks: dict[int, list[int]] = field(default_factory=dict)

    @classmethod
    def empty(cls, prefix: IPNetwork) -> "Space":
        """Space of which all is free."""
        return cls(prefix, {prefix.prefixlen: [0]})

    @classmethod
    def restored(cls, prefix: IPNetwork, blocks: Mapping[int, Sequence[int]]) -> "Space":
        """Space as it was kept."""
        return cls(prefix, {length: list(numbers) for length, numbers in blocks.items()})

    def find(self, length: int, *, after: IPAddress | None = None) -> IPNetwork | None:
        """The first free prefix of that length by address, from the address `after` on where one is given.

        None where there is none, or the length is none of the prefix. Nothing is taken by it.
        """
        if not self.prefix.prefixlen <= length <= self.prefix.max_prefixlen:
            return None
        # The number of the first block of the wanted length that begins at `after` or later.
        size = 1 << (self.prefix.max_prefixlen - length)
        least = 0 if after is None else max(0, -((int(self.prefix.network_address) - int(after)) // size))
        found = [
            number
            for shorter in self.blocks
            if shorter <= length and (number := self._first(shorter, length - shorter, least)) is not None
        ]
        return self._network(length, min(found)) if found else None

    def _first(self, length: int, deeper: int, least: int) -> int | None:
        """The least number, `least` or more, of a block `deeper` bits smaller within the free blocks of a length."""
        numbers = self.blocks[length]
        # The last one that begins at or before `least` may have room behind it; then the next one begins after it.
        index = max(0, bisect_left(numbers, (least >> deeper) + 1) - 1)
        for number in numbers[index : index + 2]:
            first = max(least, number << deeper)
            if first < (number + 1) << deeper:
                return first
        return None

    def is_free(self, prefix: IPNetwork) -> bool:
        """Whether the whole of a prefix is inside and free."""
        return self._holder(prefix) is not None

    def _holder(self, prefix: IPNetwork) -> tuple[int, int, int] | None:
        """The free block that a prefix is in: its length, its number, and its place in the list."""
        if not is_inside(prefix, self.prefix):
            return None
        number = self._number(prefix)
        for length, numbers in self.blocks.items():
            if length <= prefix.prefixlen:
                wanted = number >> (prefix.prefixlen - length)
                index = bisect_left(numbers, wanted)
                if index < len(numbers) and numbers[index] == wanted:
                    return length, wanted, index
        return None

    def take(self, prefix: IPNetwork) -> None:
        """Mark a prefix as taken. Raises InvalidValue where it is not free as a whole; nothing is changed then."""
        holder = self._holder(prefix)
        if holder is None:
            raise InvalidValue(f"{prefix} is not free in {self.prefix}", subject=str(prefix))
        length, _, index = holder
        self._drop(length, index)
        number = self._number(prefix)
        # At each halving the half without the prefix stays free.
        for halved in range(prefix.prefixlen, length, -1):
            self._insert(halved, number ^ 1)
            number >>= 1

    def give(self, prefix: IPNetwork) -> None:
        """Mark a prefix as free that was taken. Raises InvalidValue where any of it is outside, or free already."""
        if not is_inside(prefix, self.prefix) or self._any_free(prefix):
            raise InvalidValue(f"{prefix} is not taken in {self.prefix}", subject=str(prefix))
        length, number = prefix.prefixlen, self._number(prefix)
        while length > self.prefix.prefixlen and (index := self._index(length, number ^ 1)) is not None:
            self._drop(length, index)
            length, number = length - 1, number >> 1
        self._insert(length, number)

    def _any_free(self, prefix: IPNetwork) -> bool:
        if self.is_free(prefix):
            return True
        number = self._number(prefix)
        for length, numbers in self.blocks.items():
            deeper = length - prefix.prefixlen
            if deeper > 0:
                index = bisect_left(numbers, number << deeper)
                if index < len(numbers) and numbers[index] < (number + 1) << deeper:
                    return True
        return False

    def free_addresses(self) -> int:
        """How many addresses are free."""
        return sum(len(numbers) << (self.prefix.max_prefixlen - length) for length, numbers in self.blocks.items())

    def largest(self) -> int | None:
        """The length of the largest free block; None where nothing is free."""
        return min(self.blocks, default=None)

    def _number(self, prefix: IPNetwork) -> int:
        offset = int(prefix.network_address) - int(self.prefix.network_address)
        return offset >> (self.prefix.max_prefixlen - prefix.prefixlen)

    def _network(self, length: int, number: int) -> IPNetwork:
        first = int(self.prefix.network_address) + (number << (self.prefix.max_prefixlen - length))
        return IPv4Network((first, length)) if self.prefix.version == 4 else IPv6Network((first, length))

    def _index(self, length: int, number: int) -> int | None:
        numbers = self.blocks.get(length, [])
        index = bisect_left(numbers, number)
        return index if index < len(numbers) and numbers[index] == number else None

    def _insert(self, length: int, number: int) -> None:
        numbers = self.blocks.setdefault(length, [])
        numbers.insert(bisect_left(numbers, number), number)

    def _drop(self, length: int, index: int) -> None:
        numbers = self.blocks[length]
        del numbers[index]
        if not numbers:
            # A length without blocks is left out, so that the same space has one form.
            del self.blocks[length]
