"""Switch ports: access and trunk mode, and their VLANs."""

from typing import Final

from cimnet_nornir.lab.answers import Outcome
from cimnet_nornir.lab.config import Line
from cimnet_nornir.lab.features.vlans import vlan_line
from cimnet_nornir.lab.rules import Change, Rule, store
from cimnet_nornir.lab.vlanlist import HIGHEST, format_vlans, parse_vlans, wrap_vlans

ALLOWED: Final = "switchport trunk allowed vlan"
ENCAPSULATION: Final = "switchport trunk encapsulation"
ALL_VLANS: Final = frozenset(range(1, HIGHEST + 1))


def allowed_vlans(line: Line | None) -> frozenset[int]:
    """The VLANs that a stored allowed list lets through; no list lets all through."""
    if line is None:
        return ALL_VLANS
    parsed = parse_vlans(line.values["vlans"]) if line.values["vlans"] != "none" else frozenset[int]()
    return frozenset() if isinstance(parsed, str) else parsed


def _allowed(change: Change) -> Outcome:
    how = change.values.get("how", "")
    given = parse_vlans(change.values["vlans"]) if "vlans" in change.values else frozenset[int]()
    if isinstance(given, str):
        return given
    now = allowed_vlans(change.section.get(ALLOWED))
    wanted = {
        "add": now | given,
        "remove": now - given,
        "except": ALL_VLANS - given,
        "all": ALL_VLANS,
        "none": frozenset[int](),
        "": given,
    }[how]
    return _keep_allowed(change, wanted)


def _keep_allowed(change: Change, wanted: frozenset[int]) -> str:
    if wanted == ALL_VLANS:
        change.section.drop(ALLOWED)
        return ""
    text = format_vlans(wanted) or "none"
    first, *more = wrap_vlans(ALLOWED, text)
    change.section.put(Line((ALLOWED,), first, change.rule.rank, values={"vlans": text}, ending=tuple(more)))
    return ""


def _access(change: Change) -> Outcome:
    """Store the access VLAN; one that does not exist is made, as IOS does outside VTP client mode."""
    number = int(change.values["vlan"])
    running = change.device.running
    said = ""
    if not running.has("vlan", str(number)) and change.device.vtp_mode != "client":
        running.put(vlan_line(number))
        said = f"% Access VLAN does not exist. Creating vlan {number}"
    store(change)
    return said


def _voice(change: Change) -> Outcome:
    number = change.values["vlan"]
    said = ""
    if number.isdecimal() and not change.device.running.has("vlan", number) and change.device.vtp_mode != "client":
        change.device.running.put(vlan_line(int(number)))
        said = f"% Voice VLAN does not exist. Creating vlan {number}"
    store(change)
    return said


_AUTO: Final = (
    'Command rejected: An interface whose trunk encapsulation is "Auto" can not be configured to "trunk" mode.'
)
_CONFLICT: Final = "Command rejected: Conflict between 'nonegotiate' and 'dynamic' status."


def _mode(change: Change) -> Outcome:
    features = change.device.profile.features
    isl = "trunk-encapsulation" in features and not change.section.has(ENCAPSULATION)
    if change.values["mode"] == "trunk" and isl:
        return _AUTO
    if change.values["mode"].startswith("dynamic") and change.section.has("switchport nonegotiate"):
        return _CONFLICT
    return store(change)


def _no_mode(change: Change) -> Outcome:
    """A port that negotiates with nobody cannot go back to what every port does, which is to negotiate."""
    if change.section.has("switchport nonegotiate"):
        return _CONFLICT
    change.section.drop("switchport mode")
    return ""


def _encapsulation(change: Change) -> Outcome:
    """A port that is a trunk for good must know how it speaks."""
    if change.values["how"] == "negotiate" and _is_trunk(change):
        return _AUTO
    return store(change)


def _no_encapsulation(change: Change) -> Outcome:
    if _is_trunk(change):
        return _AUTO
    change.section.drop(ENCAPSULATION)
    return ""


def _is_trunk(change: Change) -> bool:
    return change.section.value("switchport mode", name="mode") == "trunk"


def _nonegotiate(change: Change) -> Outcome:
    mode = change.section.value("switchport mode", name="mode")
    if mode not in {"trunk", "access"} and not change.device.booting:
        return _CONFLICT
    return store(change)


def _routed(change: Change) -> Outcome:
    """`no switchport`: the port becomes routed, and its switching lines wait until it is one again."""
    if not change.section.has("switchport") and _is_member(change):
        return _of_a_channel(change)
    change.section.put(Line(("switchport",), "no switchport", change.rule.rank))
    return ""


def _bridged(change: Change) -> Outcome:
    """`switchport`: the port switches again and loses its addresses."""
    if change.section.has("switchport") and _is_member(change):
        return _of_a_channel(change)
    change.section.drop("switchport")
    for line in [*change.section.all("ip address"), *change.section.all("ip address secondary")]:
        change.section.drop(*line.key)
    return ""


def _is_member(change: Change) -> bool:
    """Whether it is typed on a port of a port-channel itself."""
    return change.section.has("channel-group") and not change.copied


def _of_a_channel(change: Change) -> str:
    group = change.section.value("channel-group", name="group")
    return f"Command rejected: {change.interface} is a member of Port-channel{group}"


SWITCHPORT: Final = (
    Rule("switchport", 20, needs="l3switch port", effect=_bridged, undo=_routed),
    Rule("switchport access vlan <vlan:1-4094>", 21, needs="port", effect=_access, default="switchport access vlan 1"),
    Rule(
        "switchport trunk encapsulation {how: dot1q|isl|negotiate}",
        22,
        needs="port trunk-encapsulation",
        default="switchport trunk encapsulation negotiate",
        effect=_encapsulation,
        undo=_no_encapsulation,
    ),
    Rule("switchport trunk native vlan <vlan:1-4094>", 23, needs="port", default="switchport trunk native vlan 1"),
    Rule(
        f"{ALLOWED} {{<vlans:vlans>|{{how: add|remove|except}} <vlans:vlans>|{{how: all|none}}}}",
        24,
        needs="port",
        effect=_allowed,
    ),
    Rule(
        "switchport mode {mode: access|trunk|dynamic auto|dynamic desirable|private-vlan host"
        "|private-vlan promiscuous}",
        25,
        needs="port",
        effect=_mode,
        undo=_no_mode,
        default="switchport mode dynamic auto",
    ),
    Rule("switchport nonegotiate", 26, needs="port", effect=_nonegotiate),
    Rule("switchport voice vlan {<vlan:1-4094>|{vlan: dot1p|none|untagged}}", 27, needs="port", effect=_voice),
    Rule("switchport protected", 28, needs="port"),
    Rule("switchport block {what: unicast|multicast}", 28, ("what",), needs="port"),
    Rule("power inline {how: auto|never|static}", 87, needs="port", default="power inline auto"),
)
