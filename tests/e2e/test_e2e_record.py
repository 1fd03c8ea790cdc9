"""`cimnet lab record`: what a device of the lab answers, in a file that does not tell whose it is."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cimnet_nornir.ios.recording import COMMANDS, ERRORS, RUNNING, Recording
from cimnet_nornir.lab.thread import RunningLab

if TYPE_CHECKING:
    from tests.e2e.conftest import Project

# Everything that could tell, each where a device shows it.
PLANTED = {
    "acme-sw1": "hostname acme-sw1",
    "Enab1eSecret": "enable secret 0 Enab1eSecret",
    "berta77": "username berta77 privilege 15 secret 0 Us3rSecret",
    "Us3rSecret": "",
    "Comm0nity": "snmp-server community Comm0nity RO",
    "acme.example": "ip domain-name acme.example",
    "Rathaus 3rd floor": "snmp-server location Rathaus 3rd floor",
    "acme-vlan-sales": "vlan 77\nname acme-vlan-sales",
    "to acme core in the Rathaus": "interface GigabitEthernet1/0/2\ndescription to acme core in the Rathaus",
    "203.0.113.77": "interface Vlan77\nip address 203.0.113.77 255.255.255.0",
    "property of ACME": "banner motd \x03\nproperty of ACME\n\x03",
}


def record(small: "Project", folder: Path, *more: str) -> tuple[Recording, str, str]:
    """The recording of sw1, as the file has it, and what was printed."""
    printed = small.ok("lab", "record", "sw1", "-o", str(folder), *more)
    text = (folder / "ios-switch.json").read_text(encoding="utf-8")
    return Recording.from_json(text), text, printed.out + printed.err


@pytest.mark.parametrize("saved", [True, False])
def test_nothing_that_was_planted_on_a_device_is_in_its_recording(
    small: "Project", lab: RunningLab, tmp_path: Path, saved: bool
) -> None:
    serial = small.show("sw1", "show inventory").rpartition("SN: ")[2].strip()
    mac = small.show("sw1", "show interfaces Vlan1").partition("address is ")[2][:14]
    small.type("sw1", [line for text in PLANTED.values() if "banner" not in text for line in text.split("\n") if line])
    with small.session("sw1") as session:
        session.send_config_set([PLANTED["property of ACME"]], cmd_verify=False)
        if saved:
            session.save_config()
    before = lab.running_config("sw1")
    for value in PLANTED:
        assert value in before or "ecret" in value, value
    recording, text, printed = record(small, tmp_path)
    for value in (*PLANTED, "ACME", "acme", "Rathaus", "by admin", "sw2", serial, mac):
        assert value not in text, value
    assert lab.running_config("sw1") == before
    assert recording.scrubbed["secret"] >= 3
    assert "read it before you pass it on" in printed
    assert not any(value in printed for value in PLANTED)


def test_a_recording_has_what_came_over_the_wire(small: "Project", lab: RunningLab, tmp_path: Path) -> None:
    recording, _, _ = record(small, tmp_path)
    assert (recording.source, recording.platform, recording.kind) == ("lab", "ios", "switch")
    assert [exchange.command for exchange in recording.exchanges] == [*COMMANDS, *ERRORS]
    running = next(exchange for exchange in recording.exchanges if exchange.command == RUNNING)
    assert running.wire.startswith("show running-config\r\nBuilding configuration...\r\n")
    assert running.wire.endswith("\r\nend\r\n\r\nhost2#")
    assert running.prompt == "host2#"
    assert "\n" not in running.wire.replace("\r\n", "")
    answers = recording.answers()
    assert "% Ambiguous command" in answers["show i"]
    assert "% Incomplete command." in answers["show ip"]
    assert "% Invalid input detected at '^' marker." in answers["show cimnet-nonsense"]


def test_other_commands_are_recorded_where_a_file_names_them(small: "Project", lab: RunningLab, tmp_path: Path) -> None:
    commands = tmp_path / "commands"
    commands.write_text("# short\nshow clock\n", encoding="utf-8")
    recording, _, _ = record(small, tmp_path / "out", "--commands", str(commands))
    assert [exchange.command for exchange in recording.exchanges] == ["show clock", *ERRORS]
    ran = small.ok("lab", "record", "sw1", "-o", str(tmp_path / "more"), "--json")
    assert json.loads(ran.out)["source"] == "lab"


def test_a_command_that_does_more_than_read_is_refused_before_anybody_logs_in(
    small: "Project", lab: RunningLab, tmp_path: Path
) -> None:
    commands = tmp_path / "commands"
    commands.write_text("show clock\nwrite memory\n", encoding="utf-8")
    ran = small.ok("lab", "record", "sw1", "--commands", str(commands), status=1)
    assert "'write memory' is not recorded: only show and dir are" in ran.err
    assert lab.startup_config("sw1") == ""


def test_a_file_that_is_there_is_left_alone(small: "Project", lab: RunningLab, tmp_path: Path) -> None:
    record(small, tmp_path)
    ran = small.ok("lab", "record", "sw1", "-o", str(tmp_path), status=1)
    assert "is there already; choose another folder" in ran.err


def test_a_device_that_cannot_be_reached_is_told_of(small: "Project", lab: RunningLab, tmp_path: Path) -> None:
    lab.fault("sw1", "down")
    ran = small.ok("lab", "record", "sw1", "-o", str(tmp_path), status=4)
    assert "sw1 cannot be reached" in ran.err
    assert list(tmp_path.glob("*.json")) == []
