"""What an audit found, as text: rule by rule, so that one mending is read once, or device by device."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cimnet_nornir.cli.alike_text import groups
from cimnet_nornir.cli.output import bad, count, faint, good, heading, note, odd, one_line, print_json, say, table

if TYPE_CHECKING:
    from cimnet_nornir.application.auditing import Audited, AuditFinding, AuditReport, RuleAbout

# So many places of a rule are shown on one device unless all are asked for.
_MOST_PLACES = 4


@dataclass(frozen=True, slots=True)
class Look:
    """How a report is shown: `waived` findings too, all places of a rule (`verbose`), each device (`full`)."""

    waived: bool = False
    verbose: bool = False
    full: bool = False
    by_device: bool = False


def show_report(report: "AuditReport", look: Look) -> None:
    """Findings that count; then waived ones, where all are asked for, and how much there is."""
    if look.by_device:
        _show_devices(report.open, look)
    for found in () if look.by_device else _by_rule(report.open):
        _show_rule(found, look)
    for item in report.waived if look.waived else ():
        _show_waived(item)
    for waiver in report.expired:
        who = f" of {waiver.device}" if waiver.device else ""
        note(f"{odd('expired')}: the waiver of {waiver.rule}{who} ended on {waiver.expires}")
    for unread in report.unread:
        say(f"{bad(unread.outcome)}  {unread.name}: {one_line(unread.reason)}")
    say(_summary(report))


def _by_rule(findings: Iterable["AuditFinding"]) -> "list[list[AuditFinding]]":
    found: dict[tuple[str, str], list[AuditFinding]] = {}
    for finding in findings:
        found.setdefault((finding.severity, finding.rule), []).append(finding)
    return [found[key] for key in sorted(found)]


def _by_device(findings: Iterable["AuditFinding"]) -> "dict[str, list[AuditFinding]]":
    found: dict[str, list[AuditFinding]] = {}
    for finding in findings:
        found.setdefault(finding.device, []).append(finding)
    return found


def _show_rule(findings: Sequence["AuditFinding"], look: Look) -> None:
    first = findings[0]
    say(f"{_mark(first.severity)}: {heading(first.description.removesuffix('.'))} {faint(f'[{first.rule}]')}")
    say(f"  reason: {first.reason}")
    by_device = _by_device(findings)
    places = {device: [_place(finding) for finding in found] for device, found in by_device.items()}
    for names, lines in _alike(places, look):
        shown = lines if look.verbose else lines[:_MOST_PLACES]
        for line in shown:
            say("  " + ": ".join(part for part in (heading(names), line) if part))
        if len(shown) < len(lines):
            say(f"  {heading(names)}: and {count(len(lines) - len(shown), 'place')} more")
    if first.mend:
        say(f"  mend: {faint(' / ').join(line.strip() for line in first.mend)}")
    if look.verbose and first.source != "-":
        say(f"  source: {first.source}")


def _show_devices(findings: Iterable["AuditFinding"], look: Look) -> None:
    """Device by device what is found on it: a line a rule, with its places."""
    told = {device: list(_rule_lines(found, look)) for device, found in _by_device(findings).items()}
    for names, lines in _alike(told, look):
        say(heading(names or "all") + f": {count(len(lines), 'rule')}")
        for line in lines:
            say(f"  {line}")


def _rule_lines(findings: Iterable["AuditFinding"], look: Look) -> Iterator[str]:
    for found in _by_rule(findings):
        first, places = found[0], [place for place in map(_place, found) if place]
        shown = places if look.verbose else places[:_MOST_PLACES]
        more = f"; and {count(len(places) - len(shown), 'place')} more" if len(shown) < len(places) else ""
        said = f": {'; '.join(shown)}{more}" if shown else ""
        yield f"{_mark(first.severity)}: {first.description.removesuffix('.')} {faint(f'[{first.rule}]')}{said}"


def _alike(told: dict[str, list[str]], look: Look) -> Iterator[tuple[str, list[str]]]:
    """Devices by name with what is told of each; of many, those alike once, the first for all of them."""
    from cimnet_nornir.application.name_ranges import folded_names

    for group in groups({device: "\n".join(lines) for device, lines in told.items()}, full=look.full):
        first = f", {group.first} is shown" if group.own else ""
        many = f" ({count(len(group.names), 'device')}{first})" if len(group.names) > 1 else ""
        yield folded_names(group.names) + many, told[group.first]


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
