"""`cimnet lifecycle`: where each device stands in its life, and what is announced of it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from cimnet_nornir.cli import completing
from cimnet_nornir.cli.groups import ShowsUnlessTold
from cimnet_nornir.cli.options import Options, at_option, common_options, hosts_argument, now_only, options_of
from cimnet_nornir.cli.output import bad, faint, good, note, odd, print_json, say, table

if TYPE_CHECKING:
    from cimnet_nornir.application.lifecycle import Standing

_COLORS = {"active": good, "failed": bad, "maintenance": odd, "decommissioned": faint}
_HEADINGS = ("HOST", "STATE", "SINCE", "BY", "WHY")
_NOW_ONLY = now_only("it announces what becomes of devices from now on")


@click.group(
    "lifecycle",
    cls=ShowsUnlessTold,
    subcommand_metavar="[HOST]... | COMMAND [ARGS]...",
    short_help="Where each device stands in its life.",
)
@common_options
def command() -> None:
    """Show where each device stands in its life in this environment, or announce what becomes of it.

    Pushes are told by themselves: a device that is applied to becomes active, one that refuses a line failed. What is
    in maintenance or on its way out is left out of plan, apply, verify and drift unless it is named.

    \b
    Examples:
      cimnet lifecycle
      cimnet lifecycle acc1 --at 2026-11-23T08:00
      cimnet lifecycle maintenance acc1 acc2 --until 4h --reason "CHG-1077, supervisor swap"
      cimnet lifecycle end-maintenance acc1 acc2
      cimnet lifecycle --mermaid
    """


@command.command("show")
@hosts_argument
@click.option("--mermaid", is_flag=True, help="Print the diagram of all states (Mermaid) instead.")
@at_option
@common_options
@click.pass_context
def show(ctx: click.Context, hosts: tuple[str, ...], mermaid: bool, at: str | None) -> None:
    """Show each device with its state, since when, by whom and why. `show` may be left out.

    \b
    Examples:
      cimnet lifecycle show acc1 --at 2026-11-23T08:00
      cimnet lifecycle --limit 'acc*'
    """
    from cimnet_nornir.application.lifecycle_words import diagram

    if mermaid:
        say(diagram().rstrip())
        return
    options = options_of(ctx)
    position = options.service.position(at)
    names = set(options.chosen(hosts, at=position, servers=True))
    standings = options.service.lifecycle(position)
    if not standings:
        when = "yet" if position is None else "at that moment"
        note(f"no devices: nothing was declared {when}; cimnet declare inventory/network.yaml")
    _tell(options, {key: item for key, item in standings.items() if item.subject.name in names}, at=position)


def _announcement(name: str, text: str) -> None:
    """A sub-command that announces one thing of the hosts that are named."""

    @command.command(name, help=f'{text}\n\n\b\nExamples:\n  cimnet lifecycle {name} acc1 --reason "CHG-1077"')
    @click.argument("hosts", nargs=-1, metavar="HOST...", shell_complete=completing.hosts)
    @_NOW_ONLY
    @common_options
    @click.pass_context
    def announce(ctx: click.Context, hosts: tuple[str, ...]) -> None:
        _announce(options_of(ctx), name, hosts)


_announcement("provision", "It is being installed. From planned or failed, or to use a decommissioned one again.")
_announcement("commission", "It is in service as it is, without a push. Also takes a decommissioning back.")
_announcement("end-maintenance", "The work is done, and it is in service again.")
_announcement("decommission", "It is being taken out of service.")
_announcement("decommissioned", "It is out of service: nothing is pushed to it any more.")


@command.command("maintenance")
@click.argument("hosts", nargs=-1, metavar="HOST...", shell_complete=completing.hosts)
@click.option(
    "--until", required=True, metavar="WHEN", help="The end of the window: a time (ISO 8601), or 30min, 4h, 2d, 1w."
)
@_NOW_ONLY
@common_options
@click.pass_context
def maintenance(ctx: click.Context, hosts: tuple[str, ...], until: str) -> None:
    """Work on it begins now, and is announced until then. In maintenance already, the window is a new one.

    \b
    Examples:
      cimnet lifecycle maintenance acc1 acc2 --until 4h --reason "CHG-1077, supervisor swap"
      cimnet lifecycle maintenance --limit 'acc*' --until 2026-12-24T06:00
    """
    _announce(options_of(ctx), "maintenance", hosts, until=until)


def _announce(options: Options, action: str, hosts: tuple[str, ...], *, until: str | None = None) -> None:
    from cimnet_nornir.application.lifecycle_words import ACTIONS, until_from

    if not hosts and not options.limit:
        raise click.UsageError(f"name the hosts: cimnet lifecycle {action} HOST... (or --limit)")
    service = options.service
    end = until_from(until, service.actor.clock()) if until is not None else None
    _tell(options, service.announce(options.chosen(hosts, servers=True), ACTIONS[action], until=end))


def _tell(options: Options, standings: "Mapping[str, Standing]", *, at: int | None = None) -> None:
    if options.json:
        content = {item.subject.name: _json(item) for item in standings.values()}
        print_json("lifecycle", {"environment": options.settings.environment, "at": at, "devices": content})
        return
    rows = [_row(options, item) for item in standings.values()]
    for line in table(rows, _HEADINGS) if rows else ():
        say(line)


def _row(options: Options, standing: "Standing") -> tuple[str, ...]:
    from cimnet_nornir.application.lifecycle_words import explain

    status = standing.status
    color = _COLORS.get(status.state.value, str)
    since = f"{status.since.astimezone():%Y-%m-%d %H:%M}"
    why = explain(status, options.service.actor.clock())
    return standing.subject.name, color(status.state.value), since, status.by, why or "-"


def _json(standing: "Standing") -> dict[str, Any]:
    status = standing.status
    window = status.window
    return {
        "kind": standing.subject.kind.value,
        "state": status.state.value,
        "since": status.since.isoformat(),
        "by": status.by,
        "reason": status.reason or None,
        "window": {"start": window.start.isoformat(), "until": window.until.isoformat()} if window else None,
        "outcome": status.outcome or None,
        "failure": status.failure or None,
    }
