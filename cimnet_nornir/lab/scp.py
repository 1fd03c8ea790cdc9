"""The old SCP protocol, as `scp -t` and `scp -f` run it on the device; bytes in, bytes out, no network in it."""

import re
import shlex
from typing import TYPE_CHECKING, Final, Protocol

from cimnet_nornir.lab.files import content_of
from cimnet_nornir.lab.flash import missing

if TYPE_CHECKING:
    from cimnet_nornir.lab.device import Device

_OK: Final = b"\0"
_FILE: Final = re.compile(rb"C[0-7]{4} (\d+) [^\n]*")


class Transfer(Protocol):
    """One end of a copy; `status` is the exit status once it is over."""

    status: int | None

    def start(self) -> bytes:
        """What is sent first."""

    def feed(self, data: bytes) -> bytes:
        """Take bytes as they come; what is sent back."""

    def ended(self) -> None:
        """The other side sends no more."""


def transfer_of(device: "Device", user: str, command: str) -> Transfer | None:
    """The end of a copy that `scp -t X` or `scp -f X` asks for; None for any other command."""
    try:
        words = shlex.split(command)
    except ValueError:
        # Quotes that do not close: no command of a copy.
        return None
    flags = {flag for word in words[1:-1] if word.startswith("-") for flag in word[1:]}
    if len(words) < 3 or words[0] != "scp" or not flags & {"t", "f"}:
        return None
    if not device.running.has("ip scp server enable"):
        return Refused("Administratively disabled.")
    if not device.may_copy(user):
        return Refused("Privilege denied.")
    return Sink(device, words[-1]) if "t" in flags else _source(device, words[-1])


class Refused:
    """A copy that is refused at once."""

    def __init__(self, reason: str) -> None:
        self._reason = reason
        self.status: int | None = None

    def start(self) -> bytes:
        self.status = 1
        return _error(self._reason)

    def feed(self, data: bytes) -> bytes:  # noqa: ARG002 - nothing is awaited any more
        return b""

    def ended(self) -> None:
        """Nothing was begun."""


class Sink:
    """`scp -t URL`: takes one file and writes it to flash."""

    def __init__(self, device: "Device", url: str) -> None:
        self._device = device
        self._url = url
        self._input = bytearray()
        self._size: int | None = None
        self.status: int | None = None

    def start(self) -> bytes:
        return _OK

    def feed(self, data: bytes) -> bytes:
        self._input += data
        sent = b""
        while self.status is None:
            step = self._content() if self._size is not None else self._line()
            if step is None:
                break
            sent += step
        return sent

    def _line(self) -> bytes | None:
        """A line of the protocol: a file's size and name, or times, which are not kept."""
        end = self._input.find(b"\n")
        if end < 0:
            return None
        line = bytes(self._input[:end])
        del self._input[: end + 1]
        if line.startswith(b"T"):
            return _OK
        found = _FILE.fullmatch(line)
        if found is None:
            return self._failed("scp: protocol error: only a single file can be copied")
        size = int(found[1])
        if size > self._device.flash.free:
            return self._failed(f"%Error writing {self._url} (No space left on device)")
        self._size = size
        return _OK

    def _content(self) -> bytes | None:
        """The file itself, once it is there with the zero byte behind it."""
        size = self._size or 0
        if len(self._input) <= size:
            return None
        content = bytes(self._input[:size])
        del self._input[: size + 1]
        self._size = None
        complaint = self._device.flash.write(self._url, content)
        return self._failed(complaint) if complaint else _OK

    def ended(self) -> None:
        if self.status is None:
            self.status = 1 if self._input or self._size is not None else 0

    def _failed(self, reason: str) -> bytes:
        self.status = 1
        return _error(reason)


def _source(device: "Device", url: str) -> Transfer:
    content = content_of(device, url)
    return Refused(missing(url)) if content is None else Source(url, content)


class Source:
    """`scp -f URL`: sends one file; each step waits for the other side's zero byte."""

    def __init__(self, url: str, content: bytes) -> None:
        name = url.rpartition(":")[2].rpartition("/")[2]
        self._steps = [f"C0644 {len(content)} {name}\n".encode(), content + _OK]
        self.status: int | None = None

    def start(self) -> bytes:
        return b""

    def feed(self, data: bytes) -> bytes:
        if data.strip(_OK):
            self.status = 1
            return b""
        sent = b""
        for _ in range(len(data)):
            if not self._steps:
                self.status = 0
                break
            sent += self._steps.pop(0)
        return sent

    def ended(self) -> None:
        if self.status is None:
            self.status = 1 if self._steps else 0


def _error(reason: str) -> bytes:
    return b"\x01" + reason.encode() + b"\n"
