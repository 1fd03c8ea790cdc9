"""`cimnet drift`: what was changed on devices by hand."""

from typing import TYPE_CHECKING, Any

import click

from cimnet_nornir.cli.alike_text import FEW, Group, groups, plan_text
from cimnet_nornir.cli.drift_adopt import adopt
from cimnet_nornir.cli.drift_ignore import ignore, ignored_lines
from cimnet_nornir.cli.drift_reading import read_drift
from cimnet_nornir.cli.drift_revert import revert
from cimnet_nornir.cli.groups import ShowsUnlessTold
from cimnet_nornir.cli.options import Options, at_option, common_options, full_option, hosts_argument, options_of
from cimnet_nornir.cli.output import bad, colored_diff, count, good, heading, note, odd, print_json, say
from cimnet_nornir.cli.plan_command import plan_status
from cimnet_nornir.cli.plans import unmodelled, unread_lines
from cimnet_nornir.cli.report_options import Reports, report_options

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cimnet_nornir.application.drift import DeviceDrift, DriftReport
    from cimnet_nornir.domain.envelope import StoredEvent


@click.group(
    "drift",
    cls=ShowsUnlessTold,
    subcommand_metavar="[HOST]... | COMMAND [ARGS]...",
    short_help="Find what was changed on devices by hand; take it back, let it be, or take it in.",
)
@common_options
def command() -> None:
    """Compare what devices run with what was applied to them, and say what becomes of the difference.

    Intent that is declared and not applied yet is no drift.

    \b
    Examples:
      cimnet drift
      cimnet drift acc1 --json
      cimnet drift revert acc1 --reason "CHG-1104"
      cimnet drift ignore acc1 "description borrowed by Bob" --until 2d --reason "he gives it back on Friday"
      cimnet drift adopt acc1 --reason "CHG-1106 he was right"
      cimnet drift --at 2026-11-23
    """


command.add_command(revert)
command.add_command(ignore)
command.add_command(adopt)


@command.command("show")
@hosts_argument
@full_option
@report_options()
@at_option
@common_options
@click.pass_context
def show(ctx: click.Context, hosts: tuple[str, ...], full: bool, at: str | None, reports: Reports) -> int:
    """Compare what devices run with what was applied to them. Exits 2 where somebody else changed something.

    Where drift comes or goes, an event is recorded, with what the device's log says of who configured it. With --at no
    device is read: the drift that was known then is told. -v also lists the lines that no intent speaks of, which are
    no drift. Of many devices those on which the same was changed are shown once; --full shows each.

    \b
    Examples:
      cimnet drift show acc1
      cimnet drift --at 2026-11-23
    """
    from cimnet_nornir.reports.verify import drifted, verification_junit, verification_markdown

    options = options_of(ctx)
    if at is not None:
        if reports != Reports():
            raise click.UsageError("--junit and --markdown tell what devices run now: leave --at out", ctx)
        return _known_then(options, hosts, options.service.position(at))
    with options.devices() as devices:
        report, _ = read_drift(options, devices, hosts)
    status = plan_status(report.plan, pending=bool(report.drifted))
    if options.json:
        rows = {
            item.plan.name: {
                "drifted": item.drifted,
                "pending": item.pending,
                "diff": item.plan.diff,
                "ignored": len(item.ignored),
            }
            for item in report.devices
        }
        reasons = {item.name: item.reason for item in report.plan.unread}
        print_json("drift", {"at": None, "devices": rows, "unread": reasons, "recorded": len(report.recorded)})
    elif not reports.on_stdout:
        _show(report, scope=options.scope(hosts), full=full)
        for line in unmodelled(report.plan) if options.verbose else ():
            say(line)
    found = drifted(report)
    reports.write(lambda: verification_junit(found), lambda limit: verification_markdown(found, limit=limit))
    return status


def _show_drifted(group: Group, members: "Sequence[DeviceDrift]") -> None:
    """Devices on which the same was changed, the first for all of them."""
    first = members[0]
    lines = count(first.drifted, "line")
    say(f"{group.title}: {heading(f'{lines} changed by hand (- running, + intended)')}")
    for line in (*group.members("  "), *group.notes("  "), *(f"  {line}" for line in colored_diff(first.plan.diff))):
        say(line)
    for warning in dict.fromkeys(warning for item in members for warning in item.doubts):
        say(f"  {odd('warning')}: {warning}")


def _show(report: "DriftReport", *, scope: str, full: bool) -> None:
    drifted = {item.plan.name: item for item in report.drifted}
    texts = {name: plan_text(item.plan, more=(str(item.drifted),)) for name, item in drifted.items()}
    for group in groups(texts, full=full):
        _show_drifted(group, [drifted[name] for name in group.names])
    for line in ignored_lines(report.devices):
        say(line)
    for line in unread_lines(report.plan):
        say(line)
    waiting = sum(1 for item in report.devices if item.pending)
    if waiting:
        note(f"{count(waiting, 'device')} with a change pending: cimnet apply")
    say(_summary(report))
    if drifted:
        named = "".join(f" {name}" for name in drifted) if len(drifted) <= FEW else scope
        note(f"next: cimnet drift revert{named} takes it back; adopt in its place takes it in, ignore lets it be")


def _known_then(options: Options, hosts: tuple[str, ...], at: int | None) -> int:
    """Tell of the drift that was known at a position."""
    from cimnet_nornir.application.drift import recorded_drift

    names = set(options.chosen(hosts, at=at))
    ids = {host.device: host.name for host in options.service.hosts(at) if host.name in names}
    known = {ids[device]: stored for device, stored in recorded_drift(options.service, at).items() if device in ids}
    if options.json:
        rows = {name: _row_then(stored) for name, stored in known.items()}
        print_json("drift", {"at": at, "devices": rows, "unread": {}, "recorded": 0})
    for name, stored in {} if options.json else known.items():
        say(
            heading(
                f"{name}: drift since {stored.recorded_at.astimezone():%Y-%m-%d %H:%M:%S} (event {stored.position})"
            )
        )
        for line in colored_diff("\n".join(_diff(stored))):
            say(f"  {line}")
    if not known and not options.json:
        say(good("no drift was known"))
    return 2 if known else 0


def _diff(stored: "StoredEvent") -> tuple[str, ...]:
    return tuple(getattr(stored.event, "diff", ()))


def _row_then(stored: "StoredEvent") -> dict[str, Any]:
    """A device's drift as it was recorded: how many lines, and since which event."""
    diff = _diff(stored)
    lines = sum(line.startswith(("+", "-")) for line in diff)
    return {"drifted": lines, "pending": None, "diff": "\n".join(diff), "since": stored.position}


def _summary(report: "DriftReport") -> str:
    """What is known, and of how many devices nothing is."""
    unread = f", {count(len(report.plan.unread), 'device')} not read" if report.plan.unread else ""
    if report.drifted:
        return bad(f"{count(len(report.drifted), 'device')} drifted") + unread
    if not report.devices:
        return bad(f"nothing is known{unread}")
    return (good("no drift") if not unread else f"no drift on {count(len(report.devices), 'device')}") + unread
