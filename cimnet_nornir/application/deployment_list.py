"""Deployments as they are told: when and by whom, how many devices came to what, and what each device was sent."""

import threading
from collections import Counter
from collections.abc import KeysView, Mapping
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime

from cimnet_nornir.application.deployment import LEASE_SECONDS, worked_on
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.domain.envelope import StoredEvent
from cimnet_nornir.domain.events import (
    ConfigurationApplied,
    ConfigurationFailed,
    DeploymentStarted,
    PushSettled,
    PushStarted,
)
from cimnet_nornir.domain.values import Value
from cimnet_nornir.errors import InvalidInput, NotFound
from cimnet_nornir.projections.deployments import DEPLOYMENT_TYPES, DeploymentView, Push, load_deployments, take_in

_LEAST_PREFIX = 4
_WAITING = "waiting"
_RUNNING = "running"


class DeploymentLine(Value):
    """A deployment in a line. `counts` are devices by outcome; "running" are being pushed to, "waiting" not yet.

    `state` is "broken off" where its process died and nobody carries it on: `cimnet recover` settles what is left.
    `finished` is None then, too.
    """

    id: str
    state: Literal["running", "finished", "broken off"]
    started: AwareDatetime
    finished: AwareDatetime | None
    actor: str
    reason: str | None
    environment: str
    method: str
    transaction: bool
    decision: str
    plan: str
    position: int
    counts: dict[str, int]
    devices: int


class CarriedLine(Value):
    """A line that was sent, whether it brings something or takes it away, and the events of intent behind it."""

    line: str
    adds: bool
    events: tuple[UUID, ...]


class DevicePush(Value):
    """What a deployment did to one device; `outcome` is that of the events, or "running", "waiting"."""

    device: str
    name: str
    outcome: str
    started: AwareDatetime | None
    finished: AwareDatetime | None
    seconds: float | None
    lines: int
    reason: str
    carries: tuple[CarriedLine, ...]


class DeploymentPage(Value):
    """One deployment with all its devices, in the order of the plan; `request` is the event that asked for it."""

    deployment: DeploymentLine
    request: UUID
    devices: tuple[DevicePush, ...]


class DeploymentBook:
    """All deployments of a network in an environment, brought up to date by what happened since it was last asked."""

    def __init__(self, service: NetworkService) -> None:
        self._service = service
        self._known: dict[str, DeploymentView] = {}
        self._position = 0
        self._lock = threading.Lock()

    def views(self, at: int | None = None) -> Mapping[str, DeploymentView]:
        """By id, oldest first; now, or as of a position."""
        if at is not None:
            return self._here(load_deployments(self._service.store, until=at))
        with self._lock:
            for stored in self._service.store.read_all(after=self._position, types=DEPLOYMENT_TYPES):
                take_in(self._known, stored)
                self._position = stored.position
            return self._here(self._known)

    def lines(self, *, first: int, at: int | None = None) -> tuple[DeploymentLine, ...]:
        """The newest deployments."""
        newest, running = list(self.views(at).values())[-first:], self.running(at)
        return tuple(line_of(view, runs=view.id in running) for view in reversed(newest))

    def running(self, at: int | None = None) -> tuple[str, ...]:
        """The ids of those that are carried on; at a moment of the past, of those that were not finished.

        Of the present it is known who works on a device. Where nobody does, one may be between two devices, for no
        longer than a lease holds.
        """
        unfinished = [view for view in self.views(at).values() if view.finished is None]
        if at is not None or not unfinished:
            return tuple(view.id for view in unfinished)
        service = self._service
        held, now = worked_on(service.store, service.environment, service.network_name), service.actor.clock()
        grace = timedelta(seconds=LEASE_SECONDS)
        return tuple(view.id for view in unfinished if held.keys() & _devices(view) or now - _last(view) < grace)

    def page(self, identity: str, names: Mapping[str, str], at: int | None = None) -> DeploymentPage:
        """One deployment by its id or the beginning of it; `names` are the devices' by id. Raises NotFound."""
        view = self.view(identity, at)
        runs = view.id in self.running(at)
        pushes = tuple(_push(view, device, names, runs=runs) for device in _devices(view))
        return DeploymentPage(deployment=line_of(view, runs=runs), request=view.started.causation_id, devices=pushes)

    def view(self, identity: str, at: int | None = None) -> DeploymentView:
        """One deployment by its id or the beginning of it. Raises NotFound, InvalidInput."""
        found = [view for known, view in self.views(at).items() if known.startswith(identity.lower())]
        if len(identity) < _LEAST_PREFIX or not found:
            raise NotFound(f"there is no deployment {identity!r}", subject=identity)
        if len(found) > 1:
            raise InvalidInput(f"{identity!r} begins {len(found)} deployments; give more of it", subject=identity)
        return found[0]

    def _here(self, views: Mapping[str, DeploymentView]) -> Mapping[str, DeploymentView]:
        here = (self._service.network_name, self._service.environment)
        return {key: view for key, view in views.items() if (view.network, view.environment) == here}


def line_of(view: DeploymentView, *, runs: bool) -> DeploymentLine:
    """A deployment in a line; `runs` tells that somebody carries it on."""
    started = view.started.event
    if not isinstance(started, DeploymentStarted):
        raise TypeError(f"{view.started.type} is no start of a deployment")
    ids = _devices(view)
    counts = Counter(_outcome(view.pushes.get(device), runs=runs) for device in ids)
    return DeploymentLine(
        id=view.id,
        state="running" if runs else "broken off" if view.finished is None else "finished",
        started=view.started.recorded_at,
        finished=view.finished,
        actor=view.started.actor,
        reason=view.started.reason,
        environment=view.environment,
        method=started.method,
        transaction=any(_is_transaction(push.started) for push in view.pushes.values()),
        decision=view.decision,
        plan=started.plan,
        position=started.position,
        counts=dict(sorted(counts.items())),
        devices=len(ids),
    )


def _devices(view: DeploymentView) -> KeysView[str]:
    """The ids of its devices, in the order of the plan."""
    planned = view.started.event.devices if isinstance(view.started.event, DeploymentStarted) else ()
    return dict.fromkeys((*planned, *view.pushes)).keys()


def _last(view: DeploymentView) -> datetime:
    """When it last said something itself; whoever settles a push later is another."""
    events = (event for push in view.pushes.values() for event in (push.started, push.result) if event is not None)
    own = (event.recorded_at for event in events if not isinstance(event.event, PushSettled))
    return max((view.started.recorded_at, *own))


def _is_transaction(started: StoredEvent | None) -> bool:
    return started is not None and isinstance(started.event, PushStarted) and started.event.transaction


def _outcome(push: Push | None, *, runs: bool) -> str:
    """What became of a device; what is under way is not in doubt while its deployment runs."""
    if push is None:
        return _WAITING if runs else "not started"
    return _RUNNING if push.result is None and runs else push.outcome


def _push(view: DeploymentView, device: str, names: Mapping[str, str], *, runs: bool) -> DevicePush:
    push = view.pushes.get(device)
    started = push.started if push else None
    result = push.result if push else None
    carries = started.event.carries if started and isinstance(started.event, PushStarted) else ()
    return DevicePush(
        device=device,
        name=names.get(device, device),
        outcome=_outcome(push, runs=runs),
        started=_when(started),
        finished=_when(result),
        seconds=_seconds(result),
        lines=len(carries),
        reason=result.event.reason if result and isinstance(result.event, ConfigurationFailed) else "",
        carries=tuple(CarriedLine(line=item.line, adds=item.adds, events=item.events) for item in carries),
    )


def _when(stored: StoredEvent | None) -> datetime | None:
    return stored.recorded_at if stored else None


def _seconds(result: StoredEvent | None) -> float | None:
    event = result.event if result else None
    return event.seconds if isinstance(event, ConfigurationApplied | ConfigurationFailed) else None
