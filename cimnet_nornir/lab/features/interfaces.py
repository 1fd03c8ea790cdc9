"""Interfaces: entering, creating, removing and defaulting them, and what every kind of interface takes."""

import re
from collections.abc import Iterable
from typing import Final

from cimnet_nornir.lab.answers import Outcome
from cimnet_nornir.lab.config import Line, Section
from cimnet_nornir.lab.grammar import Invalid
from cimnet_nornir.lab.names import interface_order, number_of, split_interface, type_of
from cimnet_nornir.lab.rules import Change, Rule

RANK: Final = 200
_HIGHEST: Final = {"Loopback": 2147483647, "Tunnel": 2147483647, "Port-channel": 128, "Vlan": 4094}
_RANGE_PART: Final = re.compile(r"\s*(?P<first>[A-Za-z-]+\s*[\d/.]+)\s*(?:-\s*(?P<last>\d+))?\s*$")


def interface_line(name: str, *, shut: bool = False) -> Line:
    """An interface without settings, or one that is shut down."""
    section = Section()
    if shut:
        section.put(Line(("shutdown",), "shutdown", SHUTDOWN_RANK))
    return Line(("interface", name), f"interface {name}", RANK, interface_order(name), {"name": name}, section)


SHUTDOWN_RANK: Final = 60


def _interface(change: Change) -> Outcome:
    name = change.values["name"]
    line = _entered(change, name)
    if line is None:
        return Invalid(change.match.columns["name"] + len(type_of(name).name))
    change.entered.append(line)
    change.mode = "config-subif" if "." in name else ""
    return ""


def _entered(change: Change, name: str) -> Line | None:
    """The interface's line, made where it may be."""
    line = change.section.get("interface", name)
    if line is None and _may_exist(change, name):
        line = interface_line(name)
        change.section.put(line)
    return line


def _may_exist(change: Change, name: str) -> bool:
    kind, features = type_of(name), change.device.profile.features
    parent, dot, _ = name.partition(".")
    if kind.physical or dot:
        bundle = kind.name == "Port-channel" and change.device.running.has("interface", parent)
        return bool(dot) and "routing" in features and (bundle or parent in change.device.physical)
    if kind.name == "Vlan" and "switching" not in features:
        return False
    number = number_of(name)
    lowest = 1 if kind.name in {"Vlan", "Port-channel"} else 0
    return number.isdecimal() and lowest <= int(number) <= _HIGHEST[kind.name]


def _no_interface(change: Change) -> Outcome:
    name = change.values["name"]
    if name in change.device.physical:
        return "% Removal of physical interfaces is not permitted"
    if not change.section.drop("interface", name):
        return "" if _may_exist(change, name) else Invalid(change.match.columns["name"])
    for line in list(change.section.all("interface")):
        if line.key[1].startswith(f"{name}."):
            change.section.drop(*line.key)
    if type_of(name).name == "Port-channel":
        _shut_members(change, number_of(name))
    return ""


def _shut_members(change: Change, number: str) -> None:
    """The ports of a port-channel that is removed are in none any more, and shut, so that they make no loop."""
    for line in change.section.all("interface"):
        if line.section.value("channel-group", name="group") == number:
            line.section.drop("channel-group")
            line.section.put(Line(("shutdown",), "shutdown", SHUTDOWN_RANK))


def range_names(text: str) -> list[str] | None:
    """The interfaces of `Gi0/1 - 4 , Gi0/7` or `vlan 10-12`, None when the text is no range."""
    names: list[str] = []
    for part in text.split(","):
        found = _RANGE_PART.match(part)
        parts = split_interface(found["first"]) if found else None
        if found is None or parts is None:
            return None
        stem, number = re.fullmatch(r"(.*?)(\d+)", parts[1]).groups()  # type: ignore[union-attr]  # it ends in a digit
        last = int(found["last"] or number)
        names += [f"{parts[0]}{stem}{count}" for count in range(int(number), last + 1)]
    return names


def _range(change: Change) -> Outcome:
    names = range_names(change.values["range"])
    if not names:
        return Invalid(change.match.columns["range"])
    lines = [_entered(change, name) for name in names]
    if not all(lines):
        return Invalid(change.match.columns["range"])
    change.entered += [line for line in lines if line]
    return ""


def _default(change: Change) -> Outcome:
    """Take an interface, or a range of them, back to its defaults."""
    names = [change.values["name"]] if "name" in change.values else range_names(change.values["range"]) or []
    lines = [line for line in (change.section.get("interface", name) for name in names) if line]
    if not lines or len(lines) < len(names):
        return Invalid(change.match.columns.get("name", change.match.columns.get("range", 0)))
    return "\n".join(_defaulted(change, lines))


def _defaulted(change: Change, lines: Iterable[Line]) -> Iterable[str]:
    for line in lines:
        name = line.key[1]
        line.children = interface_line(
            name, shut=change.device.profile.is_router and name in change.device.physical
        ).section
        yield f"Interface {name} set to default configuration"


GLOBAL: Final = (
    Rule("interface <name:interface>", RANK, ("name",), enters="config-if", effect=_interface, undo=_no_interface),
    Rule("interface range <range:line>", RANK, ("range",), enters="config-if", effect=_range, slot="interface range"),
    Rule("default interface <name:interface>", effect=_default),
    Rule("default interface range <range:line>", effect=_default),
)

COMMON: Final = (
    Rule("description <text:line>", 10),
    Rule("shutdown", SHUTDOWN_RANK),
    Rule("logging event {event: link-status|trunk-status|bundle-status}", 73, ("event",), shown="both"),
    Rule("snmp trap link-status", 74, shown="negative"),
    Rule("cdp enable", 75, needs="physical", shown="negative"),
    Rule("lldp {way: transmit|receive}", 76, ("way",), needs="physical", shown="negative"),
)
