"""Many devices as few boxes: by site, by what they hang on, by role, and at last by ranges of names."""

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cimnet_nornir.projections.mermaid.styles import kind_of
from cimnet_nornir.projections.mermaid.text import seen

_NUMBERED = re.compile(r"(.*?)[\W_]*\d[\W\d_]*")
_DIGITS = re.compile(r"(\d+)")
# Of so many boxes each can be joined with each, and with the shortest labels or the longest Mermaid still draws them.
_RANGES = (100, 30, 12, 4)
# The ends of a range have to fit into one line together.
_LONGEST_END = 40


@dataclass(frozen=True, slots=True)
class Group:
    """Devices that become one box, by their nodes."""

    title: str
    members: tuple[str, ...]
    frames: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Folding:
    """Devices in groups. `how` says by what, and what shows more of it; as the end of a sentence."""

    how: str
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Devices:
    """The devices to fold: the attributes of each node, and the nodes that each is joined to."""

    attributes: Mapping[str, Mapping[str, Any]]
    neighbors: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def text(self, node: str, name: str) -> str:
        """An attribute of a device, empty where it has none."""
        return str(self.attributes[node].get(name, ""))


def foldings(devices: Devices) -> Iterator[Folding]:
    """Ways to fold them, each with fewer groups than the one before.

    Where there are several sites, they are folded; within one site, what hangs on the same devices.
    """
    ways = _of_sites if len({devices.text(node, "site") for node in devices.attributes}) > 1 else _within_a_site
    least = len(devices.attributes)
    for folding in ways(devices):
        if len(folding.groups) < least:
            least = len(folding.groups)
            yield folding


def _of_sites(devices: Devices) -> Iterator[Folding]:
    shows = "cimnet graph --site NAME shows one"
    sites = _grouped(devices, lambda node: devices.text(node, "site"), lambda node: _site(devices.text(node, "site")))
    yield Folding(f"folded by site; {shows}", sites)
    alike = _grouped(
        devices,
        lambda node: _prefix(devices.text(node, "site")),
        lambda node: _sites(_prefix(devices.text(node, "site"))),
    )
    if len(alike) > 1:
        yield Folding(f"folded by the beginning of the name of their site; {shows}", alike)
    yield from _ranges(sites, f"folded by ranges of sites; {shows}")


def _site(site: str) -> str:
    return f"site {site}" if site else "no site"


def _sites(prefix: str) -> str:
    return f"sites {prefix}…" if prefix else "other sites"


def _prefix(site: str) -> str:
    """What the names of sites alike begin with: "branch" of "branch-012"."""
    found = _NUMBERED.fullmatch(site)
    return found[1] if found else site


def _within_a_site(devices: Devices) -> Iterator[Folding]:
    shows = "cimnet graph --around HOST --depth 1 shows a part"
    yield Folding(f"those that hang on the same devices folded; {shows}", _twins(devices))
    roles = _grouped(devices, lambda node: _role(devices, node), lambda node: _role_words(devices, node))
    yield Folding(f"folded by role; {shows}", roles)
    yield from _ranges(roles, f"folded by ranges of roles; {shows}")


def _twins(devices: Devices) -> tuple[Group, ...]:
    def alike(node: str) -> Hashable:
        return _role(devices, node), devices.neighbors.get(node, frozenset())

    found = _grouped(devices, alike, lambda _: "")
    named = (span([devices.text(node, "label") for node in group.members]) for group in found)
    return tuple(
        Group(title, group.members, _frame(devices, group.members[0]))
        for title, group in zip(named, found, strict=True)
    )


def _frame(devices: Devices, node: str) -> tuple[str, ...]:
    site = devices.text(node, "site")
    return (site,) if site else ()


def _role(devices: Devices, node: str) -> tuple[str, str]:
    return kind_of(devices.attributes[node]), devices.text(node, "role")


def _role_words(devices: Devices, node: str) -> str:
    kind, role = _role(devices, node)
    return f"role {role}" if role else f"{kind} without a role"


def _ranges(groups: Sequence[Group], how: str) -> Iterator[Folding]:
    """Groups in so many ranges, in the order of their titles."""
    ordered = sorted(groups, key=lambda group: natural(group.title))
    for number in _RANGES:
        length = -(-len(ordered) // number)
        parts = [ordered[start : start + length] for start in range(0, len(ordered), max(1, length))]
        yield Folding(how, tuple(_joined(part) for part in parts))


def _joined(groups: Sequence[Group]) -> Group:
    members = tuple(node for group in groups for node in group.members)
    return Group(span([group.title for group in groups]), members)


def span(names: Iterable[str]) -> str:
    """Names in order as the first and the last of them."""
    ordered = sorted(names, key=natural)
    first, last = (seen(name, most=_LONGEST_END) for name in (ordered[0], ordered[-1]))
    return ordered[0] if len(ordered) == 1 else f"{first} … {last}"


def natural(name: str) -> tuple[tuple[str, int], ...]:
    """Orders names as a person would: acc2 before acc10."""
    parts = _DIGITS.split(name)
    return tuple((word, int(number or 0)) for word, number in zip(parts[::2], [*parts[1::2], ""], strict=True))


def _grouped(devices: Devices, key: Callable[[str], Hashable], title: Callable[[str], str]) -> tuple[Group, ...]:
    members: dict[Hashable, list[str]] = {}
    for node in devices.attributes:
        members.setdefault(key(node), []).append(node)
    return tuple(Group(title(nodes[0]), tuple(nodes)) for nodes in members.values())
