"""The task that records a session with a device: show commands and what comes back, as it comes; nothing is changed."""

from collections.abc import Sequence
from importlib.metadata import version

from netmiko.exceptions import NetmikoBaseException
from nornir.core.task import Result, Task
from paramiko.ssh_exception import SSHException

from cimnet_nornir.errors import CimnetError, DeviceUnreachable
from cimnet_nornir.ios.recording import COMMANDS, ERRORS, Exchange, Recording
from cimnet_nornir.tasks.configuration import failed, left_alone
from cimnet_nornir.tasks.context import context_of
from cimnet_nornir.tasks.login import open_session
from cimnet_nornir.tasks.session import Session
from cimnet_nornir.tasks.terminal import asks
from cimnet_nornir.tasks.translating import one_line


def cimnet_record(task: Task, *, commands: Sequence[str] = COMMANDS) -> Result:
    """Send show commands, and lines that a device refuses, and keep what comes back.

    `recording` is the Recording, in which everything still stands that tells whose device it is (None where it failed).
    """
    try:
        context = context_of(task)
        if context.is_server:
            return left_alone(task, recording=None)
        context.require_present()
        session = open_session(task)
        exchanges = tuple(_exchange(session, command) for command in (*commands, *ERRORS))
    except CimnetError as error:
        return failed(task, error, recording=None)
    data = task.host.data
    recording = Recording(
        source="lab" if context.service.environment == "lab" else "real device",
        platform=str(data["platform"]),
        kind=_kind(task),
        client=f"netmiko {version('netmiko')}",
        scrubbed={},
        exchanges=exchanges,
    )
    return Result(host=task.host, result=f"{len(exchanges)} exchanges", changed=False, recording=recording)


def _kind(task: Task) -> str:
    """A switch that routes packets is a kind of its own: it reads some lines otherwise."""
    service = context_of(task).service
    device = service.planner().device(context_of(task).device)
    return "router" if not device.switches else "l3switch" if device.routing else "switch"


def _exchange(session: Session, command: str) -> Exchange:
    terminal = session.terminal
    seconds = session.timeouts.read
    try:
        wire = terminal.recorded(command, until=terminal.prompt, seconds=seconds)
        if asks(wire):
            terminal.ask("n", until=terminal.prompt, seconds=seconds)
    except (NetmikoBaseException, SSHException, OSError, EOFError) as error:
        raise DeviceUnreachable(
            f"{session.name}: after {command!r}: {one_line(str(error))}", subject=session.name
        ) from error
    return Exchange(command, wire)
