"""The log as it grows, for those above the store: each event once and in order."""

import threading
from collections.abc import Iterator

from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.domain.envelope import StoredEvent
from cimnet_nornir.store.following import follow


def new_events(service: NetworkService, *, after: int, stop: threading.Event) -> Iterator[tuple[StoredEvent, ...]]:
    """All events after a position, then those that any program appends, until `stop` is set.

    Raises StoreUnavailable once the store could not be reached for a minute.
    """
    for batch in follow(service.store, after=after, stop=stop):
        yield batch.events


def events_after(service: NetworkService, position: int, *, most: int) -> tuple[StoredEvent, ...]:
    """The events that come after a position, as many as are asked for."""
    return tuple(service.store.read_all(after=position, limit=most))
