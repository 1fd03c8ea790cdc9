"""Deployments as they go on: where each device stands, from the first event to the last."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from cimnet_nornir.domain import events as e
from cimnet_nornir.domain.envelope import StoredEvent
from cimnet_nornir.store.port import EventStore

WAITING = "waiting"
PUSHING = "pushing"
_LATEST = 5
# A row of them is read at once: others' networks and environments may be among them.
_LOOKED_THROUGH = 50


@dataclass(slots=True)
class DeviceProgress:
    """A device of a deployment. `stage` is "waiting", "pushing", a step of a host's, or the outcome once it is `done`.

    `since` is when the stage began, `seconds` what the push took.
    """

    device: str
    stage: str = WAITING
    done: bool = False
    since: datetime | None = None
    seconds: float | None = None
    reason: str = ""


@dataclass(slots=True)
class DeploymentProgress:
    """A deployment with its devices, in the order of the plan; `finished` is None as long as its end is not recorded.

    `wave` and `waves` count from 1 where it goes in waves; `decision` is that of a transaction, `last` the time of its
    last event, `seconds` what it took.
    """

    id: str
    actor: str
    reason: str
    method: str
    started: datetime
    last: datetime
    devices: dict[str, DeviceProgress]
    finished: datetime | None = None
    seconds: float | None = None
    wave: int = 0
    waves: int = 0
    decision: str = ""

    @property
    def done(self) -> int:
        """How many devices have an outcome."""
        return sum(device.done for device in self.devices.values())


@dataclass(slots=True)
class Deployments:
    """The latest deployments of a network in an environment, by id, oldest first."""

    network: str
    environment: str
    known: dict[str, DeploymentProgress] = field(default_factory=dict)

    def take_in(self, stored: StoredEvent) -> None:
        """Take an event in; one that is of no deployment here changes nothing."""
        identity, _, device = stored.aggregate_id.removeprefix("deployment:").partition("/")
        if isinstance(stored.event, e.DeploymentStarted):
            self._start(identity, stored, stored.event)
            return
        deployment = self.known.get(identity) if stored.aggregate_id.startswith("deployment:") else None
        if deployment is None:
            return
        deployment.last = stored.recorded_at
        if device:
            _of_device(deployment.devices.setdefault(device, DeviceProgress(device)), stored)
        else:
            _of_deployment(deployment, stored)

    def _start(self, identity: str, stored: StoredEvent, event: e.DeploymentStarted) -> None:
        if (event.network, event.environment) != (self.network, self.environment):
            return
        self.known[identity] = DeploymentProgress(
            id=identity,
            actor=stored.actor,
            reason=stored.reason or "",
            method=event.method,
            started=stored.recorded_at,
            last=stored.recorded_at,
            devices={device: DeviceProgress(device) for device in event.devices},
        )
        for old in list(self.known)[:-_LATEST]:
            if self.known[old].finished is not None:
                del self.known[old]


def latest_deployments(store: EventStore, network: str, environment: str, until: int) -> Deployments:
    """The latest deployments as of a position."""
    found = Deployments(network, environment)
    starts = store.read_all(types=("DeploymentStarted",), until=until, newest_first=True, limit=_LOOKED_THROUGH)
    here = [stored for stored in starts if _is_of(stored, network, environment)][:_LATEST]
    for start in reversed(here):
        for stored in store.by_correlation(UUID(_id_of(start))):
            if stored.position <= until:
                found.take_in(stored)
    return found


def _is_of(stored: StoredEvent, network: str, environment: str) -> bool:
    event = stored.event
    return isinstance(event, e.DeploymentStarted) and (event.network, event.environment) == (network, environment)


def _id_of(stored: StoredEvent) -> str:
    return stored.aggregate_id.removeprefix("deployment:").partition("/")[0]


def _of_deployment(deployment: DeploymentProgress, stored: StoredEvent) -> None:
    match stored.event:
        case e.DeploymentFinished(outcomes=outcomes, seconds=seconds):
            deployment.finished, deployment.seconds = stored.recorded_at, seconds
            _settle(deployment.devices, outcomes, stored.recorded_at)
        case e.TransactionDecided(decision=decision):
            deployment.decision = decision
        case e.WaveStarted(number=number, of=waves):
            deployment.wave, deployment.waves = number, waves
        case _:
            # What else is told of a whole deployment moves no device.
            return


def _settle(devices: dict[str, DeviceProgress], outcomes: Mapping[str, str], at: datetime) -> None:
    """Devices that nothing else was told of have the outcome that the deployment ended with."""
    for name, outcome in outcomes.items():
        device = devices.setdefault(name, DeviceProgress(name))
        if not device.done:
            device.stage, device.done, device.since = outcome, True, at


def _of_device(device: DeviceProgress, stored: StoredEvent) -> None:
    stage = _stage(stored.event)
    if stage is None:
        return
    device.stage, device.done = stage
    device.since = stored.recorded_at
    device.seconds = getattr(stored.event, "seconds", device.seconds)
    device.reason = getattr(stored.event, "reason", device.reason)


def _stage(event: Any) -> tuple[str, bool] | None:
    """The stage that an event of a device brings, and whether it is the last; None where it brings none."""
    match event:
        case e.PushStarted():
            return PUSHING, False
        case e.HostDeploymentAdvanced(step=step):
            return step, False
        case e.ConfigurationApplied():
            return "applied", True
        case e.ConfigurationFailed(outcome=outcome) | e.PushSettled(outcome=outcome):
            return outcome, True
        case _:
            return None
