"""The packaged rules of audit, each on a configuration that does not keep it and on one that does."""

import re
from pathlib import Path

import pytest

from cimnet_nornir.bootstrap.audit import load_auditor, packaged_rules
from cimnet_nornir.domain.audit import BROKEN, AuditFinding
from cimnet_nornir.ios.audit import IosAuditor
from cimnet_nornir.ios.canonical import canonical_line
from cimnet_nornir.ios.profiles import PROFILES, Profile
from cimnet_nornir.ios.remediation import apply_lines
from cimnet_nornir.ios.tree import parse_config, to_text

AUDITOR = load_auditor()
GOLDEN = Path(__file__).parents[1] / "golden" / "audit"
Case = tuple[str, str]
"""A rule, and a configuration."""


def cases(what: str) -> list[Case]:
    """The configurations that stand below the lines `! found` or `! kept` in the file of each rule."""
    return [
        (path.stem, text.partition("\n")[2])
        for path in sorted(GOLDEN.glob("*.cfg"))
        for text in re.split(r"(?m)^! ", path.read_text(encoding="utf-8"))
        if text.startswith(f"{what}\n")
    ]


BAD = cases("found")
GOOD = cases("kept")
# A word in capitals in what mends a finding stands for what only the site knows.
PLACEHOLDER = re.compile(r"\b[A-Z][A-Z-]{2,}\b")


def found(rule: str, text: str) -> list[AuditFinding]:
    _, groups = AUDITOR.known(text, "r1")
    hosts = next(each.hosts for each in AUDITOR.rules if each.id == rule)
    if hosts and f"group:{groups[0]}" not in hosts:
        return []
    return list(AUDITOR.audit(text, device="r1", groups=groups, rules={rule}))


def profile_of(text: str) -> Profile:
    _, groups = AUDITOR.known(text, "r1")
    return next(each for each in PROFILES if each.platform == "ios" and each.switches == (groups[0] == "kind__switch"))


def test_there_is_a_case_for_each_packaged_rule() -> None:
    rules = {rule.id for rule in packaged_rules()}
    assert {rule for rule, _ in BAD} == {rule for rule, _ in GOOD} == rules
    assert len(MENDED) > 60


def test_each_rule_says_why_and_where_it_comes_from() -> None:
    for rule in packaged_rules():
        assert rule.description.endswith("."), rule.id
        assert rule.reason[-1].isalnum() or rule.reason[-1] == ")", rule.id
        assert rule.source != "-", rule.id


@pytest.mark.parametrize(("rule", "text"), BAD)
def test_a_configuration_that_does_not_keep_the_rule_is_found(rule: str, text: str) -> None:
    findings = found(rule, text)
    assert findings
    assert {finding.rule for finding in findings} == {rule}


@pytest.mark.parametrize(("rule", "text"), GOOD)
def test_a_configuration_that_keeps_the_rule_is_not_found(rule: str, text: str) -> None:
    assert found(rule, text) == []


# Where only the site knows what mends it, or (one) no rule of remediation knows that a line replaces the other.
MENDED = [
    (rule, text)
    for rule, text in BAD
    if not any(PLACEHOLDER.search(line) for finding in found(rule, text) for line in finding.mend)
    and all(finding.mend for finding in found(rule, text))
    and rule != "password-length"
]


@pytest.mark.parametrize(("rule", "text"), MENDED)
def test_what_mends_a_finding_mends_it(rule: str, text: str) -> None:
    lines = [line for finding in found(rule, text) for line in finding.mend]
    mended = to_text(apply_lines(parse_config(text), lines, profile_of(text)))
    assert found(rule, mended) == []


def test_no_packaged_rule_fails_on_any_of_the_configurations() -> None:
    whole = IosAuditor(AUDITOR.in_force)
    for _, text in (*BAD, *GOOD):
        name, groups = whole.known(text, "r1")
        findings = whole.audit(text, device=name, groups=groups, rules={rule.id for rule in whole.rules})
        assert BROKEN not in {finding.rule for finding in findings}
        for finding in findings:
            assert not finding.line or canonical_line(finding.line.split("\n")[0])
