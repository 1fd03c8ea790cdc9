"""The text of a rendered configuration as an outline: lines with what stands below them, to put sections together.

Unlike the tree that configurations are compared in, it keeps what a reader sees: the order and the "!" between parts.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from cimnet_nornir.ios.blocks import fold_blocks

_END = "!"
# What leaves a section: new lines of the section stand before it.
_LEAVES = ("exit-address-family", "exit-vrf", "exit")


@dataclass(slots=True)
class Part:
    """A line, or a block of several lines such as a banner, and the parts below it."""

    text: str
    below: list["Part"] = field(default_factory=list)


def read_outline(text: str) -> list[Part]:
    """The parts of a text by indentation; empty lines are left out."""
    top: list[Part] = []
    above: list[tuple[int, Part]] = []
    for line in fold_blocks(text.splitlines()):
        bare = line.strip()
        if not bare:
            continue
        indent = len(line) - len(line.lstrip())
        above = [(depth, part) for depth, part in above if depth < indent]
        part = Part(bare)
        (above[-1][1].below if above else top).append(part)
        above.append((indent, part))
    return top


def write_outline(parts: list[Part]) -> str:
    """The text of an outline, one space a level."""
    return "".join(f"{line}\n" for line in _lines(parts, 0))


def _lines(parts: list[Part], depth: int) -> Iterator[str]:
    for part in parts:
        yield " " * depth + part.text
        yield from _lines(part.below, depth + 1)


def merge_outline(outline: list[Part], parts: list[Part]) -> None:
    """Put parts into a configuration: what is below a line that is there goes below that one, the rest to the end.

    A line that stands there already is not said twice. What is new at the top level is ended by a "!".
    """
    new = _merged(outline, parts)
    for index, part in enumerate(new):
        outline.append(part)
        if part.below or index == len(new) - 1:
            outline.append(Part(_END))


def _merged(into: list[Part], parts: list[Part]) -> list[Part]:
    """Put what is below known lines in its place; the parts that are not there yet."""
    present = {part.text: part for part in into if part.text != _END}
    new: list[Part] = []
    for part in parts:
        known = present.get(part.text)
        if known is not None:
            place = _place(known.below)
            known.below[place:place] = _merged(known.below, part.below)
        elif part.text != _END:
            new.append(part)
            present[part.text] = part
    return new


def _place(below: list[Part]) -> int:
    """Where a section ends, before what leaves it."""
    place = len(below)
    while place and below[place - 1].text in (_END, *_LEAVES):
        place -= 1
    return place
