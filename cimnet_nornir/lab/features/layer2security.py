"""DHCP snooping, ARP inspection, UDLD and the recovery of ports that were disabled by an error."""

from typing import Final

from cimnet_nornir.lab.answers import Outcome
from cimnet_nornir.lab.config import Line
from cimnet_nornir.lab.features.vlangroups import listed
from cimnet_nornir.lab.rules import Change, Rule, store

# "errdisable recovery cause ?" of 15.2E.
CAUSES: Final = (
    "arp-inspection",
    "bpduguard",
    "channel-misconfig",
    "dhcp-rate-limit",
    "dtp-flap",
    "gbic-invalid",
    "inline-power",
    "l2ptguard",
    "link-flap",
    "loopback",
    "mac-limit",
    "pagp-flap",
    "port-mode-failure",
    "pppoe-ia-rate-limit",
    "psecure-violation",
    "psp",
    "security-violation",
    "sfp-config-mismatch",
    "small-frame",
    "storm-control",
    "udld",
)
_SNOOPED: Final = "ip dhcp snooping vlan"
_INSPECTED: Final = "ip arp inspection vlan"
_RECOVERY: Final = "errdisable recovery cause"
_DETECT: Final = "errdisable detect cause"
_SNOOP, _UNSNOOP = listed(_SNOOPED)
_INSPECT, _UNINSPECT = listed(_INSPECTED)


def _recover(change: Change) -> Outcome:
    """`all` stands for each cause, and is shown as these."""
    for cause in _causes(change):
        change.section.put(_cause_line(change, f"{_RECOVERY} {cause}", _RECOVERY, cause))
    return ""


def _no_recover(change: Change) -> Outcome:
    for cause in _causes(change):
        change.section.drop(_RECOVERY, cause)
    return ""


def _detect(change: Change) -> Outcome:
    """What is detected is what every switch does, and not shown."""
    for cause in _causes(change):
        change.section.drop(_DETECT, cause)
    return ""


def _no_detect(change: Change) -> Outcome:
    for cause in _causes(change):
        change.section.put(_cause_line(change, f"no {_DETECT} {cause}", _DETECT, cause))
    return ""


def _causes(change: Change) -> tuple[str, ...]:
    cause = change.values["cause"]
    return CAUSES if cause == "all" else (cause,)


def _cause_line(change: Change, text: str, slot: str, cause: str) -> Line:
    return Line((slot, cause), text, change.rule.rank, (text.startswith("no "), cause), {"cause": cause})


def _validate(change: Change) -> Outcome:
    """Each command overrides what was validated before; the kinds are shown in one order."""
    kinds = change.values["kinds"].split()
    if not set(kinds) <= {"src-mac", "dst-mac", "ip"} or len(set(kinds)) < len(kinds):
        return "% Invalid ARP inspection validation"
    shown = " ".join(kind for kind in ("src-mac", "dst-mac", "ip") if kind in kinds)
    return store(change, f"ip arp inspection validate {shown}")


_CAUSE: Final = f"{{cause: all|{'|'.join(CAUSES)}}}"
LAYER2_SECURITY: Final = (
    Rule("udld {how: enable|aggressive}", 119, needs="switching", slot="udld"),
    Rule("udld message time <seconds:1-90>", 119, needs="switching", default="udld message time 15"),
    Rule(
        f"errdisable recovery cause {_CAUSE}",
        118,
        ("cause",),
        needs="switching",
        effect=_recover,
        undo=_no_recover,
    ),
    Rule(
        f"errdisable detect cause {_CAUSE}",
        118,
        ("cause",),
        needs="switching",
        effect=_detect,
        undo=_no_detect,
    ),
    Rule(
        "errdisable recovery interval <seconds:30-86400>",
        118,
        needs="switching",
        default="errdisable recovery interval 300",
    ),
    Rule(f"{_INSPECTED} <vlans:vlans>", 97, ("vlans",), needs="switching", effect=_INSPECT, undo=_UNINSPECT),
    Rule("ip arp inspection validate <kinds:line>", 97, needs="switching", effect=_validate),
    Rule(f"{_SNOOPED} <vlans:vlans>", 97, ("vlans",), needs="switching", effect=_SNOOP, undo=_UNSNOOP),
    Rule("ip dhcp snooping information option", 97, needs="switching", shown="negative"),
    Rule("ip dhcp snooping information option allow-untrusted", 97, needs="switching"),
    Rule("ip dhcp snooping verify mac-address", 97, needs="switching", shown="negative"),
    Rule("ip dhcp snooping database <place:word>", 97, needs="switching"),
    Rule("ip dhcp snooping", 97, needs="switching"),
)

PORT: Final = (
    Rule("udld port [{how: aggressive|disable}]", 89, needs="port"),
    Rule("ip arp inspection trust", 94, needs="port"),
    Rule(
        "ip arp inspection limit {none|rate <rate:0-2048> [burst interval <seconds:1-15>]}",
        94,
        needs="port",
        default="ip arp inspection limit rate 15",
    ),
    Rule("ip dhcp snooping trust", 99, needs="port"),
    Rule("ip dhcp snooping limit rate <rate:1-2048>", 99, needs="port"),
)
