"""Spanning tree, of the switch and of its ports."""

from typing import Final

from cimnet_nornir.lab.answers import Outcome
from cimnet_nornir.lab.config import Line
from cimnet_nornir.lab.rules import Change, Rule, by_number, store
from cimnet_nornir.lab.vlanlist import format_vlans, parse_vlans

STEP: Final = 4096
_PRIORITY: Final = "spanning-tree priority"


# The texts of Cisco's "Configuring Optional Spanning-Tree Features" guides.
_PORTFAST: Final = (
    "%Warning: portfast should only be enabled on ports connected to a single\n"
    " host. Connecting hubs, concentrators, switches, bridges, etc... to this\n"
    " interface  when portfast is enabled, can cause temporary bridging loops.\n"
    " Use with CAUTION\n"
)
_NOT_ON_TRUNKS: Final = " have effect when the interface is in a non-trunking mode."


def _portfast(change: Change) -> Outcome:
    store(change)
    how = change.values.get("how", "")
    if how == "disable":
        return ""
    if how.endswith("trunk"):
        return _PORTFAST
    return f"{_PORTFAST}\n%Portfast has been configured on {change.interface} but will only\n{_NOT_ON_TRUNKS}"


def _portfast_default(change: Change) -> Outcome:
    store(change)
    return (
        "%Warning: this command enables portfast by default on all interfaces. You\n"
        " should now disable portfast explicitly on switched ports leading to hubs,\n"
        " switches and bridges as they may create temporary bridging loops."
    )


def _priority(change: Change) -> Outcome:
    """Set the bridge priority of every VLAN of a list; VLANs of one priority are shown in one line."""
    priority = int(
        change.values.get(
            "priority", {"primary": "24576", "secondary": "28672"}.get(change.values.get("role", ""), "0")
        )
    )
    if priority % STEP:
        return (
            f"% Bridge Priority must be in increments of {STEP}.\n% Allowed values are:\n"
            "  0     4096  8192  12288 16384 20480 24576 28672\n  32768 36864 40960 45056 49152 53248 57344 61440"
        )
    return _with_priority(change, str(priority))


def _no_priority(change: Change) -> Outcome:
    return _with_priority(change, "")


def _with_priority(change: Change, priority: str) -> str:
    given = parse_vlans(change.values["vlans"])
    if isinstance(given, str):
        return given
    groups: dict[str, frozenset[int]] = {}
    for line in change.section.all(_PRIORITY):
        vlans = parse_vlans(line.values["vlans"])
        groups[line.key[1]] = frozenset() if isinstance(vlans, str) else vlans - given
        change.section.drop(*line.key)
    if priority:
        groups[priority] = groups.get(priority, frozenset()) | given
    for value, vlans in groups.items():
        if vlans:
            text = format_vlans(vlans)
            change.section.put(
                Line(
                    (_PRIORITY, value),
                    f"spanning-tree vlan {text} priority {value}",
                    change.rule.rank,
                    (min(vlans),),
                    {"vlans": text, "priority": value},
                )
            )
    return ""


def bridge_priority(device_lines: list[Line], vlan: int) -> int:
    """The configured priority of a VLAN, or the default."""
    for line in device_lines:
        vlans = parse_vlans(line.values["vlans"])
        if not isinstance(vlans, str) and vlan in vlans:
            return int(line.values["priority"])
    return 32768


SPANNING_TREE: Final = (
    Rule("spanning-tree mode {mode: pvst|rapid-pvst|mst}", 115, needs="switching"),
    Rule("spanning-tree extend system-id", 116, needs="switching"),
    Rule("spanning-tree loopguard default", 115, needs="switching"),
    Rule("spanning-tree logging", 115, needs="switching"),
    Rule(
        "spanning-tree portfast [edge] default",
        115,
        needs="switching",
        slot="spanning-tree portfast default",
        effect=_portfast_default,
    ),
    Rule(
        "spanning-tree portfast [edge] bpduguard default",
        115,
        needs="switching",
        slot="spanning-tree bpduguard default",
    ),
    Rule(
        "spanning-tree portfast [edge] bpdufilter default",
        115,
        needs="switching",
        slot="spanning-tree bpdufilter default",
    ),
    Rule(
        "spanning-tree vlan <vlans:vlans> priority <priority:0-61440>",
        117,
        ("vlans",),
        needs="switching",
        slot=_PRIORITY,
        effect=_priority,
        undo=_no_priority,
    ),
    Rule(
        "spanning-tree vlan <vlans:vlans> root {role: primary|secondary}",
        117,
        ("vlans",),
        needs="switching",
        slot=_PRIORITY,
        effect=_priority,
        undo=_no_priority,
    ),
    Rule(
        "spanning-tree pathcost method {method: long|short}",
        115,
        needs="switching",
        default="spanning-tree pathcost method short",
    ),
    Rule("spanning-tree mst configuration", 118, needs="switching", enters="mst"),
    Rule("spanning-tree mst <instance:0-4094> priority <priority:0-61440>", 119, ("instance",), needs="switching"),
    Rule("spanning-tree uplinkfast", 115, needs="switching"),
    Rule("spanning-tree backbonefast", 115, needs="switching"),
)

MST: Final = (
    Rule("name <name:word>", 10),
    Rule("revision <revision:0-65535>", 20),
    Rule("instance <instance:0-4094> vlan <vlans:vlans>", 30, ("instance",), order=by_number("instance")),
)

PORT: Final = (
    Rule("spanning-tree portfast [{how: trunk|disable|edge|network|edge trunk}]", 92, needs="port", effect=_portfast),
    Rule("spanning-tree bpduguard {how: enable|disable}", 94, needs="port"),
    Rule("spanning-tree bpdufilter {how: enable|disable}", 93, needs="port"),
    Rule("spanning-tree guard {how: root|loop|none}", 95, needs="port"),
    Rule("spanning-tree cost <cost:1-200000000>", 97, needs="port"),
    Rule("spanning-tree port-priority <priority:0-240>", 96, needs="port", default="spanning-tree port-priority 128"),
    Rule("spanning-tree vlan <vlans:vlans> cost <cost:1-200000000>", 98, ("vlans",), needs="port"),
    Rule("spanning-tree link-type {how: point-to-point|shared}", 91, needs="port"),
)
