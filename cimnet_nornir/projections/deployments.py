"""Deployments as they stand: which devices each touched, how it ended, and which events of intent it carried."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from cimnet_nornir.domain.envelope import StoredEvent
from cimnet_nornir.domain.events import (
    ConfigurationApplied,
    ConfigurationFailed,
    DeploymentFinished,
    DeploymentStarted,
    HostConfigurationApplied,
    HostConfigurationFailed,
    PushSettled,
    PushStarted,
    RouterConfigurationApplied,
    RouterConfigurationFailed,
    SwitchConfigurationApplied,
    SwitchConfigurationFailed,
    TransactionDecided,
)
from cimnet_nornir.store.port import EventStore

RESULT_TYPES = tuple(
    kind.type_name()
    for kind in (
        RouterConfigurationApplied,
        SwitchConfigurationApplied,
        HostConfigurationApplied,
        RouterConfigurationFailed,
        SwitchConfigurationFailed,
        HostConfigurationFailed,
        PushSettled,
    )
)
DEPLOYMENT_TYPES = ("DeploymentStarted", "TransactionDecided", "DeploymentFinished", "PushStarted", *RESULT_TYPES)


@dataclass(slots=True)
class Push:
    """What a deployment did to one device: `outcome` is "in doubt" until a result is known."""

    device: str
    started: StoredEvent | None = None
    result: StoredEvent | None = None
    outcome: str = "in doubt"


@dataclass(slots=True)
class DeploymentView:
    """One deployment; `id` is that of its stream, `finished` None while it runs (or when its process died).

    `decision` is what was decided of a transaction: "keep" or "take back", empty before, and where it is none.
    """

    id: str
    started: StoredEvent
    environment: str
    network: str
    pushes: dict[str, Push] = field(default_factory=dict)
    finished: datetime | None = None
    decision: str = ""


def load_deployments(store: EventStore, *, until: int | None = None) -> dict[str, DeploymentView]:
    """All deployments by id, oldest first."""
    deployments: dict[str, DeploymentView] = {}
    for stored in store.read_all(types=DEPLOYMENT_TYPES, until=until):
        take_in(deployments, stored)
    return deployments


def take_in(deployments: dict[str, DeploymentView], stored: StoredEvent) -> None:
    """Take in the next event of any deployment."""
    identity, _, device = stored.aggregate_id.removeprefix("deployment:").partition("/")
    event = stored.event
    if isinstance(event, DeploymentStarted):
        deployments[identity] = DeploymentView(identity, stored, event.environment, event.network)
        return
    deployment = deployments.get(identity)
    if deployment is None:
        return
    if isinstance(event, DeploymentFinished):
        deployment.finished = stored.recorded_at
        return
    if isinstance(event, TransactionDecided):
        deployment.decision = event.decision
        return
    push = deployment.pushes.setdefault(device, Push(device))
    if isinstance(event, PushStarted):
        push.started = stored
    else:
        push.result, push.outcome = stored, _outcome(stored)


def _outcome(stored: StoredEvent) -> str:
    event = stored.event
    if isinstance(event, ConfigurationApplied):
        return "applied"
    if isinstance(event, ConfigurationFailed | PushSettled):
        return event.outcome
    return "in doubt"


def carriers(store: EventStore, events: Iterable[UUID], *, until: int | None = None) -> dict[UUID, list[StoredEvent]]:
    """For each event of intent the pushes that carried it to a device, oldest first."""
    wanted = set(events)
    found: dict[UUID, list[StoredEvent]] = {event: [] for event in wanted}
    for stored in store.read_all(types=("PushStarted",), until=until):
        if not isinstance(stored.event, PushStarted):
            continue
        carried = {event for line in stored.event.carries for event in line.events}
        for event in carried & wanted:
            found[event].append(stored)
    return found
