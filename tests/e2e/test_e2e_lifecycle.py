"""Devices' lives as people meet them: in a table, in the inventory, and in what plan, apply and verify pass by."""

from typing import TYPE_CHECKING, Any

import pytest
from nornir.core.filter import F

from cimnet_nornir.bootstrap import open_nornir
from cimnet_nornir.lab.thread import RunningLab

if TYPE_CHECKING:
    from tests.e2e.conftest import Project

ALL = ("r1", "sw1", "sw2")


def lives(project: "Project", *arguments: str) -> dict[str, Any]:
    found: dict[str, Any] = project.ok("lifecycle", *arguments, "--json").json["devices"]
    return found


def states(project: "Project", *arguments: str) -> dict[str, str]:
    return {name: item["state"] for name, item in lives(project, *arguments).items()}


def test_applying_takes_devices_into_service(small: "Project", lab: RunningLab) -> None:
    declared = str(small.events()[-1]["position"])
    assert states(small) == dict.fromkeys(ALL, "planned")
    small.ok("plan")
    assert states(small) == dict.fromkeys(ALL, "planned")
    small.ok("apply", "--yes", "--reason", "CHG-2")
    assert states(small) == dict.fromkeys(ALL, "active")
    assert states(small, "--at", declared) == dict.fromkeys(ALL, "planned")
    assert {item["reason"] for item in lives(small).values()} == {"CHG-2"}
    with small.service() as service:
        nornir = open_nornir(small.settings, service)
        assert set(nornir.filter(F(groups__contains="lifecycle__active")).inventory.hosts) == set(ALL)
        assert set(nornir.filter(lifecycle="planned").inventory.hosts) == set()
    assert small.ok("store", "verify").status == 0


def test_a_device_that_refuses_a_line_failed_until_it_takes_it(small: "Project", lab: RunningLab) -> None:
    lab.fault("sw1", "reject", pattern="^switchport mode trunk")
    small.ok("apply", "--yes", status=3)
    assert states(small) == {"r1": "active", "sw1": "failed", "sw2": "active"}
    failed = lives(small, "sw1")["sw1"]
    assert failed["outcome"] == "rejected"
    assert "switchport mode trunk" in failed["failure"]
    assert "rejected: " in small.ok("lifecycle", "--limit", "group:lifecycle__failed").out
    lab.fault("sw1", "clear")
    small.ok("apply", "--yes")
    assert lives(small, "sw1")["sw1"]["state"] == "active"
    assert lives(small, "sw1")["sw1"]["failure"] is None


def test_a_device_that_could_not_be_reached_is_what_it_was(small: "Project", lab: RunningLab) -> None:
    lab.fault("sw1", "down")
    small.ok("apply", "--yes", status=4)
    assert states(small) == {"r1": "active", "sw1": "planned", "sw2": "active"}


def test_a_failed_device_that_is_mended_by_hand_is_active_after_the_next_apply(
    small: "Project", lab: RunningLab
) -> None:
    lab.fault("sw1", "ignore", pattern="description desk")
    small.ok("apply", "--yes", "--on-failure", "keep", status=3)
    lab.fault("sw1", "clear")
    small.type("sw1", ["interface GigabitEthernet1/0/1", "description desk"])
    ran = small.ok("apply", "--yes")
    assert "nothing to change" in ran.out
    assert lives(small, "sw1")["sw1"]["state"] == "active"
    assert [event["data"]["device"] for event in small.events("SwitchCommissioned")] == ["sw1"]


def test_a_device_in_maintenance_is_passed_by_unless_it_is_named(small: "Project", lab: RunningLab) -> None:
    small.ok("apply", "--yes")
    small.ok("lifecycle", "maintenance", "sw1", "--until", "4h", "--reason", "CHG-3")
    small.edit("description: desk", "description: door")
    small.declare()
    planned = small.ok("plan", "--json")
    assert [item["name"] for item in planned.json["devices"]] == ["r1", "sw2"]
    assert planned.err.count("left out: sw1 (maintenance, until ") == 1
    assert "--limit sw1" in planned.err
    assert "left out: sw1" in small.ok("verify", status=2).err
    assert "left out: sw1" in small.ok("drift").err
    small.ok("apply", "--yes")
    assert len(small.ok("plan", "--limit", "sw1", "--json").json["devices"][0]["commands"]) == 2
    assert "left out" in small.run("plan", "--limit", "sw*").err
    small.ok("apply", "--yes", "--limit", "sw1")
    assert states(small) == {"r1": "active", "sw1": "maintenance", "sw2": "active"}
    small.ok("lifecycle", "end-maintenance", "sw1")
    assert "left out" not in small.ok("verify").err
    assert states(small)["sw1"] == "active"


def test_all_devices_may_be_left_out(small: "Project", lab: RunningLab) -> None:
    small.ok("lifecycle", "commission", *ALL)
    small.ok("lifecycle", "maintenance", *ALL, "--until", "1h")
    ran = small.ok("plan", "--detailed-exitcode")
    assert ran.out == "lab: no device to look at\n"
    assert small.ok("apply", "--yes").out == ran.out
    small.ok("verify")
    small.ok("drift")


def test_a_decommissioned_device_is_refused_and_not_complained_of(small: "Project", lab: RunningLab) -> None:
    small.ok("apply", "--yes")
    small.ok("plan", "-o", str(small.folder / "old.plan"))
    for step in ("decommission", "decommissioned"):
        small.ok("lifecycle", step, "sw2", "--reason", "CHG-4")
    lab.fault("sw2", "down")
    assert "left out: sw2 (decommissioned)" in small.ok("verify").err
    small.ok("drift")
    refused = small.ok("apply", "--yes", "--limit", "sw2", status=1)
    assert refused.err.count("\n") == 1
    assert "sw2 is decommissioned in lab" in refused.err
    assert "cimnet lifecycle provision sw2" in refused.err
    small.ok("lifecycle", "provision", "sw2")
    small.ok("plan", "--limit", "sw2", status=4)


def test_a_saved_plan_does_not_reach_into_a_maintenance(small: "Project", lab: RunningLab) -> None:
    small.ok("lifecycle", "commission", "sw1")
    plan = str(small.folder / "old.plan")
    small.ok("plan", "-o", plan, "--limit", "sw1")
    small.ok("lifecycle", "maintenance", "sw1", "--until", "1h")
    ran = small.ok("apply", plan, "--yes", status=3)
    assert "went into maintenance after the plan was made" in ran.out
    assert lab.startup_config("sw1") == ""
    small.ok("plan", "-o", plan, "--limit", "sw1")
    small.ok("apply", plan, "--yes")


def test_what_cannot_follow_is_refused_in_one_line(small: "Project") -> None:
    ran = small.ok("lifecycle", "end-maintenance", "sw1", status=1)
    assert ran.err == (
        "cimnet: error: sw1 is planned in lab: 'maintenance ended' cannot follow from there,"
        " only provisioning started, commissioned, push started\n"
    )
    assert "write a time like" in small.ok("lifecycle", "maintenance", "sw1", "--until", "soon", status=1).err
    assert "name the hosts" in small.ok("lifecycle", "commission", status=1).err
    small.ok("lifecycle", "commission", "sw1")
    late = small.ok("lifecycle", "maintenance", "sw1", "--until", "2020-01-01", status=1)
    assert late.err == "cimnet: error: a maintenance ends later than now, not at 2020-01-01 00:00\n"


def test_each_environment_tells_its_own_lives(small: "Project") -> None:
    small.ok("lifecycle", "commission", "r1", "--env", "real")
    assert (states(small, "--env", "real")["r1"], states(small)["r1"]) == ("active", "planned")


@pytest.mark.parametrize("arguments", [(), ("show",)])
def test_the_table_shows_unless_something_is_announced(small: "Project", arguments: tuple[str, ...]) -> None:
    lines = small.ok("lifecycle", *arguments, "sw1").out.splitlines()
    assert lines[0].split() == ["HOST", "STATE", "SINCE", "BY", "WHY"]
    assert lines[1].split()[:2] == ["sw1", "planned"]
    assert lines[1].endswith("CHG-1")
    assert len(lines) == 2


def test_the_diagram_needs_no_project(small: "Project") -> None:
    assert small.ok("lifecycle", "--mermaid").out.startswith("stateDiagram-v2\n")
    assert "maintenance" in small.ok("lifecycle", "--help").out
    assert "--until" in small.ok("lifecycle", "maintenance", "--help").out


def test_a_network_that_is_not_declared_has_no_lives(empty: "Project") -> None:
    ran = empty.ok("lifecycle")
    assert ran.out == ""
    assert "nothing was declared yet" in ran.err
