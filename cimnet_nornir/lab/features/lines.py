"""Console and virtual terminal lines; settings are kept a line, and shown in groups of equal ones as IOS does."""

from typing import Final

from cimnet_nornir.lab.answers import Outcome
from cimnet_nornir.lab.config import Line, Section, render
from cimnet_nornir.lab.features.passwords import password
from cimnet_nornir.lab.grammar import Invalid
from cimnet_nornir.lab.rules import Change, Rule, remove, store

RANK: Final = 500
VTY: Final = "line vty"
# IOS never shows one group across the fifth and the sixth virtual terminal.
_SPLIT: Final = 5


def vty_line(number: int) -> Line:
    """One virtual terminal without settings."""
    return Line((VTY, str(number)), f"line vty {number}", RANK + 2, (number,), {"line": str(number)}, Section())


def _vty(change: Change) -> Outcome:
    first = int(change.values["first"])
    last = int(change.values.get("last", first))
    if last < first:
        return Invalid(change.match.columns["last"])
    for number in range(first, last + 1):
        if not change.section.has(VTY, str(number)):
            change.section.put(vty_line(number))
        line = change.section.get(VTY, str(number))
        change.entered += [line] if line else []
    return ""


def _no_vty(change: Change) -> Outcome:
    """Removes the lines from the first on; the first five stay and lose their settings only by their own `no`."""
    first = int(change.values["first"])
    if first < _SPLIT:
        return "% Can't delete last 5 VTY lines"
    for line in change.section.all(VTY):
        if int(line.key[1]) >= first:
            change.section.drop(*line.key)
    return ""


def vty_groups(running: Section) -> list[Line]:
    """The virtual terminals as the running configuration shows them: neighbours of equal settings in one block."""
    groups: list[list[Line]] = []
    for line in sorted(running.all(VTY), key=lambda line: line.order):
        number = int(line.key[1])
        if groups and number != _SPLIT and render(groups[-1][-1].section) == render(line.section):
            groups[-1].append(line)
        else:
            groups.append([line])
    return [_group(lines) for lines in groups]


def _group(lines: list[Line]) -> Line:
    first, last = lines[0].key[1], lines[-1].key[1]
    text = f"line vty {first}" + (f" {last}" if last != first else "")
    return Line((VTY, first), text, RANK + 2, lines[0].order, {}, lines[0].section)


def _transport(change: Change) -> Outcome:
    """`transport input telnet ssh` in the order IOS shows."""
    protocols = [word for word in ("none", "all", "telnet", "ssh") if word in change.values["protocols"].split()]
    unknown = set(change.values["protocols"].split()) - set(protocols)
    if unknown or not protocols:
        return Invalid(change.match.columns["protocols"])
    return store(change, f"transport {change.values['way']} {' '.join(protocols)}")


def _timeout(change: Change) -> Outcome:
    return store(change, f"exec-timeout {change.values['minutes']} {change.values.get('seconds', '0')}")


def _never(change: Change) -> Outcome:
    """`no exec-timeout` is no way back to the default: nobody is logged out any more."""
    if change.section.has("exec-timeout") or change.match.text == "exec-timeout":
        change.section.put(Line(("exec-timeout",), "exec-timeout 0 0", 12, values={"minutes": "0", "seconds": "0"}))
    return ""


def _login(change: Change) -> Outcome:
    """With AAA a line has nothing to say but the name of a list."""
    line = change.device.running.get("aaa new-model")
    by_aaa = line is not None and line.text == "aaa new-model"
    if by_aaa is not ("list" in change.values):
        return Invalid(change.match.columns.get("list", change.match.columns.get("how", 0)))
    said = store(change)
    if change.match.text == "login" and not change.section.has("password"):
        return f"% Login disabled on line {_number(change)}, until 'password' is set"
    return said


def _number(change: Change) -> int:
    """The number that a line has among all of them: the console, the auxiliary port of a router, the terminals."""
    line = change.owner
    if line is None or line.key[0] != VTY:
        return 0 if line is None or line.values.get("kind") != "aux" else 1
    return int(line.key[1]) + (2 if change.device.profile.is_router else 1)


def _tty(change: Change) -> Outcome:
    """Lines of a module are kept as they are typed."""
    first, last = change.values["first"], change.values.get("last", change.values["first"])
    if int(last) < int(first):
        return Invalid(change.match.columns["last"])
    return store(change)


LINES: Final = (
    Rule(
        "line {kind: console|aux} <number:0-0>",
        RANK,
        ("kind",),
        enters="line",
        effect=lambda change: store(change, f"line {change.values['kind'][:3]} 0"),
    ),
    Rule("line <first:1-999> [<last:1-999>]", RANK + 1, ("first", "last"), "router", "line", effect=_tty),
    Rule("line vty <first:0-15> [<last:0-15>]", RANK + 2, ("first",), enters="line", effect=_vty, undo=_no_vty),
)

LINE: Final = (
    Rule("session-timeout <minutes:0-35791> [output]", 10, default="session-timeout 0"),
    Rule("access-class <list:word> {way: in|out} [vrf-also]", 11, ("way",)),
    Rule("ipv6 access-class <list:word> {way: in|out}", 11, ("way",)),
    Rule(
        "exec-timeout <minutes:0-35791> [<seconds:0-2147483>]",
        12,
        default="exec-timeout 10 0",
        effect=_timeout,
        undo=_never,
    ),
    Rule("absolute-timeout <minutes:0-10000>", 12, default="absolute-timeout 0"),
    Rule("privilege level <level:0-15>", 13, default="privilege level 1"),
    Rule("password {code: 7} <stored:word>", 14, slot="password", effect=password),
    Rule("password [0] <clear:line>", 14, slot="password", effect=password, undo=remove),
    Rule("authorization exec <list:word>", 15),
    Rule("authorization commands <level:0-15> <list:word>", 15, ("level",)),
    Rule("accounting exec <list:word>", 15),
    Rule("accounting commands <level:0-15> <list:word>", 15, ("level",)),
    Rule("logging synchronous [level <level:word>] [limit <buffers:0-2147483647>]", 16),
    Rule("login [{how: local}]", 17, shown="both", effect=_login),
    Rule("login authentication <list:word>", 17, slot="login authentication", effect=_login),
    Rule("history size <size:0-256>", 18, default="history size 20"),
    Rule("length <lines:0-512>", 18, default="length 24"),
    Rule("width <columns:0-512>", 18, default="width 80"),
    Rule("escape-character <character:word>", 18, default="escape-character default"),
    Rule("autocommand <command:line>", 18),
    Rule("session-limit <count:0-4294967295>", 18),
    Rule("exec-banner", 19, shown="negative"),
    Rule("motd-banner", 19, shown="negative"),
    Rule("exec", 19, shown="negative"),
    Rule("activation-character", 19, shown="negative"),
    Rule("vacant-message", 19, shown="negative"),
    Rule("transport preferred {protocol: none|telnet|ssh}", 20),
    Rule("transport {way: input|output} <protocols:line>", 21, ("way",), effect=_transport),
    Rule("stopbits {bits: 1|1.5|2}", 22, default="stopbits 2"),
    Rule("speed <baud:0-4294967295>", 22, default="speed 9600"),
    Rule("databits <bits:5-8>", 22, default="databits 8"),
    Rule("parity {parity: none|even|odd|space|mark}", 22, default="parity none"),
    Rule("flowcontrol {kind: none|hardware|software}", 22, default="flowcontrol none"),
    Rule("modem {kind: InOut|Dialin|Host}", 22),
    Rule("rotary <group:0-127>", 20),
)
# What goes from the lines with `aaa new-model`.
LINE_SLOTS: Final = frozenset(
    {"login authentication", "authorization exec", "authorization commands", "accounting exec", "accounting commands"}
)
