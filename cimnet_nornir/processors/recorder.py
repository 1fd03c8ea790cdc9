"""Records every outcome of a push as an event, and never raises: Nornir would throw away all results if it did."""

import threading
from collections.abc import Callable
from contextlib import ExitStack
from types import TracebackType
from typing import Self

from nornir.core.inventory import Host
from nornir.core.task import AggregatedResult, MultiResult, Task

from cimnet_nornir.application.deployment import Deployment
from cimnet_nornir.application.outcomes import PushOutcome
from cimnet_nornir.application.plan import Plan
from cimnet_nornir.application.service import NetworkService


class CimnetRecorder:
    """A processor that holds one deployment, and records in it what `cimnet_push` reports of each host.

    The deployment is opened by the first push and finished by `close`, at the end of a `with`, or when the run
    completes. `plan` is what is carried out; without one, hosts plan for themselves. `trouble` has what could not be
    recorded. Give it to Nornir by `nr.with_processors([recorder])`.
    """

    def __init__(
        self, service: NetworkService, *, plan: Plan | None = None, deployment: Deployment | None = None
    ) -> None:
        self.service = service
        self.trouble: list[str] = []
        self._plan = plan
        self._given = deployment
        self._deployment = deployment
        self._ours = ExitStack()
        self._lock = threading.Lock()
        self._recorded: list[PushOutcome] = []

    def deployment(self) -> Deployment:
        """The deployment, opened where it was not. Raises StoreError where that cannot be recorded."""
        with self._lock:
            if self._deployment is None:
                plan = self._plan or self.service.plan_of()
                self._deployment = self._ours.enter_context(self.service.deployment(plan))
            return self._deployment

    def record(self, outcome: PushOutcome) -> None:
        """Record what became of a host, once. Raises StoreError where there is no deployment to record it in."""
        with self._lock:
            if any(outcome is known for known in self._recorded):
                return
            self._recorded.append(outcome)
        self.deployment().record(outcome)

    def take_in(self, outcome: PushOutcome) -> None:
        """The same, and what cannot be recorded is told in `trouble`."""
        self._guard(lambda: self.record(outcome))

    def close(self) -> None:
        """Finish the deployment, where it was opened here; the next push opens another. One that was given goes on."""
        with self._lock:
            if self._given is None and self._deployment is not None:
                self.trouble += self._deployment.trouble
            self._ours.close()
            self._deployment = self._given
            if self._given is None:
                self._recorded.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # --- Nornir's hooks -----------------------------------------------------------------------------------------------

    def task_started(self, task: Task) -> None:
        """Nothing is open before something is pushed."""

    def task_completed(self, task: Task, result: AggregatedResult) -> None:
        """The run is over: the deployment that was opened for it is finished."""
        self._guard(self.close)

    def task_instance_started(self, task: Task, host: Host) -> None:
        """The task itself records the start, before its first line."""

    def task_instance_completed(self, task: Task, host: Host, result: MultiResult) -> None:
        self._take_in(result)

    def subtask_instance_started(self, task: Task, host: Host) -> None:
        """The task itself records the start, before its first line."""

    def subtask_instance_completed(self, task: Task, host: Host, result: MultiResult) -> None:
        self._take_in(result)

    def _take_in(self, result: MultiResult) -> None:
        outcome = getattr(result[0], "outcome", None) if result else None
        if isinstance(outcome, PushOutcome):
            self.take_in(outcome)

    def _guard(self, step: Callable[[], None]) -> None:
        try:
            step()
        except Exception as error:  # noqa: BLE001 - a hook that raises loses every host's result; told in `trouble`
            self.trouble.append(f"not recorded: {type(error).__name__}: {error}")


def recorder_of(task: Task) -> CimnetRecorder | None:
    """The recorder among the processors of the run, where there is one."""
    return next((processor for processor in task.processors if isinstance(processor, CimnetRecorder)), None)
