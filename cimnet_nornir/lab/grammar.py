"""The command grammar: patterns compiled into a tree of words and arguments, and lines read against it.

A pattern is written as Cisco's command references write it: `ip address <address:ip> <mask:ip> [secondary]`,
`switchport mode {mode: access|trunk}`; `<name:kind>` is an argument, `[..]` may be left out, `{a|b}` is a choice, which
`{name: a|b}` records as a value.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar

from cimnet_nornir.lab.arguments import Read, read_argument, token_of

T = TypeVar("T")
_PIECES: Final = re.compile(r"<(?P<value>\w+):(?P<kind>[^>\s]+)>|\{(?:(?P<choice>\w+):\s)?|[\]\[}|]|[^\s\[\]{}|<>]+")


@dataclass(frozen=True, slots=True)
class Word:
    """A keyword; one with a name records itself as that value."""

    text: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Argument:
    """A place for a value of a kind that `arguments` knows."""

    name: str
    kind: str


Element = Word | Argument
Variant = tuple[Element, ...]


@dataclass(slots=True)
class Node(Generic[T]):
    """A state of reading: what may follow, what ends here, and what a line that begins with `no` ends here with."""

    words: dict[str, tuple[Word, "Node[T]"]] = field(default_factory=dict)
    arguments: list[tuple[Argument, "Node[T]"]] = field(default_factory=list)
    leaf: T | None = None
    negative: T | None = None

    def follow(self, element: Element) -> "Node[T]":
        """The node behind `element`, made where there is none yet."""
        if isinstance(element, Word):
            return self.words.setdefault(element.text.lower(), (element, Node()))[1]
        for argument, node in self.arguments:
            if argument == element:
                return node
        node = Node[T]()
        self.arguments.append((element, node))
        return node


@dataclass(frozen=True, slots=True)
class Match(Generic[T]):
    """A line that was understood: its words in full, the values in it, and the columns where the values stand."""

    leaf: T
    words: tuple[str, ...]
    values: Mapping[str, str]
    columns: Mapping[str, int]

    @property
    def text(self) -> str:
        """The line as the running configuration shows it."""
        return " ".join(self.words)


@dataclass(frozen=True, slots=True)
class Invalid:
    """The first wrong character of the line."""

    column: int


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """A word of the line begins several keywords."""


@dataclass(frozen=True, slots=True)
class Incomplete:
    """The line ended too early."""


Failure = Invalid | Ambiguous | Incomplete


def variants(pattern: str) -> tuple[Variant, ...]:
    """Every sequence of words and arguments that a pattern stands for, its longest forms first."""
    pieces = list(_PIECES.finditer(pattern))
    pieces.reverse()
    return tuple(_sequence(pieces))


def _sequence(pieces: list[re.Match[str]]) -> list[Variant]:
    found: list[Variant] = [()]
    while pieces and pieces[-1][0] not in {"]", "}", "|"}:
        options = _item(pieces)
        found = [left + right for left in found for right in options]
    return found


def _item(pieces: list[re.Match[str]]) -> list[Variant]:
    piece = pieces.pop()
    if piece[0] == "[":
        return [*_alternatives(pieces), ()]
    if piece[0].startswith("{"):
        options = _alternatives(pieces)
        return [_named(option, piece["choice"]) for option in options] if piece["choice"] else options
    if piece["value"]:
        return [(Argument(piece["value"], piece["kind"]),)]
    return [(Word(piece[0]),)]


def _alternatives(pieces: list[re.Match[str]]) -> list[Variant]:
    options = _sequence(pieces)
    while pieces.pop()[0] == "|":
        options += _sequence(pieces)
    return options


def _named(variant: Variant, name: str) -> Variant:
    return tuple(Word(element.text, name) if isinstance(element, Word) else element for element in variant)


def add_variant(root: Node[T], variant: Variant, leaf: T, *, removable_from: int | None = None) -> None:
    """Hang one variant into the tree; `removable_from` is how many elements its `no` form needs at least."""
    node = root
    for position, element in enumerate(variant, start=1):
        node = node.follow(element)
        if removable_from is not None and position >= removable_from and node.negative is None:
            node.negative = leaf
    if node.leaf is None:
        node.leaf = leaf


def tree_of(patterns: Iterable[tuple[str, T]]) -> Node[T]:
    """A tree of commands without a `no` form."""
    root = Node[T]()
    for pattern, leaf in patterns:
        for variant in variants(pattern):
            add_variant(root, variant, leaf)
    return root


@dataclass(slots=True)
class _Reader(Generic[T]):
    """How far a line has been read."""

    node: Node[T]
    line: str
    column: int
    words: list[str] = field(default_factory=list)
    values: dict[str, str] = field(default_factory=dict)
    columns: dict[str, int] = field(default_factory=dict)

    def at_end(self) -> bool:
        rest = self.line[self.column :]
        self.column += len(rest) - len(rest.lstrip())
        return self.column >= len(self.line)

    def step(self) -> Failure | None:
        """Take one word or argument."""
        token = token_of(self.line[self.column :])
        words = _fitting(self.node, token.lower())
        if len(words) > 1:
            return Ambiguous()
        if words:
            word, node = words[0]
            self._take(node, word.text, word.name, len(token))
            return None
        return self._argument(token)

    def _argument(self, token: str) -> Invalid | None:
        furthest = max((_common(word, token.lower()) for word in self.node.words), default=0)
        for argument, node in self.node.arguments:
            read = read_argument(argument.kind, self.line[self.column :])
            if isinstance(read, Read):
                self._take(node, read.value, argument.name, read.length)
                return None
            furthest = max(furthest, read.offset)
        return Invalid(self.column + furthest)

    def _take(self, node: Node[T], text: str, name: str, length: int) -> None:
        self.node = node
        self.words.append(text)
        if name:
            self.values[name] = f"{self.values[name]} {text}" if name in self.values else text
            self.columns.setdefault(name, self.column)
        self.column += length


def read_line(root: Node[T], line: str, *, start: int = 0, negated: bool = False) -> Match[T] | Failure:
    """Read `line` from column `start` against the tree; `negated` lines may end where their `no` form may."""
    reader = _Reader(root, line, start)
    while not reader.at_end():
        failure = reader.step()
        if failure is not None:
            return failure
    node = reader.node
    leaf = node.leaf if node.leaf is not None or not negated else node.negative
    if leaf is None:
        return Incomplete()
    return Match(leaf, tuple(reader.words), reader.values, reader.columns)


_SHOWN: Final = {"ip": "A.B.C.D", "line": "LINE", "interface": "IFNAME", "vlans": "WORD", "prefix": "A.B.C.D/nn"}


def options(root: Node[T], line: str, start: int = 0) -> list[str]:
    """What `?` lists: the words and values that may stand at the end of the line; `<cr>` where it may end."""
    reader = _Reader(root, line, start)
    unfinished = "" if line[-1:].isspace() else token_of(line[::-1])[::-1] if line[start:] else ""
    end = len(line) - len(unfinished)
    while not reader.at_end() and reader.column < end:
        if reader.step() is not None:
            return []
    words = sorted(word.text for text, (word, _) in reader.node.words.items() if text.startswith(unfinished.lower()))
    if unfinished:
        return words
    values = [_SHOWN.get(argument.kind, f"<{argument.kind}>") for argument, _ in reader.node.arguments]
    shown = [value if "-" in value or not value.startswith("<") else "WORD" for value in values]
    return [*words, *dict.fromkeys(shown), *(["<cr>"] if reader.node.leaf is not None else [])]


def _fitting(node: Node[T], token: str) -> list[tuple[Word, Node[T]]]:
    exact = node.words.get(token)
    if exact is not None:
        return [exact]
    return [entry for text, entry in node.words.items() if text.startswith(token)]


def _common(word: str, token: str) -> int:
    count = 0
    for ours, theirs in zip(word, token, strict=False):
        if ours != theirs:
            break
        count += 1
    return count
