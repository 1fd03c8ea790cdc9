"""`cimnet verify`: whether running is what is intended, and the project's checks hold."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

from cimnet_nornir.cli.alike_text import FEW
from cimnet_nornir.cli.checks import Checked, check_devices, checks_failed, checks_json, show_checks
from cimnet_nornir.cli.options import at_option, common_options, full_option, options_of
from cimnet_nornir.cli.output import bad, good, print_json, say
from cimnet_nornir.cli.plan_command import make_plan
from cimnet_nornir.cli.plans import show_plan
from cimnet_nornir.cli.report_options import Reports, report_options

if TYPE_CHECKING:
    from cimnet_nornir.application.plan import Plan


@click.command("verify", short_help="Is running what is intended?")
@click.argument("hosts", nargs=-1, metavar="[HOST]...")
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
    if options.json:
        from cimnet_nornir.reports.events import plan_json

        content = {"in_sync": not plan.changes and not plan.unread, "plan": plan_json(plan)}
        print_json("verify", content | ({"checks": checks_json(found)} if checks else {}))
    elif not reports.on_stdout:
        _show_plan(plan, full=full)
        if checks:
            show_checks(options, found)
    _report(reports, plan, found if checks else None)
    return exit_status(
        (*(unread.outcome for unread in plan.unread), *("unreachable" for each in found.values() if each.unreached)),
        pending=bool(plan.changes) or checks_failed(found),
    )


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
