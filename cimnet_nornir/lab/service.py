"""A lab being served: the devices, and a control port on loopback that answers only who knows the token.

The control port speaks one JSON object a line. Its number and token stand in STATE_DIR/lab.json, of mode 0600; a TCP
port is used because a Unix socket's path may not be longer than 107 bytes.
"""

import asyncio
import fcntl
import hmac
import json
import os
import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO

from cimnet_nornir.errors import CimnetError, InvalidInput
from cimnet_nornir.lab.spec import LabSpec
from cimnet_nornir.lab.state import LOCK_FILE, SPEC_FILE, STATE_FILE, LabState
from cimnet_nornir.lab.storage import write_atomically
from cimnet_nornir.lab.whole import Lab


@asynccontextmanager
async def served(spec: LabSpec, state_dir: Path, *, reload_seconds: float = 1.0) -> AsyncIterator["LabService"]:
    """A lab that is up and can be controlled; raises InvalidInput when one is up in this folder already."""
    lock = _locked(state_dir)
    try:
        service = LabService(spec, state_dir, reload_seconds)
        try:
            await service.start()
            yield service
        finally:
            await service.close()
    finally:
        lock.close()


class LabService:
    """One lab with its control port."""

    def __init__(self, spec: LabSpec, state_dir: Path, reload_seconds: float) -> None:
        self.lab = Lab(spec, state_dir, reload_seconds=reload_seconds)
        self.started = datetime.now(UTC)
        self.stopped = asyncio.Event()
        self._spec = spec
        self._state_dir = state_dir
        self._token = secrets.token_hex(16)
        self._control: asyncio.Server | None = None

    @property
    def state(self) -> LabState:
        """What others are told about this lab."""
        return LabState(os.getpid(), self.started, self._spec.credentials, self.lab.endpoints, self.lab.host_endpoints)

    async def start(self) -> None:
        """Switch the devices on, then tell where the lab is controlled."""
        write_atomically(self._state_dir / SPEC_FILE, self._spec.to_json())
        await self.lab.start()
        self._control = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        port = self._control.sockets[0].getsockname()[1]
        found = {"pid": os.getpid(), "port": port, "token": self._token}
        write_atomically(self._state_dir / STATE_FILE, json.dumps(found))

    async def close(self) -> None:
        """Switch the devices off and forget where the lab was."""
        (self._state_dir / STATE_FILE).unlink(missing_ok=True)
        if self._control is not None:
            self._control.close()
        await self.lab.stop()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # The client may go at any time: nobody is left to be told.
        with suppress(ConnectionError):
            answer = await self._answer(await reader.readline())
            writer.write(json.dumps(answer).encode() + b"\n")
            await writer.drain()
        writer.close()

    async def _answer(self, line: bytes) -> Mapping[str, object]:
        try:
            request = json.loads(line)
            if not hmac.compare_digest(str(request["token"]), self._token):
                return {"error": "not allowed"}
            return await self._do(request)
        except CimnetError as error:
            return {"error": error.message, "kind": type(error).__name__}
        except (ValueError, KeyError, TypeError, AttributeError):
            return {"error": "not a request"}

    async def _do(self, request: Mapping[str, object]) -> Mapping[str, object]:
        match request["do"]:
            case "status":
                return self._status()
            case "stop":
                self.stopped.set()
                return {}
            case "fault":
                arguments = request.get("arguments", {})
                if not isinstance(arguments, dict):
                    raise InvalidInput("the arguments of a fault are an object")
                await self.lab.set_fault(str(request["device"]), str(request["fault"]), arguments)
                return {}
            case "clock":
                return await self._clock(request)
            case other:
                raise InvalidInput(f"the lab cannot {other!r}")

    async def _clock(self, request: Mapping[str, object]) -> Mapping[str, object]:
        device, seconds = request.get("device"), request.get("advance", 0)
        if not isinstance(seconds, int | float):
            raise InvalidInput("a clock is set forward by seconds")
        shown = await self.lab.advance(None if device is None else str(device), timedelta(seconds=seconds))
        return {"clocks": {name: at.isoformat() for name, at in shown.items()}}

    def _status(self) -> Mapping[str, object]:
        devices = {name: asdict(endpoint) for name, endpoint in self.lab.endpoints.items()}
        hosts = {name: asdict(endpoint) for name, endpoint in self.lab.host_endpoints.items()}
        return {"pid": os.getpid(), "started": self.started.isoformat(), "devices": devices, "hosts": hosts}


def _locked(state_dir: Path) -> IO[str]:
    """Take the folder's lock; it goes with the process, so that a killed lab leaves nothing behind that bars."""
    state_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = (state_dir / LOCK_FILE).open("a", encoding="utf-8")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.close()
        raise InvalidInput(f"a lab is up in {state_dir} already: take it down first", subject="lab") from error
    return file
