"""How a program is run on a host: here, or there by OpenSSH's client; each run is a session of its own."""

import os
import shlex
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from cimnet_nornir.errors import DeviceUnreachable

if TYPE_CHECKING:
    from cimnet_nornir.domain.events import DeploymentTarget

_SSH_PORT: Final = 22
_ALIVE_SECONDS: Final = 15
_ALIVE_COUNT: Final = 4
_GRACE_SECONDS: Final = 2.0
# Newest first; what is pinned is the first that the host has.
_KEY_TYPES: Final = "ssh-ed25519,ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,ecdsa-sha2-nistp521,rsa-sha2-512,rsa-sha2-256"


@dataclass(frozen=True, slots=True)
class Ran:
    """What a run came to: its exit status (below 0: the signal that ended it), None where it was given no more time."""

    status: int | None
    out: str
    err: str


class Way(Protocol):
    """A way to run programs on one host."""

    @property
    def name(self) -> str:
        """The host's name."""
        ...

    @property
    def target(self) -> "DeploymentTarget":
        """Where it leads."""
        ...

    @property
    def remote(self) -> bool:
        """Whether there is a connection that can break."""
        ...

    def run(self, words: Sequence[str], given: bytes, *, seconds: float) -> Ran:
        """Run a program with what it is given on its standard input. Raises DeviceUnreachable where it cannot start."""
        ...


@dataclass(frozen=True, slots=True)
class LocalWay:
    """The machine that this runs on. With `sudo`, programs are run by `sudo -n`."""

    name: str
    target: "DeploymentTarget"
    sudo: bool = False
    remote: bool = False

    def run(self, words: Sequence[str], given: bytes, *, seconds: float) -> Ran:
        """See Way."""
        return run_process(self.name, (*_as_root(sudo=self.sudo), *words), given, seconds=seconds)


@dataclass(frozen=True, slots=True)
class SshWay:
    """A host by OpenSSH's client, which asks nothing.

    Its key is the one that `known_hosts` has for `alias`, whatever its address. `config_file` is the SSH configuration
    that counts besides ("none": none does); `jump` is a jump host as ProxyJump names it.
    """

    name: str
    target: "DeploymentTarget"
    alias: str
    address: str
    user: str
    known_hosts: Path
    port: int = _SSH_PORT
    sudo: bool = False
    identity: Path | None = None
    jump: str | None = None
    config_file: str | None = None
    connect_seconds: float = 15.0
    remote: bool = True

    def run(self, words: Sequence[str], given: bytes, *, seconds: float) -> Ran:
        """See Way."""
        checked = ("StrictHostKeyChecking=yes", f"UserKnownHostsFile={_quoted(self.known_hosts)}")
        command = shlex.join((*_as_root(sudo=self.sudo), *words))
        return run_process(self.name, (*self._ssh(checked), command), given, seconds=seconds)

    def shown_key(self) -> str:
        """The public key line that the host shows now. Nobody logs in. Raises DeviceUnreachable."""
        with tempfile.TemporaryDirectory(prefix="cimnet-") as folder:
            seen = Path(folder, "known_hosts")
            # No way of logging in is offered: the host shows its key before it asks for any.
            offered = (
                *("StrictHostKeyChecking=no", f"UserKnownHostsFile={_quoted(seen)}", "HashKnownHosts=no"),
                *(f"HostKeyAlgorithms={_KEY_TYPES}", "PreferredAuthentications=none", "PubkeyAuthentication=no"),
            )
            ran = run_process(self.name, (*self._ssh(offered), "true"), b"", seconds=self.connect_seconds * 2)
            lines = seen.read_text(encoding="utf-8").splitlines() if seen.exists() else []
        if not lines:
            said = ran.err.strip().splitlines() or ["no key was shown"]
            raise DeviceUnreachable(f"{self.name} cannot be reached: {said[-1].strip()}", subject=self.name)
        return " ".join(lines[0].split()[1:3])

    def _ssh(self, options: Sequence[str]) -> tuple[str, ...]:
        words = [
            *options,
            *("BatchMode=yes", f"ConnectTimeout={max(1, round(self.connect_seconds))}", "ConnectionAttempts=1"),
            *(f"ServerAliveInterval={_ALIVE_SECONDS}", f"ServerAliveCountMax={_ALIVE_COUNT}"),
            *("GlobalKnownHostsFile=/dev/null", f"HostKeyAlias={self.alias}", "UpdateHostKeys=no", "CheckHostIP=no"),
            # A connection that somebody else keeps open is not looked at: each session is one of its own.
            *("ControlMaster=no", "ControlPath=none", "ForwardAgent=no", "ForwardX11=no", "ClearAllForwardings=yes"),
            *("RequestTTY=no", "RemoteCommand=none", "LogLevel=ERROR"),
        ]
        if self.identity is not None:
            words += [f"IdentityFile={_quoted(self.identity)}", "IdentitiesOnly=yes"]
        if self.jump is not None:
            words.append(f"ProxyJump={self.jump}")
        config = () if self.config_file is None else ("-F", self.config_file)
        # As for switches: a port that was given wins over that of the SSH configuration.
        port = () if self.port == _SSH_PORT else ("-p", str(self.port))
        where = (*port, "-T", "-l", self.user, "--", self.address)
        return (_ssh_program(self.name), *config, *(part for word in words for part in ("-o", word)), *where)


def _ssh_program(name: str) -> str:
    found = shutil.which("ssh")
    if found is None:
        raise DeviceUnreachable(
            f"{name} cannot be reached: no ssh program is here; install OpenSSH's client (Debian: openssh-client)",
            subject=name,
        )
    return found


def _as_root(*, sudo: bool) -> tuple[str, ...]:
    return ("sudo", "-n") if sudo else ()


def _quoted(path: Path) -> str:
    """A path as ssh_config(5) has it: `%` is doubled, and it stands in quotes."""
    return '"' + str(path).replace("%", "%%") + '"'


def run_process(name: str, command: Sequence[str], given: bytes, *, seconds: float) -> Ran:
    """Run a program; one that takes too long is killed, with what it started. Raises DeviceUnreachable."""
    try:
        # A session of its own: nothing is asked on the terminal, and Ctrl-C does not cut a deployment off.
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
            env={**os.environ, "LC_ALL": "C"},
        )
    except OSError as error:
        raise DeviceUnreachable(f"{name}: {command[0]} does not start: {error.strerror}", subject=name) from error
    status: int | None
    try:
        out, err = process.communicate(given, timeout=seconds)
        status = process.returncode
    except subprocess.TimeoutExpired:
        out, err = _killed(process)
        status = None
    except BaseException:
        _killed(process)
        raise
    return Ran(status, out.decode(errors="replace"), err.decode(errors="replace"))


def _killed(process: "subprocess.Popen[bytes]") -> tuple[bytes, bytes]:
    # It may have ended in this very moment.
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    try:
        return process.communicate(timeout=_GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        # Something that it started is out of reach and holds its output.
        for stream in (process.stdin, process.stdout, process.stderr):
            if stream is not None:
                stream.close()
        process.wait()
        return b"", b""
