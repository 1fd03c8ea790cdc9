"""The exit status of a command over several devices: the worst that happened, in the order of docs/reference."""

from collections.abc import Iterable

DONE = 0
ERROR = 1
PENDING = 2
FAILED = 3
UNREACHABLE = 4
IN_DOUBT = 5

_UNREACHED = frozenset({"unreachable"})
_FINE = frozenset({"applied", "unchanged"})


def exit_status(outcomes: Iterable[str], *, pending: bool = False) -> int:
    """5 where a push is in doubt, else 3 where a device failed, 4 where one was not reached, 2 where work waits."""
    seen = set(outcomes) - _FINE
    if "in doubt" in seen:
        return IN_DOUBT
    if seen - _UNREACHED:
        return FAILED
    if seen:
        return UNREACHABLE
    return PENDING if pending else DONE
