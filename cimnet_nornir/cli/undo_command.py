"""`cimnet undo EVENT`: one change is taken back, by new events."""

import click

from cimnet_nornir.cli import completing
from cimnet_nornir.cli.history_command import history_row
from cimnet_nornir.cli.options import Options, common_options, now_only, options_of
from cimnet_nornir.cli.output import note, print_json, table
from cimnet_nornir.cli.restoring import show_restoration
from cimnet_nornir.errors import UndoRefused


@click.command("undo", short_help="Take back one change.")
@click.argument("event", metavar="EVENT", shell_complete=completing.chains)
@click.option("--request", is_flag=True, help="Take back all that the event's request changed.")
@click.option("--check", is_flag=True, help="Show what would be recorded; record nothing.")
@now_only("it changes intent, which only the present has")
@common_options
@click.pass_context
def command(ctx: click.Context, event: str, request: bool, check: bool) -> None:
    """Make what EVENT changed what it was just before, by new events; all else stays.

    EVENT is an event's number, its id or the beginning of it. Where later events depend on it, nothing is recorded and
    they are listed.

    \b
    Examples:
      cimnet undo 118 --check
      cimnet undo 118 --reason "CHG-1042 withdrawn"
      cimnet undo 3f2a9c1d --request
    """
    options = options_of(ctx)
    try:
        found = options.service.undo(event, request=request, check=check)
    except UndoRefused as refused:
        _show_dependents(options, refused)
        raise
    show_restoration(options, "undo", found)
    if found.planned and not options.json:
        note("next: cimnet undo without --check" if check else "next: cimnet plan")


def _show_dependents(options: Options, refused: UndoRefused) -> None:
    found = [options.service.store.find(identity) for identity in refused.dependents]
    stored = [item for item in found if item is not None]
    if options.json:
        rows = [{"event": str(item.event_id), "position": item.position, "type": item.type} for item in stored]
        print_json("undo", {"refused": refused.message, "dependents": rows})
        return
    if not stored:
        return
    hosts = {host.device: host.name for host in options.service.hosts()}
    for line in table([history_row(item, hosts) for item in stored], ("EVENT", "WHEN", "WHO", "ABOUT", "WHAT")):
        note(line)
