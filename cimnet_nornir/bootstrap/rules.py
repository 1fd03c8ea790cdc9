"""Rules of validation of the user's own: from entry points, and from files in the project's folder `rules/`."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from cimnet_nornir.bootstrap.own_code import Place, gather
from cimnet_nornir.bootstrap.own_rules import Guarded, id_of, wrong_with
from cimnet_nornir.domain.validation import (
    AnyRule,
    ChangeRule,
    Finding,
    NetworkView,
    Severity,
    ValidationRule,
)

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
        return map(_broken, self.problems)


class GuardedRule(Guarded[ValidationRule]):
    """A rule of the user's own over a network."""

    __slots__ = ()

    def check(self, network: NetworkView) -> Iterator[Finding]:
        return self.guarded(lambda: self.rule.check(network), Finding, _broken)


class GuardedChangeRule(Guarded[ChangeRule]):
    """A rule of the user's own over a change."""

    __slots__ = ()

    def check_change(self, before: NetworkView, after: NetworkView) -> Iterator[Finding]:
        return self.guarded(lambda: self.rule.check_change(before, after), Finding, _broken)


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


_PLACE: Place[AnyRule] = Place(
    kind="rule",
    folder=FOLDER,
    group=GROUP,
    is_one=_is_rule,
    wrong_with=wrong_with,
    id_of=id_of,
    example="ValidationRule in cimnet_nornir.domain.validation",
    reserved=frozenset({BROKEN}),
)


def _guarded(rule: AnyRule, source: str) -> AnyRule:
    return GuardedRule(rule, source) if isinstance(rule, ValidationRule) else GuardedChangeRule(rule, source)


def _broken(words: str) -> Finding:
    return Finding("warning", BROKEN, "", "", words)
