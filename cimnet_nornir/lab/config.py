"""A device's configuration as a tree of lines, and how IOS prints it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

SortKey = tuple[object, ...]
Key = tuple[str, ...]


@dataclass(slots=True)
class Line:
    """One line of the configuration: what identifies it, its text, the values in it, its children if it has a mode."""

    key: Key
    text: str
    rank: int = 0
    order: SortKey = ()
    values: Mapping[str, str] = field(default_factory=dict)
    children: "Section | None" = None
    # Lines of its own that end it in a print-out (`exit-address-family`), or that stand for it (a banner's text).
    ending: tuple[str, ...] = ()
    hidden: bool = False
    # A mode that is there only while something in it is set.
    quiet: bool = False

    @property
    def shown(self) -> bool:
        """Whether the running configuration has the line."""
        return not self.hidden and not (self.quiet and not any(line.shown for line in self.section))

    @property
    def section(self) -> "Section":
        """The children; a line without a mode has an empty section."""
        return self.children if self.children is not None else Section()

    def become(self, other: "Line") -> None:
        """Take over everything of another line of the same key."""
        self.text, self.rank, self.order, self.values = other.text, other.rank, other.order, other.values
        self.ending, self.hidden, self.quiet = other.ending, other.hidden, other.quiet
        if self.children is not None and other.children is not None:
            self.children.become(other.children)
        else:
            self.children = other.children


@dataclass(slots=True)
class Section:
    """The lines of one mode by their keys, in the order in which they came."""

    lines: dict[Key, Line] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Line]:
        return iter(sorted(self.lines.values(), key=lambda line: (line.rank, line.order)))

    def get(self, *key: str) -> Line | None:
        """The line of that key."""
        return self.lines.get(key)

    def has(self, *key: str) -> bool:
        """Whether there is a line of that key."""
        return key in self.lines

    def value(self, *key: str, name: str, default: str = "") -> str:
        """One value of the line of that key."""
        line = self.lines.get(key)
        return default if line is None else line.values.get(name, default)

    def all(self, slot: str) -> list[Line]:
        """The lines whose key begins with `slot`, in the order in which they came."""
        return [line for line in self.lines.values() if line.key[0] == slot]

    def put(self, line: Line) -> None:
        """Add the line, or replace the text of the one with its key; children stay."""
        old = self.lines.get(line.key)
        if old is not None and line.children is not None and old.children is not None:
            line.children = old.children
        self.lines[line.key] = line

    def become(self, other: "Section") -> None:
        """Take over the lines of another section; lines that both have stay the objects they are.

        Whoever is in the mode of such a line configures it on, as on a device whose configuration is replaced.
        """
        before, self.lines = self.lines, {}
        for key, line in other.lines.items():
            old = before.get(key)
            if old is not None:
                old.become(line)
            self.lines[key] = old or line

    def drop(self, *key: str) -> bool:
        """Remove the line of that key; False when there was none."""
        return self.lines.pop(key, None) is not None


def render(section: Section, depth: int = 0) -> list[str]:
    """The lines of a section, each child indented by one blank, as `show running-config` prints them."""
    found: list[str] = []
    for line in section:
        if line.shown:
            found += render_line(line, depth)
    return found


def render_line(line: Line, depth: int = 0) -> list[str]:
    """One line with its children."""
    indent = " " * depth
    own = line.text.split("\n")
    found = [indent + own[0], *own[1:]]
    if line.children is not None:
        found += render(line.children, depth + 1)
    return found + [indent + text for text in line.ending]
