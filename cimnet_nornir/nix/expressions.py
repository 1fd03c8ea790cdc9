"""Values written as Nix expressions: texts escaped, attribute sets and lists laid out for a reader."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from cimnet_nornir.errors import InvalidValue


@dataclass(frozen=True, slots=True)
class Code:
    """A Nix expression that stands as it is, such as `pkgs.podman`: written by us, never made of anybody's text."""

    text: str


@dataclass(frozen=True, slots=True)
class Block:
    """Lines of a script or of another program's file, as an indented string; a Code between texts is interpolated.

    Each line is a tuple of its parts.
    """

    lines: tuple[tuple[str | Code, ...], ...]


Value = None | bool | int | str | Code | Block | Sequence["Value"] | Mapping[str, "Value"]

_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_'-]*")
# The words that Nix keeps for itself (Nix manual, "Identifiers"); "or" is one where an attribute is selected.
_KEYWORDS = frozenset({"assert", "else", "if", "in", "inherit", "let", "or", "rec", "then", "with"})
_ESCAPES = {"\\": "\\\\", "$": "\\$", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_INDENT = "  "
_WIDTH = 100
_LEAST, _GREATEST = -(2**63) + 1, 2**63 - 1


def text(value: str) -> str:
    """A string literal; a `${` in the text stands for itself, and starts no expression.

    Raises InvalidValue for a text with a NUL, which Nix has no string for.
    """
    if "\0" in value:
        raise InvalidValue("a Nix string cannot hold a NUL", subject="text")
    return '"' + "".join(_ESCAPES.get(character, character) for character in value) + '"'


def attribute(name: str) -> str:
    """The name of an attribute, quoted where it is no identifier of Nix."""
    return name if _IDENTIFIER.fullmatch(name) and name not in _KEYWORDS else text(name)


def expression(value: Value, *, depth: int = 0) -> str:
    """A value as a Nix expression; what fits into a line stands in one. Keys stay in their order.

    Raises InvalidValue for a number that Nix cannot hold (64 bits) and for a text with a NUL.
    """
    line = _on_one_line(value)
    if len(line) + depth * len(_INDENT) <= _WIDTH and not _has_depth(value):
        return line
    return "\n".join(_lines(value, depth))


def _on_one_line(value: Value) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int():
            return _number(value)
        case str():
            return text(value)
        case Code() | Block():
            return value.text if isinstance(value, Code) else _quoted(value)
        case Mapping():
            inner = " ".join(f"{attribute(name)} = {_on_one_line(item)};" for name, item in value.items())
            return f"{{ {inner} }}" if inner else "{ }"
        case Sequence():
            inner = " ".join(_on_one_line(item) for item in value)
            return f"[ {inner} ]" if inner else "[ ]"


def _number(value: int) -> str:
    if not _LEAST <= value <= _GREATEST:
        raise InvalidValue(f"{value} does not fit into a number of Nix (64 bits)", subject=str(value))
    # In a list "-1" would be read as a call of "-".
    return str(value) if value >= 0 else f"({value})"


def _quoted(block: Block) -> str:
    """A block as one string literal in a line."""
    lines = ("".join(_inner(part) for part in line) for line in block.lines)
    return '"' + "".join(f"{line}\\n" for line in lines) + '"'


def _inner(part: str | Code) -> str:
    return f"${{{part.text}}}" if isinstance(part, Code) else text(part)[1:-1]


def _indented(block: Block, depth: int) -> Iterator[str]:
    """A block as an indented string (Nix manual, "String literals"): `''` and `${` escaped, indentation stripped."""
    indent = _INDENT * (depth + 1)
    bodies = ["".join(_escaped_parts(line)) for each in block.lines for line in _single_lines(each)]
    if not any(body and not body.startswith(" ") for body in bodies):
        # Nix would take the blanks that all lines begin with for indentation; an escaped one is none.
        bodies = [f"''\\{body}" if body else body for body in bodies]
    yield "''"
    yield from (f"{indent}{body}" if body else "" for body in bodies)
    yield f"{_INDENT * depth}''"


def _single_lines(line: Sequence[str | Code]) -> Iterator[list[str | Code]]:
    """A line as it stands in a file: where a text has an end of a line in it, there is another one."""
    found: list[str | Code] = []
    for part in line:
        first, *others = part.split("\n") if isinstance(part, str) else (part,)
        found.append(first)
        for other in others:
            yield found
            found = [other]
    yield found


def _escaped_parts(line: Sequence[str | Code]) -> Iterator[str]:
    """The parts of a line; texts beside one another are one, for what is escaped depends on what follows."""
    waiting = ""
    for part in line:
        if isinstance(part, str):
            waiting += part
            continue
        yield _in_indented(waiting, before_code=True)
        yield f"${{{part.text}}}"
        waiting = ""
    yield _in_indented(waiting)


# Two quotes end a string, or escape what follows them: a quote is plain only where neither can be.
_QUOTES = re.compile(r"'+(?=[$\r\t])|'{2,}")
_STARTS_CODE = re.compile(r"\$(?=\{)")


def _in_indented(value: str, *, before_code: bool = False) -> str:
    if "\0" in value:
        raise InvalidValue("a Nix string cannot hold a NUL", subject="text")
    escaped = _STARTS_CODE.sub("''$", _QUOTES.sub(_escaped_quotes, value))
    if before_code and escaped.endswith("$"):
        # "$${" starts no expression.
        escaped = f"{escaped.removesuffix('$')}''$"
    return escaped.replace("\r", "''\\r").replace("\t", "''\\t")


def _escaped_quotes(quotes: re.Match[str]) -> str:
    pairs, single = divmod(len(quotes[0]), 2)
    return "'''" * pairs + "''\\'" * single


def _has_depth(value: Value) -> bool:
    """Whether a set has a set in it that says something: such a one is laid out in lines."""
    if isinstance(value, Block):
        return True
    if isinstance(value, Mapping):
        return any((isinstance(item, Mapping) and item) or _has_depth(item) for item in value.values())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return any(_has_depth(item) for item in value)
    return False


def _lines(value: Value, depth: int) -> Iterator[str]:
    inner = _INDENT * (depth + 1)
    if isinstance(value, Block):
        yield from _indented(value, depth)
    elif isinstance(value, Mapping) and value:
        yield "{"
        for name, item in value.items():
            yield f"{inner}{attribute(name)} = {expression(item, depth=depth + 1)};"
        yield f"{_INDENT * depth}}}"
    elif isinstance(value, Sequence) and not isinstance(value, str) and value:
        yield "["
        yield from (f"{inner}{expression(item, depth=depth + 1)}" for item in value)
        yield f"{_INDENT * depth}]"
    else:
        yield _on_one_line(value)
