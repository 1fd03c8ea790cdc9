"""Access lists, prefix lists and route maps (IOS Security and IP Routing command references)."""

from cimnet_nornir.domain.access_list_parts import PROTOCOLS
from cimnet_nornir.ios.rules import phases
from cimnet_nornir.ios.rules.model import How, Owner, Rule

TOP_RULES = (
    # No list takes a group that is empty, and no group that a list names can be removed.
    Rule(
        "object-group",
        r"object-group (?:network|service) (?P<key>\S+)",
        owner=Owner.OBJECT,
        order=phases.FILTER - 2,
        undo_order=phases.FILTER_UNDO + 1,
        opens="object-group",
    ),
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
    Rule(
        "ipv6 acl",
        r"ipv6 access-list (?P<key>\S+)",
        owner=Owner.OBJECT,
        order=phases.FILTER,
        undo_order=phases.FILTER_UNDO,
        opens="ipv6 acl",
    ),
    # The same sequence number cannot be typed over.
    Rule(
        "prefix-list",
        r"(?P<key>(?:ip|ipv6) prefix-list \S+) seq (?P<key2>\d+) .+",
        single=True,
        undo="no {key} seq {key2}",
        undo_first=True,
        whole=True,
        hazard="{key} seq {key2}: for a moment the list is without it",
        owner=Owner.OBJECT,
        order=phases.FILTER,
        undo_order=phases.FILTER_UNDO,
    ),
    Rule(
        "prefix-list description",
        r"(?P<key>(?:ip|ipv6) prefix-list \S+) description .+",
        single=True,
        undo="no {key} description",
        owner=Owner.OBJECT,
        order=phases.FILTER,
        undo_order=phases.FILTER_UNDO,
    ),
    Rule(
        "route-map",
        r"route-map (?P<key>\S+) (?:permit|deny) (?P<key2>\d+)",
        single=True,
        whole=True,
        owner=Owner.OBJECT,
        order=phases.FILTER + 1,
        undo_order=phases.FILTER_UNDO - 1,
        opens="route-map",
    ),
    # Entries in an order, which is that in which they were typed: see `ordered_lists`.
    Rule(
        "community-list",
        r"(?P<key>ip (?:as-path access-list|community-list(?: standard| expanded)?) \S+) .+",
        whole=True,
        owner=Owner.OBJECT,
        order=phases.FILTER,
        undo_order=phases.FILTER_UNDO,
    ),
)

ACL_RULES = (Rule("acl entry", r"(?:permit|deny|remark|evaluate|dynamic) .+"),)

GROUP_RULES = (
    Rule("object-group description", r"description .+", single=True, undo="no description", order=1),
    # New ones come first: the group is never empty.
    Rule(
        "object-group member",
        r"(?:host|range|group-object|tcp|udp|tcp-udp) .+|icmp(?: \S+)?|any|ip|tcp-udp|\d\S*(?: \d\S+)?"
        rf"|{'|'.join(PROTOCOLS)}",
        order=10,
        undo_order=20,
    ),
)

# An IPv6 list is not renumbered, and shows its numbers. What comes comes before what goes.
IPV6_ACL_RULES = (
    Rule(
        "ipv6 acl entry",
        r"sequence (?P<key>\d+) .+",
        single=True,
        undo="no sequence {key}",
        undo_first=True,
        hazard="an IPv6 access list: for a moment it is without its entry {key}",
        order=10,
        undo_order=20,
    ),
)

ROUTE_MAP_RULES = (
    Rule("route-map description", r"description .+", single=True, undo="no description", order=1),
    # A second match of a kind is one more alternative: the new one comes before the old one goes, so that the entry
    # never matches everything.
    # That communities are the only ones is said of all of them at once, and stays until they are taken back: those that
    # were told otherwise go before.
    Rule(
        "route-map match of exact communities",
        r"match community .+ exact-match",
        single=True,
        undo_first=True,
        hazard="a route map: for a moment, or for good, its clause matches any community",
        order=25,
        undo_order=9,
    ),
    Rule("route-map match", r"match .+", order=10, undo_order=20),
    # These hold several values, and another is added to them.
    Rule(
        "route-map set list",
        r"set (?P<key>as-path prepend|(?:ip|ipv6) (?:default )?next-hop|interface) .+",
        single=True,
        undo_first=True,
        order=10,
        undo_order=20,
    ),
    Rule(
        "route-map set",
        r"set (?P<key>(?:ip|ipv6|as-path|extcommunity) \S+|\S+)(?: .+)?",
        single=True,
        order=10,
        undo_order=20,
    ),
    Rule("route-map continue", r"continue(?: \d+)?", single=True, order=30),
)
