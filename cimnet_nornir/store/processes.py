"""Tokens of leases: which process took one, and whether that process is known to have died."""

import os
import socket
import uuid
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

ROOT = Path("/")

_HOST_ITSELF = "pid:[4026531836]"
"""The PID namespace of a host, not of a container on it (PID_NS_INIT_INO in the kernel's include/uapi/linux/nsfs.h)."""

_ENDED = frozenset("ZX")
"""States in /proc/PID/stat of a process that runs no longer and is only not yet waited for."""


class Process(NamedTuple):
    """A process as its token names it; a field is empty where the system does not tell it.

    `started` is in clock ticks after the boot: it tells a process from a later one with the same number.
    """

    host: str
    machine: str
    boot: str
    namespace: str
    number: str
    started: str


class _Stat(NamedTuple):
    """What /proc/PID/stat says (proc_pid_stat(5)): fields 3, 20 and 22."""

    state: str
    threads: str
    started: str


def new_token(*, root: Path = ROOT) -> str:
    """A token that no other lease has, and that says which process took it."""
    return "|".join((*_this_process(root), uuid.uuid4().hex))


def owner_is_dead(token: str, *, root: Path = ROOT) -> bool:
    """Whether the process that took the lease ran on this host and is gone; False wherever that cannot be known.

    Process numbers are compared within one boot and one PID namespace only. After a reboot every earlier process of
    the host is gone; whether a container's host is this one cannot be known, so that its leases run out by themselves.
    """
    there, here = _read(token), _this_process(root)
    if there is None or there[:2] != here[:2] or there.namespace != here.namespace:
        return False
    if there.boot == here.boot:
        return _is_gone(there, root)
    return "" not in (there.boot, here.boot, here.machine) and here.namespace == _HOST_ITSELF


def _read(token: str) -> Process | None:
    fields = token.rsplit("|", len(Process._fields))
    return Process._make(fields[:-1]) if len(fields) == len(Process._fields) + 1 else None


def _this_process(root: Path) -> Process:
    number = str(os.getpid())
    boot, stat = _text(root / "proc/sys/kernel/random/boot_id"), _stat(root, number)
    machine = _text(root / "etc/machine-id") if boot else _hardware_address()
    return Process(socket.gethostname(), machine, boot, _namespace(root), number, stat.started if stat else "")


def _hardware_address() -> str:
    """Tells hosts of one name apart where nothing better does; where there is none, a random one for each process."""
    return f"{uuid.getnode():012x}"


def _namespace(root: Path) -> str:
    # Only Linux has namespaces, pid_namespaces(7).
    with suppress(OSError):
        return str((root / "proc/self/ns/pid").readlink())
    return ""


def _is_gone(process: Process, root: Path) -> bool:
    """Whether no process has the number, or one that started at another time."""
    if not process.number.isdecimal() or process.number == "0":
        return False
    try:
        os.kill(int(process.number), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        pass  # another user's: it is there
    except (OSError, OverflowError):
        return False
    return _is_anothers_number(process, _stat(root, process.number))


def _is_anothers_number(process: Process, stat: _Stat | None) -> bool:
    """A process that may not be looked at counts as the one that is meant."""
    if stat is None or not process.started:
        return False
    return stat.started != process.started or (stat.state in _ENDED and stat.threads in ("0", "1"))


def _stat(root: Path, number: str) -> _Stat | None:
    fields = _text(root / "proc" / number / "stat").rpartition(")")[2].split()
    return _Stat(fields[0], fields[17], fields[19]) if len(fields) > 19 else None


def _text(path: Path) -> str:
    """What stands in a file of the system; nothing where it is missing or may not be read."""
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
