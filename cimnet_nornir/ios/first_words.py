"""Patterns of lines by the word that a line begins with, so that a line is tried against a few of them only."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")
_OPENS = re.compile(r"\((?:\?:|\?P<\w+>)?(?!\?)")
# What a pattern is made of, as far as groups go: an escaped character, a set of characters, a bracket, a bar, the rest.
_PIECES = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|[()|]|[^\\\[()|]+")
_LITERAL = re.compile(r"[A-Za-z0-9-]")
_DEEPER = {"(": 1, ")": -1}
_REPEATS = ("*", "+", "{")


class _Unclear(Exception):
    """A pattern of which the first word cannot be told."""


def by_first_word(patterns: Sequence[tuple[str, T]]) -> Callable[[str], tuple[T, ...]]:
    """Of things with a pattern each, those whose pattern a line could match, in their order."""
    words = [first_words(pattern) for pattern, _ in patterns]

    def having(word: str | None) -> tuple[T, ...]:
        chosen = zip(words, patterns, strict=True)
        return tuple(thing for known, (_, thing) in chosen if known is None or word in known)

    table = {word: having(word) for known in words for word in known or ()}
    others = having(None)
    return lambda line: table.get(first_word(line), others)


def first_word(line: str) -> str:
    """The first word of a line in small letters, behind its `no`."""
    return line.removeprefix("no ").partition(" ")[0].partition("\n")[0].lower()


def first_words(pattern: str) -> frozenset[str] | None:
    """The first words of all lines that match a pattern, as `first_word` tells them; None where that is not clear."""
    try:
        return frozenset(word.lower() for part in _alternatives(pattern) for word in _starts(part))
    except _Unclear:
        return None


def _starts(rest: str) -> Iterator[str]:
    """The words with which what matches may begin. Raises _Unclear."""
    word = ""
    while rest and not (word and rest[0] == " "):
        if (opening := _OPENS.match(rest)) is not None:
            yield from (found for whole in _expanded(rest, opening.end()) for found in _starts(word + whole))
            return
        if not _LITERAL.match(rest) or rest[1:2] in (*_REPEATS, "?"):
            raise _Unclear
        word, rest = word + rest[0], rest[1:]
    if word == "no" and rest:
        yield from _starts(rest[1:])
    elif rest[1:2] in (*_REPEATS, "?") or not word:
        raise _Unclear
    else:
        yield word


def _expanded(rest: str, start: int) -> Iterator[str]:
    """What begins with a group, once for each of its alternatives, and without it where it may be left out."""
    inside, after = _closed(rest, start)
    if after.startswith(_REPEATS):
        raise _Unclear
    optional = after.startswith("?")
    after = after.removeprefix("?")
    yield from (f"{part}{after}" for part in _alternatives(inside))
    if optional:
        yield after


def _closed(pattern: str, start: int) -> tuple[str, str]:
    """What a group that is open at `start` holds, and what follows it."""
    depth = 1
    for piece in _PIECES.finditer(pattern, start):
        depth += _DEEPER.get(piece[0], 0)
        if depth == 0:
            return pattern[start : piece.start()], pattern[piece.end() :]
    raise _Unclear


def _alternatives(pattern: str) -> list[str]:
    """The parts of a pattern between the bars that stand in no group."""
    parts, depth = [""], 0
    for piece in _PIECES.findall(pattern):
        depth += _DEEPER.get(piece, 0)
        if piece == "|" and depth == 0:
            parts.append("")
        else:
            parts[-1] += piece
    return parts
