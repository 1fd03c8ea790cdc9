"""Devices are asked how they are: what they say is kept for a time, and what changed is recorded as events."""

import random
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from cimnet_nornir.application.changes import open_request
from cimnet_nornir.application.lifecycle import Standings
from cimnet_nornir.application.observations import Observed
from cimnet_nornir.application.observing import FACTS, PORTS, errors_of, ports_of, rows_of, subject_of
from cimnet_nornir.application.plan_words import count
from cimnet_nornir.application.port_changes import Ports, Whose, decide_ports
from cimnet_nornir.application.ports import Progress
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.application.status_words import without_name
from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.envelope import Append, EventRecord, StoredEvent
from cimnet_nornir.domain.events import PortStatisticsRecorded, StatusChanged
from cimnet_nornir.domain.lifecycle import LifecycleState
from cimnet_nornir.domain.streams import ports_stream, status_stream
from cimnet_nornir.errors import ConcurrencyConflict, DeviceError, DeviceUnreachable, StoreError
from cimnet_nornir.projections.observed import Known, load_observed

KEEP = timedelta(days=7)
"""For how long observations are kept where a project says nothing else."""
_DEADLINE_SECONDS = 20.0
_LONGEST_PAUSE_SECONDS = 0.5


class Collector(Protocol):
    """What can ask devices: a DevicePort."""

    def collect(
        self, devices: Sequence[str], *, method: str = "netmiko", progress: Progress | None = None
    ) -> Mapping[str, Observed | DeviceError]: ...


Answers = Mapping[str, Observed | DeviceError]
"""By device id what each device said of itself, or why it did not."""


@dataclass(frozen=True, slots=True)
class CollectReport:
    """What came of asking: each device's answer by its id, those that are not asked at all, and what was recorded.

    `recorded` are the events of what changed, without the request at their head. `trouble` tells in a line each what
    could not be kept.
    """

    answers: Answers
    left_out: tuple[str, ...] = ()
    recorded: tuple[StoredEvent, ...] = ()
    trouble: tuple[str, ...] = ()

    @property
    def outcomes(self) -> dict[str, str]:
        """By device id "up", "unreachable", or "failed" where it is reached and does not tell."""
        return {device: _outcome(answer) for device, answer in self.answers.items()}


def collect(
    service: NetworkService,
    port: Collector,
    names: Sequence[str] | None = None,
    *,
    method: str = "netmiko",
    keep: timedelta = KEEP,
    progress: Progress | None = None,
) -> CollectReport:
    """Ask devices, by host name or id, how they are; without names all that are not out of service.

    What they say is kept for as long as `keep`; only what changed is recorded. Raises StoreError where that cannot be.
    """
    devices = {device.id: device for device in service.devices(names)}
    if names is None:
        devices = _in_use(devices, service.lifecycle())
    began = service.actor.clock()
    asked = port.collect(list(devices), method=method, progress=progress)
    answers = {device: answer for device, answer in asked.items() if device in devices}
    left_out = tuple(device for device in devices if device not in answers)
    trouble = _keep(service, answers, keep)
    recorded = _record(service, devices, answers, began)
    return CollectReport(answers, left_out, recorded, trouble)


def _in_use(devices: Mapping[str, Device], standings: Standings) -> dict[str, Device]:
    gone = {device for device, item in standings.items() if item.status.state is LifecycleState.DECOMMISSIONED}
    return {name: device for name, device in devices.items() if name not in gone}


def _keep(service: NetworkService, answers: Answers, keep: timedelta) -> tuple[str, ...]:
    """Keep what was said; where that fails, what changed is recorded all the same."""
    rows = [
        row
        for device, answer in answers.items()
        if isinstance(answer, Observed)
        for row in rows_of(answer, subject_of(service.environment, service.network_name, device))
    ]
    try:
        service.store.observe(rows, keep=keep)
    except StoreError as error:
        said = count(sum(isinstance(answer, Observed) for answer in answers.values()), "device")
        return (f"what {said} said is not kept: {error.message}",)
    return ()


# --- events -----------------------------------------------------------------------------------------------------------


def _record(
    service: NetworkService, devices: Mapping[str, Device], answers: Answers, began: datetime
) -> tuple[StoredEvent, ...]:
    """Record what changed as one request; decided again where somebody else collected meanwhile."""
    deadline, pause = time.monotonic() + _DEADLINE_SECONDS, 0.01
    while True:
        batch = _batch(service, devices, answers, began)
        if batch is None:
            return ()
        try:
            return service.store.append(batch)[1:]
        except ConcurrencyConflict:
            if time.monotonic() >= deadline:
                raise
        # Jitter, so that two who collided do not collide again.
        time.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311 - no secret depends on it
        pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)


def _batch(service: NetworkService, devices: Mapping[str, Device], answers: Answers, began: datetime) -> Append | None:
    # Versions first: what is appended after them is a conflict, and no state that nobody looked at.
    versions = _versions(service)
    known = load_observed(service.store, service.network_name, service.environment)
    later = _asked_later(service, known, answers, began)
    changes = [
        change
        for device, answer in answers.items()
        if device not in later
        for change in _changes(service, devices[device], answer, known.get(device, Known()))
    ]
    if not changes:
        return None
    read = {stream: versions.get(stream, 0) for stream, _, _ in changes}
    arguments = {"environment": service.environment, "devices": sorted({event.device for _, event, _ in changes})}
    chain, request = open_request(service.actor, "status", arguments, dict(read))
    records = [_with_reason(chain.record(stream, event, cause=request.event_id), why) for stream, event, why in changes]
    return Append(events=(request, *records), read={**read, request.aggregate_id: 0})


def _asked_later(
    service: NetworkService, known: Mapping[str, Known], answers: Answers, began: datetime
) -> frozenset[str]:
    """The devices that somebody else has asked since: what is told of them is newer than these answers.

    One device that does not answer keeps a whole round waiting. What it leaves untold the next round tells.
    """
    prefix = subject_of(service.environment, service.network_name, "")
    latest = service.store.latest_observations(FACTS, prefix)
    seen = {subject.removeprefix(prefix): row.at for subject, row in latest.items()}
    asked = {device: answer.at if isinstance(answer, Observed) else began for device, answer in answers.items()}
    told = {device: item.since for device, item in known.items() if item.since is not None}
    return frozenset(device for device, at in asked.items() if seen.get(device, at) > at or told.get(device, at) > at)


def _versions(service: NetworkService) -> dict[str, int]:
    prefixes = (name(service.environment, service.network_name, "") for name in (status_stream, ports_stream))
    return {stream: version for prefix in prefixes for stream, version in service.store.versions(prefix).items()}


def _changes(
    service: NetworkService, device: Device, answer: Observed | DeviceError, known: Known
) -> Iterator[tuple[str, StatusChanged | PortStatisticsRecorded, str]]:
    """Stream, event and reason of what is new about a device."""
    whose = Whose(service.network_name, device.id, service.environment)
    new = "up" if isinstance(answer, Observed) else "unreachable"
    if known.reachability != new:
        why = "" if isinstance(answer, Observed) else _reason(answer, device.name)
        event = _status_kind(device).model_validate(
            {
                "network": whose.network,
                "device": whose.device,
                "environment": whose.environment,
                "old": known.reachability,
                "new": new,
            }
        )
        yield status_stream(whose.environment, whose.network, device.id), event, why
    if isinstance(answer, Observed):
        before = _before(service, answer)
        ports = decide_ports(whose, known.ports, answer.ports, before)
        if ports is not None:
            yield ports_stream(whose.environment, whose.network, device.id), ports, ""


def _before(service: NetworkService, answer: Observed) -> Sequence[Ports]:
    """The two readings before this one, the latest first; none where nothing was counted that could have risen."""
    if not any(map(errors_of, answer.ports)):
        return ()
    subject = subject_of(service.environment, service.network_name, answer.device)
    rows = service.store.observations(subject, PORTS, until=answer.at - timedelta(microseconds=1), newest=2)
    return [ports_of(row) for row in reversed(rows)]


def _status_kind(device: Device) -> type[StatusChanged]:
    name = f"{device.kind.value.capitalize()}{StatusChanged.__name__}"
    return next(kind for kind in StatusChanged.__subclasses__() if kind.__name__ == name)


def _with_reason(record: EventRecord, why: str) -> EventRecord:
    return replace(record, reason=why) if why else record


def _reason(error: DeviceError, name: str) -> str:
    """Why a device does not answer, in a line that need not name it: the event is about it."""
    return without_name(error.message, name)


def _outcome(answer: Observed | DeviceError) -> str:
    if isinstance(answer, Observed):
        return "up"
    return "unreachable" if isinstance(answer, DeviceUnreachable) else "failed"
