"""`cimnet verify`: whether running is what is intended, and the project's checks hold."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

from cimnet_nornir.cli.alike_text import FEW
from cimnet_nornir.cli.checks import Checked, check_devices, checks_failed, checks_json, show_checks
from cimnet_nornir.cli.drift_ignore import ignored_lines
from cimnet_nornir.cli.options import Options, at_option, common_options, full_option, hosts_argument, options_of
from cimnet_nornir.cli.output import bad, good, print_json, say
from cimnet_nornir.cli.plan_command import make_plan
from cimnet_nornir.cli.plans import show_plan
from cimnet_nornir.cli.report_options import Reports, report_options

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cimnet_nornir.application.drift import DeviceDrift
    from cimnet_nornir.application.plan import Plan


@click.command("verify", short_help="Is running what is intended?")
@hosts_argument
@click.option("--checks", is_flag=True, help="Run the project's checks on the devices, too.")
@full_option
@report_options()
@at_option
@common_options
@click.pass_context
def command(
    ctx: click.Context, hosts: tuple[str, ...], checks: bool, full: bool, at: str | None, reports: Reports
) -> int:
    """Read the devices and compare with the intent, now or as of then. Exits 2 where one differs.

    What cimnet drift ignore lets be is told, and does not count.

    With --checks the checks that are run after a change (inventory/checks.yaml, checks/*.py) are run now; exits 2 where
    one fails. -v shows those that pass, too.

    \b
    Examples:
      cimnet verify
      cimnet verify acc1 acc2 --json
      cimnet verify --checks --limit group:role__access
      cimnet verify --checks --junit verify.xml
    """
    from cimnet_nornir.application.status import exit_status

    options = options_of(ctx)
    if checks:
        # What is wrong with the file that declares them is told before any device is asked.
        options.service.checks  # noqa: B018 - read here, for its errors
    with options.devices() as devices:
        plan = make_plan(options, devices, hosts, at=options.service.position(at), pushes=False)
        found = check_devices(options, devices, plan) if checks else {}
    let_be = _let_be(options, plan) if at is None else ()
    counts = _without(plan, let_be)
    if options.json:
        from cimnet_nornir.reports.events import plan_json

        content = {"in_sync": not counts.changes and not plan.unread, "plan": plan_json(plan)}
        print_json("verify", content | ({"checks": checks_json(found)} if checks else {}))
    elif not reports.on_stdout:
        _show_plan(counts, full=full)
        for line in ignored_lines(let_be):
            say(line)
        if checks:
            show_checks(options, found)
    _report(reports, counts, found if checks else None)
    return exit_status(
        (*(unread.outcome for unread in plan.unread), *("unreachable" for each in found.values() if each.unreached)),
        pending=bool(counts.changes) or checks_failed(found),
    )


def _let_be(options: Options, plan: "Plan") -> "tuple[DeviceDrift, ...]":
    """The devices on which others changed something that is ignored for a time."""
    from cimnet_nornir.application.drift import drift_in

    return tuple(item for item in drift_in(options.service, plan) if item.ignored) if plan.changes else ()


def _without(plan: "Plan", let_be: "Iterable[DeviceDrift]") -> "Plan":
    """The plan without the changes to devices on which all that differs is ignored."""
    names = {item.plan.device for item in let_be if item.only_ignored}
    nothing = {"commands": (), "carries": (), "inverse": (), "diff": "", "checks": (), "warnings": ()}
    devices = (device.model_copy(update=nothing) if device.device in names else device for device in plan.devices)
    return plan.model_copy(update={"devices": tuple(devices)})


def _show_plan(plan: "Plan", *, full: bool) -> None:
    """Which devices are as intended, many of them in ranges; then what differs."""
    from cimnet_nornir.application.name_ranges import name_ranges

    if full or len(plan.devices) <= FEW:
        marks = [(device.changed, device.name) for device in plan.devices]
    else:
        by_mark = {mark: [each.name for each in plan.devices if each.changed is mark] for mark in (False, True)}
        marks = [(mark, ", ".join(name_ranges(names))) for mark, names in by_mark.items() if names]
    for differs, names in marks:
        say(f"{bad('differs')}      {names}" if differs else f"{good('as intended')}  {names}")
    show_plan(plan, full=full)


def _report(reports: Reports, plan: "Plan", found: "Mapping[str, Checked] | None") -> None:
    from cimnet_nornir.reports.verify import verification_junit, verification_markdown, verified

    checks = None if found is None else {name: each.unreached or each.results for name, each in found.items()}
    reports.write(
        lambda: verification_junit(verified(plan), checks),
        lambda limit: verification_markdown(verified(plan), checks, limit=limit),
    )
