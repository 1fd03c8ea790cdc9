"""`cimnet rollback --to WHEN`: intent, and with --apply the devices, go back to a moment."""

import click

from cimnet_nornir.cli.apply_command import carry_out
from cimnet_nornir.cli.options import Options, accept_errors_option, common_options, now_only, options_of
from cimnet_nornir.cli.output import note
from cimnet_nornir.cli.push_options import How, push_options
from cimnet_nornir.cli.restoring import show_restoration


@click.command("rollback", short_help="Take intent back to a moment.")
@click.option("--to", "when", required=True, metavar="WHEN", help="An event number, an event id, or a time (ISO 8601).")
@click.option("--check", is_flag=True, help="Show what would be recorded; record nothing.")
@click.option("--apply", "push", is_flag=True, help="Then plan, and push to the devices, as cimnet apply does.")
@click.option("--yes", is_flag=True, help="With --apply: do not ask.")
@push_options
@accept_errors_option
@now_only("--to names the moment")
@common_options
@click.pass_context
def command(ctx: click.Context, when: str, check: bool, push: bool, yes: bool, accept_errors: bool, how: How) -> int:
    """Make the intent what it was at a moment, by new events that name what they undo.

    With --limit only that of some devices and their links. What was pinned, pushed and seen since stays as it is, and
    is told.

    \b
    Examples:
      cimnet rollback --to 118 --check
      cimnet rollback --to 2026-11-23T08:00 --reason "CHG-1042 withdrawn"
      cimnet rollback --to 118 --apply --yes
    """
    options = options_of(ctx)
    if check and push:
        raise click.UsageError("--check records nothing, so there is nothing for --apply to push", ctx)
    if push and options.json:
        raise click.UsageError("--json gives one document; say cimnet apply --json after the rollback", ctx)
    if push and not yes and not options.interactive:
        raise click.ClickException("nothing was recorded: nobody is there to be asked; say --yes")
    position = options.service.position(when) or 0
    if not push:
        if _take_back(options, position, check=check) and not options.json:
            note("next: cimnet rollback without --check" if check else f"next: cimnet plan{options.scope()}")
        return 0
    with options.devices() as devices:
        _take_back(options, position, check=False)
        return carry_out(options, devices, yes=yes, accept_errors=accept_errors, how=how)


def _take_back(options: Options, position: int, *, check: bool) -> bool:
    """Record what goes back, and show it; whether there is something."""
    found = options.service.rollback(position, devices=options.limited(position, None), check=check)
    show_restoration(options, "rollback", found)
    return bool(found.planned)
