"""Terminal lines: what is said of each counts, whatever ranges it is said in."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from cimnet_nornir.ios.steps import Draft, Finding
from cimnet_nornir.ios.tree import Node

_RANGE = re.compile(r"line (?P<kind>vty )?(?P<first>\d+)(?: (?P<last>\d+))?")
# IOS never shows one range across the fifth and the sixth virtual terminal, and never removes the first five.
FIXED_TERMINALS = 5
_MOST = 1024


@dataclass(frozen=True, slots=True)
class Range:
    """Lines of one kind ("vty " or "") from the first to the last."""

    kind: str
    first: int
    last: int

    @property
    def header(self) -> str:
        """The line that opens the range."""
        return f"line {self.kind}{self.first}" + (f" {self.last}" if self.last != self.first else "")

    def split(self, cuts: Iterable[int]) -> Iterator["Range"]:
        """Its parts; each of `cuts` is where one begins."""
        starts = sorted({self.first, *(cut for cut in cuts if self.first < cut <= self.last)})
        for start, following in pairwise([*starts, self.last + 1]):
            yield Range(self.kind, start, following - 1)


def range_of(header: str) -> Range | None:
    """The range that a header opens; None for the console, lines of modules, and what is no such header."""
    match = _RANGE.fullmatch(header) if header.startswith("line ") else None
    if match is None:
        return None
    first, last = int(match["first"]), int(match["last"] or match["first"])
    return Range(match["kind"] or "", first, last) if first <= last < first + _MOST else None


def one_by_one(nodes: Iterable[Node]) -> Iterator[Node]:
    """Every line of a range by itself."""
    for node in nodes:
        lines = range_of(node.text)
        if lines is None:
            yield node
        else:
            for number in range(lines.first, lines.last + 1):
                yield Node(Range(lines.kind, number, number).header, node.children)


def grouped(nodes: Sequence[Node]) -> tuple[Node, ...]:
    """Neighbours of which the same is said as one range, as a device shows them, where the first of a kind stood."""
    singles = {found: node for node in nodes if (found := range_of(node.text)) is not None}
    if not singles:
        return tuple(nodes)
    result: list[Node] = []
    done: set[str] = set()
    for node in nodes:
        found = range_of(node.text)
        if found is None:
            result.append(node)
        elif found.kind not in done:
            done.add(found.kind)
            result += _joined(found.kind, singles)
    return tuple(result)


def _joined(kind: str, singles: Mapping[Range, Node]) -> Iterator[Node]:
    mine = sorted((found for found in singles if found.kind == kind), key=lambda found: found.first)
    current: Range | None = None
    for found in mine:
        children = singles[found].children
        joins = (
            current is not None
            and found.first == current.last + 1
            and set(singles[Range(kind, current.first, current.first)].children) == set(children)
            and not (kind and found.first == FIXED_TERMINALS)
        )
        if current is not None and joins:
            current = replace(current, last=found.last)
            continue
        if current is not None:
            yield Node(current.header, singles[Range(kind, current.first, current.first)].children)
        current = found
    if current is not None:
        yield Node(current.header, singles[Range(kind, current.first, current.first)].children)


def refined(nodes: Iterable[Node], *others: Iterable[Node]) -> tuple[Node, ...]:
    """The nodes with their ranges parted wherever one of the others begins or ends."""
    cuts: dict[str, set[int]] = {}
    for other in others:
        for found in (range_of(node.text) for node in other):
            if found is not None:
                cuts.setdefault(found.kind, set()).update((found.first, found.last + 1))
    return tuple(part for node in nodes for part in _parts(node, cuts))


def _parts(node: Node, cuts: Mapping[str, set[int]]) -> Iterator[Node]:
    found = range_of(node.text)
    if found is None:
        yield node
    else:
        yield from (Node(part.header, node.children) for part in found.split(cuts.get(found.kind, ())))


def as_they_stood(findings: Iterable[Finding], running: Sequence[Node], intended: Sequence[Node]) -> Iterator[Finding]:
    """Findings about parts of ranges; what a step explains is a line of the ranges that the two sides have."""
    sides = {False: [node.text for node in running], True: [node.text for node in intended]}
    for finding in findings:
        if isinstance(finding, Draft) and finding.step.explains:
            step = finding.step
            path = (_around(step.explains[0], sides[step.adds]), *step.explains[1:])
            yield Draft(finding.order, replace(step, explains=path))
        else:
            yield finding


def _around(header: str, headers: Sequence[str]) -> str:
    part = range_of(header)
    if part is None:
        return header
    ranges = ((text, found) for text in headers if (found := range_of(text)) is not None and found.kind == part.kind)
    return next((text for text, found in ranges if found.first <= part.first and part.last <= found.last), header)


def removable(header: str, intended: Iterable[str]) -> bool:
    """Whether a device removes these lines: virtual terminals beyond the first five, when none above them is wanted."""
    found = range_of(header)
    if found is None or not found.kind or found.first < FIXED_TERMINALS:
        return False
    wanted = (range_of(text) for text in intended)
    return all(other is None or not other.kind or other.last < found.first for other in wanted)
