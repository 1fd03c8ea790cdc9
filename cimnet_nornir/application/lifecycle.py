"""How a device's life is recorded, and which devices are kept out of the ordinary while it is in some states."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime

from cimnet_nornir.application.actors import Actor
from cimnet_nornir.application.changes import open_request
from cimnet_nornir.application.deployment import push_lease
from cimnet_nornir.application.plan import Plan
from cimnet_nornir.domain.envelope import Append
from cimnet_nornir.domain.events import LifecycleChanged
from cimnet_nornir.domain.lifecycle import LifecycleState, Trigger
from cimnet_nornir.domain.lifecycle_status import LifecycleStatus, Subject, decide_lifecycle, not_in
from cimnet_nornir.domain.streams import lifecycle_stream
from cimnet_nornir.domain.values import DeviceKind
from cimnet_nornir.errors import ConcurrencyConflict, DeviceNotFound, InvalidTransition, StoreError
from cimnet_nornir.projections.inventory import HostView
from cimnet_nornir.store.port import EventStore

_LEASE_SECONDS = 30.0
_ATTEMPTS = 5
# Ordinary work passes these by; whoever names such a device means it.
KEPT_OUT = frozenset({LifecycleState.MAINTENANCE, LifecycleState.DECOMMISSIONING, LifecycleState.DECOMMISSIONED})
# A device that is found to run what is intended is in service from these, since no push will come to say so.
_NOT_YET = frozenset({LifecycleState.PLANNED, LifecycleState.PROVISIONING, LifecycleState.FAILED})


@dataclass(frozen=True, slots=True)
class Standing:
    """A device, and where it stands in its life."""

    subject: Subject
    status: LifecycleStatus


Standings = Mapping[str, Standing]
"""By device id where each stands, in the order of the host names."""
Decide = Callable[[Standing], LifecycleChanged]


@dataclass(frozen=True, slots=True)
class Lives:
    """Records what becomes of devices, as one actor: the LifecycleLog of typed handles.

    `now` gives all devices as they stand at the moment.
    """

    store: EventStore
    actor: Actor
    now: Callable[[], Standings]

    def status(self, subject: Subject) -> LifecycleStatus:
        return _of(self.now(), subject.device).status

    def announce(self, subject: Subject, was: LifecycleStatus, event: LifecycleChanged) -> LifecycleStatus:
        def decide(standing: Standing) -> LifecycleChanged:
            if standing.status.state is not was.state:
                raise not_in(subject, standing.status, was.state)
            return event

        return self.record([subject], decide, what=event.type_name())[subject.device].status

    def record(
        self, subjects: Sequence[Subject], decide: Decide, *, what: str, command: str = "lifecycle"
    ) -> Standings:
        """Decide for each device as it stands now and record all of it as one request, or none.

        Returns how they stand after it. Raises InvalidTransition, and StoreError where one is being pushed to.
        """
        with self._held(subjects):
            for _ in range(_ATTEMPTS - 1):
                # Decided again by what somebody else recorded meanwhile.
                with suppress(ConcurrencyConflict):
                    return self._record(subjects, decide, what, command)
            return self._record(subjects, decide, what, command)

    def _record(self, subjects: Sequence[Subject], decide: Decide, what: str, command: str) -> Standings:
        streams = {
            subject.device: lifecycle_stream(subject.environment, subject.network, subject.device)
            for subject in subjects
        }
        # Versions first: what is appended after them is a conflict, and no state that nobody looked at.
        read = {stream: self.store.versions(stream).get(stream, 0) for stream in streams.values()}
        standings = self.now()
        events = {device: decide(_of(standings, device)) for device in streams}
        arguments = {"environment": subjects[0].environment, "what": what, "devices": sorted(streams)}
        chain, request = open_request(self.actor, command, arguments, dict(read))
        records = [chain.record(streams[device], event, cause=request.event_id) for device, event in events.items()]
        self.store.append(Append(events=(request, *records), read={**read, request.aggregate_id: 0}))
        after = self.now()
        return {device: _of(after, device) for device in streams}

    @contextmanager
    def _held(self, subjects: Iterable[Subject]) -> Iterator[None]:
        """Nobody pushes to the devices while the block runs: what is decided by their state then holds."""
        with ExitStack() as leases:
            for subject in sorted(subjects, key=lambda item: item.device):
                name = push_lease(subject.environment, subject.network, subject.device)
                leases.enter_context(self.store.lease(name, f"{self.actor.name} (lifecycle)", seconds=_LEASE_SECONDS))
            yield


def standings_of(
    hosts: Iterable[HostView], lives: Mapping[str, LifecycleStatus], network: str, environment: str
) -> Standings:
    """The hosts of a network, each with where it stands."""
    return {
        host.device: Standing(
            Subject(network, host.device, host.name, DeviceKind(str(host.facts["kind"])), environment),
            lives[host.device],
        )
        for host in hosts
        if host.device in lives
    }


def _of(standings: Standings, device: str) -> Standing:
    found = standings.get(device)
    if found is None:
        raise DeviceNotFound(f"there is no device {device!r}; cimnet inventory lists them", subject=device)
    return found


# --- plans and deployments --------------------------------------------------------------------------------------------


def kept_out(standings: Standings, names: Collection[str], *, named: Collection[str]) -> tuple[Standing, ...]:
    """Those of the hosts (names or ids) that ordinary work passes by: not in ordinary service, and named by nobody."""
    return tuple(
        standing
        for standing in standings.values()
        if _is_one_of(standing, names) and standing.status.state in KEPT_OUT and not _is_one_of(standing, named)
    )


def _is_one_of(standing: Standing, names: Collection[str]) -> bool:
    """Whether host names or ids name the device."""
    return standing.subject.name in names or standing.subject.device in names


def refuse_decommissioned(standings: Standings, names: Collection[str]) -> None:
    """Raises InvalidTransition for the first of the hosts that is out of service."""
    for standing in standings.values():
        if _is_one_of(standing, names) and standing.status.state is LifecycleState.DECOMMISSIONED:
            raise _out_of_service(standing)


def _out_of_service(standing: Standing) -> InvalidTransition:
    subject = standing.subject
    return InvalidTransition(
        f"{subject.name} is decommissioned in {subject.environment}: nothing is pushed to it;"
        f" to use it again: cimnet lifecycle provision {subject.name}",
        subject=subject.device,
        state=standing.status.state.value,
        asked=Trigger.PUSH_STARTED.value,
        possible=(Trigger.PROVISIONING_STARTED.value,),
    )


def refusals(standings: Standings, planned: datetime) -> dict[str, InvalidTransition]:
    """By device id why nothing may be pushed to it by a plan that was made at that time."""
    found = {}
    for device, standing in standings.items():
        if standing.status.state is LifecycleState.DECOMMISSIONED:
            found[device] = _out_of_service(standing)
        elif standing.status.state in KEPT_OUT and standing.status.since > planned:
            found[device] = _since_the_plan(standing)
    return found


def _since_the_plan(standing: Standing) -> InvalidTransition:
    subject, state = standing.subject, standing.status.state.value
    return InvalidTransition(
        f"{subject.name} went into {state} after the plan was made; plan again (with --limit {subject.name} to push)",
        subject=subject.device,
        state=state,
        asked=Trigger.PUSH_STARTED.value,
        possible=(),
    )


def _serves(status: LifecycleStatus, seen: datetime) -> bool:
    """Whether a device that ran what is intended at that time is in service by that."""
    return status.state in _NOT_YET and status.since <= seen and status.outcome != "not saved"


def commission_in_sync(lives: Lives, plan: Plan) -> tuple[str, ...]:
    """Take devices into service that were found to run what is intended; returns their ids, which may be none.

    One whose last push was not saved waits for `cimnet recover`. Nothing is recorded where somebody is at work on one.
    """
    in_sync = {device.device for device in plan.devices if not device.changed}
    subjects = [
        standing.subject
        for device, standing in lives.now().items()
        if device in in_sync and _serves(standing.status, plan.created)
    ]
    if not subjects:
        return ()

    def decide(standing: Standing) -> LifecycleChanged:
        return decide_lifecycle(standing.subject, standing.status, Trigger.COMMISSIONED)

    # Found again by the next one who applies; what is to be pushed now does not wait for it.
    with suppress(StoreError, InvalidTransition):
        return tuple(lives.record(subjects, decide, what=Trigger.COMMISSIONED.value, command="apply"))
    return ()


def is_in_doubt(standing: Standing) -> bool:
    """Whether a push to the device was begun, and nothing certain is known of it."""
    return standing.status.last in (Trigger.PUSH_STARTED, Trigger.PUSH_IN_DOUBT)
