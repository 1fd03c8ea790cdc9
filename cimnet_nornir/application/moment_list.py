"""The moments of a network that a slider over its past stops at: when somebody asked for something."""

import threading
from bisect import bisect_right

from pydantic import AwareDatetime

from cimnet_nornir.application.describe import describe
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.domain.values import Value


class MomentPoint(Value):
    """A request: the number of its first event, when, by whom, and what for."""

    position: int
    at: AwareDatetime
    actor: str
    words: str
    type: str


class Moments(Value):
    """Requests from the first to the last, the last one among them; where there are many, evenly thinned."""

    first: int
    last: int
    points: tuple[MomentPoint, ...]


class MomentBook:
    """All requests there were, brought up to date by what happened since it was last asked."""

    def __init__(self, service: NetworkService) -> None:
        self._service = service
        self._points: list[MomentPoint] = []
        self._lock = threading.Lock()

    def moments(self, most: int, until: int | None = None) -> Moments:
        """At most so many requests, up to a position where one is given."""
        points = self._brought_up_to_date()
        if until is not None:
            points = points[: bisect_right(points, until, key=lambda point: point.position)]
        chosen = _thinned(points, most)
        first, last = (chosen[0].position, chosen[-1].position) if chosen else (0, 0)
        return Moments(first=first, last=last, points=chosen)

    def _brought_up_to_date(self) -> list[MomentPoint]:
        with self._lock:
            position = self._points[-1].position if self._points else 0
            for stored in self._service.store.read_all(after=position, types=("ChangeRequested",)):
                point = MomentPoint(
                    position=stored.position,
                    at=stored.recorded_at,
                    actor=stored.actor,
                    words=stored.reason or describe(stored.event),
                    type=stored.type,
                )
                self._points.append(point)
            return list(self._points)


def _thinned(points: list[MomentPoint], most: int) -> tuple[MomentPoint, ...]:
    if len(points) <= most:
        return tuple(points)
    step = (len(points) - 1) / max(1, most - 1)
    return tuple(points[round(number * step)] for number in range(most))
