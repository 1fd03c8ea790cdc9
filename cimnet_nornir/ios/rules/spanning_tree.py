"""Spanning tree of a switch and of its ports (Catalyst Layer 2 configuration guides: STP, MSTP, optional features)."""

from cimnet_nornir.ios.rules import phases
from cimnet_nornir.ios.rules.model import How, Owner, Rule

# What a switch speaks changes when all is told that it needs for it, and before what the other way needed goes: it is
# never for a moment a root that it should not be.
_TREE, _MODE, _TREE_UNDO = phases.SPANNING_TREE, phases.SPANNING_TREE + 1, phases.SPANNING_TREE + 2
_TIMERS = r"hello-time 2|forward-time 15|max-age 20"

TOP_RULES = (
    Rule(
        "spanning-tree mode",
        r"spanning-tree mode \S+",
        single=True,
        undo="no spanning-tree mode",
        order=_MODE,
        undo_order=_MODE,
        default=r"spanning-tree mode pvst",
        shown=r"spanning-tree mode (?:pvst|rapid-pvst)",  # always there; which of the two is a matter of the image
    ),
    Rule(
        "spanning-tree priority",
        r"spanning-tree vlan (?P<key>\d+) priority \d+",
        single=True,
        undo="no spanning-tree vlan {key} priority",
        order=_TREE,
        undo_order=_TREE_UNDO,
        default=r"spanning-tree vlan \d+ priority 32768",
    ),
    Rule(
        "spanning-tree timer",
        r"spanning-tree vlan (?P<key>\d+) (?P<key2>hello-time|forward-time|max-age) \d+",
        single=True,
        undo="no spanning-tree vlan {key} {key2}",
        owner=Owner.OBJECT,
        order=_TREE,
        undo_order=_TREE_UNDO,
        default=rf"spanning-tree vlan \d+ (?:{_TIMERS})",
    ),
    # A VLAN without spanning tree is a loop that waits for a cable.
    Rule(
        "spanning-tree off",
        r"no spanning-tree vlan (?P<vlans>[\d,-]+)",
        single=True,
        owner=Owner.OBJECT,
        order=_TREE + 1,
        undo_order=_TREE - 1,
        how=How.LIST,
    ),
    Rule(
        "mst region",
        r"spanning-tree mst configuration",
        owner=Owner.OBJECT,
        order=_TREE - 1,
        undo_order=_TREE_UNDO,
        opens="mst",
        hazard="no spanning-tree mst configuration: the switch is a region of its own, with one instance",
    ),
    Rule(
        "mst priority",
        r"spanning-tree mst (?P<key>\d+) priority \d+",
        single=True,
        undo="no spanning-tree mst {key} priority",
        owner=Owner.OBJECT,
        order=_TREE,
        undo_order=_TREE_UNDO,
        default=r"spanning-tree mst \d+ priority 32768",
    ),
    Rule(
        "mst timer",
        r"spanning-tree mst (?P<key>hello-time|forward-time|max-age|max-hops) \d+",
        single=True,
        undo="no spanning-tree mst {key}",
        owner=Owner.OBJECT,
        order=_TREE,
        undo_order=_TREE_UNDO,
        default=rf"spanning-tree mst (?:{_TIMERS}|max-hops 20)",
    ),
    Rule(
        "spanning-tree edge",
        r"spanning-tree portfast (?:edge )?(?P<key>default|bpduguard default|bpdufilter default)",
        single=True,
        owner=Owner.OBJECT,
        order=_TREE,
        undo_order=_TREE_UNDO,
    ),
    Rule(
        "spanning-tree setting",
        r"spanning-tree (?P<key>pathcost method|transmit hold-count|uplinkfast max-update-rate) \S+",
        single=True,
        undo="no spanning-tree {key}",
        owner=Owner.OBJECT,
        order=_TREE,
        undo_order=_TREE_UNDO,
        default=r"spanning-tree (?:pathcost method short|transmit hold-count 6)",
    ),
    Rule(
        "spanning-tree",
        r"spanning-tree (?:loopguard default|uplinkfast|backbonefast|extend system-id|logging|bridge assurance)"
        r"|no spanning-tree etherchannel guard misconfig",
        owner=Owner.OBJECT,
        order=_TREE,
        undo_order=_TREE_UNDO,
        shown=r"spanning-tree extend system-id",
    ),
)

# A device takes a region as a whole, when its section is left. A VLAN is in one instance: those that leave one go
# before others take them.
MST_RULES = (
    Rule("mst name", r"name .+", single=True, undo="no name", order=10, undo_order=10),
    Rule(
        "mst revision", r"revision \d+", single=True, undo="no revision", order=10, undo_order=10, default="revision 0"
    ),
    Rule(
        "mst instance",
        r"instance (?P<key>\d+) vlan (?P<vlans>[\d,-]+)",
        single=True,
        undo="no instance {key} vlan {vlans}",
        order=30,
        undo_order=20,
        how=How.LIST,
    ),
)

INTERFACE_RULES = (
    Rule(
        "interface portfast",
        r"spanning-tree portfast(?: .+)?",
        single=True,
        undo="no spanning-tree portfast",
        order=30,
        undo_order=11,
    ),
    Rule(
        "interface bpduguard",
        r"spanning-tree bpduguard (?:enable|disable)",
        single=True,
        undo="no spanning-tree bpduguard",
        order=30,
        undo_order=30,
    ),
    # A port that is guarded against a better root is never for a moment without the guard that it had.
    Rule(
        "interface spanning-tree",
        r"spanning-tree (?P<key>guard|bpdufilter|cost|port-priority|link-type|(?:vlan|mst) \S+ (?:cost|port-priority))"
        r"(?: .+)?",
        single=True,
        owner=Owner.OBJECT,
        undo="no spanning-tree {key}",
        order=30,
        undo_order=30,
        default=r"spanning-tree port-priority 128",
    ),
)
