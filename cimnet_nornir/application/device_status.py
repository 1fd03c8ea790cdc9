"""What is known of each device's state: whether it answers, drifts, is being pushed to, or is in doubt."""

from dataclasses import dataclass
from datetime import datetime

from cimnet_nornir.application.deployment import worked_on
from cimnet_nornir.application.lifecycle import Standing, is_in_doubt
from cimnet_nornir.application.observations import DeviceFacts, DeviceStatus
from cimnet_nornir.application.observing import Summary, latest_summaries
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.projections.inventory import HostView
from cimnet_nornir.projections.observed import Known, PortCounts, load_observed

_NO_ANSWER = ("down", "unreachable")


def device_statuses(service: NetworkService, at: int | None = None) -> dict[str, DeviceStatus]:
    """The state of every device by its id, now or as of a position, in the order of their names.

    What was observed is that of the moment when the event at that position was recorded.
    """
    hosts, standings = service.standing_hosts(at)
    here = (service.environment, service.network_name)
    known = load_observed(service.store, service.network_name, service.environment, until=at)
    said = latest_summaries(service.store, *here, moment_of(service, at))
    now = moment_of(service, at) or service.actor.clock()
    pending = service.pending(hosts, standings, at)
    pushed_to = worked_on(service.store, service.environment, service.network_name) if at is None else {}
    return {
        host.device: _Device(
            host,
            standings[host.device],
            known.get(host.device, Known()),
            said.get(host.device),
            host.device in pending,
            host.device in pushed_to,
            now,
        ).status()
        for host in hosts
    }


def moment_of(service: NetworkService, at: int | None) -> datetime | None:
    """When the event at a position, or the last before it, was recorded; None for the present.

    Before the first event nothing was observed: that is the beginning of time.
    """
    if at is None:
        return None
    last = next(iter(service.store.read_all(until=at, newest_first=True, limit=1)), None)
    return last.recorded_at if last is not None else datetime.min.replace(tzinfo=service.actor.clock().tzinfo)


@dataclass(frozen=True, slots=True)
class _Device:
    """One device, and all that is known of it."""

    host: HostView
    standing: Standing
    known: Known
    said: tuple[datetime, Summary] | None
    pending: bool
    pushing: bool
    now: datetime

    def status(self) -> DeviceStatus:
        host, known, health = self.host, self.known, self._health()
        counts, ignored = self._counts(), known.ignored_at(self.now)
        return DeviceStatus(
            device=host.device,
            name=host.name,
            kind=str(host.facts["kind"]),
            role=str(host.facts["role"]),
            site=str(host.facts["site"]),
            platform=host.platform,
            model=str(host.facts["model"]),
            management=host.management or "",
            lifecycle=self.standing.status.state.value,
            health=health,
            reachability=known.reachability,
            reason=self._reason(health),
            since=known.since,
            seen=self._seen(),
            drift=self._drift(),
            ignored=len(ignored),
            ignored_until=min((each.until for each in ignored), default=None),
            pending=self.pending,
            facts=self._facts(),
            ports_up=counts.up if counts else None,
            ports_down=counts.down if counts else None,
            port_errors=counts.errors if counts else None,
        )

    def _drift(self) -> int:
        """The lines that others changed and that nobody lets be."""
        return self.known.drift - len(self.known.ignored_at(self.now))

    def _health(self) -> str:
        """The first that holds, in the order that `DeviceStatus` gives."""
        found = (
            ("deploying", self.pushing),
            ("in doubt", is_in_doubt(self.standing)),
            ("unreachable", self.known.reachability in _NO_ANSWER),
            ("failed", bool(self.standing.status.outcome)),
            ("drift", self._drift() > 0),
            ("unknown", self.known.reachability is None),
        )
        return next((name for name, holds in found if holds), "ok")

    def _reason(self, health: str) -> str:
        """Why it is so: what the device or the way to it said, or what the last push came to."""
        return self.known.reason if health == "unreachable" else self.standing.status.failure

    def _seen(self) -> datetime | None:
        """When it last answered; where that is not kept any more, when it was found to answer."""
        if self.said is not None:
            return self.said[0]
        return self.known.since if self.known.reachability == "up" else None

    def _facts(self) -> DeviceFacts | None:
        return self.said[1].facts if self.said is not None else None

    def _counts(self) -> PortCounts | None:
        """As the device said last, or else as the last event of its ports tells."""
        if self.said is None:
            return self.known.counts
        summary = self.said[1]
        counts = PortCounts(summary.up, summary.down, summary.disabled, summary.errors)
        # A server tells of no ports.
        return counts if counts != PortCounts(0, 0, 0, 0) else None
