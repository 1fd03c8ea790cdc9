"""BGP: the process, its neighbours and its families (IOS IP Routing: BGP Command Reference).

Inside a process that intent has, every line that is known here is intent's. What belongs to a family stands in it, and
what is told of a neighbour's session in the process: see `bgp_families`.
"""

from cimnet_nornir.ios.rules import phases
from cimnet_nornir.ios.rules.model import How, Owner, Rule

TOP_RULES = (
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

_SETTINGS = (
    # On by itself in a new process, and shown all the same.
    Rule(
        "bgp log",
        r"(?:no )?bgp log-neighbor-changes",
        single=True,
        order=5,
        undo_order=45,
        default=r"no bgp log-neighbor-changes",
        shown=r"bgp log-neighbor-changes",
        no_is_absent=True,
    ),
    Rule(
        "bgp router-id",
        r"bgp router-id \S+",
        single=True,
        order=4,
        undo_order=45,
    ),
    # Told by one line for several ASes, to which others are added: here each stands by itself.
    Rule("bgp confederation peers", r"bgp confederation peers \d+", order=5, undo_order=46),
    Rule(
        "bgp additional paths",
        r"bgp additional-paths (?:send(?: receive)?|receive)",
        single=True,
        undo_first=True,
        order=5,
        undo_order=45,
    ),
    # On by itself, and shown where somebody turned it off.
    Rule(
        "bgp default",
        r"(?:no )?bgp (?P<key>default ipv4-unicast|default route-target filter|enforce-first-as|fast-external-fallover"
        r"|nexthop trigger enable)",
        single=True,
        default=r"bgp .+",
        order=5,
        undo_order=45,
    ),
    Rule(
        "bgp setting",
        r"(?:no )?bgp (?P<key>additional-paths select|default \S+|bestpath (?:as-path|med) \S+|bestpath \S+"
        r"|confederation identifier|graceful-restart (?:restart-time|stalepath-time)|listen range \S+|listen limit|\S+)"
        r"(?: .+)?",
        single=True,
        order=5,
        undo_order=45,
        no_is_absent=True,
    ),
    Rule("bgp timers", r"timers bgp \d+ \d+(?: \d+)?", single=True, undo="no timers bgp", order=5, undo_order=45),
)

_SESSIONS = (
    Rule("bgp neighbor group", r"neighbor (?P<key>[A-Za-z]\S*) peer-group", order=10, undo_order=44, how=How.KEPT),
    # Never taken back by itself: that would take the whole neighbour. Another AS number is typed over the old one.
    Rule("bgp neighbor", r"neighbor (?P<key>\S+) remote-as \S+", single=True, order=12, undo_order=44, how=How.KEPT),
    # Closed before anything more is said of it, opened when all is said, in the families too.
    Rule(
        "bgp neighbor shutdown",
        r"(?:no )?neighbor (?P<key>\S+) shutdown",
        single=True,
        no_is_absent=True,
        order=15,
        undo_order=70,
    ),
    Rule(
        "bgp neighbor member",
        r"neighbor (?P<key>\S+) peer-group \S+",
        single=True,
        order=14,
        undo_order=43,
        how=How.KEPT,
    ),
)

_POLICIES = (
    Rule(
        "bgp neighbor policy",
        r"neighbor (?P<key>\S+) (?P<key2>route-map|filter-list) \S+ (?P<key3>in|out)",
        single=True,
        order=30,
        undo_order=40,
    ),
    # A direction has one of the two kinds: what goes makes room for what comes.
    Rule(
        "bgp neighbor filter",
        r"neighbor (?P<key>\S+) (?P<key2>prefix-list|distribute-list) \S+ (?P<key3>in|out)",
        single=True,
        makes_room=True,
        hazard="no neighbor {key} {key2} … {key3}: for a moment, or for good, it lets every prefix through",
        order=30,
        undo_order=40,
    ),
    # The two kinds are told one by one, and stay until each is taken back: see `canonical`.
    Rule(
        "bgp neighbor communities",
        r"neighbor (?P<key>\S+) send-community(?P<key2> extended)?",
        single=True,
        order=30,
        undo_order=40,
    ),
    # When its filters are there, and until they go.
    Rule("bgp neighbor activate", r"neighbor (?P<key>\S+) activate", order=32, undo_order=39),
    # They exclude each other.
    Rule(
        "bgp neighbor distance",
        r"neighbor (?P<key>\S+) (?P<key2>ebgp-multihop|ttl-security)(?: .+)?",
        single=True,
        makes_room=True,
        order=20,
        undo_order=40,
    ),
    Rule(
        "bgp neighbor flag",
        r"(?:no )?neighbor (?P<key>\S+) (?P<key2>next-hop-self|next-hop-unchanged|route-reflector-client"
        r"|soft-reconfiguration|remove-private-as|default-originate|as-override|disable-connected-check|fall-over)"
        r"(?: .+)?",
        single=True,
        no_is_absent=True,
        adds_up=True,
        order=30,
        undo_order=40,
    ),
    Rule(
        "bgp neighbor setting",
        r"neighbor (?P<key>\S+) (?P<key2>description|update-source|password|timers|local-as|weight"
        r"|maximum-prefix|allowas-in|advertisement-interval|unsuppress-map|version)(?: .+)?",
        single=True,
        undo="no neighbor {key} {key2}",
        order=20,
        undo_order=40,
    ),
    Rule(
        "bgp neighbor other",
        r"neighbor (?P<key>\S+) (?P<key2>\S+)(?: .+)?",
        single=True,
        order=20,
        undo_order=40,
    ),
)

_ROUTES = (
    Rule("bgp network", r"network (?P<key>\S+(?: mask \S+)?)(?: .+)?", single=True, order=35, undo_order=45),
    Rule(
        "bgp aggregate",
        r"aggregate-address (?P<key>\S+/\d+|\S+ \S+)(?: .+)?",
        single=True,
        adds_up=True,
        order=36,
        undo_order=45,
    ),
    Rule(
        "bgp redistribute",
        r"redistribute (?P<key>(?:ospf|ospfv3|eigrp|isis) \S+|\S+)(?: .+)?",
        single=True,
        adds_up=True,
        undo="no redistribute {key}",
        hazard="no redistribute {key}: for a moment, or for good, none of its routes is announced",
        order=36,
        undo_order=45,
    ),
    Rule("bgp paths", r"maximum-paths(?P<key> ibgp| eibgp)? \d+", single=True, undo="no maximum-paths{key}", order=36),
    Rule("bgp distance", r"distance bgp \d+ \d+ \d+", single=True, undo="no distance bgp", order=36),
    Rule("bgp default metric", r"default-metric \d+", single=True, undo="no default-metric", order=36),
    Rule("bgp table map", r"table-map \S+(?: filter)?", single=True, undo="no table-map", order=36),
    Rule("bgp default route", r"default-information originate", order=36),
    Rule("bgp summary", r"(?:no )?(?P<key>auto-summary|synchronization)", single=True, order=6, default=r"no .+"),
)

RULES = (
    *_SETTINGS,
    *_SESSIONS,
    *_POLICIES,
    *_ROUTES,
    Rule("bgp family", r"address-family (?P<key>.+)", order=60, undo_order=42, opens="bgp family"),
)
