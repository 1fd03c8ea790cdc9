"""What Prometheus is told: true to the events, monotone, in its conventions, and whole whatever is in a name."""

import subprocess
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest
from prometheus_client import REGISTRY, Metric
from prometheus_client.parser import text_string_to_metric_families

from cimnet_nornir import __version__
from cimnet_nornir.application.deploying import deploy
from cimnet_nornir.application.metrics import CollectionRuns
from cimnet_nornir.application.observations import HEALTH, DeviceFacts, DeviceStatus
from cimnet_nornir.application.outcomes import PushOutcome
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.projections.tally import load_tally
from cimnet_nornir.web.metrics import metrics_text
from tests.promtool import promtool
from tests.unit.test_application_deployment import SimulatedDevices

Samples = Mapping[str, float]
SEEN = datetime(2026, 3, 1, 12, tzinfo=UTC)
ACC1 = DeviceStatus(
    device="acc1",
    name="acc1",
    kind="switch",
    role="access",
    site="hq",
    platform="ios",
    model="WS-C2960X",
    lifecycle="active",
    health="drift",
    reachability="up",
    seen=SEEN,
    drift=3,
    pending=True,
    facts=DeviceFacts(version="15.2(7)E", uptime=90, cpu=20.0, cpu_minute=12.5, memory_used=2**28, memory_total=2**30),
    ports_up=20,
    ports_down=2,
    port_errors=7,
)
NEVER_SEEN = DeviceStatus(device="r1", name="r1", kind="router", lifecycle="planned")
HOSTILE = 'a"b\\c\nd{e="f"} 1\r\x1b[31m \U0001f600'


def families(text: bytes) -> dict[str, Metric]:
    return {family.name: family for family in text_string_to_metric_families(text.decode())}


def samples(text: bytes) -> dict[str, float]:
    """Every sample by its name with its labels in order: `cimnet_devices{health="ok"}`."""
    found = {}
    for family in families(text).values():
        for sample in family.samples:
            labels = ",".join(f'{name}="{value}"' for name, value in sorted(sample.labels.items()))
            found[sample.name + (f"{{{labels}}}" if labels else "")] = sample.value
    return found


def of(service: NetworkService, *statuses: DeviceStatus, **more: Any) -> dict[str, float]:
    return samples(metrics_text(service, statuses={status.device: status for status in statuses}, **more))


def push(service: NetworkService, *outcomes: str) -> None:
    """A deployment whose devices, in order, have these outcomes, though nothing is sent to anybody."""
    devices = SimulatedDevices(service)
    plan = service.plan(devices, ["r1", "sw1", "sw2"][: len(outcomes)])
    with deploy(service.store, service.actor, plan, service.spool()) as deployment:
        for device, outcome in zip(plan.devices, outcomes, strict=True):
            deployment.push_started(device)
            deployment.record(PushOutcome(device, outcome, 0.7, reason="no carrier", running="", intended=""))


@pytest.fixture
def busy(small: NetworkService) -> NetworkService:
    """The small network after two deployments: one applied everywhere, one with all kinds of trouble."""
    push(small, "applied", "applied")
    push(small, "applied", "rejected", "in doubt")
    return small


# --- devices ----------------------------------------------------------------------------------------------------------


def test_a_device_is_told_in_base_units(small: NetworkService) -> None:
    found = of(small, ACC1)
    of_acc1 = {name.removeprefix("cimnet_device_"): value for name, value in found.items() if '"acc1"' in name}
    info = ",".join(
        (
            'device="acc1",kind="switch",model="WS-C2960X",platform="ios"',
            'role="access",site="hq",version="15.2(7)E"',
        )
    )
    assert of_acc1 == {
        f"info{{{info}}}": 1,
        'up{device="acc1"}': 1,
        'in_service{device="acc1"}': 1,
        'in_doubt{device="acc1"}': 0,
        'drift_lines{device="acc1"}': 3,
        'drift_ignored_lines{device="acc1"}': 0,
        'pending{device="acc1"}': 1,
        'last_seen_timestamp_seconds{device="acc1"}': SEEN.timestamp(),
        'uptime_seconds{device="acc1"}': 90,
        'cpu_ratio{device="acc1"}': 0.125,
        'memory_used_bytes{device="acc1"}': 2**28,
        'memory_size_bytes{device="acc1"}': 2**30,
        'ports{device="acc1",state="up"}': 20,
        'ports{device="acc1",state="down"}': 2,
        'port_errors_total{device="acc1"}': 7,
    }


def test_what_nobody_looked_at_is_left_out_rather_than_zero(small: NetworkService) -> None:
    found = of(small, NEVER_SEEN)
    names = {name.partition("{")[0] for name in found if '"r1"' in name}
    assert names == {
        "cimnet_device_info",
        "cimnet_device_in_service",
        "cimnet_device_in_doubt",
        "cimnet_device_drift_lines",
        "cimnet_device_drift_ignored_lines",
        "cimnet_device_pending",
    }
    assert found['cimnet_device_in_service{device="r1"}'] == 0
    assert "cimnet_collection_last_answer_timestamp_seconds" not in found


@pytest.mark.parametrize("reachability", ["down", "unreachable"])
def test_a_device_that_does_not_answer_is_not_up(small: NetworkService, reachability: str) -> None:
    found = of(small, ACC1.model_copy(update={"reachability": reachability}))
    assert found['cimnet_device_up{device="acc1"}'] == 0
    assert found['cimnet_device_last_seen_timestamp_seconds{device="acc1"}'] == SEEN.timestamp()
    # What it said when it still answered is no load of the present.
    for name in ("cpu_ratio", "memory_used_bytes", "uptime_seconds", "port_errors_total"):
        assert f'cimnet_device_{name}{{device="acc1"}}' not in found
    assert 'cimnet_device_ports{device="acc1",state="up"}' not in found
    assert found[f'cimnet_devices_by_reachability{{seen="{reachability}"}}'] == 1


def test_devices_are_counted_in_every_state_there_is(small: NetworkService) -> None:
    doubtful = [ACC1.model_copy(update={"device": name, "name": name, "health": "in doubt"}) for name in ("a", "b")]
    found = of(small, ACC1, NEVER_SEEN, *doubtful)
    counts = {health: found[f'cimnet_devices{{health="{health}"}}'] for health in HEALTH}
    assert counts == dict.fromkeys(HEALTH, 0) | {"drift": 1, "unknown": 1, "in doubt": 2}
    assert found["cimnet_pushes_in_doubt"] == 2
    assert found['cimnet_devices_by_lifecycle{state="active"}'] == 3
    assert found['cimnet_devices_by_lifecycle{state="maintenance"}'] == 0


def test_the_devices_are_those_of_the_network_where_the_caller_does_not_say(small: NetworkService) -> None:
    found = samples(metrics_text(small))
    assert {name for name in found if name.startswith("cimnet_device_in_service")} == {
        f'cimnet_device_in_service{{device="{name}"}}' for name in ("r1", "sw1", "sw2")
    }
    assert found[f'cimnet_info{{environment="lab",network="net",version="{__version__}"}}'] == 1


# --- what happened ----------------------------------------------------------------------------------------------------


def test_deployments_and_pushes_are_counted_by_outcome(busy: NetworkService) -> None:
    found = of(busy)
    assert found["cimnet_deployments_started_total"] == 2
    assert found["cimnet_deployments_unfinished"] == 0
    outcomes = ("applied", "unchanged", "unreachable", "failed", "in doubt")
    assert [found[f'cimnet_deployments_total{{outcome="{outcome}"}}'] for outcome in outcomes] == [1, 0, 0, 0, 1]
    pushed = {name: value for name, value in found.items() if name.startswith("cimnet_pushes_total") and value}
    assert pushed == {
        'cimnet_pushes_total{outcome="applied"}': 3,
        'cimnet_pushes_total{outcome="rejected"}': 1,
        'cimnet_pushes_total{outcome="in doubt"}': 1,
    }


def test_what_never_happened_is_zero_so_that_its_first_time_shows(small: NetworkService) -> None:
    found = of(small)
    assert found['cimnet_pushes_total{outcome="cut off"}'] == 0
    assert found['cimnet_events_total{type="DriftDetected"}'] == 0
    assert found['cimnet_deployments_total{outcome="failed"}'] == 0
    assert found['cimnet_push_duration_seconds_count{result="failed"}'] == 0


def test_durations_are_sorted_into_bounds(busy: NetworkService) -> None:
    found = of(busy)
    buckets = {
        bound: found[f'cimnet_push_duration_seconds_bucket{{le="{bound}",result="applied"}}']
        for bound in ("0.5", "1.0", "2.5", "+Inf")
    }
    assert buckets == {"0.5": 0, "1.0": 3, "2.5": 3, "+Inf": 3}
    assert found['cimnet_push_duration_seconds_sum{result="applied"}'] == pytest.approx(2.1)
    assert found['cimnet_push_duration_seconds_count{result="failed"}'] == 2
    assert found["cimnet_deployment_duration_seconds_count"] == 2


def test_events_are_counted_by_type_over_the_whole_store(busy: NetworkService) -> None:
    found = of(busy)
    total = sum(value for name, value in found.items() if name.startswith("cimnet_events_total"))
    assert total == busy.store.info().events
    assert found['cimnet_events_total{type="PushStarted"}'] == 5


def test_a_deployment_under_way_is_unfinished(small: NetworkService) -> None:
    plan = small.plan(SimulatedDevices(small), ["sw1"])
    with deploy(small.store, small.actor, plan, small.spool()):
        assert of(small)["cimnet_deployments_unfinished"] == 1
    assert of(small)["cimnet_deployments_unfinished"] == 0


def test_another_environment_counts_for_itself(busy: NetworkService, service_of: Any) -> None:
    other = of(service_of(busy.store, environment="real"))
    assert other["cimnet_deployments_started_total"] == 0
    assert other['cimnet_pushes_total{outcome="applied"}'] == 0


def test_counters_go_on_where_they_stood_and_never_fall(small: NetworkService) -> None:
    seen: list[Samples] = []
    for outcomes in (("applied",), ("rejected", "applied"), ("in doubt",)):
        push(small, *outcomes)
        # Kept after each, so that the next goes on from the row.
        load_tally(small.store, "net", "lab", save_after=1)
        seen.append(of(small))
    names = [name for name in seen[0] if name.partition("{")[0].endswith(("_total", "_bucket", "_count", "_sum"))]
    assert len(names) > 100
    for before, after in pairwise(seen):
        assert [name for name in names if after[name] < before[name]] == []
    small.store.drop_projection("tally-1")
    assert of(small) == seen[-1]


def test_only_new_events_are_read_once_the_row_is_kept(busy: NetworkService) -> None:
    load_tally(busy.store, "net", "lab", save_after=1)
    (row,) = busy.store.load_rows("tally-1").values()
    assert row.position == busy.store.head()
    # Whoever reads on from the row sees what is in it: a row that says otherwise shows.
    forged = row.state.replace(b'"started":2', b'"started":40')
    assert forged != row.state
    busy.store.save_rows("tally-1", {"net/lab": replace(row, state=forged)})
    assert of(busy)["cimnet_deployments_started_total"] == 40


# --- store and collection ---------------------------------------------------------------------------------------------


def test_the_store_tells_how_far_it_is_and_what_a_checkpoint_covers(small: NetworkService) -> None:
    small.store.checkpoint()
    covered = small.store.head()
    push(small, "applied")
    found = of(small)
    assert found["cimnet_store_position"] == small.store.head()
    assert found["cimnet_store_checkpoint_position"] == covered
    assert found["cimnet_store_checkpoint_lag_events"] == small.store.head() - covered > 0
    (last,) = small.store.read_all(newest_first=True, limit=1)
    assert found["cimnet_store_last_event_timestamp_seconds"] == pytest.approx(last.recorded_at.timestamp())
    assert found["cimnet_spooled_results"] == 0


def test_the_collector_of_this_program_is_told_where_there_is_one(small: NetworkService) -> None:
    assert not [name for name in of(small) if name.startswith("cimnet_collection")]
    runs = CollectionRuns(runs=5, failures=1, seconds=2.5, succeeded=SEEN)
    found = of(small, ACC1, collection=runs)
    assert {name: value for name, value in found.items() if name.startswith("cimnet_collection")} == {
        "cimnet_collection_runs_total": 5,
        "cimnet_collection_failures_total": 1,
        "cimnet_collection_duration_seconds": 2.5,
        "cimnet_collection_last_success_timestamp_seconds": SEEN.timestamp(),
        "cimnet_collection_last_answer_timestamp_seconds": SEEN.timestamp(),
    }


# --- the text ---------------------------------------------------------------------------------------------------------


def test_nothing_is_registered_with_the_client_library(small: NetworkService) -> None:
    before = set(REGISTRY._names_to_collectors)
    text = metrics_text(small)
    assert metrics_text(small) == text
    assert set(REGISTRY._names_to_collectors) == before
    assert b"python_gc" not in text
    assert b"process_" not in text


def test_a_hostile_name_stays_a_label(small: NetworkService) -> None:
    status = ACC1.model_copy(update={"name": HOSTILE, "site": HOSTILE, "model": HOSTILE})
    text = metrics_text(small, statuses={"x": status})
    (info,) = families(text)["cimnet_device_info"].samples
    assert (info.labels["device"], info.labels["site"], info.labels["model"]) == (HOSTILE, HOSTILE, HOSTILE)
    promtool("check", "metrics", text=text)


def test_every_metric_says_what_it_is(busy: NetworkService) -> None:
    text = metrics_text(busy, statuses={"acc1": ACC1}, collection=CollectionRuns(1, 0, 2.5, SEEN))
    assert [family.name for family in families(text).values() if not family.documentation] == []
    assert [name for name in families(text) if not name.startswith("cimnet")] == []


def test_prometheus_takes_it_without_a_complaint(busy: NetworkService) -> None:
    collection = CollectionRuns(1, 0, 2.5, SEEN)
    statuses = {"acc1": ACC1, "r1": NEVER_SEEN}
    assert promtool("check", "metrics", text=metrics_text(busy, statuses=statuses, collection=collection)) == ""
    assert promtool("check", "metrics", text=metrics_text(busy)) == ""


def test_prometheus_would_complain_of_what_is_no_metric() -> None:
    promtool("--version")
    done = subprocess.run(
        ["promtool", "check", "metrics"], input=b"cimnet_devices{ 1\n", capture_output=True, check=False
    )
    assert done.returncode != 0
