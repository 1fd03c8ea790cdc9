"""Ways to a device's own addresses: a port of this machine for each, which leads there as long as the device has it.

Every device answers on 127.0.0.1 whatever it is configured as. Where it matters by which address somebody comes, a way
to that address is asked for: it lets in, and keeps in, while an interface that is up has the address.
"""

import asyncio
import weakref
from collections.abc import Awaitable, Callable
from contextlib import suppress
from ipaddress import IPv4Address
from typing import TYPE_CHECKING, Final

import asyncssh

from cimnet_nornir.lab.routing import own_addresses

if TYPE_CHECKING:
    from cimnet_nornir.lab.device import Device

Connected = Callable[[asyncssh.SSHServerConnection], None]
Listen = Callable[[Connected], Awaitable[asyncssh.SSHAcceptor]]
_CLOSING_SECONDS: Final = 2.0
_NOBODY: Final[frozenset[IPv4Address]] = frozenset()


class Ways:
    """The ways to the addresses of one device; `listen` opens a port and tells of each connection to it."""

    def __init__(self, device: "Device", listen: Listen) -> None:
        self._device = device
        self._listen = listen
        self._acceptors: dict[IPv4Address, asyncssh.SSHAcceptor] = {}
        self._connections: dict[IPv4Address, weakref.WeakSet[asyncssh.SSHServerConnection]] = {}

    async def open(self, address: IPv4Address) -> int:
        """The port on 127.0.0.1 that leads to an address of the device, whether it has it now or not."""
        if address not in self._acceptors:
            self._connections[address] = weakref.WeakSet()
            self._acceptors[address] = await self._listen(lambda connection: self._arrived(address, connection))
        return self._acceptors[address].get_port()

    def _arrived(self, address: IPv4Address, connection: asyncssh.SSHServerConnection) -> None:
        if address in self._present():
            self._connections[address].add(connection)
        else:
            connection.abort()

    def cut(self) -> None:
        """Drop the connections to addresses that the device has no more."""
        if not self._acceptors:
            return
        for address in self._acceptors.keys() - self._present():
            for connection in list(self._connections[address]):
                connection.abort()

    def _present(self) -> frozenset[IPv4Address]:
        if not self._device.powered:
            return _NOBODY
        return frozenset(address for _, address, _ in own_addresses(self._device))

    async def close(self) -> None:
        """Close every way, and drop who came by it."""
        for acceptor in self._acceptors.values():
            acceptor.close()
        for connections in self._connections.values():
            for connection in list(connections):
                connection.abort()
        for acceptor in self._acceptors.values():
            # As with the device's own port: a connection that is only just being made is not waited for.
            with suppress(TimeoutError):
                await asyncio.wait_for(acceptor.wait_closed(), _CLOSING_SECONDS)
        self._acceptors.clear()
