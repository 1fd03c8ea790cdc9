"""Static routes, OSPF, EIGRP and BGP (IOS IP Routing command references)."""

from cimnet_nornir.ios.rules import phases
from cimnet_nornir.ios.rules.model import How, Owner, Rule

_HOP = r"(?:\d+\.\d+\.\d+\.\d+|[A-Z][A-Za-z-]+\d\S*(?: \d+\.\d+\.\d+\.\d+)?)"

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
        rf"ip route (?P<key>(?:vrf \S+ )?\d\S* \d\S* {_HOP})(?: .+)?",
        single=True,
        order=phases.ROUTE,
        undo_order=phases.ROUTE_UNDO,
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
        "router ospf",
        r"router ospf (?P<key>\d+)(?: vrf \S+)?",
        order=phases.ROUTING,
        undo_order=phases.ROUTING_UNDO,
        opens="router ospf",
        undo="no router ospf {key}",
        makes_room=True,  # two processes cannot have one router-id
        hazard="no router ospf {key}: its neighbours and routes go",
    ),
    Rule(
        "router eigrp",
        r"router eigrp (?P<key>\S+)",
        owner=Owner.FAMILY,  # who says what EIGRP a device runs says all of it
        order=phases.ROUTING,
        undo_order=phases.ROUTING_UNDO,
        opens="router eigrp",
        hazard="no router eigrp {key}: its neighbours and routes go",
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
)

OSPF_RULES = (
    Rule("ospf router-id", r"router-id \S+", single=True, undo="no router-id", order=5, undo_order=5),
    # Setting or clearing the default makes the device forget the interfaces named one by one.
    Rule(
        "ospf passive default",
        r"passive-interface default",
        order=10,
        undo_order=10,
        clears=r"(?:no )?passive-interface (?!default).+",
    ),
    # A default that does not change is never typed again, and exceptions come at once after it: neighbours stay.
    Rule("ospf passive", r"(?:no )?passive-interface (?P<key>\S+)", single=True, order=12, undo_order=12),
    Rule("ospf network", r"network (?P<key>\S+ \S+) area \S+", single=True, order=30, undo_order=40),
    Rule(
        "ospf area",
        r"area (?P<key>\S+ (?:range \S+ \S+|virtual-link \S+|\S+))(?: .+)?",
        single=True,
        order=20,
        undo_order=45,
    ),
    Rule("ospf reference bandwidth", r"auto-cost reference-bandwidth \d+", single=True, undo="no auto-cost", order=20),
    Rule(
        "ospf default route",
        r"default-information originate(?: .+)?",
        single=True,
        undo="no default-information originate",
        order=40,
    ),
    Rule(
        "ospf redistribute", r"redistribute (?P<key>(?:bgp|ospf|eigrp|rip|isis) \S+|\S+)(?: .+)?", single=True, order=40
    ),
    Rule(
        "ospf log",
        r"log-adjacency-changes(?: detail)?",
        single=True,
        owner=Owner.OBJECT,
        default="log-adjacency-changes",
    ),
    Rule(
        "ospf setting",
        r"(?P<key>maximum-paths|default-metric|distance|max-metric router-lsa|timers throttle \S+|bfd)(?: .+)?",
        single=True,
        owner=Owner.OBJECT,
    ),
)

# The router id comes first, since setting it starts the neighbours anew; silence before the networks that would speak.
EIGRP_RULES = (
    Rule("eigrp router-id", r"eigrp router-id \S+", single=True, undo="no eigrp router-id", order=5, undo_order=5),
    Rule(
        "eigrp passive default",
        r"passive-interface default",
        order=10,
        undo_order=10,
        clears=r"(?:no )?passive-interface (?!default).+",
    ),
    Rule("eigrp passive", r"(?:no )?passive-interface (?P<key>\S+)", single=True, order=12, undo_order=45),
    Rule("eigrp network", r"network \S+(?: \d\S+)?", order=30, undo_order=40),
    Rule(
        "eigrp redistribute",
        r"redistribute (?P<key>(?:bgp|ospf|eigrp|rip|isis) \S+|\S+)(?: .+)?",
        single=True,
        order=40,
    ),
    Rule(
        "eigrp setting",
        r"(?:no )?(?P<key>auto-summary|variance|maximum-paths|default-metric|distance eigrp|metric weights|eigrp stub"
        r"|eigrp log-neighbor-changes|eigrp log-neighbor-warnings)(?: .+)?",
        single=True,
        undo="no {key}",
        owner=Owner.OBJECT,
        no_is_absent=True,
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
