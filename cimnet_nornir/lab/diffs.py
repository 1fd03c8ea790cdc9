"""`show archive config differences` and `incremental-diffs`: how two configurations differ."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from cimnet_nornir.lab.config import Line, Section, render_line
from cimnet_nornir.lab.features.lines import VTY

if TYPE_CHECKING:
    from cimnet_nornir.lab.device import Device

NO_CHANGES: Final = "!No changes were found"
_NOTES: Final = ("!", "Building configuration", "Current configuration", "Using ")


@dataclass(slots=True)
class Node:
    """A line of a text with what is indented below it."""

    text: str
    children: "list[Node]" = field(default_factory=list)


def tree_of_text(text: str) -> list[Node]:
    """The lines of a configuration by their indentation, without comments and the `end`."""
    root = Node("")
    open_nodes: list[tuple[int, Node]] = [(-1, root)]
    for line in text.splitlines():
        if not line.strip() or line.lstrip().startswith(_NOTES) or line.strip() == "end":
            continue
        indent = len(line) - len(line.lstrip())
        while open_nodes[-1][0] >= indent:
            open_nodes.pop()
        node = Node(line.strip())
        open_nodes[-1][1].children.append(node)
        open_nodes.append((indent, node))
    return root.children


def contextual(before: str, after: str) -> str:
    """What `show archive config differences` prints: `+` before lines only in `after`, `-` before others."""
    old, new = tree_of_text(before), tree_of_text(after)
    rows = [*_signed("+", new, old), *_signed("-", old, new)]
    return "\n".join(["!Contextual Config Diffs:", *(rows or [NO_CHANGES])])


def _signed(sign: str, nodes: Iterable[Node], others: Iterable[Node], depth: int = 0) -> Iterator[str]:
    """The lines that only the first side has, below the lines that both have."""
    there = {node.text: node for node in others}
    for node in nodes:
        other = there.get(node.text)
        rows = list(_signed(sign, node.children, other.children if other else (), depth + 1))
        if other is None:
            yield f"{' ' * depth}{sign}{node.text}"
        elif rows:
            yield " " * depth + node.text
        yield from rows


def incremental(device: "Device", text: str) -> str:
    """What `show archive config incremental-diffs` prints: the lines that merging the file would change.

    A file without `end` is refused as IOS does. Lines that the device does not know are listed as they stand.
    """
    if not any(line.strip() == "end" for line in text.splitlines()):
        return "%Error: the parser returned error 5 for this file"
    merged = device.with_configuration(device.running_config())
    # What booting that way changes by itself (nothing, where what is printed is what was read) is no part of the file.
    before = device.with_configuration(device.running_config())
    refused = merged.load(text)
    rows = [*commands(before.running, merged.running), *(line.strip() for line in refused)]
    return "\n".join(["!List of Commands:", *rows, "end", *([] if rows else [NO_CHANGES])])


def commands(before: Section, after: Section, depth: int = 0) -> list[str]:
    """The lines that take one section to another: what went first, in its `no` form, then what came or changed."""
    indent = " " * depth
    rows = [indent + negated(line.text) for line in before if not after.has(*line.key) and not line.hidden]
    blocks: list[list[str]] = []
    for line in after:
        block = _changed(before.get(*line.key), line, depth)
        if blocks and block and line.key[0] == VTY and _same_vty(blocks[-1], block):
            blocks[-1][0] = f"{' '.join(blocks[-1][0].split()[:3])} {line.key[1]}"
        elif block:
            blocks.append(block)
    return rows + [row for block in blocks for row in block]


def _changed(old: Line | None, line: Line, depth: int) -> list[str]:
    if old is None:
        return [] if line.hidden else render_line(line, depth)
    below = commands(old.section, line.section, depth + 1)
    if below or (old.text != line.text and not line.hidden):
        return [" " * depth + line.text, *below]
    return []


def _same_vty(block: list[str], other: list[str]) -> bool:
    return block[0].startswith("line vty") and block[1:] == other[1:]


def negated(text: str) -> str:
    """The line that takes a line back."""
    first = text.partition("\n")[0]
    return first.removeprefix("no ") if first.startswith("no ") else f"no {first}"
