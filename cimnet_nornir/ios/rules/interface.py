"""Interfaces and their layer-3 lines (IOS Interface, IP Addressing and IP Routing command references)."""

from cimnet_nornir.ios.rules import phases
from cimnet_nornir.ios.rules.model import How, Owner, Rule

TOP_RULES = (
    Rule(
        "interface",
        r"interface (?P<key>\S+.*)",
        order=phases.PHYSICAL,
        undo_order=phases.LOGICAL_UNDO,
        opens="interface",
        how=How.INTERFACE,
    ),
)

_ADDRESS = r"\d+\.\d+\.\d+\.\d+ \d+\.\d+\.\d+\.\d+"

INTERFACE_RULES = (
    # Shut before anything else changes, opened after everything else.
    Rule("interface shutdown", r"shutdown", order=1, undo_order=60),
    Rule("interface description", r"description .+", single=True, undo="no description", order=2, undo_order=2),
    # Changing the VRF makes the device drop the addresses.
    Rule(
        "interface vrf",
        r"(?P<word>ip vrf forwarding|vrf forwarding) \S+",
        single=True,
        undo="no {word}",
        owner=Owner.OBJECT,
        order=22,
        undo_order=22,
        clears=r"ip(?:v6)? address .+",
    ),
    Rule(
        "interface dot1q",
        r"encapsulation dot1Q \d+(?: native)?",
        single=True,
        order=24,
        undo_order=9,
    ),
    # A primary address is replaced by typing the new one; no primary may go while there is a secondary.
    Rule("interface secondary", rf"ip address {_ADDRESS} secondary", order=28, undo_order=6),
    Rule("interface address", rf"ip address (?:{_ADDRESS}|dhcp.*|negotiated)", single=True, order=26, undo_order=8),
    Rule("interface ipv6 address", r"ipv6 address .+", owner=Owner.FAMILY, order=28, undo_order=6),
    Rule("interface access-group", r"ip access-group \S+ (?P<key>in|out)", single=True, owner=Owner.OBJECT, order=30),
    Rule("interface helper", r"ip helper-address .+", owner=Owner.FAMILY, order=30, undo_order=31),
    Rule(
        "interface standby",
        r"standby (?P<key>\d+ )?(?P<key2>version|priority|preempt|ip|timers|authentication|name|track \S+)(?: .+)?",
        single=True,
        owner=Owner.OBJECT,
        order=30,
        undo_order=4,
    ),
    Rule(
        "interface hardware",
        r"(?P<key>speed|duplex|mtu|ip mtu|ip tcp adjust-mss|bandwidth|delay|load-interval|carrier-delay \S+)(?: .+)?",
        single=True,
        owner=Owner.OBJECT,
        undo="no {key}",
        order=40,
        undo_order=40,
        default=r"(?:speed|duplex) auto|mtu 1500",
    ),
    Rule(
        "interface switch",
        r"(?:no )?(?P<key>ip redirects|ip unreachables|ip proxy-arp|ip route-cache|keepalive)(?: .+)?",
        single=True,
        no_is_absent=True,
        owner=Owner.OBJECT,
        order=40,
        undo_order=40,
    ),
    Rule(
        "interface policy",
        r"(?P<key>service-policy (?:input|output)|ip policy route-map|ip nat (?:inside|outside)|ip unnumbered"
        r"|tunnel (?:source|destination|mode)|ip pim|ip igmp version)(?: .+)?",
        single=True,
        owner=Owner.OBJECT,
        order=40,
        undo_order=40,
    ),
)
