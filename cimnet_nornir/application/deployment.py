"""A plan being carried out: what is recorded, when, and what happens when the store fails meanwhile.

`PushStarted` is durable before the first byte is sent, else nothing is sent. Outcomes are facts: recording one never
raises; where the store fails, it is spooled to disk and `recover` drains it.
"""

import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import KW_ONLY, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from cimnet_nornir.application.changes import Chain
from cimnet_nornir.application.outcomes import PushOutcome, deployed_event, event_of, method_of
from cimnet_nornir.application.plan import DevicePlan, Plan, text_digest
from cimnet_nornir.application.pushing import Guard, PushOptions
from cimnet_nornir.application.waves import Wave, WaveDecision
from cimnet_nornir.domain import events as e
from cimnet_nornir.domain.envelope import Append, Event, EventRecord
from cimnet_nornir.domain.streams import push_stream
from cimnet_nornir.errors import ApprovalMissing, CimnetError, StoreError
from cimnet_nornir.store.port import EventStore, Lease
from cimnet_nornir.store.spool import Spool
from cimnet_nornir.store.writer import GroupWriter

LEASE_SECONDS = 60.0
Step = Literal["built", "armed", "activated", "confirmed", "kept", "reverted"]
"""What can be done of a deployment to a host."""
# A plan is made some time after its devices were read, and two hosts' clocks differ: reading once more does no harm.
_SOME_TIME = timedelta(minutes=5)


def push_lease(environment: str, network: str, device: str) -> str:
    """The name of the lease of whoever works on a device, by its id."""
    return f"push:{environment}:{network}/{device}"


def worked_on(store: EventStore, environment: str, network: str) -> Mapping[str, str]:
    """Who works on which device at this moment: its id, and the holder of its lease.

    Whoever died on this host works on nothing, though the lease has not run out.
    """
    prefix = push_lease(environment, network, "")
    return {lease.name.removeprefix(prefix): lease.holder for lease in store.leases(prefix) if not lease.free}


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
    options: PushOptions = field(default_factory=PushOptions)
    bound: bool = False
    lease_seconds: float = LEASE_SECONDS
    _pushes: dict[str, tuple[DevicePlan, EventRecord]] = field(default_factory=dict)
    _leases: dict[str, Lease] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _began: float = field(default_factory=time.monotonic)
    _digest: str = field(init=False)

    def __post_init__(self) -> None:
        # Once: it goes over the whole plan, and each device names it.
        self._digest = self.plan.digest

    @property
    def id(self) -> UUID:
        """The deployment's id, which is that of its correlation."""
        return self.chain.correlation_id

    @contextmanager
    def holding(self, device: DevicePlan, *, patience: float = 0.0) -> Iterator[Lease]:
        """Hold the device alone while the block runs. Raises StoreError, naming the holder, where another has it.

        It is held so long that there is always time for a line, which may take `patience` seconds.
        Raises the error in `refused` for a device that nothing may be pushed to.
        """
        if device.device in self.refused:
            raise self.refused[device.device]
        name = push_lease(self.plan.environment, self.plan.network, device.device)
        with self.store.lease(name, self.holder, seconds=self.lease_seconds + patience) as lease:
            self._leases[name] = lease
            try:
                yield lease
            finally:
                del self._leases[name]

    def require_lease(self, device: DevicePlan, seconds: float) -> None:
        """Raise StoreError where the device may be another's before so many seconds have passed.

        A device cannot check a lease: whoever pushes stops sending while it still holds.
        """
        lease = self._leases.get(push_lease(self.plan.environment, self.plan.network, device.device))
        if lease is None or lease.seconds_left() < seconds:
            raise StoreError(f"the lease of {device.name} runs out; nothing more was sent", subject=device.name)

    def _fence(self, devices: Iterable[str]) -> dict[str, str]:
        """The leases of devices: what is written under them is refused where another has one by then."""
        names = (push_lease(self.plan.environment, self.plan.network, device) for device in devices)
        return {name: self._leases[name].token for name in names if name in self._leases}

    def renew_leases(self) -> None:
        """Hold on to the devices in hand; a lease that cannot be renewed shows where it is given back."""
        for lease in tuple(self._leases.values()):
            # Whoever pushes goes on: an outcome that is recorded late is better than a push that is cut off.
            with suppress(StoreError):
                lease.renew()

    def push_started(self, device: DevicePlan, before: str | None = None, *, guard: Guard = "") -> UUID:
        """Make durable that lines are about to be sent. Raises StoreError: then nothing may be sent.

        Raises ApprovalMissing where the plan was approved, and this is not what it says of the device.

        `before` is what the device runs, without secrets and volatile lines; `guard` who takes the change back.
        """
        if self.bound and self.plan.device(device.device) != device:
            said = f"what was approved for {device.name} is not this; plan again"
            raise ApprovalMissing(said, subject=self._digest)
        event = self._start_of(device, before, guard)
        stream = push_stream(self.id, device.device)
        with self._lock:
            record = self.chain.record(stream, event, cause=self.started.event_id)
        try:
            self.writer.append(Append((record,), {stream: record.version - 1}, fence=self._fence([device.device])))
        except StoreError:
            # The number is free again: the outcome that is told next is the first of the stream.
            with self._lock:
                self.chain.versions[stream] = record.version - 1
            raise
        self._pushes[device.device] = (device, record)
        return record.event_id

    def _start_of(self, device: DevicePlan, before: str | None, guard: Guard) -> e.PushStarted:
        return e.PushStarted(
            network=self.plan.network,
            device=device.device,
            environment=self.plan.environment,
            method=method_of(device, self.method),
            # What ran is what was read last, which may be later than the plan.
            before=device.running if before is None else text_digest(before),
            carries=device.carries,
            plan=self._digest,
            snapshot=None if before is None else self.store.put_blob(before.encode()),
            protection=guard,
            minutes=self.options.confirm_within if guard in ("revert timer", "reload timer") else 0,
            transaction=self.options.transaction,
        )

    def unreported(self, device: DevicePlan, error: BaseException) -> PushOutcome:
        """The outcome of a device whose push ended in an error that is no outcome."""
        if device.device in self._pushes:
            return PushOutcome(device, "in doubt", 0.0, f"{type(error).__name__}: {error}")
        return PushOutcome(device, "failed", 0.0, f"nothing was sent: {error}")

    def decided(self, decision: Literal["keep", "take back"], devices: Iterable[str], reason: str = "") -> None:
        """Make durable what becomes of a transaction, before any device is told. Raises StoreError."""
        event = e.TransactionDecided(
            network=self.plan.network,
            environment=self.plan.environment,
            decision=decision,
            devices=tuple(devices),
            reason=reason,
        )
        self.tell(event, fence=self._fence(devices))

    def decision(self) -> str:
        """What the store says was decided of the transaction; "" where that is nothing, or cannot be read."""
        try:
            stored = tuple(self.store.read_stream(self.started.aggregate_id))
        except StoreError:
            return ""
        return next((item.event.decision for item in stored if isinstance(item.event, e.TransactionDecided)), "")

    def wave_started(self, wave: Wave, devices: Mapping[str, str]) -> None:
        """Make durable that a wave begins; `devices` gives the id of each host. Raises StoreError.

        A deployment that is one wave says nothing of it.
        """
        if wave.of > 1:
            self.tell(
                e.WaveStarted(number=wave.number, of=wave.of, devices=tuple(devices[name] for name in wave.hosts))
            )

    def wave_decided(self, wave: WaveDecision, devices: Mapping[str, str]) -> None:
        """Make durable whether the next wave may begin. Raises StoreError: then it may not."""
        if wave.of > 1:
            failed = tuple(devices[name] for name in wave.failed)
            told = e.WaveDecided(
                number=wave.number, of=wave.of, failed=failed, decision=wave.decision, reason=wave.reason
            )
            self.tell(told)

    def tell(self, event: Event, *, fence: Mapping[str, str] | None = None) -> None:
        """Make durable a decision of the whole deployment; `fence` has the leases it stands on. Raises StoreError."""
        stream = self.started.aggregate_id
        with self._lock:
            record = self.chain.record(stream, event, cause=self.started.event_id)
        try:
            self.writer.append(Append((record,), {stream: record.version - 1}, fence=fence or {}))
        except StoreError:
            with self._lock:
                self.chain.versions[stream] = record.version - 1
            raise

    def record(self, outcome: PushOutcome) -> UUID:
        """Record what became of a device, and return the event's id. Never raises: see `trouble`."""
        device = outcome.device
        self.outcomes[device.device] = outcome
        _, cause = self._pushes.get(device.device, (device, self.started))
        stream = push_stream(self.id, device.device)
        if outcome.applied:
            # By this name the next plan finds what was intended now, and takes away what only that had.
            self._kept(outcome, outcome.intended)
        event = event_of(outcome, self.plan, self.method, self._kept(outcome, outcome.running))
        deployed = deployed_event(outcome, self.plan)
        with self._lock:
            record = self.chain.record(stream, event, cause=cause.event_id)
            more = (self.chain.record(stream, deployed, cause=cause.event_id),) if deployed else ()
        self._keep(record, *more)
        return record.event_id

    def advanced(self, device: DevicePlan, step: Step, *, system: str = "", generation: int | None = None) -> None:
        """Record that a step of a deployment to a host was done. Never raises: see `trouble`."""
        event = e.HostDeploymentAdvanced(
            network=self.plan.network,
            device=device.device,
            environment=self.plan.environment,
            step=step,
            system=system,
            generation=generation,
        )
        _, cause = self._pushes[device.device]
        with self._lock:
            record = self.chain.record(push_stream(self.id, device.device), event, cause=cause.event_id)
        self._keep(record)

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

    def _keep(self, first: EventRecord, *more: EventRecord) -> None:
        batch = Append(events=(first, *more), read={first.aggregate_id: first.version - 1})
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
            self._lose(batch.events[0])

    def _lose(self, record: EventRecord) -> None:
        """Whatever became of the device, nobody will know it: the store has its push in doubt."""
        for identity, outcome in self.outcomes.items():
            if record.aggregate_id == push_stream(self.id, identity) and identity in self._pushes:
                why = f"{outcome.outcome}, which could not be recorded; run cimnet recover"
                self.outcomes[identity] = replace(outcome, outcome="in doubt", reason=why)
                return


def pushed_meanwhile(lease: Lease, planned: datetime) -> bool:
    """Whether another deployment may have pushed to the device after what was planned at that time was read."""
    return lease.vacated is not None and lease.vacated > planned - _SOME_TIME
