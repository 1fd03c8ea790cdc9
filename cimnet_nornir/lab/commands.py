"""The commands of user and privileged mode."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cimnet_nornir.lab.answers import Action, Answer, Outcome, Question, confirm
from cimnet_nornir.lab.configure import Configuration
from cimnet_nornir.lab.grammar import Match
from cimnet_nornir.lab.ping import ping_text
from cimnet_nornir.lab.show.tables import SHOW

if TYPE_CHECKING:
    from cimnet_nornir.lab.device import Device
    from cimnet_nornir.lab.session import Session

PRIVILEGED: Final = 15


@dataclass(frozen=True, slots=True)
class Request:
    """A command that was understood, and who gave it where."""

    session: "Session"
    device: "Device"
    match: "Match[Command]"

    @property
    def values(self) -> Mapping[str, str]:
        """The values in the line."""
        return self.match.values


@dataclass(frozen=True, slots=True)
class Command:
    """A command, what it does, and the privilege level it needs."""

    pattern: str
    run: Callable[[Request], Outcome]
    level: int = 1
    needs: str = ""


def _enable(request: Request) -> Outcome:
    session, device = request.session, request.device
    if session.level >= PRIVILEGED:
        return ""
    if not device.credentials.enable and not device.running.all("enable"):
        return "% No password set"

    def check(secret: str) -> Answer:
        if not device.accepts_enable(secret):
            return Answer("% Bad secrets\n")
        session.level = PRIVILEGED
        return Answer()

    # A secret that is kept locally may be tried three times; one that is asked of a server, as here, once.
    return Answer(ask=Question("Password: ", check, hidden=True))


def _disable(request: Request) -> Outcome:
    request.session.level = 1
    return ""


def _leave(_: Request) -> Outcome:
    return Answer(action=Action.CLOSE)


def _nothing(_: Request) -> Outcome:
    return ""


def _configure(request: Request) -> Outcome:
    request.session.configuration = Configuration(request.device)
    return "Enter configuration commands, one per line.  End with CNTL/Z."


def _save(request: Request) -> Outcome:
    request.device.save(request.session.user)
    return "Building configuration...\n[OK]"


def _copy_to_startup(request: Request) -> Outcome:
    def copy(_: str) -> Answer:
        request.device.save(request.session.user)
        return Answer("Building configuration...\n[OK]")

    return Answer(ask=Question("Destination filename [startup-config]? ", copy))


def _copy_to_running(request: Request) -> Outcome:
    def copy(_: str) -> Answer:
        text = request.device.startup
        if not text:
            return Answer("%% Non-volatile configuration memory is not present")
        request.device.load(text)
        request.device.touch(request.session.user)
        return Answer(f"{len(text)} bytes copied in 0.020 secs ({len(text) * 50} bytes/sec)")

    return Answer(ask=Question("Destination filename [running-config]? ", copy))


def _erase(request: Request) -> Outcome:
    def erase() -> Answer:
        request.device.storage.write_startup("")
        return Answer("[OK]\nErase of nvram: complete")

    return confirm("Erasing the nvram filesystem will remove all configuration files! Continue? ", erase)


def _reload(request: Request) -> Outcome:
    device, user = request.device, request.session.user

    def proceed() -> Answer:
        return confirm("Proceed with reload? ", lambda: Answer(action=Action.RELOAD))

    def decide(answer: str) -> Answer:
        if answer.strip().lower() in {"y", "yes"}:
            device.save(user)
            return Answer("Building configuration...\n[OK]", proceed().ask)
        if answer.strip().lower() in {"n", "no"}:
            return proceed()
        return Answer("% Please answer 'yes' or 'no'.", Question(_SAVE, decide))

    return Answer(ask=Question(_SAVE, decide)) if device.unsaved else proceed()


_SAVE: Final = "\nSystem configuration has been modified. Save? [yes/no]: "


def _ping(request: Request) -> Outcome:
    return ping_text(request.device, request.values)


def _dir(request: Request) -> Outcome:
    """The files in flash, as `dir` lists them."""
    files = request.device.storage.files()
    stamp = request.device.booted.strftime("%b %d %Y %H:%M:%S +00:00")
    wanted = request.values.get("file", "flash:").removeprefix("flash:").lstrip("/")
    shown = {name: size for name, size in files.items() if wanted in {"", name}}
    if wanted and not shown:
        return f"%Error opening flash:/{wanted} (No such file or directory)"
    rows = [f"{place:5}  -rw-  {size:10}  {stamp}  {name}" for place, (name, size) in enumerate(shown.items(), start=2)]
    total = 122_185_728
    free = total - sum(files.values())
    return "\n".join([f"Directory of flash:/{wanted}", "", *rows, "", f"{total} bytes total ({free} bytes free)"])


_COUNTS: Final = "[repeat <repeat:1-2147483647>] [size <size:36-18024>] [timeout <timeout:0-3600>]"
_SOURCE: Final = "[source {<source:interface>|<source:ip>}]"

EXEC: Final = (
    Command("enable [<level:0-15>]", _enable),
    Command("disable", _disable),
    Command("exit", _leave),
    Command("logout", _leave),
    Command("quit", _leave),
    Command("terminal {length|width} <size:0-512>", _nothing),
    Command("terminal [no] monitor", _nothing),
    Command("terminal {exec|no} prompt timestamp", _nothing),
    Command("terminal history [size <size:0-256>]", _nothing),
    Command(f"ping [ip] <host:host> {_COUNTS} {_SOURCE}", _ping),
    Command(f"ping [ip] <host:host> {_SOURCE} {_COUNTS}", _ping),
    Command("configure terminal", _configure, PRIVILEGED),
    Command("write [memory]", _save, PRIVILEGED),
    Command("write erase", _erase, PRIVILEGED),
    Command("erase {startup-config|nvram:}", _erase, PRIVILEGED),
    Command(
        "copy {running-config|system:running-config} {startup-config|nvram:startup-config}",
        _copy_to_startup,
        PRIVILEGED,
    ),
    Command(
        "copy {startup-config|nvram:startup-config} {running-config|system:running-config}",
        _copy_to_running,
        PRIVILEGED,
    ),
    Command("reload", _reload, PRIVILEGED),
    Command("dir [<file:word>]", _dir, PRIVILEGED),
    Command("clear {counters|logging|line|ip|arp-cache|mac|arp|cdp|lldp} [<rest:line>]", _nothing, PRIVILEGED),
    Command("undebug all", _nothing, PRIVILEGED),
    Command("no debug all", _nothing, PRIVILEGED),
    Command("clock set <time:line>", _nothing, PRIVILEGED),
    *(Command(f"show {entry.pattern}", entry.run, entry.level, entry.needs) for entry in SHOW),
)
