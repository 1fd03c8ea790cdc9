"""The task that settles a push in doubt: looks at the device, and finishes the push or takes it back."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial

from nornir.core.task import Result, Task

from cimnet_nornir.application.checks import failures
from cimnet_nornir.application.host_recovery import HostDevice, HostSettling
from cimnet_nornir.application.ports import DeviceSession
from cimnet_nornir.application.recovery import Doubt
from cimnet_nornir.application.settling import Ask, Policy, Settled, look, settle
from cimnet_nornir.errors import CimnetError
from cimnet_nornir.tasks.checks import check_over
from cimnet_nornir.tasks.context import context_of
from cimnet_nornir.tasks.login import open_session
from cimnet_nornir.tasks.session import Session


def settle_pushes(task: Task, *, doubts: Sequence[Doubt], policy: Policy, ask: Ask, only_look: bool = False) -> Result:
    """Settle the doubts about the host, the oldest first; `settled` are what became of each.

    With `only_look` nothing is sent to the device but questions, and nothing is recorded.
    """
    context = context_of(task)
    mine = [doubt for doubt in doubts if doubt.device == context.device]
    settled = tuple(_settled(task, doubt, policy, ask, only_look=only_look) for doubt in mine)
    return Result(host=task.host, settled=settled, failed=any(item.outcome is None for item in settled))


def _settled(task: Task, doubt: Doubt, policy: Policy, ask: Ask, *, only_look: bool) -> Settled:
    context = context_of(task)
    try:
        with _device(task, doubt) as device:
            if only_look:
                return Settled(doubt, None, "", found=look(context.service, doubt, device))
            of_kind = HostSettling if isinstance(device, HostDevice) else None
            failing = partial(_failing, task, doubt, device)
            return settle(context.service, doubt, device, policy=policy, ask=ask, checks=failing, of_kind=of_kind)
    except CimnetError as error:
        return Settled(doubt, None, error.message)


@contextmanager
def _device(task: Task, doubt: Doubt) -> Iterator[DeviceSession]:
    """A session with the device or host of the task. Raises a DeviceError, or SettingsError for a host of nobody's."""
    context = context_of(task)
    if not context.is_server:
        yield open_session(task)
        return
    with context.service.host_port.session(context.device, doubt.deployment.id) as session:
        yield HostDevice(session)


def _failing(task: Task, doubt: Doubt, device: DeviceSession) -> str:
    checks = context_of(task).service.checks_of(doubt.device)
    # What was compared with is not known any more: such checks are left out.
    if not checks or not isinstance(device, Session):
        return ""
    return failures(check_over(task, device, checks, when="after", memory=None))
