"""Static routes (IOS IP Routing command references)."""

from cimnet_nornir.ios.rules import phases
from cimnet_nornir.ios.rules.model import Owner, Rule

_HOP = r"(?:\d+\.\d+\.\d+\.\d+|[A-Z][A-Za-z-]+\d\S*(?: \d+\.\d+\.\d+\.\d+)?)"
_HOP6 = r"(?:[0-9A-F:.]*:[0-9A-F:.]*|[A-Z][A-Za-z-]+\d\S*(?: [0-9A-F:.]*:[0-9A-F:.]*)?)"
_ROUTE_OPTIONS = ("name _", "tag _", "track _", "permanent")

TOP_RULES = (
    Rule(
        "ip routing",
        r"(?:no )?ip routing",
        single=True,
        order=phases.GLOBAL,
        undo_order=phases.GLOBAL_UNDO,
        hazard="no ip routing: the device stops routing and drops its routing protocols",
    ),
    # The same prefix and next hop is one route: typing it with another distance or name replaces it.
    Rule(
        "ip route",
        rf"(?P<head>ip route (?P<key>(?:vrf \S+ )?\d\S* \d\S* {_HOP})(?: \d+)?)(?: \D.*)?",
        single=True,
        order=phases.ROUTE,
        undo_order=phases.ROUTE_UNDO,
        undo="no ip route {key}",
        options=_ROUTE_OPTIONS,
    ),
    Rule(
        "ipv6 route",
        rf"(?P<head>ipv6 route (?P<key>(?:vrf \S+ )?\S+/\d+ {_HOP6})(?: \d+)?)(?: \D.*)?",
        single=True,
        owner=Owner.OBJECT,
        order=phases.ROUTE,
        undo_order=phases.ROUTE_UNDO,
        undo="no ipv6 route {key}",
        options=_ROUTE_OPTIONS,
    ),
    Rule(
        "ip default-gateway",
        r"ip default-gateway \S+",
        single=True,
        owner=Owner.OBJECT,
        order=phases.ROUTE,
        undo_order=phases.ROUTE_UNDO,
    ),
)
