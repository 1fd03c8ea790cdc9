"""Leases: a right by name for a limited time, so that a holder that died does not block the others for good."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from cimnet_nornir.errors import InvalidValue, StoreError
from cimnet_nornir.store.port import Clock, Lease
from cimnet_nornir.store.rows import time_text


class LeaseRow(NamedTuple):
    """A lease as it is stored; the token tells two leases of one holder apart."""

    name: str
    holder: str
    token: str
    expires_at: str


class LeaseTable(Protocol):
    """What a backend does with leases."""

    def take_lease(self, wanted: LeaseRow, now: str) -> LeaseRow | None:
        """Writes the lease, or returns the one in the way: another token's that has not run out."""
        ...

    def free_lease(self, name: str, token: str) -> None: ...


@dataclass(slots=True)
class HeldLease:
    """A lease in the hands of its holder."""

    table: LeaseTable
    clock: Clock
    length: timedelta
    name: str
    holder: str
    token: str
    expires_at: datetime

    def renew(self) -> None:
        """Takes it again for its full length; StoreError when another took it after it had run out."""
        now = self.clock()
        expires_at = now + self.length
        wanted = LeaseRow(self.name, self.holder, self.token, time_text(expires_at))
        other = self.table.take_lease(wanted, time_text(now))
        if other is not None:
            raise StoreError(f"{self.name} is held by {other.holder} until {other.expires_at}", subject=self.name)
        self.expires_at = expires_at


@contextmanager
def hold(table: LeaseTable, clock: Clock, name: str, holder: str, seconds: float) -> Iterator[Lease]:
    """The lease while the block runs, given back at its end whatever happens."""
    if seconds <= 0:
        raise InvalidValue(f"a lease lasts more than {seconds} seconds", subject=name)
    lease = HeldLease(table, clock, timedelta(seconds=seconds), name, holder, uuid.uuid4().hex, clock())
    lease.renew()
    try:
        yield lease
    finally:
        table.free_lease(name, lease.token)
