"""Leases: a right by name for a limited time, so that a holder that died does not block the others for good.

Whether one has run out is decided by the store's own time (the database's), inside the transaction that takes it:
clocks of its clients do not matter.
"""

import random
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol

from cimnet_nornir.errors import InvalidValue, LeaseHeld, LeaseLost, StoreError
from cimnet_nornir.store.port import Lease
from cimnet_nornir.store.processes import new_token, owner_is_dead
from cimnet_nornir.store.rows import LeaseInfo, LeaseRow, lease_lost, time_text

__all__ = ["HeldLease", "LeaseRows", "LeaseTable", "owner_is_dead"]

_FIRST_PAUSE, _LONGEST_PAUSE = 0.05, 0.5
"""Seconds between two looks at a lease that is waited for; the pause doubles, each with jitter."""

_LONG_AGO = datetime.min.replace(tzinfo=UTC)

_TICKING = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
"""A clock that nobody sets and that goes on while the machine sleeps; Linux's monotonic one stands still then."""


class LeaseRows(Protocol):
    """The leases as one transaction sees them."""

    @property
    def now(self) -> datetime:
        """The store's own time."""
        ...

    def find(self, name: str) -> LeaseRow | None: ...

    def starting_with(self, prefix: str) -> tuple[LeaseRow, ...]:
        """In the order of their names."""
        ...

    def put(self, row: LeaseRow) -> None:
        """Writes it over the one of that name."""
        ...


class LeaseTable(ABC):
    """What every backend does with leases, over its own transactions."""

    @abstractmethod
    def lease_rows(self, *, write: bool) -> AbstractContextManager[LeaseRows]:
        """One transaction; to write, one that excludes other writers from its beginning."""

    def lease(self, name: str, holder: str, *, seconds: float, wait: float = 0.0) -> AbstractContextManager[Lease]:
        return _hold(self, name, holder, seconds, wait)

    def leases(self, prefix: str = "") -> tuple[LeaseInfo, ...]:
        with self.lease_rows(write=False) as rows:
            return tuple(_info(row, rows.now) for row in rows.starting_with(prefix))

    def free_dead(self, prefix: str = "") -> tuple[LeaseInfo, ...]:
        with self.lease_rows(write=True) as rows:
            now = rows.now
            dead = [row for row in rows.starting_with(prefix) if _runs(row, now) and owner_is_dead(row.token)]
            freed = [row._replace(expires_at=time_text(now)) for row in dead]
            for row in freed:
                rows.put(row)
        return tuple(_info(row, now) for row in freed)


@dataclass(slots=True)
class HeldLease:
    """A lease in the hands of its holder; one thread may renew it while another works under it."""

    table: LeaseTable
    length: timedelta
    name: str
    holder: str
    token: str
    expires_at: datetime = _LONG_AGO
    vacated: datetime | None = None
    _ends: float = 0.0
    _given_back: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def seconds_left(self) -> float:
        """Seconds until it runs out, never more than the store grants; 0 when it has run out or is lost."""
        return max(0.0, self._ends - _ticked())

    def take(self, wait: float) -> None:
        """Takes it for the first time; LeaseHeld when another still has it after so many seconds."""
        until = _ticked() + wait
        other = self._attempt()
        for pause in _pauses():
            if other is None:
                return
            left = until - _ticked()
            if left <= 0:
                raise _held(other)
            time.sleep(min(pause, left))
            # Looking costs no write lock: those who wait do not hold up those who append.
            other = self._in_the_way() or self._attempt()

    def renew(self) -> None:
        """Takes it again for its full length; LeaseLost when another took it since, or it was given back."""
        with self._lock:
            if self._given_back:
                raise LeaseLost(f"the lease {self.name} was given back", subject=self.name)
            began = _ticked()
            with self.table.lease_rows(write=True) as rows:
                present, now = rows.find(self.name), rows.now
                if ours := present is not None and present.token == self.token:
                    rows.put(self._row(now))
            if not ours:
                self._ends = 0.0
                raise lease_lost(self.name, present)
            self._granted(began, now)

    def give_back(self) -> None:
        """Lets it run out now, unless another has it; it stays to be seen that, and when, somebody had it."""
        with self._lock:
            self._given_back, self._ends = True, 0.0
            with self.table.lease_rows(write=True) as rows:
                present = rows.find(self.name)
                if present is not None and present.token == self.token:
                    rows.put(present._replace(expires_at=time_text(rows.now)))

    def _in_the_way(self) -> LeaseRow | None:
        with self.table.lease_rows(write=False) as rows:
            present = rows.find(self.name)
            return present if present is not None and _blocks(present, rows.now) else None

    def _attempt(self) -> LeaseRow | None:
        """The lease in the way, None where ours is written now."""
        began = _ticked()
        with self.table.lease_rows(write=True) as rows:
            present, now = rows.find(self.name), rows.now
            if present is not None and _blocks(present, now):
                return present
            rows.put(self._row(now))
        if present is not None:
            self.vacated = min(datetime.fromisoformat(present.expires_at), now)
        self._granted(began, now)
        return None

    def _row(self, now: datetime) -> LeaseRow:
        return LeaseRow(self.name, self.holder, self.token, time_text(now + self.length))

    def _granted(self, began: float, now: datetime) -> None:
        """Counts from before the store was asked, which is before it looked at its clock."""
        self.expires_at = now + self.length
        self._ends = began + self.length.total_seconds()


@contextmanager
def _hold(table: LeaseTable, name: str, holder: str, seconds: float, wait: float) -> Iterator[HeldLease]:
    """The lease while the block runs, given back at its end; where that fails, it runs out by itself."""
    if not seconds > 0:
        raise InvalidValue(f"a lease lasts more than {seconds} seconds", subject=name)
    if not wait >= 0:
        raise InvalidValue(f"a lease is waited for 0 seconds or more, not {wait}", subject=name)
    lease = HeldLease(table, timedelta(seconds=seconds), name, holder, new_token())
    lease.take(wait)
    try:
        yield lease
    finally:
        # What was done under the lease is done: an error here would hide it.
        with suppress(StoreError):
            lease.give_back()


def _runs(row: LeaseRow, now: datetime) -> bool:
    return row.expires_at > time_text(now)


def _blocks(row: LeaseRow, now: datetime) -> bool:
    """Whether it has not run out and its owner may be alive."""
    return _runs(row, now) and not owner_is_dead(row.token)


def _info(row: LeaseRow, now: datetime) -> LeaseInfo:
    ends = datetime.fromisoformat(row.expires_at)
    return LeaseInfo(row.name, row.holder, row.token, ends, held=_runs(row, now), owner_dead=owner_is_dead(row.token))


def _held(row: LeaseRow) -> LeaseHeld:
    message = f"{row.name} is held by {row.holder} until {row.expires_at}"
    return LeaseHeld(message, subject=row.name, holder=row.holder)


def _ticked() -> float:
    """Seconds on a clock that only runs forwards."""
    return time.clock_gettime(_TICKING)


def _pauses() -> Iterator[float]:
    pause = _FIRST_PAUSE
    while True:
        yield random.uniform(pause / 2, pause)  # noqa: S311 - spreads waiting programs, guards nothing
        pause = min(2 * pause, _LONGEST_PAUSE)
