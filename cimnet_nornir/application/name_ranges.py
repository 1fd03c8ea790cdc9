"""Many host names in few words: `sw001-sw046, core1`."""

import re
from collections.abc import Iterable, Sequence

_NUMBERED = re.compile(r"(?P<before>.*?)(?P<number>\d+)(?P<after>\D*)")
# Two that follow one another are as short with a comma.
_LEAST_RUN = 3
_Parts = tuple[str, str, str]


def folded_names(names: Iterable[str]) -> str:
    """The names in their order, those that count up as a range; addresses are told in the same way."""
    return ", ".join(name_ranges(names))


def name_ranges(names: Iterable[str]) -> tuple[str, ...]:
    """The same, range by range."""
    runs: list[list[str]] = []
    for name in sorted(dict.fromkeys(names), key=_order):
        if runs and _follows(runs[-1][-1], name):
            runs[-1].append(name)
        else:
            runs.append([name])
    return tuple(word for run in runs for word in _words(run))


def _words(run: Sequence[str]) -> Sequence[str]:
    if len(run) < _LEAST_RUN:
        return run
    # A hyphen between names that have one themselves would be read as part of them.
    return (f"{run[0]} to {run[-1]}" if "-" in run[0] else f"{run[0]}-{run[-1]}",)


def _order(name: str) -> tuple[object, ...]:
    """Numbers in a name count as numbers: sw2 is before sw10."""
    parts = re.split(r"(\d+)", name)
    return (*((part, 0) if place % 2 == 0 else ("", int(part)) for place, part in enumerate(parts)), name)


def _follows(one: str, other: str) -> bool:
    first, second = _parts(one), _parts(other)
    if first is None or second is None or (first[0], first[2]) != (second[0], second[2]):
        return False
    return second[1] == str(int(first[1]) + 1).zfill(len(first[1]))


def _parts(name: str) -> _Parts | None:
    """A name around its last number; None for one without."""
    found = _NUMBERED.fullmatch(name)
    return None if found is None else (found["before"], found["number"], found["after"])
