"""Rules of audit: what one is, those that are declared, and how a function becomes one."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Protocol, runtime_checkable

from cimnet_nornir.domain.audit import INTO, AuditRule, Condition
from cimnet_nornir.domain.validation.findings import Severity
from cimnet_nornir.ios.audit.view import AuditedConfiguration, Section
from cimnet_nornir.ios.rules.model import compiled


@dataclass(frozen=True, slots=True)
class Problem:
    """What a rule yields: the section, the line there (empty where one is missing), and what mends it, within it.

    `said` is what is to be said beyond the rule's description. `broken` tells that the rule itself failed.
    """

    section: Section
    line: str = ""
    said: str = ""
    mend: tuple[str, ...] = ()
    broken: bool = False


@runtime_checkable
class AnyAuditRule(Protocol):
    """A rule over a configuration; see AuditRule in cimnet_nornir.domain.audit for what its fields mean."""

    @property
    def id(self) -> str: ...

    @property
    def severity(self) -> Severity: ...

    @property
    def description(self) -> str: ...

    @property
    def reason(self) -> str: ...

    @property
    def source(self) -> str: ...

    @property
    def hosts(self) -> tuple[str, ...]: ...

    def audit(self, configuration: AuditedConfiguration) -> Iterable[Problem]:
        """What it finds. A function of the configuration alone."""
        ...


@dataclass(frozen=True, slots=True)
class About:
    """What all rules say of themselves."""

    id: str
    severity: Severity
    description: str
    reason: str
    source: str = "-"
    hosts: tuple[str, ...] = ()


AuditFunction = Callable[[AuditedConfiguration], Iterable[Problem]]


@dataclass(frozen=True, slots=True)
class FunctionRule(About):
    """A rule made of a function."""

    find: AuditFunction = lambda _: ()

    def audit(self, configuration: AuditedConfiguration) -> Iterable[Problem]:
        return self.find(configuration)


def audit_rule(
    identity: str,
    severity: Severity,
    description: str,
    *,
    reason: str,
    source: str = "-",
    hosts: tuple[str, ...] = (),
) -> Callable[[AuditFunction], FunctionRule]:
    """Make a rule of a function that looks at a configuration and yields problems."""
    return lambda find: FunctionRule(identity, severity, description, reason, source, hosts, find)


@dataclass(frozen=True, slots=True)
class DeclaredRule(About):
    """A rule as it stands in a file."""

    rule: AuditRule | None = None

    def audit(self, configuration: AuditedConfiguration) -> Iterator[Problem]:
        rule = self.rule
        if rule is None or not _holds(rule.when, configuration):
            return
        for section in configuration.sections(*rule.section):
            if _holds(rule.where, section):
                yield from _problems(rule, section)


def declared(rule: AuditRule, *, source: str | None = None, severity: Severity | None = None) -> DeclaredRule:
    """A declared rule that can look; a source or a severity that is given goes before its own."""
    told = rule.source if source is None or rule.source != "-" else source
    about = (rule.id, severity or rule.severity, rule.description, rule.reason, told, rule.hosts)
    return DeclaredRule(*about, rule=rule)


def with_severity(rule: AnyAuditRule, severity: Severity) -> AnyAuditRule:
    """The same rule with another severity; one of a class of its own keeps it."""
    return replace(rule, severity=severity) if isinstance(rule, FunctionRule | DeclaredRule) else rule


def _holds(condition: Condition, section: Section) -> bool:
    return section.has(*condition.has) and not any(section.has(pattern) for pattern in condition.lacks)


def _problems(rule: AuditRule, section: Section) -> Iterator[Problem]:
    """What is wrong in one section; of lines that are missing one problem, since one mending brings them all."""
    missing = [pattern for pattern in rule.must_have if not section.has(pattern)]
    if missing or (rule.any_of and not any(section.has(pattern) for pattern in rule.any_of)):
        yield Problem(section, mend=rule.mend)
    for pattern in rule.must_not_have:
        for line in dict.fromkeys(section.lines(pattern)):
            yield Problem(section, line, mend=_mending(rule, line))
    yield from _values(rule, section)


def _values(rule: AuditRule, section: Section) -> Iterator[Problem]:
    if rule.value is None:
        return
    pattern = compiled(rule.value.line.rpartition(INTO)[2])
    lines = section.lines(rule.value.line)
    for line in lines:
        match = pattern.fullmatch(line)
        wrong = rule.value.wrong_with(match["value"] or "") if match else ""
        if wrong:
            yield Problem(section, line, wrong, _mending(rule, line))
    if not lines and (rule.value.default is None or rule.value.wrong_with(rule.value.default)):
        said = f"it is {rule.value.default} by default" if rule.value.default is not None else "it is not set"
        yield Problem(section, "", said, rule.mend)


def _mending(rule: AuditRule, line: str) -> tuple[str, ...]:
    """The lines of a mending; without any, the line that was found is taken away."""
    if not rule.mend:
        return (line.removeprefix("no ") if line.startswith("no ") else f"no {line}",)
    return tuple(text.replace("{line}", line) for text in rule.mend)
