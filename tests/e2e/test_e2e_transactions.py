"""A change to several devices that holds everywhere or nowhere, and devices that take back what nobody confirms."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from cimnet_nornir.lab.thread import RunningLab
from cimnet_nornir.tasks import attempt

if TYPE_CHECKING:
    from tests.e2e.conftest import Project

pytestmark = pytest.mark.slow

APPLY = ("apply", "--yes", "--json")
TRANSACTION = (*APPLY, "--transaction")
ALL = ("r1", "sw1", "sw2")


def texts(lab: RunningLab) -> dict[str, tuple[str, str]]:
    """What each device runs, and what it would boot with."""
    return {name: (lab.running_config(name), lab.startup_config(name)) for name in ALL}


def outcomes(ran: object) -> dict[str, str]:
    return {name: item["outcome"] for name, item in ran.json["devices"].items()}  # type: ignore[attr-defined] # of Ran


def test_a_device_with_an_archive_is_confirmed_and_saved(small: "Project", guarded: RunningLab) -> None:
    ran = small.ok(*APPLY)
    assert outcomes(ran) == dict.fromkeys(ALL, "applied")
    assert all(item["confirmed"] and item["saved"] for item in ran.json["devices"].values())
    assert {event["data"]["protection"] for event in small.events("PushStarted")} == {"revert timer"}
    assert {event["data"]["minutes"] for event in small.events("PushStarted")} == {5}
    assert "No Rollback Confirmed Change pending" in small.show("sw1", "show archive config rollback timer")
    assert "vlan 10" in guarded.startup_config("sw1")
    assert "nothing to change" in small.ok("plan").out


def test_a_refused_line_is_taken_back_by_the_device_itself(small: "Project", settled: RunningLab) -> None:
    before = texts(settled)
    settled.fault("sw1", "reject", pattern="^name guests")
    ran = small.ok(*APPLY, status=3)
    assert outcomes(ran) == {"r1": "applied", "sw1": "rejected", "sw2": "applied"}
    assert ran.json["devices"]["sw1"]["reverted"] == "revert timer"
    assert texts(settled)["sw1"] == before["sw1"]
    failed = small.events("SwitchConfigurationFailed")[-1]["data"]
    assert (failed["reverted"], failed["line"]) == ("revert timer", "name guests")


def test_what_failed_is_kept_where_that_is_asked_for(small: "Project", settled: RunningLab) -> None:
    settled.fault("sw1", "reject", pattern="^name guests")
    ran = small.ok(*APPLY, "--on-failure", "keep", status=3)
    assert ran.json["devices"]["sw1"]["reverted"] == ""
    assert "vlan 20" in settled.running_config("sw1")
    assert "vlan 20" not in settled.startup_config("sw1")
    assert "No Rollback Confirmed Change pending" in small.show("sw1", "show archive config rollback timer")


def test_a_device_without_an_archive_is_taken_back_by_lines(small: "Project", lab: RunningLab) -> None:
    before = lab.running_config("sw1")
    lab.fault("sw1", "reject", pattern="^switchport trunk allowed")
    ran = small.ok(*APPLY, status=3)
    assert (ran.json["devices"]["sw1"]["outcome"], ran.json["devices"]["sw1"]["reverted"]) == ("rejected", "lines")
    assert lab.running_config("sw1") == before


def test_a_transaction_is_kept_on_all_devices(small: "Project", settled: RunningLab) -> None:
    ran = small.ok(*TRANSACTION)
    assert outcomes(ran) == dict.fromkeys(ALL, "applied")
    decided = small.events("TransactionDecided")[-1]
    assert (decided["data"]["decision"], sorted(decided["data"]["devices"])) == ("keep", list(ALL))
    applied = small.events("SwitchConfigurationApplied", "RouterConfigurationApplied")[-3:]
    assert all(decided["position"] < event["position"] for event in applied)
    assert all("No Rollback" in small.show(name, "show archive config rollback timer") for name in ALL)
    assert "vlan 20" in settled.startup_config("sw2")


@pytest.mark.parametrize(("fault", "pattern"), [("reject", "^name guests"), ("ignore", "^name guests")])
def test_a_transaction_is_taken_back_on_all_devices_where_one_fails(
    small: "Project", settled: RunningLab, fault: str, pattern: str
) -> None:
    before = texts(settled)
    settled.fault("sw2", fault, pattern=pattern)
    ran = small.ok(*TRANSACTION, status=3)
    kind = {"reject": "rejected", "ignore": "differs"}[fault]
    assert outcomes(ran) == {"r1": "taken back", "sw1": "taken back", "sw2": kind}
    assert {item["reverted"] for item in ran.json["devices"].values()} == {"revert timer"}
    assert texts(settled) == before
    decided = small.events("TransactionDecided")[-1]["data"]
    assert decided["decision"] == "take back"
    assert decided["reason"].startswith(f"sw2 {kind}: ")
    told = small.ok("trace", ran.json["deployment"][:8]).out
    assert "transaction: taken back on 2 devices, since sw2" in told
    assert "nothing is in doubt" in small.ok("recover").out


def test_a_transaction_without_one_of_its_devices_sends_nothing(small: "Project", settled: RunningLab) -> None:
    before = texts(settled)
    settled.fault("sw2", "down")
    ran = small.ok(*TRANSACTION, status=3)
    assert outcomes(ran) == {"r1": "not started", "sw1": "not started", "sw2": "unreachable"}
    assert "a transaction needs every device" in ran.json["devices"]["r1"]["reason"]
    assert texts(settled) == before
    assert small.events("TransactionDecided") == []


def test_configuration_mode_is_locked_where_the_device_lets_it_be(small: "Project", settled: RunningLab) -> None:
    """With `configuration mode exclusive manual` nobody else gets in while lines are sent."""
    small.type("sw1", ["configuration mode exclusive manual"])
    settled.fault("sw1", "hang-on", pattern="^name guests")
    with small.start("apply", "--yes", "--limit", "sw1") as process:
        for _ in range(400):
            if "vlan 20" in settled.running_config("sw1"):
                break
            time.sleep(0.05)
        settled.fault("sw1", "clear")
        with small.session("sw1") as other:
            said = other.send_command_timing("configure terminal")
        process.kill()
        process.communicate()
    assert "Configuration mode locked exclusively by user 'admin'" in said


TWENTY = tuple(f"sw{number:02}" for number in range(1, 21))


def change(project: "Project", number: int) -> None:
    """Another VLAN and another text at a port of each of the twenty."""
    text = project.network.read_text(encoding="utf-8")
    text = re.sub(r"desk \d+", f"desk {number}", text)
    text = re.sub(r"vlans: \{10: users[^}]*\}", f"vlans: {{10: users, {number}: change}}", text)
    project.network.write_text(text, encoding="utf-8")
    project.ok("declare", str(project.network), "--prune", "--yes")


@contextmanager
def checked(project: "Project", *checks: str) -> Iterator[None]:
    """The project with these checks after each change."""
    path = project.folder / "inventory" / "checks.yaml"
    listed = "".join(f"  - {{{check}, when: after, within: 0}}\n" for check in checks)
    path.write_text(f"checks:\n{listed}", encoding="utf-8")
    try:
        yield
    finally:
        path.unlink()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("check", "said"),
    [
        ("check: vlan-active, vlan: 4000", "VLAN 4000 is active: the switch does not have it"),
        ("check: ping, destination: 203.0.113.9", "203.0.113.9 answers to ping: success rate is 0 percent"),
    ],
)
def test_twenty_devices_are_all_as_they_were_where_one_fails_its_check(
    twenty: "tuple[Project, RunningLab]", check: str, said: str
) -> None:
    project, lab = twenty
    change(project, 200 + len(check))
    before = {name: (lab.running_config(name), lab.startup_config(name)) for name in TWENTY}
    with checked(project, f"{check}, hosts: sw07", "check: vlan-active, vlan: 10"):
        ran = project.ok(*TRANSACTION, status=3)
    assert outcomes(ran) == {name: "check failed" if name == "sw07" else "taken back" for name in TWENTY}
    failed = ran.json["devices"]["sw07"]
    assert failed["checks"] == [said.partition(": ")[0]]
    assert said in failed["reason"]
    # All of them held the change, and none of them saved it.
    assert all(len(item["sent"]) >= 4 and not item["saved"] for item in ran.json["devices"].values())
    assert {item["reverted"] for item in ran.json["devices"].values()} == {"revert timer"}
    assert {name: (lab.running_config(name), lab.startup_config(name)) for name in TWENTY} == before
    assert "No Rollback" in project.show("sw12", "show archive config rollback timer")
    told = project.ok("trace", ran.json["deployment"][:8]).out
    assert f"transaction: taken back on 19 devices, since sw07 check failed: {said}" in told
    told = project.ok("trace", ran.json["deployment"][:8], "--all").out
    for name in TWENTY:
        why = said if name == "sw07" else f"the transaction was taken back: sw07 check failed: {said}"
        became = "check failed" if name == "sw07" else "taken back"
        assert re.search(rf"{name}: {became} \(lab\): {re.escape(why)}.*; brought back by revert timer", told)
    assert "nothing is in doubt" in project.ok("recover").out
    assert project.ok("store", "leases", "--json").json["leases"] == []


def test_a_session_that_was_cut_while_others_were_waited_for_is_opened_anew(
    small: "Project", settled: RunningLab, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As idle timers of devices and firewalls cut it."""
    monkeypatch.setattr(attempt, "IDLE_SECONDS", 0.0)
    settled.fault("sw1", "drop-on", pattern="^show privilege")
    ran = small.ok(*TRANSACTION)
    assert outcomes(ran) == dict.fromkeys(ALL, "applied")
    assert "vlan 20" in settled.startup_config("sw1")


def test_nothing_is_unsaved_on_a_device_that_was_brought_back(small: "Project", settled: RunningLab) -> None:
    settled.fault("sw1", "reject", pattern="^name guests")
    small.ok(*APPLY, status=3)
    settled.fault("sw1", "clear")
    assert "Last configuration change" in small.show("sw1", "show running-config")
    assert "not saved" not in small.ok("plan", "sw1").out
    small.type("sw1", ["ntp server 192.0.2.9"])
    assert "runs what was not saved (by admin at " in small.ok("plan", "sw1").out


def test_a_plan_in_a_file_says_itself_which_devices_it_is_for(small: "Project", settled: RunningLab) -> None:
    file = str(small.folder / "change.plan")
    small.ok("plan", "-o", file, "--limit", "sw1")
    refused = small.ok("apply", file, "--yes", "--limit", "sw2", status=1)
    assert "says which devices it is for; --limit goes with cimnet plan -o" in refused.err
    assert "--limit is empty" in small.ok("apply", "--yes", "--limit", "", status=1).err
    small.ok("apply", file, "--yes")
    again = small.ok("apply", file, "--yes", status=3)
    assert "runs what is intended already: the plan was carried out" in again.out


def test_a_device_whose_push_is_in_doubt_is_told_of_wherever_it_looks_well(
    small: "Project", settled: RunningLab
) -> None:
    """It runs what is intended, and would go back by itself."""
    settled.fault("sw1", "drop-on", pattern="^configure confirm")
    assert "next: cimnet recover" in small.ok("apply", "--yes", status=5).err
    settled.fault("sw1", "clear")
    for words in (("plan",), ("apply", "--yes"), ("verify",)):
        assert "warning: a push is under way or in doubt: sw1; cimnet recover settles it" in small.ok(*words).err
    small.ok("recover")
    assert "in doubt" not in small.ok("plan").err


@pytest.mark.parametrize("options", [("--finish", "--revert"), ("--keep", "--finish"), ("--revert", "--keep")])
def test_recovery_is_told_one_thing(small: "Project", options: tuple[str, str]) -> None:
    assert "exclude one another" in small.ok("recover", *options, status=1).err
