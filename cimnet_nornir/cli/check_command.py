"""`cimnet check`: validation of intent."""

import click

from cimnet_nornir.cli.options import at_option, common_options, options_of
from cimnet_nornir.cli.output import bad, count, good, odd, print_json, say


@click.command("check", short_help="Validate the intent.")
@at_option
@common_options
@click.pass_context
def command(ctx: click.Context, at: str | None) -> int:
    """Look for what is allowed but will not work, or hardly can be meant. Exits 2 where something is found.

    \b
    Examples:
      cimnet check
      cimnet check --json --at 120
    """
    options = options_of(ctx)
    position = options.service.position(at)
    chosen = set(options.chosen(at=position))
    findings = [finding for finding in options.service.check(position) if finding.concerns(chosen)]
    if options.json:
        rows = [
            {
                "severity": item.severity,
                "rule": item.rule,
                "device": item.device,
                "path": item.path,
                "message": item.message,
                "right": item.right,
            }
            for item in findings
        ]
        print_json("check", {"at": position, "findings": rows})
        return 2 if findings else 0
    for item in findings:
        mark = bad("error") if item.severity == "error" else odd("warning")
        say(f"{mark}: {item.device} {item.path}: {item.message}")
    say(count(len(findings), "finding") if findings else good("nothing found"))
    return 2 if findings else 0
