"""How a push is made: the options of every command that pushes."""

import functools
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

import click

from cimnet_nornir.cli import completing

if TYPE_CHECKING:
    from cimnet_nornir.application.pushing import PushOptions

Command = TypeVar("Command", bound=Callable[..., Any])

_PUSH: tuple[tuple[str, dict[str, Any]], ...] = (
    ("--method", {"type": click.Choice(["netmiko", "napalm"]), "help": "What carries the lines (netmiko)."}),
    (
        "--mode",
        {"type": click.Choice(["merge", "replace"]), "help": "NAPALM: merge the lines, or replace the whole (merge)."},
    ),
    ("--transfer", {"type": click.Choice(["scp", "inline"]), "help": "NAPALM: how a file gets there (scp)."}),
    (
        "--confirm-within",
        {
            "type": click.IntRange(1, 120),
            "metavar": "MINUTES",
            "help": "A device takes back by itself what was not confirmed within so many minutes (5).",
        },
    ),
    (
        "--fallback",
        {
            "type": click.Choice(["lines", "reload", "refuse"]),
            "help": "Without a revert timer: lines take it back, a reload in MINUTES does, or no push (lines).",
        },
    ),
    (
        "--on-failure",
        {"type": click.Choice(["revert", "keep"]), "help": "Take back what failed, or keep what came (revert)."},
    ),
    (
        "--transaction",
        {"is_flag": True, "default": None, "help": "Keep the change on all devices, or take it back on all."},
    ),
    (
        "--canary",
        {
            "multiple": True,
            "metavar": "HOST",
            "shell_complete": completing.hosts,
            "help": "Goes first, alone; more than once for several.",
        },
    ),
    ("--waves", {"metavar": "LIST", "help": "Then so many at once: 10%,50%,100% or 1,5,100% (all)."}),
    ("--max-failures", {"metavar": "N", "help": "Stop where more failed: 2 devices in all, or 25% of a wave (0)."}),
    ("--allow-cut", {"is_flag": True, "default": None, "help": "Send lines that cut the way to the device, too."}),
)
_NAMES = tuple(flag.removeprefix("--").replace("-", "_") for flag, _ in _PUSH)


class How:
    """What the command line says of a push, beside what the project's settings say."""

    def __init__(self, given: dict[str, Any]) -> None:
        self._given = {name: value for name, value in given.items() if value not in (None, ())}

    def options(self, settings: "PushOptions") -> "PushOptions":
        """The options to push by. Raises click.UsageError for options that do not go together."""
        chosen = replace(settings, **self._given)
        alone = [name for name in ("mode", "transfer") if name in self._given]
        if alone and chosen.method != "napalm":
            raise click.UsageError(f"--{alone[0]} is for --method napalm")
        if chosen.transaction and chosen.on_failure == "keep":
            raise click.UsageError("--on-failure keep leaves devices half changed, which a --transaction never does")
        return chosen


def push_options(command: Command) -> Command:
    """Add the options of a push to a command, which gets them as `how`, a How."""

    @functools.wraps(command)
    def collected(*arguments: Any, **values: Any) -> Any:
        how = How({name: values.pop(name) for name in _NAMES})
        return command(*arguments, how=how, **values)

    result: Any = collected
    for flag, settings in reversed(_PUSH):
        result = click.option(flag, **settings)(result)
    done: Command = result
    return done
