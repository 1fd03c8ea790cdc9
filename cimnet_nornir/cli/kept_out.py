"""Devices in maintenance or on their way out: left out of ordinary work, in one line that says so."""

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from cimnet_nornir.cli.options import Options
from cimnet_nornir.cli.output import note

if TYPE_CHECKING:
    from cimnet_nornir.application.lifecycle import Standing


def in_ordinary_work(
    options: Options, names: tuple[str, ...], hosts: tuple[str, ...], *, pushes: bool
) -> tuple[str, ...]:
    """The names without those that ordinary work passes by, unless they are named by an argument or by --limit.

    Raises InvalidTransition for a decommissioned one that is named where something would be pushed (`pushes`).
    """
    from cimnet_nornir.application.lifecycle import kept_out, refuse_decommissioned
    from cimnet_nornir.application.lifecycle_words import left_out_words

    standings = options.service.lifecycle()
    named = (*hosts, *(part.strip() for limit in options.limit for part in limit.split(",")))
    left_out = kept_out(standings, names, named=named)
    if left_out:
        words = left_out_words(left_out, options.service.actor.clock())
        note(f"left out: {words}; to include one, name it: --limit {left_out[0].subject.name}")
    gone = {word for item in left_out for word in (item.subject.name, item.subject.device)}
    remaining = tuple(name for name in names if name not in gone)
    if pushes:
        refuse_decommissioned(standings, remaining)
    _tell_doubts(standings.values(), remaining)
    return remaining


def _tell_doubts(standings: "Iterable[Standing]", names: Collection[str]) -> None:
    """A device whose push is in doubt may look as intended, and go back by itself a minute later."""
    from cimnet_nornir.application.lifecycle import is_in_doubt

    doubtful = sorted(item.subject.name for item in standings if item.subject.name in names and is_in_doubt(item))
    if doubtful:
        note(f"warning: a push is under way or in doubt: {', '.join(doubtful)}; cimnet recover settles it")
