"""Rules of validation of the user's own: from entry points, and from files in the project's folder `rules/`."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar, get_args

from cimnet_nornir.bootstrap.own_code import Place, gather, said
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
    gathered = gather(_PLACE, project, known)
    broken = (BrokenRules(tuple(gathered.problems)),) if gathered.problems else ()
    return (*(_guarded(rule, source) for rule, source in gathered.found), *broken)


def _is_rule(found: object) -> bool:
    return isinstance(found, ValidationRule | ChangeRule)


def _wrong_with(rule: AnyRule) -> str:
    if rule.severity not in get_args(Severity):
        return f"the rule {rule.id} has the severity {rule.severity!r}; it is error or warning"
    return ""


def _id_of(rule: AnyRule) -> object:
    return rule.id


_PLACE: Place[AnyRule] = Place(
    kind="rule",
    folder=FOLDER,
    group=GROUP,
    is_one=_is_rule,
    wrong_with=_wrong_with,
    id_of=_id_of,
    example="ValidationRule in cimnet_nornir.domain.validation",
    reserved=frozenset({BROKEN}),
)


def _guarded(rule: AnyRule, source: str) -> AnyRule:
    return GuardedRule(rule, source) if isinstance(rule, ValidationRule) else GuardedChangeRule(rule, source)


def _checked(findings: Iterable[object]) -> Iterator[Finding]:
    for finding in findings:
        if not isinstance(finding, Finding):
            raise TypeError(f"a rule yields findings, not {type(finding).__name__}")
        yield finding


def _failed(source: str, rule: str, error: Exception) -> Finding:
    return Finding("warning", BROKEN, "", "", f"{source}: the rule {rule} failed: {said(error, source)}")
