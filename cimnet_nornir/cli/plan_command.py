"""`cimnet plan`: reads the devices and shows each one's remediation."""

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cimnet_nornir.cli.declare_command import tell_findings
from cimnet_nornir.cli.kept_out import in_ordinary_work
from cimnet_nornir.cli.options import Options, accept_errors_option, at_option, common_options, options_of
from cimnet_nornir.cli.output import count, note, print_json, say
from cimnet_nornir.cli.plans import plan_json, show_plan, unmodelled
from cimnet_nornir.cli.progress import progress

if TYPE_CHECKING:
    from cimnet_nornir.application.plan import Plan
    from cimnet_nornir.tasks.port import NornirDevices


@click.command("plan", short_help="Read the devices and show what would be sent to each.")
@click.argument("hosts", nargs=-1, metavar="[HOST]...")
@click.option(
    "-o",
    "--output",
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Save the plan, for cimnet apply FILE.",
)
@click.option("--commands", is_flag=True, help="Show the commands instead of the difference.")
@click.option("--reverse", is_flag=True, help="Show the commands that would take it back.")
@click.option("--detailed-exitcode", is_flag=True, help="Exit 2 when there is something to send.")
@accept_errors_option
@at_option
@common_options
@click.pass_context
def command(
    ctx: click.Context,
    hosts: tuple[str, ...],
    file: Path | None,
    commands: bool,
    reverse: bool,
    detailed_exitcode: bool,
    accept_errors: bool,
    at: str | None,
) -> int:
    """Read the running configuration of each device and show what would take it to the intended one.

    With --at to what was intended then, which cimnet rollback --to brings back. Nothing is sent. Lines that nobody's
    intent owns are left alone; -v lists them.

    Where the intent adds errors, as cimnet check finds them, to what the devices were given last, nothing is planned.

    \b
    Examples:
      cimnet plan
      cimnet plan acc1 --commands
      cimnet plan acc1 --reverse
      cimnet plan -o change.plan --limit group:role__access
    """
    options = options_of(ctx)
    if at is not None and file is not None:
        raise click.UsageError(
            "a plan of a past intent is not carried out; take intent back: cimnet rollback --to", ctx
        )
    with options.devices() as devices:
        if at is None:
            admit(options, options.chosen(hosts), accept_errors=accept_errors)
        plan = make_plan(options, devices, hosts, at=options.service.position(at))
    if file is not None:
        _save(plan, file)
    if options.json:
        print_json("plan", plan_json(plan))
    else:
        show_plan(plan, commands=commands, reverse=reverse, options=options.settings.push)
        for line in unmodelled(plan) if options.verbose else ():
            note(line)
        if plan.changes and at is None:
            note("next: cimnet apply" + (f" {file}" if file else options.scope(hosts)))
    return plan_status(plan, pending=bool(plan.changes) and detailed_exitcode)


def admit(options: Options, hosts: Collection[str], *, accept_errors: bool) -> None:
    """Refuse where taking the hosts to the intent adds errors that are not accepted; warnings are shown."""
    from cimnet_nornir.application.validation import finding_line

    tell_findings(options.service.admit(hosts, accept_errors=accept_errors), finding_line, every=options.json)


def make_plan(
    options: Options,
    devices: "NornirDevices",
    hosts: tuple[str, ...] = (),
    *,
    at: int | None = None,
    pushes: bool = True,
) -> "Plan":
    """The plan for the hosts that the command line chooses, with progress; to the intent as of a position, if given.

    Devices that are kept out of ordinary work are left out unless they are named; a decommissioned one that is named is
    refused where something may be pushed by the plan (`pushes`).
    """
    names = options.chosen(hosts, at=at)
    if at is not None:
        names = _still_there(options, names, at)
    if not names:
        # An empty inventory: says which network is missing and how to declare it.
        options.service.network()
    names = in_ordinary_work(options, names, hosts, pushes=pushes and at is None)
    if not options.json:
        note(f"environment: {options.settings.environment}, {count(len(names), 'device')}")
    with progress("reading", len(names), verbose=options.verbose > 0) as tell:
        return options.service.plan(devices, names, at=at, progress=tell)


def _still_there(options: Options, names: tuple[str, ...], at: int) -> tuple[str, ...]:
    """The ids of the hosts of then that are hosts still: only they can be read."""
    ids = {host.name: host.device for host in options.service.hosts(at)}
    present = {host.device for host in options.service.hosts()}
    gone = [name for name in names if ids[name] not in present]
    if gone:
        note(f"no longer in the network, and not read: {', '.join(gone)}")
    return tuple(ids[name] for name in names if ids[name] in present)


def plan_status(plan: "Plan", *, pending: bool) -> int:
    """The exit status of a plan: what could not be read counts."""
    from cimnet_nornir.application.status import exit_status

    return exit_status((unread.outcome for unread in plan.unread), pending=pending)


def _save(plan: "Plan", file: Path) -> None:
    from cimnet_nornir.application.plan import write_plan

    try:
        write_plan(plan, file)
    except OSError as error:
        raise click.ClickException(f"{file}: {error.strerror}") from error
    say(f"plan {plan.digest[:19]} saved to {file}")
