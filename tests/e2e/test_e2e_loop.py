"""The whole loop on the example campus: declared, planned, applied, verified, and read back by somebody else."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.e2e.conftest import Project


@pytest.mark.slow
def test_the_loop_from_an_empty_folder_ends_with_an_empty_plan(campus: "Project") -> None:
    planned = campus.ok("plan", "--detailed-exitcode", "--json").json
    assert len(planned["devices"]) == 8
    assert all(device["commands"] == [] for device in planned["devices"])
    assert "nothing to change, 8 in sync" in campus.ok("plan").out
    assert campus.ok("verify", "--json").json["in_sync"] is True


@pytest.mark.slow
def test_an_independent_session_reads_the_vlans_that_were_pushed(campus: "Project") -> None:
    with campus.session("acc1") as connection:
        running = connection.send_command("show running-config")
        brief = connection.send_command("show vlan brief")
    for number, name in ((10, "users"), (20, "voice"), (30, "printers"), (40, "guests"), (99, "management")):
        assert f"vlan {number}\n name {name}\n" in running
        assert any(line.split()[:3] == [str(number), name, "active"] for line in str(brief).splitlines())


@pytest.mark.slow
def test_the_port_of_a_server_runs_as_a_trunk_with_the_vlan_of_its_containers(campus: "Project") -> None:
    """The definition file says nothing of a trunk there: it follows from the container network on VLAN 100."""
    assert "GigabitEthernet1/0/21: {description: srv1}" in campus.network.read_text(encoding="utf-8")
    port = campus.show("acc4", "show running-config interface GigabitEthernet1/0/21")
    assert " switchport mode trunk\n" in port
    assert " switchport trunk allowed vlan 100\n" in port
    for switch, uplink in (("acc4", 23), ("acc4", 24), ("dist1", 4), ("dist2", 22)):
        shown = campus.show(switch, f"show running-config interface GigabitEthernet1/0/{uplink}")
        assert " switchport trunk allowed vlan 10,20,30,40,99,100\n" in shown
    assert campus.ok("declare", "inventory/network.yaml").out.startswith("0 events recorded")
    assert campus.ok("check").out == "nothing found\n"
    assert "srv1 is a host" in campus.ok("plan", "srv1", status=1).err


@pytest.mark.slow
def test_what_was_applied_is_saved(campus: "Project") -> None:
    assert "hostname r1\n" in campus.show("r1", "show startup-config")


@pytest.mark.slow
def test_a_second_apply_sends_nothing_and_records_nothing(campus: "Project") -> None:
    before = campus.events()[-1]["position"]
    assert "nothing to change" in campus.ok("apply", "--yes").out
    assert campus.events()[-1]["position"] == before


@pytest.mark.slow
def test_drift_is_shown_taken_back_and_told(campus: "Project") -> None:
    campus.type("acc2", ["interface GigabitEthernet1/0/7", "description borrowed by Bob"])
    found = campus.ok("drift", status=2)
    assert "-  description borrowed by Bob" in found.out
    assert "+  description desk" in found.out
    assert campus.ok("drift", "acc1").out == "no drift\n"
    campus.ok("verify", "acc2", status=2)
    campus.ok("apply", "--yes", "--limit", "acc2", "--reason", "drift taken back")
    assert campus.ok("drift").out == "no drift\n"
    assert [event["type"] for event in campus.events()][-1] == "DriftResolved"


@pytest.mark.slow
def test_blame_names_event_person_reason_and_deployment(campus: "Project") -> None:
    lines = campus.ok("blame", "acc1", "vlan 10", "--json").json["lines"]
    name = next(line for line in lines if line["path"] == ["vlan 10", "name users"])
    assert (name["type"], name["actor"], name["reason"]) == ("VlanCreated", "ann", "first rollout")
    deployments = {event["correlation_id"] for event in campus.events("DeploymentStarted")}
    assert name["deployment"] in deployments
    assert "VlanCreated" in campus.ok("blame", "acc1", "vlan 10").out


@pytest.mark.slow
@pytest.mark.parametrize(
    ("limit", "chosen"),
    [
        (["group:role__access"], ["acc1", "acc2", "acc3", "acc4"]),
        (["acc*", "!acc1"], ["acc2", "acc3", "acc4"]),
        (["!group:role__access,!r?"], ["dist1", "dist2"]),
        (["r1"], ["r1"]),
    ],
)
def test_limits_choose_hosts(campus: "Project", limit: list[str], chosen: list[str]) -> None:
    words = [word for item in limit for word in ("--limit", item)]
    assert [device["name"] for device in campus.ok("plan", "--json", *words).json["devices"]] == chosen


@pytest.mark.slow
def test_a_limit_that_fits_nothing_says_so(campus: "Project") -> None:
    assert "no host or group fits" in campus.ok("plan", "--limit", "nobody*", status=1).err


@pytest.mark.slow
def test_the_lab_says_what_is_up_and_is_not_started_twice(campus: "Project") -> None:
    told = campus.ok("lab", "status", "--json").json
    assert told["up"] is True
    assert len(told["devices"]) == 8
    assert "acc1" in campus.ok("lab", "status").out
    assert "up already" in campus.ok("lab", "up", status=1).err


@pytest.mark.slow
def test_the_real_script_plans_in_a_process_of_its_own(campus: "Project") -> None:
    with campus.start("plan", "acc1", "--detailed-exitcode") as process:
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (0, "lab: nothing to change, 1 in sync\n")
    assert err == "environment: lab, 1 device\n"


@pytest.mark.slow
def test_every_event_names_its_chain_and_a_cause_that_is_stored(campus: "Project") -> None:
    rows = campus.rows("SELECT event_id, correlation_id, causation_id FROM stored_events")
    events = {row[0] for row in rows}
    assert len(rows) > 250
    assert all(correlation in events and causation in events for _, correlation, causation in rows)
    assert campus.ok("store", "verify").status == 0


@pytest.mark.slow
def test_the_password_of_the_lab_is_nowhere_but_in_the_lab(campus: "Project", tmp_path: Path) -> None:
    from cimnet_nornir.bootstrap import LAB_PASSWORD

    word = LAB_PASSWORD.encode()
    campus.ok("plan", "-o", str(tmp_path / "change.plan"))
    state = campus.folder / ".cimnet"
    spec = state / "lab" / "spec.json"
    files = [path for path in (*state.rglob("*"), tmp_path / "change.plan") if path.is_file() and path != spec]
    assert {path.name for path in files} >= {"events.db", "lab.log", "change.plan", "known_hosts.lab"}
    assert [path for path in files if word in path.read_bytes()] == []
    assert spec.stat().st_mode & 0o077 == 0
    for command in (("plan",), ("history",), ("inventory",), ("lab", "status"), ("store", "info")):
        assert LAB_PASSWORD not in campus.ok(*command, "--json").out
