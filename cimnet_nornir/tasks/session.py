"""A device at the other end of a Netmiko session: what is read, sent and saved, every failure in our own words."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from weakref import finalize

from netmiko import BaseConnection
from netmiko.exceptions import (
    NetmikoAuthenticationException,
    NetmikoBaseException,
    NetmikoTimeoutException,
    ReadTimeout,
)
from nornir.core.task import Task
from paramiko.ssh_exception import BadHostKeyException, NoValidConnectionsError, SSHException

from cimnet_nornir.errors import (
    AuthenticationRefused,
    CommandRejected,
    DeviceError,
    DeviceUnreachable,
    HostKeyRefused,
    PushInDoubt,
)
from cimnet_nornir.inventory.builder import NO_LAB, NOT_IN_LAB
from cimnet_nornir.inventory.timeouts import Timeouts
from cimnet_nornir.ios.answers import Kind, judge
from cimnet_nornir.ios.vlan_database import VLAN_COMMAND, needs_vlan_database, with_vlan_database
from cimnet_nornir.tasks.context import context_of
from cimnet_nornir.tasks.keys import login_key
from cimnet_nornir.tasks.terminal import CONFIGURING, PRIVILEGED, Terminal, asks
from cimnet_nornir.tasks.ways import connected


@dataclass(slots=True)
class Session:
    """One device's session in privileged mode. `name` is the host name; `sent` are the lines that the device took."""

    terminal: Terminal
    name: str
    timeouts: Timeouts
    sent: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    switches: bool = False

    def ask(self, command: str) -> str:
        """The answer to a show command, without echo and prompt. Raises DeviceUnreachable where the session broke."""
        with _translated(self.name):
            answer = self.terminal.ask(command, until=self.terminal.prompt, seconds=self.timeouts.read)
        return self.terminal.prompt.sub("", answer.replace("\r", "")).strip("\n")

    def running(self) -> str:
        """The running configuration, with the VLANs of a VTP server or client, which devices keep elsewhere.

        Raises DeviceUnreachable where the session broke.
        """
        running = self.ask("show running-config") + "\n"
        if needs_vlan_database(running, switches=self.switches):
            running = with_vlan_database(running, self.ask(VLAN_COMMAND))
        return running

    def configure(self, commands: Sequence[str]) -> None:
        """Send commands in configuration mode, one at a time, each answer judged before the next is sent.

        Stops at the first line that is refused: lines after it would land in the wrong section. Configuration mode is
        left unless the session broke. Raises CommandRejected, and PushInDoubt where it broke.
        """
        with self._broken_is_in_doubt():
            self._send("configure terminal")
            try:
                for command in commands:
                    self._send(command)
                    self.sent.append(command)
            except CommandRejected:
                self._leave()
                raise
            self._leave()

    def save(self) -> None:
        """Write running to startup. Raises CommandRejected where the device says that it did not."""
        with self._broken_is_in_doubt():
            answer = self.terminal.ask("write memory", until=self.terminal.prompt, seconds=self.timeouts.save)
            if asks(answer):
                answer += self.terminal.ask("", until=self.terminal.prompt, seconds=self.timeouts.save)
        if "[OK]" not in answer:
            said = _one_line(self.terminal.prompt.sub("", answer))
            raise CommandRejected(
                f"{self.name} did not save its configuration: {said}",
                subject=self.name,
                line="write memory",
                answer=said,
            )

    def _send(self, command: str) -> None:
        answer = self.terminal.ask(command, until=CONFIGURING, seconds=self.timeouts.line)
        verdict = judge(answer)
        if verdict.kind is Kind.QUESTION:
            verdict = judge(self.terminal.ask("", until=CONFIGURING, seconds=self.timeouts.line))
        if verdict.kind is Kind.ERROR:
            raise CommandRejected(
                f"{self.name} refused {command!r}: {verdict.text}",
                subject=self.name,
                line=command,
                answer=verdict.text,
                sent=self.sent,
            )
        if verdict.kind is Kind.WARNING:
            self.warnings.append(f"{command}: {verdict.text}")

    def _leave(self) -> None:
        """Back to privileged mode, under whatever name the device has now."""
        answer = self.terminal.ask("end", until=PRIVILEGED, seconds=self.timeouts.line)
        prompt = PRIVILEGED.search(answer)
        if prompt is not None:
            self.terminal.expect_name(prompt["name"])

    @contextmanager
    def _broken_is_in_doubt(self) -> Iterator[None]:
        try:
            yield
        except (NetmikoBaseException, SSHException, OSError, EOFError) as error:
            raise PushInDoubt(
                f"the session with {self.name} broke after {len(self.sent)} lines: {_one_line(str(error))}",
                subject=self.name,
            ) from error


def open_session(task: Task) -> Session:
    """The task's Netmiko session in privileged mode, opened when it is not open yet, or not any more.

    Raises DeviceUnreachable, HostKeyRefused or AuthenticationRefused.
    """
    require_address(task)
    _require_credentials(task)
    timeouts = context_of(task).timeouts
    kept = "netmiko" in task.host.connections
    try:
        connection = _privileged(task, timeouts)
    except DeviceUnreachable:
        if not kept:
            raise
        # Devices end idle sessions (exec-timeout): whoever was asked for a yes may have taken his time.
        connection = _privileged(task, timeouts)
    # Only the login was to be hurried: whatever else uses this connection says itself how long it waits.
    connection.read_timeout_override = None
    return Session(Terminal(connection), task.host.name, timeouts, switches=task.host.data.get("kind") == "switch")


def _privileged(task: Task, timeouts: Timeouts) -> BaseConnection:
    host = task.host
    connection = _connection(task, timeouts)
    try:
        if not connection.check_enable_mode():
            connection.enable()
    except ValueError as error:
        host.close_connection("netmiko")
        raise AuthenticationRefused(f"{host.name} refused the enable secret", subject=host.name) from error
    except (NetmikoBaseException, SSHException, OSError, EOFError) as error:
        drop_session(task)
        raise DeviceUnreachable(f"{host.name}: {_one_line(str(error))}", subject=host.name) from error
    return connection


def _connection(task: Task, timeouts: Timeouts) -> BaseConnection:
    host = task.host
    if "netmiko" not in host.connections:
        extras = host.get_connection_parameters("netmiko").extras or {}
        key = login_key(host.name, extras)
        with connected(task, seconds=timeouts.connect) as way, _translated(host.name):
            # What the SSH configuration says is in the connection already; netmiko would start its own jump.
            own = {"read_timeout_override": timeouts.login, "sock": way, "ssh_config_file": None}
            host.open_connection("netmiko", task.nornir.config, extras=extras | key | own)
            _close_at_last(host.get_connection("netmiko", task.nornir.config))
    connection: BaseConnection = host.get_connection("netmiko", task.nornir.config)
    return connection


def _close_at_last(connection: BaseConnection) -> None:
    """See that its SSH client is closed, and its way to the agent with it, when the connection is forgotten.

    Netmiko leaves both open where the device was faster to end the session: then the channel cannot be closed.
    """
    if connection.remote_conn_pre is not None:
        finalize(connection, connection.remote_conn_pre.close).atexit = False


def drop_session(task: Task) -> None:
    """Forget a session that broke, so that the next use opens a new one."""
    plugin = task.host.connections.pop("netmiko", None)
    if plugin is not None:
        # What broke cannot always be closed in good order; `_close_at_last` closes the rest.
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


@contextmanager
def _translated(name: str) -> Iterator[None]:
    """Netmiko's and paramiko's errors before anything was sent, in our words."""
    try:
        yield
    except NetmikoAuthenticationException as error:
        raise AuthenticationRefused(f"{name} refused the credentials", subject=name) from error
    except (NetmikoTimeoutException, SSHException) as error:
        raise _connection_error(name, error) from error
    except ReadTimeout as error:
        raise DeviceUnreachable(f"{name} does not answer: no prompt came in time", subject=name) from error
    except (NetmikoBaseException, OSError, EOFError, ValueError) as error:
        raise DeviceUnreachable(f"{name}: {_one_line(str(error))}", subject=name) from error


def _connection_error(name: str, error: Exception) -> DeviceError:
    origin = error.__context__ if isinstance(error.__context__, SSHException) else error
    if isinstance(origin, BadHostKeyException):
        return HostKeyRefused(
            f"{name} shows another SSH host key than the pinned one; nothing was sent."
            " If the key was changed on purpose, pin the new one: cimnet trust --replace " + name,
            subject=name,
        )
    if "not found in known_hosts" in str(origin):
        return HostKeyRefused(
            f"no SSH host key is pinned for {name}; look at it and pin it: cimnet trust {name}", subject=name
        )
    if "No authentication methods available" in str(origin):
        return AuthenticationRefused(
            f"{name}: the SSH agent offers no key; is SSH_AUTH_SOCK set, and the key added (ssh-add)?", subject=name
        )
    if isinstance(error.__context__, OSError):
        return DeviceUnreachable(f"{name} cannot be reached: {_reason(error.__context__)}", subject=name)
    return DeviceUnreachable(f"{name} cannot be reached: {_one_line(str(origin))}", subject=name)


def _reason(error: Exception) -> str:
    """Where the connection went and what the system said, without numbers that mean nothing to people."""
    if isinstance(error, NoValidConnectionsError):
        return "; ".join(f"{where[0]}:{where[1]}: {_reason(each)}" for where, each in error.errors.items())
    said = error.strerror if isinstance(error, OSError) else ""
    return (said or str(error) or type(error).__name__).lower()


def _one_line(text: str) -> str:
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    return " ".join(lines[:2]) if lines else "no answer"
