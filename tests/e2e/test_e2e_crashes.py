"""Two at once, programs that are killed, and stores that fail: no device is left half told."""

import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cimnet_nornir.application.plan import read_plan
from cimnet_nornir.bootstrap import open_devices
from cimnet_nornir.lab.thread import RunningLab

if TYPE_CHECKING:
    from tests.e2e.conftest import Project

APPLY = ("apply", "--yes", "--json")


@contextmanager
def failing(project: "Project", condition: str) -> Iterator[None]:
    """A store that refuses events for which the condition holds: NEW.type, NEW.aggregate_id …"""
    with closing(sqlite3.connect(project.database)) as connection:
        connection.execute(
            f"CREATE TRIGGER failing BEFORE INSERT ON stored_events WHEN {condition}"
            " BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"
        )
    yield
    with closing(sqlite3.connect(project.database)) as connection:
        connection.execute("DROP TRIGGER failing")


def waiting(project: "Project") -> list[Path]:
    return sorted((project.folder / ".cimnet" / "spool").glob("*.json"))


def test_nothing_is_sent_to_a_device_whose_start_cannot_be_stored(small: "Project", lab: RunningLab) -> None:
    with failing(small, "NEW.type = 'PushStarted' AND NEW.aggregate_id LIKE '%/sw1'"):
        # One after the other: what is stored in one transaction fails together.
        ran = small.ok(*APPLY, "--workers", "1", status=3)
    assert {name: item["outcome"] for name, item in ran.json["devices"].items()} == {
        "r1": "applied",
        "sw1": "not recorded",
        "sw2": "applied",
    }
    assert "nothing was sent, since the start was not stored" in ran.json["devices"]["sw1"]["reason"]
    assert "vlan 10" not in lab.running_config("sw1")
    assert small.events("SwitchConfigurationFailed")[-1]["data"]["outcome"] == "not recorded"
    assert "nothing is in doubt" in small.ok("recover").out


def test_a_deployment_that_cannot_be_opened_sends_nothing(small: "Project", lab: RunningLab) -> None:
    with failing(small, "NEW.type = 'DeploymentStarted'"):
        assert "the disk is full" in small.ok(*APPLY, status=1).err
    assert "vlan 10" not in lab.running_config("sw1")


def test_results_that_cannot_be_stored_wait_for_recover(small: "Project", lab: RunningLab) -> None:
    with failing(small, "NEW.type LIKE '%ConfigurationApplied' OR NEW.type = 'DeploymentFinished'"):
        ran = small.ok(*APPLY)
        assert {item["outcome"] for item in ran.json["devices"].values()} == {"applied"}
        assert "the result waits in the spool: run cimnet recover" in ran.err
        assert len(waiting(small)) == 4
        assert "not stored" in small.ok("recover", status=1).out
    assert "4 results that waited stored" in small.ok("recover").out
    assert waiting(small) == []
    assert len(small.events("SwitchConfigurationApplied", "RouterConfigurationApplied")) == 3
    assert "nothing is in doubt" in small.ok("recover").out
    small.ok("store", "verify")


def test_what_was_done_is_told_although_the_store_fails_in_the_middle(small: "Project", lab: RunningLab) -> None:
    """Not even the lease can be given back: the push is told as it was, and recorded by recover."""
    with closing(sqlite3.connect(small.database)) as connection:
        connection.execute(
            "CREATE TRIGGER failing BEFORE UPDATE ON leases BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"
        )
    ran = small.ok(*APPLY)
    assert {item["outcome"] for item in ran.json["devices"].values()} == {"applied"}


def read(process: "subprocess.Popen[str]") -> tuple[int, str]:
    out, err = process.communicate(timeout=60)
    return process.returncode, out + err


@pytest.mark.slow
def test_two_at_once_push_each_device_once(small: "Project", lab: RunningLab) -> None:
    for device in ("sw1", "sw2"):
        lab.fault(device, "slow", milliseconds=15)
    with small.start("apply", "--yes") as one, small.start("apply", "--yes") as other:
        ended = [read(one), read(other)]
    applied = small.events("SwitchConfigurationApplied", "RouterConfigurationApplied")
    assert sorted(event["data"]["device"] for event in applied) == ["r1", "sw1", "sw2"]
    failed = small.events("SwitchConfigurationFailed", "RouterConfigurationFailed")
    assert {event["data"]["outcome"] for event in failed} <= {"busy", "stale"}
    # Either may be first at a device: who was refused one is told so, and nobody else is.
    refused = {event["correlation_id"] for event in failed}
    assert sorted(status for status, _ in ended) == [0] * (2 - len(refused)) + [3] * len(refused)
    for device in ("sw1", "sw2"):
        lab.fault(device, "clear")
        assert lab.running_config(device) == lab.startup_config(device)
    small.ok("plan", "--detailed-exitcode")
    small.ok("store", "verify")


def wait_for(project: "Project", query: str) -> None:
    for _ in range(3000):
        if project.rows(query):
            return
        time.sleep(0.02)
    pytest.fail(f"never came: {query}")


@pytest.mark.slow
def test_a_push_whose_program_was_killed_is_settled_by_recover(small: "Project", lab: RunningLab) -> None:
    lab.fault("sw1", "slow", milliseconds=400)
    with small.start("apply", "--yes", "--limit", "sw1") as process:
        wait_for(small, "SELECT 1 FROM stored_events WHERE type = 'PushStarted'")
        while "vlan 10" not in lab.running_config("sw1"):
            time.sleep(0.05)
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=60)
    lab.fault("sw1", "clear")
    assert small.ok("recover").out == "sw1: not applied (taken back; it was found partly applied)\n"
    assert small.events("RecoveryStarted")[-1]["data"]["action"] == "revert"
    assert small.events("PushSettled")[-1]["data"]["outcome"] == "not applied"
    assert "vlan 10" not in lab.running_config("sw1")
    assert "nothing is in doubt" in small.ok("recover").out
    assert lab.startup_config("sw1") == ""
    small.ok("apply", "--yes")
    small.ok("plan", "--detailed-exitcode")
    small.ok("store", "verify")


def test_a_push_that_is_under_way_is_not_settled_by_recover(small: "Project", lab: RunningLab) -> None:
    plan = small.folder / "change.plan"
    small.ok("plan", "-o", str(plan))
    with small.service() as service, service.deployment(read_plan(plan)) as deployment:
        device = deployment.plan.changes[0]
        with deployment.holding(device):
            deployment.push_started(device)
            said = small.ok("recover", status=5).out
    assert f"{device.name}: still in doubt: push:lab:small/{device.device} is held by ann on" in said


@pytest.mark.slow
def test_who_applies_again_after_a_kill_takes_the_device_over(small: "Project", lab: RunningLab) -> None:
    lab.fault("sw1", "slow", milliseconds=150)
    with small.start("apply", "--yes", "--limit", "sw1") as process:
        wait_for(small, "SELECT 1 FROM stored_events WHERE type = 'PushStarted'")
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=60)
    lab.fault("sw1", "clear")
    small.ok("apply", "--yes")
    assert small.ok("recover", "--json").json["devices"]["sw1"]["outcome"] == "applied"
    assert "nothing is in doubt" in small.ok("recover").out


def test_a_device_that_somebody_else_holds_is_busy(small: "Project", lab: RunningLab) -> None:
    with small.service() as service, service.store.lease("push:lab:small/sw1", "bob on his laptop", seconds=60):
        ran = small.ok(*APPLY, status=3)
    assert {name: item["outcome"] for name, item in ran.json["devices"].items()} == {
        "r1": "applied",
        "sw1": "busy",
        "sw2": "applied",
    }
    assert "nothing was sent: push:lab:small/sw1 is held by bob on his laptop" in ran.json["devices"]["sw1"]["reason"]
    assert "vlan 10" not in lab.running_config("sw1")


def test_a_device_that_cannot_be_held_is_left_alone(small: "Project", lab: RunningLab) -> None:
    with closing(sqlite3.connect(small.database)) as connection:
        connection.execute("CREATE TRIGGER failing BEFORE INSERT ON leases BEGIN SELECT RAISE(ABORT, 'full'); END")
    ran = small.ok(*APPLY, status=3)
    assert {item["outcome"] for item in ran.json["devices"].values()} == {"not recorded"}
    assert "vlan 10" not in lab.running_config("sw1")


def test_a_device_that_goes_away_after_the_plan_is_told(small: "Project", lab: RunningLab) -> None:
    small.ok("plan", "-o", str(small.folder / "change.plan"))
    lab.fault("sw1", "down")
    ran = small.ok("apply", str(small.folder / "change.plan"), "--yes", "--json", status=4)
    assert ran.json["devices"]["sw1"]["outcome"] == "unreachable"
    assert [event["data"]["device"] for event in small.events("SwitchConfigurationFailed")] == ["sw1"]


def test_a_device_that_was_pushed_to_meanwhile_is_read_again(small: "Project", lab: RunningLab) -> None:
    """Its plan was made a moment ago, and somebody else's push ended since: what he left is looked at first."""
    with small.service() as service, open_devices(small.settings, service) as devices:
        plan = service.plan(devices)
        small.ok("apply", "--yes")
        outcomes = service.apply(plan, devices, recheck=False).outcomes
    assert {outcome.outcome for outcome in outcomes.values()} == {"stale"}
    applied = small.events("SwitchConfigurationApplied", "RouterConfigurationApplied")
    assert len(applied) == 3
