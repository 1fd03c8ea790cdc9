"""`cimnet check`: validation of intent."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cimnet_nornir.cli.options import Options, at_option, common_options, options_of
from cimnet_nornir.cli.output import bad, count, faint, good, heading, note, odd, print_json, say, table
from cimnet_nornir.cli.report_options import Reports, report_options

if TYPE_CHECKING:
    from collections.abc import Callable

    from cimnet_nornir.application.validation import CheckReport, Finding, WaiverText


@click.command("check", short_help="Validate the intent.")
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False))
@at_option
@click.option("--new", is_flag=True, help="Only what is added: by FILE, or with --since after that moment.")
@click.option("--since", metavar="WHEN", help="Only what was added after then: a number, an id, or a time.")
@click.option("--all", "everything", is_flag=True, help="Show waived findings too, each with its waiver.")
@report_options("--junit")
@click.option("--rules", is_flag=True, help="List the rules.")
@common_options
@click.pass_context
def command(
    ctx: click.Context,
    file: Path | None,
    at: str | None,
    new: bool,
    since: str | None,
    everything: bool,
    rules: bool,
    reports: Reports,
) -> int:
    """Look for what is allowed but will not work (errors), or hardly can be meant (warnings).

    With FILE, a network definition is checked before it is declared. Exits 2 where something is found that no waiver
    covers. declare, plan and apply refuse what adds errors; see also cimnet waiver.

    \b
    Examples:
      cimnet check
      cimnet check inventory/network.yaml --new
      cimnet check --since 2026-06-01 --limit 'acc*'
      cimnet check --json --at 120
      cimnet check --junit check.xml
    """
    from cimnet_nornir.reports.check import check_json, check_junit

    options = options_of(ctx)
    if rules:
        return _list_rules(options)
    if new and file is None and since is None:
        raise click.UsageError("--new needs something to compare with: a FILE, or --since WHEN", ctx)
    if file is not None and (at is not None or since is not None):
        raise click.UsageError("a FILE is compared with the present intent: leave --at and --since out", ctx)
    if file is not None:
        report, place = _of_file(options, file, new=new)
    else:
        report, place = _of_intent(options, at, since), None
    if options.json:
        print_json("check", check_json(report))
    elif not reports.on_stdout:
        _show(report, place, everything=everything)
    reports.write(lambda: check_junit(report))
    return 2 if report.open else 0


def _of_intent(options: Options, at: str | None, since: str | None) -> "CheckReport":
    from cimnet_nornir.application.checking import limited

    service = options.service
    position = service.position(at)
    report = service.check(position, since=service.position(since))
    return limited(report, frozenset(options.chosen(at=position, servers=True))) if options.limit else report


def _of_file(options: Options, file: Path, *, new: bool) -> "tuple[CheckReport, Callable[[Finding], str]]":
    from cimnet_nornir.application.checking import check_file
    from cimnet_nornir.cli.declare_command import read_definition

    found = check_file(options.service, read_definition(options, file), new=new, limit=options.limit)
    return found.report, found.place


def _show(report: "CheckReport", place: "Callable[[Finding], str] | None", *, everything: bool) -> None:
    from cimnet_nornir.application.validation import alike, likewise

    for group in alike(report.open):
        _show_finding(group[0], place(group[0]) if place else "")
        if others := likewise(group):
            say(f"  likewise: {others}")
    for item in report.waived if everything else ():
        _show_finding(item.finding, place(item.finding) if place else "", item.waiver)
    for waiver in report.expired:
        who = f" of {waiver.device}" if waiver.device else ""
        note(
            f"{odd('expired')}: the waiver of {waiver.rule}{who} ended on {waiver.expires} and covers nothing any more"
        )
    say(_summary(report))


def _show_finding(finding: "Finding", place: str, waiver: "WaiverText | None" = None) -> None:
    mark = bad("error") if finding.severity == "error" else odd("warning")
    where = " ".join(part for part in (heading(finding.device) if finding.device else "", finding.path) if part)
    words = ": ".join(part for part in (mark, place, where, finding.message) if part)
    say(f"{words} {faint(f'[{finding.rule}]')}")
    if finding.right:
        say(f"  right would be: {finding.right}")
    if waiver is not None:
        say(f"  {good('waived')} until {waiver.expires}: {waiver.reason}")


def _summary(report: "CheckReport") -> str:
    severities = [finding.severity for finding in report.open]
    errors, warnings = severities.count("error"), severities.count("warning")
    parts = [bad(count(errors, "error")) if errors else "", odd(count(warnings, "warning")) if warnings else ""]
    waived = f"{len(report.waived)} waived" if report.waived else ""
    return ", ".join(part for part in (*parts, waived) if part) if severities else _nothing(waived)


def _nothing(waived: str) -> str:
    return good("nothing found") + (f", {waived}" if waived else "")


def _list_rules(options: Options) -> int:
    rules = options.service.rules.rules
    if options.json:
        found = [{"id": rule.id, "severity": rule.severity, "description": rule.description} for rule in rules]
        print_json("check-rules", {"rules": found})
        return 0
    rows = [
        (rule.id, bad(rule.severity) if rule.severity == "error" else odd(rule.severity), rule.description)
        for rule in rules
    ]
    for line in table(rows, ("RULE", "SEVERITY", "WHAT IT FINDS")):
        say(line)
    return 0
