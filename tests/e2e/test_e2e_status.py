"""Devices of a lab are asked how they are: what comes and goes is told, whoever asks, and however it ends."""

import json
import re
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from cimnet_nornir.lab.state import STATE_FILE
from cimnet_nornir.lab.thread import RunningLab

if TYPE_CHECKING:
    from tests.e2e.conftest import Project

STATUS = ("RouterStatusChanged", "SwitchStatusChanged")
PORTS = "PortStatisticsRecorded"
KILLING = Path(__file__).with_name("killing.py")
UPLINK = "GigabitEthernet1/0/4"


@pytest.fixture
def known(small: "Project", lab: RunningLab) -> RunningLab:
    """All three devices were asked once."""
    small.ok("status", "--collect")
    return lab


def devices(project: "Project", *options: str) -> dict[str, dict[str, Any]]:
    """What is known of each device now."""
    found: dict[str, dict[str, Any]] = project.ok("status", "--json", *options).json["devices"]
    return found


def changes(project: "Project") -> list[tuple[str, str, str]]:
    """The last reading's changes of ports: device, port and new condition."""
    event = project.events(PORTS)[-1]
    return [(event["data"]["device"], change["port"], change["new"]) for change in event["data"]["changed"]]


def count(project: "Project") -> int:
    return len(project.events(*STATUS, PORTS))


def test_before_anybody_asked_nothing_is_known_and_then_all_is(small: "Project", lab: RunningLab) -> None:
    ran = small.ok("status")
    assert ran.out.count("unknown") == 3
    assert "nothing was observed yet; ask the devices: cimnet status --collect" in ran.err
    ran = small.ok("status", "--collect")
    assert ran.out.count("ok") == 3
    assert "6 changes recorded" in ran.err
    sw1 = devices(small)["sw1"]
    assert (sw1["health"], sw1["reachability"], sw1["pending"]) == ("ok", "up", True)
    assert sw1["ports_up"] == 1
    assert sw1["facts"]["hostname"] == "sw1"
    assert sw1["facts"]["uptime"] is not None
    assert 0 < sw1["facts"]["memory_used"] < sw1["facts"]["memory_total"]
    assert sorted(event["data"]["device"] for event in small.events(*STATUS)) == ["r1", "sw1", "sw2"]
    small.ok("store", "verify")


def test_one_devices_page_has_its_ports_with_cables_and_rates(small: "Project", known: RunningLab) -> None:
    known.advance(None, 60)
    small.ok("status", "--collect")
    shown = small.ok("status", "sw1").out
    (line,) = (line for line in shown.splitlines() if line.startswith("Gi1/0/4"))
    assert "up" in line
    assert "trunk 10,99, native 99" in line
    assert re.search(r" \d[\d.]*[kMG]  ", line)
    assert line.endswith("  sw2 Gi1/0/4")
    assert "ERRORS" not in shown
    assert "IN and OUT: bit/s" in shown
    assert max(map(len, shown.splitlines())) <= 80
    page = small.ok("status", "sw1", "--json").json
    assert page["format"] == "cimnet.status-device/1"
    (uplink,) = (port for port in page["ports"] if port["name"] == UPLINK)
    assert uplink["in_bps"] > 0
    assert uplink["heard"] == {"name": "sw2", "port": UPLINK, "device": "sw2"}


def test_both_ways_of_asking_see_the_same(small: "Project", known: RunningLab) -> None:
    before = count(small)
    small.ok("status", "--collect", "--method", "napalm")
    assert count(small) == before


def test_a_port_that_is_shut_by_hand_is_told_at_both_ends(small: "Project", known: RunningLab) -> None:
    before = count(small)
    small.type("sw1", [f"interface {UPLINK}", "shutdown"])
    small.ok("status", "--collect")
    told = [
        (event["data"]["device"], change) for event in small.events(PORTS)[3:] for change in event["data"]["changed"]
    ]
    assert told == [
        ("sw1", {"port": UPLINK, "old": "up", "new": "disabled"}),
        ("sw2", {"port": UPLINK, "old": "up", "new": "down"}),
    ]
    assert count(small) == before + 2
    small.ok("status", "--collect")
    assert count(small) == before + 2
    assert (
        devices(small)["sw2"]["ports_down"]
        > devices(small, "--at", str(small.events(PORTS)[2]["position"]))["sw2"]["ports_down"]
    )


def test_errors_are_told_when_they_begin_to_rise(small: "Project", known: RunningLab) -> None:
    known.fault("sw1", "errors", interface=UPLINK)
    for _ in range(3):
        known.advance("sw1", 60)
        small.ok("status", "--collect")
    rising = [event["data"]["rising"] for event in small.events(PORTS) if event["data"]["rising"]]
    assert rising == [[UPLINK]]
    assert devices(small)["sw1"]["port_errors"] > 0
    assert "port errors" in small.ok("status").out


@pytest.mark.parametrize("fault", ["down", "hang"])
def test_a_device_that_does_not_answer_is_unreachable_until_it_does(
    small: "Project", known: RunningLab, fault: str
) -> None:
    known.fault("sw1", fault)
    ran = small.ok("status", "--collect", status=4)
    (line,) = (line for line in ran.out.splitlines() if line.startswith("sw1"))
    assert "unreachable" in line
    event = small.events(*STATUS)[-1]
    assert (event["data"]["device"], event["data"]["new"]) == ("sw1", "unreachable")
    assert event["reason"]
    assert event["reason"] in line
    assert devices(small)["sw2"]["health"] == "ok"
    then = devices(small)["sw1"]
    known.fault("sw1", "up" if fault == "down" else "clear")
    small.ok("status", "--collect")
    assert devices(small)["sw1"]["health"] == "ok"
    at = devices(small, "--at", str(event["position"]))["sw1"]
    assert (at["health"], at["reason"], at["seen"]) == (then["health"], then["reason"], then["seen"])


def test_a_cable_in_another_port_is_found(small: "Project", known: RunningLab) -> None:
    assert "1 cable: 1 ok" in small.ok("cabling").out
    at = str(small.events()[-1]["position"])
    small.edit("[sw1 GigabitEthernet1/0/4, sw2", "[sw1 GigabitEthernet1/0/3, sw2")
    small.ok("declare", str(small.network), "--prune", "--yes")
    ran = small.ok("cabling", "--collect", status=2)
    assert "sw2 Gi1/0/4 hears sw1 Gi1/0/4" in ran.out
    assert "1 cable: 1 wrong" in ran.out
    (cable,) = small.ok("cabling", "--json", status=2).json["cables"]
    assert cable["verdict"] == "wrong"
    assert cabling(small) == {("link", "GigabitEthernet1/0/3", "wrong")}
    assert "1 cable: 1 ok" in small.ok("cabling", "--at", at).out
    small.edit(
        "  - [sw1 GigabitEthernet1/0/3, sw2 GigabitEthernet1/0/4]",
        "  - [sw1 GigabitEthernet1/0/3, r1 GigabitEthernet0/1]",
    )
    small.ok("declare", str(small.network), "--prune", "--yes")
    cables = small.ok("cabling", "--json", status=2).json["cables"]
    assert sorted(cable["verdict"] for cable in cables) == ["unexpected", "unknown"]
    assert {found[::2] for found in cabling(small)} == {("link", "unknown"), ("heard", "unexpected")}


def cabling(project: "Project") -> set[tuple[str, str, str]]:
    """The cables of the graph as observed: relation, a port, verdict."""
    document = project.ok("graph", "--status", "--json").json
    assert {node["label"]: node["health"] for node in document["nodes"] if node["kind"] == "device"}["sw1"] == "ok"
    edges = (edge for edge in document["edges"] if edge["relation"] in ("link", "heard"))
    return {(edge["relation"], edge["a_port"], edge["cabling"]) for edge in edges}


def test_what_is_past_is_not_asked_for(small: "Project", known: RunningLab) -> None:
    assert "--log is how --every logs" in small.ok("status", "--log", "json", status=1).err
    for arguments in (("status", "--collect"), ("status", "--every", "5"), ("cabling", "--collect")):
        assert "--at tells of the past" in small.ok(*arguments, "--at", "5", status=1).err
    assert "nothing was known" in small.ok("status", "--at", "5").err


def test_observations_go_when_they_are_old_and_events_stay(small: "Project", lab: RunningLab) -> None:
    config = small.folder / "inventory" / "config.yaml"
    config.write_text(
        config.read_text().replace("    environment:", "    observations: {keep_days: 0.000000001}\n    environment:")
    )
    for _ in range(3):
        small.ok("status", "--collect")
    assert small.rows("SELECT kind, count(*) FROM observations GROUP BY kind ORDER BY kind") == [
        ("facts", 3), ("neighbors", 3), ("ports", 3),
    ]  # fmt: skip
    assert len(small.events(*STATUS)) == 3
    assert devices(small)["sw1"]["facts"]["hostname"] == "sw1"


def test_a_table_that_cannot_be_written_is_told_and_changes_are_recorded(small: "Project", known: RunningLab) -> None:
    with closing(sqlite3.connect(small.database)) as connection:
        connection.execute(
            "CREATE TRIGGER failing BEFORE INSERT ON observations BEGIN SELECT RAISE(ABORT, 'no space'); END"
        )
    known.fault("sw2", "down")
    ran = small.ok("status", "--collect", status=4)
    assert "warning: what 2 devices said is not kept: " in ran.err
    assert "no space" in ran.err
    assert devices(small)["sw2"]["health"] == "unreachable"


def test_without_a_lab_it_says_so_in_one_line(small: "Project") -> None:
    ran = small.ok("status", "--collect", status=4)
    assert ran.err.splitlines()[-1] == "cimnet: error: no lab is up; start one: cimnet lab up"


def test_two_who_ask_at_once_tell_each_change_once(small: "Project", lab: RunningLab) -> None:
    both = [small.start("status", "--collect", "--json") for _ in range(2)]
    for process in both:
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0, out + err
    assert sorted(event["data"]["device"] for event in small.events(*STATUS)) == ["r1", "sw1", "sw2"]
    assert sorted(event["data"]["device"] for event in small.events(PORTS)) == ["r1", "sw1", "sw2"]
    assert small.rows("SELECT count(*) FROM observations WHERE kind = 'facts'") == [(6,)]
    small.ok("store", "verify")


def test_the_collector_tells_of_changes_until_it_is_stopped(small: "Project", known: RunningLab) -> None:
    with small.start("status", "--every", "1") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert "asking every 1 s, Ctrl-C ends it" in process.stderr.readline()
        known.fault("sw1", "down")
        # A neighbour's port goes down and comes back besides.
        assert any("sw1  unreachable in lab, was up: cannot be reached" in line for line in process.stdout)
        known.fault("sw1", "up")
        assert any("sw1  up in lab, was unreachable" in line for line in process.stdout)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == 0
        assert process.stderr.read().endswith("stopped\n")


def test_the_collector_logs_each_round_and_change_as_json(small: "Project", lab: RunningLab) -> None:
    with small.start("status", "--every", "1", "--log", "json") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert "Ctrl-C ends it" in process.stderr.readline()
        logged = [json.loads(process.stderr.readline()) for _ in range(8)]
        state = small.settings.lab / STATE_FILE
        away = state.rename(state.with_suffix(".away"))
        failed = next(line for line in process.stderr if "CollectionFailed" in line)
        away.rename(state)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == 0
        assert process.stdout.read().count("in lab") == 6
    assert (logged[0]["event"], logged[0]["message"], logged[0]["asked"]) == ("Collected", "3 of 3 devices answered", 3)
    changes = {(item["event"], item["device"]) for item in logged[1:7]}
    assert changes == {(event["type"], event["data"]["device"]) for event in small.events(*STATUS, PORTS)}
    assert logged[7]["event"] == "Collected"
    assert "the devices were not asked: no lab is up" in json.loads(failed)["message"]


@pytest.mark.parametrize(("when", "told"), [("<1", 0), (">1", 6)])
def test_a_collector_that_is_killed_leaves_nothing_half_told(
    small: "Project", lab: RunningLab, when: str, told: int
) -> None:
    log = small.folder / "steps.log"
    ran = subprocess.run(
        [sys.executable, str(KILLING), "append .*StatusChanged", when, str(log), "--project", str(small.folder),
         "status", "--collect"],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert ran.returncode == -signal.SIGKILL, ran.stdout + ran.stderr
    assert count(small) == told
    small.ok("status", "--collect")
    assert count(small) == 6
    assert devices(small)["sw1"]["health"] == "ok"
    small.ok("store", "verify")
