"""`cimnet plan`: reads the devices and shows each one's remediation."""

from collections.abc import Callable, Collection
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cimnet_nornir.cli.alike_text import FEW
from cimnet_nornir.cli.declare_command import findings_json, tell_findings
from cimnet_nornir.cli.kept_out import in_ordinary_work
from cimnet_nornir.cli.options import (
    Options,
    accept_errors_option,
    at_option,
    common_options,
    full_option,
    hosts_argument,
    options_of,
)
from cimnet_nornir.cli.output import note, print_json, say
from cimnet_nornir.cli.plans import show_plan, unmodelled
from cimnet_nornir.cli.progress import progress
from cimnet_nornir.cli.report_options import Reports, report_options

if TYPE_CHECKING:
    from cimnet_nornir.application.plan import Plan
    from cimnet_nornir.application.pushing import PushOptions
    from cimnet_nornir.application.validation import Finding
    from cimnet_nornir.tasks.port import NornirDevices


@click.command("plan", short_help="Read the devices and show what would be sent to each.")
@hosts_argument
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
@full_option
@click.option("--detailed-exitcode", is_flag=True, help="Exit 2 when there is something to send.")
@report_options()
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
    full: bool,
    detailed_exitcode: bool,
    accept_errors: bool,
    at: str | None,
    reports: Reports,
) -> int:
    """Read the running configuration of each device and show what would take it to the intended one.

    With --at to what was intended then, which cimnet rollback --to brings back. Nothing is sent. Lines that nobody's
    intent owns are left alone; -v lists them. Of many devices those to which the same happens are shown once; --full
    shows each.

    Where the intent adds errors, as cimnet check finds them, to what the devices were given last, nothing is planned.

    \b
    Examples:
      cimnet plan
      cimnet plan acc1 --commands
      cimnet plan acc1 --reverse
      cimnet plan -o change.plan --limit group:role__access
      cimnet plan -o change.plan --markdown plan.md --junit plan.xml --detailed-exitcode
    """
    options = options_of(ctx)
    if at is not None and file is not None:
        raise click.UsageError(
            "a plan of a past intent is not carried out; take intent back: cimnet rollback --to", ctx
        )
    with options.devices() as devices:
        findings = admit(options, options.chosen(hosts), accept_errors=accept_errors) if at is None else ()
        plan = make_plan(options, devices, hosts, at=options.service.position(at))
    silent = options.json or reports.on_stdout
    if file is not None:
        _save(plan, file, tell=note if silent else say)
    if options.json:
        from cimnet_nornir.reports.events import plan_json

        print_json("plan", {**plan_json(plan), "findings": findings_json(findings)})
    elif not reports.on_stdout:
        show_plan(plan, commands=commands, reverse=reverse, full=full, options=options.settings.push)
    first = "approve" if file is not None and options.settings.approval.required else "apply"
    then = f"{first} {file}" if file else f"{first}{options.scope(hosts)}"
    if not silent and not full and len(plan.changes) > FEW:
        note("devices to which the same happens are shown once; --full shows each")
    _beside(options, plan, then, silent=silent or at is not None)
    report_plan(reports, plan, options.settings.push, findings)
    return plan_status(plan, pending=bool(plan.changes) and detailed_exitcode)


def _beside(options: Options, plan: "Plan", then: str, *, silent: bool) -> None:
    """What is said beside a plan that a person reads."""
    for line in unmodelled(plan) if options.verbose and not options.json else ():
        note(line)
    if plan.changes and not silent:
        note(f"next: cimnet {then}")


def report_plan(
    reports: Reports, plan: "Plan", push: "PushOptions | None", findings: "tuple[Finding, ...]" = ()
) -> None:
    """Write the reports of a plan; `push` says how it would be pushed, `findings` what validation finds in it."""
    from cimnet_nornir.reports.plan import plan_junit, plan_markdown

    reports.write(
        lambda: plan_junit(plan), lambda limit: plan_markdown(plan, options=push, findings=findings, limit=limit)
    )


def admit(options: Options, hosts: Collection[str], *, accept_errors: bool) -> "tuple[Finding, ...]":
    """Refuse where taking the hosts to the intent adds errors that are not accepted; what is found else is shown."""
    from cimnet_nornir.application.validation import finding_line

    findings = options.service.admit(hosts, accept_errors=accept_errors)
    tell_findings(findings, finding_line, every=options.json)
    return findings


def make_plan(
    options: Options,
    devices: "NornirDevices",
    hosts: tuple[str, ...] = (),
    *,
    at: int | None = None,
    pushes: bool = True,
    named: tuple[str, ...] | None = None,
) -> "Plan":
    """The plan for the hosts that the command line chooses, with progress; to the intent as of a position, if given.

    Devices that are kept out of ordinary work are left out unless they are named, by `hosts` or by `named`; a
    decommissioned one that is named is refused where something may be pushed by the plan (`pushes`).
    """
    names = options.chosen(hosts, at=at)
    if at is not None:
        names = _still_there(options, names, at)
    if not names:
        # An empty inventory: says which network is missing and how to declare it.
        options.service.network()
    names = in_ordinary_work(options, names, hosts if named is None else named, pushes=pushes and at is None)
    if not options.json:
        note(f"environment: {options.settings.environment}, {options.tally(names, at=at)}")
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


def _save(plan: "Plan", file: Path, *, tell: "Callable[[str], None]") -> None:
    from cimnet_nornir.application.plan import write_plan

    try:
        write_plan(plan, file)
    except OSError as error:
        raise click.ClickException(f"{file}: {error.strerror}") from error
    tell(f"plan {plan.digest[:19]} saved to {file}")
