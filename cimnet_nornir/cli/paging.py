"""Long lists, read by cursor: so many, after the one that was read last."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])
Item = TypeVar("Item")


def page_options(metavar: str) -> Callable[[Command], Command]:
    """Add --first and --after to a command that shows a list; all of it without them."""

    def add(command: Command) -> Command:
        command = click.option("--after", metavar=metavar, help="Go on after this one.")(command)
        return click.option("--first", type=click.IntRange(min=1), metavar="N", help="How many.")(command)

    return add


def page_through(
    items: Sequence[Item], key: Callable[[Item], str], *, first: int | None, after: str | None
) -> tuple[Item, ...]:
    """So many of the items after the one with that key; all that are left without a number.

    A key that is none of theirs is where it would stand, so that a list can be read on while it changes.
    """
    start = 0
    if after is not None:
        keys = [key(item) for item in items]
        start = keys.index(after) + 1 if after in keys else sum(name <= after for name in keys)
    return tuple(items[start:] if first is None else items[start : start + first])


def next_of(items: Sequence[Item], shown: Sequence[Item], key: Callable[[Item], str]) -> str | None:
    """The key to read on after; None where the list is at its end."""
    return key(shown[-1]) if shown and shown[-1] is not items[-1] else None
