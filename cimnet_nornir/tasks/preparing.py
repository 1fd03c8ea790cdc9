"""Hosts are prepared before anything is sent to anybody: a system is built for longer than a switch's timer runs."""

import threading
import time
from dataclasses import dataclass, field

from nornir.core.task import Result, Task

from cimnet_nornir.application.deployment import Deployment
from cimnet_nornir.application.plan import Plan
from cimnet_nornir.errors import CimnetError
from cimnet_nornir.processors.recorder import CimnetRecorder
from cimnet_nornir.tasks.configuration import failed
from cimnet_nornir.tasks.context import context_of
from cimnet_nornir.tasks.host_attempt import HostAttempt
from cimnet_nornir.tasks.push import concluded, pushed
from cimnet_nornir.tasks.pushing import Push


@dataclass(slots=True)
class Prepared:
    """The hosts of a plan whose systems are built; each is held until its turn comes. Safe from many threads."""

    plan: Plan
    deployment: Deployment
    recorder: CimnetRecorder
    recheck: bool
    _attempts: dict[str, HostAttempt] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def hosts(self) -> list[str]:
        """The ids of the hosts that are to be prepared."""
        return [device.device for device in self.plan.changes if device.kind == "host"]

    def build(self, task: Task) -> Result:
        """Build the host's system, and hold the host; what cannot be built is an outcome."""
        began = time.monotonic()
        try:
            context = context_of(task)
            planner = context.service.planner()
            device = self.plan.device(context.device)
        except CimnetError as error:
            return failed(task, error, outcome=None)
        if device is None:
            return Result(host=task.host, result="nothing to build", changed=False, outcome=None)
        attempt = HostAttempt(task, planner, device, self.plan.created, began, self.deployment.options)
        outcome = attempt.prepare(self.recorder.deployment, recheck=self.recheck)
        if outcome is not None:
            return pushed(task, device, concluded(attempt, self.recorder, lambda: outcome))
        with self._lock:
            self._attempts[device.device] = attempt
        return Result(host=task.host, result="built", changed=False, outcome=None)

    def of(self, device: str) -> Push | None:
        """The push that was begun to a device, by its id."""
        return self._attempts.get(device)

    @property
    def trouble(self) -> str:
        """The first host that was not prepared, and why; empty where all are."""
        outcomes = [self.deployment.outcomes[host] for host in self.hosts if host in self.deployment.outcomes]
        if not outcomes:
            return ""
        first = min(outcomes, key=lambda outcome: outcome.device.name)
        name = first.device.name
        return f"{name} {first.outcome}: {first.reason.removeprefix(f'{name} ').removeprefix(f'{name}: ')}"

    def close(self) -> None:
        """Let go of hosts whose turn never came."""
        for attempt in self._attempts.values():
            attempt.close()
