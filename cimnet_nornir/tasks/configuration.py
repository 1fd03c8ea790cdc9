"""Tasks that change nothing: render what is intended, plan what would be sent, verify what runs."""

from typing import Any

from nornir.core.task import Result, Task

from cimnet_nornir.application.plan import DevicePlan
from cimnet_nornir.errors import CimnetError
from cimnet_nornir.ios.capabilities import startup_differs
from cimnet_nornir.ios.protection import unsaved_by_headers, without_change_stamp
from cimnet_nornir.tasks.context import Context, context_of
from cimnet_nornir.tasks.host_session import host_module
from cimnet_nornir.tasks.login import open_session
from cimnet_nornir.tasks.session import Session


def cimnet_render(task: Task) -> Result:
    """Render the intended configuration of the host; `result` is the text.

    Fails, with the error as `exception`, where a template does not render.
    """
    try:
        context = context_of(task)
        if context.is_left_alone:
            return left_alone(task)
        text = context.service.render([context.device], context.at)[context.name]
    except CimnetError as error:
        return failed(task, error)
    return Result(host=task.host, result=text, changed=False)


def cimnet_plan(task: Task) -> Result:
    """Read the running configuration and say what would be sent; nothing is.

    `result` is the text of the commands, `diff` how running differs from intended, `changed` False since nothing is
    changed; `plan` is the DevicePlan (None where it failed), `pending` whether it has anything to send.
    """
    try:
        context = context_of(task)
        if context.is_left_alone:
            return left_alone(task, plan=None, pending=False, running=None)
        plan, running = plan_host(task, context)
    except CimnetError as error:
        return failed(task, error, plan=None, pending=False, running=None)
    return Result(
        host=task.host,
        result="\n".join(plan.commands),
        diff=plan.diff,
        changed=False,
        plan=plan,
        pending=plan.changed,
        running=running,
    )


def cimnet_verify(task: Task) -> Result:
    """Whether the running configuration is what is intended: fails where it differs, with the difference as `diff`."""
    try:
        context = context_of(task)
        if context.is_left_alone:
            return left_alone(task)
        plan, _ = plan_host(task, context)
    except CimnetError as error:
        return failed(task, error)
    if plan.changed:
        count = len(plan.commands)
        said = f"running differs from intent: {count} command{'s' if count != 1 else ''} would be needed"
        return Result(host=task.host, result=said, diff=plan.diff, changed=False, failed=True, plan=plan)
    return Result(host=task.host, result="running is what is intended", changed=False, plan=plan)


def plan_host(task: Task, context: Context) -> tuple[DevicePlan, str]:
    """The plan for a host, and the running configuration that it was computed from. Raises a CimnetError."""
    context.require_present()
    planner = context.service.planner()
    running = running_of(task, context)
    return planner.plan(planner.device(context.device), running), running


def running_of(task: Task, context: Context) -> str:
    """What a device runs: its running configuration, or the module of a host. Raises a DeviceError."""
    return host_module(context) if context.is_managed else read_for_plan(open_session(task), context)


def read_for_plan(session: Session, context: Context) -> str:
    """The running configuration; where its head tells of a change that was not saved, startup says whether it was.

    A device that took a change back runs what it would boot with, and its head tells of the change all the same.
    Raises a DeviceError.
    """
    running = session.running()
    stable = context.service.engine.stable
    if unsaved_by_headers(running) and not startup_differs(stable(session.startup()), stable(running)):
        return without_change_stamp(running)
    return running


def left_alone(task: Task, **extra: Any) -> Result:
    """The result for a host that carries containers or virtual machines: a runbook over all hosts passes it by."""
    said = "left alone: a host has no IOS configuration"
    return Result(host=task.host, result=said, diff="", changed=False, **extra)


def failed(task: Task, error: CimnetError, **extra: Any) -> Result:
    """A failed result in one line: an error that was foreseen needs no traceback."""
    return Result(host=task.host, result=error.message, failed=True, exception=error, changed=False, **extra)
