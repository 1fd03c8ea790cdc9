"""The line discipline of a terminal: characters in, echo out, a line at a time; no network in it."""

from typing import Final

from cimnet_nornir.lab.session import CONTROL_C, CONTROL_Z, Reply, Session

_NUL: Final = "\0"
_ERASE: Final = frozenset("\b\x7f")
_KILL: Final = "\x15"


class Terminal:
    """Turns what a client types into lines for a session."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._input: list[str] = []
        self._line = ""
        self._after_return = False
        self._hidden = False
        self._key = False
        self._echo: list[str] = []

    def receive(self, data: bytes) -> None:
        """Take characters as they come; nothing is echoed before `next_line` reads them."""
        self._input.extend(data.decode("utf-8", "replace"))

    def greet(self) -> str:
        """What is sent when the shell opens."""
        reply = self.session.greet()
        return "\r\n" + _wire(reply.text) + reply.prompt

    def next_line(self) -> str | None:
        """The next complete line, None when more characters must come; its echo waits in `take_echo`."""
        for position, sign in enumerate(self._input):
            line = self._take(sign)
            if line is not None:
                del self._input[: position + 1]
                return line
        self._input.clear()
        return None

    def take_echo(self) -> str:
        """What to send back of the characters read since the last call."""
        echo = "".join(self._echo)
        self._echo.clear()
        return echo

    def answered(self, reply: Reply) -> str:
        """What to send for a reply; the next input is read as it says."""
        self._hidden, self._key = reply.hidden, reply.key
        return _wire(reply.text) + _wire(reply.prompt)

    def _take(self, sign: str) -> str | None:
        after_return, self._after_return = self._after_return, sign == "\r"
        if sign == _NUL or (sign == "\n" and after_return):
            return None
        if sign in "\r\n":
            return self._complete()
        if sign in {CONTROL_C, CONTROL_Z} and not self._quoting:
            return self._control(sign)
        if sign == "?" and not self._hidden and not self._key and not self._quoting:
            self._echo.append(f"?\r\n{_wire(self.session.help(self._line))}\r\n{self.session.prompt}{self._line}")
            return None
        if sign in _ERASE or sign == _KILL:
            self._erase(1 if sign in _ERASE else len(self._line))
            return None
        self._line += sign
        self._echo.append("" if self._hidden else sign)
        return self._complete() if self._key else None

    @property
    def _quoting(self) -> bool:
        """In a banner the character with code 3 is its delimiter; in a Tcl word a question mark is one."""
        if self.session.quoting:
            return True
        return self._line.lstrip().startswith("banner") or (self.session.asking and not self._hidden)

    def _complete(self) -> str:
        line, self._line = self._line, ""
        self._echo.append("\r\n")
        return line

    def _control(self, sign: str) -> str:
        self._line = ""
        self._echo.append("^Z\r\n" if sign == CONTROL_Z else "\r\n")
        return sign

    def _erase(self, count: int) -> None:
        gone = min(count, len(self._line))
        self._line = self._line[: len(self._line) - gone]
        self._echo.append("" if self._hidden else "\b \b" * gone)


def _wire(text: str) -> str:
    return text.replace("\n", "\r\n")
