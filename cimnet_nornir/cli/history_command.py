"""`cimnet history`: what happened, newest first."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

from cimnet_nornir.cli import completing
from cimnet_nornir.cli.options import at_option, common_options, options_of
from cimnet_nornir.cli.output import faint, note, one_line, print_json, say, table

if TYPE_CHECKING:
    from cimnet_nornir.domain.envelope import StoredEvent


@click.command("history", short_help="What happened, newest first.")
@click.argument("device", required=False, metavar="[HOST]", shell_complete=completing.hosts)
@click.option("--first", type=click.IntRange(min=1), default=50, show_default=True, metavar="N", help="How many.")
@click.option("--after", metavar="ID", help="Go on after this event (its number or id).")
@click.option(
    "--type",
    "types",
    multiple=True,
    metavar="TYPE",
    shell_complete=completing.event_types,
    help="Only events of this type, such as VlanCreated.",
)
@at_option
@common_options
@click.pass_context
def command(
    ctx: click.Context, device: str | None, first: int, after: str | None, types: tuple[str, ...], at: str | None
) -> None:
    """Show what happened, with who did it and why, newest first.

    \b
    Examples:
      cimnet history
      cimnet history acc1 --type SwitchConfigurationApplied
      cimnet history --first 100 --after 250
    """
    from cimnet_nornir.application.history import device_of, known_type, page

    options = options_of(ctx)
    service = options.service
    about = device_of(service, device, service.position(at)) if device else ""
    names = [known_type(name) for name in types]
    events = page(service.store, first=first, after=after, until=service.position(at), types=names, about=about)
    if options.json:
        from cimnet_nornir.reports.events import event_json

        print_json("history", {"events": [event_json(stored) for stored in events], "next": _next(events, first)})
        return
    hosts = {host.device: host.name for host in service.hosts(service.position(at))}
    rows = [history_row(stored, hosts) for stored in events]
    for line in table(rows, ("EVENT", "WHEN", "WHO", "ABOUT", "WHAT")) if rows else ():
        say(line)
    if not rows:
        note("nothing happened yet")
    elif _next(events, first):
        same = "".join(f" --type {name}" for name in types) + (f" --at {at}" if at else "")
        about = f"{device} " if device else ""
        note(f"older ones: cimnet history {about}--first {first} --after {events[-1].position}{same}")


def _next(events: "tuple[StoredEvent, ...]", first: int) -> int | None:
    return events[-1].position if len(events) == first and events[-1].position > 1 else None


def history_row(stored: "StoredEvent", hosts: Mapping[str, str]) -> tuple[str, ...]:
    """An event as a row: number, local time, actor, subject, words; `hosts` has the names of devices by id."""
    from cimnet_nornir.application.describe import describe, subject_of

    when = f"{stored.recorded_at.astimezone():%Y-%m-%d %H:%M:%S}"
    reason = faint(f"  [{one_line(stored.reason)}]") if stored.reason else ""
    said = describe(stored.event) + reason
    subject = subject_of(stored.aggregate_id)
    return str(stored.position), when, stored.actor, hosts.get(subject, subject), said
