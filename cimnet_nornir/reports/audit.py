"""What `cimnet audit` found, as a JSON document and as a JUnit file."""

from typing import Any
from xml.etree.ElementTree import Element

from cimnet_nornir.application.auditing import Audited, AuditFinding, AuditReport, RuleAbout
from cimnet_nornir.reports.check import waiver_json
from cimnet_nornir.reports.junit import add_case, add_suite, document, judge, new_root


def audit_finding_json(finding: AuditFinding) -> dict[str, Any]:
    """A finding as it stands in JSON answers."""
    return {
        "severity": finding.severity,
        "rule": finding.rule,
        "device": finding.device,
        "section": finding.section,
        "line": finding.line,
        "message": finding.message,
        "reason": finding.reason,
        "source": finding.source,
        "mend": list(finding.mend),
    }


def rule_json(rule: RuleAbout) -> dict[str, Any]:
    """A rule as it stands in JSON answers."""
    return {
        "id": rule.id,
        "severity": rule.severity,
        "description": rule.description,
        "reason": rule.reason,
        "source": rule.source,
        "hosts": list(rule.hosts),
    }


def audit_json(report: AuditReport) -> dict[str, Any]:
    """The whole report: findings that count, waived ones with their waiver, and what could not be looked at."""
    return {
        "configurations": list(report.looked_at),
        "findings": [audit_finding_json(finding) for finding in report.open],
        "waived": [
            {**audit_finding_json(item.finding), "waiver": waiver_json(item.waiver)}
            for item in report.waived
            if item.waiver
        ],
        "expired": [waiver_json(waiver) for waiver in report.expired],
        "unread": {each.name: each.reason for each in report.unread},
    }


def audit_junit(report: AuditReport) -> str:
    """A JUnit file: a suite a rule, a failed case a finding, a skipped one where it is waived.

    What could not be read is an error in a suite of its own.
    """
    by_rule: dict[str, list[Audited]] = {rule.id: [] for rule in report.rules}
    for item in report.findings:
        by_rule.setdefault(item.finding.rule, []).append(item)
    described = {rule.id: rule.description for rule in report.rules}
    root = new_root("cimnet audit")
    for identity, items in by_rule.items():
        _suite(root, identity, described.get(identity, identity), items)
    if report.unread:
        suite = add_suite(root, "configurations")
        for unread in report.unread:
            judge(add_case(suite, "configurations", unread.name), "error", unread.reason, kind=unread.outcome)
    return document(root)


def _suite(root: Element, identity: str, description: str, items: list[Audited]) -> None:
    suite = add_suite(root, identity)
    for item in items:
        finding = item.finding
        place = " ".join(part for part in (finding.device, finding.section, finding.line) if part)
        case = add_case(suite, identity, place or identity)
        if item.waiver is not None:
            judge(case, "skipped", f"waived until {item.waiver.expires}: {item.waiver.reason}")
            continue
        words = [finding.message, f"reason: {finding.reason}", *(f"mend: {line}" for line in finding.mend)]
        judge(case, "failure", finding.message, kind=finding.severity, text="\n".join(words))
    if not items:
        add_case(suite, identity, description)
