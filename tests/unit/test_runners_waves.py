"""The runner `cimnet_waves` under a real Nornir: order, waves, decisions, and what becomes of hosts not started."""

import signal
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from nornir import InitNornir
from nornir.core import Nornir
from nornir.core.configuration import Config
from nornir.core.exceptions import NornirExecutionError
from nornir.core.inventory import ConnectionOptions, Defaults, Group, Groups, Host, Hosts, Inventory, ParentGroups
from nornir.core.plugins.connections import ConnectionPluginRegister
from nornir.core.plugins.runners import RunnersPluginRegister
from nornir.core.state import GlobalState
from nornir.core.task import AggregatedResult, MultiResult, Result, Task
from nornir.plugins.runners import ThreadedRunner

from cimnet_nornir.application.waves import Wave, WaveDecision
from cimnet_nornir.errors import InvalidInput, RolloutStopped, SettingsError
from cimnet_nornir.runners import WavesRunner

CAMPUS: Mapping[str, object] = {"r1": 0, "dist1": 1, "dist2": 1, "acc1": 2, "acc2": 2, "acc3": 2, "lone1": None}


def nornir(runner: WavesRunner | ThreadedRunner, distances: Mapping[str, object] = CAMPUS) -> Nornir:
    hosts = Hosts({name: Host(name=name, data={"distance": away}) for name, away in distances.items()})
    inventory = Inventory(hosts=hosts, groups=Groups(), defaults=Defaults())
    return Nornir(inventory=inventory, runner=runner, config=Config(), data=GlobalState())


class Log:
    """A processor that keeps which hosts were started and completed, in that order."""

    def __init__(self) -> None:
        self.started: list[str] = []
        self.completed: list[str] = []
        self.whole: list[AggregatedResult] = []

    def task_started(self, task: Task) -> None: ...

    def task_completed(self, task: Task, result: AggregatedResult) -> None:
        self.whole.append(result)

    def task_instance_started(self, task: Task, host: Host) -> None:
        self.started.append(host.name)

    def task_instance_completed(self, task: Task, host: Host, result: MultiResult) -> None:
        self.completed.append(host.name)

    def subtask_instance_started(self, task: Task, host: Host) -> None: ...

    def subtask_instance_completed(self, task: Task, host: Host, result: MultiResult) -> None: ...


def push(task: Task, broken: Sequence[str] = ()) -> Result:
    return Result(host=task.host, result=f"pushed to {task.host.name}", failed=task.host.name in broken)


def not_started(result: AggregatedResult) -> dict[str, str]:
    return {
        name: str(item[0].exception) for name, item in result.items() if isinstance(item[0].exception, RolloutStopped)
    }


def test_hosts_are_done_farthest_first_one_distance_after_the_other() -> None:
    log = Log()
    result = nornir(WavesRunner(num_workers=1)).with_processors([log]).run(task=push)
    assert log.started == ["lone1", "acc1", "acc2", "acc3", "dist1", "dist2", "r1"]
    assert list(result) == list(CAMPUS)
    assert not result.failed
    assert result["acc1"][0].result == "pushed to acc1"
    assert log.whole == [result]


def test_those_of_an_earlier_turn_go_first_whatever_their_distance() -> None:
    log = Log()
    turns = {"r1": -1, "acc2": 1, "lone1": 1}
    nornir(WavesRunner(num_workers=1, turn=lambda name: turns.get(name, 0))).with_processors([log]).run(task=push)
    assert log.started == ["r1", "acc1", "acc3", "dist1", "dist2", "lone1", "acc2"]


def test_turns_hold_over_waves_too() -> None:
    log = Log()
    runner = WavesRunner(num_workers=1, waves="3,100%", turn=lambda name: 1 if name == "acc1" else 0)
    nornir(runner).with_processors([log]).run(task=push)
    assert log.started == ["lone1", "acc2", "acc3", "dist1", "dist2", "r1", "acc1"]


def test_a_host_that_needs_one_which_failed_is_not_started() -> None:
    log = Log()
    runner = WavesRunner(
        num_workers=1, needs={"r1": {"acc1"}, "dist1": {"acc2"}, "dist2": {"absent"}}, missing=["absent"]
    )
    result = nornir(runner).with_processors([log]).run(task=push, broken=["acc1"])
    assert not_started(result) == {
        "r1": "not started: acc1 failed, and r1 needs what was to be done there",
        "dist2": "not started: absent failed, and dist2 needs what was to be done there",
    }
    assert "dist1" in log.started
    assert runner.decisions[-1].failed == ("acc1", "dist2", "r1")


def test_what_failed_before_a_run_counts_in_it() -> None:
    result = nornir(WavesRunner(waves="1,100%", failed=["gone"], max_failures=1)).run(task=push, broken=["lone1"])
    assert len(not_started(result)) == 6
    assert not not_started(nornir(WavesRunner(waves="1,100%", failed=["gone"], max_failures=1)).run(task=push))


def test_a_distance_begins_when_all_of_the_one_before_are_done() -> None:
    log = Log()

    def slow(task: Task) -> None:
        time.sleep(0.05 if task.host.name == "acc2" else 0)

    nornir(WavesRunner()).with_processors([log]).run(task=slow)
    assert log.completed.index("acc2") < log.started.index("dist1")
    assert set(log.started[1:4]) == {"acc1", "acc2", "acc3"}


def test_the_order_can_be_that_of_the_inventory() -> None:
    log = Log()
    nornir(WavesRunner(num_workers=1, order="none")).with_processors([log]).run(task=push)
    assert log.started == list(CAMPUS)


def test_a_distance_may_come_from_a_group_and_what_is_no_number_is_none() -> None:
    log = Log()
    defaults = Defaults(data={"distance": 5})
    near = Group(name="near", data={"distance": 1}, defaults=defaults)
    hosts = Hosts(
        {
            "a": Host(name="a", groups=ParentGroups([near]), defaults=defaults),
            "b": Host(name="b", defaults=defaults),
            "c": Host(name="c", data={"distance": "far"}, defaults=defaults),
            "d": Host(name="d", data={"distance": True}, defaults=defaults),
        }
    )
    inventory = Inventory(hosts=hosts, groups=Groups({"near": near}), defaults=defaults)
    made = Nornir(inventory=inventory, runner=WavesRunner(num_workers=1), config=Config(), processors=None)
    made.with_processors([log]).run(task=push)
    assert log.started == ["c", "d", "b", "a"]


def test_canaries_go_first_then_wave_by_wave_and_each_decision_is_told() -> None:
    told: list[Wave | WaveDecision] = []
    runner = WavesRunner(waves="50%,100%", canary="dist1", started=told.append, on_wave=told.append)
    assert not nornir(runner).run(task=push).failed
    waves = [item for item in told if isinstance(item, Wave)]
    assert [(wave.number, wave.of, wave.hosts) for wave in waves] == [
        (1, 3, ("dist1",)),
        (2, 3, ("lone1", "acc1", "acc2")),
        (3, 3, ("acc3", "dist2", "r1")),
    ]
    decisions = tuple(item for item in told if isinstance(item, WaveDecision))
    assert [type(item) for item in told] == [Wave, WaveDecision] * 3
    assert runner.decisions == decisions
    assert [str(item) for item in decisions] == [
        "wave 1 of 3: none of 1 failed: continue",
        "wave 2 of 3: none of 3 failed: continue",
        "wave 3 of 3: none of 3 failed: continue",
    ]


def test_hosts_of_waves_that_were_not_run_have_a_failed_result_that_says_why() -> None:
    log = Log()
    runner = WavesRunner(waves=["1", "50%"], order="none")
    made = nornir(runner).with_processors([log])
    result = made.run(task=push, broken=["dist2"])
    assert list(result) == list(CAMPUS)
    said = "not started: wave 2 of 3 stopped the rollout (1 of 3 failed)"
    assert not_started(result) == dict.fromkeys(("acc2", "acc3", "lone1"), said)
    assert result["acc2"].failed
    assert (result["acc2"][0].result, result["acc2"].name, str(result["acc2"][0].name)) == (said, "push", "push")
    assert str(result["acc2"][0].host) == "acc2"
    assert set(result.failed_hosts) == {"dist2", "acc2", "acc3", "lone1"} == made.data.failed_hosts
    assert sorted(log.started) == sorted(log.completed) == ["acc1", "dist1", "dist2", "r1"]
    assert [item.go_on for item in runner.decisions] == [True, False]
    assert runner.decisions[-1].failed == ("dist2",)


def test_a_rollout_goes_on_while_no_more_fail_than_may() -> None:
    for limit, rest in ((1, 0), ("34%", 0), (0.33, 3), ("0", 3), (0, 3)):
        runner = WavesRunner(waves="1,50%", order="none", max_failures=limit)
        assert len(not_started(nornir(runner).run(task=push, broken=["dist2"]))) == rest


def test_an_exception_fails_a_host_and_the_limit_counts_it() -> None:
    def explode(task: Task) -> None:
        if task.host.name == "r1":
            raise SystemExit(3)
        raise ValueError("odd")

    result = nornir(WavesRunner(waves="1", order="none")).run(task=explode)
    assert isinstance(result["r1"][0].exception, SystemExit)
    assert len(not_started(result)) == len(CAMPUS) - 1


@dataclass
class Outcome:
    applied: bool


def test_an_outcome_that_is_not_applied_counts_as_failed_whatever_the_result_says() -> None:
    def report(task: Task, applied: bool | None) -> Result:
        return Result(host=task.host, outcome=None if applied is None else Outcome(applied))

    for applied, rest in ((True, 0), (None, 0), (False, 6)):
        result = nornir(WavesRunner(waves="1")).run(task=report, applied=applied)
        assert len(not_started(result)) == rest


def test_a_failed_sub_task_counts_too() -> None:
    def grouped(task: Task) -> str:
        task.run(push, broken=["lone1"])
        return "all done"

    result = nornir(WavesRunner(waves="1")).run(task=grouped)
    assert len(not_started(result)) == 6
    assert result["lone1"][1].result == "pushed to lone1"


# --- Nornir's own ways ------------------------------------------------------------------------------------------------


def test_raise_on_error_raises_with_the_results_of_all_hosts() -> None:
    with pytest.raises(NornirExecutionError) as raised:
        nornir(WavesRunner(waves="1")).run(task=push, raise_on_error=True, broken=["lone1"])
    assert set(raised.value.result) == set(CAMPUS)
    assert len(not_started(raised.value.result)) == 6


def test_no_host_and_one_host() -> None:
    runner = WavesRunner(waves="10%,50%", canary="dist1")
    made = nornir(runner)
    assert made.filter(name="nobody").with_runner(WavesRunner(waves="10%")).run(task=push) == {}
    result = made.filter(name="dist1").run(task=push)
    assert list(result) == ["dist1"]
    assert [(item.number, item.of) for item in runner.decisions] == [(1, 1)]


def test_a_canary_that_is_not_in_the_inventory_is_told_before_anything_runs() -> None:
    log = Log()
    made = nornir(WavesRunner(canary=["acc1", "acc9"])).with_processors([log])
    with pytest.raises(InvalidInput, match="canary 'acc9' is none of the hosts of this run"):
        made.run(task=push)
    with pytest.raises(InvalidInput, match="canary 'acc1' is none"):
        made.filter(name="r1").run(task=push)
    assert log.started == []


def test_a_canary_that_nornir_leaves_out_because_it_failed_has_had_its_turn() -> None:
    made = nornir(WavesRunner(canary="acc1", max_failures=1))
    made.run(task=push, broken=["acc1"])
    assert set(made.run(task=push)) == set(CAMPUS) - {"acc1"}
    assert set(made.run(task=push, on_good=False, on_failed=True)) == {"acc1"}


def test_connections_are_closed_at_once_whatever_the_waves() -> None:
    told: list[Wave] = []
    closed: set[str] = set()

    class Connection:
        def __init__(self) -> None:
            self.name = ""
            self.connection = None

        def open(self, hostname: str | None, *_: Any, **__: Any) -> None:
            self.name = hostname or ""

        def close(self) -> None:
            closed.add(self.name)
            raise OSError("the session is broken")

    ConnectionPluginRegister.register("broken", Connection)
    try:
        made = nornir(WavesRunner(waves="1", started=told.append))
        for host in made.inventory.hosts.values():
            host.hostname = host.name
            host.connection_options["broken"] = ConnectionOptions()
            host.get_connection("broken", made.config)
        made.close_connections()
        assert closed == set(CAMPUS)
        assert told == []
    finally:
        ConnectionPluginRegister.deregister("broken")


def test_a_processor_that_raises_in_a_thread_fails_its_host_and_loses_no_result() -> None:
    class Raising(Log):
        def task_instance_completed(self, task: Task, host: Host, result: MultiResult) -> None:
            if host.name == "acc1":
                raise RuntimeError("disk full")

    result = nornir(WavesRunner(waves="50%")).with_processors([Raising()]).run(task=push)
    assert list(result) == list(CAMPUS)
    assert isinstance(result["acc1"][0].exception, RuntimeError)
    assert "disk full" in str(result["acc1"][0].result)
    assert result["acc1"][1].result == "pushed to acc1"
    assert set(not_started(result)) == {"dist1", "dist2", "r1"}


def test_a_wave_that_cannot_be_announced_is_not_begun() -> None:
    def started(wave: Wave) -> None:
        if wave.number == 2:
            raise OSError("the store is full")

    log = Log()
    runner = WavesRunner(waves="1,3", started=started)
    result = nornir(runner).with_processors([log]).run(task=push)
    assert log.started == ["lone1"]
    said = "not started: wave 2 of 3 could not be announced (the store is full)"
    assert set(not_started(result).values()) == {said}
    assert len(runner.decisions) == 1


def test_after_a_decision_that_could_not_be_told_nothing_more_begins() -> None:
    def on_wave(decision: WaveDecision) -> None:
        raise OSError("the store is full")

    log = Log()
    result = nornir(WavesRunner(waves="1,3", on_wave=on_wave)).with_processors([log]).run(task=push)
    assert log.started == ["lone1"]
    said = "not started: the decision after wave 1 could not be told (the store is full)"
    assert set(not_started(result).values()) == {said}
    broken = nornir(WavesRunner(waves="1,3", on_wave=on_wave)).run(task=push, broken=["lone1"])
    assert set(not_started(broken).values()) == {"not started: wave 1 of 3 stopped the rollout (1 of 1 failed)"}


@pytest.mark.parametrize("at_work", [1, 2], ids=["while threads start", "while all run"])
def test_ctrl_c_lets_running_hosts_finish_and_tells_the_others_that_they_were_not_started(at_work: int) -> None:
    decisions: list[WaveDecision] = []
    finished: list[str] = []
    running = threading.Semaphore(0)

    def slow(task: Task) -> str:
        running.release()
        time.sleep(0.8)
        finished.append(task.host.name)
        return "done"

    def interrupt() -> None:
        for _ in range(at_work):
            running.acquire(timeout=10)
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)

    presser = threading.Thread(target=interrupt)
    presser.start()
    runner = WavesRunner(num_workers=2, waves="5", on_wave=decisions.append)
    result = nornir(runner, dict.fromkeys("abcdefg")).run(task=slow)
    presser.join()
    done = {name: item[0].result for name, item in result.items() if not item.failed}
    assert done == dict.fromkeys(sorted(finished), "done")
    assert at_work <= len(done) <= 2
    said = "not started: the rollout was interrupted in wave 1 of 2"
    assert not_started(result) == {name: said for name in "abcdefg" if name not in done}
    assert [str(item) for item in decisions] == [
        f"wave 1 of 2: interrupted when {len(done)} of 5 were done, none of them failed: stop"
    ]


def test_a_group_of_one_distance_is_as_fast_as_with_nornirs_own_threads() -> None:
    def short(task: Task) -> None:
        time.sleep(0.002)

    hosts = dict.fromkeys([f"h{number}" for number in range(400)], 1)

    def seconds(runner: WavesRunner | ThreadedRunner) -> float:
        made = nornir(runner, hosts)
        began = time.perf_counter()
        assert len(made.run(task=short)) == 400
        return time.perf_counter() - began

    # The best of a few: the machine has other work.
    ours, theirs = (min(seconds(kind(num_workers=20)) for _ in range(5)) for kind in (WavesRunner, ThreadedRunner))
    assert ours < theirs * 1.5 + 0.02


# --- settings ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "kind", "words"),
    [
        ({"num_workers": 0}, SettingsError, "num_workers is a number from 1, not 0"),
        ({"num_workers": True}, SettingsError, "num_workers is a number from 1, not True"),
        ({"order": "nearest"}, SettingsError, "order is distance or none, not 'nearest'"),
        ({"waves": "50%,10%"}, InvalidInput, "brings more hosts"),
        ({"waves": ["1", "x"]}, InvalidInput, "'x' is neither"),
        ({"waves": ""}, InvalidInput, "'' is neither"),
        ({"max_failures": "all"}, InvalidInput, "failures 'all'"),
        ({"max_failures": True}, InvalidInput, "failures 'True'"),
        ({"max_failures": -1}, InvalidInput, "failures '-1'"),
    ],
)
def test_an_option_that_cannot_be_is_told_in_one_line(
    options: dict[str, Any], kind: type[Exception], words: str
) -> None:
    with pytest.raises(kind, match=words):
        WavesRunner(**options)


@pytest.fixture
def registered() -> Iterator[None]:
    """As the entry point of the package registers it."""
    RunnersPluginRegister.register("cimnet_waves", WavesRunner)
    yield
    RunnersPluginRegister.deregister("cimnet_waves")


def test_nornir_makes_the_runner_by_its_name(tmp_path: Path, registered: None) -> None:
    (tmp_path / "hosts.yaml").write_text("a: {data: {distance: 1}}\nb: {data: {distance: 2}}\nc: {}\n")
    told: list[WaveDecision] = []
    made = InitNornir(
        inventory={"plugin": "SimpleInventory", "options": {"host_file": str(tmp_path / "hosts.yaml")}},
        runner={
            "plugin": "cimnet_waves",
            "options": {"num_workers": 4, "waves": [1, "100%"], "canary": ["b"], "on_wave": told.append},
        },
        logging={"enabled": False},
    )
    assert list(made.run(task=push)) == ["a", "b", "c"]
    assert [decision.hosts for decision in told] == [("b",), ("c",), ("a",)]
