"""A plan being carried out: what is recorded, when, and what happens when the store fails meanwhile.

`PushStarted` is durable before the first byte is sent, else nothing is sent. Outcomes are facts: recording one never
raises; where the store fails, it is spooled to disk and `recover` drains it.
"""

import os
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import KW_ONLY, dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from cimnet_nornir.application.actors import Actor
from cimnet_nornir.application.changes import Chain, open_request
from cimnet_nornir.application.plan import DevicePlan, Plan
from cimnet_nornir.domain import events as e
from cimnet_nornir.domain.envelope import Append, EventRecord
from cimnet_nornir.domain.streams import deployment_stream, push_stream
from cimnet_nornir.errors import ApprovalMissing, CimnetError, StoreError
from cimnet_nornir.store.port import EventStore, Lease
from cimnet_nornir.store.spool import Spool
from cimnet_nornir.store.writer import GroupWriter

_LEASE_SECONDS = 60.0
# A plan is made some time after its devices were read, and two hosts' clocks differ: reading once more does no harm.
_SOME_TIME = timedelta(minutes=5)


def push_lease(environment: str, network: str, device: str) -> str:
    """The name of the lease of whoever works on a device, by its id."""
    return f"push:{environment}:{network}/{device}"


@dataclass(frozen=True, slots=True)
class PushOutcome:
    """What became of one device. Texts are already without secrets and volatile lines.

    `outcome` is "applied" or one of ConfigurationFailed's; `running` is what was read back, None where it could not be;
    `intended` is the configuration that was to be reached, `remaining` are the commands that would still be needed,
    `seconds` the time the device took.
    """

    device: DevicePlan
    outcome: str
    seconds: float
    reason: str = ""
    line: str = ""
    answer: str = ""
    sent: tuple[str, ...] = ()
    running: str | None = None
    intended: str | None = None
    remaining: tuple[str, ...] = ()
    saved: bool = False

    @property
    def applied(self) -> bool:
        """Whether the device holds what was intended."""
        return self.outcome == "applied"


@dataclass(slots=True)
class Deployment:
    """One deployment under way, told of each device. Safe from many threads; made by `deploy`."""

    store: EventStore
    plan: Plan
    method: str
    outcomes: dict[str, PushOutcome] = field(default_factory=dict)
    trouble: list[str] = field(default_factory=list)
    _: KW_ONLY
    chain: Chain
    started: EventRecord
    writer: GroupWriter
    spool: Spool
    holder: str
    refused: Mapping[str, CimnetError] = field(default_factory=dict)
    bound: bool = False
    _pushes: dict[str, tuple[DevicePlan, EventRecord]] = field(default_factory=dict)
    _leases: dict[str, Lease] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _began: float = field(default_factory=time.monotonic)

    @property
    def id(self) -> UUID:
        """The deployment's id, which is that of its correlation."""
        return self.chain.correlation_id

    @contextmanager
    def holding(self, device: DevicePlan) -> Iterator[Lease]:
        """Hold the device alone while the block runs. Raises StoreError, naming the holder, where another has it.

        Raises the error in `refused` for a device that nothing may be pushed to.
        """
        if device.device in self.refused:
            raise self.refused[device.device]
        name = push_lease(self.plan.environment, self.plan.network, device.device)
        with self.store.lease(name, self.holder, seconds=_LEASE_SECONDS) as lease:
            self._leases[name] = lease
            try:
                yield lease
            finally:
                del self._leases[name]

    def renew_leases(self) -> None:
        """Hold on to the devices in hand; a lease that cannot be renewed shows where it is given back."""
        for lease in tuple(self._leases.values()):
            # Whoever pushes goes on: an outcome that is recorded late is better than a push that is cut off.
            with suppress(StoreError):
                lease.renew()

    def push_started(self, device: DevicePlan) -> UUID:
        """Make durable that lines are about to be sent. Raises StoreError: then nothing may be sent.

        Raises ApprovalMissing where the plan was approved, and this is not what it says of the device.
        """
        plan = self.plan
        if self.bound and plan.device(device.device) != device:
            raise ApprovalMissing(f"what was approved for {device.name} is not this; plan again", subject=plan.digest)
        event = e.PushStarted(
            network=plan.network,
            device=device.device,
            environment=plan.environment,
            method=self.method,
            before=device.running,
            carries=device.carries,
        )
        stream = push_stream(self.id, device.device)
        with self._lock:
            record = self.chain.record(stream, event, cause=self.started.event_id)
        try:
            self.writer.append(Append(events=(record,), read={stream: record.version - 1}))
        except StoreError:
            # The number is free again: the outcome that is told next is the first of the stream.
            with self._lock:
                self.chain.versions[stream] = record.version - 1
            raise
        self._pushes[device.device] = (device, record)
        return record.event_id

    def record(self, outcome: PushOutcome) -> UUID:
        """Record what became of a device, and return the event's id. Never raises: see `trouble`."""
        device = outcome.device
        self.outcomes[device.device] = outcome
        _, cause = self._pushes.get(device.device, (device, self.started))
        stream = push_stream(self.id, device.device)
        event = self._event(outcome)
        with self._lock:
            record = self.chain.record(stream, event, cause=cause.event_id)
        self._keep(record)
        return record.event_id

    def _event(self, outcome: PushOutcome) -> e.ConfigurationApplied | e.ConfigurationFailed:
        device = outcome.device
        common: dict[str, object] = {
            "network": self.plan.network,
            "device": device.device,
            "environment": self.plan.environment,
            "method": self.method,
            "intent": self.plan.position,
            "seconds": round(outcome.seconds, 3),
        }
        snapshot = self._kept(outcome, outcome.running)
        if outcome.applied:
            # By this name the next plan finds what was intended now, and takes away what only that had.
            self._kept(outcome, outcome.intended)
            applied = e.RouterConfigurationApplied if device.kind == "router" else e.SwitchConfigurationApplied
            extra = {"lines": outcome.sent, "snapshot": snapshot or "", "rendered": device.rendered}
            return applied.model_validate({**common, **extra, "saved": outcome.saved})
        failed = e.RouterConfigurationFailed if device.kind == "router" else e.SwitchConfigurationFailed
        told = {name: getattr(outcome, name) for name in ("outcome", "reason", "line", "answer", "sent", "remaining")}
        return failed.model_validate({**common, **told, "snapshot": snapshot})

    def _kept(self, outcome: PushOutcome, text: str | None) -> str | None:
        """The name under which a configuration is kept; None where there is none, or it could not be."""
        if text is None:
            return None
        try:
            return self.store.put_blob(text.encode())
        except StoreError as error:
            self.trouble.append(f"a configuration of {outcome.device.name} was not kept: {error}")
            return None

    def finish(self) -> None:
        """Record how it ended. A push that nobody reported on stays in doubt: no result is invented for it."""
        for identity, (device, _) in self._pushes.items():
            unreported = PushOutcome(device, "in doubt", 0.0, "nothing was reported of the push")
            self.outcomes.setdefault(identity, unreported)
        event = e.DeploymentFinished(
            outcomes={identity: outcome.outcome for identity, outcome in self.outcomes.items()},
            seconds=round(time.monotonic() - self._began, 3),
        )
        self._keep(self.chain.record(self.started.aggregate_id, event, cause=self.started.event_id))

    def _keep(self, record: EventRecord) -> None:
        batch = Append(events=(record,), read={record.aggregate_id: record.version - 1})
        try:
            self.writer.append(batch)
        except StoreError as error:
            self._spool(batch, error)

    def _spool(self, batch: Append, error: StoreError) -> None:
        try:
            self.spool.write(batch)
            self.trouble.append(f"the store failed ({error}); the result waits in the spool: run cimnet recover")
        except StoreError as second:
            self.trouble.append(f"the store failed ({error}) and so did the spool ({second}); this result is lost")


def pushed_meanwhile(lease: Lease, planned: datetime) -> bool:
    """Whether another deployment may have pushed to the device after what was planned at that time was read."""
    return lease.vacated is not None and lease.vacated > planned - _SOME_TIME


@contextmanager
def deploy(
    store: EventStore,
    actor: Actor,
    plan: Plan,
    spool: Spool,
    *,
    method: str,
    command: str = "apply",
    refused: Mapping[str, CimnetError] | None = None,
    approved: Mapping[str, int] | None = None,
    arguments: Mapping[str, Any] | None = None,
) -> Iterator[Deployment]:
    """A deployment of the plan: opened with its own request and correlation id, finished when the block ends.

    `refused` are the devices, by id, that nothing may be pushed to, each with the reason. `approved` is the stream with
    the plan's approvals and its version, where they are required: then only what the plan says is pushed.

    Raises ConcurrencyConflict where that stream has moved on: an approval may have been withdrawn.
    """
    chain, started = _open(store, actor, plan, method, command, arguments or {}, approved or {})
    holder = f"{actor.name} on {socket.gethostname()} (process {os.getpid()})"
    with closing(GroupWriter(store)) as writer:
        deployment = Deployment(
            store,
            plan,
            method,
            chain=chain,
            started=started,
            writer=writer,
            spool=spool,
            holder=holder,
            refused=refused or {},
            bound=bool(approved),
        )
        try:
            for unread in plan.unread:
                deployment.record(PushOutcome(unread.nothing, unread.outcome, 0.0, unread.reason))
            with _renewed(deployment):
                yield deployment
        finally:
            deployment.finish()


def _open(
    store: EventStore,
    actor: Actor,
    plan: Plan,
    method: str,
    command: str,
    more: Mapping[str, Any],
    approved: Mapping[str, int],
) -> tuple[Chain, EventRecord]:
    arguments = {"plan": plan.digest, "environment": plan.environment, "method": method, **more}
    chain, request = open_request(actor, command, arguments)
    stream = deployment_stream(chain.correlation_id)
    event = e.DeploymentStarted(
        network=plan.network,
        environment=plan.environment,
        method=method,
        plan=plan.digest,
        templates=plan.templates,
        position=plan.position,
        devices=(*(device.device for device in plan.changes), *(unread.device for unread in plan.unread)),
    )
    started = chain.record(stream, event, cause=request.event_id)
    store.append(Append(events=(request, started), read={request.aggregate_id: 0, stream: 0, **approved}))
    return chain, started


@contextmanager
def _renewed(deployment: Deployment) -> Iterator[None]:
    """Keep the leases while the block runs, from a thread of its own: a push may take longer than any fixed time."""
    done = threading.Event()

    def renew() -> None:
        while not done.wait(_LEASE_SECONDS / 3):
            deployment.renew_leases()

    keeper = threading.Thread(target=renew, name="leases", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        done.set()
        keeper.join()
