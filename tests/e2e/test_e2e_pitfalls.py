"""What a production push must survive: one test for each known pitfall, in the order in which they were collected."""

import importlib.metadata
import re
import socket
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

import paramiko
import pytest

from cimnet_nornir.application.pushing import PushOptions
from cimnet_nornir.bootstrap import LAB_USER, open_devices
from cimnet_nornir.ios.answers import Kind, judge
from cimnet_nornir.lab.thread import RunningLab
from cimnet_nornir.tasks.attempt import Attempt
from cimnet_nornir.tasks.push import cimnet_push

if TYPE_CHECKING:
    from cimnet_nornir.tasks.port import NornirDevices
    from tests.e2e.conftest import Project

pytestmark = pytest.mark.slow

APPLY = ("apply", "--yes", "--json", "--limit", "sw1")
NAPALM = (*APPLY, "--method", "napalm")


def pushed(project: "Project", *arguments: str, status: int = 0) -> dict[str, Any]:
    """What became of sw1 by a push that must end with the status."""
    found: dict[str, Any] = project.ok(*(arguments or APPLY), status=status).json["devices"]["sw1"]
    return found


def site(project: "Project", text: str) -> None:
    """Lines that the site's own template adds to every device."""
    folder = project.folder / "templates" / "cisco_ios"
    folder.mkdir(parents=True)
    (folder / "site.j2").write_text(text, encoding="utf-8")


def guests(project: "Project") -> None:
    """Intent for one VLAN more."""
    project.edit("vlans: {10: users, 99: management}", "vlans: {10: users, 20: guests, 99: management}")
    project.declare()


def flash(project: "Project") -> str:
    return project.show("sw1", "dir flash:")


@contextmanager
def devices_of(project: "Project") -> Iterator["NornirDevices"]:
    with project.service() as service, open_devices(project.settings, service) as devices:
        yield devices


@pytest.fixture
def ready(small: "Project", guarded: RunningLab) -> RunningLab:
    """Devices with an archive; sw1 runs what is intended, takes files, and one VLAN more is wanted."""
    small.type("sw1", ["ip scp server enable"])
    small.ok("apply", "--yes")
    guests(small)
    return guarded


def test_01_an_incomplete_command_does_not_pass_for_a_merge(small: "Project", ready: RunningLab) -> None:
    before = ready.running_config("sw1"), ready.startup_config("sw1")
    site(small, "ntp server\n")
    found = pushed(small, *NAPALM, status=3)
    assert (found["outcome"], "% Incomplete command." in found["reason"]) == ("rejected", True)
    assert (ready.running_config("sw1"), ready.startup_config("sw1")) == before


def test_02_a_rollback_that_was_aborted_does_not_pass_for_a_replacement(small: "Project", ready: RunningLab) -> None:
    before = ready.running_config("sw1"), ready.startup_config("sw1")
    ready.fault("sw1", "reject", pattern="^name guests")
    with devices_of(small) as devices:
        extras = devices.nornir.inventory.hosts["sw1"].connection_options["napalm"].extras or {}
        extras["optional_args"]["auto_rollback_on_error"] = False
        options = PushOptions(method="napalm", mode="replace")
        ran = devices.nornir.filter(name="sw1").run(task=cimnet_push, options=options)
    assert ran["sw1"][0].diff.split("\n") == ["+vlan 20", " +name guests"]
    assert getattr(ran["sw1"][0], "outcome").outcome == "rejected"  # noqa: B009 - a Result takes any attribute
    assert (ready.running_config("sw1"), ready.startup_config("sw1")) == before


def test_03_napalms_own_line_is_left_neither_in_running_nor_in_startup(small: "Project", ready: RunningLab) -> None:
    assert pushed(small, *NAPALM)["outcome"] == "applied"
    assert "vlan 20" in ready.startup_config("sw1")
    assert "file prompt" not in ready.running_config("sw1") + ready.startup_config("sw1")


def test_04_a_plan_and_a_dry_run_write_nothing_and_tell_what_would_change(small: "Project", ready: RunningLab) -> None:
    before = flash(small), ready.running_config("sw1")
    small.ok("plan")
    with devices_of(small) as devices:
        options = PushOptions(method="napalm")
        ran = devices.nornir.filter(name="sw1").run(task=cimnet_push, options=options, dry_run=True)
    assert (ran["sw1"][0].changed, ran["sw1"][0].result) == (True, "vlan 20\nname guests")
    assert (flash(small), ready.running_config("sw1")) == before
    small.ok(*APPLY)
    with devices_of(small) as devices:
        assert devices.nornir.filter(name="sw1").run(task=cimnet_push)["sw1"][0].changed is False


def test_05_nothing_is_saved_before_it_is_confirmed_and_one_writes_at_a_time(
    small: "Project", ready: RunningLab
) -> None:
    saved = ready.startup_config("sw1")
    held: list[Attempt] = []
    with devices_of(small) as devices:
        options = PushOptions(method="napalm")
        devices.nornir.filter(name="sw1").run(task=cimnet_push, options=options, hold=held.append)
        with closing(held[0]):
            assert "vlan 20" in ready.running_config("sw1")
            assert ready.startup_config("sw1") == saved
            assert f"User: {LAB_USER}" in small.show("sw1", "show archive config rollback timer")
            small.edit("20: guests", "20: visitors")
            small.declare()
            assert pushed(small, status=3)["outcome"] == "busy"
            assert held[0].confirm() is None
            assert ready.startup_config("sw1") == saved
            assert held[0].save().saved


def test_06_a_configuration_that_somebody_locked_is_left_alone(small: "Project", ready: RunningLab) -> None:
    before = ready.running_config("sw1")
    ready.fault("sw1", "lock", user="bob")
    found = pushed(small, status=3)
    assert (found["outcome"], found["sent"]) == ("busy", [])
    assert ready.running_config("sw1") == before


def test_07_an_error_in_the_middle_leaves_no_half_and_what_was_sent_is_recorded(
    small: "Project", lab: RunningLab
) -> None:
    before = lab.running_config("sw1")
    lab.fault("sw1", "reject", pattern="^switchport trunk allowed")
    found = pushed(small, status=3)
    assert (found["outcome"], found["reverted"], found["line"]) == (
        "rejected",
        "lines",
        "switchport trunk allowed vlan 10,99",
    )
    assert "description to sw2" in found["sent"]
    assert "switchport trunk allowed vlan 10,99" not in found["sent"]
    assert "switchport trunk allowed vlan 10,99" in found["remaining"]
    assert lab.running_config("sw1") == before


def test_08_only_what_a_device_says_is_an_error_and_warnings_are_none(small: "Project", lab: RunningLab) -> None:
    small.edit("description: desk", "description: '% Invalid input detected at desk'")
    small.declare()
    assert pushed(small)["outcome"] == "applied"
    assert judge("%Warning: portfast should only be enabled on ports connected to a single").kind is Kind.WARNING
    assert judge("% Access VLAN does not exist. Creating vlan 30").kind is Kind.WARNING
    for said in (
        "Command rejected: x",
        "Command authorization failed.",
        "% 10.0.0.0 overlaps with Vlan20",
        "Bad mask /33",
    ):
        assert judge(said).is_error
    assert judge("% What nobody has seen yet").is_error


def test_09_a_banner_among_the_lines_neither_slows_them_nor_ends_their_judgement(
    small: "Project", lab: RunningLab
) -> None:
    site(small, "banner motd ^C\n% Invalid input detected\n  Staff only\n^C\n")
    began = time.monotonic()
    found = pushed(small)
    assert (found["outcome"], time.monotonic() - began < 10) == ("applied", True)
    assert "% Invalid input detected\n  Staff only" in lab.startup_config("sw1")
    lab.fault("sw1", "reject", pattern="^name guests")
    guests(small)
    assert pushed(small, status=3)["line"] == "name guests"


def test_10_a_configuration_is_saved_under_the_new_host_name(small: "Project", lab: RunningLab) -> None:
    small.ok(*APPLY)
    small.edit("  sw1:\n", "  access-one:\n    renamed_from: sw1\n")
    small.edit("[sw1 ", "[access-one ")
    small.declare()
    ran = small.ok("apply", "--yes", "--json", "--limit", "access-one")
    assert ran.json["devices"]["access-one"]["saved"] is True
    assert "hostname access-one\n" in lab.startup_config("sw1")


def test_11_a_question_is_answered_and_does_not_hang_the_push(small: "Project", lab: RunningLab) -> None:
    lab.fault("sw1", "ask", pattern="^vlan 99")
    assert pushed(small)["outcome"] == "applied"
    assert "vlan 99" in lab.running_config("sw1")


def test_12_a_question_about_the_previous_nvram_is_answered(small: "Project", lab: RunningLab) -> None:
    lab.fault("sw1", "ask", pattern="^write mem")
    assert pushed(small)["saved"] is True
    assert lab.startup_config("sw1") == lab.running_config("sw1")


def test_13_a_replacement_is_whole_with_its_version_end_ports_and_banner_marks(
    small: "Project", ready: RunningLab
) -> None:
    small.type("sw1", ["banner motd #Keep out#", "username bob privilege 1 secret Some-word"])
    with devices_of(small) as devices, small.service() as service:
        running = str(next(iter(devices.read(["sw1"]).values())))
        planner = service.planner()
        text = planner.candidate(planner.plan(planner.device("sw1"), running), running, replace=True)
    assert text.startswith("version ")
    assert text.endswith("end\n")
    assert "banner motd \x03Keep out\x03\n" in text
    assert re.findall(r"^interface .*", text, re.MULTILINE) == re.findall(r"^interface .*", running, re.MULTILINE)
    heads = ("Building configuration", "Current configuration", "! Last configuration", "! NVRAM config")
    shown = [line for line in running.splitlines() if line and not line.startswith(heads)]
    written = text.replace("\x03", "^C").splitlines()
    assert [line for line in written if line not in ("vlan 20", " name guests")] == shown[shown.index(written[0]) :]


def test_14_the_vlans_of_a_vtp_server_are_read_where_they_are(small: "Project", lab: RunningLab) -> None:
    small.ok(*APPLY)
    small.type("sw1", ["vtp mode server"])
    assert "name users" not in lab.running_config("sw1")
    assert "nothing to change" in small.ok("plan", "sw1").out


def test_15_a_routers_interface_is_opened_once_and_is_no_difference_afterwards(
    small: "Project", lab: RunningLab
) -> None:
    ran = small.ok("apply", "--yes", "--json", "--limit", "r1")
    assert "no shutdown" in ran.json["devices"]["r1"]["sent"]
    assert "no shutdown" not in lab.running_config("r1")
    assert "nothing to change" in small.ok("plan", "r1").out


def test_16_lines_that_cut_the_way_to_the_device_are_not_sent(small: "Project", lab: RunningLab) -> None:
    small.ok(*APPLY)
    small.type("sw1", ["interface Vlan99", "ip address 127.0.0.12 255.255.255.0", "no shutdown"])
    before = lab.running_config("sw1")
    found = pushed(small, status=3)
    assert (found["outcome"], found["sent"]) == ("cut off", [])
    assert lab.running_config("sw1") == before


def test_17_paramiko_is_one_that_still_talks_to_old_devices(small: "Project") -> None:
    wanted = [line for line in importlib.metadata.requires("cimnet-nornir") or () if line.startswith("paramiko")]
    assert any("<5" in line and ">=4" in line for line in wanted)
    ours, theirs = socket.socketpair()
    with ours, theirs, closing(paramiko.Transport(ours)) as transport:
        assert "diffie-hellman-group14-sha1" in transport.get_security_options().kex


def test_18_many_sessions_at_once_are_waited_for(small: "Project", lab: RunningLab) -> None:
    lab.fault("sw1", "slow", milliseconds=30)
    with devices_of(small) as devices:
        extras = devices.nornir.inventory.hosts["sw1"].connection_options["netmiko"].extras or {}
        assert (extras["conn_timeout"], extras["banner_timeout"], extras["auth_timeout"]) == (5.0, 10.0, 10.0)
        napalm = (devices.nornir.inventory.hosts["sw1"].connection_options["napalm"].extras or {})["optional_args"]
        assert (napalm["conn_timeout"], napalm["banner_timeout"], napalm["auth_timeout"]) == (5.0, 10.0, 10.0)
    assert small.ok("apply", "--yes", "--workers", "100").out.count("applied") == 3


def test_19_names_of_interfaces_are_compared_in_one_spelling(small: "Project", lab: RunningLab) -> None:
    small.ok(*APPLY)
    small.edit("[sw1 GigabitEthernet1/0/4,", "[sw1 gi1/0/4,")
    small.edit("GigabitEthernet1/0/1: {mode", "Gi1/0/1: {mode")
    assert "0 events" in small.ok("declare", str(small.network)).out or "nothing" in small.ok("plan", "sw1").out
    assert "nothing to change" in small.ok("plan", "sw1").out


def test_20_what_somebody_did_not_save_is_told_before_it_is_saved_with_a_push(
    small: "Project", lab: RunningLab
) -> None:
    small.ok(*APPLY)
    # A device tells times to the second.
    lab.advance("sw1", 60)
    small.type("sw1", ["snmp-server location Cellar"])
    guests(small)
    assert "runs what was not saved" in small.ok("plan", "sw1").out


def test_21_vlans_that_no_timer_takes_back_are_taken_back_by_lines(small: "Project", guarded: RunningLab) -> None:
    small.type("sw1", ["ip scp server enable", "vtp mode server"])
    small.ok(*APPLY)
    site(small, "logging host 192.0.2.7\n")
    guests(small)
    assert "keeps its VLANs in vlan.dat (VTP)" in small.ok("plan", "sw1").out
    guarded.fault("sw1", "ignore", pattern="^logging host")
    found = pushed(small, status=3)
    assert (found["outcome"], found["reverted"]) == ("differs", "revert timer")
    assert "guests" not in small.show("sw1", "show vlan brief")
    replaced = pushed(small, *NAPALM, "--mode", "replace", status=3)
    assert (replaced["outcome"], "which no configuration replaces" in replaced["reason"]) == ("not armed", True)
