"""IPv6 on interfaces ("IOS IPv6 Command Reference"): addresses with their checks, and neighbour discovery.

Addresses are shown in capitals, in their shortest form.
"""

from ipaddress import IPv6Address, IPv6Interface
from typing import Final

from cimnet_nornir.lab.answers import Outcome
from cimnet_nornir.lab.config import Section
from cimnet_nornir.lab.features.vrf import lacks_family, vrf_of
from cimnet_nornir.lab.rules import Change, Rule, store

ADDRESS: Final = "ipv6 address"
_LINK_LOCAL: Final = "ipv6 address link-local"
_NO_FAMILY: Final = "% {name} is linked to a VRF. Enable IPv6 on that VRF first."


def addresses6(section: Section) -> tuple[IPv6Interface, ...]:
    """The global IPv6 addresses of an interface."""
    return tuple(IPv6Interface(line.values["prefix"]) for line in section.all(ADDRESS) if "prefix" in line.values)


def _address(change: Change) -> Outcome:
    """One more address; IOS refuses a network that another interface of the same table has."""
    if lacks_family(change, "ipv6"):
        return _NO_FAMILY.format(name=change.interface)
    if "prefix" not in change.values:
        return store(change)
    mine, vrf = IPv6Interface(change.values["prefix"]), vrf_of(change.section)
    for line in change.device.running.all("interface"):
        for other in addresses6(line.section) if line.section is not change.section else ():
            if vrf_of(line.section) == vrf and other.network.overlaps(mine.network):
                shown = f"{str(mine.network).upper()} is overlapping with {str(other.network).upper()}"
                return f"%{change.interface}: Error: {shown} on {line.key[1]}"
    return store(change)


def _link_local(change: Change) -> Outcome:
    """The one link-local address; it replaces the one that was set before."""
    if lacks_family(change, "ipv6"):
        return _NO_FAMILY.format(name=change.interface)
    if not IPv6Address(change.values["address"]).is_link_local:
        return f"%{change.interface}: Error: {change.values['address']} is not a link-local address"
    return store(change)


def _enable(change: Change) -> Outcome:
    return _NO_FAMILY.format(name=change.interface) if lacks_family(change, "ipv6") else store(change)


IPV6: Final = (
    Rule("ipv6 address <address:ipv6> link-local", 38, needs="routed", slot=_LINK_LOCAL, effect=_link_local),
    Rule(
        "ipv6 address <prefix:ipv6-prefix> [{form: eui-64|anycast}]",
        38,
        ("prefix",),
        needs="routed",
        removable=0,
        effect=_address,
    ),
    Rule("ipv6 address autoconfig [default]", 38, ("prefix",), needs="routed", slot="ipv6 autoconfig", effect=_address),
    Rule("ipv6 address dhcp [rapid-commit]", 38, needs="routed", slot="ipv6 dhcp address", effect=_address),
    Rule("ipv6 enable", 39, needs="routed", effect=_enable),
    Rule("ipv6 mtu <bytes:1280-9216>", 39, needs="routed", default="ipv6 mtu 1500"),
    Rule("ipv6 redirects", 39, needs="routed", shown="negative"),
    Rule("ipv6 unreachables", 39, needs="routed", shown="negative"),
    Rule("ipv6 verify unicast source reachable-via {how: rx|any}", 39, needs="routed"),
    Rule("ipv6 nd managed-config-flag", 39, needs="routed"),
    Rule("ipv6 nd other-config-flag", 39, needs="routed"),
    Rule("ipv6 nd ra suppress [all]", 39, needs="routed"),
    Rule("ipv6 nd ra lifetime <seconds:0-9000>", 39, needs="routed", default="ipv6 nd ra lifetime 1800"),
    Rule("ipv6 nd ra interval {<most:4-1800>|msec <most:70-1800000>} [<least:3-1350>]", 39, needs="routed"),
    Rule("ipv6 nd dad attempts <count:0-600>", 39, needs="routed", default="ipv6 nd dad attempts 1"),
    Rule("ipv6 nd reachable-time <ms:0-3600000>", 39, needs="routed", default="ipv6 nd reachable-time 0"),
    Rule("ipv6 nd ns-interval <ms:1000-3600000>", 39, needs="routed"),
    Rule("ipv6 nd router-preference {level: High|Medium|Low}", 39, needs="routed"),
    Rule("ipv6 nd prefix <prefix:ipv6-prefix> [<rest:line>]", 39, ("prefix",), needs="routed"),
)
