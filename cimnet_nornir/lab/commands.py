"""The commands of user and privileged mode."""

from typing import Final

from cimnet_nornir.lab.answers import Action, Answer, Outcome, Question
from cimnet_nornir.lab.command import PRIVILEGED, Command, Request
from cimnet_nornir.lab.exec_configure import CONFIGURING
from cimnet_nornir.lab.exec_files import FILES
from cimnet_nornir.lab.exec_reload import RELOAD
from cimnet_nornir.lab.ping import ping_text
from cimnet_nornir.lab.show.order import interface_lines
from cimnet_nornir.lab.show.tables import SHOW


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


def _tclsh(request: Request) -> Outcome:
    request.session.start_tcl()
    return ""


def _clear_counters(request: Request) -> Outcome:
    """`clear counters [X]`; the question is not asked, as scripts that answer it send one more line anyway."""
    device = request.device
    every = [line.key[1] for line in interface_lines(device)]
    for name in [request.values["name"]] if "name" in request.values else every:
        device.traffic.clear(name)
        device.input_errors.pop(name, None)
    return ""


def _ping(request: Request) -> Outcome:
    return ping_text(request.device, request.values)


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
    *CONFIGURING,
    *FILES,
    *RELOAD,
    Command("tclsh", _tclsh, PRIVILEGED),
    Command("clear counters [<name:interface>]", _clear_counters, PRIVILEGED),
    Command("clear {logging|line|ip|arp-cache|mac|arp|cdp|lldp} [<rest:line>]", _nothing, PRIVILEGED),
    Command("undebug all", _nothing, PRIVILEGED),
    Command("no debug all", _nothing, PRIVILEGED),
    Command("clock set <time:line>", _nothing, PRIVILEGED),
    *(Command(f"show {entry.pattern}", entry.run, entry.level, entry.needs) for entry in SHOW),
)
