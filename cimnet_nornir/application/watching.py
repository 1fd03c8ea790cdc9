"""The network as somebody sees it who keeps looking: its devices, deployments under way, and the last events."""

import queue
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from math import inf

from cimnet_nornir.application.deployment import LEASE_SECONDS, worked_on
from cimnet_nornir.application.device_status import device_statuses
from cimnet_nornir.application.observations import DeviceStatus
from cimnet_nornir.application.progress_view import DeploymentProgress, latest_deployments
from cimnet_nornir.application.selection import choose, is_chosen
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.domain.envelope import StoredEvent
from cimnet_nornir.errors import CimnetError, StoreUnavailable
from cimnet_nornir.store.following import Batch, follow

WORST_FIRST = ("in doubt", "unreachable", "failed", "drift", "deploying", "unknown", "ok")
"""Every health there is, what needs somebody first; what nobody has looked at is the last that is not well."""
# The last of it stays in sight for a while.
_KEPT_SECONDS = 600
# So far back the first events are looked for; beyond that there are none for whoever looks at a few devices.
_LOOKED_THROUGH = 5_000


@dataclass(frozen=True, slots=True)
class Running:
    """A deployment in sight. `broken` tells that nobody carries it on any more, though a push has no outcome."""

    progress: DeploymentProgress
    broken: bool

    @property
    def running(self) -> bool:
        return self.progress.finished is None and not self.broken


@dataclass(frozen=True, slots=True)
class View:
    """All that is seen at a moment, devices worst first, deployments and events oldest first.

    `names` are the host names of devices by id.
    """

    network: str
    environment: str
    position: int
    at: datetime
    devices: tuple[DeviceStatus, ...]
    deployments: tuple[Running, ...]
    events: tuple[StoredEvent, ...]
    names: dict[str, str]

    @property
    def restless(self) -> bool:
        """Whether something is under way that changes without an event: leases run out, seconds pass."""
        return any(item.running for item in self.deployments) or any(
            status.health == "deploying" for status in self.devices
        )


class Watching:
    """Follows one network in one environment, and of its devices those that `limits` let pass.

    Raises NotFound where they let no device pass.
    """

    def __init__(self, service: NetworkService, *, limits: Sequence[str] = (), first: int = 10) -> None:
        self._service = service
        self._limits = [part.strip() for limit in limits for part in limit.split(",") if part.strip()]
        self.position = service.store.head()
        if self._limits:
            choose(service.hosts(), (), self._limits)
        self._moved = True
        self._look_up()
        self._here: dict[str, bool] = {}
        self._deployments = latest_deployments(service.store, service.network_name, service.environment, self.position)
        self._events = deque(reversed(tuple(islice(self._before(), first))), maxlen=first)

    @property
    def events(self) -> tuple[StoredEvent, ...]:
        """The last events, oldest first."""
        return tuple(self._events)

    @property
    def names(self) -> dict[str, str]:
        """The host names of devices by id."""
        return self._names

    def take_in(self, batch: Batch) -> tuple[StoredEvent, ...]:
        """Take in what was appended, and return those events that concern what is watched."""
        self._moved |= any(stored.aggregate_id.startswith(("device:", "network:")) for stored in batch.events)
        # While the store is away again, the devices are those of before.
        with suppress(StoreUnavailable):
            self._look_up()
        for stored in batch.events:
            self._deployments.take_in(stored)
        told = tuple(stored for stored in batch.events if self._concerns(stored))
        self._events.extend(told)
        self.position = batch.position
        return told

    def follow(self) -> Iterator[StoredEvent]:
        """The last events, and those that come, for ever, however long the store is away meanwhile."""
        yield from self.events
        for batch in follow(self._service.store, after=self.position, patience=inf):
            yield from self.take_in(batch)

    def now(self) -> datetime:
        """The present time, by the clock of whoever watches."""
        return self._service.actor.clock()

    def look(self) -> View:
        """All that is seen now. Raises StoreUnavailable."""
        self._look_up()
        now = self.now()
        statuses = device_statuses(self._service)
        chosen = [status for status in statuses.values() if self._is_watched(status.device)]
        return View(
            network=self._service.network_name,
            environment=self._service.environment,
            position=self.position,
            at=now,
            devices=tuple(sorted(chosen, key=_badness)),
            deployments=tuple(self._in_sight(now)),
            events=self.events,
            names={status.device: status.name for status in statuses.values()},
        )

    @contextmanager
    def news(self) -> Iterator["News"]:
        """Follow the log in a thread of its own while the block runs, however long the store is away meanwhile."""
        news, stop, store, after = News(), threading.Event(), self._service.store, self.position

        def run() -> None:
            try:
                for batch in follow(store, after=after, stop=stop, patience=inf):
                    news.put(batch)
            except CimnetError as error:
                news.put(error)

        thread = threading.Thread(target=run, name="following", daemon=True)
        thread.start()
        try:
            yield news
        finally:
            stop.set()
            thread.join()

    # --- what is watched ----------------------------------------------------------------------------------------------

    def _look_up(self) -> None:
        """Which devices there are, and which of them are watched, where that may have changed."""
        if not self._moved:
            return
        hosts = self._service.hosts()
        self._names = {host.device: host.name for host in hosts}
        self._watched = frozenset(host.device for host in hosts if is_chosen(host, self._limits))
        self._moved = False

    def _is_watched(self, device: str) -> bool:
        return not self._limits or device in self._watched

    def _before(self) -> Iterator[StoredEvent]:
        """Events that concern what is watched, newest first."""
        store = self._service.store
        events = store.read_all(until=self.position, newest_first=True, limit=_LOOKED_THROUGH)
        return (stored for stored in events if self._concerns(stored)) if self.position else iter(())

    def _concerns(self, stored: StoredEvent) -> bool:
        return self._is_here(stored) and self._is_about(stored)

    def _is_here(self, stored: StoredEvent) -> bool:
        """Whether an event is of this network and environment, or of none in particular."""
        event, service = stored.event, self._service
        if stored.aggregate_id.startswith("deployment:") and not hasattr(event, "environment"):
            # Not every event of a deployment says where it is; its first one does.
            return self._deployment_is_here(stored.aggregate_id.partition("/")[0])
        if getattr(event, "network", service.network_name) != service.network_name:
            return False
        if getattr(event, "environment", service.environment) != service.environment:
            return False
        return _of_network(stored.aggregate_id, service.network_name)

    def _deployment_is_here(self, stream: str) -> bool:
        if stream not in self._here:
            first = next(iter(self._service.store.read_stream(stream)), None)
            self._here[stream] = first is not None and self._is_here(first)
        return self._here[stream]

    def _is_about(self, stored: StoredEvent) -> bool:
        if not self._limits:
            return True
        several = getattr(stored.event, "devices", None) or getattr(stored.event, "outcomes", None)
        one = getattr(stored.event, "device", None) or stored.aggregate_id.rpartition("/")[2]
        return any(device in self._watched for device in (several or (one,)))

    # --- deployments --------------------------------------------------------------------------------------------------

    def _in_sight(self, now: datetime) -> Iterator[Running]:
        """Those that run, those that were broken off with a push that has no outcome, and the last that ended."""
        held = self._held() if any(item.finished is None for item in self._deployments.known.values()) else frozenset()
        ended = [item.id for item in self._deployments.known.values() if item.finished is not None][-1:]
        for item in self._deployments.known.values():
            if not any(self._is_watched(device) for device in item.devices):
                continue
            if item.finished is not None:
                if item.id in ended and now - item.finished < timedelta(seconds=_KEPT_SECONDS):
                    yield Running(item, broken=False)
            elif held & item.devices.keys() or now - item.last < timedelta(seconds=LEASE_SECONDS):
                yield Running(item, broken=False)
            elif any(_has_no_outcome(item, device) for device in item.devices):
                yield Running(item, broken=True)

    def _held(self) -> frozenset[str]:
        """The ids of the devices that somebody works on."""
        service = self._service
        return frozenset(worked_on(service.store, service.environment, service.network_name))


def _has_no_outcome(item: DeploymentProgress, device: str) -> bool:
    found = item.devices[device]
    return found.since is not None and not found.done


def _of_network(stream: str, network: str) -> bool:
    """Whether a stream is of the network, or of none in particular (a request, a deployment)."""
    kind, _, rest = stream.partition(":")
    if kind in ("request", "deployment"):
        return True
    if kind in ("observed", "status", "lifecycle"):
        rest = rest.partition(":")[2]
    return rest.partition("/")[0] == network


def _badness(status: DeviceStatus) -> tuple[int, str]:
    place = WORST_FIRST.index(status.health) if status.health in WORST_FIRST else len(WORST_FIRST)
    return place, status.name


class News:
    """What was appended since it was last asked; see `Watching.news`."""

    def __init__(self) -> None:
        self._queue: queue.SimpleQueue[Batch | CimnetError] = queue.SimpleQueue()

    def put(self, item: Batch | CimnetError) -> None:
        self._queue.put(item)

    def take(self) -> tuple[Batch, ...]:
        """The batches, oldest first. Raises the error that ended the following."""
        found = []
        while not self._queue.empty():
            item = self._queue.get()
            if isinstance(item, CimnetError):
                raise item
            found.append(item)
        return tuple(found)
