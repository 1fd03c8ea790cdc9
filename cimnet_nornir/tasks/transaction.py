"""A change that is kept on all its devices or on none: all hold it, one decision is made durable, all are told."""

import math
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from nornir.core.task import Result, Task

from cimnet_nornir.application.deployment import Deployment
from cimnet_nornir.application.outcomes import PushOutcome
from cimnet_nornir.application.plan import DevicePlan, Plan
from cimnet_nornir.errors import StoreError
from cimnet_nornir.processors.recorder import CimnetRecorder
from cimnet_nornir.tasks.context import context_of
from cimnet_nornir.tasks.push import concluded, pushed
from cimnet_nornir.tasks.pushing import Push

# Beyond what the confirmations are expected to take.
_MARGIN_SECONDS = 15.0
Decision = Literal["keep", "take back"]


@dataclass(slots=True)
class Transaction:
    """The devices that hold the change, and what is decided about them. Safe from many threads."""

    deployment: Deployment
    recorder: CimnetRecorder
    workers: int
    attempts: dict[str, Push] = field(default_factory=dict)
    reason: str = ""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def hold(self, attempt: Push) -> None:
        """Take in a device that holds the change."""
        with self._lock:
            self.attempts[attempt.device.device] = attempt

    def decide(self, *, interrupted: str = "") -> Decision:
        """Make durable what becomes of the change. Where it cannot be, the change is taken back."""
        self.reason = interrupted or self._trouble()
        decision: Decision = "take back" if self.reason else "keep"
        try:
            self.deployment.decided(decision, self.attempts, self.reason)
        except StoreError as error:
            if self.deployment.decision() == "keep":
                # It was stored, and only the answer was lost: `recover` would carry it out.
                return "keep"
            self.reason = self.reason or f"the decision to keep it could not be stored: {error}"
            return "take back"
        return decision

    def _trouble(self) -> str:
        """Why the change cannot be kept; empty where it can."""
        failed = [outcome for outcome in self.deployment.outcomes.values() if not outcome.applied]
        if failed:
            first = min(failed, key=lambda outcome: outcome.device.name)
            more = f" (and {len(failed) - 1} more)" if len(failed) > 1 else ""
            name = first.device.name
            return f"{name} {first.outcome}: {first.reason.removeprefix(f'{name}: ').removeprefix(f'{name} ')}{more}"
        least = min((attempt.seconds_left for attempt in self.attempts.values()), default=math.inf)
        needed = self._confirming_seconds()
        if least < needed:
            return f"a timer runs out in {least:.0f} s, and to confirm all takes up to {needed:.0f} s"
        return ""

    def _confirming_seconds(self) -> float:
        """How long it may take until all are confirmed: each takes no longer than it took to look at it."""
        slowest = max((attempt.verified_in for attempt in self.attempts.values()), default=0.0)
        return math.ceil(len(self.attempts) / self.workers) * slowest + _MARGIN_SECONDS

    # --- what is done to each device, as tasks of Nornir --------------------------------------------------------------

    def confirm(self, task: Task) -> Result:
        """Stop the device's timer; what cannot be confirmed is recorded."""
        attempt = self._attempt(task)
        outcome = attempt.confirm()
        if outcome is None:
            return pushed(task, attempt.device, None)
        return self._concluded(task, attempt, lambda: outcome)

    def save(self, task: Task) -> Result:
        """Write the configuration of a device that was confirmed to its startup."""
        attempt = self._attempt(task)
        return self._concluded(task, attempt, attempt.save)

    def take_back(self, task: Task) -> Result:
        """Bring the device back to what it ran."""
        attempt = self._attempt(task)
        return self._concluded(
            task, attempt, lambda: attempt.take_back(f"the transaction was taken back: {self.reason}")
        )

    def _attempt(self, task: Task) -> Push:
        return self.attempts[context_of(task).device]

    def _concluded(self, task: Task, attempt: Push, last: Callable[[], PushOutcome]) -> Result:
        try:
            outcome = concluded(attempt, self.recorder, last)
        finally:
            with self._lock:
                del self.attempts[attempt.device.device]
        return pushed(task, attempt.device, outcome)

    def close(self) -> None:
        """Let go of devices that nothing was done to any more: they stay in doubt, and their timers take them back."""
        for attempt in self.attempts.values():
            attempt.close()
        self.attempts.clear()


def refusal(plan: Plan, guards: Mapping[str, str], *, allow_cut: bool = False) -> str:
    """Why a transaction cannot begin; empty where it can. `guards` are those of the plan's changes, by device id."""
    if plan.unread:
        first = plan.unread[0]
        return f"a transaction needs every device, and {first.name} could not be read: {first.reason}"
    without = [device for device in plan.changes if not guards[device.device]]
    if without:
        return f"{without[0].name} cannot take a change back by itself: {without[0].unprotected} (--fallback lines)"
    cut = next((device for device in plan.changes if device.cuts and not allow_cut), None)
    return f"{cut.name}: {cut.cuts[0]}" if cut else ""


def not_started(device: DevicePlan, reason: str) -> PushOutcome:
    """The outcome of a device to which nothing was sent."""
    return PushOutcome(device, "not started", 0.0, f"nothing was sent: {reason}")
