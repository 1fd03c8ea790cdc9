"""`cimnet declare FILE`: a network definition becomes events."""

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cimnet_nornir.cli.options import Options, accept_errors_option, common_options, near, now_only, options_of
from cimnet_nornir.cli.output import bad, count, faint, good, note, odd, print_json, say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from cimnet_nornir.application.changes import ChangeResult
    from cimnet_nornir.application.declaring import DefinitionFile
    from cimnet_nornir.application.service import Preview
    from cimnet_nornir.application.validation import Finding


@click.command("declare", short_help="Record a network definition as events.")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--check", is_flag=True, help="Show what would be recorded; record nothing.")
@click.option("--prune", is_flag=True, help="Remove what the file leaves out, after asking.")
@click.option("--yes", is_flag=True, help="Do not ask before removing.")
@click.option("--schema", is_flag=True, help="Print the JSON Schema of the file.")
@click.option("--detailed-exitcode", is_flag=True, help="With --check: exit 2 when something would be recorded.")
@accept_errors_option
@now_only("it changes intent, which only the present has")
@common_options
@click.pass_context
def command(
    ctx: click.Context,
    file: Path | None,
    check: bool,
    prune: bool,
    yes: bool,
    schema: bool,
    detailed_exitcode: bool,
    accept_errors: bool,
) -> int:
    """Record what differs between FILE and the present intent; what FILE leaves out stays.

    What adds errors to what cimnet check finds is refused.

    \b
    Examples:
      cimnet declare inventory/network.yaml --check
      cimnet declare inventory/network.yaml --reason "CHG-1042 new lab VLAN"
      cimnet declare inventory/network.yaml --prune
      cimnet declare --schema > network.schema.json
    """
    options = options_of(ctx)
    if schema:
        from cimnet_nornir.application.declaring import schema as definition_schema

        say(json.dumps(definition_schema(), indent=2, ensure_ascii=False))
        return 0
    definition = read_definition(options, file)
    if check or prune:
        preview = definition.preview(options.service, prune=prune)
        _show(options, preview, check=check, prune=prune)
        if check:
            tell_findings(preview.findings, definition.line, every=options.json)
        if check:
            return 2 if detailed_exitcode and preview.events else 0
        _ask(options, preview, yes=yes)
    result = definition.declare(options.service, prune=prune, accept_errors=accept_errors)
    tell_findings(result.findings, definition.line, every=options.json)
    _report(options, result)
    return 0


def read_definition(options: Options, file: Path | None) -> "DefinitionFile":
    """The definition; every problem of the file is shown, one a line."""
    from cimnet_nornir.application.declaring import read_file

    path = file or near(options.settings.project / "inventory" / "network.yaml")
    definition, problems = read_file(options.service, path)
    if definition is None:
        for problem in problems[:-1]:
            note(f"cimnet: error: {problem.message}")
        raise problems[-1]
    return definition


def _show(options: Options, preview: "Preview", *, check: bool, prune: bool) -> None:
    from cimnet_nornir.application.describe import describe, removes, subject_of

    if options.json and check:
        events = [
            {"stream": stream, "type": event.type_name(), "data": event.model_dump(mode="json")}
            for stream, event in preview.events
        ]
        content = {"check": True, "count": len(events), "events": events}
        print_json("declare", content | {"findings": findings_json(preview.findings)})
        return
    # Beside a JSON document that is still to come, it is shown to whoever is asked.
    show = note if options.json else say
    for stream, event in preview.events:
        mark = bad("-") if removes(event) else good("+")
        show(f"{mark} {subject_of(stream)}: {describe(event)}")
    if check:
        say(f"{count(len(preview.events), 'event')} would be recorded" if preview.events else "nothing to record")
    if preview.left_out and not prune:
        left = count(len(preview.left_out), "thing")
        note(faint(f"{left} in the intent that the file leaves out would stay; see --prune"))


def findings_json(findings: "Iterable[Finding]") -> list[dict[str, Any]]:
    """Findings as they stand in JSON answers."""
    from cimnet_nornir.reports.check import finding_json

    return [finding_json(finding) for finding in findings]


def tell_findings(findings: "Sequence[Finding]", line: "Callable[[Finding], str]", *, every: bool) -> None:
    """What a change would add to what validation finds, beside the result.

    A rule that finds the same VLAN on many devices has one line, unless `every` finding is to have its own.
    """
    from cimnet_nornir.application.validation import alike, likewise, merged

    for group in ((finding,) for finding in merged(findings)) if every else alike(findings):
        mark = bad("error") if group[0].severity == "error" else odd("warning")
        others = likewise(group)
        note(f"{mark}: {line(group[0])}" + (f"; likewise {others}" if others else ""))


def _ask(options: Options, preview: "Preview", *, yes: bool) -> None:
    from cimnet_nornir.application.describe import removes

    removals = [event for _, event in preview.events if removes(event)]
    if not removals or yes:
        return
    if not options.interactive:
        raise click.ClickException(f"{count(len(removals), 'removal')} listed above; say --yes to record them")
    click.confirm(
        f"Record {count(len(preview.events), 'event')}, {count(len(removals), 'removal')} among them?",
        abort=True,
        err=True,
    )


def _report(options: Options, result: "ChangeResult") -> None:
    from cimnet_nornir.application.changes import stored_intent

    recorded = list(stored_intent(result))
    if options.json:
        request = str(result.correlation_id) if result.correlation_id else None
        events = [{"event": str(item.event_id), "stream": item.aggregate_id, "type": item.type} for item in recorded]
        content = {"check": False, "count": len(recorded), "request": request, "events": events}
        print_json("declare", content | {"findings": findings_json(result.findings)})
        return
    if not recorded:
        say("0 events recorded: the intent is as the file says")
        return
    say(f"{count(len(recorded), 'event')} recorded in request {str(result.correlation_id)[:8]}")
    for kind, number in Counter(item.type for item in recorded).most_common():
        say(f"  {number:4} {kind}")
    if options.reason is None:
        note("no --reason was given: cimnet blame will tell who and when, not why")
    note("next: cimnet plan")
