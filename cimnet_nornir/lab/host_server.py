"""A simulated NixOS host: an SSH server on loopback that really runs commands, in the folder that is the host's disk.

Only the key of the lab lets in: whoever could log in could run commands as the user whose lab it is.
"""

import asyncio
import os
import signal
import socket
import subprocess
import weakref
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import asyncssh

from cimnet_nornir.lab.host_faults import HostFaults, with_host_fault
from cimnet_nornir.lab.host_folder import HostFolder
from cimnet_nornir.lab.listener import Listener
from cimnet_nornir.lab.storage import write_atomically

_WATCH_SECONDS: Final = 0.05
_REBOOT_SECONDS: Final = 0.3
_ADVANCE_SECONDS: Final = 20.0
_BLOCK: Final = 1 << 16
# As a shell tells of a program that a signal ended.
_KILLED: Final = 128


def login_key(path: Path) -> asyncssh.SSHKey:
    """The private key that lets into the hosts of a lab, of mode 0600, made the first time."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        key = asyncssh.generate_private_key("ssh-ed25519", comment="cimnet lab")
        write_atomically(path, key.export_private_key("openssh").decode())
    return asyncssh.read_private_key(path)


class HostServer(Listener):
    """One host's listener, its connections, the processes that were started over them, and its faults."""

    def __init__(self, folder: HostFolder, key_file: Path, host: str, port: int, login: asyncssh.SSHKey) -> None:
        super().__init__(host, port, login_key(key_file))
        self.folder = folder
        self.faults = HostFaults()
        self._login = login.export_public_key().decode()
        self._processes: set[subprocess.Popen[bytes]] = set()
        self._sessions: set[asyncio.Task[None]] = set()
        self._watcher: asyncio.Task[None] | None = None
        # What opens and closes the port does so one at a time.
        self._changing = asyncio.Lock()

    @property
    def _shows_another_key(self) -> bool:
        return self.faults.host_key

    async def start(self) -> None:
        """Boot, and listen on the kept port where it is free."""
        self.folder.boot()
        self.folder.set_faults(())
        await self.open()
        self._watcher = asyncio.get_running_loop().create_task(self._watch())

    async def stop(self) -> None:
        """Switch the host off: nothing of it runs on."""
        if self._watcher is not None:
            self._watcher.cancel()
            await asyncio.gather(self._watcher, return_exceptions=True)
        await self.close()
        await self._halt()
        await asyncio.gather(*self._sessions, return_exceptions=True)

    async def set_fault(self, fault: str) -> None:
        """Set or clear a fault; raises InvalidInput."""
        self.faults = with_host_fault(self.faults, fault)
        self.folder.set_faults(self.faults.programs)
        if fault == "power":
            await self._reboot()
        await self._settle()
        self._show_key()

    async def advance(self, by: timedelta) -> datetime:
        """Set the clock forward; returns what it shows, when the timers that ran out on the way have done their work.

        What a timer started may wait for a command that is at work on the host: it is not waited for forever.
        """
        self.folder.advance(by.total_seconds())
        for _ in range(round(_ADVANCE_SECONDS / _WATCH_SECONDS)):
            if not self.folder.due:
                break
            await asyncio.sleep(_WATCH_SECONDS)
        await self._settle()
        return datetime.now(UTC) + timedelta(seconds=self.folder.shift)

    async def _listen(self, port: int) -> asyncssh.SSHAcceptor:
        return await asyncssh.create_server(
            lambda: _Login(self._connections),
            self._host,
            port,
            server_host_keys=[self._shown_key()],
            authorized_client_keys=asyncssh.import_authorized_keys(self._login),
            password_auth=False,
            kbdint_auth=False,
            process_factory=self._served,
            encoding=None,
            allow_pty=False,
            reuse_address=True,
        )

    async def _watch(self) -> None:
        """Reboot the host when it asks for it, and let nobody in while an activation has cut it off."""
        while True:
            await asyncio.sleep(_WATCH_SECONDS)
            if self.folder.reboots:
                await self._reboot()
            await self._settle()

    async def _settle(self) -> None:
        async with self._changing:
            reachable = not self.faults.down and not self.folder.cut
            if reachable and self._acceptor is None:
                await self.open()
            elif not reachable and self._acceptor is not None:
                await self.close()
                self.folder.tell_cut_off()

    async def _reboot(self) -> None:
        async with self._changing:
            await self.close()
            await self._halt()
            await asyncio.sleep(_REBOOT_SECONDS)
            self.folder.boot()

    async def _halt(self) -> None:
        for process in list(self._processes):
            # It may end in this very moment.
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await _ended(process)
        self.folder.halt()

    def _served(self, session: "asyncssh.SSHServerProcess[bytes]") -> None:
        task = asyncio.get_running_loop().create_task(self._serve(session))
        self._sessions.add(task)
        task.add_done_callback(self._sessions.discard)

    async def _serve(self, session: "asyncssh.SSHServerProcess[bytes]") -> None:
        """Run one command as sshd does: where the connection is lost it lives on, with nobody to talk to."""
        if session.command is None:
            session.exit(1)
        if session.command is None or self.faults.hang:
            return
        # Sockets and not pipes, since asyncio has streams for them.
        (ours, theirs), (errors, their_errors) = socket.socketpair(), socket.socketpair()
        with theirs, their_errors:
            process = self._started(session.command, theirs, their_errors)
        self._processes.add(process)
        # Kept, since whatever becomes of the connection, somebody has to ask how it ended.
        ended = asyncio.get_running_loop().create_task(self._reap(process))
        await asyncio.gather(
            _joined(ours, session.stdout, session.stdin), _joined(errors, session.stderr), return_exceptions=True
        )
        status = await asyncio.shield(ended)
        if not self.faults.hang:
            session.exit(status if status >= 0 else _KILLED - status)

    def _started(self, command: str, talking: socket.socket, errors: socket.socket) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            ["/bin/sh", "-c", command],
            stdin=talking.fileno(),
            stdout=talking.fileno(),
            stderr=errors.fileno(),
            env=self.folder.environment,
            cwd=self.folder.root,
            start_new_session=True,
        )

    async def _reap(self, process: "subprocess.Popen[bytes]") -> int:
        status = await _ended(process)
        self._processes.discard(process)
        return status


async def _joined(
    process: socket.socket, told: "asyncssh.SSHWriter[bytes]", given: "asyncssh.SSHReader[bytes] | None" = None
) -> None:
    """Join one end of a connection with a process's; once one of them is lost the process's is closed, as sshd does."""
    reader, writer = await asyncio.open_connection(sock=process)
    giving = None if given is None else asyncio.get_running_loop().create_task(_give(given, writer))
    # Nobody is left to be told.
    with suppress(OSError, asyncssh.Error), closing(writer):
        while data := await reader.read(_BLOCK):
            told.write(data)
            await told.drain()
    if giving is not None:
        giving.cancel()


async def _give(given: "asyncssh.SSHReader[bytes]", writer: asyncio.StreamWriter) -> None:
    # A process need not read all that it is given.
    with suppress(OSError, asyncssh.Error):
        while data := await given.read(_BLOCK):
            writer.write(data)
            await writer.drain()
        writer.write_eof()


async def _ended(process: "subprocess.Popen[bytes]") -> int:
    while (status := process.poll()) is None:  # noqa: ASYNC110 - nothing tells of the end of a process but asking
        await asyncio.sleep(_WATCH_SECONDS)
    return status


class _Login(asyncssh.SSHServer):
    """One SSH connection, kept track of so that it can be dropped."""

    def __init__(self, connections: "weakref.WeakSet[asyncssh.SSHServerConnection]") -> None:
        self._known = connections

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._known.add(conn)
