"""Options of a line that may be typed in any order, and that the running configuration shows in one."""

from collections.abc import Mapping
from typing import Final

from cimnet_nornir.lab.arguments import Wrong, read_argument, token_of
from cimnet_nornir.lab.grammar import Invalid
from cimnet_nornir.lab.rules import Change

# The kind of an option that is a word alone.
FLAG: Final = ""


def read_options(change: Change, known: Mapping[str, str]) -> dict[str, str] | Invalid:
    """The options in the value `options` of a line by name; `known` gives the kind of argument that each takes."""
    text, start = change.values.get("options", ""), change.match.columns.get("options", 0)
    found: dict[str, str] = {}
    at = 0
    while at < len(text):
        word = token_of(text[at:])
        name = _option(word, known)
        if name is None or name in found:
            return Invalid(start + at)
        at = _next(text, at + len(word))
        found[name] = name
        if known[name] != FLAG:
            read = read_argument(known[name], text[at:]) if at < len(text) else Wrong()
            if isinstance(read, Wrong):
                return Invalid(start + at + read.offset)
            found[name] = read.value
            at = _next(text, at + read.length)
    return found


def _option(word: str, known: Mapping[str, str]) -> str | None:
    fitting = [name for name in known if name.startswith(word.lower())]
    return word.lower() if word.lower() in known else fitting[0] if len(fitting) == 1 else None


def _next(text: str, at: int) -> int:
    """Where the next word begins."""
    return at + len(text[at:]) - len(text[at:].lstrip())


def shown_options(found: Mapping[str, str], known: Mapping[str, str]) -> str:
    """The options as they are shown, in the order of `known`, each with a blank before it."""
    parts = (name if known[name] == FLAG else f"{name} {found[name]}" for name in known if name in found)
    return "".join(f" {part}" for part in parts)
