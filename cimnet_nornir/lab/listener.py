"""A loopback port with an SSH server behind it, that can be closed and opened again; what devices and hosts share."""

import asyncio
import weakref
from abc import ABC, abstractmethod
from contextlib import suppress
from typing import Final

import asyncssh

_CLOSING_SECONDS: Final = 2.0


class Listener(ABC):
    """One port with its host key and its connections; it is closed at first."""

    def __init__(self, host: str, port: int, key: asyncssh.SSHKey) -> None:
        self.port = port
        self._host = host
        self._key = key
        self._other_key: asyncssh.SSHKey | None = None
        self._acceptor: asyncssh.SSHAcceptor | None = None
        self._connections: weakref.WeakSet[asyncssh.SSHServerConnection] = weakref.WeakSet()

    @abstractmethod
    async def _listen(self, port: int) -> asyncssh.SSHAcceptor:
        """The server at this port; any free one where it is 0. Its connections go into `_connections`."""

    @property
    @abstractmethod
    def _shows_another_key(self) -> bool:
        """Whether a fault makes it show a host key that is not its own."""

    @property
    def host_key(self) -> str:
        """Its own public key as one OpenSSH line, whatever key a fault makes it show."""
        return " ".join(self._key.export_public_key().decode().split()[:2])

    @property
    def up(self) -> bool:
        """Whether the port is open."""
        return self._acceptor is not None

    async def open(self) -> None:
        """Listen, on the kept port where it is free."""
        if self._acceptor is not None:
            return
        try:
            self._acceptor = await self._listen(self.port)
        except OSError:
            self._acceptor = await self._listen(0)
        self.port = self._acceptor.get_port()

    async def close(self) -> None:
        """Close the port and drop every connection."""
        acceptor, self._acceptor = self._acceptor, None
        if acceptor is not None:
            acceptor.close()
        self._drop()
        if acceptor is not None:
            # From Python 3.12 on this waits for every connection too: they are dropped first, and one that is only just
            # being made is not waited for long.
            with suppress(TimeoutError):
                await asyncio.wait_for(acceptor.wait_closed(), _CLOSING_SECONDS)

    def _drop(self) -> None:
        """Drop every connection."""
        for connection in list(self._connections):
            connection.abort()

    def _shown_key(self) -> asyncssh.SSHKey:
        if not self._shows_another_key:
            return self._key
        if self._other_key is None:
            self._other_key = asyncssh.generate_private_key("ssh-ed25519")
        return self._other_key

    def _show_key(self) -> None:
        """Show the key that is to be shown now to whoever comes next."""
        if self._acceptor is not None:
            self._acceptor.update(server_host_keys=[self._shown_key()])
