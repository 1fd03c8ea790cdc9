"""`cimnet drift adopt`: what somebody typed becomes intent."""

from typing import TYPE_CHECKING

import click

from cimnet_nornir.cli import completing
from cimnet_nornir.cli.drift_reading import only_device, read_drift
from cimnet_nornir.cli.options import Options, common_options, now_only, options_of
from cimnet_nornir.cli.output import count, note, one_line, print_json, say

if TYPE_CHECKING:
    from cimnet_nornir.application.adopting import Adoption
    from cimnet_nornir.domain.envelope import Event


@click.command("adopt", short_help="Make intent of what was changed by hand.")
@click.argument("host", shell_complete=completing.hosts)
@click.argument("lines", nargs=-1, metavar="[LINE]...")
@click.option("--unmodelled", is_flag=True, help="Also what no intent speaks of, word for word.")
@click.option("--check", is_flag=True, help="Show what would be recorded, and record nothing.")
@now_only("it makes intent of what runs now")
@common_options
@click.pass_context
def adopt(ctx: click.Context, host: str, lines: tuple[str, ...], unmodelled: bool, check: bool) -> None:
    """Make drifted lines of HOST intent, all of them without LINE; changes that wait go on waiting.

    A LINE is one that runs or is intended, as cimnet drift and cimnet blame show it, or the header of a section. What
    no feature says is kept word for word. Secrets go to files under inventory/secrets/. The device is sent nothing: it
    is seen to before anything is recorded that the lines come out as they run.

    \b
    Examples:
      cimnet drift adopt acc1 --reason "CHG-1106 Bob was right"
      cimnet drift adopt acc1 "description borrowed by Bob" --check
      cimnet drift adopt acc1 "logging host 192.0.2.50"
      cimnet drift adopt acc1 --unmodelled
    """
    options = options_of(ctx)
    found = _found(options, host, lines, unmodelled=unmodelled)
    if check:
        from cimnet_nornir.application.adopting import would_record

        _tell(options, found, tuple(event for _, event in would_record(options.service, found)), request="")
        return
    from cimnet_nornir.application import adopting
    from cimnet_nornir.application.changes import stored_intent
    from cimnet_nornir.bootstrap import write_secrets

    with write_secrets(options.settings, found.secrets) as new:
        result = adopting.adopt(options.service, found)
    if new and not options.json:
        note(f"{count(len(new), 'secret')} moved to inventory/secrets/")
    _tell(options, found, tuple(each.event for each in stored_intent(result)), request=str(result.correlation_id))


def _found(options: Options, host: str, lines: tuple[str, ...], *, unmodelled: bool) -> "Adoption":
    from cimnet_nornir.application.adopting import adoption

    with options.devices() as devices:
        report, readings = read_drift(options, devices, (host,))
    item = only_device(report)
    running = str(readings[item.plan.device])
    return adoption(options.service, item, running, lines, unmodelled=unmodelled)


def _tell(options: Options, found: "Adoption", events: "tuple[Event, ...]", *, request: str) -> None:
    from cimnet_nornir.application.describe import describe
    from cimnet_nornir.application.drift_lines import line_words

    words = [line_words(line) for line in found.lines]
    said = [describe(event) for event in events]
    if options.json:
        content = {"device": found.device.name, "lines": words, "events": said, "request": request or None}
        print_json("drift-adopt", content)
        return
    for word in words:
        say(f"{found.device.name}: {one_line(word)}")
    for line in said:
        say(f"  {line}")
    done = f"{count(len(events), 'event')} recorded in request {request[:8]}" if request else "nothing was recorded"
    say(done)
