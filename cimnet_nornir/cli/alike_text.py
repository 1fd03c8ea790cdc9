"""Devices of which the same is shown: their names as ranges, and what is each one's own."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cimnet_nornir.application.name_ranges import name_ranges
from cimnet_nornir.cli.output import count, faint, folded, heading, one_line

if TYPE_CHECKING:
    from cimnet_nornir.application.plan import DevicePlan

# So many are shown one by one: who named them wants to see each.
FEW = 5
# So many ranges stand in one line with other things.
_MOST_RANGES = 4


@dataclass(frozen=True, slots=True)
class Group:
    """Devices of which the same is shown, the first for all of them; `own` are its addresses, and those of each."""

    names: tuple[str, ...]
    own: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def first(self) -> str:
        """The one that is shown."""
        return self.names[0]

    @property
    def title(self) -> str:
        """Its devices, or how many they are, as the head of what is shown of them."""
        if len(self.names) == 1:
            return heading(self.first)
        many = f"{count(len(self.names), 'device')} alike"
        ranges = name_ranges(self.names)
        return heading(many) if len(ranges) > _MOST_RANGES else f"{heading(', '.join(ranges))} ({many})"

    def members(self, indent: str) -> Iterator[str]:
        """Its devices, where they are too many for a title."""
        ranges = name_ranges(self.names)
        if len(self.names) > 1 and len(ranges) > _MOST_RANGES:
            yield from (indent + line for line in folded(", ".join(ranges), len(indent)))

    def notes(self, indent: str) -> Iterator[str]:
        """Which one is shown, and what stands there on the others."""
        if len(self.names) == 1:
            return
        told = "; ".join((f"{self.first} is shown", *(f"{mine} is {_ranges(each)}" for mine, each in self.own.items())))
        yield from (f"{indent}{faint(line)}" for line in folded(told, len(indent)))


def _ranges(values: Sequence[str]) -> str:
    ranges = name_ranges(values)
    return ", ".join(ranges) if len(ranges) <= _MOST_RANGES else f"another on each, as {values[-1]} on the last"


def groups(texts: Mapping[str, str], *, full: bool = False) -> tuple[Group, ...]:
    """By the text of each those that are shown together: none where they are few, or each is asked for."""
    from cimnet_nornir.application.likeness import alike

    if full or len(texts) <= FEW:
        return tuple(Group((name,)) for name in texts)
    return tuple(Group(each.names, each.own) for each in alike(texts))


def plan_text(device: "DevicePlan", *, more: Iterable[str] = ()) -> str:
    """What has to be the same on devices that are shown together."""
    gone = (" ".join(item.path) for item in device.carries if not item.adds)
    return "\n".join((device.kind, device.diff, *device.commands, *gone, *more))


def shared(
    members: Iterable["DevicePlan"], said: "Callable[[DevicePlan], Iterable[str]]", *, addresses: bool = False
) -> Iterator[tuple[tuple[str, ...], str]]:
    """What is said of devices, each saying once, with the names of those it is said of.

    `addresses` takes what differs in addresses alone for the same.
    """
    from cimnet_nornir.application.likeness import without_own

    found: dict[str, tuple[str, list[str]]] = {}
    for device in members:
        for words in said(device):
            key = without_own(device.name, words) if addresses else words.replace(device.name, "")
            found.setdefault(key, (words, []))[1].append(device.name)
    yield from ((tuple(names), one_line(words)) for words, names in found.values())
