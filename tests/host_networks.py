"""The machine's own networks, which some tests change and others must find unchanged, in whatever process each runs.

Chromium drops all that it loads when an interface or an address of the machine comes or goes.
"""

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def networks_stay() -> Iterator[None]:
    """A block in which no test changes the machine's networks; several may be in such blocks at once."""
    with _turn(fcntl.LOCK_SH):
        yield


@contextmanager
def networks_change() -> Iterator[None]:
    """A block that alone may change the machine's networks: no other of either kind runs meanwhile."""
    with _turn(fcntl.LOCK_EX):
        yield


@contextmanager
def _turn(how: int) -> Iterator[None]:
    # Who waits does so behind a gate: those who come later do not overtake.
    gate = _opened("gate")
    try:
        fcntl.flock(gate, fcntl.LOCK_EX)
        networks = _opened("networks")
        try:
            fcntl.flock(networks, how)
            fcntl.flock(gate, fcntl.LOCK_UN)
            yield
        finally:
            os.close(networks)
    finally:
        os.close(gate)


def _opened(name: str) -> int:
    """A file that locks are held on; those of a process that dies are free again."""
    path = Path(tempfile.gettempdir(), f"cimnet-tests-{os.getuid()}-{name}.lock")
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
