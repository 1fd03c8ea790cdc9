"""Leases: a right by name for a limited time, so that a holder that died does not block the others for good."""

import os
import socket
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple, Protocol

from cimnet_nornir.errors import InvalidValue, StoreError
from cimnet_nornir.store.port import Clock, Lease
from cimnet_nornir.store.rows import time_text


class LeaseRow(NamedTuple):
    """A lease as it is stored; the token tells two leases of one holder apart, and which process holds it."""

    name: str
    holder: str
    token: str
    expires_at: str


class LeaseTable(Protocol):
    """What a backend does with leases."""

    def take_lease(self, wanted: LeaseRow, now: str) -> LeaseRow | None:
        """Writes the lease unless another token's is in the way (`blocks`); returns the lease that was there before."""
        ...

    def free_lease(self, name: str, token: str, now: str) -> None:
        """Lets this token's lease run out now; it stays to be seen that, and when, somebody had it."""
        ...


def blocks(present: LeaseRow, wanted: LeaseRow, now: str) -> bool:
    """Whether the lease that is there is another's and has not run out."""
    return present.token != wanted.token and present.expires_at > now


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
    vacated: datetime | None = None

    def take(self) -> None:
        """Takes it for the first time, also from a process of this host that has died; StoreError when it is held."""
        other = self._write()
        if other is not None and _has_died(other.token):
            self.table.free_lease(other.name, other.token, time_text(self.clock()))
            other = self._write()
        self._require(other)

    def seconds_left(self) -> float:
        """Until it may be another's."""
        return (self.expires_at - self.clock()).total_seconds()

    def renew(self) -> None:
        """Takes it again for its full length; StoreError when another took it after it had run out."""
        self._require(self._write())

    def _write(self) -> LeaseRow | None:
        """The lease in the way, None where ours is written now."""
        now = self.clock()
        wanted = LeaseRow(self.name, self.holder, self.token, time_text(now + self.length))
        before = self.table.take_lease(wanted, time_text(now))
        if before is not None and blocks(before, wanted, time_text(now)):
            return before
        self.expires_at = now + self.length
        if before is not None and before.token != self.token:
            self.vacated = datetime.fromisoformat(before.expires_at)
        return None

    def _require(self, other: LeaseRow | None) -> None:
        if other is not None:
            raise StoreError(f"{self.name} is held by {other.holder} until {other.expires_at}", subject=self.name)


@contextmanager
def hold(table: LeaseTable, clock: Clock, name: str, holder: str, seconds: float) -> Iterator[Lease]:
    """The lease while the block runs, given back at its end; where that fails, it runs out by itself."""
    if seconds <= 0:
        raise InvalidValue(f"a lease lasts more than {seconds} seconds", subject=name)
    lease = HeldLease(table, clock, timedelta(seconds=seconds), name, holder, _token(), clock())
    lease.take()
    try:
        yield lease
    finally:
        # What was done under the lease is done: an error here would hide it.
        with suppress(StoreError):
            table.free_lease(name, lease.token, time_text(clock()))


def _token() -> str:
    return f"{_place()}|{os.getpid()}|{uuid.uuid4().hex}"


def _has_died(token: str) -> bool:
    """Whether the process that made the token ran here and is gone; False wherever that cannot be known."""
    place, process, _ = token.rsplit("|", 2) if token.count("|") > 1 else ("", "", "")
    if place != _place():
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False


def _place() -> str:
    """Where process ids mean the same: this host, and its PID namespace, since containers may share a host name."""
    namespace = Path("/proc/self/ns/pid")
    # Only Linux has namespaces, pid_namespaces(7).
    with suppress(OSError):
        return f"{socket.gethostname()}|{namespace.readlink()}"
    return socket.gethostname()
