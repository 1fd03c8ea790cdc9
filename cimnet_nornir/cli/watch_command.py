"""`cimnet watch`: the network at a glance in the terminal, and events as they come."""

import json
import os
import sys
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING, Any

import click

from cimnet_nornir.cli.logs import LogFormat, log_option, logging_to_stderr
from cimnet_nornir.cli.options import Options, common_options, now_only, options_of
from cimnet_nornir.cli.output import print_json, say

if TYPE_CHECKING:
    from rich.console import Console

    from cimnet_nornir.application.watching import View, Watching

_WIDTH_WITHOUT_TERMINAL = 80


@click.command("watch", short_help="The network at a glance, and events as they come.")
@click.option(
    "--first", type=click.IntRange(min=0), default=10, show_default=True, metavar="N", help="How many past events."
)
@click.option("--once", is_flag=True, help="Show it once and end.")
@log_option
@now_only("it follows what happens; cimnet history and cimnet status look at the past")
@common_options
@click.pass_context
def command(ctx: click.Context, first: int, once: bool, log_format: LogFormat) -> None:
    """Watch the devices, the deployments that run, and the events as they come; q or Ctrl-C ends it.

    In a pipe it prints events, a line each, the last ones first; with --json one JSON object a line.

    \b
    Examples:
      cimnet watch
      cimnet watch --limit group:site__hq
      cimnet watch --once
      cimnet watch --json | jq -r .words
    """
    from cimnet_nornir.application.watching import Watching

    options = options_of(ctx)
    watching = Watching(options.service, limits=options.limit, first=first)
    whole = not once and not options.json and _fills_a_terminal()
    with ExitStack() as stack:
        # Whoever looks ends it so; nothing is under way that would have to be told of.
        stack.enter_context(suppress(KeyboardInterrupt))
        if not (whole and sys.stderr.isatty()):
            # A screen says itself what is wrong, and nothing is written over it.
            stack.enter_context(logging_to_stderr(log_format, verbose=options.verbose > 0))
        if once:
            _show_once(options, watching)
        elif not whole:
            _follow(options, watching)
        else:
            from cimnet_nornir.cli.watch_live import live

            live(watching, _console())


def _fills_a_terminal() -> bool:
    return sys.stdout.isatty() and os.environ.get("TERM", "") not in ("", "dumb")


# --- once -------------------------------------------------------------------------------------------------------------


def _show_once(options: Options, watching: "Watching") -> None:
    view = watching.look()
    if options.json:
        print_json("watch", _view_json(view))
        return
    from cimnet_nornir.cli.watch_screen import screen

    console = _console()
    console.print(screen(view, console.width))


def _view_json(view: "View") -> dict[str, Any]:
    from dataclasses import asdict

    from cimnet_nornir.cli.watch_events import event_object

    return {
        "network": view.network,
        "environment": view.environment,
        "position": view.position,
        "at": view.at.isoformat(),
        "devices": [status.model_dump(mode="json") for status in view.devices],
        "deployments": [
            {**asdict(item.progress), "devices": [asdict(device) for device in item.progress.devices.values()]}
            | {"running": item.running, "broken": item.broken}
            for item in view.deployments
        ],
        "events": [event_object(stored, view.names) for stored in view.events],
    }


def _console() -> "Console":
    from rich.console import Console

    # A pipe has no width: that of the surroundings, or the usual one.
    width = None if sys.stdout.isatty() else int(os.environ.get("COLUMNS") or _WIDTH_WITHOUT_TERMINAL)
    return Console(width=width, highlight=False, markup=False, emoji=False, soft_wrap=False)


# --- events as they come ----------------------------------------------------------------------------------------------


def _follow(options: Options, watching: "Watching") -> None:
    from cimnet_nornir.cli.watch_events import event_line, event_object

    for stored in watching.follow():
        if options.json:
            content = {"format": "cimnet.watch-event/1", **event_object(stored, watching.names)}
            click.echo(json.dumps(content, ensure_ascii=False, default=str))
        else:
            say(event_line(stored, watching.names))
