"""HSRP and VRRP groups of interfaces as a configuration tells them."""

import re
from collections.abc import Iterator
from typing import Any

from cimnet_nornir.domain.features.first_hop import Hsrp, HsrpInterface, Vrrp
from cimnet_nornir.ios.reading.draft import Draft
from cimnet_nornir.ios.reading.interface_settings import number_or_word
from cimnet_nornir.ios.reading.interfaces import interfaces
from cimnet_nornir.ios.reading.said import Said
from cimnet_nornir.ios.tree import Config

Fields = dict[str, Any]
_GROUP = re.compile(r"(?:no )?(?P<protocol>standby|vrrp) (?P<group>\d+) (?!address-family ).+")
_DELAY = re.compile(r"minimum (?P<delay_minimum>\d+)(?: reload (?P<delay_reload>\d+))?")
_PREEMPT = re.compile(
    r"delay(?: minimum (?P<preempt_delay_minimum>\d+))?(?: reload (?P<preempt_delay_reload>\d+))?"
    r"(?: sync (?P<preempt_delay_sync>\d+))?"
)
_TIMERS = re.compile(r"(?P<hello>(?:msec )?\d+) (?P<hold>(?:msec )?\d+)")
_TRACK = re.compile(r"(?P<object>\S+)(?: decrement (?P<decrement>\d+)| (?P<taken>\d+)|(?P<shutdown> shutdown))?")
_MD5 = re.compile(r"md5 key-string (?P<key>\S+(?: \S+)?)(?P<timeout> timeout \d+)?")
# HSRP has groups above this in its second version alone.
_HIGHEST_OF_VERSION_1 = 255


def read(config: Config, draft: Draft) -> None:
    """Take in each group of each interface."""
    for name, said in interfaces(config):
        _of_the_interface(name, said, draft)
        for protocol, group in dict.fromkeys(_groups(said)):
            # Lines of a group without the words that are the same in all of them; what is negated keeps its "no".
            own = Said(tuple(_own(said, f"{protocol} {group}")))
            if protocol == "vrrp":
                draft.add(Vrrp, interface=name, group=int(group), **_vrrp(own, draft, f"{name}-vrrp-{group}"))
            elif int(group) <= _HIGHEST_OF_VERSION_1 or said.has("standby version 2"):
                draft.add(Hsrp, interface=name, group=int(group), **_hsrp(own, draft, f"{name}-standby-{group}"))


def _groups(said: Said) -> Iterator[tuple[str, str]]:
    for match in (match for line in said.lines if (match := _GROUP.fullmatch(line))):
        yield match["protocol"], match["group"]


def _own(said: Said, group: str) -> Iterator[str]:
    for line in said.lines:
        for before, kept in ((f"{group} ", ""), (f"no {group} ", "no ")):
            if line.startswith(before):
                yield kept + line.removeprefix(before)


def _of_the_interface(name: str, said: Said, draft: Draft) -> None:
    delay = _DELAY.fullmatch(said.after("standby delay") or "")
    found: Fields = {} if delay is None else _numbers(delay)
    if said.has("standby version 2"):
        found["version"] = 2
    for field, line in (("use_bia", "standby use-bia"), ("bfd", "standby bfd")):
        if said.has(line):
            found[field] = True
    if found:
        draft.add(HsrpInterface, interface=name, **found)


def _numbers(match: re.Match[str]) -> Fields:
    return {field: int(value) for field, value in match.groupdict().items() if value is not None}


def _shared(own: Said, draft: Draft, place: str) -> Fields:
    """What groups of both protocols have."""
    addresses = own.each("ip")
    found: Fields = {
        "address": next((text for text in addresses if not text.endswith(" secondary")), None),
        "secondary": tuple(text.removesuffix(" secondary") for text in addresses if text.endswith(" secondary")),
        "track": tuple(tracked(text) for text in own.each("track")),
        "authentication": _authentication(own.after("authentication"), draft, place),
    }
    if (priority := own.after("priority")) is not None:
        found["priority"] = number_or_word(priority)
    return found


def tracked(text: str) -> Fields:
    """An object or interface that a group watches, and what it takes from the priority."""
    match = _TRACK.fullmatch(text)
    if match is None:
        return {"object": text}
    found: Fields = {"object": number_or_word(match["object"]), "shutdown": match["shutdown"] is not None}
    taken = match["decrement"] or match["taken"]
    return found if taken is None else {**found, "decrement": int(taken)}


def _authentication(text: str | None, draft: Draft, place: str) -> Fields | None:
    if text is None:
        return None
    if text.startswith("md5 key-chain "):
        return {"key_chain": text.removeprefix("md5 key-chain ")}
    md5 = _MD5.fullmatch(text)
    if md5 is not None:
        timeout = md5["timeout"]
        wait = {"timeout": int(timeout.removeprefix(" timeout "))} if timeout else {}
        return {"md5": draft.moved(md5["key"], place), **wait}
    return {"text": draft.moved(text.removeprefix("text "), place)}


def _hsrp(own: Said, draft: Draft, place: str) -> Fields:
    found = _shared(own, draft, place)
    if own.has("ip"):
        found["address"] = "learned"
    preempt = _PREEMPT.fullmatch(own.after("preempt") or "")
    timers = _TIMERS.fullmatch(own.after("timers") or "")
    return {
        **found,
        **({} if preempt is None else _numbers(preempt)),
        **({} if timers is None else timers.groupdict()),
        "preempt": own.begins("preempt"),
        "ipv6": own.each("ipv6"),
        "name": own.after("name"),
    }


def _vrrp(own: Said, draft: Draft, place: str) -> Fields:
    delay = own.after("preempt delay minimum")
    return {
        **_shared(own, draft, place),
        "description": own.after("description"),
        "preempt": not own.has("no preempt"),
        "preempt_delay_minimum": number_or_word(delay),
        "advertise": own.after("timers advertise"),
        "learn": own.has("timers learn"),
        "shutdown": own.has("shutdown"),
    }
