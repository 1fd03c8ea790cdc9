"""`tclsh`: as much of it as writes a file by `puts [open "flash:x" w+] {...}`; other lines are commands as before."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from cimnet_nornir.lab.answers import Answer

if TYPE_CHECKING:
    from cimnet_nornir.lab.device import Device

_PUTS: Final = re.compile(
    r'\s*puts\s+(?P<same>-nonewline\s+)?\[\s*open\s+"?(?P<url>[^"\s\]]+)"?\s+(?P<how>w\+?|a\+?)\s*\]\s+\{(?P<text>.*)\}\s*',
    re.DOTALL,
)


class TclShell:
    """One session's Tcl shell; a line whose braces are open waits for more."""

    def __init__(self, device: "Device", run: Callable[[str], Answer]) -> None:
        self._device = device
        self._run = run
        self._lines: list[str] = []
        self.left = False

    @property
    def unfinished(self) -> bool:
        """Whether the next line goes on with a word in braces."""
        return bool(self._lines)

    def interrupt(self) -> None:
        """Forget what was begun, as Control-C does."""
        self._lines.clear()

    def feed(self, line: str) -> Answer:
        """Take one line."""
        self._lines.append(line)
        text = "\n".join(self._lines)
        if text.count("{") > text.count("}"):
            return Answer()
        self._lines.clear()
        if text.strip() in {"tclquit", "exit"}:
            self.left = True
            return Answer()
        found = _PUTS.fullmatch(text)
        return Answer(self._write(found)) if found else self._run(text)

    def _write(self, found: re.Match[str]) -> str:
        content = (found["text"] + ("" if found["same"] else "\n")).encode()
        if found["how"].startswith("a"):
            content = (self._device.flash.read(found["url"]) or b"") + content
        return self._device.flash.write(found["url"], content)
