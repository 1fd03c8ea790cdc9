"""A device's configuration as its page shows it: what is intended, line by line with its story, and what was seen."""

from pydantic import AwareDatetime

from cimnet_nornir.application.blaming import BlamedLine, blame_lines
from cimnet_nornir.application.out_of_band import last_snapshot
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.domain.values import Value
from cimnet_nornir.errors import NotFound


class IntendedLine(Value):
    """A line, and the event that put it there: who, when and why; `pushed_by` is the deployment that brought it.

    A line that only a template of the site brings has no event, and `template` is true.
    """

    text: str
    indent: int
    event: str | None
    position: int | None
    type: str | None
    actor: str | None
    when: AwareDatetime | None
    reason: str | None
    pushed_by: str | None
    template: bool


class DeviceConfiguration(Value):
    """What is intended, what the device showed last (without secrets) and when, and what differs.

    `running` is None where nobody ever saw it; `diff` goes from what runs to what is intended.
    """

    environment: str
    intended: tuple[IntendedLine, ...]
    running: str | None
    running_at: AwareDatetime | None
    diff: str


def device_configuration(service: NetworkService, name: str, at: int | None = None) -> DeviceConfiguration:
    """The configuration of a device, by host name or id. Raises DeviceNotFound; InvalidInput for one that has none."""
    device, network = service.device_within(name, at)
    seen = last_snapshot(service, device.id, at)
    snapshot = getattr(seen.event, "snapshot", None) if seen is not None else None
    running = service.store.get_blob(snapshot).decode() if snapshot else None
    engine = service.engine_of(device)
    intended = engine.render(device, network)
    return DeviceConfiguration(
        environment=service.environment,
        intended=tuple(map(_line, _intended(service, device.id, at))),
        running=running,
        running_at=seen.recorded_at if seen is not None and running is not None else None,
        diff=engine.compare(device, running, intended).diff if running is not None else "",
    )


def _intended(service: NetworkService, device: str, at: int | None) -> tuple[BlamedLine, ...]:
    try:
        lines = blame_lines(service, device, at=at)
    except NotFound:
        # It has no line at all.
        return ()
    return tuple(line for line in lines if line.seen is None)


def _line(line: BlamedLine) -> IntendedLine:
    origin = line.origin
    return IntendedLine(
        text=line.path[-1],
        indent=len(line.path) - 1,
        event=str(origin.event_id) if origin else None,
        position=origin.position if origin else None,
        type=origin.type if origin else None,
        actor=origin.actor if origin else None,
        when=origin.recorded_at if origin else None,
        reason=origin.reason if origin else None,
        pushed_by=str(line.pushed.correlation_id) if line.pushed else None,
        template=line.site,
    )
