"""Rules that hold over the whole source of the package; `make rules` runs this file."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TypeVar

import pytest

import cimnet_nornir

PACKAGE = Path(cimnet_nornir.__file__).parent
MODULES = tuple(sorted(PACKAGE.rglob("*.py")))
NAMES = tuple(str(path.relative_to(PACKAGE)) for path in MODULES)
# "type: ignore[code]  # reason", "type: ignore[code] - reason", and the same for noqa.
_SUPPRESSION = re.compile(r"#\s*(?P<kind>type:\s*ignore|noqa)\b(?P<rest>.*)", re.IGNORECASE)
_CODE_AND_REASON = {
    "type": re.compile(r"\[[a-z-]+(, ?[a-z-]+)*\]\s*(#|-)\s*\S+ \S+"),
    "noqa": re.compile(r": ?[A-Z]+[0-9]+(, ?[A-Z]+[0-9]+)*\s*(#|-)\s*\S+ \S+"),
}


def test_the_rules_look_at_the_package() -> None:
    assert len(MODULES) > 50
    assert "cli/__init__.py" in NAMES


def test_every_module_says_in_a_sentence_what_it_is() -> None:
    said = {name: ast.get_docstring(tree) or "" for name, tree in _trees().items()}
    assert [name for name, text in said.items() if not text.partition("\n")[0].endswith((".", "?", ":"))] == []


def test_nothing_relies_on_assert() -> None:
    assert list(_found(ast.Assert)) == []


def test_no_exception_is_swallowed_without_a_word() -> None:
    silent = [
        f"{name}:{node.lineno}"
        for name, node, comments in _found(ast.ExceptHandler)
        if all(_does_nothing(statement) for statement in node.body)
        and not _has_comment(comments, node.lineno - 1, _end(node))
    ]
    assert silent == []


def test_suppressed_exceptions_have_their_reason_beside_them() -> None:
    silent = [
        f"{name}:{node.lineno}"
        for name, node, comments in _found(ast.Call)
        if ast.unparse(node.func) in ("suppress", "contextlib.suppress")
        and not _has_comment(comments, node.lineno - 1, node.lineno)
    ]
    assert silent == []


def test_no_handler_catches_everything_without_saying_why() -> None:
    bare = [f"{name}:{node.lineno}" for name, node, _ in _found(ast.ExceptHandler) if node.type is None]
    assert bare == []


def test_a_suppressed_check_names_its_code_and_its_reason() -> None:
    wrong = [
        f"{name}:{line}: {text}"
        for name, path in zip(NAMES, MODULES, strict=True)
        for line, text in _comments(path).items()
        if not _explains_itself(text)
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("comment", "fine"),
    [
        ("# type: ignore", False),
        ("# type: ignore[arg-type]", False),
        ("# type: ignore[arg-type]  # the stub is wrong", True),
        ("# noqa", False),
        ("# noqa: S105", False),
        ("# noqa: S105 - a reference, not a password", True),
        ("# an ordinary comment", True),
    ],
)
def test_the_rule_about_suppressions_can_tell(comment: str, fine: bool) -> None:
    assert _explains_itself(comment) is fine


Node = TypeVar("Node", bound=ast.AST)


def _found(kind: type[Node]) -> Iterator[tuple[str, Node, dict[int, str]]]:
    for name, tree in _trees().items():
        for node in ast.walk(tree):
            if isinstance(node, kind):
                yield name, node, _comments(PACKAGE / name)


@cache
def _trees() -> dict[str, ast.Module]:
    return {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in zip(NAMES, MODULES, strict=True)}


@cache
def _comments(path: Path) -> dict[int, str]:
    """The comments of a module by line."""
    tokens = tokenize.generate_tokens(io.StringIO(path.read_text(encoding="utf-8")).readline)
    return {token.start[0]: token.string for token in tokens if token.type == tokenize.COMMENT}


def _does_nothing(statement: ast.stmt) -> bool:
    constant = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    return constant or isinstance(statement, ast.Pass | ast.Continue | ast.Break)


def _end(node: ast.ExceptHandler) -> int:
    return node.end_lineno or node.lineno


def _has_comment(comments: dict[int, str], first: int, last: int) -> bool:
    return any(line in comments for line in range(first, last + 1))


def _explains_itself(comment: str) -> bool:
    found = _SUPPRESSION.search(comment)
    if found is None:
        return True
    kind = "noqa" if found["kind"].lower() == "noqa" else "type"
    return _CODE_AND_REASON[kind].match(found["rest"]) is not None
