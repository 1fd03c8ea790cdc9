"""What was seen on devices, in words."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from cimnet_nornir.domain import events as e
from cimnet_nornir.domain.envelope import Event
from cimnet_nornir.domain.interfaces import short_interface

# So many ports are named in a line; of the others it says how many there are.
_MOST_NAMED = 4


def _plus_minus(diff: Iterable[str]) -> str:
    """How many lines a diff brings and takes away: "+2 -1"."""
    lines = tuple(diff)
    more, less = (sum(line.startswith(mark) for line in lines) for mark in "+-")
    return f"+{more} -{less}"


def _drift(event: e.DriftDetected) -> str:
    who = ", ".join(dict.fromkeys(entry.who for entry in event.configured))
    by = f", configured by {who}" if who else ""
    return f"drift in {event.environment}: {_plus_minus(event.diff)} lines{by}"


def _ignored(event: e.DriftIgnored) -> str:
    lines = f"{len(event.lines)} drifted line{'s' if len(event.lines) != 1 else ''}"
    return f"{lines} ignored in {event.environment} until {event.until.astimezone():%Y-%m-%d %H:%M}: {event.reason}"


def _counts_again(event: e.DriftIgnoreWithdrawn) -> str:
    lines = "line counts" if len(event.lines) == 1 else "lines count"
    return f"{len(event.lines)} drifted {lines} again in {event.environment}"


def _status(event: e.StatusChanged) -> str:
    return f"{event.new} in {event.environment}" + (f", was {event.old}" if event.old else "")


def _ports(event: e.PortStatisticsRecorded) -> str:
    known = [change for change in event.changed if change.old is not None]
    said = list(_named(f"{short_interface(change.port)} {_became(change)}" for change in known))
    if event.rising:
        said.append(f"errors rise on {', '.join(_named(map(short_interface, event.rising)))}")
    counts = f"ports in {event.environment}: {event.up} up, {event.down} down, {event.disabled} disabled"
    return f"{', '.join(said)}; {counts}" if said else counts


def _became(change: e.PortChange) -> str:
    return f"{change.new or 'gone'} (was {change.old})"


def _named(words: Iterable[str]) -> Iterator[str]:
    everything = list(words)
    yield from everything[:_MOST_NAMED]
    if len(everything) > _MOST_NAMED:
        yield f"{len(everything) - _MOST_NAMED} more"


OBSERVED_WORDS: Mapping[type[Event], Callable[[Any], str]] = {
    e.DriftDetected: _drift,
    e.DriftResolved: lambda event: f"no drift in {event.environment} any more",
    e.DriftIgnored: _ignored,
    e.DriftIgnoreWithdrawn: _counts_again,
    e.ConfigurationBackedUp: lambda event: f"running configuration kept ({event.environment})",
    e.PortStatisticsRecorded: _ports,
    **dict.fromkeys(e.StatusChanged.__subclasses__(), _status),
}
"""What each event says that tells of something seen."""
