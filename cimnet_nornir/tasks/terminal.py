"""The conversation below a session: a line is sent, and its answer read up to the next prompt or question.

Netmiko opens the session and keeps it; its own reading looks every 10 ms and asks for prompts between commands, which
is most of the time that a push takes. Here the SSH channel wakes the reader, and every answer is tied to its echo.
"""

import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast

from netmiko import BaseConnection
from netmiko.exceptions import ReadTimeout
from paramiko import Channel

# In configuration mode IOS shows only the first 20 characters of the host name.
CONFIGURING = re.compile(r"(?:^|[\r\n])[^\s()#>]{1,20}\((?:config|dhcp-config)[^)\r\n]*\)# ?$")
PRIVILEGED = re.compile(r"(?:^|[\r\n])(?P<name>[^\s()#>]{1,64})# ?$")
_QUESTION = re.compile(r"\[confirm\] ?$|\[(?:yes/no|yes|no)\](?:\[\w+\])?[:?]? ?$|\[[^\]\r\n]*\]\? ?$")


@dataclass(slots=True)
class Terminal:
    """One SSH channel to one device. `prompt` is its privileged prompt, followed when the host name changes."""

    connection: BaseConnection
    prompt: re.Pattern[str] = field(init=False)

    def __post_init__(self) -> None:
        self.expect_name(self.connection.base_prompt)

    def expect_name(self, name: str) -> None:
        """From now on the privileged prompt begins with this name (its first 16 characters, as netmiko keeps it)."""
        self.connection.base_prompt = name[:16]
        self.prompt = re.compile(rf"(?:^|[\r\n]){re.escape(name[:16])}[^\s()#>]*# ?$")

    def ask(self, line: str, *, until: re.Pattern[str], seconds: float) -> str:
        """Send a line, and return what comes back after its echo, up to `until` or a question, both included.

        Raises ReadTimeout where nothing fitting comes in time, EOFError where the session ends.
        """
        self._type(line)
        echo = line.rsplit("\n", 1)[-1].strip()
        return _after(echo, self._read(echo, until, seconds, self.connection.read_channel)) or ""

    def recorded(self, line: str, *, until: re.Pattern[str], seconds: float) -> str:
        """Send a line, and return all that comes back as it comes: the echo too, with the line ends of the device.

        Raises as `ask` does.
        """
        self._type(line)
        # Netmiko's own reading makes all line ends alike.
        return self._read(line.strip(), until, seconds, self._bytes_as_they_come)

    def _bytes_as_they_come(self) -> str:
        return str(self.connection.channel.read_channel())

    def _type(self, line: str) -> None:
        for part in line.split("\n"):
            self.connection.write_channel(self.connection.normalize_cmd(part))

    def _read(self, echo: str, until: re.Pattern[str], seconds: float, read: Callable[[], str]) -> str:
        """All that comes up to `until` or a question that stand after the echo."""
        channel = cast("Channel", self.connection.remote_conn)
        arrived = threading.Event()
        channel.in_buffer.set_event(arrived)
        deadline = time.monotonic() + seconds
        output = ""
        while True:
            output += read()
            answer = _after(echo, output)
            if answer is not None and (until.search(answer) or _QUESTION.search(answer)):
                return output
            left = deadline - time.monotonic()
            if left <= 0:
                raise ReadTimeout(f"no prompt came back within {seconds:.0f} s")
            if channel.closed and not channel.recv_ready():
                raise EOFError("the session was closed")
            arrived.wait(min(left, 1.0))
            arrived.clear()


def _after(echo: str, output: str) -> str | None:
    """What stands after the echo of a line; None while it has not come: a prompt before it is an earlier line's."""
    start = output.find(echo)
    return output[start + len(echo) :] if start >= 0 else None


def asks(answer: str) -> bool:
    """Whether an answer ends in a question that waits."""
    return _QUESTION.search(answer) is not None
