"""The lines of a section as a reader asks them."""

from collections.abc import Iterable
from dataclasses import dataclass

from cimnet_nornir.ios.tree import Node


@dataclass(frozen=True, slots=True)
class Said:
    """What stands in a section, each line once."""

    lines: tuple[str, ...]

    @classmethod
    def of(cls, nodes: Iterable[Node]) -> "Said":
        """The lines of some nodes, without what stands below them."""
        return cls(tuple(node.text for node in nodes))

    def has(self, *lines: str) -> bool:
        """Whether one of the lines is there."""
        return any(line in self.lines for line in lines)

    def begins(self, words: str) -> bool:
        """Whether a line is these words, or begins with them."""
        longer = f"{words} "
        return any(line == words or line.startswith(longer) for line in self.lines)

    def after(self, words: str) -> str | None:
        """What follows the words in the first line that begins with them."""
        return next(iter(self.each(words)), None)

    def each(self, words: str) -> tuple[str, ...]:
        """What follows the words in every line that begins with them."""
        beginning = f"{words} "
        return tuple([line.removeprefix(beginning) for line in self.lines if line.startswith(beginning)])
