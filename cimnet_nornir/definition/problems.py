"""What is wrong with a file, gathered: each problem once, with its line and field, in words a person can act on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from cimnet_nornir.definition.positions import Node, Path, one_line, place
from cimnet_nornir.errors import DefinitionError

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_EXPECTED: Mapping[str, str] = {
    "model_type": "a mapping (field: value)",
    "dict_type": "a mapping (name: value)",
    "string_type": "a text",
    "int_type": "a whole number",
    "bool_type": "true or false",
    "tuple_type": "a list",
}
_KEY = "[key]"


@dataclass(slots=True)
class Problems:
    """The problems of one file, each (line, field) once."""

    file: str
    root: Node
    found: dict[tuple[int, str], DefinitionError] = field(default_factory=dict)

    def add(self, message: str, path: Path) -> None:
        """Note a problem at a path; a second one at the same line and field is most often a result of the first."""
        position = place(self.root, path)
        error = DefinitionError(
            message, file=self.file, line=position.line, column=position.column, field=position.field
        )
        self.found.setdefault((position.line, position.field), error)

    def line(self, path: Path) -> int:
        """The line of a path."""
        return place(self.root, path).line

    def sorted(self) -> tuple[DefinitionError, ...]:
        """All problems in the order of the file."""
        return tuple(sorted(self.found.values(), key=lambda error: (error.line, error.column, error.field)))


def suggest(word: object, known: Iterable[object]) -> str:
    """`; did you mean X?` where something known is near, else what is known, where that is short enough to read."""
    names = [one_line(name) for name in known]
    near = get_close_matches(str(word), names, n=1, cutoff=0.6)
    if near:
        return f"; did you mean {near[0]}?"
    listed = ", ".join(names)
    return f"; known: {listed}" if names and len(listed) <= 240 else ""


def shape_problem(details: "ErrorDetails", known: Iterable[str]) -> tuple[str, Path]:
    """A validation error of pydantic as (message, path); `known` are the fields there could be where it happened."""
    path: Path = tuple(part for part in details["loc"] if part != _KEY)
    value: object = details["input"]
    context: Mapping[str, Any] = details.get("ctx", {})
    match details["type"]:
        case "extra_forbidden":
            return f"there is no field {path[-1]!r}{suggest(path[-1], known)}", path
        case "missing":
            return f"{one_line(path[-1])} is missing", path
        case "literal_error":
            return f"{_shown(value)} is none of {context['expected']}", path
        case "less_than_equal":
            return f"{_shown(value)} is too high; the highest is {context['le']}", path
        case "greater_than_equal":
            return f"{_shown(value)} is too low; the lowest is {context['ge']}", path
        case "value_error":
            return str(context["error"]), path
        case kind if kind in _EXPECTED:
            return _wrong_type(_EXPECTED[kind], value), path
        case _:
            return f"{_shown(value)}: {details['msg'].replace('Input should', 'it should')}", path


def _wrong_type(expected: str, value: object) -> str:
    message = f"{_shown(value)} stands where {expected} is expected"
    if expected == "a text" and isinstance(value, int | float) and not isinstance(value, bool):
        return f'{message}; put it in quotes: "{value}"'
    if expected == "a whole number" and isinstance(value, str) and value.isdecimal():
        return f"{message}; leave the quotes out"
    return message


def _shown(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list"
    return str(value).lower() if isinstance(value, bool) else repr(value)[:60]
