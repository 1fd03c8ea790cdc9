"""What `cimnet check` found, as a JSON document and as a JUnit file."""

from collections.abc import Iterable
from typing import Any
from xml.etree.ElementTree import Element

from cimnet_nornir.application.validation import CheckReport, Finding, Judged, RuleText, WaiverText, finding_line
from cimnet_nornir.reports.junit import add_case, add_suite, document, judge, new_root


def finding_json(finding: Finding) -> dict[str, Any]:
    """A finding as it stands in JSON answers."""
    return {
        "severity": finding.severity,
        "rule": finding.rule,
        "device": finding.device,
        "path": finding.path,
        "message": finding.message,
        "right": finding.right,
        "others": list(finding.others),
    }


def check_json(report: CheckReport) -> dict[str, Any]:
    """The whole report: findings that count, waived ones with their waiver, and waivers that have run out."""
    return {
        "at": report.at,
        "findings": [finding_json(finding) for finding in report.open],
        "waived": [
            {**finding_json(item.finding), "waiver": waiver_json(item.waiver)} for item in report.waived if item.waiver
        ],
        "expired": [waiver_json(waiver) for waiver in report.expired],
    }


def waiver_json(waiver: WaiverText) -> dict[str, Any]:
    """A waiver as it stands in JSON answers; `device` is a host name, empty where all are meant."""
    return {
        "rule": waiver.rule,
        "device": waiver.device,
        "path": waiver.path,
        "reason": waiver.reason,
        "expires": waiver.expires.isoformat(),
        "expired": waiver.expired,
    }


def check_junit(report: CheckReport) -> str:
    """A JUnit file: a suite a rule, a failed case a finding, a skipped one where it is waived."""
    by_rule: dict[str, list[Judged[Finding]]] = {rule.id: [] for rule in report.rules}
    for item in report.findings:
        by_rule.setdefault(item.finding.rule, []).append(item)
    described = {rule.id: rule for rule in report.rules}
    root = new_root(f"cimnet check {report.network}")
    for identity, items in by_rule.items():
        _suite(root, identity, described.get(identity), items)
    return document(root)


def _suite(root: Element, identity: str, rule: RuleText | None, items: Iterable[Judged[Finding]]) -> None:
    suite = add_suite(root, identity)
    for item in items:
        _case(suite, item)
    if not len(suite):
        add_case(suite, identity, rule.description if rule else identity)


def _case(suite: Element, item: Judged[Finding]) -> None:
    finding = item.finding
    name = " ".join(part for part in (finding.device, finding.path) if part) or finding.rule
    case = add_case(suite, finding.rule, name)
    if item.waiver is not None:
        judge(case, "skipped", f"waived until {item.waiver.expires}: {item.waiver.reason}")
        return
    judge(case, "failure", finding.message, kind=finding.severity, text=finding_line(finding))
