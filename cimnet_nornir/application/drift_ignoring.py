"""Drift that people let be: until a time, for a reason, line by line; each decision is an event."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from cimnet_nornir.application.changes import ChangeResult, open_request
from cimnet_nornir.application.drift_lines import changing, drifted_lines
from cimnet_nornir.application.operations.core import Core
from cimnet_nornir.domain.envelope import Append, Event
from cimnet_nornir.domain.events import Carried, DriftedLine, DriftIgnored, DriftIgnoreWithdrawn
from cimnet_nornir.domain.streams import ignored_stream
from cimnet_nornir.errors import InvalidInput, NotFound


@dataclass(frozen=True, slots=True)
class Ignored:
    """A drifted line of a device, by its id, that is let be until then; `position` is the event that says so."""

    device: str
    line: DriftedLine
    until: datetime
    reason: str
    position: int

    def holds(self, now: datetime) -> bool:
        """Whether it is let be still."""
        return now < self.until


def load_ignored(service: Core, *, until: int | None = None) -> dict[str, dict[DriftedLine, Ignored]]:
    """By device id what is let be in this network and environment, also where its time has passed."""
    known: dict[str, dict[DriftedLine, Ignored]] = {}
    here = (service.network_name, service.environment)
    for stored in service.store.read_all(types=("DriftIgnored", "DriftIgnoreWithdrawn"), until=until):
        event = stored.event
        if not isinstance(event, DriftIgnored | DriftIgnoreWithdrawn) or (event.network, event.environment) != here:
            continue
        lines = known.setdefault(event.device, {})
        for line in event.lines:
            if isinstance(event, DriftIgnored):
                lines[line] = Ignored(event.device, line, event.until, event.reason, stored.position)
            else:
                lines.pop(line, None)
    return known


def holding(known: Mapping[DriftedLine, Ignored], now: datetime) -> dict[DriftedLine, Ignored]:
    """Of what is let be on a device that whose time has not passed."""
    return {line: each for line, each in known.items() if each.holds(now)}


def let_be_words(service: Core, device: str, carries: Sequence[Carried], diff: str) -> tuple[str, ...]:
    """What of a plan's lines and difference takes away lines that people let be, in words; `device` is an id."""
    held = holding(load_ignored(service).get(device, {}), service.actor.clock())
    lines = drifted_lines(changing(carries, diff), diff) if held else ()
    found = Counter((held[line].until, held[line].reason) for line in lines if line in held)
    return tuple(
        f"what is ignored until {until.astimezone():%Y-%m-%d %H:%M} goes by this: "
        f"{number} {'line' if number == 1 else 'lines'} ({reason})"
        for (until, reason), number in found.items()
    )


def ignore(service: Core, device: str, lines: Sequence[DriftedLine], until: datetime) -> ChangeResult:
    """Let drifted lines of a device, by its id, be until then, for the actor's reason.

    Raises InvalidInput without a reason, for no line, or for a time gone by.
    """
    if not service.actor.reason:
        raise InvalidInput("drift is ignored for a reason: say --reason TEXT", subject="reason")
    if until <= service.actor.clock():
        raise InvalidInput(f"{until.astimezone():%Y-%m-%d %H:%M} has gone by; say a later time", subject="until")
    if not lines:
        raise InvalidInput(f"{device} has no drifted line to ignore", subject=device)
    event = DriftIgnored(
        network=service.network_name,
        device=device,
        environment=service.environment,
        lines=tuple(lines),
        reason=service.actor.reason,
        until=until,
    )
    return _record(service, device, event)


def withdraw(service: Core, device: str, lines: Iterable[DriftedLine]) -> ChangeResult:
    """Let lines of a device, by its id, count as drift again. Raises NotFound where none of them is ignored."""
    known = load_ignored(service).get(device, {})
    gone = tuple(line for line in lines if line in known)
    if not gone:
        raise NotFound(f"nothing of {device} is ignored; cimnet drift ignore --list tells what is", subject=device)
    event = DriftIgnoreWithdrawn(
        network=service.network_name, device=device, environment=service.environment, lines=gone
    )
    return _record(service, device, event)


def _record(service: Core, device: str, event: Event) -> ChangeResult:
    stream = ignored_stream(service.environment, service.network_name, device)
    version = service.store.versions(stream).get(stream, 0)
    arguments = {"environment": service.environment, "device": device}
    chain, request = open_request(service.actor, "drift ignore", arguments, {stream: version})
    record = chain.record(stream, event, cause=request.event_id)
    batch = Append(events=(request, record), read={stream: version, request.aggregate_id: 0})
    return ChangeResult(request.correlation_id, service.store.append(batch))
