"""Lists that a device goes through from the first to the last, and to which a new entry is added at the end."""

from collections.abc import Hashable, Iterable, Sequence
from typing import TypeVar

T = TypeVar("T", bound=Hashable)


def behind(running: Sequence[T], wanted: Sequence[T]) -> frozenset[T]:
    """What is running and wanted, and has to be taken out and put in again so that the order becomes the wanted one.

    What stays where it is makes the beginning of the wanted list, since whatever is added comes behind it.
    """
    kept = 0
    for entry in running:
        if kept < len(wanted) and entry == wanted[kept]:
            kept += 1
    return frozenset(_later(running, wanted[kept:]))


def _later(running: Iterable[T], rest: Sequence[T]) -> Iterable[T]:
    later = frozenset(rest)
    return (entry for entry in running if entry in later)
