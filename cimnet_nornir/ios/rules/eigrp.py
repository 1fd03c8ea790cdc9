"""EIGRP in classic mode and RIP (IOS IP Routing: EIGRP Command Reference, RIP Command Reference)."""

from cimnet_nornir.ios.rules import phases
from cimnet_nornir.ios.rules.model import How, Owner, Rule
from cimnet_nornir.ios.rules.redistribution import DISTRIBUTE, passive_rules, redistribute

TOP_RULES = (
    Rule(
        "router eigrp",
        r"router eigrp (?P<key>\d+)",
        owner=Owner.FAMILY,  # who says what EIGRP a device runs says all of it
        order=phases.ROUTING,
        undo_order=phases.ROUTING_UNDO,
        opens="router eigrp",
        hazard="no router eigrp {key}: its neighbours and routes go",
    ),
    Rule(
        "router rip",
        r"router rip",
        owner=Owner.OBJECT,
        order=phases.ROUTING,
        undo_order=phases.ROUTING_UNDO,
        opens="router rip",
        hazard="no router rip: its routes go",
    ),
)

# Of both modes. The router id comes first, since setting it starts the neighbours anew; silence before the networks
# that would speak.
ROUTER_ID = Rule(
    "eigrp router-id", r"eigrp router-id \S+", single=True, undo="no eigrp router-id", order=5, undo_order=5
)
NETWORK = Rule("eigrp network", r"network \S+(?: \d\S+)?", order=30, undo_order=40)
# On by themselves, so that a device shows them where they are off.
LOG = Rule(
    "eigrp log",
    r"(?:no )?eigrp log-neighbor-(?P<key>changes|warnings)(?: \d+)?",
    single=True,
    owner=Owner.OBJECT,
    default=r"eigrp log-neighbor-(?:changes|warnings)",
)
REDISTRIBUTED = redistribute("eigrp", ("metric _ _ _ _ _", "tag _", "route-map _"), How.GROWS)

EIGRP_RULES = (
    ROUTER_ID,
    *passive_rules("eigrp", undo_order=45),
    NETWORK,
    *REDISTRIBUTED,
    DISTRIBUTE,
    Rule("eigrp summary", r"(?:no )?auto-summary", single=True, owner=Owner.OBJECT, no_is_absent=True),
    LOG,
    Rule(
        "eigrp setting",
        r"(?P<key>variance|maximum-paths|default-metric|distance eigrp|metric weights|eigrp stub|timers active-time"
        r"|bfd all-interfaces)(?: .+)?",
        single=True,
        undo="no {key}",
        owner=Owner.OBJECT,
        default=r"variance 1|maximum-paths 4|distance eigrp 90 170|metric weights 0 1 0 1 0 0|timers active-time 3",
    ),
)

RIP_RULES = (
    Rule("rip version", r"version [12]", single=True, undo="no version", order=5),
    *passive_rules("rip", undo_order=45),
    Rule("rip network", r"network \S+", order=30, undo_order=40),
    Rule("rip summary", r"(?:no )?auto-summary", single=True, default="auto-summary", order=6),
    *redistribute("rip", ("metric _", "route-map _"), How.ONE_BY_ONE),
    DISTRIBUTE,
    Rule(
        "rip setting",
        r"(?P<key>timers basic|default-information originate|default-metric|maximum-paths|distance)(?: .+)?",
        single=True,
        undo="no {key}",
        owner=Owner.OBJECT,
        default=r"timers basic 30 180 180 240|maximum-paths 4|distance 120",
    ),
)

_AS = r"eigrp (?P<key>\d+)"
_OF_INTERFACE = r"ip (?:hello-interval|hold-time|bandwidth-percent|authentication mode|authentication key-chain)"
INTERFACE_RULES = (
    Rule(
        "interface eigrp",
        rf"(?P<key2>{_OF_INTERFACE}) {_AS} .+",
        single=True,
        owner=Owner.OBJECT,
        order=30,
        undo_order=4,
    ),
    Rule(
        "interface eigrp summary",
        rf"ip summary-address {_AS} (?P<key2>\S+ \S+)(?: .+)?",
        single=True,
        owner=Owner.OBJECT,
        undo="no ip summary-address eigrp {key} {key2}",
        order=30,
        undo_order=4,
    ),
)
