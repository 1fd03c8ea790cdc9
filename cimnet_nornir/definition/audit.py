"""Files of audit rules, such as `inventory/audit/*.yaml`: each rule with its place, all problems told."""

from collections.abc import Iterator
from pathlib import Path as FilePath

from pydantic import ValidationError

from cimnet_nornir.definition.load import read_text
from cimnet_nornir.definition.positions import Path
from cimnet_nornir.definition.problems import Problems, shape_problem, suggest
from cimnet_nornir.definition.yaml_text import compose
from cimnet_nornir.domain.audit import AuditFile, AuditRule, Condition, ValueWithin
from cimnet_nornir.domain.values import Value
from cimnet_nornir.errors import DefinitionError

_RULES = "rules"
_PARTS: dict[str, type[Value]] = {"where": Condition, "when": Condition, "value": ValueWithin}
_EXAMPLE = "begin it with a line rules: and list them below, such as - {id: no-cdp, must_have: no cdp run, …}"


def check_audit(text: str, *, file: str) -> tuple[AuditFile, tuple[DefinitionError, ...]]:
    """What is right in a file of rules, and all its problems in the order of the file."""
    root, syntax = compose(text, file=file)
    if root is None:
        # Comments alone declare nothing.
        return AuditFile(), syntax
    problems = Problems(file, root)
    for error in syntax:
        problems.found[(error.line, error.field)] = error
    found = _file(root.data, problems)
    return found, problems.sorted()


def read_audit(path: FilePath) -> AuditFile:
    """The rules of a file. Raises DefinitionError, the first problem there is."""
    found, problems = check_audit(read_text(path), file=str(path))
    if problems:
        raise problems[0]
    return found


def _file(data: object, problems: Problems) -> AuditFile:
    if data is None:
        return AuditFile()
    if not isinstance(data, dict):
        problems.add(f"a file of audit rules is a mapping; {_EXAMPLE}", ())
        return AuditFile()
    entries = data.get(_RULES)
    if entries is not None and not isinstance(entries, list):
        problems.add(f"rules are a list; {_EXAMPLE}", (_RULES,))
        entries = ()
    rules = tuple(_rules(entries or (), problems))
    try:
        rest = {name: value for name, value in data.items() if name != _RULES and value is not None}
        return AuditFile.model_validate({**rest, _RULES: rules})
    except ValidationError as error:
        for details in error.errors(include_url=False):
            problems.add(*shape_problem(details, AuditFile.model_fields))
    return AuditFile(rules=rules)


def _rules(entries: object, problems: Problems) -> Iterator[AuditRule]:
    seen: set[str] = set()
    for place, entry in enumerate(entries if isinstance(entries, list) else ()):
        for rule in _rule(entry, (_RULES, place), problems):
            if rule.id in seen:
                problems.add(f"there is a rule {rule.id!r} already; give this one another id", (_RULES, place, "id"))
            seen.add(rule.id)
            yield rule


def _rule(entry: object, path: Path, problems: Problems) -> Iterator[AuditRule]:
    if not isinstance(entry, dict):
        problems.add(f"a rule is a mapping (field: value){suggest('', AuditRule.model_fields)}", path)
        return
    try:
        # A field with nothing after it counts as left out, as in a network definition.
        yield AuditRule.model_validate({name: value for name, value in entry.items() if value is not None})
    except ValidationError as error:
        for details in error.errors(include_url=False):
            within = str(details["loc"][0]) if len(details["loc"]) > 1 else ""
            message, where = shape_problem(details, _PARTS.get(within, AuditRule).model_fields)
            problems.add(message, (*path, *where))
