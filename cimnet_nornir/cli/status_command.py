"""`cimnet status`: what is known of each device's state, and the collector that asks them."""

from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from cimnet_nornir.cli.collecting import ask, exit_of, keep_asking
from cimnet_nornir.cli.logs import LogFormat, log_option
from cimnet_nornir.cli.options import Options, at_option, common_options, hosts_argument, options_of
from cimnet_nornir.cli.output import count, note, print_json, say, table
from cimnet_nornir.cli.seconds import Seconds
from cimnet_nornir.cli.status_page import colored_health, show_page

if TYPE_CHECKING:
    from datetime import datetime

    from cimnet_nornir.application.collecting import CollectReport
    from cimnet_nornir.application.observations import DeviceStatus

_HEADINGS = ("HOST", "HEALTH", "SEEN", "UPTIME", "CPU", "MEMORY", "PORTS", "REMARKS")


@click.command("status", short_help="The state of each device, as it was observed.")
@hosts_argument
@click.option("--collect", is_flag=True, help="Ask the devices now, and record what changed.")
@click.option(
    "--every", type=Seconds(1, whole=False), metavar="SECONDS", help="Ask again and again, and tell of changes only."
)
@click.option(
    "--method", type=click.Choice(["netmiko", "napalm"]), default="netmiko", show_default=True, help="How to ask them."
)
@log_option
@at_option
@common_options
@click.pass_context
def command(
    ctx: click.Context,
    hosts: tuple[str, ...],
    collect: bool,
    every: float | None,
    method: str,
    log_format: LogFormat,
    at: str | None,
) -> int:
    """Show whether each device answers, since when, how busy it is, its ports, drift, and whether a change is pending.

    With one HOST its whole page: ports with VLANs, cables and rates, VLANs, routing. No device is asked without
    --collect or --every; then counters are kept for some days (observations in the settings), and an event is recorded
    where a device comes or goes, a port changes, or errors begin to rise. --every asks until Ctrl-C; with --json it
    prints each such event as one line, and with --log json it logs each round and change, too.

    With --collect, exits 4 where a device was not reached, 3 where one refused.

    \b
    Examples:
      cimnet status
      cimnet status acc1
      cimnet status --collect
      cimnet status --every 60
      cimnet status --every 60 --log json 2>> status.log
      cimnet status --at 2026-11-23T08:00
    """
    options = options_of(ctx)
    if at is not None and (collect or every is not None):
        raise click.UsageError("--at tells of the past: leave --collect and --every out", ctx)
    if every is not None:
        return keep_asking(options, hosts, every=every, method=method, log_format=log_format)
    if ctx.get_parameter_source("log_format") is not ParameterSource.DEFAULT:
        raise click.UsageError("--log is how --every logs: give both", ctx)
    report = ask(options, hosts, method=method) if collect else None
    _show(options, hosts, options.service.position(at), report)
    return exit_of(report) if report is not None else 0


def _show(options: Options, hosts: tuple[str, ...], at: int | None, report: "CollectReport | None") -> None:
    names = options.chosen(hosts, at=at, servers=True)
    if not names:
        # No device, or nothing declared at all: then it says what to do about that.
        options.service.outline(at)
    if len(hosts) == 1 and len(names) == 1:
        show_page(options, names[0], at)
        return
    from cimnet_nornir.application.device_status import device_statuses

    found = [status for status in device_statuses(options.service, at).values() if status.name in names]
    if options.json:
        print_json("status", _json(options, found, at, report))
        return
    now = _now(options, at)
    for line in table([_row(status, now) for status in found], _HEADINGS, fold=True):
        say(line)
    if not any(status.reachability for status in found):
        note(
            "nothing was observed yet; ask the devices: cimnet status --collect" if at is None else "nothing was known"
        )
    if report is not None and report.recorded:
        note(f"{count(len(report.recorded), 'change')} recorded")


def _now(options: Options, at: int | None) -> "datetime":
    """The moment from which times are counted."""
    from cimnet_nornir.application.device_status import moment_of

    return moment_of(options.service, at) or options.service.actor.clock()


def _row(status: "DeviceStatus", now: "datetime") -> tuple[str, ...]:
    from cimnet_nornir.application.status_words import ago_words, percent_words, ports_words, remark_words, uptime_words

    facts = status.facts
    return (
        status.name,
        colored_health(status.health),
        ago_words(status.seen, now),
        uptime_words(facts.uptime if facts is not None else None),
        percent_words(facts.cpu if facts is not None else None),
        percent_words(facts.memory if facts is not None else None),
        ports_words(status),
        remark_words(status) or "-",
    )


def _json(
    options: Options, found: "list[DeviceStatus]", at: int | None, report: "CollectReport | None"
) -> dict[str, Any]:
    return {
        "environment": options.settings.environment,
        "at": at,
        "devices": {status.name: status.model_dump(mode="json", exclude={"name"}) for status in found},
        "collected": None if report is None else {"outcomes": report.outcomes, "recorded": len(report.recorded)},
    }
