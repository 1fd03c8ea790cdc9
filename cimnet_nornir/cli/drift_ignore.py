"""`cimnet drift ignore`: drift that people let be, until a time and for a reason."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import click

from cimnet_nornir.cli import completing
from cimnet_nornir.cli.drift_reading import only_device, read_drift
from cimnet_nornir.cli.options import Options, common_options, now_only, options_of
from cimnet_nornir.cli.output import count, faint, good, odd, one_line, print_json, say, table

if TYPE_CHECKING:
    from cimnet_nornir.application.changes import ChangeResult
    from cimnet_nornir.application.drift import DeviceDrift
    from cimnet_nornir.application.drift_ignoring import Ignored
    from cimnet_nornir.domain.events import DriftedLine


@click.command("ignore", short_help="Let drift be, until a time and for a reason.")
@click.argument("host", required=False, shell_complete=completing.hosts)
@click.argument("lines", nargs=-1, metavar="[LINE]...")
@click.option("--all", "everything", is_flag=True, help="All lines of HOST that have drifted now.")
@click.option("--until", metavar="WHEN", help="Until then: a time (ISO 8601), or 30min, 4h, 2d, 1w.")
@click.option("--list", "listing", is_flag=True, help="List what is ignored.")
@click.option("--withdraw", is_flag=True, help="Let lines of HOST (all without LINE) count as drift again.")
@now_only("it changes what counts from now on")
@common_options
@click.pass_context
def ignore(
    ctx: click.Context,
    host: str | None,
    lines: tuple[str, ...],
    everything: bool,
    until: str | None,
    listing: bool,
    withdraw: bool,
) -> None:
    """Let drifted lines of HOST be until then; --reason says why, and is kept. What is ignored is told, and no drift.

    A LINE is one that runs or is intended, as cimnet drift shows it, or the header of a section for all in it. Where
    something else is changed in its place, or when its time is over, it counts again.

    \b
    Examples:
      cimnet drift ignore acc1 "description borrowed by Bob" --until 2d --reason "he gives it back on Friday"
      cimnet drift ignore acc1 --all --until 2026-12-24T06:00 --reason "CHG-1104"
      cimnet drift ignore --list
      cimnet drift ignore acc1 --withdraw
    """
    options = options_of(ctx)
    if listing:
        _list(options, host)
        return
    if host is None:
        raise click.UsageError("say which HOST, or --list", ctx)
    if withdraw:
        _withdraw(options, host, lines)
        return
    if until is None:
        raise click.UsageError("say until when: --until 2d, or a time", ctx)
    if not lines and not everything:
        raise click.UsageError("say which LINE, or --all", ctx)
    _ignore(options, host, lines, until)


def _ignore(options: Options, host: str, lines: tuple[str, ...], until: str) -> None:
    from cimnet_nornir.application import drift_ignoring
    from cimnet_nornir.application.drift_lines import chosen_lines
    from cimnet_nornir.application.lifecycle_words import until_from

    end = until_from(until, options.service.actor.clock())
    with options.devices() as devices:
        report, _ = read_drift(options, devices, (host,))
    item = only_device(report)
    chosen = chosen_lines(item.plan.name, item.lines, lines) if lines else item.lines
    result = drift_ignoring.ignore(options.service, item.plan.device, chosen, end)
    _tell(options, item.plan.name, chosen, result, f"ignored until {end.astimezone():%Y-%m-%d %H:%M}")


def _withdraw(options: Options, host: str, lines: tuple[str, ...]) -> None:
    from cimnet_nornir.application import drift_ignoring
    from cimnet_nornir.application.drift_lines import chosen_lines

    (device,) = options.service.devices((host,))
    known = tuple(drift_ignoring.load_ignored(options.service).get(device.id, {}))
    chosen = chosen_lines(device.name, known, lines) if lines else known
    result = drift_ignoring.withdraw(options.service, device.id, chosen)
    _tell(options, device.name, chosen, result, "counts as drift again")


def _tell(options: Options, host: str, lines: "Iterable[DriftedLine]", result: "ChangeResult", what: str) -> None:
    from cimnet_nornir.application.drift_lines import line_words

    words = [line_words(line) for line in lines]
    if options.json:
        request = str(result.correlation_id)
        print_json("drift-ignore", {"device": host, "lines": words, "request": request, "said": what})
        return
    for word in words:
        say(f"{host}: {one_line(word)}")
    say(f"{good(what)}: {count(len(words), 'line')}, in request {str(result.correlation_id)[:8]}")


def _list(options: Options, host: str | None) -> None:
    from cimnet_nornir.application.drift_ignoring import load_ignored

    names = {each.device: each.name for each in options.service.hosts()}
    only = {device.id for device in options.service.devices((host,))} if host else None
    found = [
        (names.get(device, device), item)
        for device, lines in load_ignored(options.service).items()
        for item in lines.values()
        if only is None or device in only
    ]
    now = options.service.actor.clock()
    if options.json:
        print_json("drift-ignored", {"ignored": [_json(name, item, over=not item.holds(now)) for name, item in found]})
        return
    rows = [_row(name, item, over=not item.holds(now)) for name, item in sorted(found, key=lambda each: each[0])]
    for line in table(rows, ("HOST", "LINE", "UNTIL", "REASON")) if rows else ():
        say(line)
    say(count(len(rows), "line") + " ignored")


def _row(name: str, item: "Ignored", *, over: bool) -> tuple[str, ...]:
    from cimnet_nornir.application.drift_lines import line_words

    until = f"{item.until.astimezone():%Y-%m-%d %H:%M}"
    return name, one_line(line_words(item.line)), odd(f"{until} over") if over else until, one_line(item.reason)


def _json(name: str, item: "Ignored", *, over: bool) -> dict[str, Any]:
    return {
        "device": name,
        "path": list(item.line.path),
        "adds": item.line.adds,
        "running": list(item.line.running),
        "until": item.until.isoformat(),
        "over": over,
        "reason": item.reason,
        "position": item.position,
    }


def ignored_lines(devices: "Iterable[DeviceDrift]") -> Iterator[str]:
    """What is let be, on devices alike once."""
    from cimnet_nornir.application.name_ranges import folded_names

    found: dict[str, list[str]] = {}
    for item in devices:
        for words in _ignored_words(item.ignored):
            found.setdefault(words, []).append(item.plan.name)
    yield from (f"{folded_names(names)}: {words}" for words, names in found.items())


def _ignored_words(items: "Iterable[Ignored]") -> Iterator[str]:
    """What is let be on a device, a line for each reason and time."""
    groups: dict[tuple[str, str], int] = {}
    for item in items:
        key = (f"{item.until.astimezone():%Y-%m-%d %H:%M}", item.reason)
        groups[key] = groups.get(key, 0) + 1
    for (until, reason), number in groups.items():
        yield faint(f"{count(number, 'line')} ignored until {until}: {one_line(reason)}")
