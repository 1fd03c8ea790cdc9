"""Drift from its finding to its end: taken back beside changes that wait, let be for a time, and counted again."""

from typing import TYPE_CHECKING

import pytest

from cimnet_nornir.lab.thread import RunningLab

if TYPE_CHECKING:
    from tests.e2e.conftest import Project

pytestmark = pytest.mark.slow

PORT = "interface GigabitEthernet1/0/1"
BORROWED = [PORT, "description borrowed by Bob"]
UNTIL = ("--until", "2d", "--reason", "CHG-9 he gives it back")


@pytest.fixture
def drifted(small: "Project", lab: RunningLab) -> "Project":
    """The small network, applied; then somebody changed a description on sw1."""
    small.ok("apply", "--yes")
    small.type("sw1", BORROWED)
    return small


def test_drift_is_taken_back_by_a_push_like_any_other(drifted: "Project") -> None:
    ran = drifted.ok("drift", "revert", "--yes", "--reason", "CHG-9")
    assert "1 of 1 device done" in ran.out
    assert " description desk\n" in drifted.show("sw1", f"show running-config {PORT}")
    assert drifted.ok("drift").out == "no drift\n"
    (started,) = drifted.events("DeploymentStarted")[1:]
    assert (started["reason"], started["data"]["devices"]) == ("CHG-9", ["sw1"])


def test_changes_that_wait_are_not_brought_when_drift_is_taken_back(drifted: "Project") -> None:
    drifted.edit("10: users", "10: people")
    drifted.declare()
    drifted.type("sw2", [PORT, "shutdown"])
    drifted.ok("drift", "revert", "--yes", "--reason", "CHG-9")
    for name, said in (("sw1", " description desk\n"), ("sw2", " description desk\n")):
        port = drifted.show(name, f"show running-config {PORT}")
        assert said in port
        assert " shutdown" not in port
        assert " name users\n" in drifted.show(name, "show running-config")
    assert "2 devices with a change pending" in drifted.ok("drift").err
    waiting = drifted.ok("plan", "--json").json["devices"]
    changed = {device["name"]: device["commands"] for device in waiting if device["commands"]}
    assert changed.keys() == {"sw1", "sw2"}
    assert all("name people" in " ".join(commands) for commands in changed.values())
    drifted.ok("apply", "--yes")
    assert " name people\n" in drifted.show("sw1", "show running-config")
    assert drifted.ok("drift").out == "no drift\n"


def test_nothing_is_taken_back_where_nothing_drifted(small: "Project", lab: RunningLab) -> None:
    small.ok("apply", "--yes")
    assert small.ok("drift", "revert").out == "no drift to take back\n"
    assert small.ok("drift", "revert", "--json").json["devices"] == {}


def test_somebody_is_asked_before_drift_is_taken_back(drifted: "Project") -> None:
    ran = drifted.ok("drift", "revert", status=1)
    assert "nothing was sent: nobody is there to be asked; say --yes" in ran.err
    assert " description borrowed by Bob" in drifted.show("sw1", f"show running-config {PORT}")


def test_a_device_that_is_not_reached_is_told_beside_those_that_are(drifted: "Project", lab: RunningLab) -> None:
    lab.fault("sw2", "down")
    ran = drifted.ok("drift", "revert", "--yes", status=4)
    assert "sw2: cannot be reached" in ran.err
    assert "1 of 1 device done" in ran.out


def test_ignored_drift_is_told_and_does_not_count(drifted: "Project") -> None:
    drifted.ok("drift", status=2)
    ran = drifted.ok("drift", "ignore", "sw1", "description borrowed by Bob", *UNTIL)
    assert f"sw1: {PORT} > description borrowed by Bob\n" in ran.out
    assert "ignored until 20" in ran.out
    ran = drifted.ok("drift")
    assert "sw1: 1 line ignored until 20" in ran.out
    assert "CHG-9 he gives it back" in ran.out
    assert ran.out.endswith("no drift\n")
    found = drifted.ok("drift", "--json").json["devices"]["sw1"]
    assert (found["drifted"], found["ignored"]) == (0, 1)
    (row,) = drifted.ok("drift", "ignore", "--list", "--json").json["ignored"]
    assert (row["device"], row["over"], row["running"]) == ("sw1", False, ["description borrowed by Bob"])
    assert "CHG-9 he gives it back" in drifted.ok("drift", "ignore", "--list").out


def test_another_change_in_the_place_of_an_ignored_one_counts(drifted: "Project") -> None:
    drifted.ok("drift", "ignore", "sw1", "--all", *UNTIL)
    drifted.type("sw1", [PORT, "description taken by Carol"])
    drifted.ok("drift", status=2)
    drifted.type("sw1", BORROWED)
    drifted.ok("drift")
    drifted.type("sw1", ["vlan 10", "name bobs"])
    found = drifted.ok("drift", "--json", status=2).json["devices"]["sw1"]
    assert (found["drifted"], found["ignored"]) == (1, 1)


def test_withdrawn_drift_counts_again(drifted: "Project") -> None:
    drifted.ok("drift", "ignore", "sw1", PORT, *UNTIL)
    ran = drifted.ok("drift", "ignore", "sw1", "--withdraw", "--reason", "CHG-10")
    assert "counts as drift again: 1 line" in ran.out
    drifted.ok("drift", status=2)
    assert "0 lines ignored" in drifted.ok("drift", "ignore", "--list").out
    assert "nothing of sw1 is ignored" in drifted.ok("drift", "ignore", "sw1", "--withdraw", status=1).err


def test_ignored_drift_stays_while_the_rest_is_taken_back(drifted: "Project") -> None:
    drifted.ok("drift", "ignore", "sw1", "--all", *UNTIL)
    drifted.type("sw1", ["vlan 10", "name bobs"])
    ran = drifted.ok("drift", "revert", "--yes", "--reason", "CHG-9")
    assert "sw1: 1 line ignored until 20" in ran.err
    running = drifted.show("sw1", "show running-config")
    assert " description borrowed by Bob\n" in running
    assert " name users\n" in running
    ran = drifted.ok("drift")
    assert "sw1: 1 line ignored until 20" in ran.out
    assert ran.out.endswith("no drift\n")
    verified = drifted.ok("verify")
    assert "sw1: 1 line ignored until 20" in verified.out
    assert drifted.ok("drift", "revert").out == "no drift to take back\n"
    status = drifted.ok("status", "--json").json["devices"]["sw1"]
    assert (status["drift"], status["ignored"]) == (0, 1)
    assert "1 line ignored until 20" in drifted.ok("status").out
    drifted.ok("drift", "revert", "--yes", "--with-ignored")
    assert " description desk\n" in drifted.show("sw1", f"show running-config {PORT}")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("sw1", "description nobody's", *UNTIL), 'sw1: no drifted line is "description nobody\'s"; there is: '),
        (("sw1", "--all", "--until", "2d"), "drift is ignored for a reason: say --reason TEXT"),
        (("sw1", "--all", "--until", "2020-01-01", "--reason", "x"), "has gone by; say a later time"),
        (("sw1", "--all", "--until", "soon", "--reason", "x"), "'soon' is no end of a window"),
        (("sw1", "--all", "--reason", "x"), "say until when"),
        (("sw1", *UNTIL), "say which LINE, or --all"),
        ((), "say which HOST, or --list"),
        (("sw2", "--all", *UNTIL), "sw2 has no drifted line to ignore"),
        (("sw9", "--all", *UNTIL), "there is no device 'sw9'"),
    ],
)
def test_what_cannot_be_ignored_is_refused(drifted: "Project", arguments: tuple[str, ...], words: str) -> None:
    before = len(drifted.events("DriftIgnored"))
    assert words in drifted.ok("drift", "ignore", *arguments, status=1).err
    assert len(drifted.events("DriftIgnored")) == before
