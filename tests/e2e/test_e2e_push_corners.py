"""Corners of a push: timers that must not stay, exceptions that nobody foresaw, interruptions, and leases that are lost."""

import time
from typing import TYPE_CHECKING, Any

import paramiko
import pytest

from cimnet_nornir.lab.thread import RunningLab

if TYPE_CHECKING:
    from tests.e2e.conftest import Project

APPLY = ("apply", "--yes", "--json")
ALL = ("r1", "sw1", "sw2")
NO_TIMER = "No Rollback Confirmed Change pending"


def told(ran: Any) -> dict[str, str]:
    """What became of each device."""
    return {name: item["outcome"] for name, item in ran.json["devices"].items()}


def test_a_reload_is_called_off_where_nothing_could_be_sent_after_it_was_scheduled(
    small: "Project", lab: RunningLab
) -> None:
    lab.fault("sw1", "reject", pattern="^configure terminal")
    ran = small.ok(*APPLY, "--limit", "sw1", "--fallback", "reload", status=3)
    assert told(ran) == {"sw1": "not armed"}
    assert "No reload is scheduled" in small.show("sw1", "show reload")


def test_a_reload_that_cannot_be_called_off_leaves_the_push_in_doubt(small: "Project", lab: RunningLab) -> None:
    lab.fault("sw1", "reject", pattern="^configure terminal|^reload cancel")
    ran = small.ok(*APPLY, "--limit", "sw1", "--fallback", "reload", status=5)
    assert told(ran) == {"sw1": "in doubt"}
    assert "sw1 reloads within 5 min" in ran.json["devices"]["sw1"]["reason"]


def test_a_device_that_refuses_to_revert_is_taken_back_by_lines_and_its_timer_stopped(
    small: "Project", guarded: RunningLab
) -> None:
    before = guarded.running_config("sw1")
    guarded.fault("sw1", "reject", pattern="^name users|^configure revert")
    ran = small.ok(*APPLY, "--limit", "sw1", status=3)
    assert (told(ran), ran.json["devices"]["sw1"]["reverted"]) == ({"sw1": "rejected"}, "lines")
    assert guarded.running_config("sw1") == before
    assert NO_TIMER in small.show("sw1", "show archive config rollback timer")


def no_thread(self: paramiko.Transport, *_: Any, **__: Any) -> None:
    raise RuntimeError("can't start new thread")


def wait_for_pushes(project: "Project", count: int) -> None:
    for _ in range(600):
        if project.rows("SELECT COUNT(*) FROM stored_events WHERE type = 'PushStarted'") >= [(count,)]:
            return
        time.sleep(0.02)
    pytest.fail("no push was started")
