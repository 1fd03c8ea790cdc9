"""Console and virtual terminal lines; settings are kept a line, and shown in groups of equal ones as IOS does."""

from typing import Final

from cimnet_nornir.lab.answers import Outcome
from cimnet_nornir.lab.config import Line, Section, render
from cimnet_nornir.lab.grammar import Invalid
from cimnet_nornir.lab.rules import Change, Rule, remove, store
from cimnet_nornir.lab.secret_text import type7

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


def _password(change: Change) -> Outcome:
    return store(change, f"password 7 {type7(change.values['plain'])}")


def _transport(change: Change) -> Outcome:
    """`transport input telnet ssh` in the order IOS shows."""
    protocols = [word for word in ("none", "all", "telnet", "ssh") if word in change.values["protocols"].split()]
    unknown = set(change.values["protocols"].split()) - set(protocols)
    if unknown or not protocols:
        return Invalid(change.match.columns["protocols"])
    return store(change, f"transport {change.values['way']} {' '.join(protocols)}")


LINES: Final = (
    Rule(
        "line {kind: console|aux} <number:0-0>",
        RANK,
        ("kind",),
        enters="line",
        effect=lambda change: store(change, f"line {change.values['kind'][:3]} 0"),
    ),
    Rule("line vty <first:0-15> [<last:0-15>]", RANK + 2, ("first",), enters="line", effect=_vty, undo=_no_vty),
)

LINE: Final = (
    Rule("session-timeout <minutes:0-35791>", 10),
    Rule("access-class <list:word> {way: in|out} [vrf-also]", 11, ("way",)),
    Rule(
        "exec-timeout <minutes:0-35791> [<seconds:0-2147483>]",
        12,
        default="exec-timeout 10 0",
        effect=lambda change: store(
            change, f"exec-timeout {change.values['minutes']} {change.values.get('seconds', '0')}"
        ),
    ),
    Rule("privilege level <level:0-15>", 13, default="privilege level 1"),
    Rule("password 7 <stored:word>", 14, slot="password"),
    Rule("password [0] <plain:line>", 14, slot="password", effect=_password, undo=remove),
    Rule("logging synchronous", 15),
    Rule("login [{how: local}]", 16, shown="both"),
    Rule("login authentication <list:word>", 16, slot="login authentication"),
    Rule("authorization exec <list:word>", 16),
    Rule("history size <size:0-256>", 17),
    Rule("length <lines:0-512>", 18, default="length 24"),
    Rule("width <columns:0-512>", 18, default="width 80"),
    Rule("exec", 19, shown="negative"),
    Rule("transport preferred {protocol: none|telnet|ssh}", 20),
    Rule("transport {way: input|output} <protocols:line>", 21, ("way",), effect=_transport),
    Rule("stopbits {bits: 1|1.5|2}", 22, default="stopbits 2"),
    Rule("rotary <group:0-127>", 23),
)
