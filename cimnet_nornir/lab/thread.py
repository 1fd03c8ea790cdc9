"""A lab in a thread of the calling program, for tests of one's own runbooks."""

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import IPv4Address
from pathlib import Path
from typing import TypeVar

from cimnet_nornir.lab.service import LabService, served
from cimnet_nornir.lab.spec import LabSpec
from cimnet_nornir.lab.state import LabState

T = TypeVar("T")
_CLOSING_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class RunningLab(LabState):
    """A lab that is up in this program: where its devices and hosts are, and a hand on them."""

    _service: LabService = field(repr=False)
    _loop: asyncio.AbstractEventLoop = field(repr=False)

    def fault(self, device: str, fault: str, **arguments: object) -> None:
        """Give a device a fault (see `faults`); raises InvalidInput or NotFound."""
        self._run(self._service.lab.set_fault(device, fault, arguments))

    def advance(self, device: str | None, seconds: float) -> None:
        """Set the clock of a device, or of all, forward; timers that run out on the way have fired on return."""
        self._run(self._service.lab.advance(device, timedelta(seconds=seconds)))

    def way(self, device: str, address: str) -> int:
        """The port on 127.0.0.1 that leads to an address of a device, while an interface that is up has it."""
        return self._run(self._service.lab.way(device, IPv4Address(address)))

    def running_config(self, device: str) -> str:
        """The running configuration of a device, from `version` to `end`."""
        return self._run(self._read(device, "running_config"))

    def module(self, host: str) -> str:
        """The text of the module that a host runs by; empty where nothing was deployed to it."""
        return self._service.lab.hosts[host].folder.module

    def root(self, host: str) -> Path:
        """The folder that is a host's disk."""
        return self._service.lab.hosts[host].folder.root

    def startup_config(self, device: str) -> str:
        """The saved configuration of a device, empty when nothing was saved."""
        return self._run(self._read(device, "startup"))

    async def _read(self, device: str, what: str) -> str:
        found = self._service.lab.devices[device]
        return found.running_config() if what == "running_config" else found.startup

    def _run(self, work: Coroutine[object, object, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=30)


@contextmanager
def running_lab(spec: LabSpec, state_dir: Path, *, reload_seconds: float = 0.3) -> Iterator[RunningLab]:
    """Run a lab while the block lasts; `lab_state(state_dir)` finds it, too."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="cimnet-lab", daemon=True)
    thread.start()
    context = served(spec, state_dir, reload_seconds=reload_seconds)
    try:
        service = asyncio.run_coroutine_threadsafe(context.__aenter__(), loop).result(timeout=60)
        try:
            state = service.state
            yield RunningLab(state.pid, state.started, state.credentials, state.devices, state.hosts, service, loop)
        finally:
            asyncio.run_coroutine_threadsafe(context.__aexit__(None, None, None), loop).result(timeout=60)
    finally:
        asyncio.run_coroutine_threadsafe(_settle(), loop).result(timeout=10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _settle() -> None:
    """Let what is left of the connections end, so that no task is destroyed while it waits."""
    own = asyncio.current_task()
    tasks = [task for task in asyncio.all_tasks() if task is not own]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    # Connections that are being closed are closed in the next turns of the loop.
    await asyncio.sleep(_CLOSING_SECONDS)
