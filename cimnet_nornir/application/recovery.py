"""After a failure: results that wait are stored, and pushes in doubt are settled by looking at the device."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from cimnet_nornir.application.changes import Chain
from cimnet_nornir.application.deployment import push_lease
from cimnet_nornir.application.plan import text_digest
from cimnet_nornir.application.ports import ReadResult
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.domain.envelope import Append, StoredEvent
from cimnet_nornir.domain.events import DeploymentStarted, PushSettled, PushStarted
from cimnet_nornir.errors import ConfigurationError, DeviceError, StoreError
from cimnet_nornir.projections.deployments import DeploymentView, Push, load_deployments
from cimnet_nornir.store.spool import DrainReport

_LEASE_SECONDS = 60.0

Outcome = Literal["applied", "not applied", "partly applied"]
Save = Callable[[str], DeviceError | None]
"""Writes the running configuration of a device, by id, to its startup; the error where that was not done."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A push that was started and whose outcome is not known, or that was not saved."""

    deployment: DeploymentView
    push: Push
    started: StoredEvent

    @property
    def device(self) -> str:
        """The device's id."""
        return self.push.device

    @property
    def intent(self) -> int:
        """The position of the intent that was pushed."""
        event = self.deployment.started.event
        return event.position if isinstance(event, DeploymentStarted) else 0


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a doubt: the outcome, or why it stays ("" and the reason)."""

    doubt: Doubt
    outcome: Outcome | None
    reason: str = ""


def drain_spool(service: NetworkService) -> DrainReport:
    """Store what waits in the spool; nothing is lost where that fails again."""
    return service.spool().drain(service.store)


def doubts(service: NetworkService) -> tuple[Doubt, ...]:
    """The pushes of the service's network and environment that are in doubt, or not saved and by none after them."""
    found: list[Doubt] = []
    for deployment in load_deployments(service.store).values():
        if (deployment.environment, deployment.network) == (service.environment, service.network_name):
            applied = {push.device for push in deployment.pushes.values() if push.outcome == "applied"}
            found = [doubt for doubt in found if doubt.push.outcome == "in doubt" or doubt.device not in applied]
            found += _doubts(deployment)
    return tuple(found)


def _doubts(deployment: DeploymentView) -> Iterator[Doubt]:
    for push in deployment.pushes.values():
        if push.started is not None and push.outcome in ("in doubt", "not saved"):
            yield Doubt(deployment, push, push.started)


def settle(
    service: NetworkService,
    found: tuple[Doubt, ...],
    readings: Mapping[str, ReadResult],
    *,
    save: Save = lambda _: None,
) -> tuple[Settled, ...]:
    """Settle each doubt by what its device runs now, and record it. A device that cannot be read stays in doubt.

    A device that runs what is intended is saved first; where that fails, it stays in doubt too.
    """
    return tuple(_settle(service, doubt, readings.get(doubt.device), save) for doubt in found)


def _settle(service: NetworkService, doubt: Doubt, reading: ReadResult | None, save: Save) -> Settled:
    if not isinstance(reading, str):
        return Settled(doubt, None, reading.message if reading is not None else "the device is not in the network")
    lease = push_lease(service.environment, service.network_name, doubt.device)
    try:
        # Whoever still holds the device is still pushing: then nothing is in doubt yet.
        with service.store.lease(lease, f"{service.actor.name} (recover)", seconds=_LEASE_SECONDS):
            return _record(service, doubt, reading, save)
    except (StoreError, ConfigurationError) as error:
        return Settled(doubt, None, error.message)


def _record(service: NetworkService, doubt: Doubt, running: str, save: Save) -> Settled:
    # What was pushed counts, not what is intended since.
    planner = service.planner_at(doubt.intent)
    plan = planner.plan(planner.device(doubt.device), running)
    outcome = _outcome(service, doubt, running, changed=plan.changed)
    unsaved = save(doubt.device) if outcome == "applied" else None
    if unsaved is not None:
        return Settled(doubt, None, f"it runs what is intended, but: {unsaved.message}")
    event = PushSettled(
        network=service.network_name,
        device=doubt.device,
        environment=service.environment,
        intent=planner.position,
        outcome=outcome,
        snapshot=service.store.put_blob(service.engine.mask(service.engine.stable(running)).encode()),
        remaining=tuple(service.engine.mask(line) for line in plan.commands),
    )
    stream = doubt.started.aggregate_id
    version = service.store.versions(stream)[stream]
    chain = Chain(service.actor, doubt.started.correlation_id, {stream: version})
    record = chain.record(stream, event, cause=doubt.started.event_id)
    service.store.append(Append(events=(record,), read={stream: version}))
    return Settled(doubt, outcome)


def _outcome(service: NetworkService, doubt: Doubt, running: str, *, changed: bool) -> Outcome:
    started = doubt.started.event
    if not changed:
        return "applied"
    before = started.before if isinstance(started, PushStarted) else ""
    return "not applied" if text_digest(service.engine.stable(running)) == before else "partly applied"
