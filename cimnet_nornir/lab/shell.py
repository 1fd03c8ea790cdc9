"""An SSH login at a simulated device: asyncssh's callbacks joined to a terminal, with the faults in between."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

import asyncssh

from cimnet_nornir.lab.answers import Action
from cimnet_nornir.lab.scp import Transfer, transfer_of
from cimnet_nornir.lab.session import Session
from cimnet_nornir.lab.terminal import Terminal

if TYPE_CHECKING:
    from cimnet_nornir.lab.device import Device
    from cimnet_nornir.lab.faults import Faults


class Host(Protocol):
    """What a login needs of the device's server."""

    device: "Device"

    @property
    def faults(self) -> "Faults":
        """What is wrong with the device."""

    def line_taken(self, line: str, *, counted: bool) -> bool:
        """Note that a line took effect; True when the connection is lost by it."""

    def reload(self) -> None:
        """Restart the device."""


class Shell(asyncssh.SSHServerSession[bytes]):
    """One shell; lines wait here while the device is slow."""

    def __init__(self, host: Host, user: str) -> None:
        self._host = host
        self._user = user
        self._terminal = Terminal(Session(host.device, user))
        self._transfer: Transfer | None = None
        self._channel: asyncssh.SSHServerChannel[bytes] | None = None
        self._waiting: asyncio.TimerHandle | None = None

    def connection_made(self, chan: "asyncssh.SSHServerChannel[bytes]") -> None:
        self._channel = chan

    def shell_requested(self) -> bool:
        return True

    def exec_requested(self, command: str) -> bool:
        """A command instead of a shell: only copies by SCP are known."""
        self._transfer = transfer_of(self._host.device, self._user, command)
        return self._transfer is not None

    def pty_requested(self, term_type: str, term_size: tuple[int, int, int, int], term_modes: object) -> bool:  # noqa: ARG002 - the signature is of asyncssh
        return True

    def session_started(self) -> None:
        if self._host.faults.hanging:
            return
        if self._transfer is not None:
            self._copied(self._transfer, self._transfer.start())
        else:
            self._send(self._terminal.greet())

    def data_received(self, data: bytes, datatype: int | None) -> None:  # noqa: ARG002 - the signature is of asyncssh
        if self._host.faults.hanging:
            return
        if self._transfer is not None:
            self._copied(self._transfer, self._transfer.feed(data))
            return
        self._terminal.receive(data)
        if self._waiting is None:
            self._pump()

    def _copied(self, transfer: Transfer, sent: bytes) -> None:
        """Send the next bytes of a copy; end the channel once it is over."""
        if self._channel is None:
            return
        if sent:
            self._channel.write(sent)
        if transfer.status is not None:
            self._channel.exit(transfer.status)

    def eof_received(self) -> bool:
        if self._transfer is not None:
            self._transfer.ended()
            self._copied(self._transfer, b"")
        return False

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - the signature is of asyncssh
        self._channel = None
        self._terminal.session.close()
        if self._waiting is not None:
            self._waiting.cancel()

    def _pump(self) -> None:
        """Answer the lines that have come, one after the other; a slow device takes its time for each."""
        self._waiting = None
        while self._channel is not None and not self._host.faults.hanging:
            line = self._terminal.next_line()
            self._send(self._terminal.take_echo())
            if line is None:
                return
            slow = self._host.faults.slow
            if slow:
                self._waiting = asyncio.get_running_loop().call_later(slow / 1000, self._late, line)
                return
            self._answer(line)

    def _late(self, line: str) -> None:
        self._answer(line)
        self._pump()

    def _answer(self, line: str) -> None:
        session = self._terminal.session
        counted = session.configuring and bool(line.strip())
        answering = session.asking
        reply = session.feed(line)
        if not answering and self._host.line_taken(line, counted=counted) and self._channel is not None:
            self._channel.get_connection().abort()
            return
        if self._host.faults.hanging:
            return
        self._send(self._terminal.answered(reply))
        self._act(reply.action)

    def _act(self, action: Action) -> None:
        if action is Action.NONE or self._channel is None:
            return
        connection = self._channel.get_connection()
        self._channel.exit(0)
        if action is Action.CLOSE:
            connection.close()
        else:
            self._host.reload()

    def _send(self, text: str) -> None:
        if text and self._channel is not None:
            self._channel.write(text.encode())


class Login(asyncssh.SSHServer):
    """One SSH connection: a password or a public key lets in, then shells."""

    def __init__(self, host: Host, connected: Callable[[asyncssh.SSHServerConnection], None]) -> None:
        self._host = host
        self._connected = connected
        self._user = ""

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._connected(conn)

    def begin_auth(self, username: str) -> bool:
        self._user = username
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return self._host.device.accepts(username, password)

    def public_key_auth_supported(self) -> bool:
        # A client that has keys tries each: it is spared that where no key lets in.
        return bool(self._host.device.credentials.authorized_keys)

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        return self._host.device.accepts_key(username, key.public_data)

    def session_requested(self) -> asyncssh.SSHServerSession[bytes]:
        return Shell(self._host, self._user)
