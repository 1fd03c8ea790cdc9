"""What taking intent back comes to, and how it is refused; for whatever is taken back."""

from collections.abc import Sequence
from dataclasses import dataclass

from cimnet_nornir.application.changes import ChangeResult
from cimnet_nornir.domain.envelope import Event, StoredEvent
from cimnet_nornir.errors import UndoRefused

# A message names so many events; all of them stand in the error.
_MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Restoration:
    """What a rollback or an undoing comes to.

    `planned` are the events that it records, or would record, with their streams; `undone` the events whose effect they
    take back, oldest first; `left` says what since then is not taken back. `result` is None where it was only checked.
    """

    to: int
    planned: tuple[tuple[str, Event], ...]
    undone: tuple[StoredEvent, ...]
    left: tuple[str, ...] = ()
    result: ChangeResult | None = None

    @classmethod
    def recorded(
        cls, to: int, result: ChangeResult, undone: tuple[StoredEvent, ...], left: tuple[str, ...] = ()
    ) -> "Restoration":
        """What a change came to, whose first two events are its request and what it takes back."""
        events = tuple((stored.aggregate_id, stored.event) for stored in result.events[2:])
        return cls(to, events, undone if events else (), left, result)


def not_undone(
    focus: StoredEvent, dependents: Sequence[StoredEvent], why: str = "", *, alone: bool = False
) -> UndoRefused:
    """The refusal to undo an event, with what came later and stands in the way.

    `alone` tells that others of its request are left as they are.
    """
    numbers = ", ".join(f"#{stored.position}" for stored in dependents[:_MOST_NAMED])
    more = len(dependents) - _MOST_NAMED
    numbers += f" and {more} more" if more > 0 else ""
    said = f"{why}; " if why else ""
    built = f"undo first what came later: {numbers}" if dependents else "declare what is wanted in its place"
    if alone and all(stored.correlation_id == focus.correlation_id for stored in dependents):
        built += "; or with --request all that was asked for together"
    return UndoRefused(
        f"event {focus.position} cannot be undone: {said}{built}",
        subject=str(focus.position),
        dependents=tuple(stored.event_id for stored in dependents),
    )
