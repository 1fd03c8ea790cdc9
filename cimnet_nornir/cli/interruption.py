"""What a person is told who stops a push: it does not end at once, and he may leave it all the same."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_TOLD = (
    b"stopping: what is under way is finished or taken back first; once more leaves at once (then: cimnet recover)\n"
)


@contextmanager
def told_of_interruption() -> Iterator[None]:
    """While the block runs, the first signal that would end the command says what happens now."""

    def tell(number: int, frame: FrameType | None) -> None:
        _listen(heard, signal.default_int_handler)
        tell_of_interruption()
        signal.default_int_handler(number, frame)

    heard = tuple(number for number in SIGNALS if signal.getsignal(number) is signal.default_int_handler)
    _listen(heard, tell)
    try:
        yield
    finally:
        _listen(heard, signal.default_int_handler)


def tell_of_interruption() -> None:
    """Say that what is under way is finished first; from the handler of a signal."""
    # Not by a stream: the signal may have come in the middle of a write to it. One without a file has no reader.
    with suppress(OSError, ValueError, AttributeError):
        os.write(sys.stderr.fileno(), _TOLD)


def _listen(numbers: tuple[signal.Signals, ...], handler: "signal._HANDLER") -> None:
    # Only the main thread may say who hears a signal; in another nothing is heard anyway.
    with suppress(ValueError):
        for number in numbers:
            signal.signal(number, handler)
