"""What the agent on a host answered: lines "key value" on its standard output; and what comes of it where it failed."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NoReturn

from cimnet_nornir.application.ports import HostState
from cimnet_nornir.errors import (
    AuthenticationRefused,
    CommandRejected,
    DeviceError,
    DeviceUnreachable,
    HostKeyRefused,
    NotArmed,
    PushInDoubt,
)
from cimnet_nornir.nix.ways import Ran

_FIRST: Final = "agent 1"
_SSH_FAILED: Final = 255
# From here on a shell tells of a signal, and ssh of a connection that broke.
_SIGNALS: Final = 128
_TOLD_LINES: Final = 5
# What is told of a verb that failed, and those whose effect nobody knows once the connection broke.
_CHANGING: Final = frozenset({"activate", "confirm", "keep", "revert"})
_KEY_CHANGED: Final = ("REMOTE HOST IDENTIFICATION HAS CHANGED", "differs from the key for", "Offending ")
_KEY_UNKNOWN: Final = ("Host key verification failed", "host key is known for")
_LOGIN_REFUSED: Final = ("Permission denied", "Too many authentication failures", "no mutual signature")
_SUDO_REFUSED: Final = ("sudo: a password is required", "sudo: a terminal is required", "is not in the sudoers file")


@dataclass(frozen=True, slots=True)
class Answer:
    """The lines of an agent that did what it was told; a key may come more than once."""

    lines: tuple[tuple[str, str], ...]

    @property
    def values(self) -> Mapping[str, str]:
        """The value of each key, the last where there are several."""
        return dict(self.lines)

    def all(self, key: str) -> tuple[str, ...]:
        """Every value of a key, in order."""
        return tuple(value for name, value in self.lines if name == key)

    def yes(self, key: str) -> bool:
        """Whether the answer to it is yes."""
        return self.values.get(key) == "yes"

    @property
    def generation(self) -> int | None:
        """The number of a generation."""
        text = self.values.get("generation", "")
        return int(text) if text.isdecimal() and int(text) > 0 else None

    @property
    def state(self) -> HostState:
        """What `look` found. Raises ValueError where a module cannot be read."""
        values = self.values
        return HostState(
            module=base64.b64decode(values.get("module", ""), validate=True).decode(),
            generation=self.generation,
            running=values.get("running", ""),
            booted=values.get("booted", ""),
            revert_pending=self.yes("revert-pending"),
            failed=tuple(sorted(self.all("failed-unit"))),
            pending=values.get("pending", ""),
            uptime=int(values["uptime"]) if values.get("uptime", "").isdecimal() else None,
        )


def answer_of(name: str, verb: str, ran: Ran, *, remote: bool, seconds: float) -> Answer:
    """The answer to a verb, or the DeviceError that says why there is none (see HostSession)."""
    lines = ran.out.splitlines()
    begun = _FIRST in lines
    # A login shell may greet first.
    said = lines[lines.index(_FIRST) + 1 :] if begun else []
    if ran.status == 0 and begun:
        return Answer(tuple((key, value) for key, _, value in (line.partition(" ") for line in said)))
    if begun and ran.status is not None and 0 < ran.status < _SIGNALS:
        _rejected(name, verb, said, ran.err)
    if begun or ran.status is None or ran.status < 0:
        raise _broken(name, verb, ran, seconds)
    raise _not_begun(name, verb, ran, remote=remote)


def state_of(name: str, answer: Answer) -> HostState:
    """What `look` found. Raises CommandRejected for a module that is no text."""
    try:
        return answer.state
    except (binascii.Error, ValueError) as error:
        raise _error("look", name, "its /etc/cimnet/host.nix is no text", "") from error


def _rejected(name: str, verb: str, lines: list[str], err: str) -> NoReturn:
    """The agent says itself why it did not do as it was told; the programs that it ran say more."""
    found = [line.partition(" ")[2] for line in lines if line.startswith(("failed ", "refused "))]
    raise _error(verb, name, found[-1] if found else "the agent ended without a reason", last_lines(err))


def _error(verb: str, name: str, why: str, said: str) -> CommandRejected:
    kind = NotArmed if verb == "arm" else CommandRejected
    message = f"{name}: {verb}: {why}" + (f": {said}" if said else "")
    return kind(message, subject=name, line=verb, answer=said or why)


def _broken(name: str, verb: str, ran: Ran, seconds: float) -> DeviceError:
    """The agent was at work, or may have been, and nobody heard how it ended."""
    why = f"no answer came within {seconds:g} seconds" if ran.status is None else "the connection broke"
    if verb in _CHANGING:
        return PushInDoubt(f"{name}: {verb}: {why}, and what the host runs is not known", subject=name)
    return DeviceUnreachable(f"{name}: {verb}: {why}", subject=name)


def _not_begun(name: str, verb: str, ran: Ran, *, remote: bool) -> DeviceError:
    said = last_lines(ran.err) or f"it ended with {ran.status}"
    if _is_about(ran.err, _SUDO_REFUSED):
        return AuthenticationRefused(
            f"{name}: sudo asks for a password; let its user run sh without one (NOPASSWD), or log in as root",
            subject=name,
        )
    if not remote or ran.status != _SSH_FAILED:
        return _error(verb, name, "the agent does not start", said)
    return connection_error(name, ran.err) or _lost(name, verb, said)


def _lost(name: str, verb: str, said: str) -> DeviceError:
    """The connection was there, as far as can be told, and broke before the agent was heard."""
    if verb in _CHANGING:
        return PushInDoubt(f"{name}: {verb}: the connection broke: {said}", subject=name)
    return DeviceUnreachable(f"{name} cannot be reached: {said}", subject=name)


def connection_error(name: str, err: str) -> DeviceError | None:
    """What OpenSSH's client says where it made no connection; None where it may have had one."""
    if _is_about(err, _KEY_CHANGED):
        return HostKeyRefused(
            f"{name} shows another SSH host key than the pinned one; nothing was sent."
            f" If the key was changed on purpose, pin the new one: cimnet trust --replace {name}",
            subject=name,
        )
    if _is_about(err, _KEY_UNKNOWN):
        return HostKeyRefused(
            f"no SSH host key is pinned for {name}; look at it and pin it: cimnet trust {name}", subject=name
        )
    if _is_about(err, _LOGIN_REFUSED):
        return AuthenticationRefused(f"{name} refused the login: {last_lines(err, 1)}", subject=name)
    if _is_about(err, _NO_CONNECTION):
        return DeviceUnreachable(f"{name} cannot be reached: {last_lines(err, 1)}", subject=name)
    return None


# What ssh says before there is a session; "kex_exchange_identification" is for a server that hangs up at once.
_NO_CONNECTION: Final = (
    "ssh: connect to host",
    "Could not resolve hostname",
    "kex_exchange_identification",
    "Connection timed out during banner exchange",
    "Unable to negotiate",
    "Bad configuration option",
    "Can't open user config file",
    "no such identity",
)


def _is_about(err: str, signs: tuple[str, ...]) -> bool:
    return any(sign in err for sign in signs)


def last_lines(text: str, number: int = _TOLD_LINES) -> str:
    """The end of what a program said, in one line."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return "; ".join(lines[-number:])
