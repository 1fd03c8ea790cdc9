"""The domain is pure: no clock, randomness, environment, files, network or logging, checked over its source."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import cimnet_nornir.domain

SOURCES = sorted(Path(cimnet_nornir.domain.__file__).parent.rglob("*.py"))
# What is not named here is refused, so that a new way out is noticed.
MODULES = frozenset(
    {
        "bisect",
        "collections",
        "copy",
        "dataclasses",
        "difflib",
        "enum",
        "functools",
        "heapq",
        "importlib",  # of its own modules: the classes of features, when one of them is met
        "ipaddress",
        "itertools",
        "re",
        "types",
        "typing",
    }
)
NAMES = {"datetime": {"UTC", "date", "datetime", "timedelta"}, "hashlib": {"sha256"}, "uuid": {"UUID"}}
THIRD_PARTY = frozenset({"pydantic", "cimnet_nornir"})
CALLS = frozenset({"now", "utcnow", "today", "uuid1", "uuid4", "open", "print", "input", "__import__", "eval", "exec"})


def imports(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Each import as (module, name); a whole module has the name ""."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.module or "", alias.name) for alias in node.names)


def called(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            function = node.func
            if isinstance(function, ast.Attribute):
                yield function.attr
            elif isinstance(function, ast.Name):
                yield function.id


def impurities(source: str) -> list[str]:
    tree = ast.parse(source)
    found = [
        f"imports {module} {name}".strip()
        for module, name in imports(tree)
        if module.partition(".")[0] not in MODULES | THIRD_PARTY and name not in NAMES.get(module, set())
    ]
    rooms = [
        f"imports {module}"
        for module, _ in imports(tree)
        if module.startswith("cimnet_nornir")
        and not module.startswith(("cimnet_nornir.domain", "cimnet_nornir.errors"))
    ]
    return found + rooms + [f"calls {name}" for name in called(tree) if name in CALLS]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_the_domain_reaches_nothing_outside_itself(path: Path) -> None:
    assert impurities(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "source",
    [
        "import os",
        "import time",
        "from random import choice",
        "import logging",
        "from pathlib import Path",
        "import socket",
        "from uuid import uuid4",
        "import datetime",
        "from datetime import datetime\ndatetime.now()",
        "open('x')",
        "from cimnet_nornir.store import port",
    ],
)
def test_the_check_would_notice(source: str) -> None:
    assert impurities(source)


def test_there_is_a_domain_to_check() -> None:
    assert {"decide.py", "working.py", "deployments.py", "values.py"} <= {path.name for path in SOURCES}
