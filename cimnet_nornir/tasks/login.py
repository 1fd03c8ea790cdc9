"""Logging in to the task's host, and out again: the Netmiko session that a task works with."""

from contextlib import suppress
from pathlib import Path
from weakref import finalize

from netmiko import BaseConnection
from netmiko.exceptions import NetmikoBaseException
from nornir.core.inventory import Host
from nornir.core.plugins.connections import ConnectionPlugin
from nornir.core.task import Task
from paramiko.ssh_exception import SSHException

from cimnet_nornir.errors import AuthenticationRefused, CimnetError, DeviceUnreachable, HostKeyRefused
from cimnet_nornir.inventory.builder import NO_LAB, NOT_IN_LAB, FormerAddress
from cimnet_nornir.inventory.known_hosts import known_hosts_of
from cimnet_nornir.inventory.timeouts import Timeouts
from cimnet_nornir.tasks.context import context_of
from cimnet_nornir.tasks.keys import login_key
from cimnet_nornir.tasks.session import Session
from cimnet_nornir.tasks.terminal import Terminal
from cimnet_nornir.tasks.translating import one_line, translated
from cimnet_nornir.tasks.ways import connected

_SSH_PORT = 22


def open_session(task: Task, *, pushed: bool = False) -> Session:
    """The task's Netmiko session in privileged mode, opened when it is not open yet, or not any more.

    A host that is about to be given another management address is looked for where it was reached so far, and then
    where intent has it; the other way round once that was `pushed`.
    Raises DeviceUnreachable, HostKeyRefused or AuthenticationRefused.
    """
    return _opened(task, _addresses(task, pushed=pushed))


def _addresses(task: Task, *, pushed: bool) -> tuple[FormerAddress | None, ...]:
    """Where to look for the host, in this order; None is where the inventory has it."""
    context = context_of(task)
    former = context.former
    if former is None:
        return (None,)
    return (None, former) if pushed else (former, None)


def _opened(task: Task, addresses: tuple[FormerAddress | None, ...]) -> Session:
    require_address(task)
    _require_credentials(task)
    timeouts = context_of(task).timeouts
    kept = "netmiko" in task.host.connections
    try:
        connection = _privileged(task, timeouts, addresses)
    except DeviceUnreachable:
        if not kept:
            raise
        # Devices end idle sessions (exec-timeout): whoever was asked for a yes may have taken his time.
        connection = _privileged(task, timeouts, addresses)
    # Only the login was to be hurried: whatever else uses this connection says itself how long it waits.
    connection.read_timeout_override = None
    return Session(Terminal(connection), task.host.name, timeouts, switches=task.host.data.get("kind") == "switch")


def _privileged(task: Task, timeouts: Timeouts, addresses: tuple[FormerAddress | None, ...]) -> BaseConnection:
    host = task.host
    connection = _connection(task, timeouts, addresses)
    try:
        if not connection.check_enable_mode():
            connection.enable()
    except ValueError as error:
        host.close_connection("netmiko")
        raise AuthenticationRefused(f"{host.name} refused the enable secret", subject=host.name) from error
    except (NetmikoBaseException, SSHException, OSError, EOFError) as error:
        drop_session(task)
        raise DeviceUnreachable(f"{host.name}: {one_line(str(error))}", subject=host.name) from error
    return connection


def _connection(task: Task, timeouts: Timeouts, addresses: tuple[FormerAddress | None, ...]) -> BaseConnection:
    host = task.host
    if "netmiko" not in host.connections:
        _connect(task, timeouts, addresses)
    connection: BaseConnection = host.get_connection("netmiko", task.nornir.config)
    return connection


def _connect(task: Task, timeouts: Timeouts, addresses: tuple[FormerAddress | None, ...]) -> None:
    """Connect to the first address at which the host is; another device may be at one, which shows another key."""
    first, *others = addresses
    try:
        _connect_to(task, timeouts, first)
    except (DeviceUnreachable, HostKeyRefused) as error:
        if not others:
            raise
        try:
            _connect(task, timeouts, tuple(others))
        except (DeviceUnreachable, HostKeyRefused) as other:
            raise type(other)(f"{other.message}; nor there: {error.message}", subject=task.host.name) from error


def _connect_to(task: Task, timeouts: Timeouts, former: FormerAddress | None) -> None:
    host = task.host
    extras = host.get_connection_parameters("netmiko").extras or {}
    key = login_key(host.name, extras)
    address = former.hostname if former else None
    there = pinned_keys(host, former)
    with connected(task, seconds=timeouts.connect, address=address) as way, translated(host.name):
        # What the SSH configuration says is in the connection already; netmiko would start its own jump.
        own = {"read_timeout_override": timeouts.login, "sock": way, "ssh_config_file": None}
        host.open_connection("netmiko", task.nornir.config, hostname=address, extras=extras | key | own | there)
        close_at_last(host.get_connection("netmiko", task.nornir.config))


def pinned_keys(host: Host, former: FormerAddress | None = None) -> dict[str, str]:
    """The file with the pinned keys of the address that is gone to, and of no other: paramiko compares all with all."""
    extras = host.get_connection_parameters("netmiko").extras or {}
    file = str(former.known_hosts) if former else extras.get("alt_key_file")
    address = former.hostname if former else host.hostname
    if not file or not address:
        return {}
    return {"alt_key_file": str(known_hosts_of(Path(file), address, host.port or _SSH_PORT))}


def close_at_last(connection: BaseConnection) -> None:
    """See that its SSH client is closed, and its way to the agent with it, when the connection is forgotten.

    Netmiko leaves both open where the device was faster to end the session: then the channel cannot be closed.
    """
    if connection.remote_conn_pre is not None:
        finalize(connection, connection.remote_conn_pre.close).atexit = False


def open_second(task: Task, first: Session) -> Session:
    """A session beside the first, which is closed once the second is there, and is kept where it is not.

    It goes to the address that intent has, whatever the first went to. Raises as `open_session` does.
    """
    kept = task.host.connections.pop("netmiko")
    try:
        second = _opened(task, (None,))
    except CimnetError:
        task.host.connections["netmiko"] = kept
        raise
    _close(kept)
    second.sent, second.warnings = first.sent, first.warnings
    return second


def drop_session(task: Task) -> None:
    """Forget a session that broke, so that the next use opens a new one."""
    plugin = task.host.connections.pop("netmiko", None)
    if plugin is not None:
        _close(plugin)


def _close(plugin: ConnectionPlugin) -> None:
    # What broke cannot always be closed in good order; `close_at_last` closes the rest.
    with suppress(SSHException, OSError, EOFError):
        plugin.connection.paramiko_cleanup()


def require_address(task: Task) -> None:
    """Raise DeviceUnreachable where it is known beforehand that there is nowhere to go."""
    host = task.host
    if host.hostname == NO_LAB:
        raise DeviceUnreachable("no lab is up; start one: cimnet lab up", subject=host.name)
    if host.hostname == NOT_IN_LAB:
        raise DeviceUnreachable(f"{host.name} is a server, and a lab has none", subject=host.name)
    if not host.hostname:
        raise DeviceUnreachable(
            f"{host.name} has no management address; declare one (management: 192.0.2.1)", subject=host.name
        )


def _require_credentials(task: Task) -> None:
    host = task.host
    extras = host.get_connection_parameters("netmiko").extras or {}
    if not host.username or not (host.password or extras.get("use_keys") or extras.get("allow_agent")):
        raise AuthenticationRefused(
            f"there are no credentials for {host.name}; set CIMNET_USERNAME and CIMNET_PASSWORD,"
            " or transform_function_options in inventory/config.yaml",
            subject=host.name,
        )
