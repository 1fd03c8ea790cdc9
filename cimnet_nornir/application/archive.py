"""The whole log, out of a store and into another."""

from collections.abc import Iterable
from typing import TextIO

from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.errors import InvalidInput
from cimnet_nornir.store.export import export_events, import_events


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
