"""The way to a device that an OpenSSH configuration names: through a jump host, or to another address or port."""

import shlex
import socket
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from nornir.core.task import Task
from paramiko.config import SSHConfig
from paramiko.ssh_exception import ConfigParseError

from cimnet_nornir.errors import DeviceUnreachable

# This one may be missing: nobody has named it.
_USUAL: Final = Path("~/.ssh/config")
_SSH_PORT: Final = 22
# What a process may take to end after it closed the connection, or was told to.
_GRACE_SECONDS: Final = 2.0


@dataclass(frozen=True, slots=True)
class Way:
    """Where to connect, or the command that connects its standard input and output to there."""

    address: str
    port: int
    command: tuple[str, ...] = ()


def way_to(address: str, port: int, config_file: str | None, *, seconds: float) -> Way:
    """The way to an address and TCP port, by HostName, Port, ProxyJump and ProxyCommand of an OpenSSH configuration.

    A jump host has `seconds` to answer. Raises DeviceUnreachable where the configuration cannot be read.
    """
    if not config_file:
        return Way(address, port)
    path = Path(config_file).expanduser().absolute()
    if not path.exists() and path == _USUAL.expanduser():
        return Way(address, port)
    found = _looked_up(path, address)
    # As in netmiko: a port that was given wins.
    wanted = found.get("port", "") if port == _SSH_PORT else ""
    way = Way(found.get("hostname", address), int(wanted) if wanted.isdecimal() else port)
    return Way(way.address, way.port, _command(way, found, path, seconds))


def _looked_up(path: Path, address: str) -> Mapping[str, str]:
    try:
        return SSHConfig.from_text(path.read_text(encoding="utf-8")).lookup(address)
    except OSError as error:
        raise DeviceUnreachable(
            f"the SSH configuration {path} cannot be read: {error.strerror}"
            " (ssh: config_file in inventory/config.yaml)",
            subject=address,
        ) from error
    except (ConfigParseError, ValueError) as error:
        raise DeviceUnreachable(f"the SSH configuration {path} cannot be read: {error}", subject=address) from error


def _command(way: Way, found: Mapping[str, str], path: Path, seconds: float) -> tuple[str, ...]:
    # paramiko has None for "ProxyCommand none", and leaves "ProxyJump none" as it is.
    if found.get("proxycommand"):
        return tuple(shlex.split(found["proxycommand"]))
    *before, last = found.get("proxyjump", "none").replace(" ", "").split(",")
    if last.lower() == "none":
        return ()
    return (
        *("ssh", "-F", str(path), "-W", f"[{way.address}]:{way.port}"),
        # Nobody can be asked: many devices are reached at once.
        *("-o", "BatchMode=yes", "-o", f"ConnectTimeout={max(1, round(seconds))}"),
        *(("-J", ",".join(before)) if before else ()),
        # Only as a URI may a destination name its port (ssh(1)).
        last if last.startswith("ssh://") else f"ssh://{last}",
    )


class JumpSocket(socket.socket):
    """Our end of the connection that a command makes; the command's process ends when it is closed."""

    def __init__(self, command: Sequence[str]) -> None:
        ours, theirs = socket.socketpair()
        super().__init__(fileno=ours.detach())
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the socket
        self._closing = threading.Lock()
        self._said = ""
        try:
            # A session of its own: no question on the terminal, and Ctrl-C does not cut a push off.
            self._process = subprocess.Popen(
                command, stdin=theirs.fileno(), stdout=theirs.fileno(), stderr=self._complaints, start_new_session=True
            )
        except OSError:
            self._complaints.close()
            super().close()
            raise
        finally:
            theirs.close()

    def close(self) -> None:
        """Close the connection and end the process."""
        # Both a session's own thread and whoever opened it close it.
        with self._closing:
            if self.fileno() < 0:
                return
            gave_up = self._at_end()
            super().close()
            self._said = self._ended(gave_up=gave_up)

    def _at_end(self) -> bool:
        """Whether it was the process that closed the connection."""
        self.settimeout(0)
        try:
            return not self.recv(1, socket.MSG_PEEK)
        except OSError:
            return False

    def _ended(self, *, gave_up: bool) -> str:
        """End the process; what it said where it ended by itself and failed."""
        with self._complaints:
            if not gave_up:
                self._process.terminate()
            try:
                status = self._process.wait(_GRACE_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                status = self._process.wait()
            self._complaints.seek(0)
            return self._complaints.read().decode(errors="replace") if gave_up and status > 0 else ""

    @property
    def complaint(self) -> str:
        """Why the process gave up, in one line; empty where it did not, or is not closed yet."""
        # Warnings come first, the reason last.
        return " ".join(line.strip() for line in self._said.strip().splitlines()[-2:])


@contextmanager
def connected(task: Task, *, seconds: float, address: str | None = None) -> Iterator[socket.socket | None]:
    """A connection to the task's host where the SSH configuration names a way to it, None where it names none.

    `address` is where the host is, if not at the one of the inventory.
    It is left open for whoever took it over, and closed when the block fails. Raises DeviceUnreachable where it cannot
    be made; where the block raises that, and the jump host is to blame, it says so.
    """
    host = task.host
    direct = Way(address or str(host.hostname), host.port or _SSH_PORT)
    # A lab is on this machine: what a person's configuration says of all hosts is not meant for it.
    own = host.defaults.data.get("environment") == "lab"
    config_file = None if own else task.nornir.config.ssh.config_file
    way = way_to(direct.address, direct.port, config_file, seconds=seconds)
    if way == direct:
        yield None
        return
    connection = _opened(host.name, way, seconds)
    try:
        yield connection
    except DeviceUnreachable as error:
        connection.close()
        if isinstance(connection, JumpSocket) and connection.complaint:
            raise DeviceUnreachable(
                f"{host.name} cannot be reached through its jump host: {connection.complaint}", subject=host.name
            ) from error
        raise
    except BaseException:
        connection.close()
        raise


def _opened(name: str, way: Way, seconds: float) -> socket.socket:
    if not way.command:
        try:
            return socket.create_connection((way.address, way.port), timeout=seconds)
        except OSError as error:
            said = (error.strerror or str(error)).lower()
            raise DeviceUnreachable(
                f"{name} cannot be reached: {way.address}:{way.port}: {said}", subject=name
            ) from error
    try:
        return JumpSocket(way.command)
    except OSError as error:
        raise DeviceUnreachable(
            f"{name} cannot be reached: {way.command[0]}, which goes through the jump host, does not start:"
            f" {error.strerror}",
            subject=name,
        ) from error
