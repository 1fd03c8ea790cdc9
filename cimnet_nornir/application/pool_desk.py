"""Where changes of one address pool are decided: one after another, many in one transaction, never two at once.

Threads that ask at the same time are served together: whoever has the turn decides for all that wait, each on top of
the one before, and appends everything in one transaction. Programs that ask at the same time wait for the pool's turn
in the store, so that they do not keep overtaking one another.
"""

import random
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, TypeVar

from cimnet_nornir.application.actors import Actor
from cimnet_nornir.application.changes import ChangeResult, open_request
from cimnet_nornir.application.held import holder_words
from cimnet_nornir.application.pool_keys import Keys, address_in, keys_of, pools_key
from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain import events as e
from cimnet_nornir.domain.addressing.addresses import address_key, holder_of
from cimnet_nornir.domain.addressing.decide import decide_pool
from cimnet_nornir.domain.addressing.elsewhere import Elsewhere
from cimnet_nornir.domain.addressing.intervals import IPAddress
from cimnet_nornir.domain.addressing.pool import Pool, PoolEvent
from cimnet_nornir.domain.envelope import Append, Event, StoredEvent
from cimnet_nornir.domain.streams import pool_stream
from cimnet_nornir.errors import (
    ConcurrencyConflict,
    DomainError,
    DuplicateIpAddress,
    InvalidInput,
    ReservationConflict,
    StoreError,
    StoreUnavailable,
)
from cimnet_nornir.projections.pools import KeptPool, load_pool
from cimnet_nornir.store.port import EventStore

Answer = TypeVar("Answer")

DEADLINE_SECONDS = 20.0
_FIRST_PAUSE_SECONDS = 0.005
_LONGEST_PAUSE_SECONDS = 0.25
_MOST_AT_ONCE = 200
"""Requests in one transaction, so that the store's lock is not held for long."""


@dataclass(slots=True)
class Asked:
    """One request for a pool. `avoid` collects addresses that turned out to be held by somebody else.

    `because` is an event between the request and those it makes, where one is to say what they come from.
    """

    actor: Actor
    command: c.PoolCommand
    name: str
    arguments: Mapping[str, Any]
    because: Event | None = None
    deadline: float = field(default_factory=lambda: time.monotonic() + DEADLINE_SECONDS)
    avoid: set[IPAddress] = field(default_factory=set)
    outcome: Future[ChangeResult] = field(default_factory=Future)

    def conflicts(self, error: ConcurrencyConflict | ReservationConflict) -> bool:
        """Whether it can be tried again after a conflict; where not, it is refused."""
        address = address_in(error) if isinstance(error, ReservationConflict) else None
        if address is not None and isinstance(self.command, c.AssignAddress):
            if self.command.address is not None:
                message = f"{address} is taken: {holder_words(getattr(error, 'owner', ''))} has it"
                self.outcome.set_exception(DuplicateIpAddress(message, subject=str(address)))
                return False
            self.avoid.add(address)
        if time.monotonic() < self.deadline:
            return True
        self.outcome.set_exception(error)
        return False


@dataclass(slots=True)
class _Round:
    """What is decided in one go. `refused` is told only when all that it was decided on top of is stored."""

    decided: list[tuple[Asked, Append]] = field(default_factory=list)
    refused: list[tuple[Asked, DomainError | InvalidInput]] = field(default_factory=list)
    unchanged: list[Asked] = field(default_factory=list)

    def tell_the_rest(self) -> None:
        """Tell those of whom nothing is stored."""
        for asked, error in self.refused:
            asked.outcome.set_exception(error)
        for asked in self.unchanged:
            asked.outcome.set_result(ChangeResult(None, ()))


class PoolDesk:
    """Decides and records what is asked of one pool; for any number of threads.

    `elsewhere` tells what devices use, and for a pool that is to be created also the other pools.
    """

    def __init__(self, store: EventStore, network: str, pool: str, elsewhere: Callable[[bool], Elsewhere]) -> None:
        self._store = store
        self._network = network
        self._pool = pool
        self._elsewhere = elsewhere
        self._view: KeptPool | None = None
        self._guard = threading.Lock()
        self._turn = threading.Lock()
        self._waiting: list[Asked] = []

    def carry_out(self, asked: Asked) -> ChangeResult:
        """Decide and record, with whatever else waits. Raises what refuses it, at the deadline what the store says."""
        with self._guard:
            self._waiting.append(asked)
        with self._turn:
            pause = _FIRST_PAUSE_SECONDS
            while not asked.outcome.done():
                if self._serve():
                    # Jitter, so that two who collided do not collide again.
                    time.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311 - no secret depends on it
                    pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)
        return asked.outcome.result()

    def read(self, ask: Callable[[Pool | None], Answer]) -> Answer:
        """What the pool as it is now answers, None where there is none. The pool is not to be changed by it."""
        with self._turn:
            try:
                return ask(self._present().present)
            except ConcurrencyConflict:
                # Somebody else's rows have overtaken what is kept here.
                self._view = load_pool(self._store, self._network, self._pool)
                return ask(self._view.present)

    def _next(self) -> list[Asked]:
        with self._guard:
            now, self._waiting = self._waiting[:_MOST_AT_ONCE], self._waiting[_MOST_AT_ONCE:]
            return now

    def _serve(self) -> bool:
        """Serve all that wait; whether some have to be tried again. Nobody is left without an answer."""
        together: list[Asked] = []
        again: list[Asked] = []
        try:
            with self._store.turn(pool_stream(self._network, self._pool)):
                # Only now: whoever came while the turn was waited for is served with the others.
                together = self._next()
                again = self._try(together)
        except BaseException as error:
            self._view = None
            _tell_failure(together or self._next(), error, self._store.url)
            if not isinstance(error, Exception):
                raise
        with self._guard:
            self._waiting = [*again, *self._waiting]
        return bool(again)

    def _try(self, together: Sequence[Asked]) -> list[Asked]:
        """Decide and append once; those that came into conflict, the state they were decided on forgotten."""
        try:
            decided = self._decide(together)
        except ConcurrencyConflict as overtaken:
            self._view = None
            return [asked for asked in together if asked.conflicts(overtaken)]
        outcomes = self._store.append_all([batch for _, batch in decided.decided])
        again = [
            asked
            for (asked, _), outcome in zip(decided.decided, outcomes, strict=True)
            if not _told(asked, outcome) and isinstance(outcome, ConcurrencyConflict | ReservationConflict)
            if asked.conflicts(outcome)
        ]
        if any(isinstance(outcome, StoreError) for outcome in outcomes):
            # Whatever was decided on top of what is not stored is decided anew.
            self._view = None
            return [*again, *(asked for asked, _ in decided.refused), *decided.unchanged]
        self._settle([stored for outcome in outcomes if not isinstance(outcome, StoreError) for stored in outcome])
        decided.tell_the_rest()
        return []

    def _settle(self, stored: Sequence[StoredEvent]) -> None:
        """The state that was decided on is what is stored."""
        ours = [each for each in stored if each.aggregate_id == pool_stream(self._network, self._pool)]
        if self._view is not None and ours:
            self._view.version, self._view.rows.position = ours[-1].version, ours[-1].position

    def _decide(self, together: Sequence[Asked]) -> _Round:
        creating = any(isinstance(asked.command, c.CreatePool) for asked in together)
        # Asked for before the others are looked at: whoever creates one meanwhile changes it.
        mark = self._store.owner_of(pools_key(self._network)) if creating else None
        view, elsewhere, made = self._present(), self._elsewhere(creating), _Round()
        version = view.version
        for asked in together:
            try:
                events = self._events(view, asked, elsewhere)
            except (DomainError, InvalidInput) as refused:
                made.refused.append((asked, refused))
                continue
            if not events:
                made.unchanged.append(asked)
                continue
            keys = keys_of(self._store, view, events, elsewhere, mark=mark)
            made.decided.append((asked, self._batch(asked, events, version, keys)))
            for event in events:
                view.evolve(event)
            version += len(events)
        return made

    def _events(self, view: KeptPool, asked: Asked, elsewhere: Elsewhere) -> tuple[PoolEvent, ...]:
        """What a request comes to; a next address that somebody holds without the pool (a container) is passed over."""
        while True:
            events = decide_pool(self._network, view.pool, asked.command, elsewhere=elsewhere, avoid=asked.avoid)
            taken = {address for address in self._next_addresses(asked, events) if self._is_held(asked, address)}
            if not taken:
                return events
            asked.avoid |= taken

    def _next_addresses(self, asked: Asked, events: Sequence[PoolEvent]) -> list[IPAddress]:
        if not isinstance(asked.command, c.AssignAddress) or asked.command.address is not None:
            return []
        return [event.address for event in events if isinstance(event, e.AddressAssigned)]

    def _is_held(self, asked: Asked, address: IPAddress) -> bool:
        owner = self._store.owner_of(address_key(self._network, address))
        ours = asked.command.owner if isinstance(asked.command, c.AssignAddress) else ""
        return owner is not None and owner != holder_of(self._network, self._pool, ours)

    def _present(self) -> KeptPool:
        if self._view is None:
            self._view = load_pool(self._store, self._network, self._pool)
        else:
            self._view.refresh()
        return self._view

    def _batch(self, asked: Asked, events: Sequence[PoolEvent], version: int, keys: Keys) -> Append:
        stream = pool_stream(self._network, self._pool)
        chain, request = open_request(asked.actor, asked.name, asked.arguments, {stream: version})
        head = [request]
        if asked.because is not None:
            head.append(chain.record(request.aggregate_id, asked.because, cause=request.event_id))
        records = [chain.record(stream, event, cause=head[-1].event_id) for event in events]
        read = {stream: version, request.aggregate_id: 0}
        return Append(events=(*head, *records), read=read, claim=keys.claim, release=keys.release)


def _tell_failure(together: Sequence[Asked], error: BaseException, url: str) -> None:
    told = error if isinstance(error, Exception) else StoreUnavailable("stopped", subject=url)
    for asked in together:
        if not asked.outcome.done():
            asked.outcome.set_exception(told)


def _told(asked: Asked, outcome: tuple[StoredEvent, ...] | StoreError) -> bool:
    """Whether the answer is final: stored, or refused by the store for a reason that will not pass."""
    if isinstance(outcome, ConcurrencyConflict | ReservationConflict):
        return False
    if isinstance(outcome, StoreError):
        asked.outcome.set_exception(outcome)
    else:
        asked.outcome.set_result(ChangeResult(outcome[0].correlation_id, outcome))
    return True
