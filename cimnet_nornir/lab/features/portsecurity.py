"""Port security and storm control (Cisco, "Configuring Port-Based Traffic Control")."""

import re
from typing import Final

from cimnet_nornir.lab.answers import Outcome
from cimnet_nornir.lab.config import Line
from cimnet_nornir.lab.rules import Change, Rule, store

_MODE: Final = "switchport mode"
_ADDRESS: Final = "switchport port-security mac-address"
_STICKY: Final = f"{_ADDRESS} sticky"
_LEARNED: Final = "switchport port-security learned"
_PERCENT: Final = re.compile(r"\d{1,3}(?:\.\d{1,2})?")
_RATE: Final = re.compile(r"\d+(?:\.\d+)?[kmg]?")
_ALL: Final = 100


def _secure(change: Change) -> Outcome:
    """A port whose mode is negotiated cannot be secured."""
    if change.section.value(_MODE, name="mode").startswith(("access", "trunk")) or change.device.booting:
        return store(change)
    return f"Command rejected: {change.interface} is a dynamic port."


def _address(change: Change) -> Outcome:
    address = _dotted(change.values["address"])
    if address is None:
        return "% Invalid MAC address"
    slot = _LEARNED if change.values.get("how") == "sticky" else _ADDRESS
    text = change.match.text.replace(change.values["address"], address)
    change.section.put(Line((slot, address), text, change.rule.rank, (address,), {"address": address}))
    return ""


def _no_address(change: Change) -> Outcome:
    change.section.drop(_LEARNED if change.values.get("how") == "sticky" else _ADDRESS, change.values["address"])
    return ""


def _no_sticky(change: Change) -> Outcome:
    """Addresses that were learned are no part of the configuration any more."""
    change.section.drop(_STICKY)
    for line in change.section.all(_LEARNED):
        change.section.drop(*line.key)
    return ""


def learn(line: Line, address: str) -> None:
    """An address comes to a port that keeps what it learns: it stands in the running configuration from then on."""
    if line.section.has(_STICKY):
        text = f"{_STICKY} {address}"
        line.section.put(Line((_LEARNED, address), text, 29, (address,), {"address": address}))


def _dotted(text: str) -> str | None:
    digits = re.sub(r"[.:-]", "", text).lower()
    if not re.fullmatch(r"[0-9a-f]{12}", digits):
        return None
    return ".".join((digits[:4], digits[4:8], digits[8:]))


def _storm(change: Change) -> Outcome:
    """A level in percent is shown with two decimals, whatever was typed."""
    unit, levels = change.values.get("unit", ""), change.values["level"].split()
    pattern = _RATE if unit else _PERCENT
    if len(levels) > 2 or not all(pattern.fullmatch(level) for level in levels):
        return "% Invalid storm-control threshold value"
    if not unit and any(float(level) > _ALL for level in levels):
        return "% Invalid storm-control threshold value"
    shown = levels if unit else [f"{float(level):.2f}" for level in levels]
    words = ("storm-control", change.values["what"], "level", *((unit,) if unit else ()), *shown)
    return store(change, " ".join(words))


PORT_SECURITY: Final = (
    Rule(
        "switchport port-security maximum <count:1-8192>",
        29,
        needs="port",
        default="switchport port-security maximum 1",
    ),
    Rule(
        "switchport port-security maximum <count:1-8192> vlan {kind: access|voice}",
        29,
        ("kind",),
        needs="port",
        slot="switchport port-security maximum of a VLAN",
    ),
    Rule(
        "switchport port-security violation {how: protect|restrict|shutdown}",
        29,
        needs="port",
        default="switchport port-security violation shutdown",
    ),
    Rule(
        "switchport port-security aging time <minutes:0-1440>",
        29,
        needs="port",
        default="switchport port-security aging time 0",
    ),
    Rule(
        "switchport port-security aging type {type: absolute|inactivity}",
        29,
        needs="port",
        default="switchport port-security aging type absolute",
    ),
    Rule("switchport port-security aging static", 29, needs="port"),
    Rule(_STICKY, 29, needs="port", undo=_no_sticky),
    Rule(
        f"{_ADDRESS} [{{how: sticky}}] <address:word> [vlan {{kind: access|voice}}]",
        29,
        ("address",),
        needs="port",
        effect=_address,
        undo=_no_address,
    ),
    Rule("switchport port-security", 30, needs="port", effect=_secure),
)

STORM_CONTROL: Final = (
    Rule(
        "storm-control {what: broadcast|multicast|unicast} level [{unit: bps|pps}] <level:line>",
        85,
        ("what",),
        needs="port",
        effect=_storm,
    ),
    Rule("storm-control action {action: shutdown|trap}", 86, ("action",), needs="port"),
)
