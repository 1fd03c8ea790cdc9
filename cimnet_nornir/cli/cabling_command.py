"""`cimnet cabling`: what devices hear of one another, laid over the declared links."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click

from cimnet_nornir.cli.collecting import ask, exit_of
from cimnet_nornir.cli.options import at_option, common_options, hosts_argument, options_of
from cimnet_nornir.cli.output import bad, count, good, note, print_json, say, table
from cimnet_nornir.cli.status_page import colored_verdict

if TYPE_CHECKING:
    from cimnet_nornir.application.cabling import Cable

_HEADINGS = ("A", "B", "CABLE", "WHY")
_PENDING = 2


@click.command("cabling", short_help="What devices hear of one another, laid over the declared links.")
@hosts_argument
@click.option("--collect", is_flag=True, help="Ask the devices now, before their cables are judged.")
@click.option("--all", "everything", is_flag=True, help="Show cables that are as declared, too.")
@at_option
@common_options
@click.pass_context
def command(ctx: click.Context, hosts: tuple[str, ...], collect: bool, everything: bool, at: str | None) -> int:
    """Compare the declared links with what devices heard of one another by CDP and LLDP when they were asked last.

    A cable is ok, missing (declared, and neither end hears the other though both are up), wrong (an end hears another
    device or port), unexpected (heard where none is declared) or unknown (an end is down, was not asked, or does not
    tell of neighbours). Exits 2 where one is missing, wrong or unexpected.

    \b
    Examples:
      cimnet cabling --collect
      cimnet cabling acc1 --all
      cimnet cabling --json --at 2026-11-23T08:00
    """
    from cimnet_nornir.application.cabling import FINDINGS
    from cimnet_nornir.application.cabling_of import network_cabling, of_devices

    options = options_of(ctx)
    if at is not None and collect:
        raise click.UsageError("--at tells of the past: leave --collect out", ctx)
    report = ask(options, (), method="netmiko") if collect else None
    position = options.service.position(at)
    chosen = set(options.chosen(hosts, at=position, servers=True))
    names = {host.device: host.name for host in options.service.hosts(position)}
    found = network_cabling(options.service, position)
    if hosts or options.limit:
        found = of_devices(found, frozenset(device for device, name in names.items() if name in chosen))
    if options.json:
        content = [_json(cable, names) for cable in found]
        print_json("cabling", {"environment": options.settings.environment, "at": position, "cables": content})
    else:
        _show([cable for cable in found if everything or cable.verdict != "ok"], found, names)
    pending = _PENDING if any(cable.verdict in FINDINGS for cable in found) else 0
    return (exit_of(report) if report is not None else 0) or pending


def _show(shown: "Iterable[Cable]", found: "tuple[Cable, ...]", names: dict[str, str]) -> None:
    from cimnet_nornir.application.cabling import FINDINGS

    rows = [_row(cable, names) for cable in shown]
    for line in table(rows, _HEADINGS, fold=True) if rows else ():
        say(line)
    verdicts = [cable.verdict for cable in found]
    tally = ", ".join(f"{verdicts.count(verdict)} {verdict}" for verdict in dict.fromkeys(verdicts))
    wrong = any(verdict in FINDINGS for verdict in verdicts)
    say((bad if wrong else good)(f"{count(len(found), 'cable')}" + (f": {tally}" if tally else "")))
    if found and all(verdict == "unknown" for verdict in verdicts):
        note("nothing was heard; ask the devices: cimnet cabling --collect")


def _row(cable: "Cable", names: dict[str, str]) -> tuple[str, ...]:
    why = cable.reason or ("no link is declared" if not cable.declared else "-")
    return _words(cable.a, names), _words(cable.b, names), colored_verdict(cable.verdict), why


def _words(end: tuple[str, str], names: dict[str, str]) -> str:
    from cimnet_nornir.application.status_words import short_port

    return f"{names.get(end[0], end[0])} {short_port(end[1])}".rstrip()


def _json(cable: "Cable", names: dict[str, str]) -> dict[str, Any]:
    return {
        "a": {"device": names.get(cable.a[0], cable.a[0]), "port": cable.a[1]},
        "b": {"device": names.get(cable.b[0], cable.b[0]), "port": cable.b[1]},
        "declared": cable.declared,
        "verdict": cable.verdict,
        "reason": cable.reason,
        "heard": [
            {
                "at": {"device": names.get(item.at[0], item.at[0]), "port": item.at[1]},
                "name": item.name,
                "port": item.port,
                "device": names.get(item.device or ""),
            }
            for item in cable.heard
        ],
    }
