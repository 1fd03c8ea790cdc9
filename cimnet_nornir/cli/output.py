"""How results look: text for people, one documented JSON document for programs, colour only at a terminal."""

import json
import re
import shutil
import sys
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import click


def print_json(kind: str, content: dict[str, Any]) -> None:
    """Print one JSON document; `format` names its kind and version (docs/reference/json.md)."""
    click.echo(json.dumps({"format": f"cimnet.{kind}/1", **content}, indent=2, ensure_ascii=False, default=str))


# What a terminal obeys: control characters of ASCII and Latin 1. Colours are ours, lines and tabs are texts'.
_CONTROL = re.compile(r"(\x1b\[[0-9;]*m)|[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def say(text: str = "") -> None:
    """A line of a result, on stdout; what a device or a host said can tell the terminal nothing."""
    click.echo(_seen(text))


def note(text: str) -> None:
    """A line beside the result (progress, what to do next), on stderr."""
    click.echo(_seen(text), err=True)


def _seen(text: str) -> str:
    return _CONTROL.sub(lambda found: found[1] or f"\\x{ord(found[0]):02x}", text)


# What would end a line, move the cursor, turn text around, or cannot be written at all.
_NOT_IN_A_CELL = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def one_line(text: str) -> str:
    """Text of others for a place of its own in a line: nothing in it ends the line, or is obeyed by a terminal."""
    return _NOT_IN_A_CELL.sub(_escaped, text)


def _escaped(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def heading(text: str) -> str:
    return click.style(text, bold=True)


def good(text: str) -> str:
    return click.style(text, fg="green")


def bad(text: str) -> str:
    return click.style(text, fg="red")


def odd(text: str) -> str:
    return click.style(text, fg="yellow")


def faint(text: str) -> str:
    return click.style(text, dim=True)


def colored_diff(text: str) -> Iterable[str]:
    """A diff's lines: what comes is green, what goes is red."""
    for line in text.splitlines():
        yield good(line) if line.startswith("+") else bad(line) if line.startswith("-") else line


# In fewer columns nothing is broken into lines: it would be no easier to read.
_LEAST = 16


def folded(text: str, indent: int) -> list[str]:
    """The text in lines that fit behind that indent at a terminal; in a pipe it is one, to be found by its words."""
    room = shutil.get_terminal_size().columns - indent
    if not sys.stdout.isatty() or room < _LEAST or len(click.unstyle(text)) <= room:
        return [text]
    return textwrap.wrap(text, room, break_long_words=False, break_on_hyphens=False) or [text]


def table(rows: Sequence[Sequence[str]], headings: Sequence[str] = (), *, fold: bool = False) -> Iterable[str]:
    """Rows in columns as wide as they need to be; the last is left as it is, or folded where a terminal is narrow."""
    everything = [list(headings), *map(list, rows)] if headings else [list(row) for row in rows]
    if not everything:
        return
    widths = [max(len(click.unstyle(row[index])) for row in everything) for index in range(len(everything[0]))]
    for number, row in enumerate(everything):
        cells = [cell + " " * (width - len(click.unstyle(cell))) for cell, width in zip(row[:-1], widths, strict=False)]
        indent = sum(widths[:-1]) + 2 * len(cells)
        first, *more = folded(row[-1], indent) if fold else [row[-1]]
        line = "  ".join([*cells, first]).rstrip()
        yield faint(line) if headings and number == 0 else line
        yield from (" " * indent + part for part in more)


def fitted(rows: Sequence[Sequence[str]], headings: Sequence[str], spare: Mapping[int, int]) -> Sequence[Sequence[str]]:
    """The rows of a table with cells cut so far that they fit a terminal; in a pipe they are as they are.

    `spare` gives, by its place, how wide a column stays at least; the first is cut first.
    """
    if not sys.stdout.isatty() or not rows:
        return rows
    sizes = [max(len(click.unstyle(row[place])) for row in (headings, *rows)) for place in range(len(headings))]
    over = sum(sizes) + 2 * (len(sizes) - 1) - shutil.get_terminal_size().columns
    for place, least in spare.items():
        size = min(sizes[place], max(least, len(headings[place]), sizes[place] - max(over, 0)))
        over -= sizes[place] - size
        sizes[place] = size
    return [[_cut(cell, sizes[place]) if place in spare else cell for place, cell in enumerate(row)] for row in rows]


def _cut(text: str, size: int) -> str:
    """The text, or its beginning where it is longer; what is cut has no colour."""
    plain = click.unstyle(text)
    return text if len(plain) <= size else plain[: size - 1].rstrip() + "…"


def count(number: int, thing: str, things: str | None = None) -> str:
    """A number with its thing: 1 device, 3 devices."""
    return f"{number} {thing if number == 1 else things or thing + 's'}"
