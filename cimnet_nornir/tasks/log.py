"""The task that asks a device who configured it, as its own log says; nothing is changed."""

from datetime import timedelta

from nornir.core.task import Result, Task

from cimnet_nornir.errors import CimnetError
from cimnet_nornir.ios.device_log import CLOCK, LOG, configured_since
from cimnet_nornir.tasks.configuration import failed, left_alone
from cimnet_nornir.tasks.context import context_of
from cimnet_nornir.tasks.login import open_session


def cimnet_log(task: Task, *, since: dict[str, timedelta | None] | None = None) -> Result:
    """Ask the host who configured it; `since` says by device id for how long what was done counts.

    `configured` are the entries of its log, oldest first; `result` names those people in one line.
    """
    try:
        context = context_of(task)
        if context.is_server:
            return left_alone(task, configured=())
        context.require_present()
        session = open_session(task)
        ago = (since or {}).get(context.device)
        found = configured_since(session.ask(LOG), session.ask(CLOCK), own=task.host.username or "", since=ago)
    except CimnetError as error:
        return failed(task, error, configured=())
    said = ", ".join(dict.fromkeys(entry.who for entry in found)) or "nobody"
    return Result(host=task.host, result=f"configured by {said}", changed=False, configured=found)
