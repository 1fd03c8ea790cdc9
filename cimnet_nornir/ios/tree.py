"""A configuration as an ordered tree of lines, read from text by ciscoconfparse."""

import re
import threading
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from typing import Any

from cimnet_nornir.ios.blocks import fold_blocks

Path = tuple[str, ...]
"""The texts from the top of a configuration down to a line, both included."""

_BLOCK = "cimnet-block "  # what stands for a folded block while ciscoconfparse reads
_SAME_INDENT = re.compile(r"^( +)address-family ")


@dataclass(frozen=True, slots=True)
class Node:
    """A line and the lines below it. A banner is one node whose text holds several lines."""

    text: str
    children: tuple["Node", ...] = ()

    def __repr__(self) -> str:
        # A line may hold a secret, and a repr ends up in logs.
        return f"<Node {self.text.split(chr(10))[0].split(' ')[0]!r} with {len(self.children)} lines>"


@dataclass(frozen=True, slots=True)
class Config:
    """A whole configuration: its top-level lines in order."""

    nodes: tuple[Node, ...] = ()

    def __repr__(self) -> str:
        return f"<Config with {sum(1 for _ in walk(self))} lines>"


# One text is read for several ends: to plan, to verify, to say who is behind a line.
@lru_cache(maxsize=64)
def parse_config(text: str) -> Config:
    """Read the text of a configuration, as typed, rendered or shown by a device; comments and empty lines are left out.

    Raises ConfigurationError where a banner or a certificate does not end.
    """
    blocks: list[str] = []
    lines: list[str] = []
    for line in fold_blocks(text.replace("\r\n", "\n").replace("\r", "\n").split("\n")):
        if "\n" in line:
            # ciscoconfparse keeps a banner as children but drops its empty lines and needs its end; a certificate is
            # a chain of ever deeper children to it. Both come back below as the one text they are.
            indent = line[: len(line) - len(line.lstrip())]
            lines.append(f"{indent}{_BLOCK}{len(blocks)}")
            blocks.append(line.strip())
        elif (bare := line.strip()) and not bare.startswith("!"):
            lines.append(line.rstrip().replace("\t", " "))
    if not lines:
        return Config()
    nodes = (node for part in _parts(_indented_families(lines)) for node in _read(part))
    return Config(tuple(_unfolded(node, blocks) for node in nodes) if blocks else tuple(nodes))


def _parts(lines: list[str]) -> Iterator[tuple[str, ...]]:
    """The lines by top-level line, each with what stands below it."""
    starts = [number for number, line in enumerate(lines) if number == 0 or not line.startswith(" ")]
    for start, stop in pairwise([*starts, len(lines)]):
        yield tuple(lines[start:stop])


# Most sections of a device are those of its neighbour, and of its last reading: what was read once is kept.
@lru_cache(maxsize=8192)
def _read(part: tuple[str, ...]) -> tuple[Node, ...]:
    texts = [line.strip() for line in part]
    if len(part) == 1:  # nothing to find out about a line alone
        return (Node(texts[0]),)
    indents = [len(line) - len(text) for line, text in zip(part, texts, strict=True)]
    # Lines that stand in as far as the one before are beside it: the parser has to be asked about the first only.
    starts = [0, *(number for number, (one, other) in enumerate(pairwise(indents), 1) if one != other)]
    runs = [texts[start:stop] for start, stop in pairwise([*starts, len(texts)])]
    return _nodes(runs, _outline(tuple([indents[start] for start in starts])))


Outline = tuple[tuple[int, "Outline"], ...]
"""The numbers of lines that stand beside each other, each with the same of the lines below it."""


# The parser takes a tenth of a millisecond for each line, and all ports of a switch have the same outline.
@lru_cache(maxsize=4096)
def _outline(indents: tuple[int, ...]) -> Outline:
    """Which lines stand below which: how far they stand in decides, now that blocks are folded and comments are gone.

    So the parser is given numbers for texts, in which no brace or word means anything to it.
    """
    parser = _parser_class()([f"{' ' * indent}{number}" for number, indent in enumerate(indents)], syntax="ios")
    return tuple(_item(item) for item in parser.objs if item.parent is item)


# Nornir's threads read at once, and what must be done once would be done by each.
_IMPORTING = threading.Lock()


def _parser_class() -> Any:
    """The class CiscoConfParse, imported late (0.2 s) and kept quiet."""
    with _IMPORTING:
        return _quiet_parser_class()


@cache
def _quiet_parser_class() -> Any:
    """On import the library adds a coloured sink to the log of the whole program and says something at each parse.

    Both are undone with its own switches.
    """
    from ciscoconfparse import CiscoConfParse
    from ciscoconfparse.ccp_util import ccp_logger_control
    from ciscoconfparse.ciscoconfparse import ACTIVE_LOGURU_HANDLERS

    ccp_logger_control(action="disable")
    with suppress(ValueError):  # a program that uses loguru itself may have taken the sink away
        ccp_logger_control(action="remove", active_handlers=ACTIVE_LOGURU_HANDLERS)
    return CiscoConfParse


def _item(item: Any) -> tuple[int, Outline]:
    return int(item.text), tuple(_item(child) for child in item.children)


def _nodes(runs: Sequence[Sequence[str]], outline: Outline) -> tuple[Node, ...]:
    """The lines of some runs; what is below a run is below its last line."""
    nodes: list[Node] = []
    for number, below in outline:
        *others, last = runs[number]
        nodes += [Node(text) for text in others]
        nodes.append(Node(last, _nodes(runs, below)))
    return tuple(nodes)


def _unfolded(node: Node, blocks: list[str]) -> Node:
    text = node.text
    if text.startswith(_BLOCK):
        text = blocks[int(text.removeprefix(_BLOCK))]
    return Node(text, tuple(_unfolded(child, blocks) for child in node.children))


def _indented_families(lines: list[str]) -> list[str]:
    """IOS 12 shows the lines of an address family no deeper than its header; here they are moved below it."""
    if not any(_SAME_INDENT.match(line) for line in lines):
        return lines
    result: list[str] = []
    family = ""
    for line in lines:
        bare = line.lstrip()
        indent = line[: len(line) - len(bare)]
        header = _SAME_INDENT.match(line)
        if header is not None:
            family = header[1]
        elif bare == "exit-address-family" or len(indent) < len(family):
            family = ""
        elif family and indent == family:
            line = f" {line}"  # noqa: PLW2901 - the one line that changes
        result.append(line)
    return result


def to_text(config: Config) -> str:
    """The configuration as text, one space a level, as a device shows it; ends with a newline unless empty."""
    return "".join(f"{line}\n" for node in config.nodes for line in _lines(node, 0))


def _lines(node: Node, depth: int) -> Iterator[str]:
    yield " " * depth + node.text
    for child in node.children:
        yield from _lines(child, depth + 1)


def walk(config: Config) -> Iterator[Path]:
    """The path of every line, in order."""
    return walk_nodes(config.nodes, ())


def walk_nodes(nodes: Iterable[Node], parent: Path) -> Iterator[Path]:
    """The path of every line of some nodes that stand below `parent`."""
    for node in nodes:
        path = (*parent, node.text)
        yield path
        yield from walk_nodes(node.children, path)


def without(config: Config, gone: Collection[Path]) -> Config:
    """The configuration without the lines of these paths, and what stands below them."""
    return Config(tuple(_pruned(config.nodes, gone, ()))) if gone else config


def _pruned(nodes: tuple[Node, ...], gone: Collection[Path], above: Path) -> Iterator[Node]:
    for node in nodes:
        path = (*above, node.text)
        if path not in gone:
            yield Node(node.text, tuple(_pruned(node.children, gone, path))) if node.children else node


def find(config: Config, path: Path) -> Node | None:
    """The node at a path, or None."""
    nodes = config.nodes
    found: Node | None = None
    for text in path:
        found = next((node for node in nodes if node.text == text), None)
        if found is None:
            return None
        nodes = found.children
    return found


def by_header(config: Config) -> dict[str, Node]:
    """The top-level nodes by their text, for whoever looks up many; of two with one text the first."""
    return {node.text: node for node in reversed(config.nodes)}


def sections(config: Config, beginning: str) -> tuple[Node, ...]:
    """The top-level nodes whose text begins so: `sections(config, "interface ")`."""
    return tuple([node for node in config.nodes if node.text.startswith(beginning)])
