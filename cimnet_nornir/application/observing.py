"""How what devices say is kept: as rows of the observation table, and what is read of them."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache

from pydantic import TypeAdapter

from cimnet_nornir.application.observations import DeviceFacts, Observed, PortState, SeenNeighbor
from cimnet_nornir.domain.events import PortCondition
from cimnet_nornir.domain.interfaces import interface_sort_key
from cimnet_nornir.domain.values import Value
from cimnet_nornir.store.observations import Observation
from cimnet_nornir.store.port import EventStore

FACTS, PORTS, NEIGHBORS = "facts", "ports", "neighbors"
"""The kinds of rows: `Summary`, a list of `PortState`, a list of `SeenNeighbor`, each as JSON without defaults."""


class Summary(Value):
    """A device's facts, with how many of its ports were up, enabled and not up, and shut down, and their errors."""

    facts: DeviceFacts
    up: int = 0
    down: int = 0
    disabled: int = 0
    errors: int = 0


def subject_of(environment: str, network: str, device: str) -> str:
    """What the rows of a device are filed under; without a device, what those of a whole network begin with."""
    return f"{environment}:{network}/{device}"


def condition_of(port: PortState) -> PortCondition:
    """The one of three words that events tell of a port."""
    return "up" if port.up else "down" if port.enabled else "disabled"


def errors_of(port: PortState) -> int:
    """What a port counted that should not be, in both directions; discards are no errors: a queue was full."""
    return port.in_errors + port.out_errors


def summary_of(observed: Observed) -> Summary:
    """What is kept of a device for whoever looks at many."""
    conditions = [condition_of(port) for port in observed.ports]
    counts = {word: conditions.count(word) for word in ("up", "down", "disabled")}
    return Summary(facts=observed.facts, errors=sum(map(errors_of, observed.ports)), **counts)


def rows_of(observed: Observed, subject: str) -> tuple[Observation, ...]:
    """What one device said, as rows; the same is always the same bytes."""
    content = {
        FACTS: summary_of(observed).model_dump_json(exclude_defaults=True).encode(),
        PORTS: ports_data(observed.ports),
        NEIGHBORS: _neighbors().dump_json(tuple(sorted(observed.neighbors, key=_in_order)), exclude_defaults=True),
    }
    return tuple(Observation(subject, kind, observed.at, data) for kind, data in content.items())


def ports_data(ports: Iterable[PortState]) -> bytes:
    """The ports as they are kept, in the order of their names."""
    ordered = sorted(ports, key=lambda port: interface_sort_key(port.name))
    return _ports().dump_json(tuple(ordered), exclude_defaults=True)


def digest_of(data: bytes) -> str:
    """How an event names what was observed."""
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def latest_summaries(
    store: EventStore, environment: str, network: str, until: datetime | None
) -> Mapping[str, tuple[datetime, Summary]]:
    """By device id when each last answered, and what it said of itself."""
    prefix = subject_of(environment, network, "")
    rows = store.latest_observations(FACTS, prefix, until=until)
    return {
        subject.removeprefix(prefix): (row.at, Summary.model_validate_json(row.data)) for subject, row in rows.items()
    }


def latest_neighbors(
    store: EventStore, environment: str, network: str, until: datetime | None
) -> Mapping[str, tuple[SeenNeighbor, ...]]:
    """By device id what each device that was asked heard at its ports; nothing where it was never asked."""
    prefix = subject_of(environment, network, "")
    rows = store.latest_observations(NEIGHBORS, prefix, until=until)
    return {subject.removeprefix(prefix): _neighbors().validate_json(row.data) for subject, row in rows.items()}


def ports_of(row: Observation) -> tuple[PortState, ...]:
    """The ports that a row tells of."""
    return _ports().validate_json(row.data)


def neighbors_of(row: Observation) -> tuple[SeenNeighbor, ...]:
    """The neighbours that a row tells of."""
    return _neighbors().validate_json(row.data)


def _in_order(neighbor: SeenNeighbor) -> tuple[str, str, str, str]:
    return neighbor.port, neighbor.name, neighbor.remote_port, neighbor.protocol


@cache
def _ports() -> TypeAdapter[tuple[PortState, ...]]:
    # Built on first use: pydantic takes a moment to compile it.
    return TypeAdapter(tuple[PortState, ...])


@cache
def _neighbors() -> TypeAdapter[tuple[SeenNeighbor, ...]]:
    return TypeAdapter(tuple[SeenNeighbor, ...])
