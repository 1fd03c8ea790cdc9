"""The task that asks a device what it can do; nothing is changed."""

from nornir.core.task import Result, Task

from cimnet_nornir.application.doctor import in_the_way, remarks_of
from cimnet_nornir.errors import CimnetError
from cimnet_nornir.ios.capabilities import (
    STARTUP,
    Capabilities,
    capabilities_of,
    commands_for,
    startup_differs,
    unsaved_by_headers,
)
from cimnet_nornir.tasks.configuration import failed, left_alone
from cimnet_nornir.tasks.context import Context, context_of
from cimnet_nornir.tasks.login import open_session
from cimnet_nornir.tasks.session import Session


def cimnet_doctor(task: Task) -> Result:
    """Ask the host what it can do, by show commands alone; what it refuses to tell is not known.

    `result` is text, a line a remark; `capabilities` the Capabilities (None where it failed), `remarks` what they mean,
    `protected` whether nothing stands in the way of a push that the device would take back by itself.
    """
    try:
        context = context_of(task)
        if context.is_server:
            return left_alone(task, capabilities=None, remarks=(), protected=False)
        context.require_present()
        found = _ask(open_session(task), context)
    except CimnetError as error:
        return failed(task, error, capabilities=None, remarks=(), protected=False)
    remarks = remarks_of(found)
    lines = (f"{remark.what}: {remark.found}" + (f" ({remark.means})" if remark.means else "") for remark in remarks)
    return Result(
        host=task.host,
        result="\n".join(lines),
        changed=False,
        capabilities=found,
        remarks=remarks,
        protected=not in_the_way(remarks),
    )


def _ask(session: Session, context: Context) -> Capabilities:
    # As the device shows it: the VLANs that `Session.running` adds are not in what it saved.
    running = session.ask("show running-config")
    answers = {command: session.ask(command) for command in commands_for(switches=session.switches)}
    unsaved = _unsaved(session, context, running)
    return capabilities_of(running, answers, switches=session.switches, unsaved=unsaved)


def _unsaved(session: Session, context: Context, running: str) -> str:
    """Who left running unsaved; the texts decide where the headers of the configuration make one think so."""
    unsaved = unsaved_by_headers(running)
    if not unsaved:
        return ""
    stable = context.service.planner().engine.stable
    return unsaved if startup_differs(stable(session.ask(STARTUP)), stable(running)) else ""
