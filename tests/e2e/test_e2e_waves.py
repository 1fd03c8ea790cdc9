"""`cimnet apply --canary --waves`: who goes first, what stops the others, and what is recorded of it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pytest

from cimnet_nornir.lab.thread import RunningLab

if TYPE_CHECKING:
    from tests.e2e.conftest import Project

pytestmark = pytest.mark.slow

APPLY = ("apply", "--yes", "--json")
WAVES = (*APPLY, "--canary", "sw1", "--waves", "50%,100%")
ALL = ("r1", "sw1", "sw2")


def texts(lab: RunningLab) -> dict[str, tuple[str, str]]:
    """What each device runs, and what it would boot with."""
    return {name: (lab.running_config(name), lab.startup_config(name)) for name in ALL}


def outcomes(ran: Any) -> dict[str, str]:
    return {name: item["outcome"] for name, item in ran.json["devices"].items()}


def waves(project: "Project", kind: str) -> list[Mapping[str, Any]]:
    return [event["data"] for event in project.events(kind)]


def test_a_canary_that_fails_stops_all_others(small: "Project", settled: RunningLab) -> None:
    before = texts(settled)
    settled.fault("sw1", "reject", pattern="^name guests")
    ran = small.ok(*WAVES, status=3)
    assert outcomes(ran) == {"r1": "not started", "sw1": "rejected", "sw2": "not started"}
    why = "nothing was sent: wave 1 of 3 stopped the rollout (1 of 1 failed)"
    assert {ran.json["devices"][name]["reason"] for name in ("r1", "sw2")} == {why}
    assert waves(small, "WaveStarted") == [{"number": 1, "of": 3, "devices": ["sw1"]}]
    stopped = {"number": 1, "of": 3, "failed": ["sw1"], "decision": "stop", "reason": "1 of 1 failed"}
    assert waves(small, "WaveDecided") == [stopped]
    assert [event["data"]["device"] for event in small.events("PushStarted")][3:] == ["sw1"]
    failed = small.events("SwitchConfigurationFailed", "RouterConfigurationFailed")
    assert {(event["data"]["device"], event["data"]["outcome"]) for event in failed} == set(outcomes(ran).items())
    assert texts(settled) == before
    told = small.ok("trace", ran.json["deployment"][:8]).out
    assert "wave 1 of 3 started: sw1" in told
    assert "wave 1 of 3: 1 of 1 failed: stop" in told
    assert "nothing is in doubt" in small.ok("recover").out
    assert small.ok("store", "leases", "--json").json["leases"] == []


def test_waves_follow_one_another_and_the_canary_goes_first(small: "Project", settled: RunningLab) -> None:
    assert outcomes(small.ok(*WAVES)) == dict.fromkeys(ALL, "applied")
    started, decided = small.events("WaveStarted"), small.events("WaveDecided")
    # What is farther from the router goes first.
    assert [event["data"]["devices"] for event in started] == [["sw1"], ["sw2"], ["r1"]]
    assert [(event["data"]["decision"], event["data"]["failed"]) for event in decided] == [("continue", [])] * 3
    pushed = small.events("PushStarted")[3:]
    applied = small.events("SwitchConfigurationApplied", "RouterConfigurationApplied")[3:]
    assert [event["data"]["device"] for event in pushed] == ["sw1", "sw2", "r1"]
    # Each wave is over, its devices confirmed and saved, before the next begins.
    order = [event["position"] for four in zip(started, pushed, applied, decided, strict=True) for event in four]
    assert order == sorted(order)
    assert all("vlan 20" in startup for name, (_, startup) in texts(settled).items() if name != "r1")


def test_failures_that_are_allowed_stop_nothing(small: "Project", settled: RunningLab) -> None:
    settled.fault("sw1", "lock")
    ran = small.ok(*WAVES, "--max-failures", "1", status=3)
    assert outcomes(ran) == {"r1": "applied", "sw1": "busy", "sw2": "applied"}
    reasons = [event["reason"] for event in waves(small, "WaveDecided")]
    assert reasons[0] == "1 of 1 failed, at most 1 may"
    assert {event["decision"] for event in waves(small, "WaveDecided")} == {"continue"}


def test_a_wave_that_fails_takes_a_transaction_back_where_it_came(small: "Project", settled: RunningLab) -> None:
    before = texts(settled)
    settled.fault("sw2", "ignore", pattern="^name guests")
    ran = small.ok(*WAVES, "--transaction", status=3)
    assert outcomes(ran) == {"r1": "not started", "sw1": "taken back", "sw2": "differs"}
    assert [event["decision"] for event in waves(small, "WaveDecided")] == ["continue", "stop"]
    decided = small.events("TransactionDecided")[-1]["data"]
    assert (decided["decision"], decided["devices"]) == ("take back", ["sw1"])
    assert texts(settled) == before


def test_a_canary_that_nothing_is_sent_to_is_refused(small: "Project", settled: RunningLab) -> None:
    assert "there is no device 'sw9'" in small.ok(*APPLY, "--canary", "sw9", status=1).err
    small.ok(*APPLY, "--limit", "sw1")
    ran = small.ok(*APPLY, "--canary", "sw1", status=1)
    assert "--canary sw1: nothing is to be sent to sw1; the change is for r1, sw2" in ran.err
    assert len(small.events("DeploymentStarted")) == 2
