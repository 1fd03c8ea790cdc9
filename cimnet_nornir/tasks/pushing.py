"""What every push to one device or host can be asked for, and which kind of push is whose."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from nornir.core.task import Task

from cimnet_nornir.application.deployment import Deployment
from cimnet_nornir.application.outcomes import PushOutcome
from cimnet_nornir.application.plan import DevicePlan
from cimnet_nornir.application.planning import Planner
from cimnet_nornir.application.pushing import Guard, PushOptions
from cimnet_nornir.tasks.attempt import Attempt
from cimnet_nornir.tasks.host_attempt import HostAttempt


class Push(Protocol):
    """One device or host being pushed to; `verified_in` are the seconds that it took to look at it."""

    device: DevicePlan
    verified_in: float

    @property
    def guard(self) -> Guard:
        """Who takes the change back where nobody confirms it."""
        ...

    @property
    def seconds_left(self) -> float:
        """Until it takes the change back by itself; infinite where it does not."""
        ...

    def hold(self, open_deployment: Callable[[], Deployment], *, recheck: bool) -> PushOutcome | None:
        """Bring the change and check it; None where it holds it now, else what became of it."""
        ...

    def confirm(self) -> PushOutcome | None:
        """Stop its timer; None where it keeps the change now, else what became of it."""
        ...

    def save(self) -> PushOutcome:
        """Have it run the change after its next start, too."""
        ...

    def take_back(self, reason: str) -> PushOutcome:
        """Bring it back to what it ran before."""
        ...

    def close(self) -> None:
        """Let go of it."""
        ...


def begin(
    task: Task, planner: Planner, device: DevicePlan, planned: datetime, began: float, options: PushOptions
) -> Push:
    """A push of the kind that the device needs; nothing is sent yet."""
    if device.kind == "host":
        return HostAttempt(task, planner, device, planned, began, options)
    return Attempt(task, planner, device, planned, began, options)
