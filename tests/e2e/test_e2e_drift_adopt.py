"""Drift made intent: what somebody typed is read in line by line, what waits goes on waiting, and nothing is sent."""

from typing import TYPE_CHECKING, Any

import pytest

from cimnet_nornir.lab.thread import RunningLab

if TYPE_CHECKING:
    from tests.e2e.conftest import Project

pytestmark = pytest.mark.slow

PORT = "interface GigabitEthernet1/0/1"
WHY = ("--reason", "CHG-11 he was right")


@pytest.fixture
def applied(small: "Project", lab: RunningLab) -> "Project":
    small.ok("apply", "--yes")
    return small


def waiting(small: "Project", host: str = "sw1") -> list[str]:
    devices: list[dict[str, Any]] = small.ok("plan", host, "--json").json["devices"]
    return [command for device in devices for command in device["commands"]]


def test_what_somebody_typed_becomes_intent_with_a_reason(applied: "Project") -> None:
    applied.type("sw1", [PORT, "description borrowed by Bob", "switchport access vlan 99"])
    applied.ok("drift", status=2)
    ran = applied.ok("drift", "adopt", "sw1", *WHY)
    assert "1 event recorded" in ran.out
    assert f"sw1: {PORT} > description borrowed by Bob\n" in ran.out
    assert applied.ok("drift", "sw1").out == "no drift\n"
    assert waiting(applied) == []
    (line,) = applied.ok("blame", "sw1", "borrowed", "--json").json["lines"]
    assert (line["type"], line["actor"], line["reason"]) == ("PortConfigured", "ann", "CHG-11 he was right")


def test_lines_are_adopted_one_by_one(applied: "Project") -> None:
    applied.type("sw1", [PORT, "description borrowed by Bob", "vlan 10", "name bobs", "vlan 50", "name cameras"])
    before = applied.events()[-1]["position"]
    checked = applied.ok("drift", "adopt", "sw1", "vlan 50", "--check")
    assert checked.out.endswith("nothing was recorded\n")
    applied.ok("drift", "adopt", "sw1", "vlan 50", *WHY)
    stored = [event["type"] for event in applied.events() if event["position"] > before]
    assert [name for name in stored if name.startswith("Vlan")] == ["VlanCreated"]
    found = applied.ok("drift", "sw1", "--json", status=2).json["devices"]["sw1"]
    assert found["drifted"] == 2
    applied.ok("drift", "adopt", "sw1", "name bobs", *WHY)
    left = waiting(applied)
    assert "description desk" in left
    assert not any("name" in command or "vlan" in command for command in left)


def test_changes_that_wait_go_on_waiting(applied: "Project") -> None:
    applied.edit("10: users", "10: people")
    applied.declare()
    applied.type("sw1", [PORT, "description borrowed by Bob", "shutdown"])
    applied.ok("drift", "adopt", "sw1", *WHY)
    assert "name people" in waiting(applied)
    assert not any("description" in command or "shutdown" in command for command in waiting(applied))
    applied.ok("apply", "--yes")
    port = applied.show("sw1", f"show running-config {PORT}")
    assert " description borrowed by Bob\n" in port
    assert " shutdown\n" in port


def test_a_line_that_is_gone_is_gone_from_the_intent_too(applied: "Project") -> None:
    applied.type("sw1", [PORT, "no description"])
    applied.ok("drift", "adopt", "sw1", *WHY)
    assert waiting(applied) == []
    assert "description desk" not in applied.ok("render", "sw1").out


def test_what_no_feature_says_is_kept_word_for_word_and_its_secret_moved_out(applied: "Project") -> None:
    applied.type("sw1", ["ip tftp source-interface Vlan1", "snmp-server community s3cretword RO"])
    assert applied.ok("plan", "sw1", "--json").json["devices"][0]["unmodelled"]
    shown = applied.ok("drift", "sw1", "-v").out
    assert "sw1: left alone: ip tftp source-interface Vlan1\n" in shown
    assert "s3cretword" not in shown
    ran = applied.ok("drift", "adopt", "sw1", "--unmodelled", *WHY)
    assert "s3cretword" not in ran.out + ran.err
    assert waiting(applied) == []
    rendered = applied.ok("render", "sw1").out
    assert "snmp-server community" in rendered
    assert "s3cretword" not in rendered
    assert not any(
        "community" in " ".join(path) for path in applied.ok("plan", "sw1", "--json").json["devices"][0]["unmodelled"]
    )
    files = list((applied.folder / "inventory" / "secrets").rglob("*"))
    assert any(path.is_file() and "s3cretword" in path.read_text(encoding="utf-8") for path in files)
    assert not applied.rows("SELECT 1 FROM stored_events WHERE state LIKE '%s3cretword%'")


def test_lines_of_site_templates_stay_theirs(applied: "Project") -> None:
    site = applied.folder / "templates" / "cisco_ios" / "site.j2"
    site.parent.mkdir(parents=True)
    site.write_text("snmp-server location hq\n!\n", encoding="utf-8")
    applied.ok("apply", "--yes")
    applied.type("sw1", [PORT, "description borrowed by Bob"])
    applied.ok("drift", "adopt", "sw1", *WHY)
    stored = {event["type"] for event in applied.events() if event["reason"] == WHY[1]}
    assert stored == {"ChangeRequested", "DriftDetected", "PortConfigured"}
    assert waiting(applied) == []


def test_what_cannot_be_adopted_is_refused(applied: "Project", lab: RunningLab) -> None:
    assert "sw1 has no drifted line to make intent of" in applied.ok("drift", "adopt", "sw1", status=1).err
    applied.type("sw1", [PORT, "description borrowed by Bob"])
    assert "no drifted line is 'nonsense'" in applied.ok("drift", "adopt", "sw1", "nonsense", status=1).err
    lab.fault("sw1", "down")
    assert "sw1 cannot be reached" in applied.ok("drift", "adopt", "sw1", status=4).err
    assert "sw1 cannot be reached" in applied.ok("drift", "ignore", "sw1", "--all", "--until", "2d", *WHY, status=4).err
