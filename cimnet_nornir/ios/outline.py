"""The text of a rendered configuration as an outline: lines with what stands below them, to put sections together.

Unlike the tree that configurations are compared in, it keeps what a reader sees: the order and the "!" between parts.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from cimnet_nornir.ios.blocks import fold_blocks

_END = "!"
# What leaves a section, and belongs to it.
_LEAVES = ("exit-address-family", "exit-af-interface", "exit-af-topology", "exit-vrf", "exit")
# What stands below this comes behind all else of a section, which would be read as part of it.
_LAST = "address-family "


@dataclass(slots=True)
class Part:
    """A line, or a block of several lines such as a banner, the parts below it, and the line that leaves it."""

    text: str
    below: list["Part"] = field(default_factory=list)
    leaves: str = ""


def read_outline(text: str) -> list[Part]:
    """The parts of a text by indentation; empty lines are left out."""
    top: list[Part] = []
    above: list[tuple[int, Part]] = []
    for line in fold_blocks(text.splitlines()):
        bare = line.strip()
        if not bare:
            continue
        indent = len(line) - len(line.lstrip())
        while above and above[-1][0] >= indent:
            above.pop()
        siblings = above[-1][1].below if above else top
        if bare in _LEAVES and siblings:
            siblings[-1].leaves = bare
            continue
        part = Part(bare)
        siblings.append(part)
        above.append((indent, part))
    return top


def write_outline(parts: list[Part]) -> str:
    """The text of an outline, one space a level."""
    return "".join(f"{line}\n" for line in _lines(parts, 0))


def _lines(parts: list[Part], depth: int) -> Iterator[str]:
    for part in parts:
        yield " " * depth + part.text
        yield from _lines(part.below, depth + 1)
        if part.leaves:
            yield " " * depth + part.leaves


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
            new_below = _merged(known.below, part.below)
            place = _place(known.below)
            known.below[place:place] = [each for each in new_below if not each.text.startswith(_LAST)]
            families = [each for each in new_below if each.text.startswith(_LAST)]
            known.below += [each for family in families for each in (Part(_END), family)]
        elif part.text != _END:
            new.append(part)
            present[part.text] = part
    return new


def _place(below: list[Part]) -> int:
    """Where the lines of a section end, before its address families and what only parts them."""
    place = next((index for index, part in enumerate(below) if part.text.startswith(_LAST)), len(below))
    while place and below[place - 1].text == _END:
        place -= 1
    return place
