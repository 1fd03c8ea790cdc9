"""Catch-up subscriptions: a reader follows the log from a position, and a projection knows up to where it has read."""

import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from cimnet_nornir.domain.envelope import StoredEvent
from cimnet_nornir.errors import ConcurrencyConflict, StoreUnavailable
from cimnet_nornir.store.port import EventStore, ProjectionRow

MOST_AT_ONCE = 500
"""Events in one batch."""

POLL_SECONDS = 0.5
PATIENCE_SECONDS = 60.0

_MARK = ":position"


class Batch(NamedTuple):
    """Events in the order of their positions, and the position up to which there are no others."""

    position: int
    events: tuple[StoredEvent, ...]


def follow(
    store: EventStore,
    *,
    after: int = 0,
    types: Collection[str] = (),
    prefix: str = "",
    stop: threading.Event | None = None,
    poll: float = POLL_SECONDS,
    patience: float = PATIENCE_SECONDS,
) -> Iterator[Batch]:
    """All events after a position, then those that any program appends, each once and in order, until `stop` is set.

    `types` and `prefix` choose as in `read_all`. `poll` is the longest wait, in seconds, before the log and `stop` are
    looked at again; where the store can tell of an append nobody waits that long. While the store cannot be reached it
    is tried again; raises StoreUnavailable once that has lasted longer than `patience` seconds.
    """
    stop = stop or threading.Event()
    waiting = _Patience(patience)
    with store.watch() as watch:
        while not stop.is_set():
            batch = None
            try:
                batch = _next(store, after, types, prefix)
                waiting.over()
            except StoreUnavailable as error:
                waiting.bear(error)
            if batch is None:
                watch.wait(poll)
                continue
            after = batch.position
            if batch.events:
                yield batch


def _next(store: EventStore, after: int, types: Collection[str], prefix: str) -> Batch | None:
    # Appends become visible in the order of their positions: what is not there now comes after the head.
    head = store.head()
    if head <= after:
        return None
    events = tuple(store.read_all(after=after, until=head, limit=MOST_AT_ONCE, types=types, prefix=prefix))
    return Batch(events[-1].position if len(events) == MOST_AT_ONCE else head, events)


@dataclass(slots=True)
class _Patience:
    """For how long a store that cannot be reached is borne."""

    seconds: float
    since: float | None = None

    def over(self) -> None:
        self.since = None

    def bear(self, error: StoreUnavailable) -> None:
        now = time.monotonic()
        self.since = now if self.since is None else self.since
        if now - self.since > self.seconds:
            raise error


@dataclass(frozen=True, slots=True)
class Changes:
    """What a batch of events makes of a projection: rows to write, and the keys of rows to drop."""

    rows: Mapping[str, bytes] = field(default_factory=dict)
    drop: Collection[str] = ()


Handle = Callable[[tuple[StoredEvent, ...]], Changes]
"""Makes changes of events, in order. May be called again with the same events, where it or the store failed."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """A projection that follows the log, resuming where it stopped.

    Its position is a row of its own, saved in one transaction with the rows that a batch makes: a follower that is
    killed hands its last batch over again, and no batch changes the rows twice. Several may follow for one projection.
    """

    store: EventStore
    projection: str
    handle: Handle
    types: Collection[str] = ()
    prefix: str = ""

    @property
    def position(self) -> int:
        """The position up to which the projection's rows contain the events; 0 where there are none."""
        row = self.store.load_rows(self.projection, keys=(_MARK,)).get(_MARK)
        return 0 if row is None else row.position

    def catch_up(self) -> int:
        """Takes in what there is now, and returns how many events that were."""
        count, position = 0, self.position
        while (batch := _next(self.store, position, self.types, self.prefix)) is not None:
            try:
                self._take_in(batch, position)
            except ConcurrencyConflict:
                position = self.position  # another follower was first: on from where it stands
            else:
                count, position = count + len(batch.events), batch.position
        return count

    def run(
        self,
        *,
        stop: threading.Event | None = None,
        poll: float = POLL_SECONDS,
        patience: float = PATIENCE_SECONDS,
    ) -> None:
        """Takes in what there is and what comes, until `stop` is set; `poll` and `patience` as for `follow`."""
        stop = stop or threading.Event()
        waiting = _Patience(patience)
        while not stop.is_set():
            try:
                self._follow(stop, poll, waiting)
            except ConcurrencyConflict:
                continue  # another follower was first: on from where it stands
            except StoreUnavailable as error:
                waiting.bear(error)
                stop.wait(poll)

    def _follow(self, stop: threading.Event, poll: float, waiting: _Patience) -> None:
        position = self.position
        waiting.over()
        batches = follow(
            self.store,
            after=position,
            types=self.types,
            prefix=self.prefix,
            stop=stop,
            poll=poll,
            patience=0,
        )
        for batch in batches:
            self._take_in(batch, position)
            position = batch.position

    def _take_in(self, batch: Batch, position: int) -> None:
        changes = self.handle(batch.events) if batch.events else Changes()
        rows = {**changes.rows, _MARK: b""}
        self.store.save_rows(
            self.projection,
            {key: ProjectionRow(batch.position, state) for key, state in rows.items()},
            drop=changes.drop,
            expected=(_MARK, position),
        )
