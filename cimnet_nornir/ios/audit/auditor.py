"""Runs rules of audit over the text of a configuration; what is found has no secrets in it."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from cimnet_nornir.domain.audit import BROKEN, AuditFinding, RuleAbout
from cimnet_nornir.ios.audit.rules import AnyAuditRule, Problem
from cimnet_nornir.ios.audit.view import AuditedConfiguration, audited
from cimnet_nornir.ios.masking import mask_secrets, secrets_in

_SWITCHES = (r"vlan \d.*", r"spanning-tree .+", r"interface .+ > switchport .+")
_VERSION = re.compile(r"(?m)^version (?P<major>\d+)\.")
_FIRST_XE = 16
_BROKEN = RuleAbout(
    BROKEN,
    "warning",
    "A rule of one's own cannot be loaded, or failed.",
    "what it looks for is not looked for",
    "-",
)


@dataclass(frozen=True, slots=True)
class IosAuditor:
    """The rules that are in force, with what is wrong with those that could not be loaded."""

    in_force: tuple[AnyAuditRule, ...]
    troubles: tuple[str, ...] = ()

    @property
    def rules(self) -> tuple[RuleAbout, ...]:
        """What is to be said of each rule."""
        return (*map(_about, self.in_force), _BROKEN)

    def audit(
        self, text: str, *, device: str, groups: tuple[str, ...], rules: Collection[str]
    ) -> tuple[AuditFinding, ...]:
        """What the rules of those ids find in a configuration. Raises ConfigurationError where it cannot be read."""
        configuration = audited(text, device, groups)
        secrets = secrets_in(text)
        chosen = [rule for rule in self.in_force if rule.id in rules]
        return tuple(finding for rule in chosen for finding in _found(rule, configuration, secrets))

    def general(self) -> tuple[AuditFinding, ...]:
        """What is to be told although it is about no device: rules that could not be loaded."""
        return tuple(_finding(_BROKEN, "", Problem(AuditedConfiguration((), ()), "", said)) for said in self.troubles)

    def known(self, text: str, name: str) -> tuple[str, tuple[str, ...]]:
        """The device name and the groups that a configuration tells by itself. Raises ConfigurationError."""
        whole = audited(text, name)
        named = whole.lines(r"hostname \S+")
        kind = "switch" if any(whole.has(pattern) for pattern in _SWITCHES) else "router"
        version = _VERSION.search(text)
        platform = (f"platform__{'iosxe' if int(version['major']) >= _FIRST_XE else 'ios'}",) if version else ()
        return named[0].split(" ", 1)[1] if named else name, (f"kind__{kind}", *platform)


def _about(rule: AnyAuditRule) -> RuleAbout:
    return RuleAbout(rule.id, rule.severity, rule.description, rule.reason, rule.source, tuple(rule.hosts))


def _found(rule: AnyAuditRule, configuration: AuditedConfiguration, secrets: frozenset[str]) -> Iterator[AuditFinding]:
    about = _about(rule)
    for problem in rule.audit(configuration):
        yield _finding(_BROKEN if problem.broken else about, configuration.device, problem, secrets)


def _finding(about: RuleAbout, device: str, problem: Problem, secrets: frozenset[str] = frozenset()) -> AuditFinding:
    path = problem.section.path
    typed = (*path, *problem.mend) if problem.mend else ()
    return AuditFinding(
        severity=about.severity,
        rule=about.id,
        device=device,
        section=mask_secrets(problem.section.name),
        line=mask_secrets(problem.line),
        description=about.description,
        said=mask_secrets(problem.said),
        reason=about.reason,
        source=about.source,
        mend=tuple(" " * min(depth, len(path)) + _shown(line, secrets) for depth, line in enumerate(typed)),
    )


def _shown(line: str, secrets: frozenset[str]) -> str:
    """A line of a mending without secrets; words that stand for one, such as PASSWORD, are to be read."""
    return mask_secrets(line) if any(secret in line for secret in secrets) else line
