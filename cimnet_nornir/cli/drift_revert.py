"""`cimnet drift revert`: what was applied is brought back where somebody else changed it."""

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from cimnet_nornir.cli.drift_ignore import ignored_lines
from cimnet_nornir.cli.drift_reading import read_drift
from cimnet_nornir.cli.options import Options, common_options, hosts_argument, now_only, options_of
from cimnet_nornir.cli.output import good, note, print_json, say
from cimnet_nornir.cli.plans import unread_lines
from cimnet_nornir.cli.push_options import How, push_options

if TYPE_CHECKING:
    from cimnet_nornir.application.drift import DriftReport
    from cimnet_nornir.application.reverting import Reversal


@click.command("revert", short_help="Take back what was changed by hand.")
@hosts_argument
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--with-ignored", is_flag=True, help="Take back what is ignored, too.")
@push_options
@now_only("it pushes what was applied last; cimnet rollback --to takes intent back")
@common_options
@click.pass_context
def revert(ctx: click.Context, hosts: tuple[str, ...], yes: bool, with_ignored: bool, how: How) -> int:
    """Push what was applied to devices back, where somebody else has changed it; changes that wait are not brought.

    It is shown and asked for as in cimnet apply, and carried out in the same way: verified, and taken back itself where
    it fails. What is ignored (cimnet drift ignore) stays as it runs, unless --with-ignored says that it may go, too.

    \b
    Examples:
      cimnet drift revert
      cimnet drift revert acc1 --yes --reason "CHG-1104"
      cimnet drift revert acc1 --with-ignored
    """
    from cimnet_nornir.application.reverting import reversals

    options = options_of(ctx)
    with options.devices() as devices:
        report, readings = read_drift(options, devices, hosts, pushes=True)
    for line in unread_lines(report.plan):
        note(line)
    if not with_ignored:
        for line in ignored_lines(report.devices):
            note(line)
    found = reversals(options.service, report, readings, with_ignored=with_ignored)
    status = [_carry_out(options, each, yes=yes, how=how) for each in found]
    if not status:
        _nothing(options)
    return _worst((*status, _unread_status(report)))


def _carry_out(options: Options, reversal: "Reversal", *, yes: bool, how: How) -> int:
    from cimnet_nornir.cli.apply_command import carry_out

    here = replace(options)
    # The devices are reached with the service that knows what they are to be taken back to.
    here.__dict__["service"] = reversal.service
    with here.devices() as devices:
        return carry_out(here, devices, saved=reversal.plan, yes=yes, how=how)


def _nothing(options: Options) -> None:
    if options.json:
        print_json("apply", {"plan": None, "deployment": None, "devices": {}, "trouble": []})
    else:
        say(good("no drift to take back"))


def _unread_status(report: "DriftReport") -> int:
    from cimnet_nornir.application.status import exit_status

    return exit_status(each.outcome for each in report.plan.unread)


def _worst(statuses: tuple[int, ...]) -> int:
    """The worst of them, in the order of docs/reference/exit-status.md."""
    order = (5, 3, 4, 1, 2, 0)
    return min(statuses, key=order.index)
