"""The task that asks a device how it is: facts, ports with their counters, and neighbours; nothing is changed."""

import re
from typing import Final

from nornir.core.task import Result, Task

from cimnet_nornir.application.observations import DeviceFacts, Observed, PortState, SeenNeighbor
from cimnet_nornir.application.ports import HostState
from cimnet_nornir.errors import CimnetError, CommandRejected, DeviceError, InvalidInput
from cimnet_nornir.ios.observing import COMMANDS, INTERFACES, facts, neighbors, ports
from cimnet_nornir.tasks.configuration import failed, left_alone
from cimnet_nornir.tasks.context import Context, context_of
from cimnet_nornir.tasks.login import drop_session, open_session
from cimnet_nornir.tasks.session import Session

METHODS: Final = ("netmiko", "napalm")


def cimnet_collect(task: Task, *, method: str = "netmiko") -> Result:
    """Ask the host how it is, by show commands, or (`method="napalm"`) by NAPALM's getters; a server by its agent.

    `observed` is the Observed, None where it failed or the host is left alone; `result` says in one line how it is.
    What a device does not tell is left out, and is no failure.
    """
    try:
        if method not in METHODS:
            raise InvalidInput(f"there is no method {method!r} to collect by: {' or '.join(METHODS)}", subject=method)
        context = context_of(task)
        if context.is_left_alone:
            return left_alone(task, observed=None)
        context.require_present()
        observed = _observed(task, context, method)
    except CimnetError as error:
        return failed(task, error, observed=None)
    return Result(host=task.host, result=in_words(observed), changed=False, observed=observed)


def _observed(task: Task, context: Context, method: str) -> Observed:
    if context.is_managed:
        with context.service.host_port.session(context.device) as host:
            return Observed(device=context.device, at=context.service.actor.clock(), facts=host_facts(host.look()))
    if method == "napalm":
        # NAPALM takes 1.5 s to import, and only its own getters wait for that.
        from cimnet_nornir.tasks.getters import collect_by_napalm

        return collect_by_napalm(task, context)
    return _by_commands(task, context)


def _by_commands(task: Task, context: Context) -> Observed:
    session, at = open_session(task), context.service.actor.clock()
    try:
        answers = {command: _answer(session, command) for command in COMMANDS}
    except DeviceError:
        drop_session(task)
        raise
    return Observed(
        device=context.device,
        at=at,
        facts=DeviceFacts(**facts(answers)),
        ports=tuple(PortState(**row) for row in ports(answers[INTERFACES])),
        neighbors=tuple(SeenNeighbor(**row) for row in neighbors(answers)),
    )


def _answer(session: Session, command: str) -> str:
    """The answer, empty where the device asks back: what it does not tell is not known."""
    try:
        return session.ask(command)
    except CommandRejected:
        return ""


# "/nix/store/…-nixos-system-srv1-25.11.20260301.abc"
_SYSTEM: Final = re.compile(r"-nixos-system-(?P<name>.+?)(?:-(?P<version>\d[^/]*))?$")


def host_facts(state: HostState) -> DeviceFacts:
    """What a server's own session tells of it."""
    system = _SYSTEM.search(state.running)
    return DeviceFacts(
        hostname=system["name"] if system else "",
        vendor="NixOS",
        version=(system["version"] or "") if system else "",
        uptime=state.uptime,
    )


def in_words(observed: Observed) -> str:
    """How a device is, in one line: uptime, load, memory, ports that are up, neighbours."""
    told = observed.facts
    up = sum(port.up for port in observed.ports)
    words = (
        "it answers" if told.uptime is None else f"up for {_span(told.uptime)}",
        f"CPU {told.cpu:.0f} %" if told.cpu is not None else "",
        f"memory {told.memory:.0f} %" if told.memory is not None else "",
        f"{up} of {len(observed.ports)} interfaces up" if observed.ports else "",
    )
    return ", ".join(word for word in words if word)


def _span(seconds: int) -> str:
    days, rest = divmod(seconds, 86400)
    hours, minutes = rest // 3600, rest % 3600 // 60
    return f"{days} d {hours} h" if days else f"{hours} h {minutes} min" if hours else f"{minutes} min"
