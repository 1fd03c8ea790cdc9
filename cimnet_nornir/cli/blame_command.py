"""`cimnet blame HOST [TEXT]`: the event, person and reason behind each line."""

from typing import TYPE_CHECKING, Any

import click

from cimnet_nornir.cli import completing
from cimnet_nornir.cli.options import at_option, common_options, options_of
from cimnet_nornir.cli.output import faint, fitted, odd, one_line, print_json, say, table

if TYPE_CHECKING:
    from cimnet_nornir.application.blaming import BlamedLine


_HEADINGS = ("EVENT", "WHO", "WHEN", "WHY", "PUSHED BY", "LINE")
# Reasons are cut first, then the names of events, whose numbers stay.
_SPARE = {3: 12, 0: 10}


@click.command("blame", short_help="The event, person and reason behind each line.")
@click.argument("host", shell_complete=completing.hosts)
@click.argument("text", required=False, default="")
@click.option("--wide", is_flag=True, help="Cut nothing to the width of the terminal.")
@at_option
@common_options
@click.pass_context
def command(ctx: click.Context, host: str, text: str, wide: bool, at: str | None) -> None:
    """Show for each line of HOST's configuration the event that put it there, who, when and why, and what pushed it.

    With TEXT only lines that contain it, or stand in a section that does. Behind a line of a site template stand the
    template and the bundle that it is of. Lines of the device that nobody's intent owns come last: by which event they
    were seen first, and who configured the device then, if its log says so. At a terminal reasons and events are cut so
    that lines fit; --wide or -v cuts nothing.

    \b
    Examples:
      cimnet blame acc1
      cimnet blame dist1 "router ospf"
      cimnet blame acc1 "vlan 10" --at 2026-11-23
    """
    from cimnet_nornir.application.blaming import blame_lines

    options = options_of(ctx)
    lines = blame_lines(options.service, host, text=text, at=options.service.position(at))
    if options.json:
        print_json("blame", {"device": host, "lines": [_json(line) for line in lines]})
        return
    rows = [_row(line) for line in lines]
    for line in table(rows if wide or options.verbose else fitted(rows, _HEADINGS, _SPARE), _HEADINGS):
        say(line)


def _row(line: "BlamedLine") -> tuple[str, ...]:
    pushed = str(line.pushed.correlation_id)[:8] if line.pushed else faint("not pushed")
    if line.site:
        why = f"bundle {line.bundle.removeprefix('sha256:')[:8]}" if line.bundle else "-"
        return line.template or "a site template", "-", "-", why, pushed, line.line
    if line.origin is None:
        return _out_of_band(line)
    origin = line.origin
    when = f"{origin.recorded_at.astimezone():%Y-%m-%d %H:%M}"
    behind = f"#{origin.position} {origin.type}" + (f" (again as #{line.first.position})" if line.first else "")
    return behind, origin.actor, when, one_line(origin.reason or "-"), pushed, line.line


def _out_of_band(line: "BlamedLine") -> tuple[str, ...]:
    """A line that nobody's intent owns: since when it is known, and who typed it, if the device's log says so."""
    from cimnet_nornir.application.out_of_band import person_words

    what = odd("changed by hand") if line.by_hand else faint("not in intent")
    who = " or ".join(dict.fromkeys(entry.who for entry in line.configured)) or "-"
    if line.seen is None:
        return what, who, "-", "-", "-", line.line
    when = f"{line.seen.recorded_at.astimezone():%Y-%m-%d %H:%M}"
    said = "; ".join(person_words(entry) for entry in line.configured)
    seen = f"first seen by #{line.seen.position}" + (f"; {said}" if said else "")
    return what, one_line(who), when, one_line(seen), "-", line.line


def _json(line: "BlamedLine") -> dict[str, Any]:
    origin = line.origin
    return {
        "line": line.line,
        "path": list(line.path),
        "event": str(origin.event_id) if origin else None,
        "position": origin.position if origin else None,
        "type": origin.type if origin else None,
        "actor": origin.actor if origin else None,
        "when": origin.recorded_at.isoformat() if origin else None,
        "reason": origin.reason if origin else None,
        "request": str(origin.correlation_id) if origin else None,
        "deployment": str(line.pushed.correlation_id) if line.pushed else None,
        "first": str(line.first.event_id) if line.first else None,
        "seen": str(line.seen.event_id) if line.seen else None,
        "site_template": line.site,
        "template": line.template or None,
        "bundle": line.bundle or None,
        "by_hand": line.by_hand,
        "configured": [entry.model_dump(mode="json") for entry in line.configured],
    }
