"""Drifted lines one by one: which lines run in the place of each, and by which words a person means it."""

from collections.abc import Iterable, Iterator, Sequence

from cimnet_nornir.domain.comparison import Path
from cimnet_nornir.domain.events import Carried, DriftedLine
from cimnet_nornir.errors import NotFound

INTO = " > "
"""What stands between a section and a line in it, where a person names a line."""
_NAMED = 6


def changing(carries: Iterable[Carried], diff: str) -> list[Carried]:
    """The lines of a remediation that change what runs, without those that only make way for others.

    A list is numbered anew before an entry comes in: that is about its header, which stays as it is.
    """
    marks: dict[Path, set[str]] = {}
    for mark, path in diff_paths(diff):
        marks.setdefault(path, set()).add(mark)
    return [line for line in carries if not line.adds or marks.get(line.path) != {""}]


def drifted_lines(changed: Sequence[Carried], diff: str) -> tuple[DriftedLine, ...]:
    """The lines that somebody else changed, each with what runs in its place; `diff` is the device's, all masked.

    What goes by a command of its own stands in nobody's place: it is a drifted line itself.
    """
    alone = {line.path for line in changed if not line.adds}
    gone = [path for mark, path in diff_paths(diff) if mark == "-" and path not in alone]
    return tuple(_drifted_line(line, gone) for line in changed)


def _drifted_line(line: Carried, gone: Iterable[Path]) -> DriftedLine:
    first = _first_word(line.path[-1])
    running = (
        path[-1]
        for path in gone
        if path[:-1] == line.path[:-1] and path != line.path and _first_word(path[-1]) == first
    )
    return DriftedLine(path=line.path, adds=line.adds, running=tuple(running))


def diff_paths(diff: str) -> Iterator[tuple[str, Path]]:
    """Each line of a difference: its mark (empty for a header) and its path."""
    above: list[tuple[int, str]] = []
    for line in diff.splitlines():
        mark, text = line[:1].strip(), line[2:]
        word = text.strip()
        depth = len(text) - len(text.lstrip())
        above = [(level, header) for level, header in above if level < depth]
        yield mark, (*(header for _, header in above), word)
        above.append((depth, word))


def places_of(lines: Iterable[DriftedLine]) -> Iterator[Path]:
    """Where drifted lines are: the lines themselves, and those that run in their place."""
    for line in lines:
        yield line.path
        yield from ((*line.path[:-1], text) for text in line.running)


def _first_word(text: str) -> str:
    return text.removeprefix("no ").split(" ", 1)[0]


def chosen_lines(device: str, known: Iterable[DriftedLine], texts: Sequence[str]) -> tuple[DriftedLine, ...]:
    """The drifted lines of a device that texts mean: as they run or are intended, a section's header for all in it.

    Raises NotFound for a text that means none.
    """
    lines = tuple(known)
    found: dict[DriftedLine, None] = {}
    for text in texts:
        meant = [line for line in lines if _means(text, line)]
        if not meant:
            shown = "; ".join(line_words(line) for line in lines[:_NAMED]) or "none"
            raise NotFound(f"{device}: no drifted line is {text!r}; there is: {shown}", subject=text)
        found |= dict.fromkeys(meant)
    return tuple(found)


def _means(text: str, line: DriftedLine) -> bool:
    word = " ".join(text.split()).casefold()
    sections = {INTO.join(line.path[:depth]) for depth in range(1, len(line.path) + 1)}
    named = {*sections, line.path[-1], *line.running, line_words(line)}
    return word in {" ".join(each.split()).casefold() for each in named}


def line_words(line: DriftedLine) -> str:
    """A drifted line as a person names it: what runs, where something does, else what is missing."""
    shown = line.running[0] if line.running else line.path[-1]
    return INTO.join((*line.path[:-1], shown))
