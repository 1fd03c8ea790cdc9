"""`cimnet waiver`: findings of validation that are let be, until a day and for a reason."""

from datetime import date, datetime
from typing import Any

import click

from cimnet_nornir.cli import completing
from cimnet_nornir.cli.options import at_option, common_options, now_only, options_of
from cimnet_nornir.cli.output import count, good, odd, print_json, say, table

_device = click.option(
    "--device",
    metavar="HOST",
    shell_complete=completing.hosts,
    help="Only of this device; of all where it is left out.",
)
_path = click.option("--path", default="", metavar="PLACE", help="Only at this place, as cimnet check names it.")


class Day(click.DateTime):
    """A day, whose error shows one instead of the format's letters."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Raises click.BadParameter."""
        try:
            found: datetime = super().convert(value, param, ctx)
        except click.BadParameter:
            self.fail(f"{value!r} is no date; write one like 2027-03-01", param, ctx)
        return found


@click.group("waiver", short_help="Let findings of validation be, until a day and for a reason.")
@common_options
def command() -> None:
    """Grant, revoke and list waivers. What a waiver covers is no finding any more, until its last day has gone by.

    \b
    Examples:
      cimnet waiver grant svi-without-ports --device acc1 --path Vlan30 --until 2027-05-31 --reason "ports come in May"
      cimnet waiver list
      cimnet waiver revoke svi-without-ports --device acc1 --path Vlan30
    """


@command.command("grant")
@click.argument("rule", shell_complete=completing.rules)
@_device
@_path
@click.option(
    "--until",
    required=True,
    type=Day(formats=["%Y-%m-%d"]),
    metavar="DATE",
    help="The last day on which it counts (UTC).",
)
@now_only("it changes what is waived from now on")
@common_options
@click.pass_context
def grant(ctx: click.Context, rule: str, device: str | None, path: str, until: datetime) -> None:
    """Let findings of RULE be; --reason says why, and is kept. A waiver for the same takes the old one's place.

    \b
    Examples:
      cimnet waiver grant svi-without-ports --until 2027-05-31 --reason "CHG-1042"
    """
    options = options_of(ctx)
    result = options.service.grant_waiver(rule, device=device, path=path, until=until.date())
    _report(options.json, str(result.correlation_id), _said(rule, device, path, until.date()))


@command.command("revoke")
@click.argument("rule", shell_complete=completing.rules)
@_device
@_path
@now_only("it changes what is waived from now on")
@common_options
@click.pass_context
def revoke(ctx: click.Context, rule: str, device: str | None, path: str) -> None:
    """Let findings that were waived count again.

    \b
    Examples:
      cimnet waiver revoke svi-without-ports --device acc1
    """
    options = options_of(ctx)
    result = options.service.revoke_waiver(rule, device=device, path=path)
    _report(options.json, str(result.correlation_id), f"the waiver of {_target(rule, device, path)} is revoked")


@command.command("list")
@at_option
@common_options
@click.pass_context
def listed(ctx: click.Context, at: str | None) -> None:
    """List the waivers, expired ones too.

    \b
    Examples:
      cimnet waiver list
      cimnet waiver list --at 120 --json
    """
    options = options_of(ctx)
    waivers = options.service.waivers(options.service.position(at))
    if options.json:
        from cimnet_nornir.reports.check import waiver_json

        print_json("waivers", {"waivers": [waiver_json(waiver) for waiver in waivers]})
        return
    rows = [
        (
            waiver.rule,
            waiver.device or "all",
            waiver.path or "all",
            odd(f"{waiver.expires} expired") if waiver.expired else str(waiver.expires),
            waiver.reason,
        )
        for waiver in waivers
    ]
    for line in table(rows, ("RULE", "DEVICE", "PLACE", "UNTIL", "REASON")) if rows else ():
        say(line)
    say(count(len(waivers), "waiver"))


def _said(rule: str, device: str | None, path: str, until: date) -> str:
    return f"{good('waived')} until {until}: {_target(rule, device, path)}"


def _target(rule: str, device: str | None, path: str) -> str:
    where = " ".join(part for part in (device or "", path) if part)
    return rule + (f" of {where}" if where else "")


def _report(json: bool, request: str, text: str) -> None:
    if json:
        print_json("waiver", {"request": request, "said": click.unstyle(text)})
        return
    say(f"{text}, in request {request[:8]}")
