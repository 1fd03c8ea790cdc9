"""IPv4 and IPv6 on interfaces beyond the addresses of IPv4 (IOS IP Addressing and IPv6 command references)."""

from cimnet_nornir.ios.rules import phases
from cimnet_nornir.ios.rules.model import Owner, Rule

TOP_RULES = (
    Rule(
        "ipv6 routing",
        r"ipv6 unicast-routing",
        owner=Owner.OBJECT,
        order=phases.GLOBAL,
        undo_order=phases.GLOBAL_UNDO,
        hazard="no ipv6 unicast-routing: the device stops routing IPv6",
    ),
)

INTERFACE_RULES = (
    # A tag that goes lets go of its addresses before.
    Rule(
        "interface dot1q",
        r"encapsulation dot1Q \d+(?: native)?(?: second-dot1q \S+)?",
        single=True,
        order=24,
        undo_order=9,
    ),
    # Borrowed and own addresses take each other's place; the device would drop the one for the other without a word.
    Rule(
        "interface unnumbered",
        r"ip unnumbered \S+",
        single=True,
        owner=Owner.OBJECT,
        undo="no ip unnumbered",
        order=27,
        undo_order=8,
    ),
    Rule("interface ipv6 link-local", r"ipv6 address \S+ link-local", single=True, owner=Owner.FAMILY, order=28),
    Rule("interface ipv6 address", r"ipv6 address .+", owner=Owner.FAMILY, order=28, undo_order=6),
    Rule("interface ipv6 enable", r"ipv6 enable", owner=Owner.OBJECT, order=27, undo_order=29),
    Rule(
        "ipv6-nd",
        r"ipv6 nd (?P<key2>prefix \S+|ra \S+|dad attempts|\S+)(?: .+)?",
        single=True,
        owner=Owner.SIBLING,
        undo="no ipv6 nd {key2}",
        order=30,
        undo_order=5,
        default=r"ipv6 nd (?:ra lifetime 1800|dad attempts 1|reachable-time 0)",
    ),
    Rule("interface helper", r"ip helper-address .+", owner=Owner.FAMILY, order=30, undo_order=31),
    # Which of the two forms is shown says what differs from what the device does by itself.
    Rule(
        "ip-options",
        r"(?:no )?(?P<key2>ip redirects|ip unreachables|ip proxy-arp|ip directed-broadcast)(?: .+)?",
        single=True,
        owner=Owner.SIBLING,
        order=40,
        undo_order=40,
        default=r"ip (?:redirects|unreachables|proxy-arp)|no ip directed-broadcast",
    ),
    Rule(
        "ipv6-options",
        r"(?:no )?(?P<key2>ipv6 redirects|ipv6 unreachables)",
        single=True,
        owner=Owner.SIBLING,
        order=40,
        undo_order=40,
        default=r"ipv6 (?:redirects|unreachables)",
    ),
    Rule(
        "interface verify",
        r"(?P<key>ip|ipv6) verify unicast .+",
        single=True,
        owner=Owner.OBJECT,
        undo="no {key} verify unicast source reachable-via",
        order=40,
        undo_order=40,
    ),
    Rule(
        "interface policy routing",
        r"ip policy route-map \S+",
        single=True,
        owner=Owner.OBJECT,
        undo="no ip policy route-map",
        order=40,
        undo_order=40,
    ),
)
