"""Probes and tracked objects as a configuration tells them."""

import re
from typing import Any, Final

from cimnet_nornir.domain.features.tracking import Probe, Track
from cimnet_nornir.ios.reading.draft import Draft
from cimnet_nornir.ios.tree import Config, Node

_PROBE: Final = re.compile(r"ip sla (?P<number>\d+)")
_SCHEDULE: Final = re.compile(
    r"ip sla schedule (?P<number>\d+)(?: life (?P<life>forever|\d+))? start-time (?P<start>.+?)"
    r"(?: ageout (?P<ageout>\d+))?(?P<recurring> recurring)?"
)
_TYPE: Final = re.compile(
    r"(?P<type>icmp-echo|udp-echo|udp-jitter|tcp-connect) (?P<target>\S+)(?: (?P<port>\d+))?"
    r"(?: source-ip (?P<source_address>\S+))?(?: source-interface (?P<source_interface>\S+))?"
    r"(?: source-port (?P<source_port>\d+))?(?P<control> control disable)?(?: num-packets (?P<packets>\d+))?"
    r"(?: interval (?P<interval>\d+))?"
)
_DETAILS: Final = {
    "vrf": "vrf",
    "owner": "owner",
    "tag": "tag",
    "tos": "tos",
    "request-data-size": "data_size",
    "frequency": "frequency",
    "timeout": "timeout",
    "threshold": "threshold",
}
_TEXTS: Final = ("vrf", "owner", "tag")
# An hour is how long a probe lives when nobody says.
_USUAL_LIFE: Final = 3600

_TRACKED: Final = (
    re.compile(r"interface (?P<interface>\S+) (?P<watch>line-protocol|ip routing|ipv6 routing)"),
    re.compile(r"ip sla (?P<probe>\d+)(?P<watch> reachability|)"),
    re.compile(r"ip route (?P<address>\S+) (?P<mask>\S+) (?P<watch>reachability|metric threshold)"),
    re.compile(r"list (?:boolean|threshold) (?P<rule>and|or|weight|percentage)"),
    re.compile(r"stub-object"),
)
_KINDS: Final = ("interface", "probe", "route", "list", "stub")
_OBJECT: Final = re.compile(r"object (?P<number>\d+)(?P<negated> not)?(?: weight (?P<weight>\d+))?")
_THRESHOLD: Final = re.compile(r"threshold \S+(?: up (?P<up>\d+))?(?: down (?P<down>\d+))?")

Fields = dict[str, Any]


def read(config: Config, draft: Draft) -> None:
    """Take in what a configuration says of probes and tracked objects."""
    schedules = {match["number"]: match for node in config.nodes if (match := _SCHEDULE.fullmatch(node.text))}
    for node in config.nodes:
        if match := _PROBE.fullmatch(node.text):
            _probe(node, match["number"], schedules.get(match["number"]), draft)
        elif node.text.startswith("track "):
            _track(node, draft)


def _numbers(match: re.Match[str], *texts: str) -> Fields:
    """The groups that are there, as numbers but for those named."""
    return {name: value if name in texts else int(value) for name, value in match.groupdict().items() if value}


def _probe(node: Node, number: str, schedule: re.Match[str] | None, draft: Draft) -> None:
    found: Fields = {"number": int(number)}
    for child in node.children:
        word, _, value = child.text.partition(" ")
        if match := _TYPE.fullmatch(child.text):
            found |= _numbers(match, "type", "target", "source_address", "source_interface", "control")
            found["control"] = match["control"] is None
        elif word in _DETAILS:
            found[_DETAILS[word]] = value if word in _TEXTS else int(value)
    if schedule is not None:
        times = _numbers(schedule, "start", "recurring", "life")
        life = schedule["life"] or _USUAL_LIFE
        found["schedule"] = {
            "start": schedule["start"],
            "life": life if life == "forever" else int(life),
            "ageout": times.get("ageout"),
            "recurring": schedule["recurring"] is not None,
        }
    draft.add(Probe, **found)


def _track(node: Node, draft: Draft) -> None:
    _, number, *rest = node.text.split(" ", maxsplit=2)
    for kind, pattern in zip(_KINDS, _TRACKED, strict=True):
        match = pattern.fullmatch(rest[0] if rest else "")
        if match is not None and number.isdecimal():
            draft.add(Track, number=int(number), of={"kind": kind, **_watched(kind, match, node)}, **_delays(node))


def _watched(kind: str, match: re.Match[str], node: Node) -> Fields:
    match kind:
        case "probe":
            return {"probe": int(match["probe"]), "watch": match["watch"].strip() or "state"}
        case "route":
            return {"prefix": f"{match['address']}/{match['mask']}", "watch": match["watch"]}
        case "list":
            return {"rule": match["rule"], **_members(node)}
        case "stub":
            states = [child.text.split(" ")[1] for child in node.children if child.text.startswith("default-state ")]
            return {"state": states[0] if states else None}
        case _:
            return match.groupdict()


def _members(node: Node) -> Fields:
    found: Fields = {"objects": []}
    for child in node.children:
        if match := _OBJECT.fullmatch(child.text):
            found["objects"].append(_numbers(match, "negated") | {"negated": match["negated"] is not None})
        elif match := _THRESHOLD.fullmatch(child.text):
            found |= _numbers(match)
    return found


def _delays(node: Node) -> Fields:
    found: Fields = {}
    for child in node.children:
        words = child.text.split(" ")
        if words[0] == "delay":
            found[f"delay_{words[1]}"] = int(words[2])
        elif words[:2] == ["ip", "vrf"]:
            found["vrf"] = words[2]
    return found
