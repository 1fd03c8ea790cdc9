"""The features of a device beyond its base: a setting is a value, and what it may be is listed here by name.

A module an area; classes are imported when one of their feature is met, since there are many.
"""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from cimnet_nornir.errors import InvalidValue

if TYPE_CHECKING:
    from cimnet_nornir.domain.features.model import Setting

# The order is that of a rendered configuration.
FEATURES: Mapping[str, str] = {
    "service": "system:Service",
    "boot": "system:Boot",
    "enable": "access:Enable",
    "user": "access:User",
    "aaa": "aaa:Aaa",
    "aaa-group": "aaa:ServerGroup",
    "aaa-authentication": "aaa:AuthenticationList",
    "aaa-authorization": "aaa:AuthorizationList",
    "aaa-accounting": "aaa:AccountingList",
    "login-guard": "access:LoginGuard",
    "clock": "system:Clock",
    "domain": "system:Domain",
    "shared-addresses": "sharing:SharedAddresses",
    "bgp-process": "bgp:BgpProcess",
    "bgp-peer-group": "bgp:BgpPeerGroup",
    "bgp-neighbor": "bgp:BgpPeer",
    "bgp-family": "bgp:BgpFamily",
    "bgp-family-neighbor": "bgp:BgpFamilyNeighbor",
    "community-list": "prefix_lists:CommunityList",
    "as-path-list": "prefix_lists:AsPathList",
    "network-object-group": "object_groups:NetworkObjectGroup",
    "service-object-group": "object_groups:ServiceObjectGroup",
    "ipv6-access-list": "access_lists:Ipv6AccessList",
    "prefix-list": "prefix_lists:PrefixList",
    "ipv6-prefix-list": "prefix_lists:Ipv6PrefixList",
    "route-map": "route_maps:RouteMapClause",
    "class-map": "qos:ClassMap",
    "policy-map": "qos:PolicyMap",
    "stack-member": "switching:StackMember",
    "vtp": "switching:Vtp",
    "vtp-password": "switching:VtpPassword",
    "udld": "security:Udld",
    "dhcp-snooping": "security:DhcpSnooping",
    "arp-inspection": "security:ArpInspection",
    "errdisable": "security:ErrDisable",
    "mls-qos": "qos_switch:MlsQos",
    "spanning-tree": "spanning_tree:SpanningTreeOptions",
    "mst": "spanning_tree:Mst",
    "spanning-tree-timers": "spanning_tree:SpanningTreeTimers",
    "etherchannel": "switching:EtherChannel",
    "vlan-globals": "switching:VlanGlobals",
    "vlan-options": "switching:VlanOptions",
    "private-vlan": "private_vlans:PrivateVlan",
    "switchport": "switching:SwitchPort",
    "private-vlan-port": "private_vlans:PrivateVlanPort",
    "port-security": "security:PortSecurity",
    "udld-port": "security:UdldPort",
    "storm-control": "security:StormControl",
    "channel-protocol": "switching:ChannelProtocol",
    "channel-group": "switching:ChannelGroup",
    "lacp": "switching:Lacp",
    "arp-inspection-port": "security:ArpInspectionPort",
    "spanning-tree-port": "spanning_tree:PortSpanningTree",
    "dhcp-snooping-port": "security:DhcpSnoopingPort",
    "ospf-interface": "ospf:OspfInterfaceSettings",
    "ospfv3-interface": "ospfv3:Ospfv3Interface",
    "ipv6-ospf-interface": "ospfv3:Ipv6OspfInterface",
    "eigrp-interface": "eigrp:EigrpInterface",
    "eigrp-process": "eigrp:EigrpSettings",
    "eigrp-redistribution": "eigrp:EigrpRedistribution",
    "eigrp-named": "eigrp_named:EigrpNamed",
    "ospf-process": "ospf:OspfSettings",
    "ospf-area": "ospf:OspfArea",
    "ospf-redistribution": "ospf:OspfRedistribution",
    "ospf-network": "ospf:OspfNetwork",
    "rip": "rip:Rip",
    "ospfv3": "ospfv3:Ospfv3Process",
    "ipv6-ospf": "ospfv3:Ipv6OspfProcess",
    "static-route": "routes:StaticRouteSetting",
    "ipv6-static-route": "routes:Ipv6StaticRoute",
    "global-option": "services:GlobalOption",
    "logging": "services:Logging",
    "logging-host": "services:LoggingHost",
    "archive": "services:Archive",
    "cdp": "services:Cdp",
    "lldp": "services:Lldp",
    "discovery": "services:Discovery",
    "dhcp-exclusion": "dhcp:DhcpExclusion",
    "dhcp-pool": "dhcp:DhcpPool",
    "ip-sla": "tracking:Probe",
    "track": "tracking:Track",
    "snmp": "snmp:Snmp",
    "snmp-view": "snmp:SnmpView",
    "snmp-group": "snmp:SnmpGroup",
    "snmp-user": "snmp:SnmpUser",
    "snmp-community": "snmp:SnmpCommunity",
    "snmp-trap": "snmp:SnmpTrap",
    "snmp-host": "snmp:SnmpHost",
    "alias": "services:Alias",
    "ntp-key": "ntp:NtpKey",
    "ntp": "ntp:Ntp",
    "ntp-peer": "ntp:NtpPeer",
    "ntp-server": "ntp:NtpServer",
    "vrf-definition": "vrf:VrfDefinition",
    "ipv6-routing": "ipv6:Ipv6Routing",
    "bandwidth": "interfaces:Bandwidth",
    "mtu": "interfaces:Mtu",
    "interface-timers": "interfaces:InterfaceTimers",
    "ethernet": "interfaces:Ethernet",
    "vrf": "vrf:Vrf",
    "dot1q": "interfaces:Dot1q",
    "dhcp-client": "interfaces:DhcpClient",
    "unnumbered": "interfaces:Unnumbered",
    "access-group": "interfaces:AccessGroup",
    "helper-address": "interfaces:HelperAddress",
    "private-vlan-gateway": "private_vlans:PrivateVlanGateway",
    "ip-options": "interfaces:IpOptions",
    "verify-unicast": "interfaces:VerifyUnicast",
    "policy-routing": "interfaces:PolicyRouting",
    "nat": "nat:NatInterface",
    "ipv6-address": "ipv6:Ipv6Address",
    "ipv6": "ipv6:Ipv6",
    "ipv6-nd": "ipv6:Ipv6NeighborDiscovery",
    "hsrp-interface": "first_hop:HsrpInterface",
    "hsrp": "first_hop:Hsrp",
    "vrrp": "first_hop:Vrrp",
    "vrrp-v3": "vrrp_v3:VrrpV3",
    "tunnel": "tunnels:Tunnel",
    "qos-port": "qos_switch:QosPort",
    "service-policy": "interfaces:ServicePolicy",
    "nat-timeouts": "nat:NatTimeouts",
    "nat-pool": "nat:NatPool",
    "nat-dynamic": "nat:NatDynamic",
    "nat-static": "nat:NatStatic",
    "nat-destination": "nat:NatDestination",
    "http-server": "system:HttpServer",
    "ssh": "access:Ssh",
    "tacacs-host": "aaa:TacacsHost",
    "radius-host": "aaa:RadiusHost",
    "aaa-servers": "aaa:ServerDefaults",
    "tacacs-server": "aaa:TacacsServer",
    "radius-server": "aaa:RadiusServer",
    "ldap-server": "aaa:LdapServer",
    "banner": "system:Banner",
    "line": "lines:TerminalLine",
    "configuration-block": "blocks:ConfigurationBlock",
}
"""Module and class of each feature, in the order in which a configuration shows them."""


@cache
def setting_class(feature: str) -> "type[Setting]":
    """The class of a feature's settings. Raises InvalidValue for a feature that is not known."""
    place = FEATURES.get(feature)
    if place is None:
        near = get_close_matches(feature, FEATURES, n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise InvalidValue(f"there is no feature {feature!r}{hint}", subject=feature)
    module, _, name = place.partition(":")
    found: type[Setting] = getattr(import_module(f"{__name__}.{module}"), name)
    return found


def all_features() -> "Iterator[type[Setting]]":
    """The classes of all features, in order."""
    return (setting_class(feature) for feature in FEATURES)
