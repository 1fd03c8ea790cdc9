"""What is known of each device's state: whether it answers, drifts, is being pushed to, or is in doubt."""

from cimnet_nornir.application.deployment import push_lease
from cimnet_nornir.application.drift import recorded_drift
from cimnet_nornir.application.lifecycle import Standing, is_in_doubt
from cimnet_nornir.application.observations import DeviceStatus
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.domain.envelope import StoredEvent
from cimnet_nornir.domain.events import DriftDetected, StatusChanged
from cimnet_nornir.projections.inventory import HostView

_STATUS_TYPES = ("RouterStatusChanged", "SwitchStatusChanged", "HostStatusChanged")


def device_statuses(service: NetworkService, at: int | None = None) -> dict[str, DeviceStatus]:
    """The state of every device by its id, now or as of a position, in the order of their names."""
    drift, reached, standings = recorded_drift(service, at), _reachability(service, at), service.lifecycle(at)
    pushed_to = _being_pushed_to(service) if at is None else frozenset()
    return {
        host.device: _status(
            host,
            standings[host.device],
            reached.get(host.device),
            drift.get(host.device),
            pushing=host.device in pushed_to,
        )
        for host in service.hosts(at)
    }


def _reachability(service: NetworkService, at: int | None) -> dict[str, StoredEvent]:
    """By device id the last event that says whether it answers."""
    here = (service.network_name, service.environment)
    return {
        stored.event.device: stored
        for stored in service.store.read_all(types=_STATUS_TYPES, until=at)
        if isinstance(stored.event, StatusChanged) and (stored.event.network, stored.event.environment) == here
    }


def _being_pushed_to(service: NetworkService) -> frozenset[str]:
    """The ids of the devices that somebody works on at this moment."""
    prefix = push_lease(service.environment, service.network_name, "")
    now = service.actor.clock()
    held = (lease for lease in service.store.leases(prefix) if lease.expires_at > now)
    return frozenset(lease.name.removeprefix(prefix) for lease in held)


def _status(
    host: HostView, standing: Standing, reached: StoredEvent | None, drift: StoredEvent | None, *, pushing: bool
) -> DeviceStatus:
    seen = reached.event.new if reached is not None and isinstance(reached.event, StatusChanged) else None
    lines = len(drift.event.diff) if drift is not None and isinstance(drift.event, DriftDetected) else 0
    return DeviceStatus(
        device=host.device,
        name=host.name,
        kind=str(host.facts["kind"]),
        role=str(host.facts["role"]),
        site=str(host.facts["site"]),
        platform=host.platform,
        model=str(host.facts["model"]),
        management=host.management or "",
        lifecycle=standing.status.state.value,
        health=_health(standing, seen, drifts=lines > 0, pushing=pushing),
        reachability=seen,
        reason=standing.status.failure,
        since=reached.recorded_at if reached is not None else None,
        drift=lines,
    )


def _health(standing: Standing, seen: str | None, *, drifts: bool, pushing: bool) -> str:
    """The first that holds, in the order that `DeviceStatus` gives."""
    found = (
        ("deploying", pushing),
        ("in doubt", is_in_doubt(standing)),
        ("unreachable", seen in ("down", "unreachable")),
        ("failed", bool(standing.status.outcome)),
        ("drift", drifts),
        ("unknown", seen is None),
    )
    return next((name for name, holds in found if holds), "ok")
