"""VLANs, spanning tree and the switching lines of an interface (Catalyst Layer 2 and VLAN configuration guides)."""

from cimnet_nornir.ios.rules import phases
from cimnet_nornir.ios.rules.model import How, Owner, Rule

_TREE = phases.SPANNING_TREE

TOP_RULES = (
    # VLAN 1 and 1002-1005 are there by themselves and can be neither renamed nor removed.
    Rule("vlan reserved", r"vlan (?:1|100[2-5])", owner=Owner.NOBODY, opens="vlan reserved"),
    Rule(
        "vlan",
        r"vlan (?P<key>\d+)",
        order=phases.VLAN,
        undo_order=phases.VLAN_UNDO,
        opens="vlan",
        hazard="no vlan {key}: a port that is still in VLAN {key} goes down",
    ),
    Rule("vtp", r"vtp (?P<key>\S+)(?: .+)?", single=True, undo="no vtp {key}", owner=Owner.OBJECT, order=phases.GLOBAL),
    Rule(
        "spanning-tree mode",
        r"spanning-tree mode \S+",
        single=True,
        undo="no spanning-tree mode",
        order=phases.GLOBAL,
        undo_order=phases.GLOBAL,
        default=r"spanning-tree mode pvst",
        shown=r"spanning-tree mode (?:pvst|rapid-pvst)",  # always there; which of the two is a matter of the image
    ),
    Rule(
        "spanning-tree priority",
        r"spanning-tree vlan (?P<key>\d+) priority \d+",
        single=True,
        undo="no spanning-tree vlan {key} priority",
        order=_TREE,
        undo_order=_TREE,
        default=r"spanning-tree vlan \d+ priority 32768",
    ),
    Rule(
        "spanning-tree",
        r"spanning-tree (?P<key>(?:portfast|loopguard|uplinkfast|backbonefast|etherchannel|pathcost)(?: \S+)*)",
        owner=Owner.OBJECT,
        order=_TREE,
        undo_order=_TREE,
    ),
)

VLAN_RULES = (Rule("vlan name", r"name (?P<name>.+)", single=True, undo="no name"),)

INTERFACE_RULES = (
    # Stale switching lines go before `no switchport`: some images refuse them afterwards, others keep showing them.
    Rule("interface switched", r"no switchport", single=True, undo="switchport", order=20, undo_order=10),
    Rule(
        "interface encapsulation",
        r"switchport trunk encapsulation \S+",
        single=True,
        undo="no switchport trunk encapsulation",
        owner=Owner.OBJECT,  # only some switches know it, and a trunk refuses to lose it
        order=12,
        undo_order=19,
        default=r"switchport trunk encapsulation negotiate",
    ),
    Rule(
        "interface mode",
        r"switchport mode .+",
        single=True,
        undo="no switchport mode",
        order=17,  # after its details: a port never carries more VLANs, or others, than it is to for a moment
        undo_order=17,
        default=r"switchport mode dynamic (?:auto|desirable)",
    ),
    Rule(
        "interface access vlan",
        r"switchport access vlan \S+",
        single=True,
        undo="no switchport access vlan",
        order=16,
        undo_order=18,
        default=r"switchport access vlan 1",
    ),
    Rule(
        "interface voice vlan",
        r"switchport voice vlan \S+",
        single=True,
        undo="no switchport voice vlan",
        order=16,
        undo_order=18,
    ),
    Rule(
        "interface native vlan",
        r"switchport trunk native vlan \S+",
        single=True,
        undo="no switchport trunk native vlan",
        order=16,
        undo_order=18,
        default=r"switchport trunk native vlan 1",
    ),
    Rule(
        "interface allowed vlans",
        r"switchport trunk allowed vlan (?P<vlans>[\d,-]+|none)",
        single=True,
        undo="switchport trunk allowed vlan all",  # `no …` says the same; `all` says what it does
        order=16,
        undo_order=18,
        how=How.TRUNK,
    ),
    Rule("interface nonegotiate", r"switchport nonegotiate", order=18, undo_order=13),
    Rule(
        "interface switchport",
        r"switchport (?P<key>port-security(?: (?:maximum|violation|aging \S+))?|protected|block \S+)(?: .+)?",
        single=True,
        owner=Owner.OBJECT,
        order=16,
        undo_order=16,
        undo="no switchport {key}",
    ),
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
    Rule(
        "interface spanning-tree",
        r"spanning-tree (?P<key>guard|bpdufilter|cost|port-priority|link-type|vlan \S+ \S+)(?: .+)?",
        single=True,
        owner=Owner.OBJECT,
        undo="no spanning-tree {key}",
        order=30,
        undo_order=30,
    ),
    # A member joins when both it and its channel are set up, and leaves before it is set up anew.
    Rule(
        "interface channel-group",
        r"channel-group (?P<group>\d+) mode (?P<mode>\S+)(?: non-silent)?",
        single=True,
        undo="no channel-group",
        undo_first=True,
        order=45,
        undo_order=3,
    ),
    Rule("interface storm-control", r"storm-control (?P<key>\S+)(?: .+)?", single=True, owner=Owner.OBJECT),
)
