"""Corners of a push: timers left behind, exceptions that nobody foresaw, interruptions, leases that are lost."""

import signal
import time
from typing import TYPE_CHECKING, Any

import paramiko
import pytest
from nornir.core.task import Result, Task

from cimnet_nornir.application.deploying import deploy
from cimnet_nornir.application.pushing import PushOptions
from cimnet_nornir.bootstrap import open_devices
from cimnet_nornir.lab.thread import RunningLab
from cimnet_nornir.tasks import cimnet_push
from cimnet_nornir.tasks.attempt import Attempt

if TYPE_CHECKING:
    from tests.e2e.conftest import Project

APPLY = ("apply", "--yes", "--json")
ALL = ("r1", "sw1", "sw2")
NO_TIMER = "No Rollback Confirmed Change pending"
pytestmark = pytest.mark.slow

STOLEN = """
import sqlite3, time

class Stolen:
    id, when, hosts, within = "stolen", "after", ["sw1"], 0
    def run(self, device):
        with sqlite3.connect({store!r}) as connection:
            connection.execute("UPDATE leases SET token = 'bob', holder = 'bob' WHERE name LIKE '%/sw1'")
        connection.close()
        time.sleep(1)
        if {fails}:
            yield "no"

stolen = Stolen()
"""


def told(ran: Any) -> dict[str, str]:
    """What became of each device."""
    return {name: item["outcome"] for name, item in ran.json["devices"].items()}


def no_thread(self: paramiko.Transport, *_: Any, **__: Any) -> None:
    self.sock.close()
    raise RuntimeError("can't start new thread")


def test_a_reload_is_called_off_where_nothing_could_be_sent_after_it_was_scheduled(
    small: "Project", lab: RunningLab
) -> None:
    lab.fault("sw1", "reject", pattern="^configure terminal")
    ran = small.ok(*APPLY, "--limit", "sw1", "--fallback", "reload", status=3)
    assert told(ran) == {"sw1": "not armed"}
    assert "No reload is scheduled" in small.show("sw1", "show reload")


def test_a_reload_that_cannot_be_called_off_leaves_the_push_in_doubt(small: "Project", lab: RunningLab) -> None:
    lab.fault("sw1", "reject", pattern="^configure terminal|^reload cancel")
    ran = small.ok(*APPLY, "--limit", "sw1", "--fallback", "reload", status=5)
    assert told(ran) == {"sw1": "in doubt"}
    assert "sw1 reloads within 5 min" in ran.json["devices"]["sw1"]["reason"]


def test_a_device_that_refuses_to_revert_is_taken_back_by_lines_and_its_timer_stopped(
    small: "Project", guarded: RunningLab
) -> None:
    before = guarded.running_config("sw1")
    guarded.fault("sw1", "reject", pattern="^name users|^configure revert")
    ran = small.ok(*APPLY, "--limit", "sw1", status=3)
    assert (told(ran), ran.json["devices"]["sw1"]["reverted"]) == ({"sw1": "rejected"}, "lines")
    assert guarded.running_config("sw1") == before
    assert NO_TIMER in small.show("sw1", "show archive config rollback timer")


def test_a_device_that_would_reload_is_reached_anew_before_it_is_told_not_to(
    small: "Project", lab: RunningLab, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = lab.running_config("sw1")
    start = paramiko.Transport.start_client
    seen: list[str] = []

    def start_client(self: paramiko.Transport, *arguments: Any, **options: Any) -> None:
        seen.append(str(self.getpeername()))
        if len(seen) == 2:
            no_thread(self)
        start(self, *arguments, **options)

    monkeypatch.setattr(paramiko.Transport, "start_client", start_client)
    ran = small.ok(*APPLY, "--limit", "sw1", "--fallback", "reload", status=3)
    assert (told(ran), ran.json["devices"]["sw1"]["checks"]) == ({"sw1": "check failed"}, ["a second session"])
    assert lab.running_config("sw1") == before
    assert "No reload is scheduled" in small.show("sw1", "show reload")


def test_a_transaction_that_was_decided_takes_no_device_back_although_its_timer_is_about_to_run_out(
    small: "Project", guarded: RunningLab
) -> None:
    """The others are confirmed: this one is told in time, or `recover` brings it to the decision."""
    held: list[Attempt] = []
    with small.service() as service, open_devices(small.settings, service) as devices:
        plan = service.plan(devices)
        options = PushOptions(transaction=True, confirm_within=1)

        def confirmed(task: Task) -> Result:
            (attempt,) = held
            attempt._deadline = time.monotonic() + 3
            outcome = attempt.confirm()
            attempt.close()
            return Result(host=task.host, outcome=outcome)

        chosen = devices.nornir.filter(name="sw1")
        chosen.run(task=cimnet_push, plan=plan, options=options, hold=held.append)
        results = chosen.run(task=confirmed)
    assert getattr(results["sw1"][0], "outcome", "none was told") is None
    assert "vlan 10" in guarded.running_config("sw1")


def test_a_transaction_is_not_kept_where_something_that_nobody_foresaw_befell_a_device(
    small: "Project", guarded: RunningLab, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {name: guarded.running_config(name) for name in ALL}
    start = paramiko.Transport.start_client
    seen: list[str] = []

    def start_client(self: paramiko.Transport, *arguments: Any, **options: Any) -> None:
        seen.append(str(self.getpeername()))
        # The second session of one device.
        if len(seen) == len(ALL) + 1:
            no_thread(self)
        start(self, *arguments, **options)

    monkeypatch.setattr(paramiko.Transport, "start_client", start_client)
    ran = small.ok(*APPLY, "--transaction", status=3)
    assert {name: guarded.running_config(name) for name in ALL} == before
    assert sorted(told(ran)) == sorted(ALL)
    assert "applied" not in told(ran).values()


def test_what_nobody_foresaw_is_an_outcome_and_not_a_success(
    small: "Project", lab: RunningLab, monkeypatch: pytest.MonkeyPatch
) -> None:
    small.ok("plan", "-o", str(small.folder / "change.plan"))

    sendall = paramiko.Channel.sendall

    def send(self: paramiko.Channel, data: bytes) -> None:
        if data.startswith(b"show running-config"):
            raise ZeroDivisionError("of a library")
        sendall(self, data)

    monkeypatch.setattr(paramiko.Channel, "sendall", send)
    ran = small.run("apply", str(small.folder / "change.plan"), "--yes", "--json")
    assert ran.status != 0, ran.out
    assert sorted(told(ran)) == sorted(ALL)


def test_an_interrupted_transaction_is_taken_back_although_all_devices_were_under_way(
    small: "Project", guarded: RunningLab
) -> None:
    before = {name: guarded.running_config(name) for name in ALL}
    for name in ALL:
        guarded.fault(name, "slow", milliseconds=150)
    with small.start("apply", "--yes", "--transaction") as process:
        wait_for(small, "PushStarted", 3)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 3, out + err
    for name in ALL:
        guarded.fault(name, "clear")
    assert {name: guarded.running_config(name) for name in ALL} == before
    assert "interrupted" in small.events("TransactionDecided")[-1]["data"]["reason"]


def test_a_transaction_that_no_device_takes_is_over(small: "Project", guarded: RunningLab) -> None:
    for name in ALL:
        guarded.fault(name, "reject", pattern="^interface")
    assert told(small.ok(*APPLY, "--transaction", status=3)) == dict.fromkeys(ALL, "rejected")
    assert "nothing is in doubt" in small.ok("recover").out


def wait_for(project: "Project", event: str, count: int) -> None:
    for _ in range(1000):
        if project.rows(f"SELECT COUNT(*) FROM stored_events WHERE type = '{event}'") >= [(count,)]:
            return
        time.sleep(0.02)
    pytest.fail(f"there is no {event}")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_who_is_told_to_stop_finishes_what_is_under_way_and_starts_nothing_else(
    small: "Project", lab: RunningLab, number: signal.Signals
) -> None:
    for name in ALL:
        lab.fault(name, "slow", milliseconds=100)
    with small.start("apply", "--yes", "--workers", "1") as process:
        wait_for(small, "PushStarted", 1)
        process.send_signal(number)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 3, out + err
    assert err.count("stopping: what is under way is finished or taken back first") == 1
    (finished,) = small.events("DeploymentFinished")
    assert sorted(finished["data"]["outcomes"].values()) == ["applied", "not started", "not started"]
    assert "nothing is in doubt" in small.ok("recover").out
    with small.service() as service:
        assert [lease.name for lease in service.store.leases() if lease.held] == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_what_a_transaction_decided_is_carried_out_whatever_interrupts_it(
    small: "Project", guarded: RunningLab, number: signal.Signals
) -> None:
    for name in ALL:
        guarded.fault(name, "slow", milliseconds=60)
    with small.start("apply", "--yes", "--transaction", "--workers", "1") as process:
        wait_for(small, "TransactionDecided", 1)
        for _ in range(3):
            process.send_signal(number)
            time.sleep(0.1)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 0, out + err
    assert all(guarded.startup_config(name) == guarded.running_config(name) != "" for name in ALL)
    assert all("vlan 10" in guarded.running_config(name) for name in ("sw1", "sw2"))
    assert "nothing is in doubt" in small.ok("recover").out


def test_patience_with_a_slow_device_does_not_outlast_the_lease(small: "Project", lab: RunningLab) -> None:
    config = small.folder / "inventory" / "config.yaml"
    config.write_text(config.read_text(encoding="utf-8").replace("line: 2", "line: 90"), encoding="utf-8")
    assert told(small.ok(*APPLY)) == dict.fromkeys(ALL, "applied")


@pytest.mark.parametrize("fails", [False, True])
def test_nothing_is_confirmed_saved_or_taken_back_on_a_device_that_is_another_s_by_then(
    small: "Project", guarded: RunningLab, fails: bool
) -> None:
    checks = small.folder / "checks"
    checks.mkdir()
    (checks / "ours.py").write_text(STOLEN.format(store=str(small.database), fails=fails), encoding="utf-8")
    with small.service() as service, open_devices(small.settings, service) as devices:
        plan = service.plan(devices)
        with deploy(service.store, service.actor, plan, service.spool(), lease_seconds=1) as deployment:
            devices.push(plan, deployment)
    outcomes = {outcome.device.name: outcome for outcome in deployment.outcomes.values()}
    assert {name: outcome.outcome for name, outcome in outcomes.items()} == {
        "r1": "applied",
        "sw1": "in doubt",
        "sw2": "applied",
    }
    assert "the lease of sw1 runs out; nothing more was sent" in outcomes["sw1"].reason
    assert "Timer value: 5 min" in small.show("sw1", "show archive config rollback timer")
    assert guarded.startup_config("sw1") == ""
    guarded.advance("sw1", 360)
    assert "vlan 10" not in guarded.running_config("sw1")


def test_a_password_of_a_site_template_is_in_nothing_that_is_kept_or_said(small: "Project", lab: RunningLab) -> None:
    site = small.folder / "templates" / "cisco_ios" / "site.j2"
    site.parent.mkdir(parents=True)
    site.write_text("snmp-server community planted9secret RO\n", encoding="utf-8")
    lab.fault("sw1", "reject", pattern="^snmp-server")
    ran = small.ok("apply", "--yes", "-v", status=3)
    assert "planted9secret" not in ran.out + ran.err
    told_in_json = small.ok(*APPLY, status=3).json["devices"]
    assert "planted9secret" not in str(told_in_json)
    assert {name: told["outcome"] for name, told in told_in_json.items()} == {"sw1": "rejected"}, "the others have it"
    states = [str(row[0]) for row in small.rows("SELECT CAST(state AS TEXT) FROM stored_events")]
    assert not [state for state in states if "planted9secret" in state]
