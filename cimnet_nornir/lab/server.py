"""A simulated device behind a loopback port of its own: its listener, its connections, its faults."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import asyncssh

from cimnet_nornir.lab.device import Device
from cimnet_nornir.lab.faults import Faults, with_fault
from cimnet_nornir.lab.listener import Listener
from cimnet_nornir.lab.shell import Login
from cimnet_nornir.lab.storage import write_atomically
from cimnet_nornir.lab.ways import Connected, Ways

# Finite-field Diffie-Hellman and RSA would cost most of a connection's time; paramiko 4 knows the first name only.
_KEX: Final = ["curve25519-sha256@libssh.org", "curve25519-sha256", "ecdh-sha2-nistp256"]
_CIPHERS: Final = ["aes128-gcm@openssh.com", "aes128-ctr"]
_BACKLOG: Final = 512


class DeviceServer(Listener):
    """One device's listener, its connections and its faults."""

    def __init__(self, device: Device, folder: Path, host: str, port: int, reload_seconds: float) -> None:
        super().__init__(host, port, _host_key(folder / "ssh_host_key"))
        self.device = device
        self._reload_seconds = reload_seconds
        self._reloading: asyncio.Task[None] | None = None
        self._alarm: asyncio.TimerHandle | None = None
        self.ways = Ways(device, lambda arrived: self._listen(0, arrived))
        device.restart = self.reload
        device.timers.on_change = self._set_alarm

    @property
    def faults(self) -> Faults:
        """What is wrong with the device."""
        return self.device.faults

    @property
    def _shows_another_key(self) -> bool:
        return self.faults.host_key

    async def _listen(self, port: int, arrived: Connected | None = None) -> asyncssh.SSHAcceptor:
        def connected(connection: asyncssh.SSHServerConnection) -> None:
            self._connections.add(connection)
            if arrived is not None:
                arrived(connection)

        return await asyncssh.create_server(
            lambda: Login(self, connected),
            self._host,
            port,
            server_host_keys=[self._shown_key()],
            kex_algs=_KEX,
            encryption_algs=_CIPHERS,
            encoding=None,
            line_editor=False,
            backlog=_BACKLOG,
            reuse_address=True,
        )

    async def stop(self) -> None:
        """Close for good."""
        if self._reloading is not None:
            self._reloading.cancel()
        if self._alarm is not None:
            self._alarm.cancel()
        self.device.timers.on_change = lambda: None
        await self.ways.close()
        await self.close()

    def _set_alarm(self) -> None:
        """Wake up when the device's next timer runs out; one that just did may have taken an address away."""
        self.ways.cut()
        if self._alarm is not None:
            self._alarm.cancel()
        due = self.device.timers.next
        if due is None:
            self._alarm = None
            return
        seconds = max((due - self.device.clock()).total_seconds(), 0.0)
        self._alarm = asyncio.get_running_loop().call_later(seconds, self.device.timers.run)

    async def advance(self, by: timedelta) -> datetime:
        """Set the device's clock forward; returns what it shows, when what fell due on the way is done."""
        self.device.timers.advance(by)
        if self._reloading is not None:
            await self._reloading
        return self.device.clock()

    def line_taken(self, line: str, *, counted: bool) -> bool:
        """Note that a line took effect (`counted`: one of configuration); True when the connection is lost by it."""
        self.ways.cut()
        if counted:
            self.device.faults = self.faults.after_line()
        if self.faults.hangs(line):
            self.device.faults = replace(self.faults, hang_after=0)
        if self.faults.power_after is not None and self.faults.power_after <= 0:
            self.device.faults = replace(self.faults, power_after=None)
            self.lose_power()
            return True
        if not self.faults.drops(line):
            return False
        self.device.faults = self.faults.after_dropping(line)
        return True

    def lose_power(self) -> None:
        """Off and on again in a moment: the sessions are gone, and running is startup."""
        self._drop()
        self.device.boot()

    def reload(self) -> None:
        """Restart: unreachable for a moment, then up with the startup configuration."""
        if self._reloading is None or self._reloading.done():
            self._reloading = asyncio.get_running_loop().create_task(self._restart())

    async def _restart(self) -> None:
        self.device.powered = False
        # The answer to the command must leave before the connections are dropped.
        await asyncio.sleep(0.05)
        await self.close()
        await asyncio.sleep(self._reload_seconds)
        self.device.boot()
        self.device.powered = not self.faults.down
        if not self.faults.down:
            await self.open()

    async def set_fault(self, fault: str, arguments: Mapping[str, object]) -> None:
        """Set or clear a fault; raises InvalidInput."""
        self.device.faults = with_fault(self.faults, fault, arguments)
        if fault == "power":
            self.lose_power()
        elif fault == "errors":
            self.device.count_errors(str(arguments.get("interface", "")))
        self.device.powered = not self.faults.down
        if self.faults.down:
            await self.close()
            return
        if self._reloading is None or self._reloading.done():
            await self.open()
        self._show_key()


def _host_key(path: Path) -> asyncssh.SSHKey:
    """The device's key, made the first time."""
    if not path.exists():
        key = asyncssh.generate_private_key("ssh-ed25519")
        write_atomically(path, key.export_private_key().decode())
        return key
    return asyncssh.read_private_key(path)
