"""`/metrics`: the figures of a network as text for Prometheus, in base units and by its naming conventions."""

from collections.abc import Iterator, Mapping

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from cimnet_nornir import __version__
from cimnet_nornir.application.metrics import (
    BOUNDS,
    DEPLOYMENT_OUTCOMES,
    EVENT_NAMES,
    PUSH_OUTCOMES,
    SETTLED,
    CollectionRuns,
    Durations,
    Figures,
    figures,
)
from cimnet_nornir.application.observations import DeviceStatus
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.web.device_metrics import device_metrics

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
"""Of what `metrics_text` returns."""


def metrics_text(
    service: NetworkService,
    *,
    statuses: Mapping[str, DeviceStatus] | None = None,
    collection: CollectionRuns | None = None,
) -> bytes:
    """All metrics of the service's network and environment, in Prometheus's text format.

    `statuses` are those of all devices, where the caller has them; `collection` tells of the program's own collector.
    Counters are those of the events: the same whichever program is asked, also after it was started anew.
    """
    registry = CollectorRegistry()
    registry.register(_Ready(figures(service, statuses), collection))
    return generate_latest(registry)


class _Ready(Collector):
    """Hands over what is measured already: nothing is kept between two scrapes."""

    def __init__(self, found: Figures, collection: CollectionRuns | None) -> None:
        self._found = found
        self._collection = collection

    def collect(self) -> Iterator[Metric]:
        found = self._found
        labels = {"network": found.network, "environment": found.environment, "version": __version__}
        yield InfoMetricFamily("cimnet", "The network and environment, and the version of cimnet_nornir.", value=labels)
        yield from device_metrics(found.statuses)
        yield from _push_metrics(found)
        yield from _store_metrics(found)
        yield from _collection_metrics(found, self._collection)

    def describe(self) -> Iterator[Metric]:
        """Nothing: names are not registered with anybody else."""
        return iter(())


def _push_metrics(found: Figures) -> Iterator[Metric]:
    tally = found.tally
    yield CounterMetricFamily("cimnet_deployments_started", "Deployments that were started.", value=tally.started)
    yield GaugeMetricFamily(
        "cimnet_deployments_unfinished",
        "Deployments whose end is not recorded: they run, or were broken off.",
        value=len(tally.under_way),
    )
    yield _counted(
        "cimnet_deployments",
        "Deployments that ended, by the worst outcome of their devices.",
        "outcome",
        tally.deployments,
        DEPLOYMENT_OUTCOMES,
    )
    yield _durations("cimnet_deployment_duration_seconds", "How long deployments took.", {(): tally.deployment_seconds})
    yield _counted("cimnet_pushes", "Pushes to devices, by outcome.", "outcome", tally.pushes, PUSH_OUTCOMES)
    yield _durations(
        "cimnet_push_duration_seconds",
        "How long pushes to devices took, by whether they were applied or failed.",
        {(result,): tally.push_seconds.get(result, Durations()) for result in ("applied", "failed")},
        "result",
    )
    yield _counted(
        "cimnet_pushes_settled",
        "Pushes in doubt that were settled, by what was found.",
        "found",
        tally.settled,
        SETTLED,
    )
    yield _counted("cimnet_events", "Events in the store, by type.", "type", tally.events, EVENT_NAMES)


def _store_metrics(found: Figures) -> Iterator[Metric]:
    store = found.store
    gauges = (
        ("cimnet_store_position", "The position of the last event.", store.position),
        ("cimnet_store_checkpoint_position", "The position up to which a checkpoint covers the log.", store.checkpoint),
        (
            "cimnet_store_checkpoint_lag_events",
            "Positions after the last checkpoint.",
            store.position - store.checkpoint,
        ),
        ("cimnet_store_size_bytes", "The size of the store; 0 where it is in memory.", store.size),
        ("cimnet_spooled_results", "Results of pushes that wait to be stored: cimnet recover.", store.spooled),
    )
    for name, said, value in gauges:
        yield GaugeMetricFamily(name, said, value=value)
    if store.last_event is not None:
        said = "When the last event was recorded."
        yield GaugeMetricFamily("cimnet_store_last_event_timestamp_seconds", said, value=store.last_event.timestamp())


def _collection_metrics(found: Figures, own: CollectionRuns | None) -> Iterator[Metric]:
    """When devices were last asked, by whichever program; and what the collector of this one did, if it has one."""
    if found.last_seen is not None:
        yield GaugeMetricFamily(
            "cimnet_collection_last_answer_timestamp_seconds",
            "When any device last answered a collector.",
            value=found.last_seen.timestamp(),
        )
    if own is None:
        return
    yield CounterMetricFamily("cimnet_collection_runs", "How often this program asked the devices.", value=own.runs)
    yield CounterMetricFamily("cimnet_collection_failures", "How many of those runs failed.", value=own.failures)
    if own.seconds is not None:
        said = "How long the last run took."
        yield GaugeMetricFamily("cimnet_collection_duration_seconds", said, value=own.seconds)
    if own.succeeded is not None:
        yield GaugeMetricFamily(
            "cimnet_collection_last_success_timestamp_seconds",
            "When a run of this program last came to its end.",
            value=own.succeeded.timestamp(),
        )


def _counted(name: str, said: str, label: str, counts: Mapping[str, int], known: tuple[str, ...]) -> Metric:
    """A counter with a sample for every value there can be: what never happened is 0, so that a first time shows."""
    family = CounterMetricFamily(name, said, labels=[label])
    for value in (*known, *sorted(counts.keys() - set(known))):
        family.add_metric([value], counts.get(value, 0))
    return family


def _durations(name: str, said: str, found: Mapping[tuple[str, ...], Durations], *labels: str) -> Metric:
    family = HistogramMetricFamily(name, said, labels=labels)
    for values, durations in found.items():
        below, buckets = 0, []
        for bound, count in zip([*map(str, BOUNDS), "+Inf"], durations.counts, strict=True):
            below += count
            buckets.append((bound, below))
        family.add_metric(values, buckets, sum_value=durations.total)
    return family
