"""Ports as hardware, and what holds for their frames (IOS Interface and Hardware Component command reference)."""

from cimnet_nornir.ios.rules.model import Owner, Rule

INTERFACE_RULES = (
    Rule(
        "ethernet media",
        r"media-type \S+",
        single=True,
        owner=Owner.SIBLING,
        undo="no media-type",
        order=37,  # which of the sockets it is says what speeds there are
        undo_order=43,
    ),
    Rule(
        "ethernet negotiation",
        r"(?:no )?negotiation auto",
        single=True,
        owner=Owner.SIBLING,
        order=38,
        undo_order=38,
        shown=r"negotiation auto",  # some images show it on every port
    ),
    # A switch takes a duplex only for a fixed speed, and a speed of its own choice only without one.
    Rule(
        "ethernet speed",
        r"speed .+",
        single=True,
        owner=Owner.SIBLING,
        undo="no speed",
        order=39,
        undo_order=42,
        default=r"speed auto",
    ),
    Rule(
        "ethernet duplex",
        r"duplex .+",
        single=True,
        owner=Owner.SIBLING,
        undo="no duplex",
        order=40,
        undo_order=41,
        default=r"duplex auto",
    ),
    Rule(
        "mtu frames",
        r"mtu \d+",
        single=True,
        owner=Owner.SIBLING,
        undo="no mtu",
        order=38,  # packets may be no longer than the frames
        undo_order=42,
        default=r"mtu 1500",
    ),
    Rule(
        "mtu packets",
        r"(?P<key2>ip mtu|ipv6 mtu|ip tcp adjust-mss) \d+",
        single=True,
        owner=Owner.SIBLING,
        undo="no {key2}",
        order=40,
        undo_order=40,
    ),
    Rule(
        "bandwidth",
        r"(?P<key2>bandwidth|delay) \d+",
        single=True,
        owner=Owner.SIBLING,
        undo="no {key2}",
        order=40,
        undo_order=40,
    ),
    Rule(
        "interface-timers",
        r"(?P<key2>load-interval|carrier-delay) (?:msec )?\d+",
        single=True,
        owner=Owner.SIBLING,
        undo="no {key2}",
        order=40,
        undo_order=40,
        default=r"load-interval 300|carrier-delay 2",
    ),
    Rule(
        "interface-timers keepalive",
        r"(?:no )?keepalive(?: \d+)?",
        single=True,
        owner=Owner.SIBLING,
        undo="keepalive",  # on unless it is told otherwise
        order=40,
        undo_order=40,
        default=r"keepalive(?: 10)?",
    ),
    # A second policy of the same direction is refused while the first is attached.
    Rule(
        "interface service-policy",
        r"service-policy (?P<key>input|output) \S+",
        single=True,
        undo_first=True,
        owner=Owner.OBJECT,
        order=44,
        undo_order=40,
        hazard="no service-policy {key}: for a moment traffic goes without the policy",
    ),
    Rule(
        "tunnel keepalive",
        r"keepalive \d+ \d+",
        single=True,
        owner=Owner.SIBLING,
        undo="no keepalive",
        order=42,
        undo_order=39,
    ),
    # A tunnel to many has no destination, so that what goes does so before the mode changes.
    Rule(
        "tunnel",
        r"tunnel (?P<key2>mode|source|destination|key|ttl|vrf|checksum|path-mtu-discovery|protection ipsec profile"
        r"|bandwidth (?:receive|transmit))(?: .+)?",
        single=True,
        owner=Owner.SIBLING,
        undo="no tunnel {key2}",
        order=42,
        undo_order=39,
        default=r"tunnel mode gre ip|tunnel ttl 255",
    ),
)
