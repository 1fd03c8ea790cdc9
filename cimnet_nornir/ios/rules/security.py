"""The guards of layer 2: port security, storm control, DHCP snooping, ARP inspection, UDLD, errdisable.

Catalyst configuration guides: "Configuring Port-Based Traffic Control", "DHCP Snooping", "Dynamic ARP Inspection".
"""

from cimnet_nornir.ios.rules import phases
from cimnet_nornir.ios.rules.model import How, Owner, Rule

_GUARD = phases.SERVICE
# Ports are trusted before any VLAN is guarded, and VLANs are let go before ports lose their trust: in between nothing
# is dropped that intent lets through. ARP inspection lives by what snooping learned: it comes after, and goes before.
_SNOOPING, _INSPECTION = _GUARD + 1, _GUARD + 3
_SNOOPING_UNDO, _INSPECTION_UNDO = phases.GLOBAL + 1, phases.GLOBAL


def _one(feature: str, pattern: str, undo: str = "", *, order: int = _GUARD, default: str = "") -> Rule:
    return Rule(
        feature,
        pattern,
        single=True,
        undo=undo,
        owner=Owner.OBJECT,
        order=order,
        undo_order=order,
        default=default,
    )


def _vlans(feature: str, head: str, order: int, undo_order: int) -> Rule:
    """A list of VLANs to which each command adds, and from which each `no` takes away."""
    return Rule(
        feature,
        rf"{head} (?P<vlans>[\d,-]+)",
        single=True,
        owner=Owner.OBJECT,
        order=order,
        undo_order=undo_order,
        how=How.LIST,
    )


TOP_RULES = (
    _vlans("dhcp snooping vlan", "ip dhcp snooping vlan", _SNOOPING, _SNOOPING_UNDO + 1),
    _one(
        "dhcp snooping setting",
        r"no ip dhcp snooping (?P<key>information option|verify mac-address)",
    ),
    _one(
        "dhcp snooping option",
        r"ip dhcp snooping (?P<key>information option allow-untrusted|database)(?: .+)?",
        "no ip dhcp snooping {key}",
    ),
    Rule("dhcp snooping", r"ip dhcp snooping", owner=Owner.OBJECT, order=_SNOOPING + 1, undo_order=_SNOOPING_UNDO),
    _vlans("arp inspection vlan", "ip arp inspection vlan", _INSPECTION, _INSPECTION_UNDO),
    _one("arp inspection", r"ip arp inspection validate .+"),
    _one("udld message time", r"udld message time \d+", "no udld message time", default="udld message time 15"),
    _one("udld", r"udld (?:enable|aggressive)"),
    Rule(
        "errdisable cause",
        r"errdisable recovery cause \S+",
        owner=Owner.FAMILY,
        order=_GUARD,
        undo_order=_GUARD,
    ),
    _one("errdisable detect", r"no errdisable detect cause (?P<key>\S+)"),
    _one(
        "errdisable interval",
        r"errdisable recovery interval \d+",
        "no errdisable recovery interval",
        default="errdisable recovery interval 300",
    ),
)

_ADDRESS = r"[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4}"
_PORT_SECURITY = "switchport port-security"

# A port is secured when everything about it is told, and is insecure before anything else of it changes: a maximum that
# shrinks, or a mode that changes, may shut the port otherwise.
INTERFACE_RULES = (
    Rule("port-security", _PORT_SECURITY, owner=Owner.OBJECT, order=42, undo_order=5),
    # The device writes down by itself whom it saw; that is no drift, and nobody's to take away.
    Rule(
        "port-security learned",
        rf"{_PORT_SECURITY} mac-address sticky {_ADDRESS}(?: vlan \S+)?",
        owner=Owner.NOBODY,
        default=rf"{_PORT_SECURITY} mac-address sticky {_ADDRESS}(?: vlan \S+)?",
    ),
    Rule(
        "port-security sticky",
        rf"{_PORT_SECURITY} mac-address sticky",
        owner=Owner.OBJECT,
        order=41,
        undo_order=6,
        clears=rf"{_PORT_SECURITY} mac-address sticky \S+(?: vlan \S+)?",
    ),
    Rule(
        "port-security address",
        rf"{_PORT_SECURITY} mac-address {_ADDRESS}(?: vlan \S+)?",
        owner=Owner.OBJECT,
        order=41,  # when the maximum has room for it
        undo_order=6,
    ),
    Rule(
        "port-security maximum of a VLAN",
        rf"{_PORT_SECURITY} maximum \d+ vlan (?P<key>\S+)",
        single=True,
        owner=Owner.OBJECT,
        order=40,
        undo_order=8,
    ),
    Rule(
        "port-security setting",
        rf"{_PORT_SECURITY} (?P<key>maximum|violation|aging \S+)(?: \S+)?",
        single=True,
        undo=f"no {_PORT_SECURITY} {{key}}",
        owner=Owner.OBJECT,
        order=40,
        undo_order=8,
        default=rf"{_PORT_SECURITY} (?:maximum 1|violation shutdown|aging time 0|aging type absolute)",
    ),
    Rule(
        "storm-control",
        r"storm-control (?P<key>broadcast|multicast|unicast) level .+",
        single=True,
        undo="no storm-control {key} level",
        owner=Owner.OBJECT,
    ),
    Rule("storm-control action", r"storm-control action \S+", owner=Owner.OBJECT),
    Rule("interface udld", r"udld port(?: \S+)?", single=True, undo="no udld port", owner=Owner.OBJECT),
    Rule("interface trust", r"ip (?:dhcp snooping|arp inspection) trust", owner=Owner.OBJECT),
    Rule(
        "interface rate",
        r"ip (?P<key>dhcp snooping limit rate|arp inspection limit)(?: .+)?",
        single=True,
        undo="no ip {key}",
        owner=Owner.OBJECT,
        default="ip arp inspection limit rate 15",
    ),
)
