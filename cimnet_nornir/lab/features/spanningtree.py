"""Spanning tree, of the switch and of its ports."""

from typing import Final

from cimnet_nornir.lab.answers import Outcome
from cimnet_nornir.lab.config import Line
from cimnet_nornir.lab.features.mst import GLOBAL
from cimnet_nornir.lab.features.vlangroups import numbers, one_value_a_vlan, value_of
from cimnet_nornir.lab.rules import Change, Rule, store
from cimnet_nornir.lab.vlanlist import parse_vlans

STEP: Final = 4096
_VLAN: Final = "spanning-tree vlan"
_PRIORITY: Final = "spanning-tree priority"
_DISABLED: Final = "no spanning-tree"
_HOLD_COUNT: Final = "spanning-tree transmit hold-count 6"
_TIMERS: Final = {"hello-time": "2", "forward-time": "15", "max-age": "20"}


# The texts of Cisco's "Configuring Optional Spanning-Tree Features" guides.
_PORTFAST: Final = (
    "%Warning: portfast should only be enabled on ports connected to a single\n"
    " host. Connecting hubs, concentrators, switches, bridges, etc... to this\n"
    " interface  when portfast is enabled, can cause temporary bridging loops.\n"
    " Use with CAUTION\n"
)
_NOT_ON_TRUNKS: Final = " have effect when the interface is in a non-trunking mode."


def _portfast(change: Change) -> Outcome:
    store(change, _edge(change))
    how = change.values.get("how", "")
    if how in {"disable", "network"}:
        return ""
    if how.endswith("trunk"):
        return _PORTFAST
    return f"{_PORTFAST}\n%Portfast has been configured on {change.interface} but will only\n{_NOT_ON_TRUNKS}"


def _portfast_default(change: Change) -> Outcome:
    store(change, _edge(change))
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
    one_value_a_vlan(change, _PRIORITY, given, priority, lambda vlans, value: f"{_VLAN} {vlans} priority {value}")
    return ""


def _timer(change: Change) -> Outcome:
    return _with_timer(change, change.values["seconds"])


def _no_timer(change: Change) -> Outcome:
    return _with_timer(change, "")


def _with_timer(change: Change, seconds: str) -> str:
    given = parse_vlans(change.values["vlans"])
    if isinstance(given, str):
        return given
    what = change.rule.identity.removeprefix(f"{_VLAN} ")
    value = "" if seconds == _TIMERS[what] else seconds
    one_value_a_vlan(change, change.rule.identity, given, value, lambda vlans, value: f"{_VLAN} {vlans} {what} {value}")
    return ""


def _run(change: Change) -> Outcome:
    return _running(change, "")


def _no_run(change: Change) -> Outcome:
    return _running(change, "off")


def _running(change: Change, value: str) -> str:
    """`no spanning-tree vlan LIST`: these VLANs have none."""
    given = parse_vlans(change.values["vlans"])
    if isinstance(given, str):
        return given
    one_value_a_vlan(change, _DISABLED, given, value, lambda vlans, _: f"no {_VLAN} {vlans}")
    return ""


def bridge_priority(device_lines: list[Line], vlan: int) -> int:
    """The configured priority of a VLAN, or the default."""
    return int(value_of(device_lines, vlan, "32768"))


def _edge(change: Change) -> str:
    """The line as the image shows it: some tell the kind of a portfast port, others do not know the word."""
    text = change.match.text.replace(" portfast edge", " portfast")
    if "portfast-edge" not in change.device.profile.features or text.endswith(("disable", "network")):
        return text
    return text.replace(" portfast", " portfast edge")


def _edge_default(change: Change) -> Outcome:
    store(change, _edge(change))
    return ""


def _port_value(change: Change) -> Outcome:
    return _with_port_value(change, change.values["value"])


def _no_port_value(change: Change) -> Outcome:
    return _with_port_value(change, "")


def _with_port_value(change: Change, value: str) -> str:
    slot = change.rule.identity
    of, _, what = slot.removeprefix("spanning-tree ").partition(" ")
    one_value_a_vlan(
        change,
        slot,
        numbers(change.values["numbers"]),
        value,
        lambda listed, value: f"spanning-tree {of} {listed} {what} {value}",
    )
    return ""


def _port_rule(of: str, what: str, bounds: str) -> Rule:
    return Rule(
        f"spanning-tree {of} <numbers:vlans> {what} <value:{bounds}>",
        98,
        ("numbers",),
        needs="port",
        slot=f"spanning-tree {of} {what}",
        effect=_port_value,
        undo=_no_port_value,
    )


_PORT_VALUES: Final = (("cost", "1-200000000"), ("port-priority", "0-240"))


def _timer_rule(what: str, bounds: str) -> Rule:
    return Rule(
        f"{_VLAN} <vlans:vlans> {what} <seconds:{bounds}>",
        117,
        ("vlans",),
        needs="switching",
        slot=f"{_VLAN} {what}",
        effect=_timer,
        undo=_no_timer,
    )


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
        effect=_edge_default,
    ),
    Rule(
        "spanning-tree portfast [edge] bpdufilter default",
        115,
        needs="switching",
        slot="spanning-tree bpdufilter default",
        effect=_edge_default,
    ),
    Rule("spanning-tree etherchannel guard misconfig", 115, needs="switching", shown="negative"),
    Rule("spanning-tree transmit hold-count <count:1-20>", 115, needs="switching", default=_HOLD_COUNT),
    # The first of those that begin so: `no spanning-tree vlan 10` is its own.
    Rule(
        f"{_VLAN} <vlans:vlans>",
        117,
        ("vlans",),
        needs="switching",
        slot=_DISABLED,
        effect=_run,
        undo=_no_run,
    ),
    _timer_rule("hello-time", "1-10"),
    _timer_rule("forward-time", "4-30"),
    _timer_rule("max-age", "6-40"),
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
    *GLOBAL,
    Rule("spanning-tree uplinkfast", 115, needs="switching"),
    Rule("spanning-tree backbonefast", 115, needs="switching"),
)

PORT: Final = (
    Rule("spanning-tree portfast [{how: trunk|disable|edge|network|edge trunk}]", 92, needs="port", effect=_portfast),
    Rule("spanning-tree bpduguard {how: enable|disable}", 94, needs="port"),
    Rule("spanning-tree bpdufilter {how: enable|disable}", 93, needs="port"),
    Rule("spanning-tree guard {how: root|loop|none}", 95, needs="port"),
    Rule("spanning-tree cost <cost:1-200000000>", 97, needs="port"),
    Rule("spanning-tree port-priority <priority:0-240>", 96, needs="port", default="spanning-tree port-priority 128"),
    *(_port_rule(of, what, bounds) for of in ("vlan", "mst") for what, bounds in _PORT_VALUES),
    Rule("spanning-tree link-type {how: point-to-point|shared}", 91, needs="port"),
)
