"""The file of a project's checks, `inventory/checks.yaml`: each declared check with its place, all problems told."""

from collections.abc import Iterator
from pathlib import Path as FilePath

from pydantic import ValidationError

from cimnet_nornir.definition.load import read_text
from cimnet_nornir.definition.positions import Path
from cimnet_nornir.definition.problems import Problems, shape_problem, suggest
from cimnet_nornir.definition.yaml_text import compose
from cimnet_nornir.domain.checks import CHECK_KINDS, DeclaredCheck
from cimnet_nornir.errors import DefinitionError

_LIST = "checks"
_KIND = "check"
_EXAMPLE = "begin it with a line checks: and list them below, such as - {check: ping, destination: 10.0.0.1}"


def check_checks(text: str, *, file: str) -> tuple[tuple[DeclaredCheck, ...], tuple[DefinitionError, ...]]:
    """The checks of a file that are right, and all its problems in the order of the file."""
    root, syntax = compose(text, file=file)
    if root is None:
        # Comments alone declare nothing.
        return (), syntax
    problems = Problems(file, root)
    for error in syntax:
        problems.found[(error.line, error.field)] = error
    found = tuple(_checks(root.data, problems))
    return found, problems.sorted()


def read_checks(path: FilePath) -> tuple[DeclaredCheck, ...]:
    """The checks of a file; none where there is no such file. Raises DefinitionError, the first problem there is."""
    if not path.exists():
        return ()
    found, problems = check_checks(read_text(path), file=str(path))
    if problems:
        raise problems[0]
    return found


def _checks(data: object, problems: Problems) -> Iterator[DeclaredCheck]:
    if data is None:
        return
    if not isinstance(data, dict):
        problems.add(f"a file of checks is a mapping; {_EXAMPLE}", ())
        return
    for name in data:
        if name != _LIST:
            problems.add(f"there is no field {name!r}{suggest(name, (_LIST,))}", (name,))
    entries = data.get(_LIST)
    if entries is not None and not isinstance(entries, list):
        problems.add(f"checks are a list; {_EXAMPLE}", (_LIST,))
        return
    for place, entry in enumerate(entries or ()):
        yield from _check(entry, (_LIST, place), problems)


def _check(entry: object, path: Path, problems: Problems) -> Iterator[DeclaredCheck]:
    if not isinstance(entry, dict) or _KIND not in entry:
        problems.add(f"a check says what it is: {{check: KIND, …}}{suggest('', CHECK_KINDS)}", path)
        return
    kind = CHECK_KINDS.get(str(entry[_KIND]))
    if kind is None:
        problems.add(f"there is no check {entry[_KIND]!r}{suggest(entry[_KIND], CHECK_KINDS)}", (*path, _KIND))
        return
    try:
        # A field with nothing after it counts as left out, as in a network definition.
        yield kind.model_validate({name: value for name, value in entry.items() if value is not None})
    except ValidationError as error:
        for details in error.errors(include_url=False):
            message, where = shape_problem(details, kind.model_fields)
            problems.add(message, (*path, *where))
