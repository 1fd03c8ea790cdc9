"""Events as they are told to people who watch: the envelope, what it is about, and what happened in words."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from pydantic import AwareDatetime

from cimnet_nornir.application.describe import describe, subject_of
from cimnet_nornir.application.history import device_of, known_type
from cimnet_nornir.application.moments import find_event
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.domain.envelope import StoredEvent
from cimnet_nornir.domain.values import Value

MOST_LOOKED_AT = 20_000
"""Events that one page looks through at most; a search that finds little goes on from there when it is asked to."""


class ToldEvent(Value):
    """An event in words, with its envelope; `subject` is the host name of the device it is about, where it is one."""

    position: int
    event_id: UUID
    type: str
    correlation_id: UUID
    causation_id: UUID
    actor: str
    reason: str | None
    recorded_at: AwareDatetime
    aggregate_id: str
    subject: str
    words: str


class ToldPage(Value):
    """Some events, the newest first; `next` is after which to go on with older ones, None where there are none."""

    events: tuple[ToldEvent, ...]
    next: int | None


@dataclass(frozen=True, slots=True)
class EventFilter:
    """Which events are asked for: of a type, about a device, of one chain, with a text in them; "" is all."""

    type: str = ""
    device: str = ""
    correlation: str = ""
    text: str = ""


def told(stored: StoredEvent, names: Mapping[str, str]) -> ToldEvent:
    """An event as it is told; `names` are the host names of devices by id."""
    subject = subject_of(stored.aggregate_id)
    return ToldEvent(
        position=stored.position,
        event_id=stored.event_id,
        type=stored.type,
        correlation_id=stored.correlation_id,
        causation_id=stored.causation_id,
        actor=stored.actor,
        reason=stored.reason,
        recorded_at=stored.recorded_at,
        aggregate_id=stored.aggregate_id,
        subject=names.get(subject, subject),
        words=describe(stored.event),
    )


def names_of_devices(service: NetworkService, at: int | None = None) -> dict[str, str]:
    """The host name of each device by its id, now or as of a position."""
    return {device.id: device.name for device in service.intent(at).network.devices.values()}


def told_page(
    service: NetworkService,
    wanted: EventFilter,
    names: Mapping[str, str],
    *,
    first: int,
    after: int | None = None,
    until: int | None = None,
) -> ToldPage:
    """The newest events that are wanted, at most `first`, older than the event `after`.

    Raises NotFound and InvalidInput for a device, type or chain that there is none of.
    """
    limit = min((at for at in (until, None if after is None else after - 1) if at is not None), default=None)
    if limit is not None and limit < 1:
        return ToldPage(events=(), next=None)
    fits = _fitting(service, wanted, names, until)
    found: list[ToldEvent] = []
    looked = 0
    for looked, stored in enumerate(_newest(service, wanted, limit), start=1):
        if fits(stored):
            found.append(told(stored, names))
        if len(found) == first or looked == MOST_LOOKED_AT:
            return ToldPage(events=tuple(found), next=stored.position if stored.position > 1 else None)
    return ToldPage(events=tuple(found), next=None)


def _newest(service: NetworkService, wanted: EventFilter, limit: int | None) -> Iterator[StoredEvent]:
    if not wanted.correlation:
        types = (known_type(wanted.type),) if wanted.type else ()
        yield from service.store.read_all(until=limit, types=types, newest_first=True)
        return
    chain = service.store.by_correlation(find_event(service.store, wanted.correlation).correlation_id)
    for stored in reversed(chain):
        if (limit is None or stored.position <= limit) and wanted.type in ("", stored.type):
            yield stored


def _fitting(
    service: NetworkService, wanted: EventFilter, names: Mapping[str, str], until: int | None
) -> Callable[[StoredEvent], bool]:
    device = device_of(service, wanted.device, until) if wanted.device else ""
    text = wanted.text.casefold()

    def fits(stored: StoredEvent) -> bool:
        if device and subject_of(stored.aggregate_id) != device:
            return False
        return not text or text in _searched(stored, names)

    return fits


def _searched(stored: StoredEvent, names: Mapping[str, str]) -> str:
    item = told(stored, names)
    return " ".join((item.type, item.actor, item.reason or "", item.subject, item.words)).casefold()
