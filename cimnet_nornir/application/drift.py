"""Drift: what runs differs from what was applied, and nobody here did it. Newer intent that waits is not drift."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from cimnet_nornir.application.changes import open_request
from cimnet_nornir.application.drift_ignoring import Ignored, holding, load_ignored
from cimnet_nornir.application.drift_lines import changing, drifted_lines
from cimnet_nornir.application.plan import DevicePlan, Plan
from cimnet_nornir.application.ports import ReadResult
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.domain.comparison import UNFOUND, Path
from cimnet_nornir.domain.envelope import Append, Event, StoredEvent
from cimnet_nornir.domain.events import Carried, ConfiguredBy, DriftDetected, DriftedLine, DriftResolved
from cimnet_nornir.domain.streams import observation_stream
from cimnet_nornir.projections.applied import Applied, load_applied
from cimnet_nornir.projections.deployments import RESULT_TYPES
from cimnet_nornir.store.port import EventStore

__all__ = ["ConfiguredBy", "DeviceDrift", "DriftReport", "drift_in", "find_drift", "recorded_drift", "since_push"]


@dataclass(frozen=True, slots=True)
class DeviceDrift:
    """One device: how many commands would undo what somebody else did, and how many bring intent that waits.

    `lines` are the drifted lines, `ignored` those of them that people let be for a time, which do not count.
    """

    plan: DevicePlan
    drifted: int
    pending: int
    lines: tuple[DriftedLine, ...] = ()
    ignored: tuple[Ignored, ...] = ()

    @property
    def only_ignored(self) -> bool:
        """Whether all that differs is let be."""
        return bool(self.ignored) and not self.drifted and not self.pending

    @property
    def doubts(self) -> tuple[str, ...]:
        """What could not be compared, and so may be no drift."""
        return tuple(warning for warning in self.plan.warnings if warning.startswith(UNFOUND))


@dataclass(frozen=True, slots=True)
class DriftReport:
    """All devices that were looked at; `recorded` are the events of what changed since the last look."""

    plan: Plan
    devices: tuple[DeviceDrift, ...]
    recorded: tuple[StoredEvent, ...]

    @property
    def drifted(self) -> tuple[DeviceDrift, ...]:
        """The devices with drift that counts."""
        return tuple(device for device in self.devices if device.drifted)


AskLog = Callable[[Mapping[str, timedelta | None]], Mapping[str, tuple[ConfiguredBy, ...]]]
"""Who configured devices, by their ids, since so long ago (None where that is not known), as their logs say."""


def _nobody(_: Mapping[str, timedelta | None]) -> Mapping[str, tuple[ConfiguredBy, ...]]:
    return {}


def find_drift(service: NetworkService, readings: Mapping[str, ReadResult], ask: AskLog = _nobody) -> DriftReport:
    """Compare what devices run with what was applied to them, and record where drift came or went.

    `ask` tells who configured a device, where drift is recorded of it.
    """
    plan = service.plan_from(readings)
    devices = drift_in(service, plan)
    return DriftReport(plan, devices, _record(service, devices, readings, ask))


def drift_in(service: NetworkService, plan: Plan) -> tuple[DeviceDrift, ...]:
    """What of a plan's differences is drift, device by device; nothing is recorded."""
    known = load_applied(service.store, service.network_name, service.environment)
    ignored = load_ignored(service)
    return tuple(
        _classify(service, device, known.get(device.device), ignored.get(device.device, {})) for device in plan.devices
    )


def recorded_drift(service: NetworkService, at: int | None) -> dict[str, StoredEvent]:
    """By device id the drift that was known at a position and not taken back, in this network and environment."""
    known: dict[str, StoredEvent] = {}
    here = (service.network_name, service.environment)
    for stored in service.store.read_all(types=("DriftDetected", "DriftResolved"), until=at):
        event = stored.event
        if isinstance(event, DriftDetected) and (event.network, event.environment) == here:
            known[event.device] = stored
        elif isinstance(event, DriftResolved) and (event.network, event.environment) == here:
            known.pop(event.device, None)
    return known


def _classify(
    service: NetworkService, device: DevicePlan, applied: Applied | None, ignored: Mapping[DriftedLine, Ignored]
) -> DeviceDrift:
    """What was never applied cannot have drifted: it waits. The rest was changed on the device."""
    carries = changing(device.carries, device.diff)
    if applied is None:
        return DeviceDrift(device, 0, len(carries))
    planner = service.planner()
    formerly = planner.formerly(device.device)
    engine = planner.engine_of(planner.device(device.device))
    then = frozenset(engine.paths(formerly)) if formerly is not None else frozenset()
    changed = [line for line in carries if not _waits(service.store, line, applied.intent, then)]
    lines = drifted_lines(changed, device.diff)
    held = holding(ignored, service.actor.clock())
    let_be = tuple(held[line] for line in lines if line in held)
    return DeviceDrift(device, len(lines) - len(let_be), len(carries) - len(lines), lines, let_be)


def _waits(store: EventStore, line: Carried, applied: int, then: frozenset[Path]) -> bool:
    """Whether a line is newer intent: its event is, or it was (or was not) in what was intended then.

    A line of a site's template has no event; one in another form than rendered (a wrapped list) is told by its event.
    """
    if any(_is_newer(store, identity, applied) for identity in line.events):
        return True
    if line.adds:
        return not line.events and line.path not in then
    return line.path in then


def _is_newer(store: EventStore, identity: UUID, position: int) -> bool:
    stored = store.find(identity)
    return stored is not None and stored.position > position


def _record(
    service: NetworkService, devices: tuple[DeviceDrift, ...], readings: Mapping[str, ReadResult], ask: AskLog
) -> tuple[StoredEvent, ...]:
    """Only changes of state are events: a device that drifts as it did before is not told of again."""
    changes: dict[str, tuple[int, DriftDetected | DriftResolved]] = {}
    for device in devices:
        stream = observation_stream(service.environment, service.network_name, device.plan.device)
        last = _last(service.store, stream)
        event = _event(service, device, last.event if last else None, readings[device.plan.device])
        if event is not None:
            changes[stream] = last.version if last else 0, event
    if not changes:
        return ()
    versions = {stream: version for stream, (version, _) in changes.items()}
    chain, request = open_request(service.actor, "drift", {"environment": service.environment}, dict(versions))
    events = _with_people(service, [event for _, event in changes.values()], ask)
    records = [
        chain.record(stream, event, cause=request.event_id) for stream, event in zip(changes, events, strict=True)
    ]
    read = {**versions, request.aggregate_id: 0}
    return service.store.append(Append(events=(request, *records), read=read))[1:]


def _with_people(
    service: NetworkService, events: Sequence[DriftDetected | DriftResolved], ask: AskLog
) -> list[DriftDetected | DriftResolved]:
    """The same events, with what the logs of drifted devices say of who configured them since the last push."""
    found = [event.device for event in events if isinstance(event, DriftDetected)]
    people = ask({device: since_push(service, device) for device in found}) if found else {}
    return [
        event.model_copy(update={"configured": people.get(event.device, ())})
        if isinstance(event, DriftDetected)
        else event
        for event in events
    ]


def since_push(service: NetworkService, device: str) -> timedelta | None:
    """How long ago the last push to a device, by its id, ended; None where there was none."""
    here = (service.network_name, service.environment, device)
    for stored in service.store.read_all(types=RESULT_TYPES, newest_first=True):
        event = stored.event
        if tuple(getattr(event, name, None) for name in ("network", "environment", "device")) == here:
            return service.actor.clock() - stored.recorded_at
    return None


def _last(store: EventStore, stream: str) -> StoredEvent | None:
    version = store.versions(stream).get(stream, 0)
    return next(iter(store.read_stream(stream, after=version - 1)), None) if version else None


def _event(
    service: NetworkService, device: DeviceDrift, last: Event | None, reading: ReadResult
) -> DriftDetected | DriftResolved | None:
    diff = tuple(device.plan.diff.splitlines())
    known = isinstance(last, DriftDetected)
    if not isinstance(reading, str) or (not device.lines and not known):
        return None
    if device.lines and isinstance(last, DriftDetected) and (last.diff, last.lines) == (diff, device.lines):
        return None
    planner = service.planner()
    engine = planner.engine_of(planner.device(device.plan.device))
    snapshot = service.store.put_blob(engine.mask(engine.stable(reading)).encode())
    common = {
        "network": service.network_name,
        "device": device.plan.device,
        "environment": service.environment,
        "snapshot": snapshot,
    }
    if device.lines:
        return DriftDetected.model_validate({**common, "diff": diff, "lines": device.lines})
    return DriftResolved.model_validate(common)
