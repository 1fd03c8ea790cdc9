"""Access lists, prefix lists and route maps (IOS Security and IP Routing command references)."""

from cimnet_nornir.ios.rules import phases
from cimnet_nornir.ios.rules.model import How, Owner, Rule

TOP_RULES = (
    Rule(
        "acl",
        r"ip access-list (?P<kind>standard|extended) (?P<key>\S+)",
        single=True,  # a standard list and an extended one cannot have one name
        undo_first=True,
        owner=Owner.OBJECT,
        order=phases.FILTER,
        undo_order=phases.FILTER_UNDO,
        opens="acl",
        how=How.ACL,
    ),
    # The same sequence number cannot be typed over.
    Rule(
        "prefix-list",
        r"ip prefix-list (?P<key>\S+) seq (?P<key2>\d+) .+",
        single=True,
        undo="no ip prefix-list {key} seq {key2}",
        undo_first=True,
        hazard="ip prefix-list {key} seq {key2}: for a moment the list is without it",
        owner=Owner.OBJECT,
        order=phases.FILTER,
        undo_order=phases.FILTER_UNDO,
    ),
    Rule(
        "prefix-list description",
        r"ip prefix-list (?P<key>\S+) description .+",
        single=True,
        undo="no ip prefix-list {key} description",
        owner=Owner.OBJECT,
        order=phases.FILTER,
        undo_order=phases.FILTER_UNDO,
    ),
    Rule(
        "route-map",
        r"route-map (?P<key>\S+) (?:permit|deny) (?P<key2>\d+)",
        single=True,
        owner=Owner.OBJECT,
        order=phases.FILTER + 1,
        undo_order=phases.FILTER_UNDO - 1,
        opens="route-map",
    ),
    Rule(
        "community-list",
        r"ip (?:community-list|as-path access-list) .+",
        owner=Owner.OBJECT,
        order=phases.FILTER,
        undo_order=phases.FILTER_UNDO,
    ),
)

ACL_RULES = (Rule("acl entry", r"(?:permit|deny|remark|evaluate|dynamic) .+"),)

ROUTE_MAP_RULES = (
    Rule("route-map description", r"description .+", single=True, undo="no description", order=1),
    # A second match of a kind is one more alternative: the new one comes before the old one goes, so that the entry
    # never matches everything.
    Rule("route-map match", r"match .+", order=10, undo_order=20),
    Rule(
        "route-map set",
        r"set (?P<key>(?:ip|ipv6|as-path|extcommunity) \S+|\S+)(?: .+)?",
        single=True,
        order=10,
        undo_order=20,
    ),
    Rule("route-map continue", r"continue(?: \d+)?", single=True, order=30),
)
