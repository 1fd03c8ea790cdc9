"""VRRP groups of version 3, which are there only where the device speaks it."""

from typing import Final

from cimnet_nornir.lab.answers import Outcome
from cimnet_nornir.lab.grammar import Invalid
from cimnet_nornir.lab.rules import Change, Rule, store

_VERSION: Final = "fhrp version vrrp"


def _group(change: Change) -> Outcome:
    speaks = change.device.running.value(_VERSION, name="version") == "v3"
    if not speaks and not change.device.booting:
        return Invalid(len("vrrp ") + len(change.values["group"]) + 1)
    return store(change)


def _no_version(change: Change) -> Outcome:
    """With the version go its groups."""
    change.section.drop(_VERSION)
    for interface in change.section.all("interface"):
        for line in interface.section.all("vrrp family"):
            interface.section.drop(*line.key)
    return ""


def _primary(change: Change) -> Outcome:
    """Another primary address comes when the present one has gone."""
    old = change.section.value("address primary", name="address")
    if old not in {"", change.values["address"]}:
        return "% Primary address is configured already"
    return store(change)


GLOBAL: Final = (Rule("fhrp version vrrp {version: v2|v3}", 95, default="fhrp version vrrp v2", undo=_no_version),)
INTERFACE: Final = (
    Rule(
        "vrrp <group:1-255> address-family {family: ipv4|ipv6}",
        49,
        ("group", "family"),
        needs="routed routing",
        enters="vrrp-group",
        slot="vrrp family",
        effect=_group,
        ending=(" exit-vrrp",),
    ),
)
_ADDRESS: Final = "address {<address:ip>|<address:ipv6>}"
GROUP: Final = (
    Rule("description <text:line>", 5),
    Rule("timers advertise <milliseconds:100-40950>", 6, default="timers advertise 1000"),
    Rule("priority <priority:1-254>", 7, default="priority 100"),
    Rule("preempt [delay minimum <seconds:0-3600>]", 8, shown="both", default="preempt"),
    Rule("vrrpv2", 9),
    Rule("match-address", 10, shown="negative"),
    Rule("track <object:1-1000> [{decrement <decrement:1-255>|shutdown}]", 11, ("object",)),
    Rule(f"{_ADDRESS} primary", 12, slot="address primary", effect=_primary),
    Rule(f"{_ADDRESS} secondary", 13, ("address",), slot="address secondary"),
    Rule("shutdown", 14),
)
