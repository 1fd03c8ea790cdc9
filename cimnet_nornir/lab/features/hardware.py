"""Ports as hardware and their first layer: rates, sizes, timers, encapsulation, queueing policies, channel members.

Defaults are those of "Cisco IOS Interface and Hardware Component Command Reference"; what says one is not shown.
"""

from collections.abc import Mapping
from typing import Final

from cimnet_nornir.lab.answers import Outcome
from cimnet_nornir.lab.config import Line
from cimnet_nornir.lab.features.qos import policy_is_missing
from cimnet_nornir.lab.rules import Change, Rule, remove, store

DOT1Q: Final = "encapsulation dot1q"
_TAKEN: Final = (
    "%Configuration of multiple subinterfaces of the same main\n"
    "interface with the same VID ({vlan}) is not permitted.\n"
    "This VID is already configured on {other}.\n"
)


def _dot1q(change: Change) -> Outcome:
    """Tag a sub-interface; each VLAN (with its inner one) can be at one sub-interface of a port."""
    parent = change.interface.partition(".")[0]
    tags = _tags(change.values)
    for line in change.device.running.all("interface"):
        other = line.section.get(DOT1Q)
        beside = line.key[1] != change.interface and line.key[1].startswith(f"{parent}.")
        if beside and other is not None and _tags(other.values) == tags:
            return _TAKEN.format(vlan=change.values["vlan"], other=line.key[1])
    return store(change, change.match.text.replace("dot1q", "dot1Q", 1))


def _tags(values: Mapping[str, str]) -> tuple[str, str]:
    return values["vlan"], values.get("inner", "")


def _no_dot1q(change: Change) -> Outcome:
    """A sub-interface without its tag routes nothing: its addresses go."""
    for slot in ("ip address", "ip address secondary", "ipv6 address", "ip unnumbered"):
        for line in change.section.all(slot):
            change.section.drop(*line.key)
    return remove(change)


def _duplex(change: Change) -> Outcome:
    """A switch takes a duplex only for a speed that is fixed."""
    fixed = change.section.value("speed", name="speed").isdecimal()
    if "switching" in change.device.profile.features and change.values["duplex"] != "auto" and not fixed:
        return "Duplex will not be set until speed is set to non-auto value"
    return store(change)


def _keepalive(change: Change) -> Outcome:
    """The usual ten seconds are not shown."""
    return store(change) if "seconds" in change.values else remove(change)


def _no_keepalive(change: Change) -> Outcome:
    change.section.put(Line(("keepalive",), "no keepalive", change.rule.rank))
    return ""


def _policy(change: Change) -> Outcome:
    """One policy a direction, which is there; another one only when that has gone."""
    missing = policy_is_missing(change)
    if missing:
        return missing
    attached = change.section.value(change.rule.identity, change.values["way"], name="policy")
    if attached not in {"", change.values["policy"]}:
        return f"Policy map {attached} is already attached"
    return store(change)


HARDWARE: Final = (
    Rule("bandwidth <kilobits:1-10000000>", 12),
    Rule("delay <tens:1-16777215>", 13),
    Rule("mtu <bytes:64-9216>", 14, default="mtu 1500"),
    Rule("load-interval <seconds:30-600>", 15, default="load-interval 300"),
    Rule(
        "encapsulation dot1q <vlan:1-4094> [{native: native}] [second-dot1q <inner:1-4094>]",
        11,
        needs="subif",
        effect=_dot1q,
        undo=_no_dot1q,
    ),
    Rule("encapsulation {kind: ppp|hdlc}", 11, needs="physical routed"),
    Rule("speed {speed: 10|100|1000|2500|5000|10000|auto}", 69, needs="physical", default="speed auto"),
    Rule("duplex {duplex: auto|full|half}", 70, needs="physical", default="duplex auto", effect=_duplex),
    Rule("negotiation auto", 71, needs="physical routed", shown="both"),
    Rule("media-type {media: rj45|sfp|gbic|auto-select}", 68, needs="physical"),
    Rule(
        "keepalive [<seconds:1-32767>]",
        72,
        needs="physical|port-channel|vlan",
        default="keepalive 10",
        effect=_keepalive,
        undo=_no_keepalive,
    ),
    Rule("carrier-delay {msec <ms:0-1000>|<seconds:0-60>}", 77, default="carrier-delay 2"),
    Rule("hold-queue <packets:0-4096> {way: in|out}", 78, ("way",)),
    Rule("service-policy {way: input|output} <policy:word>", 79, ("way",), effect=_policy),
)
