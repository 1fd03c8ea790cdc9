"""Devices that fail as real ones do, and what a push makes of each: nothing is invented, nothing is saved too early."""

import time
from typing import TYPE_CHECKING

import pytest

from cimnet_nornir.lab.thread import RunningLab

if TYPE_CHECKING:
    from tests.e2e.conftest import Project

FAILED = "SwitchConfigurationFailed"


def outcomes(project: "Project", *, status: int) -> dict[str, str]:
    """Apply everything, which must end with the status; what became of each device that a deployment touched."""
    ran = project.ok("apply", "--yes", "--json", status=status)
    return {name: item["outcome"] for name, item in ran.json["devices"].items()}


def test_a_refused_line_stops_the_push_and_the_partial_state_is_kept(small: "Project", lab: RunningLab) -> None:
    lab.fault("sw1", "reject", pattern="^switchport mode trunk")
    assert outcomes(small, status=3) == {"r1": "applied", "sw1": "rejected", "sw2": "applied"}
    failed = small.events(FAILED)[-1]["data"]
    assert failed["line"] == "switchport mode trunk"
    assert "Invalid input detected" in failed["answer"]
    assert "vlan 10" in failed["sent"]
    assert "switchport mode trunk" in failed["remaining"]
    with small.service() as service:
        kept = service.store.get_blob(failed["snapshot"]).decode()
    assert "name users" in kept
    assert "switchport mode trunk" not in kept
    assert lab.startup_config("sw1") == ""
    lab.fault("sw1", "clear")
    assert outcomes(small, status=0) == {"sw1": "applied"}
    assert "switchport mode trunk" in lab.startup_config("sw1")


def test_a_device_that_ignores_a_line_is_found_out_and_not_saved(small: "Project", lab: RunningLab) -> None:
    lab.fault("sw1", "ignore", pattern="description desk")
    ran = small.ok("apply", "--yes", "--limit", "sw1", status=3)
    assert "took the lines, but does not run what is intended" in ran.out
    assert small.events(FAILED)[-1]["data"]["remaining"] == ["interface GigabitEthernet1/0/1", "description desk"]
    assert lab.startup_config("sw1") == ""


def test_a_dropped_session_is_taken_up_again_and_the_device_read(small: "Project", lab: RunningLab) -> None:
    lab.fault("sw1", "drop", lines=4)
    assert outcomes(small, status=3) == {"r1": "applied", "sw1": "differs", "sw2": "applied"}
    assert "broke after 3 lines" in small.events(FAILED)[-1]["data"]["reason"]
    assert "nothing is in doubt" in small.ok("recover").out
    assert outcomes(small, status=0) == {"sw1": "applied"}


@pytest.mark.slow
def test_a_device_that_stays_away_leaves_the_push_in_doubt_until_recover_reads_it(
    small: "Project", lab: RunningLab, tighter: None
) -> None:
    lab.fault("sw1", "hang", lines=3)
    began = time.monotonic()
    assert outcomes(small, status=5) == {"r1": "applied", "sw1": "in doubt", "sw2": "applied"}
    assert time.monotonic() - began < 20
    lab.fault("sw1", "down")
    assert "still in doubt" in small.ok("recover", status=5).out
    lab.fault("sw1", "clear")
    lab.fault("sw1", "up")
    looked = small.ok("recover", "--check", status=5)
    assert looked.out == "sw1: partly applied\n"
    assert small.events("PushSettled") == []
    recovered = small.ok("recover", "--json").json["devices"]["sw1"]
    assert (recovered["found"], recovered["action"]) == ("partly applied", "revert")
    assert recovered["outcome"] == "not applied"
    started = {event["event_id"]: event for event in small.events("PushStarted")}
    assert started[small.events("PushSettled")[-1]["causation_id"]]["data"]["device"] == "sw1"
    assert "nothing is in doubt" in small.ok("recover").out
    assert outcomes(small, status=0) == {"sw1": "applied"}


@pytest.fixture
def tighter(small: "Project") -> None:
    """Little patience with devices that are silent."""
    config = small.folder / "inventory" / "config.yaml"
    text = config.read_text(encoding="utf-8").replace("connect: 5", "connect: 1.5").replace("line: 2", "line: 1")
    config.write_text(text, encoding="utf-8")


def test_a_slow_device_is_waited_for(small: "Project", lab: RunningLab) -> None:
    lab.fault("sw1", "slow", milliseconds=40)
    assert outcomes(small, status=0)["sw1"] == "applied"


def test_a_device_that_does_not_save_is_told(small: "Project", lab: RunningLab) -> None:
    lab.fault("sw1", "reject", pattern="^write mem")
    ran = small.ok("apply", "--yes", "--limit", "sw1", status=3)
    assert "not saved" in ran.out
    assert "did not save its configuration" in ran.out
    assert "name users" in lab.running_config("sw1")
    assert "sw1 did not save its configuration" in small.ok("recover", status=5).out
    assert lab.startup_config("sw1") == ""
    lab.fault("sw1", "clear")
    assert small.ok("recover").out == "sw1: applied (confirmed and saved; it was found applied)\n"
    assert "name users" in lab.startup_config("sw1")
    assert "nothing is in doubt" in small.ok("recover").out


def test_a_push_after_one_that_was_not_saved_saves_for_it(small: "Project", lab: RunningLab) -> None:
    lab.fault("sw1", "reject", pattern="^write mem")
    small.ok("apply", "--yes", status=3)
    lab.fault("sw1", "clear")
    small.type("sw1", ["no vlan 10"])
    small.ok("apply", "--yes")
    assert "nothing is in doubt" in small.ok("recover").out
