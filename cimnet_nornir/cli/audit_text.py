"""What an audit found, as text: rule by rule, so that one mending is read once."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from cimnet_nornir.cli.output import bad, count, faint, good, heading, note, odd, one_line, print_json, say, table

if TYPE_CHECKING:
    from cimnet_nornir.application.auditing import Audited, AuditFinding, AuditReport, RuleAbout

# So many places of a rule are shown on one device unless all are asked for.
_MOST_PLACES = 4


def show_report(report: "AuditReport", *, everything: bool, verbose: bool) -> None:
    """Findings that count, rule by rule; then waived ones, where all are asked for, and how much there is."""
    for group in _by_rule(report.open):
        _show_rule(group, verbose=verbose)
    for item in report.waived if everything else ():
        _show_waived(item)
    for waiver in report.expired:
        who = f" of {waiver.device}" if waiver.device else ""
        note(f"{odd('expired')}: the waiver of {waiver.rule}{who} ended on {waiver.expires}")
    for unread in report.unread:
        say(f"{bad(unread.outcome)}  {unread.name}: {one_line(unread.reason)}")
    say(_summary(report))


def _by_rule(findings: Iterable["AuditFinding"]) -> list[list["AuditFinding"]]:
    groups: dict[tuple[str, str], list[AuditFinding]] = {}
    for finding in findings:
        groups.setdefault((finding.severity, finding.rule), []).append(finding)
    return [groups[key] for key in sorted(groups)]


def _show_rule(group: Sequence["AuditFinding"], *, verbose: bool) -> None:
    first = group[0]
    say(f"{_mark(first.severity)}: {heading(first.description.removesuffix('.'))} {faint(f'[{first.rule}]')}")
    say(f"  reason: {first.reason}")
    by_device: dict[str, list[AuditFinding]] = {}
    for finding in group:
        by_device.setdefault(finding.device, []).append(finding)
    for device, found in by_device.items():
        shown = found if verbose else found[:_MOST_PLACES]
        for finding in shown:
            say("  " + ": ".join(part for part in (heading(device), _place(finding)) if part))
        if len(shown) < len(found):
            say(f"  {heading(device)}: and {count(len(found) - len(shown), 'place')} more")
    if first.mend:
        say(f"  mend: {faint(' / ').join(line.strip() for line in first.mend)}")
    if verbose and first.source != "-":
        say(f"  source: {first.source}")


def _place(finding: "AuditFinding") -> str:
    place = " > ".join(part for part in (finding.section, one_line(finding.line)) if part)
    return f"{place} ({finding.said})" if place and finding.said else place or finding.said


def _show_waived(item: "Audited") -> None:
    finding, waiver = item.finding, item.waiver
    place = ": ".join(part for part in (finding.device, _place(finding)) if part)
    say(f"{_mark(finding.severity)}: {place}: {finding.message} {faint(f'[{finding.rule}]')}")
    if waiver is not None:
        say(f"  {good('waived')} until {waiver.expires}: {waiver.reason}")


def _mark(severity: str) -> str:
    return bad(severity) if severity == "error" else odd(severity)


def _summary(report: "AuditReport") -> str:
    severities = [finding.severity for finding in report.open]
    errors, warnings = severities.count("error"), severities.count("warning")
    parts = (bad(count(errors, "error")) if errors else "", odd(count(warnings, "warning")) if warnings else "")
    found = ", ".join(part for part in parts if part) or good("nothing found")
    waived = f", {len(report.waived)} waived" if report.waived else ""
    unread = f", {count(len(report.unread), 'device')} not read" if report.unread else ""
    seen = len(report.looked_at) - len(report.unread)
    return f"{found}{waived}{unread}; {count(len(report.rules), 'rule')}, {count(seen, 'configuration')}"


def list_rules(rules: "Sequence[RuleAbout]", *, json: bool) -> int:
    """All rules with what they find; as JSON with the reason and the source of each."""
    if json:
        from cimnet_nornir.reports.audit import rule_json

        print_json("audit-rules", {"rules": [rule_json(rule) for rule in rules]})
        return 0
    rows = [(rule.id, _mark(rule.severity), ",".join(rule.hosts) or "all", rule.description) for rule in rules]
    for line in table(sorted(rows), ("RULE", "SEVERITY", "HOSTS", "WHAT IT FINDS"), fold=True):
        say(line)
    return 0
