"""Single keys, as they are pressed, for a command that fills the terminal."""

import os
import select
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


class Keys:
    """Keys from a terminal; without one only time passes."""

    def __init__(self, terminal: int | None) -> None:
        self._terminal = terminal

    def wait(self, seconds: float) -> str:
        """The key that is pressed within so many seconds; empty where none is."""
        if self._terminal is None:
            time.sleep(seconds)
            return ""
        ready, _, _ = select.select([self._terminal], [], [], seconds)
        if not ready:
            return ""
        pressed = os.read(self._terminal, 1)
        if not pressed:
            # The terminal is gone: nobody will ever press a key, and select would not wait any more.
            self._terminal = None
        return pressed.decode(errors="replace")


@contextmanager
def keys() -> Iterator[Keys]:
    """Have keys come as they are pressed, unseen, while the block runs; Ctrl-C stays what it is."""
    if not sys.stdin.isatty():
        yield Keys(None)
        return
    import termios
    import tty

    terminal = sys.stdin.fileno()
    before = termios.tcgetattr(terminal)
    tty.setcbreak(terminal)
    try:
        yield Keys(terminal)
    finally:
        termios.tcsetattr(terminal, termios.TCSADRAIN, before)
