"""A deployment as a sequence diagram: who asked, what each device was told, and what it answered."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from uuid import UUID

from cimnet_nornir.application.diagrams.folded import folded_steps
from cimnet_nornir.application.diagrams.steps import Cast, steps
from cimnet_nornir.domain import events as e
from cimnet_nornir.domain.envelope import StoredEvent
from cimnet_nornir.errors import NotFound
from cimnet_nornir.projections.mermaid.flowchart import MOST_TEXT
from cimnet_nornir.projections.mermaid.text import escaped, size
from cimnet_nornir.store.port import EventStore

_READABLE = 12
"""Beside more devices than that nobody finds a message."""
_NO_NAMES: Mapping[str, str] = MappingProxyType({})
# They settle a push later on, in a chain of their own.
_LATER = ("RecoveryStarted", "PushSettled")


def deployment_diagram(
    store: EventStore,
    deployment: UUID,
    *,
    names: Mapping[str, str] = _NO_NAMES,
    until: int | None = None,
    fold: int | None = None,
) -> str:
    """A deployment by its id, as of a position: `names` are those of devices by id.

    Above `fold` devices (12), and where it would be too much for Mermaid, devices are folded by what they came to.
    Raises NotFound where there is no such deployment.
    """
    events = tuple(_events(store, deployment, until))
    started = next((each.event for each in events if isinstance(each.event, e.DeploymentStarted)), None)
    if started is None:
        raise NotFound(
            f"{str(deployment)[:8]} is no deployment; cimnet history --type DeploymentStarted lists them",
            subject=str(deployment),
        )
    cast = Cast.of(started, events, names)
    most = _READABLE if fold is None else fold
    text = _written(cast, steps(cast, events)) if len(cast.devices) <= most else ""
    return text if text and size(text) <= MOST_TEXT else _written_folded(cast, events)


def _events(store: EventStore, deployment: UUID, until: int | None) -> Iterable[StoredEvent]:
    stream = f"deployment:{deployment}"
    own = [stored for stored in store.by_correlation(deployment) if until is None or stored.position <= until]
    later = store.read_all(types=_LATER, until=until)
    known = {stored.event_id for stored in own}
    own += [stored for stored in later if stored.aggregate_id.startswith(f"{stream}/") and stored.event_id not in known]
    return sorted(own, key=lambda stored: stored.position)


def _written(cast: Cast, lines: Iterable[str]) -> str:
    devices = (f"participant {short} as {escaped(cast.name(device))}" for device, short in cast.devices.items())
    return "\n".join(["sequenceDiagram", *(f"  {line}" for line in (*cast.head(), *devices, *lines)), ""])


def _written_folded(cast: Cast, events: Iterable[StoredEvent]) -> str:
    lines = folded_steps(cast, tuple(events))
    return "\n".join(["sequenceDiagram", *(f"  {line}" for line in (*cast.head(), *lines)), ""])
