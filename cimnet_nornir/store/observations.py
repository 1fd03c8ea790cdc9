"""What devices say of themselves, by the moment they said it: kept for a time, beside the log and no part of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

DROP_AT_LEAST = 500
"""Old rows that one call takes away at most, beside twice as many as it brings: its work is bounded."""


@dataclass(frozen=True, slots=True)
class Observation:
    """What was seen of a subject ("lab:campus/acc1") at a moment. `kind` says of what the bytes tell."""

    subject: str
    kind: str
    at: datetime
    data: bytes


class ObservationTable(Protocol):
    """A table of observations with retention. It is neither hashed, verified nor exported."""

    def observe(self, rows: Sequence[Observation], *, keep: timedelta) -> None:
        """Keeps the observations, durably and all or none, and drops some of those that are older than `keep`.

        Age counts from the newest of the rows. The latest of a subject and kind stays, however old it is; what is
        there of the same subject, kind and moment stays as it is. Raises StoreUnavailable.
        """
        ...

    def latest_observations(
        self, kind: str, prefix: str = "", *, until: datetime | None = None
    ) -> dict[str, Observation]:
        """The latest observation of each subject that begins with `prefix`, at or before `until`, by subject."""
        ...

    def observations(
        self,
        subject: str,
        kind: str,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        newest: int | None = None,
    ) -> tuple[Observation, ...]:
        """The observations of one subject, oldest first, both moments inclusive; the `newest` of them where told."""
        ...


def most_dropped(rows: Collection[Observation]) -> int:
    """How many old rows may go when these come: more than come, so that a table that was left alone shrinks again."""
    return max(DROP_AT_LEAST, 2 * len(rows))
