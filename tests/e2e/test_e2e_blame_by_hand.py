"""Blame beyond intent: what somebody typed, since when it is known, who it was by the log, and site templates."""

from typing import TYPE_CHECKING, Any

import pytest
from netmiko import ConnectHandler

from cimnet_nornir.lab.thread import RunningLab

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.e2e.conftest import Project

pytestmark = pytest.mark.slow

PORT = "interface GigabitEthernet1/0/1"
BOB = "username bob privilege 15 secret 0 nobodys"


def type_as_bob(small: "Project", lines: "Sequence[str]") -> None:
    device = small.ok("lab", "status", "--json").json["devices"]["sw1"]
    where = {"host": device["host"], "port": device["port"]}
    with ConnectHandler(device_type="cisco_ios", username="bob", password="nobodys", **where) as connection:
        connection.send_config_set(list(lines))


def blamed(small: "Project", text: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = small.ok("blame", "sw1", text, "--json").json["lines"]
    return found


@pytest.fixture
def applied(small: "Project", lab: RunningLab) -> "Project":
    """The small network, applied, with a user on sw1 whom nobody intended."""
    small.ok("apply", "--yes")
    small.type("sw1", [BOB])
    small.ok("backup")
    return small


def test_a_line_in_the_place_of_an_intended_one_names_who_typed_it(applied: "Project") -> None:
    type_as_bob(applied, [PORT, "description borrowed by Bob"])
    applied.ok("drift", status=2)
    (detected,) = applied.events("DriftDetected")
    (line,) = [line for line in blamed(applied, "description") if line["by_hand"]]
    assert line["path"] == [PORT, "description borrowed by Bob"]
    assert line["seen"] == detected["event_id"]
    assert "bob" in [entry["who"] for entry in line["configured"]]
    told = applied.ok("blame", "sw1", "borrowed").out
    assert "changed by hand" in told
    assert f"first seen by #{detected['position']}; " in told
    assert "bob on vty0 (127.0.0.1) at *" in told


def test_a_command_that_the_device_logs_names_its_one_author(applied: "Project") -> None:
    applied.type("sw1", ["archive", "log config", "logging enable", "notify syslog", "hidekeys"])
    type_as_bob(applied, [PORT, "description borrowed by Bob"])
    applied.type("sw1", ["vlan 10", "name others"])
    applied.ok("drift", status=2)
    by_hand = {line["path"][-1]: line for line in blamed(applied, "") if line["by_hand"]}
    assert [entry["who"] for entry in by_hand["description borrowed by Bob"]["configured"]] == ["bob"]
    assert [entry["who"] for entry in by_hand["name others"]["configured"]] == ["admin"]


def test_a_line_that_nobody_intended_is_known_since_the_first_that_showed_it(applied: "Project") -> None:
    first = applied.events("ConfigurationBackedUp")[1]
    assert first["data"]["device"] == "sw1"
    applied.type("sw1", [PORT, "shutdown"])
    applied.ok("backup")
    applied.ok("drift", status=2)
    (line,) = [line for line in blamed(applied, "username bob") if line["event"] is None]
    assert (line["seen"], line["by_hand"]) == (first["event_id"], False)


def test_drift_that_was_taken_back_is_blamed_on_nobody_any_more(applied: "Project") -> None:
    applied.type("sw1", [PORT, "description borrowed by Bob"])
    applied.ok("drift", status=2)
    applied.ok("drift", "revert", "--yes")
    applied.ok("drift")
    assert not any(line["by_hand"] for line in blamed(applied, "description"))


def test_a_log_that_cannot_be_asked_for_keeps_no_drift_from_being_found(applied: "Project", lab: RunningLab) -> None:
    applied.type("sw1", [PORT, "description borrowed by Bob"])
    lab.fault("sw1", "ask", pattern="^show logging")
    applied.ok("drift", status=2)
    (detected,) = applied.events("DriftDetected")
    assert detected["data"].get("configured", []) == []


def test_a_line_of_a_site_template_names_the_template_and_its_bundle(applied: "Project") -> None:
    site = applied.folder / "templates" / "cisco_ios" / "site.j2"
    site.parent.mkdir(parents=True)
    site.write_text("snmp-server location hq\n!\n", encoding="utf-8")
    (line,) = blamed(applied, "snmp-server location")
    rendered = applied.ok("render", "sw1", "--json").json["templates"]
    assert (line["template"], line["bundle"], line["site_template"]) == ("cisco_ios/site.j2", rendered, True)
    assert f"cisco_ios/site.j2  -    -     bundle {rendered[7:15]}" in applied.ok("blame", "sw1", "snmp-server").out
