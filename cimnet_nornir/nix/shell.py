"""Scripts of POSIX sh: lines for a unit of NixOS, where Nix names the programs, or for a file on any other Linux."""

import re
import shlex
from collections.abc import Iterable

from cimnet_nornir.errors import InvalidValue
from cimnet_nornir.nix.expressions import Block, Code

Line = tuple[str | Code, ...]
Program = tuple[str | Code, ...]
"""The parts of a program's name: `(Code("pkgs.podman"), "/bin/podman")`, or `("podman",)`."""

_WIDTH = 100
# What needs no quotes, so that a reader sees few: shlex puts "=" between some.
_PLAIN = re.compile(r"[A-Za-z0-9_./:=@%+,-]+")


def quoted(text: str) -> str:
    """A text as one word of sh, whatever is in it. Raises InvalidValue for a NUL, which no argument can hold."""
    if "\0" in text:
        raise InvalidValue("an argument of a program cannot hold a NUL", subject="text")
    return text if _PLAIN.fullmatch(text) else shlex.quote(text)


def comment(text: str) -> str:
    """A comment of one line, whatever is in the text."""
    return f"# {' '.join(text.replace(chr(0), ' ').split())}"


def lines(text: str) -> list[Line]:
    """The lines of a text that we have written ourselves."""
    return [(line,) for line in text.splitlines()]


def call(words: Iterable[str], *, indent: str = "") -> list[Line]:
    """A call with its arguments; where it is long, each argument after the first on a line of its own."""
    first, *rest = [quoted(word) for word in words]
    whole = " ".join((first, *rest))
    if len(whole) + len(indent) <= _WIDTH or not rest[1:]:
        return [(f"{indent}{whole}",)]
    middle: list[Line] = [(f"{indent}  {word} \\",) for word in rest[1:-1]]
    return [(f"{indent}{first} {rest[0]} \\",), *middle, (f"{indent}  {rest[-1]}",)]


def block(script: Iterable[Line]) -> Block:
    """A script as a value of a NixOS option."""
    return Block(tuple(script))


def sh_file(script: Iterable[Line]) -> str:
    """A script as a file that sh reads. Raises InvalidValue where a line needs Nix."""
    text = ["#!/bin/sh"]
    for line in script:
        if any(isinstance(part, Code) for part in line):
            raise InvalidValue("a script for any Linux cannot name a package of Nix", subject="script")
        text.append("".join(part for part in line if isinstance(part, str)))
    return "\n".join((*text, ""))
