"""OSPF for IPv4 and for IPv6 (IOS IP Routing: OSPF Command Reference, IOS IPv6 Command Reference)."""

from cimnet_nornir.ios.rules import phases
from cimnet_nornir.ios.rules.model import How, Owner, Rule
from cimnet_nornir.ios.rules.redistribution import (
    DISTRIBUTE,
    EXTERNAL,
    ONE_COST,
    passive_rules,
    redistribute,
)

TOP_RULES = (
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
        "router ospfv3",
        r"(?P<word>ipv6 router ospf|router ospfv3) (?P<key>\d+)",
        owner=Owner.OBJECT,
        order=phases.ROUTING,
        undo_order=phases.ROUTING_UNDO,
        opens="router ospfv3",
        makes_room=True,  # a process has one form or the other
        hazard="no {word} {key}: its neighbours and routes go",
    ),
)

_ORIGINATE = ("always", *ONE_COST, "route-map _")
_AREA = r"area (?P<key>\S+)"

# In the order of the section: the router id, what is silent, the areas, the networks, what comes from elsewhere.
_ROUTER_ID = Rule("ospf router-id", r"router-id \S+", single=True, undo="no router-id", order=5, undo_order=5)
# An area is of one kind, and virtual links cross none that is a stub: what is in the way goes before what comes.
_AREAS = (
    Rule(
        "ospf area stub",
        rf"(?P<head>{_AREA} stub)(?: .+)?",
        single=True,
        undo="no {head}",
        order=20,
        undo_order=18,
        options=("no-summary",),
        how=How.ONE_BY_ONE,
    ),
    Rule(
        "ospf area nssa",
        rf"(?P<head>{_AREA} nssa)(?: .+)?",
        single=True,
        undo="no {head}",
        order=20,
        undo_order=18,
        options=("no-redistribution", "default-information-originate", *ONE_COST, "no-summary"),
        idle=("metric-type 2",),
        how=How.ONE_BY_ONE,
    ),
    Rule(
        "ospf area range",
        rf"(?P<head>{_AREA} range (?P<key2>\S+ \S+))(?: .+)?",
        single=True,
        undo="no {head}",
        order=22,
        undo_order=45,
        options=("advertise", "not-advertise", "cost _"),
        idle=("advertise",),
        how=How.ONE_BY_ONE,
    ),
    # How the router at the other end of a virtual link proves who it is; a key that is there keeps its text.
    Rule(
        "ospf virtual-link key",
        rf"(?P<head>{_AREA} virtual-link (?P<key2>\S+) (?P<key3>message-digest-key \d+)) md5 .+",
        single=True,
        undo="no {head}",
        undo_first=True,
        order=23,
        undo_order=16,
    ),
    Rule(
        "ospf virtual-link authentication",
        rf"(?P<head>{_AREA} virtual-link (?P<key2>\S+) (?P<key3>authentication-key|authentication))"
        r"(?: \S+(?: \S+)?)?",
        single=True,
        undo="no {head}",
        order=24,
        undo_order=15,
    ),
    Rule(
        "ospf area virtual-link",
        rf"(?P<head>{_AREA} virtual-link (?P<key2>\S+))(?: .+)?",
        single=True,
        undo="no {head}",
        order=22,
        undo_order=17,
        options=("hello-interval _", "retransmit-interval _", "transmit-delay _", "dead-interval _"),
        how=How.ONE_BY_ONE,
    ),
    # The cost of the default route is that of a stub: it goes with what makes the area one.
    Rule("ospf area default-cost", rf"{_AREA} default-cost \d+", single=True, order=22, undo_order=16),
    Rule("ospf area filter", rf"{_AREA} filter-list prefix \S+ (?P<key2>in|out)", single=True, order=22, undo_order=45),
    Rule(
        "ospf area authentication",
        rf"{_AREA} authentication(?: message-digest)?",
        single=True,
        undo="no area {key} authentication",
        order=22,
        undo_order=45,
    ),
    Rule("ospf area", r"area (?P<key>\S+ \S+)(?: .+)?", single=True, order=22, undo_order=45),
)
_DEFAULT_ROUTE = Rule(
    "ospf default route",
    r"(?P<head>default-information originate)(?: .+)?",
    single=True,
    undo="no default-information originate",
    order=40,
    options=_ORIGINATE,
    idle=("metric-type 2", "metric 1"),
    how=How.ONE_BY_ONE,
)

OSPF_RULES = (
    _ROUTER_ID,
    *passive_rules("ospf", undo_order=12),
    Rule("ospf network", r"network (?P<key>\S+ \S+) area \S+", single=True, order=30, undo_order=40),
    *_AREAS,
    Rule(
        "ospf reference bandwidth",
        r"auto-cost reference-bandwidth \d+",
        single=True,
        undo="no auto-cost reference-bandwidth",
        default=r"auto-cost reference-bandwidth 100",
        order=20,
    ),
    _DEFAULT_ROUTE,
    *redistribute("ospf", EXTERNAL, How.ONE_BY_ONE),
    # `no log-adjacency-changes detail` would end the log.
    Rule(
        "ospf log",
        r"(?:no )?log-adjacency-changes(?: detail)?",
        single=True,
        undo="log-adjacency-changes",
        owner=Owner.OBJECT,
        default="log-adjacency-changes",
    ),
    Rule(
        "ospf max-metric",
        r"(?P<head>max-metric router-lsa)(?: .+)?",
        single=True,
        undo="no {head}",
        owner=Owner.OBJECT,
        options=("external-lsa", "include-stub", "on-startup _", "summary-lsa"),
        how=How.GROWS,
    ),
    Rule(
        "ospf distances",
        r"(?P<head>distance ospf)(?: .+)?",
        single=True,
        undo="no {head}",
        owner=Owner.OBJECT,
        options=("external _", "inter-area _", "intra-area _"),
        how=How.GROWS,
    ),
    DISTRIBUTE,
    Rule(
        "ospf setting",
        r"(?P<key>maximum-paths|default-metric|distance|timers throttle \S+|timers lsa arrival|bfd all-interfaces"
        r"|capability vrf-lite)(?: .+)?",
        single=True,
        owner=Owner.OBJECT,
        undo="no {key}",
        default=r"maximum-paths 4|distance 110",
    ),
)

OSPFV3_RULES = (
    _ROUTER_ID,
    *passive_rules("ospf", undo_order=12),
    *_AREAS,
    Rule(
        "ospf reference bandwidth",
        r"auto-cost reference-bandwidth \d+",
        single=True,
        undo="no auto-cost reference-bandwidth",
        default=r"auto-cost reference-bandwidth 100",
        order=20,
    ),
    _DEFAULT_ROUTE,
    *redistribute("ospf", tuple(option for option in EXTERNAL if option != "subnets"), How.ONE_BY_ONE),
    Rule(
        "ospf setting",
        r"(?P<key>maximum-paths|default-metric|distance|timers throttle \S+|bfd all-interfaces)(?: .+)?",
        single=True,
        owner=Owner.OBJECT,
        undo="no {key}",
        default=r"distance 110",
    ),
    Rule("ospfv3 family", r"address-family (?P<key>.+)", order=60, undo_order=42, opens="router ospfv3"),
)

_INTERFACE_DETAILS = (
    r"hello-interval|dead-interval|retransmit-interval|transmit-delay|authentication-key|authentication|mtu-ignore|bfd"
)
INTERFACE_RULES = (
    # The process has to be there first: IOS would make one up, with a router id of its own choice.
    Rule("interface ospf area", r"ip ospf \d+ area \S+", single=True, order=30, undo_order=4, how=How.JOINS),
    Rule(
        "interface ospf",
        r"ip ospf (?P<key>cost|network|priority) \S+",
        single=True,
        undo="no ip ospf {key}",
        default=r"ip ospf priority 1",
        order=30,
        undo_order=4,
    ),
    # A key keeps its text until it is taken back. A new one is there before it is asked for, and before an old
    # one goes.
    Rule(
        "interface ospf key",
        r"ip ospf (?P<key>message-digest-key \d+) md5 .+",
        single=True,
        owner=Owner.OBJECT,
        undo="no ip ospf {key}",
        order=29,
        undo_order=32,
        undo_first=True,
    ),
    Rule(
        "interface ospf detail",
        rf"ip ospf (?P<key>{_INTERFACE_DETAILS})(?: .+)?",
        single=True,
        owner=Owner.OBJECT,
        undo="no ip ospf {key}",
        order=30,
        undo_order=4,
    ),
    Rule(
        "interface ospfv3 area",
        r"(?:ipv6 ospf \d+|ospfv3 \d+ ipv6) area \S+",
        single=True,
        owner=Owner.OBJECT,
        order=30,
        undo_order=4,
        how=How.JOINS,
    ),
    Rule(
        "interface ospfv3 detail",
        rf"(?P<key>ipv6 ospf|ospfv3) (?P<key2>cost|network|priority|{_INTERFACE_DETAILS})(?: .+)?",
        single=True,
        owner=Owner.OBJECT,
        undo="no {key} {key2}",
        order=30,
        undo_order=4,
    ),
)
