"""Where each device stands in its life, in each environment.

Persisted as a row a device and environment, with the position up to which events were read, so that the present is
known without reading the history. A moment in the past is folded from the beginning.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import cache

from pydantic import TypeAdapter

from cimnet_nornir.domain.envelope import StoredEvent
from cimnet_nornir.domain.events import EVENT_TYPES, LifecycleChanged
from cimnet_nornir.domain.lifecycle import LifecycleState
from cimnet_nornir.domain.lifecycle_status import ADDED, LifecycleStatus, evolve_lifecycle
from cimnet_nornir.errors import ConcurrencyConflict, StoreUnavailable
from cimnet_nornir.projections.deployments import RESULT_TYPES
from cimnet_nornir.projections.inventory import HostView
from cimnet_nornir.store.port import EventStore, ProjectionRow

# Raised when the fold or the shape of the rows changes; older rows are then left unread.
PROJECTION = "lifecycle-1"
LIFECYCLE_TYPES = frozenset(
    {
        *ADDED,
        "PushStarted",
        *RESULT_TYPES,
        "ConfigurationDeployed",
        *(name for name, kind in EVENT_TYPES.items() if issubclass(kind, LifecycleChanged)),
    }
)
# A row a device is written when so many have changed: a write costs a flush, folding a few events costs nothing.
_SAVE_AFTER = 50
# A device has a name, so that no device has this key.
_POSITION_ROW = ""


def load_lifecycle(
    store: EventStore, network: str, environment: str, *, until: int | None = None, save_after: int = _SAVE_AFTER
) -> dict[str, LifecycleStatus]:
    """By device id where each device that the network ever had stands; as of a position where one is given.

    Rows are kept again once there are `save_after` newer events.
    """
    prefix = f"{network}/{environment}/"
    rows = store.load_rows(PROJECTION, prefix) if until is None else {}
    mark = rows.pop(f"{prefix}{_POSITION_ROW}", None)
    known = {key.removeprefix(prefix): _status().validate_json(row.state) for key, row in rows.items()} if mark else {}
    position = mark.position if mark else 0
    changed: set[str] = set()
    count = 0
    for stored in store.read_all(after=position, until=until, types=LIFECYCLE_TYPES):
        position, count = stored.position, count + 1
        device = _device(stored, network, environment)
        if device is not None:
            changed.add(device)
            _take_in(known, device, stored)
    if until is None and count >= save_after:
        saved = {f"{prefix}{device}": _row(position, known[device]) for device in changed if device in known}
        rows = {**saved, f"{prefix}{_POSITION_ROW}": ProjectionRow(position, b"")}
        # Somebody else was first, or nothing can be written: whoever reads next folds it again.
        with suppress(ConcurrencyConflict, StoreUnavailable):
            store.save_rows(PROJECTION, rows, expected=(f"{prefix}{_POSITION_ROW}", mark.position if mark else 0))
    return known


def with_lifecycle(hosts: Iterable[HostView], lives: Mapping[str, LifecycleStatus]) -> tuple[HostView, ...]:
    """The hosts with the state of their devices as a fact and a group, `lifecycle__active`."""
    return tuple(_with_state(host, lives[host.device].state) if host.device in lives else host for host in hosts)


def _with_state(host: HostView, state: LifecycleState) -> HostView:
    return replace(
        host,
        groups=(*host.groups, f"lifecycle__{state.value}"),
        facts={**host.facts, "lifecycle": state.value},
    )


def _device(stored: StoredEvent, network: str, environment: str) -> str | None:
    """The device that an event is about, where it is one of this network and environment; being added is in all."""
    event = stored.event
    if getattr(event, "network", None) != network or getattr(event, "environment", environment) != environment:
        return None
    device = getattr(event, "device", None)
    return str(device) if device else None


def _take_in(known: dict[str, LifecycleStatus], device: str, stored: StoredEvent) -> None:
    status = evolve_lifecycle(known.get(device), stored)
    if status is not None:
        known[device] = status


@cache
def _status() -> TypeAdapter[LifecycleStatus]:
    # Built on first use: pydantic takes a moment to compile it.
    return TypeAdapter(LifecycleStatus)


def _row(position: int, status: LifecycleStatus) -> ProjectionRow:
    return ProjectionRow(position, _status().dump_json(status))
