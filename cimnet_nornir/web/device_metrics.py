"""The metrics of devices: how many are in which state, and each one's own."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from cimnet_nornir.application.metrics import LIFECYCLES, in_service
from cimnet_nornir.application.observations import HEALTH, DeviceFacts, DeviceStatus

_REACHABILITY = ("up", "down", "unreachable", "unknown")
_INFO = ("device", "kind", "role", "site", "platform", "model", "version")


def device_metrics(statuses: Mapping[str, DeviceStatus]) -> Iterator[Metric]:
    """All of them. A device has no sample of what is not known of it: of its load, say, where it does not answer."""
    devices = tuple(statuses.values())
    yield from _by_state(devices)
    info = GaugeMetricFamily("cimnet_device_info", "What a device is; always 1.", labels=_INFO)
    for status in devices:
        info.add_metric(_info(status), 1)
    yield info
    for name, said, value in _EACH:
        yield _of_each(GaugeMetricFamily(name, said, labels=["device"]), devices, value)
    yield _ports(devices)
    errors = CounterMetricFamily(
        "cimnet_device_port_errors", "Errors that all ports of a device have counted.", labels=["device"]
    )
    yield _of_each(errors, devices, lambda status: status.port_errors if _answers(status) else None)


def _by_state(devices: tuple[DeviceStatus, ...]) -> Iterator[Metric]:
    states = (
        ("cimnet_devices", "Devices by health.", "health", HEALTH, lambda status: status.health),
        ("cimnet_devices_by_lifecycle", "Devices by their state of life.", "state", LIFECYCLES, _lifecycle),
        (
            "cimnet_devices_by_reachability",
            "Devices by what was last seen of them.",
            "seen",
            _REACHABILITY,
            lambda status: status.reachability or "unknown",
        ),
    )
    for name, said, label, known, state_of in states:
        counts = Counter(map(state_of, devices))
        family = GaugeMetricFamily(name, said, labels=[label])
        for value in (*known, *sorted(counts.keys() - set(known))):
            family.add_metric([value], counts[value])
        yield family
    in_doubt = sum(status.health == "in doubt" for status in devices)
    yield GaugeMetricFamily(
        "cimnet_pushes_in_doubt", "Devices whose last push has no known outcome: cimnet recover.", value=in_doubt
    )


def _lifecycle(status: DeviceStatus) -> str:
    return status.lifecycle


def _info(status: DeviceStatus) -> list[str]:
    version = status.facts.version if status.facts else ""
    return [status.name, status.kind, status.role, status.site, status.platform, status.model, version]


def _of_each(
    family: GaugeMetricFamily | CounterMetricFamily,
    devices: tuple[DeviceStatus, ...],
    value: Callable[[DeviceStatus], float | None],
) -> Metric:
    for status in devices:
        found = value(status)
        if found is not None:
            family.add_metric([status.name], found)
    return family


def _ports(devices: tuple[DeviceStatus, ...]) -> Metric:
    said = "Ports of a device that are enabled, by whether they are up."
    family = GaugeMetricFamily("cimnet_device_ports", said, labels=["device", "state"])
    for status in devices:
        for state, count in (("up", status.ports_up), ("down", status.ports_down)):
            if count is not None and _answers(status):
                family.add_metric([status.name, state], count)
    return family


def _fact(value: Callable[[DeviceFacts], float | None]) -> Callable[[DeviceStatus], float | None]:
    return lambda status: value(status.facts) if status.facts is not None and _answers(status) else None


def _answers(status: DeviceStatus) -> bool:
    return status.reachability == "up"


def _up(status: DeviceStatus) -> float | None:
    return None if status.reachability is None else float(status.reachability == "up")


def _seen(status: DeviceStatus) -> float | None:
    return None if status.seen is None else status.seen.timestamp()


def _cpu(facts: DeviceFacts) -> float | None:
    minute = facts.cpu if facts.cpu_minute is None else facts.cpu_minute
    return None if minute is None else minute / 100


_EACH: tuple[tuple[str, str, Callable[[DeviceStatus], float | None]], ...] = (
    ("cimnet_device_up", "Whether a device answered when it was last asked.", _up),
    (
        "cimnet_device_in_service",
        "Whether a device should answer: it is neither planned, nor in maintenance, nor taken out.",
        lambda status: float(in_service(status)),
    ),
    (
        "cimnet_device_in_doubt",
        "Whether the outcome of the last push to a device is not known.",
        lambda status: float(status.health == "in doubt"),
    ),
    (
        "cimnet_device_drift_lines",
        "Lines of a device's configuration that others changed, without those that are ignored for a time.",
        lambda status: status.drift,
    ),
    (
        "cimnet_device_drift_ignored_lines",
        "Lines of a device's configuration that others changed, and that are ignored for a time.",
        lambda status: status.ignored,
    ),
    (
        "cimnet_device_pending",
        "Whether intent is newer than what was applied to a device.",
        lambda status: float(status.pending),
    ),
    ("cimnet_device_last_seen_timestamp_seconds", "When a device last answered.", _seen),
    ("cimnet_device_uptime_seconds", "How long a device has been running.", _fact(lambda facts: facts.uptime)),
    ("cimnet_device_cpu_ratio", "Load of a device's processor over the last minute, 0 to 1.", _fact(_cpu)),
    ("cimnet_device_memory_used_bytes", "Memory of a device in use.", _fact(lambda facts: facts.memory_used)),
    ("cimnet_device_memory_size_bytes", "Memory that a device has.", _fact(lambda facts: facts.memory_total)),
)
"""Name, help and value of each metric that a device has once."""
