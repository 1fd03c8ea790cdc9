"""Plans that are kept: shown later, carried out later, and refused when they are no longer what they were."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cimnet_nornir.application.plan import Plan
from cimnet_nornir.lab.thread import RunningLab

if TYPE_CHECKING:
    from tests.e2e.conftest import Project


@pytest.fixture
def saved(small: "Project", lab: RunningLab) -> Path:
    """A plan for everything."""
    file = small.folder / "change.plan"
    ran = small.ok("plan", "-o", str(file), "--detailed-exitcode", status=2)
    assert f"saved to {file}" in ran.out
    return file


def test_a_saved_plan_is_shown_and_carried_out(small: "Project", lab: RunningLab, saved: Path) -> None:
    assert saved.stat().st_mode & 0o077 == 0
    shown = small.ok("show", str(saved))
    assert "plan sha256:" in shown.out
    assert " by ann, " in shown.out
    assert "+ vlan 10" in shown.out
    assert "\n  vlan 10\n" in small.ok("show", str(saved), "--commands").out
    planned = small.ok("show", str(saved), "--json").json
    assert "3 of 3 devices done" in small.ok("apply", str(saved), "--yes").out
    assert small.events("DeploymentStarted")[-1]["data"]["plan"] == planned["digest"]
    small.ok("plan", "--detailed-exitcode")


def test_a_device_that_was_changed_since_the_plan_is_left_alone(small: "Project", lab: RunningLab, saved: Path) -> None:
    small.type("sw1", ["vlan 77", "name bobs"])
    ran = small.ok("apply", str(saved), "--yes", status=3)
    assert "the running configuration of sw1 has changed since the plan; plan again" in ran.out
    assert "2 of 3 devices done" in ran.out
    assert small.events("SwitchConfigurationFailed")[-1]["data"]["outcome"] == "stale"
    assert "vlan 10" not in lab.running_config("sw1")


def test_a_plan_of_older_intent_is_refused_device_by_device(small: "Project", lab: RunningLab, saved: Path) -> None:
    small.edit("10: users", "10: people")
    small.declare()
    ran = small.ok("apply", str(saved), "--yes", status=3)
    assert ran.out.count("has changed since the plan; plan again") == 2
    assert "the intent for sw1 has changed" in ran.out
    assert "vlan 10" not in lab.running_config("sw1")


def test_a_plan_that_was_edited_is_refused(small: "Project", saved: Path) -> None:
    saved.write_text(saved.read_text(encoding="utf-8").replace("users", "losers"), encoding="utf-8")
    for command in ("show", "apply"):
        assert "the plan was changed after it was written" in small.ok(command, str(saved), status=1).err
    assert small.events("DeploymentStarted") == []


@pytest.mark.parametrize("text", ["", "{}", "[1]", "vlan 10\n"])
def test_a_file_that_is_no_plan_is_refused(small: "Project", text: str) -> None:
    file = small.folder / "odd.plan"
    file.write_text(text, encoding="utf-8")
    assert "this is no plan" in small.ok("apply", str(file), status=1).err
    assert "No such file" in small.ok("show", str(small.folder / "none"), status=1).err


def test_a_plan_of_the_lab_is_refused_for_real_devices(small: "Project", saved: Path) -> None:
    ran = small.ok("apply", str(saved), "--yes", "--env", "real", status=1)
    assert "the plan is for the environment 'lab', and this is 'real'" in ran.err
    assert small.events("DeploymentStarted") == []


def test_nothing_is_sent_where_nobody_said_yes(small: "Project", lab: RunningLab) -> None:
    assert "nobody is there to be asked; say --yes" in small.ok("apply", status=1).err
    assert "vlan 10" not in lab.running_config("sw1")


def test_a_plan_that_cannot_be_written_says_why(small: "Project", lab: RunningLab) -> None:
    assert "No such file or directory" in small.ok("plan", "-o", str(small.folder / "no" / "x"), status=1).err


def test_a_plan_shows_commands_and_what_is_left_alone(small: "Project", lab: RunningLab) -> None:
    small.type("sw1", ["snmp-server contact bob"])
    ran = small.ok("plan", "sw1", "--commands", "-v")
    assert "\n  vlan 10\n" in ran.out
    assert "sw1: left alone: " in ran.err
    assert "reading sw1: done" in ran.err
    document = json.loads(small.ok("plan", "sw1", "--json").out)
    assert document["format"] == "cimnet.plan/1"


def test_a_device_gets_its_new_name(small: "Project", lab: RunningLab) -> None:
    small.ok("apply", "--yes")
    small.edit("  sw1:\n", "  access-switch-on-floor-1:\n    renamed_from: sw1\n")
    small.edit("[sw1 Gig", "[access-switch-on-floor-1 Gig")
    small.declare(reason="renamed")
    assert "1 of 1 device done" in small.ok("apply", "--yes").out
    assert "hostname access-switch-on-floor-1\n" in lab.startup_config("sw1")
    small.ok("plan", "--detailed-exitcode")
    small.ok("apply", "--yes")
    assert small.ok("blame", "access-switch-on-floor-1", "hostname", "--json").json["lines"][0]["reason"] == "renamed"


def test_a_banner_of_the_site_is_pushed_and_verified(small: "Project", lab: RunningLab) -> None:
    site = small.folder / "templates" / "cisco_ios" / "site.j2"
    site.parent.mkdir(parents=True)
    site.write_text("banner motd ^C\nKeep out\n# not a prompt\n^C\n", encoding="utf-8")
    small.ok("apply", "--yes")
    assert "banner motd ^C\nKeep out\n# not a prompt\n^C\n" in lab.startup_config("sw1")
    small.ok("plan", "--detailed-exitcode")
    site.write_text("banner motd ^C\nStay out\n^C\n", encoding="utf-8")
    small.ok("apply", "--yes")
    assert "banner motd ^C\nStay out\n^C\n" in lab.running_config("r1")


def test_warnings_of_a_device_do_not_fail_a_push(small: "Project", lab: RunningLab) -> None:
    """Portfast warns at each port, and an access VLAN that is not there is made by the switch."""
    small.edit("mode: access, vlan: 10, description: desk", "mode: access, vlan: 10, portfast: true")
    small.declare()
    small.ok("apply", "--yes")
    with small.session("sw1") as connection:
        warned = connection.send_config_set(
            ["no vlan 10", "interface Gi1/0/1", "switchport access vlan 10", "spanning-tree portfast"]
        )
    assert "%Warning: portfast should only be enabled" in warned
    small.ok("apply", "--yes")
    small.ok("plan", "--detailed-exitcode")


def test_a_plan_whose_commands_were_forged_is_refused(small: "Project", lab: RunningLab, saved: Path) -> None:
    document = json.loads(saved.read_text(encoding="utf-8"))
    for device in document["plan"]["devices"]:
        device["commands"] = ["interface GigabitEthernet1/0/3", "description EVIL"]
    document["digest"] = Plan.model_validate(document["plan"]).digest
    saved.write_text(json.dumps(document), encoding="utf-8")
    ran = small.ok("apply", str(saved), "--yes", status=3)
    assert "are not those that its intent comes to; plan again" in ran.out
    assert all("EVIL" not in lab.running_config(name) for name in ("sw1", "sw2", "r1"))


def test_a_line_that_is_intended_again_was_not_pushed_by_the_first_deployment(
    small: "Project", lab: RunningLab
) -> None:
    small.ok("apply", "--yes")
    before = (small.folder / "inventory" / "network.yaml").read_text(encoding="utf-8")
    small.edit("10: users", "10: people")
    small.declare()
    small.ok("apply", "--yes")
    (small.folder / "inventory" / "network.yaml").write_text(before, encoding="utf-8")
    small.declare()
    lines = small.ok("blame", "sw1", "name users", "--json").json["lines"]
    assert [line["deployment"] for line in lines] == [None]
    small.ok("apply", "--yes")
    lines = small.ok("blame", "sw1", "name users", "--json").json["lines"]
    assert lines[0]["deployment"] == small.events("DeploymentStarted")[-1]["correlation_id"]
