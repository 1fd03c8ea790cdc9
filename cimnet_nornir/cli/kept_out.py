"""Devices in maintenance or on their way out: left out of ordinary work, in one line that says so."""

from cimnet_nornir.cli.options import Options
from cimnet_nornir.cli.output import note


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
    return remaining
