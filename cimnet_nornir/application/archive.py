"""The whole log, out of a store and into another."""

from collections.abc import Iterable
from dataclasses import replace
from typing import TextIO

from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.errors import InvalidInput
from cimnet_nornir.store.export import export_events, import_events
from cimnet_nornir.store.port import StoreInfo
from cimnet_nornir.store.rows import LeaseInfo


def info_of(service: NetworkService, at: int | None = None) -> StoreInfo:
    """What the store holds, or held at a position; how large it was then is not known (0)."""
    info = service.store.info()
    if at is None:
        return info
    versions = service.store.versions(until=at)
    last = next(iter(service.store.read_all(until=at, newest_first=True, limit=1)), None)
    kept = info.checkpoint
    return replace(
        info,
        events=sum(versions.values()),
        streams=len(versions),
        head=last.position if last else 0,
        first_recorded_at=info.first_recorded_at if last else None,
        last_recorded_at=last.recorded_at if last else None,
        size_bytes=0,
        checkpoint=kept if kept and kept.position <= at else None,
    )


def leases_of(service: NetworkService, *, everything: bool = False) -> tuple[LeaseInfo, ...]:
    """The leases that somebody holds, by name; or all of them, those that were given back or ran out included."""
    return tuple(lease for lease in service.store.leases() if lease.held or everything)


def export_log(service: NetworkService, out: TextIO) -> int:
    """Write every event, one JSON object a line; returns how many."""
    return export_events(service.store, out)


def import_log(service: NetworkService, lines: Iterable[str]) -> int:
    """Read an export into the service's store, which must be empty; returns how many events.

    Raises InvalidInput where it is no text in UTF-8, StoreError where it is no export or does not fit.
    """
    try:
        return import_events(service.store, lines)
    except UnicodeDecodeError as error:
        raise InvalidInput("this is no export of an event log: it is no UTF-8 text", subject="import") from error
