"""`cimnet diff A [B]`: two moments compared."""

from typing import TYPE_CHECKING, Any

import click

from cimnet_nornir.cli.options import Options, common_options, now_only, options_of
from cimnet_nornir.cli.output import bad, colored_diff, count, good, heading, note, odd, print_json, say
from cimnet_nornir.cli.paging import next_of, page_options, page_through

if TYPE_CHECKING:
    from cimnet_nornir.application.comparing import DeviceDifference, Difference

_MARKS = {"added": good("+"), "removed": bad("-"), "changed": odd("~")}


@click.command("diff", short_help="Compare two moments.")
@click.argument("a", metavar="A")
@click.argument("b", required=False, metavar="[B]")
@click.option(
    "--of",
    type=click.Choice(["intent", "inventory", "configuration"]),
    default="intent",
    show_default=True,
    help="What is compared.",
)
@click.option("--detailed-exitcode", is_flag=True, help="Exit 2 when something differs.")
@page_options("HOST")
@now_only("A and B are the moments: cimnet diff A B")
@common_options
@click.pass_context
def command(
    ctx: click.Context, a: str, b: str | None, of: str, detailed_exitcode: bool, first: int | None, after: str | None
) -> int:
    """Show what differs between the moments A and B; B is now where it is left out.

    A moment is an event number, an event id or its beginning, or a time (ISO 8601). Configurations of both moments are
    rendered with the templates as they are now: the difference is what events made.

    \b
    Examples:
      cimnet diff 118
      cimnet diff 2026-11-22 2026-11-23 --of configuration --limit acc1
      cimnet diff 3f2a9c1d --of inventory --json
    """
    options = options_of(ctx)
    positions = options.service.position(a), options.service.position(b)
    groups = _compare(options, of, positions)
    shown = page_through(groups, lambda group: group.name, first=first, after=after)
    if options.json:
        _print_json(options, of, positions, shown, next_of(groups, shown, lambda group: group.name))
    else:
        _show(groups, shown, of=of)
    return 2 if groups and detailed_exitcode else 0


def _compare(options: Options, of: Any, positions: tuple[int | None, int | None]) -> "tuple[DeviceDifference, ...]":
    before, after = positions
    return options.service.diff(before or 0, after, of=of, devices=options.limited(before, after))


def _show(groups: "tuple[DeviceDifference, ...]", shown: "tuple[DeviceDifference, ...]", *, of: str) -> None:
    if not groups:
        say("no difference")
        return
    for group in shown:
        _show_group(group)
    number = sum(len(group.differences) for group in groups)
    named = sum(bool(group.device) for group in groups)
    told = f"{count(number, 'difference')}, " if number else ""
    say(f"{told}{count(named, 'device')}" if named else told.rstrip(", "))
    if of == "configuration":
        note("both rendered with the templates as they are now")
    after = next_of(groups, shown, lambda group: group.name)
    if after:
        note(f"more: --after {after}")


def _show_group(group: "DeviceDifference") -> None:
    formerly = f" (was {group.formerly})" if group.formerly and group.formerly != group.name else ""
    say(heading(f"{group.name or 'network'}{formerly}"))
    for item in group.differences:
        say(f"  {_MARKS[item.change]} {item.words}")
    for line in colored_diff(group.diff):
        say(f"  {line}")
    if group.problem:
        say(f"  {odd('warning')}: cannot be rendered: {group.problem}")


def _print_json(
    options: Options,
    of: str,
    positions: tuple[int | None, int | None],
    shown: "tuple[DeviceDifference, ...]",
    after: str | None,
) -> None:
    content: dict[str, Any] = {"of": of, "from": positions[0], "to": positions[1]}
    if of == "configuration":
        content["templates"] = options.service.engine.templates
    content |= {"devices": [_group_json(group) for group in shown], "next": after}
    print_json("diff", content)


def _group_json(group: "DeviceDifference") -> dict[str, Any]:
    return {
        "device": group.device or None,
        "name": group.name,
        "formerly": group.formerly,
        "change": group.change,
        "differences": [_difference_json(item) for item in group.differences],
        "diff": group.diff,
        "problem": group.problem,
    }


def _difference_json(item: "Difference") -> dict[str, Any]:
    from cimnet_nornir.application.comparing import as_plain

    return {
        "change": item.change,
        "place": [as_plain(part) for part in item.place],
        "before": as_plain(item.before),
        "after": as_plain(item.after),
        "words": item.words,
    }
