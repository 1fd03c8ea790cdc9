"""A device at the other end of a Netmiko session: what is read, sent and saved, every failure in our own words."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from netmiko import BaseConnection
from netmiko.exceptions import (
    NetmikoAuthenticationException,
    NetmikoBaseException,
    NetmikoTimeoutException,
    ReadTimeout,
)
from nornir.core.task import Task
from paramiko.ssh_exception import BadHostKeyException, SSHException

from cimnet_nornir.errors import (
    AuthenticationRefused,
    CommandRejected,
    DeviceError,
    DeviceUnreachable,
    HostKeyRefused,
    PushInDoubt,
)
from cimnet_nornir.inventory.builder import NO_LAB
from cimnet_nornir.ios.answers import Kind, judge

_READ_SECONDS = 120.0
_LINE_SECONDS = 30.0
_SAVE_SECONDS = 100.0
# A configuration prompt, or a question that IOS asks in the middle of a configuration.
_ANSWER = re.compile(
    r"(?:^|[\r\n])[^\r\n]{1,20}\(config[^)\r\n]*\)# ?$|\[confirm\] ?$|\[yes/no\][:?]? ?$|\[[^\]\r\n]*\]\? ?$"
)


@dataclass(slots=True)
class Session:
    """One device's session in privileged mode. `name` is the host name, for messages."""

    connection: BaseConnection
    name: str
    sent: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def running(self) -> str:
        """The running configuration. Raises DeviceUnreachable where the session broke."""
        with _translated(self.name):
            prompt = rf"(?m:^{re.escape(self.connection.base_prompt)}\S*#\s*$)"
            output = self.connection.send_command(
                "show running-config", expect_string=prompt, read_timeout=_READ_SECONDS
            )
            return str(output)

    def configure(self, commands: Sequence[str]) -> None:
        """Send commands in configuration mode, one at a time, each answer judged before the next is sent.

        Stops at the first line that is refused: lines after it would land in the wrong section. Configuration mode is
        always left. Raises CommandRejected, and PushInDoubt where the session broke meanwhile.
        """
        with self._broken_is_in_doubt():
            self.connection.config_mode()
            try:
                for command in commands:
                    self._send(command)
            finally:
                self._leave()

    def save(self) -> None:
        """Write running to startup. Raises CommandRejected where the device says that it did not."""
        with self._broken_is_in_doubt():
            # The prompt is asked anew: the push may have changed the host name.
            self.connection.set_base_prompt()
            output = self._ask("write memory")
            if "[confirm]" in output:
                output += self._ask("")
        if "[OK]" not in output:
            raise CommandRejected(
                f"{self.name} did not save its configuration: {_one_line(output)}",
                subject=self.name,
                line="write memory",
                answer=_one_line(output),
            )

    def _ask(self, command: str) -> str:
        """Send a command that may ask back before its prompt."""
        expect = rf"(?:(?m:^{re.escape(self.connection.base_prompt)}\S*#\s*$)|\[confirm\] ?$)"
        return str(self.connection.send_command(command, expect_string=expect, read_timeout=_SAVE_SECONDS))

    def _send(self, command: str) -> None:
        for line in command.split("\n"):
            self.connection.write_channel(self.connection.normalize_cmd(line))
        output = self._answer()
        verdict = judge(output)
        if verdict.kind is Kind.QUESTION:
            self.connection.write_channel(self.connection.normalize_cmd(""))
            verdict = judge(self._answer())
        if verdict.kind is Kind.ERROR:
            raise CommandRejected(
                f"{self.name} refused {command!r}: {verdict.text}",
                subject=self.name,
                line=command,
                answer=verdict.text,
                sent=self.sent,
            )
        self.sent.append(command)
        if verdict.kind is Kind.WARNING:
            self.warnings.append(f"{command}: {verdict.text}")

    def _answer(self) -> str:
        return self.connection.read_until_pattern(pattern=_ANSWER.pattern, read_timeout=_LINE_SECONDS)

    def _leave(self) -> None:
        """Back to privileged mode, whatever happened before; a session that is gone stays gone."""
        if self.connection.is_alive():
            self.connection.exit_config_mode()

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
    """The task's Netmiko session in privileged mode, opened when it is not open yet.

    Raises DeviceUnreachable, HostKeyRefused or AuthenticationRefused.
    """
    host = task.host
    require_address(task)
    _require_credentials(task)
    with _translated(host.name):
        connection: BaseConnection = host.get_connection("netmiko", task.nornir.config)
    try:
        if not connection.check_enable_mode():
            connection.enable()
    except ValueError as error:
        host.close_connection("netmiko")
        raise AuthenticationRefused(f"{host.name} refused the enable secret", subject=host.name) from error
    except (NetmikoBaseException, SSHException, OSError, EOFError) as error:
        drop_session(task)
        raise DeviceUnreachable(f"{host.name}: {_one_line(str(error))}", subject=host.name) from error
    return Session(connection, host.name)


def drop_session(task: Task) -> None:
    """Forget a session that broke, so that the next use opens a new one."""
    plugin = task.host.connections.pop("netmiko", None)
    if plugin is not None:
        plugin.connection.paramiko_cleanup()


def require_address(task: Task) -> None:
    """Raise DeviceUnreachable where it is known beforehand that there is nowhere to go."""
    host = task.host
    if host.hostname == NO_LAB:
        raise DeviceUnreachable("no lab is up; start one: cimnet lab up", subject=host.name)
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
    if isinstance(error.__context__, OSError):
        return DeviceUnreachable(f"{name} cannot be reached: {_one_line(str(error.__context__))}", subject=name)
    return DeviceUnreachable(f"{name} cannot be reached: {_one_line(str(origin))}", subject=name)


def _one_line(text: str) -> str:
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    return " ".join(lines[:2]) if lines else "no answer"
