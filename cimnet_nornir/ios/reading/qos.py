"""Classes, policies, and what switches do by markings, as a configuration tells them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from cimnet_nornir.domain.features.qos import ClassMap, PolicyMap
from cimnet_nornir.domain.features.qos_switch import MlsQos, QosPort
from cimnet_nornir.ios.reading.draft import Draft
from cimnet_nornir.ios.reading.fitting import add_what_fits
from cimnet_nornir.ios.reading.interfaces import interfaces
from cimnet_nornir.ios.reading.said import Said
from cimnet_nornir.ios.reading.switch_settings import number
from cimnet_nornir.ios.tree import Config, Node, sections

Fields = dict[str, Any]
_CLASS_MAP: Final = re.compile(r"class-map match-(?P<rule>all|any) (?P<name>\S+)")
_PRIORITY: Final = re.compile(
    r"priority(?: level (?P<level>\d))?(?:(?: (?P<kilobits>\d+)| percent (?P<percent>\d+))(?: (?P<burst>\d+))?)?"
)
_BANDWIDTH: Final = re.compile(
    r"bandwidth (?:(?P<kilobits>\d+)|percent (?P<percent>\d+)|remaining percent (?P<remaining_percent>\d+)"
    r"|remaining ratio (?P<remaining_ratio>\d+))"
)
_SHAPE: Final = re.compile(
    r"shape (?P<kind>average|peak) (?:percent (?P<percent>\d+)|(?P<bits>\d+)(?: (?P<burst>\d+)(?: (?P<excess>\d+))?)?)"
)
_POLICE: Final = re.compile(
    r"police (?:cir percent (?P<percent>\d+)"
    r"|cir (?P<committed>\d+)(?: bc (?P<with>\d+))? pir (?P<peak>\d+)(?: be (?P<beyond>\d+))?"
    r"|(?P<bits>\d+)(?: (?P<burst>\d+)(?: (?P<excess>\d+))?)?)"
    r"(?: conform-action (?P<conform>.+?))?(?: exceed-action (?P<exceed>.+?))?(?: violate-action (?P<violate>.+?))?"
)
_SECTIONS: Final[Mapping[str, re.Pattern[str]]] = {
    "priority": _PRIORITY,
    "bandwidth": _BANDWIDTH,
    "shape": _SHAPE,
    "police": _POLICE,
}
# A policer of two rates names them otherwise.
_SAME: Final = {"committed": "bits", "with": "burst", "beyond": "excess"}
_POLICED: Final = re.compile(r"(?P<marked>\d+) (?P<same>to \d+)")
_QUEUED: Final = re.compile(r"(?P<same>srr-queue \S+ (?:cos|dscp)-map queue \d threshold \d) (?P<marked>\d+)")
_MOST: Final = 8
_QUEUEING: Final = ("srr-queue ", "queue-set ")


def read(config: Config, draft: Draft) -> None:
    """Take in classes, policies, and what a switch and its ports do by markings."""
    for node in sections(config, "class-map "):
        match = _CLASS_MAP.fullmatch(node.text)
        if match is not None:
            said = Said.of(node.children)
            draft.add(ClassMap, **match.groupdict(), description=said.after("description"), match=said.each("match"))
    for node in sections(config, "policy-map "):
        _policy(node, draft)
    if draft.device.switches:
        _switch(Said.of(config.nodes), draft)
        for name, said in interfaces(config):
            fields = {key: value for key, value in _port(said).items() if value is not None and value is not False}
            if fields:
                add_what_fits(draft, QosPort, {"interface": name, **fields})


def _policy(node: Node, draft: Draft) -> None:
    classes = tuple(_class(child) for child in node.children if child.text.startswith("class "))
    description = Said.of(node.children).after("description")
    draft.add(PolicyMap, name=node.text.removeprefix("policy-map "), description=description, classes=classes)


def _class(node: Node) -> Fields:
    said = Said.of(node.children)
    fields: Fields = {
        "name": node.text.removeprefix("class "),
        "set": said.each("set"),
        "trust": said.after("trust"),
        "queue_limit": number(said.after("queue-limit")),
        "fair_queue": said.has("fair-queue"),
        "drop": said.has("drop"),
        "service_policy": said.after("service-policy"),
    }
    if said.begins("random-detect"):
        fields["random_detect"] = said.after("random-detect") or "plain"
    for line in said.lines:
        pattern = _SECTIONS.get(line.split(" ")[0])
        match = pattern.fullmatch(line) if pattern is not None else None
        if match is not None:
            fields[line.split(" ")[0]] = _values(match)
    return fields


def _values(match: re.Match[str]) -> Fields:
    return {_SAME.get(name, name): number(value) for name, value in match.groupdict().items() if value is not None}


def _switch(said: Said, draft: Draft) -> None:
    policed = _grouped(said.each("mls qos map policed-dscp"), _POLICED)
    found: Fields = {
        "cos_dscp": _numbers(said.after("mls qos map cos-dscp")),
        "precedence_dscp": _numbers(said.after("mls qos map ip-prec-dscp")),
        "policed_dscp": tuple({"marked": marked, "to": to.removeprefix("to ")} for to, marked in policed),
        "queueing": tuple(_queueing(text for text in said.each("mls qos") if text.startswith(_QUEUEING))),
    }
    enabled, rewrites = said.has("mls qos"), not said.has("no mls qos rewrite ip dscp")
    if enabled or not rewrites or any(found.values()):
        draft.add(MlsQos, enabled=enabled, rewrite_dscp=rewrites, **found)


def _queueing(lines: Iterable[str]) -> Iterator[str]:
    """Lines of queues, with the markings of a queue together again."""
    texts = tuple(lines)
    yield from (text for text in texts if not _QUEUED.fullmatch(text))
    yield from (f"{queue} {' '.join(marked)}" for queue, marked in _grouped(texts, _QUEUED))


def _grouped(lines: Iterable[str], pattern: re.Pattern[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Markings by what is said of them, as many at a time as a line holds."""
    groups: dict[str, list[str]] = {}
    for match in filter(None, map(pattern.fullmatch, lines)):
        groups.setdefault(match["same"], []).append(match["marked"])
    for same, marked in groups.items():
        yield from ((same, tuple(marked[at : at + _MOST])) for at in range(0, len(marked), _MOST))


def _numbers(text: str | None) -> tuple[str, ...] | None:
    return None if text is None else tuple(text.split(" "))


def _port(said: Said) -> Fields:
    return {
        "auto": said.after("auto qos"),
        "trust": next((word for word in said.each("mls qos trust") if not word.startswith("device ")), None),
        "trust_device": said.after("trust device") or said.after("mls qos trust device"),
        "cos": next((int(word) for word in said.each("mls qos cos") if word.isdecimal()), None),
        "cos_override": said.has("mls qos cos override"),
        "vlan_based": said.has("mls qos vlan-based"),
        "dscp_mutation": said.after("mls qos dscp-mutation"),
        "queue_set": number(said.after("queue-set")),
        "priority_queue": said.has("priority-queue out"),
        "share": _numbers(said.after("srr-queue bandwidth share")),
        "shape": _numbers(said.after("srr-queue bandwidth shape")),
        "limit": number(said.after("srr-queue bandwidth limit")),
    }
