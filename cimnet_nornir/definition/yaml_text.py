"""YAML text as plain data with positions, by the core schema of YAML 1.2: `no` is a text, and 010 is ten."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cimnet_nornir.definition.positions import Node, field_path, one_line
from cimnet_nornir.errors import DefinitionError

if TYPE_CHECKING:
    from ruamel.yaml.error import MarkedYAMLError
    from ruamel.yaml.events import AliasEvent, Event, ScalarEvent

Scalar = str | int | float | bool | None

_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INTEGER = re.compile(r"[-+]?[0-9]{1,100}|0o[0-7]{1,100}|0x[0-9a-fA-F]{1,100}")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_STRING_TAGS = (None, "!", "tag:yaml.org,2002:str")
_DEEPEST = 30
# Aliases may repeat a part of the file; a few lines of them must not become more than a machine can hold.
_MOST_NODES = 2_000_000
_HINTS = (
    ("found character '\\t'", "a tab stands where spaces must; indent with spaces only"),
    (
        "mapping values are not allowed",
        "a ':' is too many here; check the indentation, and quote a text that holds ': '",
    ),
    ("could not find expected ':'", "a ':' is missing after this field, or the line is not indented as it should be"),
    ("expected ',' or ']'", "a list that began with '[' is not closed; ',' or ']' is missing"),
    ("expected ',' or '}'", "a mapping that began with '{' is not closed; ',' or '}' is missing"),
    ("unexpected end of stream", "a quoted text is not closed"),
    ("found unexpected document separator", "a quoted text is not closed"),
    ("expected <block end>", "the indentation is not that of the lines above"),
)


def resolve(text: str) -> Scalar:
    """The value of a plain scalar (YAML 1.2.2, chapter 10.3.2): null, true, a number, or the text itself."""
    if text in _NULL:
        return None
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    if _INTEGER.fullmatch(text):
        return int(text, 0) if text[:2] in ("0o", "0x") else int(text)
    if _FLOAT.fullmatch(text):
        return float(text.lower().replace(".inf", "inf").replace(".nan", "nan"))
    return text


def compose(text: str, *, file: str) -> tuple[Node | None, tuple[DefinitionError, ...]]:
    """The file as a tree, and what is wrong with it as YAML; the tree is None where it cannot be read at all."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError
    from ruamel.yaml.reader import ReaderError

    composer = _Composer(file)
    try:
        root = composer.document(YAML(typ="safe", pure=True).parse(text))
    except MarkedYAMLError as error:
        return None, (*composer.problems, _syntax_problem(error, text, file))
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        return None, (DefinitionError("a character that YAML does not allow; remove it", file=file, line=line),)
    except DefinitionError as error:
        return None, (*composer.problems, error)
    return root, tuple(composer.problems)


def _syntax_problem(error: "MarkedYAMLError", text: str, file: str) -> DefinitionError:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    lines = text.splitlines() or [""]
    written = lines[min(line, len(lines)) - 1]
    problem = str(error.problem or error.context)
    hint = next((hint for begin, hint in _HINTS if begin in problem), problem)
    if "\t" in written[: len(written) - len(written.lstrip())]:
        hint = _HINTS[0][1]
    shown = written.strip()[:40]
    return DefinitionError(
        f"this is not YAML: {hint}" + (f" (at {shown!r}, column {column})" if shown else ""),
        file=file,
        line=line,
        column=column,
    )


@dataclass(slots=True)
class _Composer:
    """Builds the tree from the parser's events; keeps what it finds wrong and goes on where it can."""

    file: str
    problems: list[DefinitionError] = field(default_factory=list)
    anchors: dict[str, Node] = field(default_factory=dict)
    path: list[object] = field(default_factory=list)
    size: int = 0

    def document(self, events: "Iterator[Event]") -> Node | None:
        from ruamel.yaml import events as y

        root: Node | None = None
        for event in events:
            if not isinstance(event, y.NodeEvent):
                continue
            if root is not None:
                raise self.problem("a second document begins here; a definition is one document", event)
            root = self.node(event, events)
        return root

    def problem(self, message: str, event: "Event", *more: object) -> DefinitionError:
        mark = event.start_mark
        return DefinitionError(
            message, file=self.file, line=mark.line + 1, column=mark.column + 1, field=field_path((*self.path, *more))
        )

    def node(self, event: "Event", events: "Iterator[Event]") -> Node:
        from ruamel.yaml import events as y

        if len(self.path) > _DEEPEST:
            raise self.problem("nested too deeply", event)
        if isinstance(event, y.AliasEvent):
            return self._alias(event)
        node = Node(event.start_mark.line + 1, event.start_mark.column + 1)
        before = self.size
        self.size += 1
        if isinstance(event, y.ScalarEvent):
            node.data = self._scalar(event)
        elif isinstance(event, y.MappingStartEvent):
            self._mapping(node, events)
        else:
            self._sequence(node, events)
        node.size = self.size - before
        if isinstance(event, y.NodeEvent) and event.anchor:
            self.anchors[event.anchor] = node
        return node

    def _alias(self, event: "AliasEvent") -> Node:
        node = self.anchors.get(event.anchor)
        if node is None:
            raise self.problem(f"the alias *{event.anchor} has no anchor &{event.anchor} before it", event)
        self.size += node.size
        if self.size > _MOST_NODES:
            raise self.problem("the aliases make the file too large", event)
        return node

    def _scalar(self, event: "ScalarEvent") -> Scalar:
        tag = None if event.tag is None else str(event.tag)
        if tag not in _STRING_TAGS:
            self.problems.append(self.problem(f"tags such as {tag!r} mean nothing here; leave it out", event))
        text = str(event.value)
        return resolve(text) if event.style is None and tag is None else text

    def _sequence(self, node: Node, events: "Iterator[Event]") -> None:
        from ruamel.yaml import events as y

        items: list[object] = []
        for event in events:
            if isinstance(event, y.SequenceEndEvent):
                break
            self.path.append(len(items))
            node.children[len(items)] = child = self.node(event, events)
            self.path.pop()
            items.append(child.data)
        node.data = items

    def _mapping(self, node: Node, events: "Iterator[Event]") -> None:
        from ruamel.yaml import events as y

        data: dict[Scalar, object] = {}
        for event in events:
            if isinstance(event, y.MappingEndEvent):
                break
            key = self._key(event)
            self.path.append(str(key))
            child = self.node(next(events), events)
            if key in data:
                first = node.children[key].line
                self.problems.append(self.problem(f"{one_line(key)} stands here twice; first in line {first}", event))
            else:
                data[key] = child.data
                mark = event.start_mark
                node.children[key] = Node(mark.line + 1, mark.column + 1, child.data, child.children, child.size)
            self.path.pop()
        node.data = data

    def _key(self, event: "Event") -> Scalar:
        from ruamel.yaml import events as y

        if isinstance(event, y.ScalarEvent):
            key = self._scalar(event)
            if key == "<<":
                raise self.problem("'<<' is no field; use port_profiles for what ports have in common", event)
            return key
        if isinstance(event, y.AliasEvent):
            data = self._alias(event).data
            if isinstance(data, str | int | float | None):
                return data
        raise self.problem("a field's name is a text or a number, not a list or a mapping", event)
