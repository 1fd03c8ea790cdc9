"""`cimnet drift`: what was changed on devices by hand."""

import click

from cimnet_nornir.cli.options import common_options, options_of
from cimnet_nornir.cli.output import bad, colored_diff, count, good, heading, note, print_json, say
from cimnet_nornir.cli.plan_command import plan_status
from cimnet_nornir.cli.progress import progress


@click.command("drift", short_help="Find what was changed on devices by hand.")
@click.argument("hosts", nargs=-1, metavar="[HOST]...")
@common_options
@click.pass_context
def command(ctx: click.Context, hosts: tuple[str, ...]) -> int:
    """Compare what devices run with what was applied to them. Exits 2 where somebody else changed something.

    Intent that is declared and not applied yet is no drift. Where drift comes or goes, an event is recorded.

    \b
    Examples:
      cimnet drift
      cimnet drift acc1 --json
    """
    from cimnet_nornir.application.drift import find_drift

    options = options_of(ctx)
    names = options.chosen(hosts)
    if not options.json:
        note(f"environment: {options.settings.environment}, {count(len(names), 'device')}")
    ids = [device.id for device in options.service.devices(names)]
    with options.devices() as devices, progress("reading", len(ids), verbose=options.verbose > 0) as tell:
        readings = devices.read(ids, progress=tell)
    report = find_drift(options.service, readings)
    status = plan_status(report.plan, pending=bool(report.drifted))
    if options.json:
        rows = {
            item.plan.name: {"drifted": item.drifted, "pending": item.pending, "diff": item.plan.diff}
            for item in report.devices
        }
        reasons = {item.name: item.reason for item in report.plan.unread}
        print_json("drift", {"devices": rows, "unread": reasons, "recorded": len(report.recorded)})
        return status
    for item in report.drifted:
        say(heading(f"{item.plan.name}: {count(item.drifted, 'line')} changed by hand (- running, + intended)"))
        for line in colored_diff(item.plan.diff):
            say(f"  {line}")
    for unread in report.plan.unread:
        say(f"{bad(unread.name)}: {unread.reason}")
    waiting = sum(1 for item in report.devices if item.pending)
    if waiting:
        note(f"{count(waiting, 'device')} with intent that waits for cimnet apply")
    say(bad(f"{count(len(report.drifted), 'device')} drifted") if report.drifted else good("no drift"))
    if report.drifted:
        note("next: cimnet apply takes it back; cimnet declare takes it in")
    return status
