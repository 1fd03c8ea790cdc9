"""Two texts of indented lines compared: what goes and what comes, below the headers that it stands under."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher


def section_diff(before: str, after: str) -> tuple[str, ...]:
    """The lines that differ, marked `-` and `+`, each below its headers, which are marked by spaces."""
    old, new = before.splitlines(), after.splitlines()
    shown: list[str] = []
    found: list[str] = []
    for what, first, last, start, stop in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            continue
        for mark, lines, begin, end in (("-", old, first, last), ("+", new, start, stop)):
            for index in range(begin, end):
                found += _below(_headers(lines, index, begin), shown)
                found.append(f"{mark} {lines[index]}")
    return tuple(line for line in found if line.strip(" -+!"))


def _below(headers: list[str], shown: list[str]) -> Iterator[str]:
    """The headers that are not those of the line before; `shown` is kept up to date."""
    for depth, header in enumerate(headers):
        if shown[depth : depth + 1] != [header]:
            shown[depth:] = [header]
            yield f"  {header}"
    if not headers:
        shown.clear()


def _headers(lines: Sequence[str], index: int, begin: int) -> list[str]:
    """The lines above one that it stands below by indentation, and that are not of the same change."""
    found: list[str] = []
    depth = _depth(lines[index])
    for place in range(index - 1, -1, -1):
        if depth == 0:
            break
        line = lines[place]
        if line.strip() and _depth(line) < depth:
            depth = _depth(line)
            if place < begin:
                found.insert(0, line)
    return found


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip())
