"""The tasks in plain Nornir: the project's own runbooks, and runbooks as users write them."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from nornir import InitNornir
from nornir.core import Nornir
from nornir.core.exceptions import NornirExecutionError
from nornir.core.filter import F
from nornir.core.task import Result, Task

from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.errors import InvalidInput
from cimnet_nornir.inventory.builder import CimnetDefaults
from cimnet_nornir.lab.thread import RunningLab
from cimnet_nornir.processors import CimnetRecorder
from cimnet_nornir.tasks import cimnet_plan, cimnet_push, cimnet_render, cimnet_verify

if TYPE_CHECKING:
    from tests.e2e.conftest import Project


def service_of(nornir: Nornir) -> NetworkService:
    """What `nr.inventory.defaults.service` is in a runbook."""
    defaults = nornir.inventory.defaults
    assert isinstance(defaults, CimnetDefaults)
    return defaults.service


@pytest.mark.slow
@pytest.mark.parametrize(
    ("runbook", "says"),
    [
        ("render", "! acc1\n"),
        ("plan", "r2: in sync\nsrv1: left alone: a host has no IOS configuration\n"),
        ("push", "acc1: unchanged"),
        ("verify", "r2: running is what is intended\nsrv1: left alone: a host has no IOS configuration\n"),
        ("status", " interfaces up, hears dist1, dist2\n"),
        ("past", ": 9 hosts"),
    ],
)
def test_each_runbook_of_a_new_project_runs(campus: "Project", runbook: str, says: str) -> None:
    program = [sys.executable, f"tasks/{runbook}.py"]
    done = subprocess.run(program, cwd=campus.folder, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert says in done.stdout


@pytest.fixture
def nornir(small: "Project", lab: RunningLab, monkeypatch: pytest.MonkeyPatch) -> Iterator[Nornir]:
    """Nornir as a user makes it, in the project's folder."""
    monkeypatch.chdir(small.folder)
    made = InitNornir(config_file="inventory/config.yaml")
    yield made
    made.close_connections()
    service_of(made).store.close()


def test_the_inventory_has_the_hosts_and_filters_by_group(nornir: Nornir) -> None:
    assert sorted(nornir.inventory.hosts) == ["r1", "sw1", "sw2"]
    assert sorted(nornir.filter(F(groups__contains="role__access")).inventory.hosts) == ["sw1", "sw2"]
    assert nornir.inventory.hosts["sw1"]["site"] == "hq"
    assert nornir.inventory.defaults.data == {"network": "small", "environment": "lab"}


def rollout(task: Task) -> Result:
    """What a user's grouped task may look like."""
    planned = task.run(task=cimnet_plan)
    pushed = task.run(task=cimnet_push)
    checked = task.run(task=cimnet_verify)
    return Result(host=task.host, changed=pushed.changed, result=f"{planned[0].diff != ''} {checked[0].result}")


def test_a_push_in_a_grouped_task_is_recorded_in_one_deployment(small: "Project", nornir: Nornir) -> None:
    with CimnetRecorder(service_of(nornir).acting(reason="a runbook")) as recorder:
        results = nornir.with_processors([recorder]).run(task=rollout)
    assert not results.failed
    assert {name: item[0].result for name, item in results.items()} == dict.fromkeys(
        ("r1", "sw1", "sw2"), "True running is what is intended"
    )
    assert recorder.trouble == []
    started = small.events("DeploymentStarted")
    assert [event["reason"] for event in started] == ["a runbook"]
    applied = small.events("SwitchConfigurationApplied", "RouterConfigurationApplied")
    assert {event["correlation_id"] for event in applied} == {started[0]["correlation_id"]}
    assert len(applied) == 3
    assert len(small.events("DeploymentFinished")) == 1
    small.ok("plan", "--detailed-exitcode")


def test_a_push_without_a_recorder_records_itself(small: "Project", nornir: Nornir) -> None:
    results = nornir.filter(name="sw1").run(task=rollout)
    assert not results.failed
    assert results["sw1"][0].changed
    assert [event["data"]["outcomes"] for event in small.events("DeploymentFinished")] == [{"sw1": "applied"}]
    again = nornir.filter(name="sw1").run(task=cimnet_push)
    assert (again["sw1"][0].result, again["sw1"][0].changed) == ("nothing to send", False)
    assert len(small.events("DeploymentStarted")) == 1


@pytest.mark.parametrize("how", ["argument", "nornir"])
def test_a_dry_run_sends_and_records_nothing(small: "Project", lab: RunningLab, nornir: Nornir, how: str) -> None:
    lab.fault("sw2", "down")
    nornir.data.dry_run = how == "nornir"
    with CimnetRecorder(service_of(nornir)) as recorder:
        results = nornir.with_processors([recorder]).run(task=cimnet_push, dry_run=how == "argument" or None)
    assert results["sw1"][0].changed
    assert "vlan 10" in results["sw1"][0].result
    assert "+ vlan 10" in results["sw1"][0].diff
    assert results["sw2"].failed
    assert "vlan 10" not in lab.running_config("sw1")
    assert small.events("DeploymentStarted") == []


def test_an_absent_device_fails_and_is_recorded_with_and_without_a_recorder(
    small: "Project", lab: RunningLab, nornir: Nornir
) -> None:
    lab.fault("sw1", "down")
    chosen = nornir.filter(name="sw1")
    alone = chosen.run(task=cimnet_push)
    chosen.data.reset_failed_hosts()
    with CimnetRecorder(service_of(nornir)) as recorder:
        together = chosen.with_processors([recorder]).run(task=cimnet_push)
    for results in (alone, together):
        assert results.failed
        assert "connection refused" in results["sw1"][0].result
    failed = small.events("SwitchConfigurationFailed")
    assert [event["data"]["outcome"] for event in failed] == ["unreachable", "unreachable"]
    assert len(small.events("DeploymentFinished")) == 2


def test_raise_on_error_raises_after_everything_is_recorded(small: "Project", lab: RunningLab, nornir: Nornir) -> None:
    lab.fault("sw1", "reject", pattern="name users")
    nornir.config.core.raise_on_error = True
    service = service_of(nornir)
    with pytest.raises(NornirExecutionError), CimnetRecorder(service) as recorder:
        nornir.with_processors([recorder]).run(task=cimnet_push)
    outcomes = {"r1": "applied", "sw1": "rejected", "sw2": "applied"}
    assert [event["data"]["outcomes"] for event in small.events("DeploymentFinished")] == [outcomes]


def test_a_saved_plan_is_pushed_by_a_runbook_and_refused_when_it_is_old(
    small: "Project", lab: RunningLab, nornir: Nornir, tmp_path: Path
) -> None:
    from cimnet_nornir.application.plan import read_plan

    small.ok("plan", "-o", str(tmp_path / "change.plan"))
    plan = read_plan(tmp_path / "change.plan")
    small.type("sw2", ["vlan 77"])
    results = nornir.run(task=cimnet_push, plan=plan)
    assert {name: item.failed for name, item in results.items()} == {"r1": False, "sw1": False, "sw2": True}
    assert "has changed since the plan" in results["sw2"][0].result


def test_a_session_that_the_device_ended_is_opened_again(lab: RunningLab, nornir: Nornir) -> None:
    chosen = nornir.filter(name="sw1")
    assert not chosen.run(task=cimnet_plan).failed
    lab.fault("sw1", "down")
    lab.fault("sw1", "up")
    assert chosen.run(task=cimnet_push)["sw1"][0].result.startswith("vlan 10")


def test_a_verification_shows_how_a_device_differs(nornir: Nornir) -> None:
    results = nornir.filter(name="sw1").run(task=cimnet_verify)
    assert results.failed
    assert "running differs from intent" in results["sw1"][0].result
    assert "+ vlan 10" in results["sw1"][0].diff


def test_the_past_is_rendered_and_not_pushed_to(small: "Project", lab: RunningLab) -> None:
    options = {"project": str(small.folder), "network": "small", "at": small.events()[-1]["position"]}
    nornir = InitNornir(inventory={"plugin": "CimnetInventory", "options": options}, logging={"enabled": False})
    assert "vlan 10" in nornir.run(task=cimnet_render)["sw1"][0].result
    for task in (cimnet_push, cimnet_plan, cimnet_verify):
        result = nornir.filter(name="sw1").run(task=task)["sw1"][0]
        nornir.data.reset_failed_hosts()
        assert result.failed
        assert isinstance(result.exception, InvalidInput)
        assert "devices are read and changed in the present" in result.result
    service_of(nornir).store.close()


def test_another_inventory_is_told_what_is_wanted() -> None:
    nornir = InitNornir(
        inventory={"plugin": "SimpleInventory", "options": {"host_file": os.devnull}}, logging={"enabled": False}
    )
    from nornir.core.inventory import Host

    nornir.inventory.hosts["sw1"] = Host("sw1", defaults=nornir.inventory.defaults)
    result = nornir.run(task=cimnet_push)["sw1"][0]
    assert "needs the inventory plugin CimnetInventory" in result.result


def test_the_password_is_in_no_result(nornir: Nornir) -> None:
    from cimnet_nornir.bootstrap import LAB_PASSWORD

    for task in (cimnet_render, cimnet_plan, cimnet_push):
        for item in nornir.run(task=task).values():
            assert LAB_PASSWORD not in repr([vars(result) for result in item])
