"""`cimnet verify`: whether running is what is intended, and the project's checks hold."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

from cimnet_nornir.cli.checks import Checked, check_devices, checks_failed, checks_json, show_checks
from cimnet_nornir.cli.options import Options, at_option, common_options, options_of
from cimnet_nornir.cli.output import bad, good, print_json, say
from cimnet_nornir.cli.plan_command import make_plan
from cimnet_nornir.cli.plans import show_plan
from cimnet_nornir.cli.report_options import Reports, report_options

if TYPE_CHECKING:
    from cimnet_nornir.application.plan import Plan


@click.command("verify", short_help="Is running what is intended?")
@click.argument("hosts", nargs=-1, metavar="[HOST]...")
@click.option("--checks", is_flag=True, help="Run the project's checks on the devices, too.")
@report_options()
@at_option
@common_options
@click.pass_context
def command(ctx: click.Context, hosts: tuple[str, ...], checks: bool, at: str | None, reports: Reports) -> int:
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
        _show(options, plan, found if checks else None)
    _report(reports, plan, found if checks else None)
    return exit_status(
        (*(unread.outcome for unread in plan.unread), *("unreachable" for each in found.values() if each.unreached)),
        pending=bool(plan.changes) or checks_failed(found),
    )


def _show(options: Options, plan: "Plan", found: "Mapping[str, Checked] | None") -> None:
    for device in plan.devices:
        mark = f"{bad('differs')}      " if device.changed else f"{good('as intended')}  "
        say(f"{mark}{device.name}")
    show_plan(plan)
    if found is not None:
        show_checks(options, found)


def _report(reports: Reports, plan: "Plan", found: "Mapping[str, Checked] | None") -> None:
    from cimnet_nornir.reports.verify import verification_junit, verification_markdown, verified

    checks = None if found is None else {name: each.unreached or each.results for name, each in found.items()}
    reports.write(
        lambda: verification_junit(verified(plan), checks),
        lambda limit: verification_markdown(verified(plan), checks, limit=limit),
    )
