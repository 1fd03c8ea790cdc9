"""Static routes, BGP and VRFs (IOS IP Routing command references)."""

from cimnet_nornir.ios.rules import phases
from cimnet_nornir.ios.rules.model import How, Owner, Rule

_HOP = r"(?:\d+\.\d+\.\d+\.\d+|[A-Z][A-Za-z-]+\d\S*(?: \d+\.\d+\.\d+\.\d+)?)"
_HOP6 = r"(?:[0-9A-F:.]*:[0-9A-F:.]*|[A-Z][A-Za-z-]+\d\S*(?: [0-9A-F:.]*:[0-9A-F:.]*)?)"
_ROUTE_OPTIONS = ("name _", "tag _", "track _", "permanent")

TOP_RULES = (
    Rule(
        "ip routing",
        r"(?:no )?ip routing",
        single=True,
        order=phases.GLOBAL,
        undo_order=phases.GLOBAL_UNDO,
        hazard="no ip routing: the device stops routing and drops its routing protocols",
    ),
    # The same prefix and next hop is one route: typing it with another distance or name replaces it.
    Rule(
        "ip route",
        rf"(?P<head>ip route (?P<key>(?:vrf \S+ )?\d\S* \d\S* {_HOP})(?: \d+)?)(?: \D.*)?",
        single=True,
        order=phases.ROUTE,
        undo_order=phases.ROUTE_UNDO,
        options=_ROUTE_OPTIONS,
    ),
    Rule(
        "ipv6 route",
        rf"(?P<head>ipv6 route (?P<key>(?:vrf \S+ )?\S+/\d+ {_HOP6})(?: \d+)?)(?: \D.*)?",
        single=True,
        owner=Owner.OBJECT,
        order=phases.ROUTE,
        undo_order=phases.ROUTE_UNDO,
        options=_ROUTE_OPTIONS,
    ),
    Rule(
        "ip default-gateway",
        r"ip default-gateway \S+",
        single=True,
        owner=Owner.OBJECT,
        order=phases.ROUTE,
        undo_order=phases.ROUTE_UNDO,
    ),
    Rule(
        "router bgp",
        r"router bgp (?P<key>\S+)",
        owner=Owner.FAMILY,  # a device runs one: intent for another AS number means this one goes
        order=phases.ROUTING,
        undo_order=phases.ROUTING_UNDO,
        opens="router bgp",
        makes_room=True,
        hazard="no router bgp {key}: every BGP session goes",
    ),
    Rule(
        "vrf",
        r"(?:vrf definition|ip vrf) (?P<key>\S+)",
        owner=Owner.OBJECT,
        order=phases.VRF,
        undo_order=phases.FILTER_UNDO,
        opens="vrf",
    ),
)

# Inside a process that intent has, every line that is known here is intent's.
BGP_RULES = (
    # On by itself, and shown all the same.
    Rule(
        "bgp log",
        r"(?:no )?bgp log-neighbor-changes",
        single=True,
        order=5,
        undo_order=45,
        shown=r"bgp log-neighbor-changes",
        no_is_absent=True,
    ),
    Rule(
        "bgp setting",
        r"(?:no )?bgp (?P<key>additional-paths \S+|default \S+|\S+)(?: .+)?",
        single=True,
        order=5,
        undo_order=45,
        no_is_absent=True,
    ),
    Rule("bgp neighbor group", r"neighbor (?P<key>[A-Za-z]\S*) peer-group", order=10, undo_order=44, how=How.KEPT),
    # Never taken back by itself: that would take the whole neighbour. Another AS number is typed over the old one.
    Rule("bgp neighbor", r"neighbor (?P<key>\S+) remote-as \S+", single=True, order=12, undo_order=44, how=How.KEPT),
    Rule("bgp neighbor member", r"neighbor (?P<key>\S+) peer-group \S+", single=True, order=14, undo_order=43),
    Rule(
        "bgp neighbor policy",
        r"neighbor (?P<key>\S+) (?P<key2>route-map|prefix-list|distribute-list|filter-list) \S+ (?P<key3>in|out)",
        single=True,
        order=30,
        undo_order=40,
    ),
    Rule(
        "bgp neighbor flag",
        r"(?:no )?neighbor (?P<key>\S+) (?P<key2>activate|shutdown|next-hop-self|send-community|route-reflector-client"
        r"|soft-reconfiguration inbound)(?: .+)?",
        single=True,
        no_is_absent=True,
        order=30,
        undo_order=40,
    ),
    Rule(
        "bgp neighbor setting",
        r"neighbor (?P<key>\S+) (?P<key2>\S+)(?: .+)?",
        single=True,
        undo="no neighbor {key} {key2}",
        order=20,
        undo_order=40,
    ),
    Rule("bgp network", r"network (?P<key>\S+(?: mask \S+)?)(?: .+)?", single=True, order=35, undo_order=45),
    Rule("bgp aggregate", r"aggregate-address (?P<key>\S+ \S+)(?: .+)?", single=True, order=36, undo_order=45),
    Rule(
        "bgp redistribute", r"redistribute (?P<key>(?:bgp|ospf|eigrp|rip|isis) \S+|\S+)(?: .+)?", single=True, order=36
    ),
    Rule("bgp paths", r"maximum-paths(?P<key> ibgp| eibgp)? \d+", single=True, undo="no maximum-paths{key}", order=36),
    Rule("bgp summary", r"(?:no )?(?P<key>auto-summary|synchronization)", single=True, order=6, default=r"no .+"),
    Rule(
        "bgp family",
        r"address-family (?P<key>.+)",
        order=60,
        undo_order=42,
        opens="bgp family",
    ),
)

VRF_RULES = (
    Rule("vrf rd", r"rd \S+", single=True, order=1, undo_first=True),
    Rule("vrf target", r"route-target (?:import|export|both) \S+", order=10, undo_order=20),
    Rule("vrf description", r"description .+", single=True, undo="no description"),
    Rule("vrf family", r"address-family (?P<key>.+)", order=60, undo_order=42, opens="vrf family"),
)
