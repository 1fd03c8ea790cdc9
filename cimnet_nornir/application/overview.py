"""The network in a few figures, as the head of a page shows it; and what of the present no event tells."""

import hashlib
import time
from collections import Counter
from collections.abc import Callable, Iterable

from pydantic import AwareDatetime

from cimnet_nornir.application.deployment import worked_on
from cimnet_nornir.application.drift_ignoring import holding, load_ignored
from cimnet_nornir.application.observations import HEALTH, DeviceStatus
from cimnet_nornir.application.observing import FACTS, subject_of
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.domain.values import Value

_LOOK_SECONDS = 5.0


class DeviceCount(Value):
    """How many devices there are, and how many of each health."""

    total: int
    by_health: dict[str, int]


class Overview(Value):
    """A network at a moment: `position` is the event it is told as of, `now` the last event there is."""

    name: str
    environment: str
    position: int
    at: AwareDatetime | None
    first: int
    now: int
    devices: DeviceCount
    in_doubt: int
    drifted: int


def overview(service: NetworkService, statuses: Iterable[DeviceStatus], position: int) -> Overview:
    """The figures of a network whose devices stand so at a position."""
    known = tuple(statuses)
    health = Counter(status.health for status in known)
    return Overview(
        name=service.network_name,
        environment=service.environment,
        position=position,
        at=_recorded_at(service, position),
        first=_first(service),
        now=service.store.head(),
        devices=DeviceCount(total=len(known), by_health={name: health[name] for name in HEALTH}),
        in_doubt=health["in doubt"],
        drifted=sum(status.drift > 0 for status in known),
    )


def _recorded_at(service: NetworkService, position: int) -> AwareDatetime | None:
    last = next(iter(service.store.read_all(until=position, limit=1, newest_first=True)), None)
    return last.recorded_at if last is not None else None


def _first(service: NetworkService) -> int:
    first = next(iter(service.store.read_all(limit=1)), None)
    return first.position if first is not None else 0


class Beside:
    """Names what of the present no event tells: who works on which device, and what devices said when they were asked.

    What they said is looked up once in some seconds: for many devices that takes as long as an answer.
    """

    def __init__(self, service: NetworkService, clock: Callable[[], float] = time.monotonic) -> None:
        self._service = service
        self._clock = clock
        self._observed = ""
        self._looked: float | None = None

    def tag(self) -> str:
        """The same text for the same state; "" where there is nothing of that."""
        service = self._service
        held = sorted(map(" ".join, worked_on(service.store, service.environment, service.network_name).items()))
        found = "\n".join(filter(None, (*held, self._last_observed(), self._ignored())))
        return hashlib.sha256(found.encode()).hexdigest()[:12] if found else ""

    def _ignored(self) -> str:
        """How much of what was ignored still is: its time goes by without an event."""
        now = self._service.actor.clock()
        number = sum(len(holding(lines, now)) for lines in load_ignored(self._service).values())
        return f"{number} ignored" if number else ""

    def _last_observed(self) -> str:
        if self._looked is None or self._clock() - self._looked >= _LOOK_SECONDS:
            prefix = subject_of(self._service.environment, self._service.network_name, "")
            rows = self._service.store.latest_observations(FACTS, prefix).values()
            self._observed = max((row.at.isoformat() for row in rows), default="")
            self._looked = self._clock()
        return self._observed
