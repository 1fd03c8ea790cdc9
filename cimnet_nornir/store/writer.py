"""Group commit: many threads append, one thread writes what is waiting in one transaction."""

import threading
from collections.abc import Sequence
from concurrent.futures import Future
from types import TracebackType
from typing import Self

from cimnet_nornir.domain.envelope import Append, StoredEvent
from cimnet_nornir.errors import StoreError, StoreUnavailable
from cimnet_nornir.store.port import EventStore

MOST_AT_ONCE = 500
"""Batches in one transaction, so that the lock is not held for long."""

Outcome = Future[tuple[StoredEvent, ...]]


class GroupWriter:
    """Appends for many threads with few disk syncs; nobody waits longer than for the transaction before theirs.

    While a transaction is being written the next batches collect, and all of them go into the next one. Close it, or
    use it as a context manager; the store stays open.
    """

    def __init__(self, store: EventStore) -> None:
        self._store = store
        self._changed = threading.Condition()
        self._waiting: list[tuple[Append, Outcome]] = []
        self._open = True
        self._thread = threading.Thread(target=self._run, name="cimnet-event-writer", daemon=True)
        self._thread.start()

    def append(self, batch: Append) -> tuple[StoredEvent, ...]:
        """Blocks until the batch is durable and returns its stored events.

        Raises what the store says about this batch (LeaseLost where its fence fell, when the others of its transaction
        are stored), or StoreUnavailable when the writer was closed. Interrupted while it waits, the batch may be stored
        nevertheless.
        """
        outcome: Outcome = Future()
        with self._changed:
            if not self._open:
                raise StoreUnavailable("the event writer is closed", subject=self._store.url)
            self._waiting.append((batch, outcome))
            self._changed.notify()
        return outcome.result()

    def close(self) -> None:
        """Writes what is waiting and stops; further appends are refused."""
        with self._changed:
            self._open = False
            self._changed.notify()
        if self._thread is not threading.current_thread():
            self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _run(self) -> None:
        group: list[tuple[Append, Outcome]] = []
        try:
            while group := self._next_group():
                _hand_out(group, self._write([batch for batch, _ in group]))
        finally:
            self._abandon(group)

    def _next_group(self) -> list[tuple[Append, Outcome]]:
        """What is waiting, as soon as something is; nothing once the writer is closed and all is written."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or not self._open)
            group, self._waiting = self._waiting[:MOST_AT_ONCE], self._waiting[MOST_AT_ONCE:]
            return group

    def _write(self, batches: Sequence[Append]) -> Sequence[tuple[StoredEvent, ...] | Exception]:
        try:
            return self._store.append_all(batches)
        except StoreError as error:
            return [error] * len(batches)
        except Exception as error:  # noqa: BLE001 - handed to the thread whose batch it is, which raises it
            return [error] if len(batches) == 1 else [self._write([batch])[0] for batch in batches]

    def _abandon(self, group: Sequence[tuple[Append, Outcome]]) -> None:
        """However the thread ends, nobody is left waiting."""
        with self._changed:
            self._open = False
            left, self._waiting = [*group, *self._waiting], []
        for _, outcome in left:
            if not outcome.done():
                outcome.set_exception(StoreUnavailable("the event writer has stopped", subject=self._store.url))


def _hand_out(group: Sequence[tuple[Append, Outcome]], results: Sequence[tuple[StoredEvent, ...] | Exception]) -> None:
    for (_, outcome), result in zip(group, results, strict=True):
        if isinstance(result, Exception):
            outcome.set_exception(result)
        else:
            outcome.set_result(result)
