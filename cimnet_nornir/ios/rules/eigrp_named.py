"""EIGRP in named mode (IOS IP Routing: EIGRP Command Reference): families, their interfaces, and their topology."""

from cimnet_nornir.ios.rules import phases
from cimnet_nornir.ios.rules.eigrp import LOG, NETWORK, REDISTRIBUTED, ROUTER_ID
from cimnet_nornir.ios.rules.model import How, Owner, Rule
from cimnet_nornir.ios.rules.redistribution import DISTRIBUTE

TOP_RULES = (
    Rule(
        "router eigrp by name",
        r"router eigrp (?P<key>[A-Za-z]\S*)",
        owner=Owner.OBJECT,
        order=phases.ROUTING,
        undo_order=phases.ROUTING_UNDO,
        opens="eigrp named",
        hazard="no router eigrp {key}: its neighbours and routes go",
    ),
)

NAMED_RULES = (
    Rule(
        "eigrp family",
        r"address-family ipv4 unicast(?: vrf (?P<key>\S+))? autonomous-system (?P<key2>\d+)",
        order=20,
        undo_order=10,  # before a VRF gets another AS
        opens="eigrp family",
        hazard="no address-family: the neighbours and routes of AS {key2} go",
    ),
    Rule("eigrp named shutdown", r"shutdown", owner=Owner.OBJECT),
)

# As in classic mode: the router id first, then who is silent, then the networks that would speak.
FAMILY_RULES = (
    Rule("eigrp family shutdown", r"shutdown", order=4, undo_order=60),
    ROUTER_ID,
    Rule(
        "eigrp family interface",
        r"af-interface (?P<key>\S+)",
        order=10,
        undo_order=10,
        opens="eigrp interface",
        how=How.SHELL,
    ),
    Rule("eigrp topology", r"topology base", order=20, undo_order=20, opens="eigrp topology", how=How.SHELL),
    NETWORK,
    LOG,
    Rule(
        "eigrp setting",
        r"(?P<key>metric weights|eigrp stub)(?: .+)?",
        single=True,
        undo="no {key}",
        owner=Owner.OBJECT,
        default=r"metric weights 0 1 0 1 0 0",
    ),
)

INTERFACE_RULES_OF_A_FAMILY = (
    Rule("eigrp interface shutdown", r"shutdown", order=1, undo_order=60),
    # Neither silent nor not: as all interfaces are.
    Rule(
        "eigrp interface passive",
        r"(?:no )?passive-interface",
        single=True,
        undo="default passive-interface",
        order=5,
        undo_order=5,
    ),
    Rule(
        "eigrp interface timer",
        r"(?P<key>hello-interval|hold-time|bandwidth-percent) \d+",
        single=True,
        undo="no {key}",
        default=r"hello-interval 5|hold-time 15|bandwidth-percent 50",
    ),
    # The mode asks for keys: it comes when they are there.
    Rule(
        "eigrp interface keys",
        r"authentication key-chain \S+",
        single=True,
        undo="no authentication key-chain",
        order=20,
        undo_order=40,
    ),
    Rule(
        "eigrp interface authentication",
        r"authentication mode .+",
        single=True,
        order=21,
        undo_order=39,
    ),
    Rule("eigrp interface horizon", r"no split-horizon"),
    Rule(
        "eigrp interface summary",
        r"summary-address (?P<key>\S+ \S+)(?: .+)?",
        single=True,
        undo="no summary-address {key}",
    ),
)

TOPOLOGY_RULES = (
    *REDISTRIBUTED,
    DISTRIBUTE,
    Rule("eigrp topology summary", r"auto-summary", owner=Owner.OBJECT),
    Rule(
        "eigrp topology setting",
        r"(?P<key>variance|maximum-paths|default-metric|distance eigrp)(?: .+)?",
        single=True,
        undo="no {key}",
        owner=Owner.OBJECT,
        default=r"variance 1|maximum-paths 4|distance eigrp 90 170",
    ),
)
