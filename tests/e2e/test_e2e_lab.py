"""`cimnet lab` on a small network: devices with and without an archive, their clock, and faults with their values."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from cimnet_nornir.bootstrap import LAB_FAULTS

if TYPE_CHECKING:
    from tests.e2e.conftest import Project


@pytest.fixture
def up(small: "Project") -> Iterator["Project"]:
    """The small project with its lab up in the background."""
    small.ok("lab", "up")
    yield small
    small.ok("lab", "down")


def test_devices_have_an_archive_and_take_an_unconfirmed_change_back_by_their_clock(up: "Project") -> None:
    up.ok("apply", "--yes", "--reason", "first")
    assert "archive\n path flash:archive\n" in up.show("sw1", "show running-config")
    with up.session("sw1") as session:
        session.send_command("configure terminal revert timer 5", expect_string=r"\(config\)#")
        session.send_config_set(["hostname OTHER"], enter_config_mode=False)
    up.ok("verify", status=2)
    assert "sw1" in up.ok("lab", "clock", "sw1", "--advance", "5m").out
    up.ok("verify")


def test_an_archive_can_be_left_out(small: "Project") -> None:
    small.ok("lab", "up", "--no-archive")
    try:
        assert "Archive feature not enabled" in small.show("sw1", "show archive")
    finally:
        small.ok("lab", "down")


def test_the_clock_is_shown_and_set_forward(up: "Project") -> None:
    before = up.ok("lab", "clock", "--json").json
    assert (before["format"], before["advanced"], set(before["clocks"])) == (
        "cimnet.lab-clock/1",
        0,
        {"r1", "sw1", "sw2"},
    )
    after = up.ok("lab", "clock", "r1", "--advance", "2h", "--json").json["clocks"]
    assert list(after) == ["r1"]
    passed = datetime.fromisoformat(after["r1"]) - datetime.fromisoformat(before["clocks"]["r1"])
    assert 7200 <= passed.total_seconds() < 7300


def test_faults_take_their_values(up: "Project") -> None:
    for words in (("refuse-save",), ("full",), ("lock", "bob"), ("drop-on", "^write"), ("power-after", "3")):
        up.ok("lab", "fault", "sw1", *words)
    shown = up.ok("lab", "status", "--json").json["devices"]["sw1"]["fault"]
    assert shown == "power-after 3 lines, drop-on ^write, refuse-save, full, lock bob"
    up.ok("lab", "fault", "sw2", "errors", "GigabitEthernet1/0/1")
    assert "100 input errors" in up.show("sw2", "show interfaces GigabitEthernet1/0/1")
    up.ok("lab", "fault", "sw2", "load", "95")
    assert "five seconds: 95%/" in up.show("sw2", "show processes cpu")


def test_which_faults_there_are_is_told_sorted_in_lines_that_fit(small: "Project") -> None:
    told = small.ok("lab", "fault", "sw1", "explode", status=1).err.splitlines()
    assert told[0] == "cimnet: error: Invalid value for 'FAULT': 'explode' is not one of (clear ends all):"
    faults = " ".join(told[1:-1]).replace(",", " ").split()
    assert faults == sorted(LAB_FAULTS)
    assert max(map(len, told[1:])) <= 80
    assert told[-1] == "  (see cimnet lab fault --help)"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("fault", "sw1", "full", "1"), "the fault full takes no value"),
        (("fault", "sw1", "power-after", "x"), "power-after takes a number of lines, not 'x'"),
        (("fault", "sw1", "load", "high"), "load takes a number of percent, not 'high'"),
        (("fault", "sw1", "errors", "Gi9/9"), "sw1 has no interface 'Gi9/9'"),
        (("clock", "--advance", "5"), "'5' is no length of time; it is a number with s, m, h or d behind it: 5m"),
        (("clock", "sw1", "--advance", "5m"), "no lab is up"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_line(small: "Project", words: tuple[str, ...], said: str) -> None:
    needs_lab = said.startswith("sw1 has")
    if needs_lab:
        small.ok("lab", "up")
    ran = small.run("lab", *words)
    if needs_lab:
        small.ok("lab", "down")
    assert ran.status == 1
    assert said in ran.err
    assert len(ran.err.strip().splitlines()) == 1
