"""Drift and doubt: what devices run, compared with what was applied to them."""

from collections.abc import Callable, Mapping

import pytest

from cimnet_nornir.application.drift import find_drift
from cimnet_nornir.application.outcomes import PushOutcome
from cimnet_nornir.application.ports import ReadResult
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain import events as e
from cimnet_nornir.domain.envelope import StoredEvent
from cimnet_nornir.errors import DeviceUnreachable
from cimnet_nornir.projections.applied import load_applied

ServiceMaker = Callable[..., NetworkService]
DESK = " description desk\n"
BORROWED = " description borrowed\n"
EMPTY = "hostname sw1\n"


def intended(service: NetworkService, device: str = "sw1") -> str:
    """What a device runs that has what is intended now, with lines that change by themselves."""
    (text,) = service.render([device]).values()
    return f"Building configuration...\n\nCurrent configuration : {len(text)} bytes\n{text}"


def deploy(service: NetworkService, readings: Mapping[str, ReadResult], outcome: str = "applied") -> None:
    """A deployment of what differs, that ends so on each device ("" for one of which nothing is heard)."""
    plan = service.plan_from(readings)
    with service.deployment(plan) as deployment:
        for device in plan.changes:
            deployment.push_started(device)
            if outcome:
                running = intended(service, device.device)
                deployment.record(PushOutcome(device, outcome, 0.1, "as the test says", running=running))


def events(service: NetworkService, *types: str) -> list[StoredEvent]:
    return list(service.store.read_all(types=types))


@pytest.fixture
def applied(small: NetworkService) -> NetworkService:
    """The small network, applied to sw1."""
    deploy(small, {"sw1": EMPTY})
    return small


def test_there_is_no_drift_where_nothing_was_changed(applied: NetworkService) -> None:
    report = find_drift(applied, {"sw1": intended(applied)})
    assert (report.drifted, report.recorded) == ((), ())


def test_drift_is_recorded_once_and_its_end_too(applied: NetworkService) -> None:
    by_hand = intended(applied).replace(DESK, BORROWED)
    first = find_drift(applied, {"sw1": by_hand})
    assert [(device.plan.name, device.drifted, device.pending) for device in first.drifted] == [("sw1", 1, 0)]
    (recorded,) = first.recorded
    assert isinstance(recorded.event, e.DriftDetected)
    assert any("desk" in line for line in recorded.event.diff)
    assert "borrowed" in applied.store.get_blob(recorded.event.snapshot).decode()

    again = find_drift(applied, {"sw1": by_hand})
    assert len(again.drifted) == 1
    assert again.recorded == ()

    (worse,) = find_drift(applied, {"sw1": by_hand + "!\n".join(["", "vlan 10\n name others\n"])}).recorded
    assert worse.version == 2

    (resolved,) = find_drift(applied, {"sw1": intended(applied)}).recorded
    assert isinstance(resolved.event, e.DriftResolved)
    assert find_drift(applied, {"sw1": intended(applied)}).recorded == ()
    assert [event.version for event in events(applied, "DriftDetected", "DriftResolved")] == [1, 2, 3]
    assert applied.store.verify().ok


def test_drift_of_a_device_is_not_taken_for_that_of_another_with_a_longer_name(applied: NetworkService) -> None:
    """sw1 and sw10: the stream of the one is the beginning of the other's."""
    details = applied.network().devices["r1"].details
    ports = ("GigabitEthernet0/1",)
    applied.execute(c.AddRouter(device="sw10", name="sw10", details=details, ports=ports))
    deploy(applied, {"sw10": "hostname other\n"})
    drift = {"sw1": intended(applied).replace(DESK, BORROWED), "sw10": "hostname changed\n"}
    assert len(find_drift(applied, {"sw1": drift["sw1"]}).recorded) == 1
    assert len(find_drift(applied, {"sw10": drift["sw10"]}).recorded) == 1
    assert find_drift(applied, drift).recorded == ()


def test_intent_that_waits_is_no_drift(applied: NetworkService) -> None:
    running = intended(applied)
    applied.execute(c.CreateVlan(device="sw1", vlan=20))
    report = find_drift(applied, {"sw1": running})
    assert [(device.drifted, device.pending) for device in report.devices] == [(0, 1)]
    assert report.recorded == ()


def test_drift_and_intent_that_waits_are_told_apart(applied: NetworkService) -> None:
    by_hand = intended(applied).replace(DESK, BORROWED)
    applied.execute(c.CreateVlan(device="sw1", vlan=20))
    (device,) = find_drift(applied, {"sw1": by_hand}).devices
    assert (device.drifted, device.pending) == (1, 1)


def test_a_device_that_nothing_was_applied_to_has_not_drifted(small: NetworkService) -> None:
    report = find_drift(small, {"sw1": EMPTY})
    assert report.drifted == ()
    assert report.devices[0].plan.changed


def test_drift_is_told_per_environment(applied: NetworkService, service_of: ServiceMaker) -> None:
    real = service_of(applied.store, environment="real")
    by_hand = intended(applied).replace(DESK, BORROWED)
    assert find_drift(real, {"sw1": by_hand}).drifted == ()
    assert len(find_drift(applied, {"sw1": by_hand}).drifted) == 1


def test_a_device_that_cannot_be_read_neither_drifts_nor_recovers(applied: NetworkService) -> None:
    find_drift(applied, {"sw1": intended(applied).replace(DESK, BORROWED)})
    report = find_drift(applied, {"sw1": DeviceUnreachable("sw1: timed out", subject="sw1")})
    assert report.recorded == ()
    assert [unread.outcome for unread in report.plan.unread] == ["unreachable"]


@pytest.mark.parametrize("outcome", ["applied", "not saved"])
def test_what_a_device_runs_counts_as_applied_saved_or_not(small: NetworkService, outcome: str) -> None:
    head = small.intent().position
    deploy(small, {"sw1": EMPTY}, outcome)
    assert load_applied(small.store, "net", "lab")["sw1"].intent == head


@pytest.mark.parametrize("outcome", ["rejected", "unreachable", "differs", "in doubt", ""])
def test_what_failed_does_not_count_as_applied(small: NetworkService, outcome: str) -> None:
    deploy(small, {"sw1": EMPTY}, outcome)
    assert load_applied(small.store, "net", "lab") == {}
