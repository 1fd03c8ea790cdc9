"""A plan being carried out on all its devices: hosts are prepared, and then all are pushed to in their order."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import partial

from nornir.core.task import AggregatedResult

from cimnet_nornir.application.deployment import Deployment
from cimnet_nornir.application.plan import Plan
from cimnet_nornir.application.ports import Progress
from cimnet_nornir.application.pushing import PushOptions
from cimnet_nornir.errors import RolloutStopped
from cimnet_nornir.processors.recorder import CimnetRecorder
from cimnet_nornir.runners.waves import WavesRunner
from cimnet_nornir.tasks.preparing import Prepared
from cimnet_nornir.tasks.push import cimnet_push
from cimnet_nornir.tasks.transaction import Transaction, not_started, refusal

Run = Callable[..., AggregatedResult]
"""Runs a task on devices, by their ids, with a progress, a recorder, a runner, and the parameters of the task."""


@dataclass(frozen=True, slots=True)
class Rollout:
    """One deployment of a plan. `ids` gives the id of each host by its name, `workers` how many are done at once."""

    run: Run
    ids: Mapping[str, str]
    workers: int
    deployment: Deployment
    recorder: CimnetRecorder
    recheck: bool
    progress: Progress | None

    @property
    def plan(self) -> Plan:
        """What is carried out."""
        return self.deployment.plan

    @property
    def options(self) -> PushOptions:
        """How it is carried out."""
        return self.deployment.options

    def carry_out(self) -> None:
        """Push to all; hosts build their systems before anything is sent to anybody."""
        with closing(Prepared(self.plan, self.deployment, self.recorder, self.recheck)) as prepared:
            why = self._refusal() or self._prepare(prepared)
            if not why:
                self._push(prepared)
                return
            for device in self.plan.changes:
                if device.device not in self.deployment.outcomes:
                    self.recorder.take_in(not_started(device, why))

    def _refusal(self) -> str:
        """Why nothing may be pushed by a transaction; empty where it may, or there is none."""
        if not self.options.transaction:
            return ""
        guards = {device.device: self.options.guard(device) for device in self.plan.changes}
        return refusal(self.plan, guards, allow_cut=self.options.allow_cut)

    def _prepare(self, prepared: Prepared) -> str:
        """Prepare the hosts; why nothing else is begun, empty where it may be."""
        if not prepared.hosts:
            return ""
        runner = WavesRunner(num_workers=self.workers)
        self._told(self.run(prepared.hosts, prepared.build, _building(self.progress), self.recorder, runner))
        if runner.interrupted:
            return "it was interrupted"
        return prepared.trouble if self.options.transaction else ""

    def _push(self, prepared: Prepared) -> None:
        runner = self._in_waves()
        push = partial(
            self.run,
            [device.device for device in self.plan.changes if device.device not in self.deployment.outcomes],
            cimnet_push,
            self.progress,
            self.recorder,
            runner,
            plan=self.plan,
            recheck=self.recheck,
            options=self.options,
            begun=prepared.of,
        )
        if self.options.transaction:
            self._transaction(push, runner)
        else:
            self._told(push())

    def _transaction(self, push: Run, runner: WavesRunner) -> None:
        with closing(Transaction(self.deployment, self.recorder, self.workers)) as transaction:
            # Ctrl-C lets those under way finish, and starts no others: then what is held is taken back.
            self._told(push(hold=transaction.hold))
            interrupted = "it was interrupted" if runner.interrupted else ""

            def conclude() -> None:
                keeps = transaction.decide(interrupted=interrupted) == "keep"
                for step in (transaction.confirm, transaction.save) if keeps else (transaction.take_back,):
                    self.run(list(transaction.attempts), step, self.progress, self.recorder)

            undisturbed(conclude)

    def _told(self, results: AggregatedResult) -> None:
        """Record what was not started, since a wave stopped the rollout, and what ended without an outcome.

        Nornir's processors never hear of the one, and a transaction would be kept without the other.
        """
        for name, item in results.items():
            device, error = self.plan.device(self.ids[name]), item[0].exception
            if device is None or error is None or device.device in self.deployment.outcomes:
                continue
            if isinstance(error, RolloutStopped):
                self.recorder.take_in(not_started(device, str(error).removeprefix("not started: ")))
            else:
                self.recorder.take_in(self.deployment.unreported(device, error))

    def _in_waves(self) -> WavesRunner:
        """The runner of a push: farthest first, in the waves that its options say; each decision is an event."""
        deployment, chosen = self.deployment, self.options
        turns = self.recorder.service.turns(self.plan)
        return WavesRunner(
            num_workers=self.workers,
            waves=chosen.waves or None,
            canary=chosen.canary,
            max_failures=chosen.max_failures,
            started=lambda wave: deployment.wave_started(wave, self.ids),
            on_wave=lambda wave: deployment.wave_decided(wave, self.ids),
            turn=turns.turn,
            needs=turns.needs,
            missing=[unread.name for unread in self.plan.unread],
            failed=[outcome.device.name for outcome in deployment.outcomes.values() if outcome.device.changed],
        )


def _building(progress: Progress | None) -> Progress | None:
    """Tells of hosts that build, and of the end of those that could not: the others go on."""
    if progress is None:
        return None
    tell = progress

    def building(host: str, stage: str) -> None:
        if stage == "started":
            tell(host, "building")
        elif stage != "done":
            tell(host, "started")
            tell(host, stage)

    return building


def undisturbed(work: Callable[[], None]) -> None:
    """Do to its end what must not be left half done, whatever Ctrl-C says meanwhile; it takes a limited time."""
    with ThreadPoolExecutor(1, thread_name_prefix="undisturbed") as pool:
        done = pool.submit(work)
        while not done.done():
            # To wait without an end would be to take no notice of a signal that comes in the moment before.
            with suppress(KeyboardInterrupt):
                wait([done], timeout=0.2)
    done.result()
