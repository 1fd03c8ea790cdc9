"""Starting, finding, steering and ending the lab's background process; needs no SSH library itself."""

import fcntl
import importlib.util
import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

from cimnet_nornir.errors import CimnetError, InvalidInput, NotFound, SettingsError
from cimnet_nornir.lab.spec import LabSpec
from cimnet_nornir.lab.state import LOCK_FILE, SPEC_FILE, STATE_FILE, LabEndpoint, LabState
from cimnet_nornir.lab.storage import FolderStorage, write_atomically

LOG_FILE: Final = "lab.log"
_PAUSE: Final = 0.05
# A control request is answered at once; a lab that is busy with hundreds of logins may take a moment.
_ANSWER_SECONDS: Final = 10.0
Log = Callable[[str], None]


def lab_up(
    spec: LabSpec,
    state_dir: Path,
    *,
    copies: Mapping[str, str] | None = None,
    timeout: float = 30.0,
    on_log: Log | None = None,
) -> LabState:
    """Start the lab in the background; returns when every device listens.

    `copies` are configurations of real devices, by the names of those that are to be copies of them: what such a one
    had saved is gone. `on_log` is given each line the process writes while it starts. Raises InvalidInput when a lab
    is up already, SettingsError when asyncssh is missing, and CimnetError with the log's last line when the lab does
    not come up within `timeout` seconds.
    """
    require_asyncssh()
    _refuse_second(state_dir)
    state_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    _copy(state_dir, copies or {})
    write_atomically(state_dir / SPEC_FILE, spec.to_json())
    log = state_dir / LOG_FILE
    with log.open("w", encoding="utf-8") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "cimnet_nornir.lab", str(state_dir)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    return _awaited(process, state_dir, time.monotonic() + timeout, on_log or (lambda _: None))


def _copy(state_dir: Path, copies: Mapping[str, str]) -> None:
    for name, text in copies.items():
        FolderStorage(state_dir / "devices" / name).copy(text)


def _awaited(process: "subprocess.Popen[bytes]", state_dir: Path, deadline: float, on_log: Log) -> LabState:
    told = 0
    while time.monotonic() < deadline:
        lines = (state_dir / LOG_FILE).read_text(encoding="utf-8").splitlines()
        for line in lines[told:]:
            on_log(line)
        told = len(lines)
        if process.poll() is not None:
            raise CimnetError(f"the lab did not start: {lines[-1] if lines else 'no reason given'}", subject="lab")
        state = lab_state(state_dir)
        if state is not None and state.pid == process.pid:
            # It lives on without us: nobody waits for it here.
            process.returncode = 0
            return state
        time.sleep(_PAUSE)
    process.terminate()
    process.wait()
    raise CimnetError("the lab did not start in time: more in lab.log", subject="lab")


def lab_foreground(
    spec: LabSpec,
    state_dir: Path,
    *,
    copies: Mapping[str, str] | None = None,
    on_up: Callable[[LabState], None] | None = None,
) -> None:
    """Run the lab in this process until it is interrupted or taken down; `on_up` is called when all devices listen.

    `copies` as in `lab_up`.
    """
    require_asyncssh()
    _refuse_second(state_dir)
    import asyncio

    from cimnet_nornir.lab.__main__ import serve

    state_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    _copy(state_dir, copies or {})
    asyncio.run(serve(spec, state_dir, on_up=on_up))


def lab_state(state_dir: Path) -> LabState | None:
    """The lab that is up in this folder, None when there is none; files of a lab that was killed count for nothing."""
    answer = _asked(state_dir, {"do": "status"})
    if answer is None or "devices" not in answer:
        return None
    return _state(state_dir, answer)


def lab_down(state_dir: Path, *, timeout: float = 15.0) -> bool:
    """Take the lab down and wait until it is gone; False when none was up."""
    if _asked(state_dir, {"do": "stop"}) is None:
        return False
    deadline = time.monotonic() + timeout
    while not _free(state_dir / LOCK_FILE):
        if time.monotonic() > deadline:
            raise CimnetError(f"the lab in {state_dir} does not end", subject="lab")
        time.sleep(_PAUSE)
    return True


def lab_fault(state_dir: Path, device: str, fault: str, **arguments: object) -> None:
    """Give a device of the lab that is up a fault; raises InvalidInput when no lab is up or the fault is wrong."""
    _told(state_dir, {"do": "fault", "device": device, "fault": fault, "arguments": arguments}, device)


def lab_clock(state_dir: Path, device: str | None = None, *, advance: float = 0.0) -> Mapping[str, datetime]:
    """Set the clock of a device of the lab that is up, or of all, forward by seconds; what each shows then.

    What falls due on the way (timed reverts, reloads) has happened on return. Raises InvalidInput when no lab is up,
    NotFound for an unknown device.
    """
    answer = _told(state_dir, {"do": "clock", "device": device, "advance": advance}, device or "lab")
    clocks = answer["clocks"]
    if not isinstance(clocks, dict):
        raise CimnetError("the lab told no time", subject="lab")
    return {name: datetime.fromisoformat(text) for name, text in clocks.items()}


def _told(state_dir: Path, request: Mapping[str, object], subject: str) -> Mapping[str, object]:
    """The lab's answer to a request that it may refuse."""
    answer = _asked(state_dir, request)
    if answer is None:
        raise InvalidInput("no lab is up: start one with `cimnet lab up`", subject="lab")
    if "error" in answer:
        kind = NotFound if answer.get("kind") == "NotFound" else InvalidInput
        raise kind(str(answer["error"]), subject=subject)
    return answer


def require_asyncssh() -> None:
    """Raise SettingsError when the lab's SSH library is not installed."""
    # A module that was blocked stands in sys.modules as None, which find_spec takes for a mistake of ours.
    blocked = sys.modules.get("asyncssh", sys) is None
    if blocked or importlib.util.find_spec("asyncssh") is None:
        raise SettingsError("the lab needs asyncssh: pip install 'cimnet-nornir[lab]'")


def _refuse_second(state_dir: Path) -> None:
    state = lab_state(state_dir)
    if state is not None:
        raise InvalidInput(f"a lab is up already (process {state.pid}): take it down first", subject="lab")
    if (state_dir / LOCK_FILE).exists() and not _free(state_dir / LOCK_FILE):
        raise InvalidInput(f"a lab in {state_dir} is just starting or ending: try again", subject="lab")


def _asked(state_dir: Path, request: Mapping[str, object]) -> Mapping[str, object] | None:
    """The lab's answer to a request; None when no lab answers that knows the token of this folder."""
    try:
        found = json.loads((state_dir / STATE_FILE).read_text(encoding="utf-8"))
        with socket.create_connection(("127.0.0.1", found["port"]), timeout=_ANSWER_SECONDS) as connection:
            connection.sendall(json.dumps({**request, "token": found["token"]}).encode() + b"\n")
            with connection.makefile("rb") as answers:
                answer = json.loads(answers.readline())
    except (OSError, ValueError, KeyError, TypeError):
        return None
    ours = isinstance(answer, dict) and answer.get("error") != "not allowed"
    return answer if ours else None


def _state(state_dir: Path, answer: Mapping[str, object]) -> LabState | None:
    try:
        spec = LabSpec.from_json((state_dir / SPEC_FILE).read_text(encoding="utf-8"))
    except OSError:
        return None
    devices, hosts = answer["devices"], answer.get("hosts", {})
    if not isinstance(devices, dict) or not isinstance(hosts, dict):
        return None
    return LabState(
        int(str(answer["pid"])),
        datetime.fromisoformat(str(answer["started"])),
        spec.credentials,
        {name: LabEndpoint(**entry) for name, entry in devices.items()},
        {name: LabEndpoint(**entry) for name, entry in hosts.items()},
    )


def _free(path: Path) -> bool:
    """Whether nobody holds the lab's lock; the kernel frees it with the process that held it."""
    with path.open("a", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
    return True
