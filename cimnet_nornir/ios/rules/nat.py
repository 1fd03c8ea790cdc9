"""Network address translation (IOS IP Addressing: NAT command reference).

What is translated otherwise lets go first, and a pool changes while nothing uses it (see `ios.translations`).
"""

from cimnet_nornir.ios.rules import phases
from cimnet_nornir.ios.rules.model import Owner, Rule

TOP_RULES = (
    Rule(
        "nat pool",
        r"ip nat pool (?P<key>\S+) .+",
        single=True,
        owner=Owner.OBJECT,
        undo="no ip nat pool {key}",
        order=phases.NAT_POOL,
        undo_order=phases.NAT_POOL,
    ),
    # Two translations of one address are refused: those that go make room for those that come.
    Rule(
        "nat static",
        r"ip nat (?P<what>(?:inside|outside) source static .+)",
        owner=Owner.OBJECT,
        order=phases.NAT,
        undo_order=phases.NAT_UNDO,
        hazard="no ip nat {what}: connections that it translates break",
    ),
    Rule(
        "nat dynamic",
        r"ip nat (?P<key>inside|outside) source (?P<key2>(?:list|route-map) \S+) (?:pool|interface) \S+"
        r"(?: vrf (?P<key3>\S+))?(?: .+)?",
        single=True,
        undo_first=True,
        owner=Owner.OBJECT,
        order=phases.NAT,
        undo_order=phases.NAT_UNDO,
        hazard="no ip nat {key} source {key2}: the translations in use are dropped, and connections by them break",
    ),
    Rule(
        "nat destination",
        r"ip nat inside destination list (?P<key>\S+) pool \S+",
        single=True,
        undo_first=True,
        owner=Owner.OBJECT,
        order=phases.NAT,
        undo_order=phases.NAT_UNDO,
        hazard="no ip nat inside destination list {key}: connections that it spreads break",
    ),
    Rule(
        "nat translation",
        r"ip nat translation (?P<key>max-entries(?: (?:all-host|all-vrf|(?:host|list|vrf) \S+))?|port-timeout \S+ \d+"
        r"|\S+) (?:\d+|never)",
        single=True,
        owner=Owner.OBJECT,
        undo="no ip nat translation {key}",
        order=phases.NAT_POOL,
        undo_order=phases.NAT_POOL,
    ),
)

INTERFACE_RULES = (Rule("interface nat", r"ip nat (?:inside|outside)", owner=Owner.OBJECT, order=40, undo_order=39),)
