"""The Nornir runner `cimnet_waves`: canaries first, then wave by wave, in each what is farthest away first."""

import threading
import traceback
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Literal

from nornir.core.inventory import Host
from nornir.core.task import AggregatedResult, MultiResult, Result, Task
from nornir.plugins.runners import ThreadedRunner

from cimnet_nornir.application.order import farthest_first
from cimnet_nornir.application.waves import (
    FailureLimit,
    Wave,
    WaveDecision,
    Waves,
    decide,
    interrupted,
    numbered,
    parse_max_failures,
    parse_waves,
    split,
)
from cimnet_nornir.errors import RolloutStopped, SettingsError

# What Nornir.close_connections runs: no rollout, and sessions are closed whatever a wave came to.
_CLOSING = "close_connections_task"
# Python takes no notice of a signal that comes in the moment before a wait begins, until that wait is over.
_SECONDS_TO_CTRL_C = 0.2


class WavesRunner:
    """Runs a task wave by wave, with threads: `runner: {plugin: cimnet_waves, options: {…}}`, or `nr.with_runner(…)`.

    Options: `num_workers` (20), `waves` ("10%,50%,100%"; default: all hosts are one), `canary` (host names, a list or
    separated by commas: a first wave of their own), `max_failures` ("2" hosts over all waves, or "25%" of each wave;
    default: any failure stops), `order` ("distance": hosts whose data say a greater `distance` first, one distance
    after the other, those without one before them; "none": as they stand in the inventory). From Python also `started`,
    told of each wave before it begins, and `on_wave`, told of the decision after it; where one raises, nothing more is
    started. `turn` gives by a host's name a number: lesser ones go before all others of their wave. `needs` names those
    whose failure keeps a host from being started, and `missing` such as could not be read;
    `failed` are those that failed before the run, and count. `decisions` are those of the last run, `interrupted` tells
    whether it was.

    Hosts whose turn did not come have a failed result with a RolloutStopped. A host failed where its result did, or has
    an `outcome` that is not applied. Ctrl-C lets running hosts finish and starts no other. Raises InvalidInput.
    """

    def __init__(
        self,
        *,
        num_workers: int = 20,
        waves: str | int | Sequence[str | int] | None = None,
        canary: str | Sequence[str] = (),
        max_failures: str | float = 0,
        order: Literal["distance", "none"] = "distance",
        on_wave: Callable[[WaveDecision], None] | None = None,
        started: Callable[[Wave], None] | None = None,
        turn: Callable[[str], int] = lambda _: 0,
        needs: Mapping[str, Collection[str]] | None = None,
        missing: Collection[str] = (),
        failed: Collection[str] = (),
    ) -> None:
        if order not in ("distance", "none"):
            raise SettingsError(f"order is distance or none, not {order!r}", subject="order")
        self.num_workers = _number(num_workers)
        self.waves = Waves() if waves is None else parse_waves(",".join(_listed(waves)))
        self.canaries = tuple(name for name in _listed(canary) if name)
        self.limit = parse_max_failures(str(max_failures))
        self.order = order
        self.on_wave = on_wave
        self.started = started
        self.turn = turn
        self.needs = needs or {}
        self.missing = frozenset(missing)
        self.failed = frozenset(failed)
        self.decisions: tuple[WaveDecision, ...] = ()
        self.interrupted = False

    def run(self, task: Task, hosts: list[Host]) -> AggregatedResult:
        """Run the task; every host has a result. Raises InvalidInput for a canary that is not in the inventory."""
        if task.name == _CLOSING:
            return ThreadedRunner(self.num_workers).run(task, hosts)
        rollout = _Rollout(task, hosts, self)
        self.interrupted = False
        with ThreadPoolExecutor(self.num_workers) as pool:
            try:
                rollout.carry_out(pool)
            except KeyboardInterrupt:
                self.interrupted = True
                rollout.interrupt()
        rollout.conclude()
        self.decisions = tuple(rollout.decisions)
        return rollout.result()

    def plan(self, task: Task, hosts: Sequence[Host]) -> tuple[Wave, ...]:
        """The waves of a run. Canaries that Nornir leaves out of it (they failed before, or did not) had their turn."""
        names = [name for group in self.groups(hosts) for name in group]
        left_out = set(task.nornir.inventory.hosts).difference(names)
        return numbered(split(names, self.waves, [name for name in self.canaries if name not in left_out]))

    def groups(self, hosts: Sequence[Host]) -> tuple[tuple[str, ...], ...]:
        """The names of hosts that may run at once, in the order of their turns."""
        if self.order == "none":
            return (tuple(host.name for host in hosts),)
        turns = sorted({self.turn(host.name) for host in hosts})
        parts = ({host.name: _distance(host) for host in hosts if self.turn(host.name) == turn} for turn in turns)
        return tuple(group for part in parts for group in farthest_first(part))


class _Rollout:
    """One run: what is done, what failed, and why nothing more is started once that is so."""

    def __init__(self, task: Task, hosts: Sequence[Host], runner: WavesRunner) -> None:
        self.decisions: list[WaveDecision] = []
        self._task = task
        self._hosts = {host.name: host for host in hosts}
        self._runner = runner
        self._waves = runner.plan(task, hosts)
        self._limit: FailureLimit = runner.limit
        self._results: dict[str, MultiResult] = {}
        self._failed: set[str] = set(runner.failed)
        self._turns = threading.Condition()
        self._running = 0
        self._stopped = False
        self._wave: Wave | None = None
        self._why = ""

    def carry_out(self, pool: ThreadPoolExecutor) -> None:
        """Run wave after wave, until one says stop."""
        for wave in self._waves:
            if not self._begin(wave):
                return
            for group in self._runner.groups([self._hosts[name] for name in wave.hosts]):
                _wait_for([pool.submit(self._run_host, self._hosts[name]) for name in group])
            if not self._end(wave):
                return

    def interrupt(self) -> None:
        """Start no other host; those that run finish."""
        with self._turns:
            self._stopped = True
        self._why = "the rollout was interrupted"

    def conclude(self) -> None:
        """Tell the decision after a wave that was interrupted, once its running hosts have finished.

        The pool is not asked: it knows nothing of a thread that was being started when Ctrl-C came.
        """
        with self._turns:
            self._turns.wait_for(lambda: not self._running)
        wave = self._wave
        if wave is not None:
            self._why += f" in wave {wave.number} of {wave.of}"
            done = sum(name in self._results for name in wave.hosts)
            self._tell(interrupted(wave, self._failed, done))

    def result(self) -> AggregatedResult:
        """The results in the order of the hosts; those whose turn did not come have one that says why."""
        result = AggregatedResult(self._task.name)
        for name, host in self._hosts.items():
            result[name] = self._results[name] if name in self._results else self._not_started(host, self._why)
        return result

    def _begin(self, wave: Wave) -> bool:
        try:
            if self._runner.started is not None:
                self._runner.started(wave)
        except Exception as error:  # noqa: BLE001 - what it raises would lose every host's result; told in theirs
            self._why = f"wave {wave.number} of {wave.of} could not be announced ({error})"
            return False
        self._wave = wave
        return True

    def _end(self, wave: Wave) -> bool:
        decision = decide(wave, self._failed, self._limit)
        self._wave = None
        if not decision.go_on:
            self._why = f"wave {wave.number} of {wave.of} stopped the rollout ({decision.reason})"
        return self._tell(decision) and decision.go_on

    def _tell(self, decision: WaveDecision) -> bool:
        self.decisions.append(decision)
        try:
            if self._runner.on_wave is not None:
                self._runner.on_wave(decision)
        except Exception as error:  # noqa: BLE001 - what it raises would lose every host's result; told in theirs
            self._why = self._why or f"the decision after wave {decision.number} could not be told ({error})"
            return False
        return True

    def _run_host(self, host: Host) -> None:
        """Run the task on a host, in a thread, unless the rollout was interrupted before its turn."""
        with self._turns:
            if self._stopped:
                return
            self._running += 1
        try:
            self._results[host.name] = self._kept_from(host) or self._outcome(host)
        finally:
            with self._turns:
                self._running -= 1
                self._turns.notify_all()

    def _kept_from(self, host: Host) -> MultiResult | None:
        """The result of a host that needs one which failed; None where nothing keeps it from being started."""
        lacking = sorted(set(self._runner.needs.get(host.name, ())) & (self._failed | self._runner.missing))
        if not lacking:
            return None
        self._failed.add(host.name)
        return self._not_started(host, f"{', '.join(lacking)} failed, and {host.name} needs what was to be done there")

    def _outcome(self, host: Host) -> MultiResult:
        """What the task came to on a host; a processor that raises in it fails this host, not the others."""
        copy = self._task.copy()
        try:
            result = copy.start(host)
        except BaseException as error:  # noqa: BLE001 - SystemExit too ends the host's turn, and is its result
            result = copy.results
            broken = Result(host, result=traceback.format_exc(), exception=error, failed=True)
            broken.name = self._task.name  # type: ignore[assignment]  # Nornir declares None and writes a text
            result.insert(0, broken)
        if _has_failed(result):
            self._failed.add(host.name)
        return result

    def _not_started(self, host: Host, why: str) -> MultiResult:
        error = RolloutStopped(f"not started: {why}", subject=host.name)
        result = Result(host, result=error.message, exception=error, failed=True)
        result.name = self._task.name  # type: ignore[assignment]  # Nornir declares None and writes a text
        results = MultiResult(self._task.name)
        results.append(result)
        return results


def _wait_for(futures: Sequence[Future[None]]) -> None:
    for future in futures:
        while not future.done():
            wait([future], timeout=_SECONDS_TO_CTRL_C)


def _has_failed(result: MultiResult) -> bool:
    """Whether a host counts as failed: its result says so, or the outcome of its push is not that it was applied."""
    outcome = getattr(result[0], "outcome", None)
    return result.failed or getattr(outcome, "applied", True) is False


def _distance(host: Host) -> int | None:
    distance = host.get("distance")
    return distance if isinstance(distance, int) and not isinstance(distance, bool) else None


def _number(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and value >= 1:
        return value
    raise SettingsError(f"num_workers is a number from 1, not {value!r}", subject="num_workers")


def _listed(given: str | int | Sequence[str | int]) -> tuple[str, ...]:
    """A list as settings have it: of YAML, or separated by commas in a text."""
    items = given if isinstance(given, list | tuple) else str(given).split(",")
    return tuple(str(item).strip() for item in items)
