"""A terminal for a program that fills it: what it drew, frame by frame; keys, and another size."""

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

PATIENCE = 60.0
_HOME = "\x1b[H"
_CODES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Screen:
    """A pseudo-terminal, and the program in it."""

    def __init__(self, arguments: Sequence[str], folder: Path, size: tuple[int, int], **variables: str) -> None:
        self._terminal, inside = pty.openpty()
        self.resize(*size)
        self.settings = termios.tcgetattr(inside)
        surroundings = {
            name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES", "NO_COLOR")
        }
        program = str(Path(sys.executable).with_name("cimnet"))
        self.process = subprocess.Popen(
            [program, *arguments],
            cwd=folder,
            stdin=inside,
            stdout=inside,
            stderr=inside,
            env={**surroundings, "TERM": "xterm-256color", **variables},
            start_new_session=True,
            # Else Ctrl-C, pressed in it, would reach nobody.
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )
        self._inside = inside
        self.said = ""
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        data = b""
        # The other side is closed when the program has ended.
        with suppress(OSError):
            while part := os.read(self._terminal, 65_536):
                data += part
                self.said = data.decode(errors="replace").replace("\r\n", "\n")

    @property
    def frames(self) -> list[str]:
        """What was drawn, frame by frame, without colours; the last may not be complete yet."""
        return [_CODES.sub("", frame) for frame in self.said.split(_HOME)[1:]]

    def wait_for(self, seen: Callable[[str], bool], what: str) -> str:
        """The first frame of which that holds."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            for frame in self.frames[:-1]:
                if seen(frame):
                    return frame
            time.sleep(0.05)
        raise AssertionError(f"never seen: {what}; the last frames:\n" + "\n".join(self.frames[-2:]))

    def shows(self, *words: str) -> str:
        """Wait for a frame that has all of these words, and return it."""
        return self.wait_for(lambda frame: all(word in frame for word in words), " ".join(words))

    def hears(self, words: str) -> None:
        """Wait until these words were written, in whatever frame."""
        until = time.monotonic() + PATIENCE
        while words not in self.said:
            assert time.monotonic() < until, f"never written: {words}"
            time.sleep(0.05)

    def press(self, key: str) -> None:
        os.write(self._terminal, key.encode())

    def resize(self, rows: int, columns: int) -> None:
        fcntl.ioctl(self._terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def ended(self) -> int:
        """The exit status, once it has ended."""
        status = self.process.wait(PATIENCE)
        self.left = termios.tcgetattr(self._inside)
        os.close(self._inside)
        self._inside = -1
        self._reader.join(PATIENCE)
        return status

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        if self._inside >= 0:
            os.close(self._inside)
        self._reader.join(PATIENCE)
        os.close(self._terminal)


@contextmanager
def screen(folder: Path, *arguments: str, rows: int = 24, columns: int = 80, **variables: str) -> Iterator[Screen]:
    """`cimnet` at a terminal of that size, killed where it has not ended by itself."""
    opened = Screen(arguments, folder, (rows, columns), **variables)
    try:
        yield opened
    finally:
        opened.close()
