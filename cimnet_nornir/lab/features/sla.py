"""IP SLA: probes, which cannot be changed while they run, and their schedules."""

import re
from collections.abc import Mapping
from typing import Final

from cimnet_nornir.lab.answers import Outcome
from cimnet_nornir.lab.config import Section
from cimnet_nornir.lab.grammar import Invalid
from cimnet_nornir.lab.rules import Change, Rule, by_number, store

PROBE: Final = "ip sla"
_SCHEDULE: Final = "ip sla schedule"
_REACTION: Final = "ip sla reaction-configuration"
_TYPE: Final = "type"
_RUNNING: Final = (
    "Entry already running and cannot be modified\n\t(only can delete (no) and start over)\n"
    "\t(check to see if the probe has finished exiting)"
)
_WHEN: Final = re.compile(
    r"life (?P<life>forever|\d+)|ageout (?P<ageout>\d+)|(?P<recurring>recurring)"
    r"|start-time (?P<start>now|pending|after \d\d:\d\d:\d\d|\d\d:\d\d(?::\d\d)?(?: [A-Za-z]{3,9} \d+)?)"
)
# What a probe does unless it is told otherwise, in milliseconds.
_USUAL: Final = {"frequency": 60_000, "timeout": 5_000, "threshold": 5_000}


def _probe(change: Change) -> Outcome:
    """A new entry, or one that is not scheduled; behind a type there is nothing to set but its details."""
    number = change.values["number"]
    line = change.section.get(PROBE, number)
    if line is None:
        return store(change)
    if change.section.has(_SCHEDULE, number):
        return _RUNNING
    typed = line.section.get(_TYPE)
    change.entered.append(typed or line)
    change.mode = "ip-sla-probe" if typed else ""
    return ""


def _no_probe(change: Change) -> Outcome:
    """With an entry its schedule and its reactions go."""
    number = change.values["number"]
    change.section.drop(PROBE, number)
    for line in (*change.section.all(_SCHEDULE), *change.section.all(_REACTION)):
        if line.key[1] == number:
            change.section.drop(*line.key)
    return ""


def _kind(change: Change) -> Outcome:
    """The type of an entry: named once, without the details that go without saying."""
    usual = {"packets": "num-packets 10", "interval": "interval 20", "control": "control enable"}
    text = change.match.text
    for words in usual.values():
        text = re.sub(rf" {words}(?= |$)", "", text)
    return store(change, text)


def _schedule(change: Change) -> Outcome:
    number, rest = change.values["number"], change.values.get("rest", "")
    if not change.section.has(PROBE, number):
        return "%Entry not configured"
    if change.section.has(_SCHEDULE, number):
        return _RUNNING
    found: dict[str, str] = {}
    while rest:
        match = _WHEN.match(rest)
        if match is None:
            return Invalid(change.match.columns["rest"])
        found |= {name: value for name, value in match.groupdict().items() if value}
        rest = rest[match.end() :].lstrip()
    return _scheduled(change, number, found)


def _scheduled(change: Change, number: str, found: Mapping[str, str]) -> Outcome:
    """An hour is how long an entry lives unless it is told; one that never starts is not shown."""
    if found.get("start", "pending") == "pending":
        return ""
    life = f" life {found['life']}" if found.get("life", "3600") != "3600" else ""
    ageout = f" ageout {found['ageout']}" if found.get("ageout", "0") != "0" else ""
    recurring = " recurring" if "recurring" in found else ""
    return store(change, f"{_SCHEDULE} {number}{life} start-time {found['start']}{ageout}{recurring}")


def _time(change: Change) -> Outcome:
    """A time of the probe, which has to be at least its threshold and at most the time between two probes."""
    name = change.rule.head
    times = {each: _milliseconds(change.section, each) for each in _USUAL}
    times[name] = int(change.values["value"]) * (1000 if name == "frequency" else 1)
    if times["timeout"] > times["frequency"]:
        return "%Illegal Value: Cannot set Frequency to be less than Timeout"
    if times["threshold"] > times["timeout"]:
        return "%Illegal Value: Cannot set Timeout to be less than Threshold"
    return store(change)


def _milliseconds(section: Section, name: str) -> int:
    value = section.value(name, name="value")
    return int(value) * (1000 if name == "frequency" else 1) if value else _USUAL[name]


GLOBAL: Final = (
    Rule("ip sla responder", 449),
    Rule(
        "ip sla <number:1-2147483647>",
        450,
        ("number",),
        enters="ip-sla",
        effect=_probe,
        undo=_no_probe,
        order=by_number("number"),
    ),
    Rule(
        f"{_SCHEDULE} <number:1-2147483647> [<rest:line>]",
        451,
        ("number",),
        effect=_schedule,
        order=by_number("number"),
    ),
    Rule(
        f"{_REACTION} <number:1-2147483647> react <what:word> [<rest:line>]",
        452,
        ("number", "what"),
        removable=1,
        order=by_number("number"),
    ),
)

_SOURCE: Final = "[source-ip <source:ip>] [source-interface <interface:interface>]"
_PORTS: Final = "[source-ip <source:ip>] [source-port <from:1-65535>]"
_CONTROL: Final = "[control {control: enable|disable}]"


def _typed(pattern: str) -> Rule:
    return Rule(pattern, 10, slot=_TYPE, enters="ip-sla-probe", effect=_kind)


PROBES: Final = (
    _typed(f"icmp-echo <target:host> {_SOURCE}"),
    _typed(f"udp-echo <target:host> <port:1-65535> {_PORTS} {_CONTROL}"),
    _typed(f"tcp-connect <target:host> <port:1-65535> {_PORTS} {_CONTROL}"),
    _typed(
        f"udp-jitter <target:host> <port:1-65535> {_PORTS} {_CONTROL} [num-packets <packets:1-60000>] "
        "[interval <interval:4-60000>]"
    ),
)
PROBE_DETAILS: Final = (
    Rule("vrf <vrf:word>", 10),
    Rule("tos <tos:0-255>", 11, default="tos 0"),
    Rule("request-data-size <bytes:0-16384>", 12),
    Rule("owner <owner:line>", 13),
    Rule("tag <tag:line>", 14),
    Rule("threshold <value:0-2147483647>", 15, default="threshold 5000", effect=_time),
    Rule("timeout <value:0-2147483647>", 16, default="timeout 5000", effect=_time),
    Rule("frequency <value:1-604800>", 17, default="frequency 60", effect=_time),
)
