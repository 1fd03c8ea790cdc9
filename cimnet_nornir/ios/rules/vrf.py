"""VRFs in both forms, `vrf definition` and `ip vrf` (IOS MPLS Layer 3 VPN command reference)."""

from cimnet_nornir.ios.rules import phases
from cimnet_nornir.ios.rules.model import Owner, Rule

TOP_RULES = (
    Rule(
        "vrf",
        r"(?:vrf definition|ip vrf) (?P<key>\S+)",
        owner=Owner.OBJECT,
        order=phases.VRF,
        undo_order=phases.FILTER_UNDO,
        opens="vrf",
        hazard="VRF {key} goes: an interface that is still in it loses its addresses",
    ),
)

VRF_RULES = (
    Rule(
        "vrf rd",
        r"rd \S+",
        single=True,
        order=1,
        undo_order=50,
        undo_first=True,
        hazard="no rd: BGP forgets the routes of the VRF until it has the new one",
    ),
    Rule("vrf target", r"route-target (?:import|export) \S+", order=10, undo_order=20),
    Rule(
        "vrf map",
        r"(?P<key>(?:import|export)(?: ipv[46] (?:unicast|multicast))?)(?: \d+)? map \S+",
        single=True,
        order=30,
        undo_order=5,
    ),
    Rule("vrf maximum", r"maximum routes .+", single=True, undo="no maximum routes", order=30, undo_order=30),
    Rule("vrf description", r"description .+", single=True, undo="no description"),
    Rule("vrf family", r"address-family (?P<key>.+)", order=60, undo_order=42, opens="vrf family"),
)

INTERFACE_RULES = (
    # Changing the VRF makes the device drop the addresses.
    Rule(
        "interface vrf",
        r"(?P<word>ip vrf forwarding|vrf forwarding) \S+",
        single=True,
        undo="no {word}",
        owner=Owner.OBJECT,
        order=22,
        undo_order=22,
        clears=r"ip(?:v6)? (?:address|unnumbered) .+|ipv6 enable",
    ),
)
