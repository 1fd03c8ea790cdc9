"""Observations in memory, with the rules of the table on disk."""

import threading
from collections.abc import Sequence
from datetime import datetime, timedelta

from cimnet_nornir.store.observations import Observation, most_dropped
from cimnet_nornir.store.rows import time_text


class MemoryObservations:
    """Keeps observations by subject and kind, in the order of their moments; a base of the store in memory."""

    def __init__(self) -> None:
        self._seen: dict[tuple[str, str], dict[str, Observation]] = {}
        self._observing = threading.Lock()

    def observe(self, rows: Sequence[Observation], *, keep: timedelta) -> None:
        if not rows:
            return
        texts = [time_text(row.at) for row in rows]
        oldest = time_text(max(row.at for row in rows) - keep)
        with self._observing:
            for row, text in zip(rows, texts, strict=True):
                kept = self._seen.setdefault((row.subject, row.kind), {})
                is_late = bool(kept) and text < next(reversed(kept))
                kept.setdefault(text, row)
                if is_late:
                    self._seen[row.subject, row.kind] = dict(sorted(kept.items()))
            self._drop(oldest, most_dropped(rows))

    def _drop(self, oldest: str, most: int) -> None:
        old = sorted(
            (at, key) for key, kept in self._seen.items() for at in kept if at < oldest and at != next(reversed(kept))
        )
        for at, key in old[:most]:
            del self._seen[key][at]

    def latest_observations(
        self, kind: str, prefix: str = "", *, until: datetime | None = None
    ) -> dict[str, Observation]:
        with self._observing:
            subjects = [name for name, of in self._seen if of == kind and name.startswith(prefix)]
        found = {name: self.observations(name, kind, until=until, newest=1) for name in subjects}
        return {name: rows[0] for name, rows in found.items() if rows}

    def observations(
        self,
        subject: str,
        kind: str,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        newest: int | None = None,
    ) -> tuple[Observation, ...]:
        first, last = (None if moment is None else time_text(moment) for moment in (since, until))
        with self._observing:
            kept = self._seen.get((subject, kind), {})
            rows = [row for at, row in kept.items() if (first is None or at >= first) and (last is None or at <= last)]
        return tuple(rows if newest is None else rows[len(rows) - min(newest, len(rows)) :])
