"""All rules by the kind of section they stand in, and the look-up of a line."""

from collections.abc import Callable, Mapping
from functools import cache, lru_cache

from cimnet_nornir.ios.first_words import by_first_word
from cimnet_nornir.ios.rules import (
    access,
    bgp,
    dhcp,
    eigrp,
    eigrp_named,
    filtering,
    first_hop,
    hardware,
    interface,
    ip,
    lines,
    nat,
    ospf,
    qos,
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
from cimnet_nornir.ios.rules.model import OPAQUE, TOP, UNKNOWN, Identity, Rule, compiled

_PARTS = (
    first_hop,
    switching,
    spanning_tree,
    security,
    interface,
    ip,
    vrf,
    routing,
    ospf,
    eigrp_named,
    eigrp,
    bgp,
    filtering,
    qos,
    nat,
    system,
    access,
    lines,
    services,
    snmp,
    tracking,
    dhcp,
)
# In the order in which a line is tried against them.
_INTERFACE_PARTS = (
    services,
    interface,
    vrf,
    ip,
    first_hop,
    hardware,
    qos,
    nat,
    switching,
    spanning_tree,
    security,
    ospf,
    eigrp,
)


@cache
def _rules() -> Mapping[str, tuple[Rule, ...]]:
    return {
        TOP: tuple(rule for part in _PARTS for rule in part.TOP_RULES),
        "interface": tuple(rule for part in _INTERFACE_PARTS for rule in part.INTERFACE_RULES),
        "vlan": switching.VLAN_RULES,
        "mst": spanning_tree.MST_RULES,
        "router ospf": ospf.OSPF_RULES,
        "router ospfv3": ospf.OSPFV3_RULES,
        "router eigrp": eigrp.EIGRP_RULES,
        "eigrp named": eigrp_named.NAMED_RULES,
        "eigrp family": eigrp_named.FAMILY_RULES,
        "eigrp interface": eigrp_named.INTERFACE_RULES_OF_A_FAMILY,
        "eigrp topology": eigrp_named.TOPOLOGY_RULES,
        "router rip": eigrp.RIP_RULES,
        "router bgp": bgp.RULES,
        "bgp family": bgp.RULES,
        "vrf": vrf.VRF_RULES,
        "vrf family": vrf.VRF_RULES,
        "object-group": filtering.GROUP_RULES,
        "acl": filtering.ACL_RULES,
        "ipv6 acl": filtering.IPV6_ACL_RULES,
        "route-map": filtering.ROUTE_MAP_RULES,
        "vrrp group": first_hop.GROUP_RULES,
        "class-map": qos.CLASS_RULES,
        "policy-map": qos.POLICY_RULES,
        "policy class": qos.POLICY_CLASS_RULES,
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


@cache
def _candidates(section: str) -> Callable[[str], tuple[Rule, ...]]:
    return by_first_word([(rule.pattern, rule) for rule in rules_in(section)])


def rule_for(section: str, text: str) -> Rule:
    """The rule of a canonical line in a kind of section; UNKNOWN where there is none."""
    return placed(section, text)[0]


@lru_cache(maxsize=32768)
def placed(section: str, text: str) -> tuple[Rule, Identity]:
    """The rule of a canonical line, and what tells the line from others of its section."""
    for rule in _candidates(section)(text):
        match = compiled(rule.pattern).fullmatch(text)
        if match:
            return rule, rule.identity_by(match)
    return UNKNOWN, UNKNOWN.identity(text)


def identity_of(section: str, text: str) -> Identity:
    """What tells a canonical line from others of its section."""
    return placed(section, text)[1]


@lru_cache(maxsize=65536)
def undo_of(section: str, text: str) -> str:
    """The command that takes a canonical line of a kind of section back."""
    return rule_for(section, text).undo_of(text)


def opened_by(section: str, text: str) -> str:
    """The kind of section that a line begins: OPAQUE where no rule says."""
    return rule_for(section, text).opens or OPAQUE
