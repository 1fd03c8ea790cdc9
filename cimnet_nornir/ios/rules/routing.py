"""Static routes, OSPF, EIGRP and VRFs (IOS IP Routing command references)."""

from cimnet_nornir.ios.rules import phases
from cimnet_nornir.ios.rules.model import Owner, Rule

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
        "vrf",
        r"(?:vrf definition|ip vrf) (?P<key>\S+)",
        owner=Owner.OBJECT,
        order=phases.VRF,
        undo_order=phases.FILTER_UNDO,
        opens="vrf",
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

VRF_RULES = (
    Rule("vrf rd", r"rd \S+", single=True, order=1, undo_first=True),
    Rule("vrf target", r"route-target (?:import|export|both) \S+", order=10, undo_order=20),
    Rule("vrf description", r"description .+", single=True, undo="no description"),
    Rule("vrf family", r"address-family (?P<key>.+)", order=60, undo_order=42, opens="vrf family"),
)
