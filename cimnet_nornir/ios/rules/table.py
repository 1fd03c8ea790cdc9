"""All rules by the kind of section they stand in, and the look-up of a line."""

from collections.abc import Mapping
from functools import cache, lru_cache

from cimnet_nornir.ios.rules import (
    access,
    dhcp,
    filtering,
    first_hop,
    hardware,
    interface,
    ip,
    lines,
    nat,
    routing,
    security,
    services,
    snmp,
    spanning_tree,
    switching,
    system,
    tracking,
    vrf,
)
from cimnet_nornir.ios.rules.model import OPAQUE, TOP, UNKNOWN, Rule, compiled

_OF_INTERFACES = (
    services.INTERFACE_RULES,
    interface.RULES,
    vrf.INTERFACE_RULES,
    ip.INTERFACE_RULES,
    first_hop.INTERFACE_RULES,
    hardware.TUNNEL_RULES,
    hardware.INTERFACE_RULES,
    nat.INTERFACE_RULES,
    switching.INTERFACE_RULES,
    spanning_tree.INTERFACE_RULES,
    security.INTERFACE_RULES,
)


@cache
def _rules() -> Mapping[str, tuple[Rule, ...]]:
    parts = (switching, spanning_tree, security, interface, ip, vrf, routing, filtering, nat, system, access, lines)
    parts += (services, snmp, tracking, dhcp)
    return {
        TOP: tuple(rule for part in parts for rule in part.TOP_RULES),
        "interface": tuple(rule for part in _OF_INTERFACES for rule in part),
        "vlan": switching.VLAN_RULES,
        "mst": spanning_tree.MST_RULES,
        "router ospf": routing.OSPF_RULES,
        "router eigrp": routing.EIGRP_RULES,
        "router bgp": routing.BGP_RULES,
        "bgp family": routing.BGP_RULES,
        "vrf": vrf.VRF_RULES,
        "vrf family": vrf.VRF_RULES,
        "acl": filtering.ACL_RULES,
        "route-map": filtering.ROUTE_MAP_RULES,
        "line": lines.LINE_RULES,
        "vty": lines.VTY_RULES,
        "aaa group": access.GROUP_RULES,
        "aaa server": access.SERVER_RULES,
        "archive": services.ARCHIVE_RULES,
        "archive log": services.ARCHIVE_LOG_RULES,
        "ip sla": tracking.PROBE_RULES,
        "track": tracking.TRACK_RULES,
        "dhcp pool": dhcp.POOL_RULES,
    }


def rules_in(section: str) -> tuple[Rule, ...]:
    """The rules of one kind of section, in the order in which they are tried."""
    return _rules().get(section, ())


@lru_cache(maxsize=16384)
def rule_for(section: str, text: str) -> Rule:
    """The rule of a canonical line in a kind of section; UNKNOWN where there is none."""
    for rule in rules_in(section):
        if compiled(rule.pattern).fullmatch(text):
            return rule
    return UNKNOWN


def opened_by(section: str, text: str) -> str:
    """The kind of section that a line begins: OPAQUE where no rule says."""
    return rule_for(section, text).opens or OPAQUE
