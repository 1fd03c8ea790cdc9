"""Types of NixOS options by the words in which NixOS describes them (lib/types.nix), and whether a value fits one."""

import re
from collections.abc import Mapping, Sequence

from cimnet_nornir.nix.expressions import Block, Code, Value

_RANGE = re.compile(r"between (-?\d+) and (-?\d+)")
_CHOICES = re.compile(r'"([^"]*)"')
_FREE = ("anything", "JSON value", "TOML value", "(systemd option)", "(sysctl option value)")
# The classes of POSIX that the patterns of options have, in the words of Python.
_CLASSES = {"[:alnum:]": "a-zA-Z0-9", "[:digit:]": "0-9"}


def fits(kind: str, value: Value) -> bool:
    """Whether a value is of a type. A piece of Nix code is of any: what it becomes is known to Nix alone."""
    if isinstance(value, Code):
        return True
    kind = _bare(kind)
    alternatives = _alternatives(kind)
    if len(alternatives) > 1:
        return any(fits(alternative, value) for alternative in alternatives)
    if kind.startswith("open submodule of "):
        return isinstance(value, Mapping) and fits(kind.removeprefix("open submodule of "), value)
    for prefix in ("list of ", "lazy attribute set of ", "attribute set of "):
        if kind.startswith(prefix):
            return _items_fit(prefix, kind.removeprefix(prefix), value)
    return _fits_simple(kind, value)


def _alternatives(kind: str) -> list[str]:
    """The parts of `A or B` that stand outside of parentheses; a pattern is one whatever is in it."""
    if kind.startswith("string matching the pattern "):
        return [kind]
    found, depth = [""], 0
    for word in kind.split(" "):
        if word == "or" and depth == 0:
            found.append("")
            continue
        depth += word.count("(") - word.count(")")
        found[-1] = f"{found[-1]} {word}".strip()
    return found


def _bare(kind: str) -> str:
    """A type without the parentheses around the whole of it."""
    whole = kind.startswith("(") and kind.find(")") == len(kind) - 1
    return kind[1:-1] if whole and kind not in _FREE else kind


def _items_fit(prefix: str, kind: str, value: Value) -> bool:
    match value:
        case Mapping():
            return prefix != "list of " and all(fits(kind, item) for item in value.values())
        case str():
            return False
        case Sequence():
            return prefix == "list of " and all(fits(kind, item) for item in value)
        case _:
            return False


def _fits_simple(kind: str, value: Value) -> bool:
    if kind in _FREE:
        return not isinstance(value, Mapping) or kind not in {"(systemd option)", "(sysctl option value)"}
    if kind in {"null", "boolean", "package"}:
        # A package is always code.
        return (value is None and kind == "null") or (isinstance(value, bool) and kind == "boolean")
    if "integer" in kind:
        return _fits_number(kind, value)
    return _fits_text(kind, value)


def _fits_number(kind: str, value: Value) -> bool:
    if not isinstance(value, int) or isinstance(value, bool):
        return False
    bounds = _RANGE.search(kind)
    if bounds is not None:
        return int(bounds[1]) <= value <= int(bounds[2])
    return value >= 0 or not kind.startswith("unsigned")


def _fits_text(kind: str, value: Value) -> bool:
    """Texts of each kind: of one line, one of several, a path, those that match a pattern."""
    if isinstance(value, Block):
        return kind == "string" or kind.startswith("strings concatenated")
    if not isinstance(value, str):
        return False
    if kind.startswith(("one of ", 'value "')):
        return value in _CHOICES.findall(kind)
    if kind.startswith("string matching the pattern "):
        return re.fullmatch(_pattern(kind), value) is not None
    if "single-line" in kind:
        return "\n" not in value.removesuffix("\n")
    return value.startswith("/") if kind == "absolute path" else kind.startswith("string")


def _pattern(kind: str) -> str:
    pattern = kind.removeprefix("string matching the pattern ")
    for name, characters in _CLASSES.items():
        pattern = pattern.replace(name, characters)
    return pattern
