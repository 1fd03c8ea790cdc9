"""The task that settles a push in doubt: looks at the device, and finishes the push or takes it back."""

from collections.abc import Sequence

from nornir.core.task import Result, Task

from cimnet_nornir.application.checks import failures
from cimnet_nornir.application.recovery import Doubt
from cimnet_nornir.application.settling import Ask, Policy, Settled, look, settle
from cimnet_nornir.errors import CimnetError
from cimnet_nornir.tasks.checks import check_over
from cimnet_nornir.tasks.context import context_of
from cimnet_nornir.tasks.login import open_session


def settle_pushes(task: Task, *, doubts: Sequence[Doubt], policy: Policy, ask: Ask, only_look: bool = False) -> Result:
    """Settle the doubts about the host, the oldest first; `settled` are what became of each.

    With `only_look` nothing is sent to the device but questions, and nothing is recorded.
    """
    context = context_of(task)
    mine = [doubt for doubt in doubts if doubt.device == context.device]
    settled = tuple(_settled(task, doubt, policy, ask, only_look=only_look) for doubt in mine)
    return Result(host=task.host, settled=settled, failed=any(item.outcome is None for item in settled))


def _settled(task: Task, doubt: Doubt, policy: Policy, ask: Ask, *, only_look: bool) -> Settled:
    service = context_of(task).service
    try:
        session = open_session(task)
        if only_look:
            found = look(service, doubt, session)
            return Settled(doubt, None, "", found=found)
    except CimnetError as error:
        return Settled(doubt, None, error.message)

    def failing() -> str:
        checks = service.checks_of(doubt.device)
        # What was compared with is not known any more: such checks are left out.
        return failures(check_over(task, session, checks, when="after", memory=None)) if checks else ""

    return settle(service, doubt, session, policy=policy, ask=ask, checks=failing)
