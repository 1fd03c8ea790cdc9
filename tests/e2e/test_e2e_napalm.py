"""`cimnet apply --method napalm` against a lab: merge and replace, SCP and inline, and what it makes of failures."""

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Literal

import pytest
from nornir.core.task import Result, Task

from cimnet_nornir.application.pushing import PushOptions
from cimnet_nornir.bootstrap import open_devices
from cimnet_nornir.errors import NotArmed
from cimnet_nornir.lab.thread import RunningLab
from cimnet_nornir.processors.recorder import CimnetRecorder
from cimnet_nornir.tasks.attempt import Attempt
from cimnet_nornir.tasks.login import open_session
from cimnet_nornir.tasks.napalm_session import napalm_session
from cimnet_nornir.tasks.push import cimnet_push
from cimnet_nornir.tasks.transport import transport_for

if TYPE_CHECKING:
    from tests.e2e.conftest import Project

pytestmark = pytest.mark.slow

ALL = ("r1", "sw1", "sw2")
NAPALM = ("apply", "--yes", "--json", "--method", "napalm")
FAILED = ("SwitchConfigurationFailed", "RouterConfigurationFailed")
WAYS = [
    pytest.param(("--mode", mode, "--transfer", transfer), id=f"{mode}-{transfer}", marks=marks)
    for mode in ("merge", "replace")
    # What is typed into tclsh takes seconds for each file.
    for transfer, marks in (("scp", ()), ("inline", pytest.mark.slow))
]


def outcomes(ran: object) -> dict[str, str]:
    return {name: item["outcome"] for name, item in ran.json["devices"].items()}  # type: ignore[attr-defined] # of Ran


def texts(lab: RunningLab) -> dict[str, tuple[str, str]]:
    """What each device runs, and what it would boot with."""
    return {name: (lab.running_config(name), lab.startup_config(name)) for name in ALL}


def copying(project: "Project") -> None:
    for name in ALL:
        project.type(name, ["ip scp server enable"])


def changed(project: "Project") -> None:
    """Intent for all three devices that is not on them yet."""
    project.edit("vlans: {10: users, 99: management}", "vlans: {10: users, 20: guests, 99: management}")
    project.edit("description: to sw1, address", "description: to the first switch, address")
    project.declare(reason="CHG-2 guests")


@pytest.fixture
def settled(small: "Project", guarded: RunningLab) -> RunningLab:
    """Devices with an archive and an SCP server, everything applied, and a change of intent that waits."""
    copying(small)
    small.ok("apply", "--yes")
    changed(small)
    return guarded


@pytest.mark.parametrize("way", WAYS)
def test_a_change_is_committed_confirmed_and_saved(small: "Project", settled: RunningLab, way: tuple[str, ...]) -> None:
    small.type("sw1", ["username guest privilege 1 secret Gu3st-word", "snmp-server location Cellar  2"])
    owned = [line for line in settled.running_config("sw1").splitlines() if line.startswith(("username", "snmp"))]
    ran = small.ok(*NAPALM, *way)
    assert outcomes(ran) == dict.fromkeys(ALL, "applied")
    assert all(item["confirmed"] and item["saved"] for item in ran.json["devices"].values())
    assert {event["data"]["method"] for event in small.events("PushStarted")[-3:]} == {"napalm"}
    for name in ALL:
        assert settled.startup_config(name) == settled.running_config(name)
        assert "file prompt quiet" not in settled.running_config(name)
        assert "No Rollback Confirmed Change pending" in small.show(name, "show archive config rollback timer")
    assert [line for line in settled.running_config("sw1").splitlines() if line in owned] == owned
    assert "nothing to change" in small.ok("plan").out


@pytest.mark.parametrize("mode", ["merge", "replace"])
def test_a_refused_line_leaves_running_and_startup_as_they_were(
    small: "Project", settled: RunningLab, mode: str
) -> None:
    before = texts(settled)
    settled.fault("sw1", "reject", pattern="^name guests")
    ran = small.ok(*NAPALM, "--mode", mode, status=3)
    assert outcomes(ran) == {"r1": "applied", "sw1": "rejected", "sw2": "applied"}
    assert texts(settled)["sw1"] == before["sw1"]
    failed = small.events(*FAILED)[-1]["data"]
    assert (failed["method"], failed["line"]) == ("napalm", "name guests")
    assert "name guests" in failed["answer"] or "Invalid input" in failed["answer"]
    settled.fault("sw1", "clear")
    assert outcomes(small.ok(*NAPALM)) == {"sw1": "applied"}


def test_what_napalm_calls_a_success_is_judged_by_what_the_device_said(small: "Project", settled: RunningLab) -> None:
    before = texts(settled)
    site(small, "ntp server\n")
    ran = small.ok(*NAPALM, "--limit", "sw1", status=3)
    assert outcomes(ran) == {"sw1": "rejected"}
    assert "% Incomplete command." in ran.json["devices"]["sw1"]["reason"]
    assert texts(settled)["sw1"] == before["sw1"]


def test_a_line_that_a_device_forgets_is_found_out_and_not_saved(small: "Project", settled: RunningLab) -> None:
    before = texts(settled)
    settled.fault("sw1", "ignore", pattern="^name guests")
    ran = small.ok(*NAPALM, "--limit", "sw1", status=3)
    assert outcomes(ran) == {"sw1": "differs"}
    assert ran.json["devices"]["sw1"]["remaining"] == ["vlan 20", "name guests"]
    assert texts(settled)["sw1"] == before["sw1"]


def test_a_change_that_nobody_confirms_is_taken_back_by_the_device(small: "Project", settled: RunningLab) -> None:
    before = texts(settled)
    with held(small, "sw1") as attempt:
        assert "vlan 20" in settled.running_config("sw1")
        settled.advance("sw1", 60 * 5 + 1)
        outcome = attempt.confirm()
    assert outcome is not None
    assert (outcome.outcome, outcome.reverted) == ("not confirmed", "revert timer")
    assert texts(settled)["sw1"] == before["sw1"]


def test_a_device_whose_pusher_is_gone_takes_it_back_alone(small: "Project", settled: RunningLab) -> None:
    before = texts(settled)
    with held(small, "sw1"):
        pass
    settled.advance("sw1", 60 * 5 + 1)
    # NAPALM's own line came before the device's copy, so that the device brings it back.
    assert settled.running_config("sw1").replace("file prompt quiet\n", "") == before["sw1"][0]
    assert settled.startup_config("sw1") == before["sw1"][1]


def test_a_transaction_is_kept_on_all_devices(small: "Project", settled: RunningLab) -> None:
    assert outcomes(small.ok(*NAPALM, "--transaction")) == dict.fromkeys(ALL, "applied")
    assert all(settled.startup_config(name) == settled.running_config(name) for name in ALL)


@pytest.mark.parametrize("mode", ["merge", "replace"])
def test_a_transaction_is_taken_back_on_all_devices_where_one_fails(
    small: "Project", settled: RunningLab, mode: str
) -> None:
    before = texts(settled)
    settled.fault("sw2", "reject", pattern="^name guests")
    ran = small.ok(*NAPALM, "--transaction", "--mode", mode, status=3)
    assert outcomes(ran) == {"r1": "taken back", "sw1": "taken back", "sw2": "rejected"}
    assert texts(settled) == before
    assert "nothing is in doubt" in small.ok("recover").out


def test_devices_without_an_archive_are_merged_to_and_saved_once_read_back(small: "Project", lab: RunningLab) -> None:
    copying(small)
    ran = small.ok(*NAPALM)
    assert outcomes(ran) == dict.fromkeys(ALL, "applied")
    assert {item["confirmed"] for item in ran.json["devices"].values()} == {False}
    assert all(lab.startup_config(name) == lab.running_config(name) for name in ALL)
    assert "file prompt quiet" not in lab.startup_config("sw1")


@pytest.mark.parametrize("fault", ["reject", "ignore"])
def test_a_device_without_an_archive_is_brought_back_and_not_saved(
    small: "Project", lab: RunningLab, fault: str
) -> None:
    copying(small)
    before = texts(lab)
    lab.fault("sw1", fault, pattern="^name users")
    ran = small.ok(*NAPALM, "--limit", "sw1", status=3)
    assert outcomes(ran) == {"sw1": {"reject": "rejected", "ignore": "differs"}[fault]}
    assert ran.json["devices"]["sw1"]["reverted"] == "lines"
    assert texts(lab)["sw1"] == before["sw1"]


def test_the_whole_is_not_replaced_without_an_archive(small: "Project", lab: RunningLab) -> None:
    copying(small)
    before = texts(lab)
    ran = small.ok(*NAPALM, "--mode", "replace", status=3)
    assert outcomes(ran) == dict.fromkeys(ALL, "not armed")
    assert "sw1 cannot be replaced as a whole: there is no archive" in ran.json["devices"]["sw1"]["reason"]
    assert texts(lab) == before


def test_a_reload_timer_is_stopped_when_the_change_is_kept(small: "Project", lab: RunningLab) -> None:
    copying(small)
    ran = small.ok(*NAPALM, "--fallback", "reload", "--limit", "sw1")
    assert ran.json["devices"]["sw1"]["confirmed"] is True
    lab.advance("sw1", 60 * 6)
    assert "vlan 10" in lab.running_config("sw1")


def test_a_device_that_takes_no_files_by_scp_is_told_in_one_line(small: "Project", guarded: RunningLab) -> None:
    before = texts(guarded)
    ran = small.ok(*NAPALM, "--limit", "sw1", status=3)
    assert outcomes(ran) == {"sw1": "not armed"}
    said = ran.json["devices"]["sw1"]["reason"]
    assert said == (
        "nothing was sent: sw1 takes no files by SCP; type `ip scp server enable` there, or say --transfer inline"
    )
    assert ran.json["devices"]["sw1"]["sent"] == []
    assert texts(guarded) == before


def test_a_full_flash_takes_nothing(small: "Project", settled: RunningLab) -> None:
    before = texts(settled)
    settled.fault("sw1", "full")
    ran = small.ok(*NAPALM, "--limit", "sw1", status=3)
    assert outcomes(ran) == {"sw1": "not armed"}
    assert "Insufficient space available on remote device" in ran.json["devices"]["sw1"]["reason"]
    assert texts(settled)["sw1"] == before["sw1"]


def test_a_configuration_that_somebody_locked_is_left_alone(small: "Project", settled: RunningLab) -> None:
    before = texts(settled)
    settled.fault("sw1", "lock", user="bob")
    ran = small.ok(*NAPALM, "--limit", "sw1", status=3)
    assert outcomes(ran) == {"sw1": "busy"}
    assert "locked exclusively by user 'bob'" in ran.json["devices"]["sw1"]["reason"]
    settled.fault("sw1", "clear")
    assert texts(settled)["sw1"] == before["sw1"]


@pytest.mark.parametrize("way", WAYS)
def test_a_banner_goes_where_it_can(small: "Project", settled: RunningLab, way: tuple[str, ...]) -> None:
    site(small, "banner motd ^C\nOnly for {# no brace #}staff.\n  % Not an error\n^C\n")
    fits = way != ("--mode", "replace", "--transfer", "inline")
    ran = small.ok(*NAPALM, *way, "--limit", "sw1", status=0 if fits else 3)
    if fits:
        assert outcomes(ran) == {"sw1": "applied"}
        assert "Only for staff.\n  % Not an error" in settled.startup_config("sw1")
        assert outcomes(small.ok(*NAPALM, "--mode", "replace", "--limit", "sw2")) == {"sw2": "applied"}
    else:
        assert outcomes(ran) == {"sw1": "not armed"}
        assert (
            "sw1 cannot have a banner typed into its tclsh; say --transfer scp" in ran.json["devices"]["sw1"]["reason"]
        )


@pytest.mark.parametrize(("devices", "mode"), [("guarded", "merge"), ("guarded", "replace"), ("lab", "merge")])
def test_a_host_name_may_change(small: "Project", request: pytest.FixtureRequest, devices: str, mode: str) -> None:
    lab: RunningLab = request.getfixturevalue(devices)
    copying(small)
    small.ok("apply", "--yes")
    renamed(small)
    assert outcomes(small.ok(*NAPALM, "--mode", mode)) == {"access-one": "applied"}
    assert lab.startup_config("sw1") == lab.running_config("sw1")
    assert "hostname access-one\n" in lab.startup_config("sw1")


def test_a_host_name_that_is_taken_back_does_not_lose_the_session(small: "Project", settled: RunningLab) -> None:
    before = texts(settled)
    renamed(small)
    settled.fault("sw1", "reject", pattern="^name guests")
    assert outcomes(small.ok(*NAPALM, "--limit", "access-one", status=3)) == {"access-one": "rejected"}
    assert texts(settled)["sw1"] == before["sw1"]


@pytest.mark.parametrize(
    ("mode", "by_hand", "why"),
    [
        ("merge", ["vlan 20", "name guests"], "says that the file changes nothing"),
        (
            "replace",
            ["snmp-server location Cellar"],
            "says that the file changes more than was planned: -snmp-server location Cellar",
        ),
    ],
)
def test_what_the_device_would_change_otherwise_than_planned_is_not_committed(
    small: "Project", settled: RunningLab, mode: Literal["merge", "replace"], by_hand: list[str], why: str
) -> None:
    with small.service() as service, open_devices(small.settings, service) as devices:

        def sent_after_somebody_typed(task: Task) -> Result:
            session, planner = open_session(task), service.planner()
            before = session.running()
            device = planner.plan(planner.device("sw1"), before)
            transport = transport_for(task, planner, device, PushOptions(method="napalm", mode=mode), before)
            with pytest.raises(NotArmed, match=re.escape(f"sw1 {why}")):
                transport.send(session, device.commands, lambda: small.type("sw1", by_hand))
            return Result(host=task.host, result=session.sent)

        ran = devices.nornir.filter(name="sw1").run(task=sent_after_somebody_typed)
    assert ran["sw1"][0].result == []
    assert by_hand[-1] in settled.running_config("sw1")
    assert "file prompt quiet" not in settled.running_config("sw1")
    assert "No Rollback Confirmed Change pending" in small.show("sw1", "show archive config rollback timer")


def test_a_replacement_that_the_device_only_began_is_taken_back(small: "Project", settled: RunningLab) -> None:
    before = texts(settled)
    settled.fault("sw1", "reject", pattern="^name guests")
    with small.service() as service, open_devices(small.settings, service) as devices:
        # Then IOS replaces what it can, says "Rollback aborted after 5 passes", and NAPALM calls that a success.
        extras = devices.nornir.inventory.hosts["sw1"].connection_options["napalm"].extras or {}
        extras["optional_args"]["auto_rollback_on_error"] = False
        plan = service.plan(devices, ["sw1"])
        done = service.apply(plan, devices, options=PushOptions(method="napalm", mode="replace"))
    outcome = done.outcomes["sw1"]
    assert (outcome.outcome, outcome.reverted) == ("rejected", "revert timer")
    assert "The rollback configlet from the last pass is listed below" in outcome.reason
    assert texts(settled)["sw1"] == before["sw1"]


def test_a_connection_that_breaks_in_the_commit_leaves_nothing_behind(small: "Project", settled: RunningLab) -> None:
    before = texts(settled)
    settled.fault("sw1", "drop-on", pattern="^copy flash:/merge_config.txt")
    ran = small.run(*NAPALM, "--limit", "sw1")
    running, startup = texts(settled)["sw1"]
    assert "file prompt quiet" not in running
    assert outcomes(ran) == {"sw1": "applied"}
    assert running == startup != before["sw1"][0]


@pytest.mark.parametrize("full", [False, True], ids=["room", "full"])
def test_the_copy_of_an_older_push_is_never_gone_back_to(small: "Project", lab: RunningLab, full: bool) -> None:
    copying(small)
    small.ok(*NAPALM, "--limit", "sw1")
    small.type("sw1", ["snmp-server location Cellar"])

    def committed(task: Task) -> Result:
        session = open_session(task)
        with napalm_session(task, inline=False, quiet=False) as napalm:
            napalm.load("snmp-server contact Ann\nend\n", replace=False)
            if full:
                lab.fault("sw1", "full")
            napalm.commit(0, replace=False)
            assert "snmp-server contact Ann" in session.running()
            assert napalm.copied is not full
            napalm.revert(copy=napalm.copied)
        return Result(host=task.host)

    with small.service() as service, open_devices(small.settings, service) as devices:
        assert not devices.nornir.filter(name="sw1").run(task=committed).failed
    assert "snmp-server location Cellar" in lab.running_config("sw1")
    assert ("snmp-server contact Ann" in lab.running_config("sw1")) is full


def test_a_prompt_that_was_quiet_before_stays_quiet(small: "Project", settled: RunningLab) -> None:
    small.type("sw1", ["file prompt quiet"])
    assert outcomes(small.ok(*NAPALM, "--limit", "sw1")) == {"sw1": "applied"}
    assert "file prompt quiet" in settled.running_config("sw1")
    assert "file prompt quiet" in settled.startup_config("sw1")


def test_napalm_is_loaded_for_its_own_pushes_only(small: "Project", lab: RunningLab) -> None:
    arguments = ["--project", str(small.folder), "apply", "--yes"]
    program = [sys.executable, "-X", "importtime", "-m", "cimnet_nornir", *arguments]
    ran = subprocess.run(program, capture_output=True, text=True, check=True)
    assert "3 of 3 devices done" in ran.stdout
    loaded = {line.rpartition("|")[2].strip() for line in ran.stderr.splitlines()}
    assert "netmiko" in loaded
    assert not {name for name in loaded if name.split(".")[0] in ("napalm", "nornir_napalm")}


def renamed(project: "Project") -> None:
    project.edit("  sw1:\n", "  access-one:\n    renamed_from: sw1\n")
    project.edit("[sw1 ", "[access-one ")
    project.declare()


def site(project: "Project", text: str) -> None:
    """Lines that the site's own template adds to every device."""
    folder = project.folder / "templates" / "cisco_ios"
    folder.mkdir(parents=True)
    (folder / "site.j2").write_text(text, encoding="utf-8")


@contextmanager
def held(project: "Project", host: str) -> Iterator[Attempt]:
    """A push by NAPALM that the device holds, and nobody confirmed yet."""
    attempts: list[Attempt] = []
    with project.service() as service, open_devices(project.settings, service) as devices:
        plan = service.plan(devices, [host])
        options = PushOptions(method="napalm")
        with service.deployment(plan, options=options) as deployment:
            recorder = CimnetRecorder(service, plan=plan, deployment=deployment)
            chosen = devices.nornir.filter(name=host).with_processors([recorder])
            chosen.run(task=cimnet_push, plan=plan, options=options, hold=attempts.append)
            with closing(attempts[0]):
                yield attempts[0]
