"""Plans and pushes that validation refuses, on simulated devices."""

from typing import TYPE_CHECKING

from cimnet_nornir.lab.thread import RunningLab

if TYPE_CHECKING:
    from tests.e2e.conftest import Project


def test_what_adds_errors_is_neither_planned_nor_pushed(small: "Project", lab: RunningLab) -> None:
    small.ok("apply", "--yes")
    small.edit('native: 99, allowed: "10,99", description: to sw1', 'native: 10, allowed: "10,99", description: to sw1')
    assert "[native-vlan-mismatch]" in small.ok("declare", str(small.network), status=1).err
    small.ok("declare", str(small.network), "--accept-errors")
    before = lab.running_config("sw2")
    for command in (("plan",), ("apply", "--yes"), ("plan", "--limit", "sw1")):
        ran = small.ok(*command, status=1)
        assert "cimnet: error: sw1 GigabitEthernet1/0/4: the native VLAN is 99, and 10 on sw2" in ran.err
        assert "the change adds an error; mend what is named, waive it" in ran.err
    # The router has nothing to do with it.
    small.ok("plan", "--limit", "r1")
    assert lab.running_config("sw2") == before


def test_accepted_errors_are_pushed_and_recorded_and_stop_nothing_later(small: "Project", lab: RunningLab) -> None:
    small.ok("apply", "--yes")
    small.edit('native: 99, allowed: "10,99", description: to sw1', 'native: 10, allowed: "10,99", description: to sw1')
    small.ok("declare", str(small.network), "--accept-errors")
    planned = small.ok("plan", "--accept-errors", "-o", str(small.folder / "a.plan"))
    assert "error: sw1 GigabitEthernet1/0/4: the native VLAN is 99" in planned.err
    small.ok("apply", str(small.folder / "a.plan"), "--yes", status=1)
    small.ok("apply", str(small.folder / "a.plan"), "--yes", "--accept-errors")
    assert "switchport trunk native vlan 10" in lab.running_config("sw2")
    requests = [event["data"] for event in small.events("ChangeRequested") if event["data"]["command"] == "apply"]
    assert [request["arguments"].get("accept_errors", False) for request in requests] == [False, True]
    small.edit("description: desk", "description: seat")
    small.declare()
    small.ok("apply", "--yes")


def test_a_waiver_lets_a_plan_through(small: "Project", lab: RunningLab) -> None:
    small.ok("apply", "--yes")
    small.edit('native: 99, allowed: "10,99", description: to sw1', 'native: 10, allowed: "10,99", description: to sw1')
    grant = ("waiver", "grant", "native-vlan-mismatch", "--until", "2099-01-01", "--reason", "sw1 follows tomorrow")
    small.ok(*grant)
    small.declare()
    small.ok("plan", "--detailed-exitcode", status=2)
