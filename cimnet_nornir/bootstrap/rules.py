"""Rules of validation of the user's own: from entry points, and from files in the project's folder `rules/`."""

import re
import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType
from typing import Generic, TypeVar, get_args

from cimnet_nornir.domain.validation import (
    AnyRule,
    ChangeRule,
    Finding,
    NetworkView,
    Severity,
    ValidationRule,
)

Own = TypeVar("Own", ValidationRule, ChangeRule)

GROUP = "cimnet_nornir.rules"
FOLDER = "rules"
BROKEN = "broken-rule"
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,62}")
_DESCRIPTION = "A rule of one's own cannot be loaded, or failed."


@dataclass(frozen=True, slots=True)
class BrokenRules:
    """Tells of rules that could not be loaded, a warning each, so that the others look all the same."""

    problems: tuple[str, ...]
    id: str = BROKEN
    severity: Severity = "warning"
    description: str = _DESCRIPTION

    def check(self, network: NetworkView) -> Iterator[Finding]:  # noqa: ARG002 - what every rule is given
        return (Finding(self.severity, self.id, "", "", problem) for problem in self.problems)


@dataclass(frozen=True, slots=True)
class _Guarded(Generic[Own]):
    """A rule of the user's own: where it fails, that is what it finds."""

    rule: Own
    source: str

    @property
    def id(self) -> str:
        return self.rule.id

    @property
    def severity(self) -> Severity:
        return self.rule.severity

    @property
    def description(self) -> str:
        return self.rule.description

    def _guarded(self, look: Callable[[], Iterable[Finding]]) -> Iterator[Finding]:
        try:
            yield from _checked(look())
        except Exception as error:  # noqa: BLE001 - a stranger's code may raise anything
            yield _failed(self.source, self.id, error)


class GuardedRule(_Guarded[ValidationRule]):
    """A rule of the user's own over a network."""

    __slots__ = ()

    def check(self, network: NetworkView) -> Iterator[Finding]:
        return self._guarded(lambda: self.rule.check(network))


class GuardedChangeRule(_Guarded[ChangeRule]):
    """A rule of the user's own over a change."""

    __slots__ = ()

    def check_change(self, before: NetworkView, after: NetworkView) -> Iterator[Finding]:
        return self._guarded(lambda: self.rule.check_change(before, after))


def own_rules(project: Path, known: Iterable[AnyRule]) -> tuple[AnyRule, ...]:
    """The user's rules, none of which can stop the others; what is wrong with one is a finding of `broken-rule`.

    `known` are the rules that are in force anyway, whose ids are taken. A file or a loaded entry point may hold any
    number of rules: every object at its top that has `id`, `severity`, `description` and `check` or `check_change`.
    """
    gathered = _Gathered({rule.id: rule for rule in known})
    for path in sorted((project / FOLDER).glob("*.py")):
        gathered.take(str(path.relative_to(project)), partial(_load_file, path))
    for entry in sorted(entry_points(group=GROUP), key=lambda each: each.name):
        gathered.take(f"entry point {entry.name} ({entry.value})", entry.load)
    broken = (BrokenRules(tuple(gathered.problems)),) if gathered.problems else ()
    return (*gathered.rules, *broken)


@dataclass(slots=True)
class _Gathered:
    """Rules in the making, with what is wrong with some of them; `taken` holds those whose ids are taken."""

    taken: dict[str, AnyRule]
    rules: list[AnyRule] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def take(self, source: str, load: Callable[[], object]) -> None:
        try:
            found = _rules_in(load())
        except Exception as error:  # noqa: BLE001 - a stranger's code may raise anything
            self.problems.append(f"{source}: {_said(error, source)}")
            return
        if not found:
            self.problems.append(f"{source}: it holds no rule; see ValidationRule in cimnet_nornir.domain.validation")
        for rule in found:
            problem = self._wrong_with(rule)
            if problem:
                self.problems.append(f"{source}: {problem}")
            elif rule not in self.taken.values():
                self.taken[rule.id] = rule
                self.rules.append(_guarded(rule, source))

    def _wrong_with(self, rule: AnyRule) -> str:
        """What is wrong with a rule; empty where nothing is. One that is in force already may be imported."""
        if not _ID.fullmatch(str(rule.id)):
            return f"the id {rule.id!r} is none; write it like no-vlan-1"
        if rule.severity not in get_args(Severity):
            return f"the rule {rule.id} has the severity {rule.severity!r}; it is error or warning"
        if rule.id == BROKEN or self.taken.get(rule.id, rule) is not rule:
            return f"there is a rule {rule.id!r} already; give this one another id"
        return ""


def _load_file(path: Path) -> ModuleType:
    module = ModuleType(f"cimnet_rules_{path.stem}")
    module.__file__ = str(path)
    exec(compile(path.read_bytes(), str(path), "exec"), vars(module))  # noqa: S102 - the user's own code is what is asked for
    return module


def _rules_in(found: object) -> tuple[AnyRule, ...]:
    if isinstance(found, ModuleType):
        values: Iterable[object] = vars(found).values()
    else:
        values = found if isinstance(found, list | tuple) else (found,)
    rules = [each for each in values if isinstance(each, ValidationRule | ChangeRule) and not isinstance(each, type)]
    # One that has two names is one.
    return tuple({id(rule): rule for rule in rules}.values())


def _guarded(rule: AnyRule, source: str) -> AnyRule:
    return GuardedRule(rule, source) if isinstance(rule, ValidationRule) else GuardedChangeRule(rule, source)


def _checked(findings: Iterable[object]) -> Iterator[Finding]:
    for finding in findings:
        if not isinstance(finding, Finding):
            raise TypeError(f"a rule yields findings, not {type(finding).__name__}")
        yield finding


def _failed(source: str, rule: str, error: Exception) -> Finding:
    return Finding("warning", BROKEN, "", "", f"{source}: the rule {rule} failed: {_said(error, source)}")


def _said(error: Exception, file: str) -> str:
    """An error in one line: its kind, what it says, and the line of the file where it happened."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if file and frame.filename.endswith(file)]
    line = error.lineno if isinstance(error, SyntaxError) else frames[-1].lineno if frames else None
    where = f"line {line}: " if line is not None else ""
    return f"{where}{type(error).__name__}: {' '.join(str(error).split())}".rstrip(": ")
