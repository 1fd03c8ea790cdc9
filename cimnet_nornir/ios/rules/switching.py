"""VLANs, VTP, port-channels and the switching lines of an interface (Catalyst Layer 2 and VLAN guides)."""

from cimnet_nornir.ios.rules import phases
from cimnet_nornir.ios.rules.model import How, Owner, Rule

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
    # A domain is there before version 3 needs it, and a client cannot change its version.
    Rule(
        "vtp domain",
        r"vtp domain .+",
        single=True,
        owner=Owner.OBJECT,
        order=phases.GLOBAL,
        how=How.KEPT,
        hazard="vtp domain stays: a switch can change it, and never be without one again",
    ),
    Rule(
        "vtp version",
        r"vtp version \d",
        single=True,
        undo="no vtp version",
        owner=Owner.OBJECT,
        order=phases.GLOBAL + 1,
        default="vtp version 1",
    ),
    # Without one a switch is a server, which gives its domain VLANs and takes them from it.
    Rule(
        "vtp mode",
        r"vtp mode \S+",
        single=True,
        owner=Owner.OBJECT,
        order=phases.GLOBAL + 2,
        default="vtp mode server",
        how=How.KEPT,
        hazard="vtp mode stays: without it the switch would be a VTP server; say the mode that it is to have",
    ),
    # It is kept with the VLANs.
    Rule(
        "vtp password",
        r"vtp password .+",
        single=True,
        undo="no vtp password",
        owner=Owner.OBJECT,
        order=phases.GLOBAL + 1,
        unshown=True,
    ),
    Rule("vtp", r"vtp (?P<key>\S+)(?: .+)?", single=True, undo="no vtp {key}", owner=Owner.OBJECT, order=phases.GLOBAL),
    Rule(
        "vlan setting",
        r"vlan (?P<key>internal allocation policy|dot1q tag native)(?: \S+)?",
        single=True,
        undo="no vlan {key}",
        owner=Owner.OBJECT,
        order=phases.GLOBAL,
        undo_order=phases.GLOBAL,
        shown=r"vlan internal allocation policy ascending",
    ),
    Rule(
        "channel setting",
        r"(?P<key>port-channel load-balance|lacp system-priority) .+",
        single=True,
        undo="no {key}",
        owner=Owner.OBJECT,
        order=phases.GLOBAL,
        undo_order=phases.GLOBAL,
        default="lacp system-priority 32768",
    ),
    Rule(
        "stack member",
        r"switch (?P<key>\d+) provision \S+",
        single=True,
        undo="no switch {key} provision",
        owner=Owner.OBJECT,
        order=phases.GLOBAL,
        undo_order=phases.GLOBAL_UNDO,
        hazard="no switch {key} provision: what its ports are told goes with it, and a member that is there refuses",
    ),
)

VLAN_RULES = (
    Rule("vlan name", r"name (?P<name>.+)", single=True, undo="no name"),
    Rule("vlan state", r"state \S+", single=True, undo="no state", owner=Owner.OBJECT, default="state active"),
    Rule("vlan shutdown", r"shutdown", owner=Owner.OBJECT),
    Rule("vlan mtu", r"mtu \d+", single=True, undo="no mtu", owner=Owner.OBJECT, default="mtu 1500"),
    Rule("vlan remote-span", r"remote-span", owner=Owner.OBJECT),
    Rule(
        "vlan private",
        r"private-vlan (?:primary|isolated|community)",
        single=True,
        undo_first=True,
        owner=Owner.OBJECT,
        order=55,
        undo_order=60,
    ),
    Rule(
        "vlan private parts",
        r"private-vlan association [\d,-]+",
        single=True,
        undo="no private-vlan association",
        owner=Owner.OBJECT,
        order=56,
        undo_order=54,
    ),
)

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
        default=r"switchport mode dynamic auto",
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
    # Before the mode comes, and when it has gone.
    Rule(
        "interface private vlan",
        r"switchport private-vlan (?P<key>host-association|mapping) .+",
        single=True,
        undo="no switchport private-vlan {key}",
        owner=Owner.OBJECT,
        order=16,
        undo_order=18,
    ),
    Rule(
        "interface private vlans",
        r"private-vlan mapping [\d,-]+",
        single=True,
        undo="no private-vlan mapping",
        owner=Owner.OBJECT,
        order=40,
        undo_order=5,
    ),
    Rule("interface nonegotiate", r"switchport nonegotiate", order=18, undo_order=13),
    Rule("interface isolated", r"switchport (?:protected|block \S+)", owner=Owner.OBJECT, order=16, undo_order=16),
    # A member joins when both it and its channel are set up, and leaves before it is set up anew.
    Rule(
        "interface channel-group",
        r"channel-group (?P<group>\d+)(?: mode (?P<mode>\S+)(?: non-silent)?)?",
        single=True,
        undo="no channel-group",
        undo_first=True,
        order=45,
        undo_order=3,
    ),
    # What a member is told of its protocol goes with it, and stands before it joins.
    Rule(
        "interface channel-protocol",
        r"channel-protocol \S+",
        single=True,
        undo="no channel-protocol",
        owner=Owner.OBJECT,
        order=44,
        undo_order=4,
    ),
    Rule(
        "interface lacp",
        r"(?P<key>lacp (?:port-priority|rate|max-bundle|fast-switchover)|port-channel min-links)(?: \S+)?",
        single=True,
        undo="no {key}",
        owner=Owner.OBJECT,
        order=46,
        undo_order=2,
        default=r"lacp (?:port-priority 32768|rate normal)",
    ),
)
