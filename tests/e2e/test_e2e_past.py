"""The past on simulated devices: what a change did, and the way back of intent and of what runs."""

from typing import TYPE_CHECKING

import pytest

from cimnet_nornir.lab.thread import RunningLab

if TYPE_CHECKING:
    from tests.e2e.conftest import Project


def changed(project: "Project") -> str:
    """VLAN 10 becomes 30 on sw1's desk, declared and applied; returns the moment before."""
    before = str(project.events()[-1]["position"])
    project.edit("vlans: {10: users, 99: management}", "vlans: {10: users, 30: guests, 99: management}")
    project.edit("{mode: access, vlan: 10, description: desk}", "{mode: access, vlan: 30, description: guest desk}")
    project.ok("declare", str(project.network), "--reason", "CHG-2")
    project.ok("apply", "--yes")
    return before


@pytest.mark.slow
def test_a_rollback_of_intent_gives_the_remediation_back(small: "Project", lab: RunningLab) -> None:
    small.ok("apply", "--yes")
    before = changed(small)
    then, now = (small.ok("inventory", "--json", *at).json["hosts"] for at in (("--at", before), ()))
    assert then["sw1"]["data"]["vlans"] == "10,99"
    assert now["sw1"]["data"]["vlans"] == "10,30,99"
    shown = small.ok("diff", before, "--of", "configuration", "--limit", "sw1").out.splitlines()
    assert "  + description guest desk" in shown
    assert "  - switchport access vlan 10" in shown
    assert "nothing to change" in small.ok("plan").out
    towards = small.ok("plan", "sw1", "--at", before).out

    small.ok("rollback", "--to", before, "--reason", "CHG-2 withdrawn")
    assert small.ok("diff", before).out == "no difference\n"
    planned = small.ok("plan", "--limit", "sw1", "--detailed-exitcode", status=2)
    assert "+  description desk" in planned.out
    assert "no vlan 30" in small.ok("plan", "--limit", "sw1", "--commands").out
    assert planned.out.splitlines()[1:] == towards.splitlines()[1:]

    small.ok("apply", "--yes")
    assert "guest" not in lab.running_config("sw1")
    assert "nothing to change" in small.ok("plan").out


@pytest.mark.slow
def test_a_rollback_takes_the_devices_along(small: "Project", lab: RunningLab) -> None:
    small.ok("apply", "--yes")
    was = small.ok("render", "sw1").out
    before = changed(small)
    assert "vlan 30" in lab.running_config("sw1")
    ran = small.ok("rollback", "--to", before, "--apply", "--yes", "--reason", "CHG-2 withdrawn")
    assert "undone: 4 events" in ran.out
    assert "2 of 2 devices done" in ran.out
    assert "stays as it is:" in ran.err
    assert "vlan 30" not in lab.running_config("sw1")
    assert small.ok("render", "sw1").out == was
    assert small.ok("verify").status == 0
    lines = small.ok("blame", "sw1", "desk", "--json").json["lines"]
    description = next(line for line in lines if line["path"][-1] == "description desk")
    assert description["reason"] == "CHG-2 withdrawn"
    assert description["first"] is not None
    assert description["deployment"] is not None


def test_one_change_is_undone_on_the_devices_too(small: "Project", lab: RunningLab) -> None:
    small.ok("apply", "--yes")
    changed(small)
    configured = small.events("PortConfigured")[-1]
    small.ok("undo", str(configured["position"]), "--reason", "wrong desk")
    small.ok("apply", "--yes")
    device = configured["aggregate_id"].rpartition("/")[2]
    assert "description desk" in lab.running_config(device)
    assert "vlan 30" in lab.running_config(device)
