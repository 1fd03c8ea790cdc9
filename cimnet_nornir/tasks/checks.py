"""The checks of a project on the devices, before a change or after it, without any change of their own."""

from nornir.core.task import Result, Task

from cimnet_nornir.application.checks import CheckResult, HostCheck, Memory, Moment, failures, run_checks
from cimnet_nornir.errors import CimnetError, CommandRejected, DeviceError
from cimnet_nornir.tasks.configuration import failed, left_alone
from cimnet_nornir.tasks.context import context_of
from cimnet_nornir.tasks.login import drop_session, open_session
from cimnet_nornir.tasks.session import Session

# What checks remember between two runs of a runbook's, beside what else is known of the host.
_MEMORY = "cimnet_checks"


def cimnet_checks(task: Task, when: Moment = "after") -> Result:
    """Run the project's checks of the host: those before a change, or those after it.

    Fails where one does not hold; `checks` are the CheckResults, `result` is a line each. What checks remember `before`
    is kept with the host until `after`; without it, those that compare with before are left out.
    """
    try:
        context = context_of(task)
        if context.is_server:
            return left_alone(task, checks=())
        context.require_present()
        checks = context.service.checks_of(context.device)
        if not checks:
            return Result(host=task.host, result="no checks", changed=False, checks=())
        results = check_host(task, checks, when=when, memory=_memory(task, when))
    except CimnetError as error:
        return failed(task, error, checks=())
    return Result(host=task.host, result=_told(results), changed=False, failed=bool(failures(results)), checks=results)


def check_host(
    task: Task, checks: tuple[HostCheck, ...], *, when: Moment, memory: Memory | None
) -> tuple[CheckResult, ...]:
    """Run checks over the task's session, opened when it is not open yet. Raises a DeviceError where that fails."""
    return check_over(task, open_session(task), checks, when=when, memory=memory)


def check_over(
    task: Task, session: Session, checks: tuple[HostCheck, ...], *, when: Moment, memory: Memory | None
) -> tuple[CheckResult, ...]:
    """Run checks over an open session; one that breaks is forgotten, so that the next use opens a new one."""
    broken = False

    def ask(command: str) -> str:
        nonlocal broken
        try:
            return session.ask(command)
        except DeviceError as error:
            broken = broken or not isinstance(error, CommandRejected)
            raise

    results = run_checks(checks, ask, when=when, memory=memory)
    if broken:
        drop_session(task)
    return results


def _memory(task: Task, when: Moment) -> Memory | None:
    if when == "before":
        task.host.data[_MEMORY] = {}
    kept: Memory | None = task.host.data.get(_MEMORY)
    return kept


def _told(results: tuple[CheckResult, ...]) -> str:
    return (
        "\n".join(f"{'passed' if each.ok else 'failed'}: {each.check}{_why(each)}" for each in results) or "no checks"
    )


def _why(result: CheckResult) -> str:
    return f": {result.said}" if result.said else ""
