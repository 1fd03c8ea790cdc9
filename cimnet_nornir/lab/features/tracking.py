"""Tracked objects: interfaces, probes, routes, and lists of other objects."""

from collections.abc import Mapping
from typing import Final

from cimnet_nornir.lab.answers import Outcome
from cimnet_nornir.lab.grammar import Invalid
from cimnet_nornir.lab.rules import Change, Rule, by_number, store

_TRACK: Final = "track"


def _track(change: Change) -> Outcome:
    """An object is what it is until it is removed; its number alone leads into it."""
    line = change.section.get(_TRACK, change.values["number"])
    text = change.match.text.removesuffix(" state")
    if line is not None and text in {line.text, f"track {change.values['number']}"}:
        change.entered.append(line)
        return ""
    if line is not None:
        return "% Tracked object already exists with another type"
    if len(change.match.words) == 2:
        return "% Incomplete command."
    return store(change, text)


def _interface(change: Change) -> Outcome:
    if not change.device.running.has("interface", change.values["interface"]):
        return Invalid(change.match.columns["interface"])
    return _track(change)


def _delay(change: Change) -> Outcome:
    """Delays by direction, down before up; one that is not given stays."""
    old = change.section.get("delay")
    return _delays(change, {**(old.values if old else {}), **change.values})


def _no_delay(change: Change) -> Outcome:
    """The delay of one direction is taken back by itself; without a direction both are."""
    old = change.section.get("delay")
    given = change.values or {"up": "", "down": ""}
    return _delays(change, {way: value for way, value in (old.values if old else {}).items() if way not in given})


def _delays(change: Change, values: Mapping[str, str]) -> Outcome:
    shown = "".join(f" {way} {values[way]}" for way in ("down", "up") if values.get(way, "0") != "0")
    change.section.drop("delay")
    return store(change, f"delay{shown}", values) if shown else ""


def _rule(pattern: str, *, interface: bool = False) -> Rule:
    return Rule(
        f"track <number:1-1000>{pattern}",
        453,
        ("number",),
        enters="track",
        slot=_TRACK,
        effect=_interface if interface else _track,
        order=by_number("number"),
    )


GLOBAL: Final = (
    _rule(" interface <interface:interface> {what: line-protocol|ip routing|ipv6 routing}", interface=True),
    _rule(" ip sla <probe:1-2147483647> [{what: reachability|state}]"),
    _rule(" ip route <prefix:ip> <mask:ip> {what: reachability|metric threshold}"),
    _rule(" list boolean {how: and|or}"),
    _rule(" list threshold {how: weight|percentage}"),
    _rule(" stub-object"),
    _rule(""),
)
TRACK: Final = (
    Rule("ip vrf <vrf:word>", 10),
    Rule("object <object:1-1000> [{how: not|weight <weight:1-255>}]", 11, ("object",), order=by_number("object")),
    Rule(
        "threshold {what: weight|percentage|metric} {up <up:0-255>|down <down:0-255>|up <up:0-255> down <down:0-255>}",
        12,
    ),
    Rule("default-state {state: up|down}", 13),
    Rule(
        "delay {up <up:0-180>|down <down:0-180>|up <up:0-180> down <down:0-180>|down <down:0-180> up <up:0-180>}",
        14,
        effect=_delay,
        undo=_no_delay,
    ),
)
