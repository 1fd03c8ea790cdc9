"""Areas of an OSPF process: what kind they are, what they sum up, and how their routers prove who they are."""

from collections.abc import Callable
from dataclasses import replace
from ipaddress import IPv4Address
from typing import Final

from cimnet_nornir.lab.answers import Outcome
from cimnet_nornir.lab.config import Line, Section
from cimnet_nornir.lab.features.gradual import gradual
from cimnet_nornir.lab.rules import Change, Effect, Rule, apply, store

_STUB: Final = {"no-summary": ""}
_NSSA: Final = {
    "no-redistribution": "",
    "default-information-originate": "",
    "metric": "0-16777214",
    "metric-type": "1-2",
    "no-summary": "",
}
_RANGE: Final = {"advertise": "", "not-advertise": "", "cost": "0-16777215"}
_LINK: Final = {
    "hello-interval": "1-8192",
    "retransmit-interval": "1-8192",
    "transmit-delay": "1-8192",
    "dead-interval": "1-8192",
}
_KINDS: Final = ("area stub", "area nssa")
_Check = Callable[[Section, Change, int], str]


def area_number(area: str) -> int:
    """The number of an area, however it is written: 1 of `0.0.0.1`."""
    return int(IPv4Address(area)) if "." in area else int(area)


def _lines(section: Section, slot: str, area: int) -> list[Line]:
    return [line for line in section.all(slot) if area_number(line.key[1]) == area]


def _no_stub_backbone(section: Section, change: Change, area: int) -> str:
    """The backbone is no stub, an area is of one kind, and one that virtual links cross is of none."""
    kind = change.rule.identity
    if area == 0:
        return f"% OSPF: Backbone can not be configured as {'NSSA' if kind == 'area nssa' else 'stub'} area"
    other = next(each for each in _KINDS if each != kind)
    if _lines(section, other, area):
        return f"% OSPF: Area is configured as {other.removeprefix('area ')} area already"
    if _lines(section, "area virtual-link", area):
        return f"% OSPF: Area {area} is used as a transit area for virtual links"
    return ""


def _no_stub_crossed(section: Section, _: Change, area: int) -> str:
    if area == 0:
        return "% OSPF: Virtual link is not allowed through the backbone area"
    if any(_lines(section, kind, area) for kind in _KINDS):
        return f"% OSPF: Area {area} is a stub or nssa so virtual links are not allowed"
    return ""


def _respelled(effect: Effect, check: _Check | None = None) -> Effect:
    """An effect on an area under the spelling that its line has; `check` tells why a line is refused."""

    def respelled(change: Change) -> Outcome:
        area = area_number(change.values["area"])
        problem = check(change.section, change, area) if check and not change.negated else ""
        if problem:
            return problem
        for line in _lines(change.section, change.rule.identity, area):
            spelling = line.key[1]
            words = (change.match.words[0], spelling, *change.match.words[2:])
            change.match = replace(change.match, words=words, values={**change.values, "area": spelling})
        return effect(change)

    return respelled


def _area(rule: Rule, check: _Check | None = None) -> Rule:
    plain = replace(rule, effect=None, undo=None)

    def by_rule(change: Change) -> Outcome:
        return apply(replace(change, rule=plain, entered=change.entered))

    effect, undo = rule.effect or by_rule, rule.undo or by_rule
    return replace(rule, effect=_respelled(effect, check), undo=_respelled(undo))


def _proof(change: Change) -> Outcome:
    """How a virtual link proves who is at its end; the link comes with it, and a key that is there keeps its text."""
    key = (change.rule.identity, *(change.values[name] for name in change.rule.key))
    old = change.section.get(*key)
    if "key" in change.values and old is not None and old.values["secret"] != change.values["secret"]:
        return f"OSPF: Key {change.values['key']} already exists"
    link = ("area virtual-link", change.values["area"], change.values["router"])
    if not change.section.has(*link):
        values = {"area": link[1], "router": link[2]}
        change.section.put(Line(link, f"area {link[1]} virtual-link {link[2]}", 18, values=values))
    return store(change)


_OF_A_LINK: Final = "area <area:area> virtual-link <router:ip>"
AREAS: Final = (
    Rule(
        f"{_OF_A_LINK} authentication [{{how: message-digest|null}}]",
        19,
        ("area", "router"),
        slot="virtual-link authentication",
        effect=_proof,
    ),
    Rule(
        f"{_OF_A_LINK} authentication-key <secret:line>",
        19,
        ("area", "router"),
        slot="virtual-link password",
        effect=_proof,
    ),
    Rule(
        f"{_OF_A_LINK} message-digest-key <key:1-255> md5 <secret:line>",
        19,
        ("area", "router", "key"),
        slot="virtual-link key",
        effect=_proof,
    ),
    _area(Rule("area <area:area> authentication [message-digest]", 14, ("area",), slot="area authentication")),
    _area(gradual("area <area:area> stub", 15, _STUB, ("area",), slot="area stub"), _no_stub_backbone),
    _area(gradual("area <area:area> nssa", 15, _NSSA, ("area",), slot="area nssa"), _no_stub_backbone),
    _area(
        gradual(
            "area <area:area> range <prefix:ip> <mask:ip>", 16, _RANGE, ("area", "prefix", "mask"), slot="area range"
        )
    ),
    _area(Rule("area <area:area> default-cost <cost:0-16777215>", 17, ("area",), slot="area default-cost")),
    _area(
        Rule("area <area:area> filter-list prefix <list:word> {way: in|out}", 17, ("area", "way"), slot="area filter")
    ),
    _area(
        gradual("area <area:area> virtual-link <router:ip>", 18, _LINK, ("area", "router"), slot="area virtual-link"),
        _no_stub_crossed,
    ),
)
