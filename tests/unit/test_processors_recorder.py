"""The recorder: a processor of Nornir's that records each outcome once, and never raises in a hook."""

from pathlib import Path

import pytest
from nornir.core import Nornir
from nornir.core.configuration import Config
from nornir.core.inventory import Inventory
from nornir.core.processor import Processors
from nornir.core.task import Result, Task
from nornir.plugins.runners import SerialRunner, ThreadedRunner

from cimnet_nornir.application.outcomes import PushOutcome
from cimnet_nornir.application.plan import Plan
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.domain import events as e
from cimnet_nornir.errors import InvalidInput
from cimnet_nornir.inventory.builder import build_inventory
from cimnet_nornir.processors import CimnetRecorder
from cimnet_nornir.processors.recorder import recorder_of


@pytest.fixture
def plan(small: NetworkService) -> Plan:
    return small.plan_from({name: f"hostname old-{name}\n" for name in ("sw1", "sw2", "r1")})


@pytest.fixture
def inventory(small: NetworkService, tmp_path: Path) -> Inventory:
    return build_inventory(small, at=None, endpoints={}, known_hosts=tmp_path / "known_hosts")


def nornir(inventory: Inventory, recorder: CimnetRecorder, *, workers: int = 3) -> Nornir:
    made = Nornir(inventory=inventory, runner=ThreadedRunner(num_workers=workers), config=Config())
    return made.with_processors([recorder])


def push(task: Task, plan: Plan, outcome: str = "applied") -> Result:
    """Tells of the start, and of an outcome, as cimnet_push does."""
    recorder = recorder_of(task)
    assert recorder is not None
    device = plan.device(task.host.name)
    assert device is not None
    recorder.deployment().push_started(device)
    return Result(host=task.host, outcome=PushOutcome(device, outcome, 0.1), failed=outcome != "applied")


def recorded(service: NetworkService) -> list[str]:
    types = ("DeploymentStarted", "RouterConfigurationApplied", "SwitchConfigurationApplied", "DeploymentFinished")
    return [stored.type for stored in service.store.read_all(types=types)]


def test_a_run_is_one_deployment(small: NetworkService, plan: Plan, inventory: Inventory) -> None:
    recorder = CimnetRecorder(small, plan=plan)
    results = nornir(inventory, recorder).run(task=push, plan=plan)
    assert not results.failed
    assert recorder.trouble == []
    told = recorded(small)
    assert (told[0], told[-1]) == ("DeploymentStarted", "DeploymentFinished")
    assert sorted(told[1:-1]) == [
        "RouterConfigurationApplied",
        "SwitchConfigurationApplied",
        "SwitchConfigurationApplied",
    ]


def test_several_runs_in_a_block_each_finish_theirs(small: NetworkService, plan: Plan, inventory: Inventory) -> None:
    with CimnetRecorder(small, plan=plan) as recorder:
        for name in ("sw1", "sw2"):
            nornir(inventory, recorder).filter(name=name).with_processors([recorder]).run(task=push, plan=plan)
    assert recorded(small).count("DeploymentFinished") == 2
    recorder.close()
    assert recorded(small).count("DeploymentFinished") == 2


def test_a_run_that_pushes_nothing_opens_nothing(small: NetworkService, inventory: Inventory) -> None:
    with CimnetRecorder(small) as recorder:
        nornir(inventory, recorder).run(task=lambda task: Result(host=task.host, result="read"))
    assert recorded(small) == []


def test_an_outcome_is_recorded_once_although_a_subtask_told_it_too(
    small: NetworkService, plan: Plan, inventory: Inventory
) -> None:
    def outer(task: Task) -> Result:
        inner = task.run(task=push, plan=plan)[0]
        outcome = inner.outcome  # type: ignore[attr-defined]  # a Result carries what it was given
        return Result(host=task.host, outcome=outcome)

    recorder = CimnetRecorder(small, plan=plan)
    nornir(inventory, recorder).filter(name="sw1").with_processors([recorder]).run(task=outer)
    assert recorded(small).count("SwitchConfigurationApplied") == 1
    assert recorder.trouble == []


def test_an_outcome_of_a_subtask_alone_is_recorded(small: NetworkService, plan: Plan, inventory: Inventory) -> None:
    def outer(task: Task) -> Result:
        task.run(task=push, plan=plan)
        return Result(host=task.host, result="done")

    recorder = CimnetRecorder(small, plan=plan)
    nornir(inventory, recorder).filter(name="sw1").with_processors([recorder]).run(task=outer)
    assert recorded(small).count("SwitchConfigurationApplied") == 1


def test_a_hook_never_raises(small: NetworkService, plan: Plan, inventory: Inventory) -> None:
    """An outcome of a kind that no event has: Nornir keeps every host's result, and the trouble is told."""
    recorder = CimnetRecorder(small, plan=plan)
    results = nornir(inventory, recorder).run(task=push, plan=plan, outcome="exploded")
    assert set(results) == {"sw1", "sw2", "r1"}
    assert len(recorder.trouble) == 3
    assert all(trouble.startswith("not recorded: ValidationError") for trouble in recorder.trouble)
    assert recorded(small)[-1] == "DeploymentFinished"


def test_what_the_deployment_had_trouble_with_is_the_recorders_too(
    small: NetworkService, plan: Plan, inventory: Inventory
) -> None:
    recorder = CimnetRecorder(small, plan=plan)
    recorder.deployment().trouble.append("the store failed")
    recorder.close()
    assert recorder.trouble == ["the store failed"]


def test_a_deployment_of_others_is_left_open(small: NetworkService, plan: Plan, inventory: Inventory) -> None:
    with small.deployment(plan) as deployment:
        recorder = CimnetRecorder(small, plan=plan, deployment=deployment)
        nornir(inventory, recorder).filter(name="sw1").with_processors([recorder]).run(task=push, plan=plan)
        assert "DeploymentFinished" not in recorded(small)
        assert deployment.outcomes["sw1"].applied
    assert recorded(small)[-1] == "DeploymentFinished"


def test_hosts_plan_for_themselves_where_there_is_no_plan(small: NetworkService) -> None:
    with CimnetRecorder(small) as recorder:
        deployment = recorder.deployment()
        assert deployment.plan.devices == ()
        assert recorder.deployment() is deployment
    started = next(small.store.read_all(types=["DeploymentStarted"])).event
    assert isinstance(started, e.DeploymentStarted)
    assert started.position == small.intent().position


def test_a_deployment_that_cannot_be_opened_is_told_to_who_pushes(small: NetworkService, plan: Plan) -> None:
    elsewhere = plan.model_copy(update={"environment": "real"})
    with pytest.raises(InvalidInput, match="the plan is for the environment 'real'"):
        CimnetRecorder(small, plan=elsewhere).deployment()
    assert recorded(small) == []


def test_a_task_without_a_recorder_has_none(inventory: Inventory) -> None:
    found: list[object] = []

    def look(task: Task) -> Result:
        found.append(recorder_of(task))
        return Result(host=task.host)

    Nornir(inventory=inventory, runner=SerialRunner(), processors=Processors([])).filter(name="sw1").run(task=look)
    assert found == [None]
