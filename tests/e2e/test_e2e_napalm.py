"""`cimnet apply --method napalm` against a lab: merge and replace, SCP and inline, and what it makes of failures."""

from typing import TYPE_CHECKING

import pytest

from cimnet_nornir.lab.thread import RunningLab

if TYPE_CHECKING:
    from tests.e2e.conftest import Project

ALL = ("r1", "sw1", "sw2")
NAPALM = ("apply", "--yes", "--json", "--method", "napalm")
FAILED = ("SwitchConfigurationFailed", "RouterConfigurationFailed")
WAYS = [
    pytest.param(("--mode", mode, "--transfer", transfer), id=f"{mode}-{transfer}")
    for mode in ("merge", "replace")
    for transfer in ("scp", "inline")
]


def outcomes(ran: object) -> dict[str, str]:
    return {name: item["outcome"] for name, item in ran.json["devices"].items()}  # type: ignore[attr-defined] # of Ran


def texts(lab: RunningLab) -> dict[str, tuple[str, str]]:
    """What each device runs, and what it would boot with."""
    return {name: (lab.running_config(name), lab.startup_config(name)) for name in ALL}


def copying(project: "Project") -> None:
    for name in ALL:
        project.type(name, ["ip scp server enable"])


def changed(project: "Project") -> None:
    """Intent for all three devices that is not on them yet."""
    project.edit("vlans: {10: users, 99: management}", "vlans: {10: users, 20: guests, 99: management}")
    project.edit("description: to sw1, address", "description: to the first switch, address")
    project.declare(reason="CHG-2 guests")


@pytest.fixture
def settled(small: "Project", guarded: RunningLab) -> RunningLab:
    """Devices with an archive and an SCP server, everything applied, and a change of intent that waits."""
    copying(small)
    small.ok("apply", "--yes")
    changed(small)
    return guarded


@pytest.mark.parametrize("way", WAYS)
def test_a_change_is_committed_confirmed_and_saved(small: "Project", settled: RunningLab, way: tuple[str, ...]) -> None:
    small.type("sw1", ["username guest privilege 1 secret Gu3st-word", "snmp-server location Cellar  2"])
    owned = [line for line in settled.running_config("sw1").splitlines() if line.startswith(("username", "snmp"))]
    ran = small.ok(*NAPALM, *way)
    assert outcomes(ran) == dict.fromkeys(ALL, "applied")
    assert all(item["confirmed"] and item["saved"] for item in ran.json["devices"].values())
    assert {event["data"]["method"] for event in small.events("PushStarted")[-3:]} == {"napalm"}
    for name in ALL:
        assert settled.startup_config(name) == settled.running_config(name)
        assert "file prompt quiet" not in settled.running_config(name)
        assert "No Rollback Confirmed Change pending" in small.show(name, "show archive config rollback timer")
    assert [line for line in settled.running_config("sw1").splitlines() if line in owned] == owned
    assert "nothing to change" in small.ok("plan").out
