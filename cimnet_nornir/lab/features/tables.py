"""Which commands each configuration mode has, and what its prompt says."""

from typing import Final

from cimnet_nornir.lab.features import (
    aaa_servers,
    accesslists,
    archives,
    bgp,
    dhcp,
    eigrp,
    eigrp_named,
    interfaces,
    layer2security,
    mst,
    objectgroups,
    ospf,
    ospfv3,
    privatevlans,
    qos,
    qosports,
    rip,
    sla,
    spanningtree,
    tracking,
    vlans,
    vrf,
    vrrp_v3,
    vtp,
)
from cimnet_nornir.lab.features.access import AAA_ACCOUNTING, USERS
from cimnet_nornir.lab.features.addressing import ADDRESSING
from cimnet_nornir.lab.features.banners import BANNERS
from cimnet_nornir.lab.features.channels import CHANNEL_SETTINGS, CHANNELS
from cimnet_nornir.lab.features.first_hop import FIRST_HOP
from cimnet_nornir.lab.features.global_lines import CONTROL_PLANE, GLOBAL_LINES
from cimnet_nornir.lab.features.hardware import HARDWARE
from cimnet_nornir.lab.features.ipv6 import IPV6
from cimnet_nornir.lab.features.ipv6lists import IPV6_LIST, IPV6_LISTS
from cimnet_nornir.lab.features.lines import LINE, LINES
from cimnet_nornir.lab.features.nat import NAT
from cimnet_nornir.lab.features.ntp import NTP
from cimnet_nornir.lab.features.ospf_interface import OSPF
from cimnet_nornir.lab.features.portsecurity import PORT_SECURITY, STORM_CONTROL
from cimnet_nornir.lab.features.prefixlists import PREFIX_LISTS
from cimnet_nornir.lab.features.remote import REMOTE
from cimnet_nornir.lab.features.routemaps import ROUTE_MAP, ROUTE_MAPS
from cimnet_nornir.lab.features.routes import ROUTES
from cimnet_nornir.lab.features.services import SERVICES
from cimnet_nornir.lab.features.snmp import SNMP
from cimnet_nornir.lab.features.switchport import SWITCHPORT
from cimnet_nornir.lab.features.syslog import SYSLOG
from cimnet_nornir.lab.features.system import SYSTEM
from cimnet_nornir.lab.features.tunnels import TUNNELS
from cimnet_nornir.lab.rules import Rule

GLOBAL: Final[tuple[Rule, ...]] = (
    *USERS,
    *SYSTEM,
    *SERVICES,
    *GLOBAL_LINES,
    *archives.GLOBAL,
    *SYSLOG,
    *NTP,
    *SNMP,
    *sla.GLOBAL,
    *tracking.GLOBAL,
    *dhcp.GLOBAL,
    *REMOTE,
    *aaa_servers.SERVERS,
    *BANNERS,
    *vtp.VTP,
    *vlans.VLANS,
    *spanningtree.SPANNING_TREE,
    *layer2security.LAYER2_SECURITY,
    *CHANNEL_SETTINGS,
    *qos.QOS,
    *qosports.SWITCH,
    *vrf.GLOBAL,
    *vrrp_v3.GLOBAL,
    *interfaces.GLOBAL,
    *NAT,
    *ROUTES,
    *eigrp.GLOBAL,
    *eigrp_named.GLOBAL,
    *ospf.GLOBAL,
    *rip.GLOBAL,
    *ospfv3.GLOBAL,
    *bgp.GLOBAL,
    *objectgroups.OBJECT_GROUPS,
    *accesslists.ACCESS_LISTS,
    *IPV6_LISTS,
    *PREFIX_LISTS,
    *ROUTE_MAPS,
    *LINES,
)
_LAYER3: Final = (*vrf.MEMBERS, *ADDRESSING, *IPV6, *FIRST_HOP, *vrrp_v3.INTERFACE, *TUNNELS)
_ROUTING: Final = (*OSPF, *eigrp.INTERFACE, *ospfv3.INTERFACE)
_INTERFACE: Final = (
    *interfaces.COMMON,
    *HARDWARE,
    *SWITCHPORT,
    *privatevlans.INTERFACE,
    *PORT_SECURITY,
    *STORM_CONTROL,
    *layer2security.PORT,
    *qosports.PORT,
    *CHANNELS,
    *spanningtree.PORT,
    *_LAYER3,
    *ADDRESSING,
    *OSPF,
    *eigrp.INTERFACE,
    *ospfv3.INTERFACE,
    *_ROUTING,
)

TABLES: Final[dict[str, tuple[Rule, ...]]] = {
    "config": GLOBAL,
    "config-if": _INTERFACE,
    "config-subif": _INTERFACE,
    "vrf": vrf.VRF,
    "ip-vrf": vrf.OLD_VRF,
    "vrf-family": vrf.VRF_FAMILY,
    "vlan": (*vlans.VLAN, *privatevlans.VLAN),
    "mst": mst.MST,
    "router-eigrp": eigrp.ROUTER_EIGRP,
    "eigrp-named": eigrp_named.NAMED,
    "eigrp-family": eigrp_named.FAMILY,
    "eigrp-interface": eigrp_named.INTERFACE,
    "eigrp-topology": eigrp_named.TOPOLOGY,
    "router-ospf": ospf.ROUTER_OSPF,
    **bgp.MODES,
    "router-rip": rip.ROUTER_RIP,
    "ipv6-router-ospf": ospfv3.OLD,
    "router-ospfv3": ospfv3.NEW,
    "router-ospfv3-af": ospfv3.FAMILY,
    "network-group": objectgroups.NETWORK,
    "service-group": objectgroups.SERVICE,
    "standard-list": accesslists.STANDARD,
    "extended-list": accesslists.EXTENDED,
    "ipv6-list": IPV6_LIST,
    "route-map": ROUTE_MAP,
    "vrrp-group": vrrp_v3.GROUP,
    "class-map": qos.CLASS_MAP,
    "policy-map": qos.POLICY_MAP,
    "policy-class": qos.POLICY_CLASS,
    "line": LINE,
    "aaa-group": aaa_servers.AAA_GROUP,
    "aaa-accounting": AAA_ACCOUNTING,
    "tacacs-server": aaa_servers.TACACS_SERVER,
    "radius-server": aaa_servers.RADIUS_SERVER,
    "ldap-server": aaa_servers.LDAP_SERVER,
    "archive": archives.ARCHIVE,
    "archive-log": archives.ARCHIVE_LOG,
    "dhcp-pool": dhcp.POOL,
    "ip-sla": sla.PROBES,
    "ip-sla-probe": sla.PROBE_DETAILS,
    "track": tracking.TRACK,
    "control-plane": CONTROL_PLANE,
}

PROMPTS: Final = {
    "config": "config",
    "config-if": "config-if",
    "config-subif": "config-subif",
    "vrf": "config-vrf",
    "ip-vrf": "config-vrf",
    "vrf-family": "config-vrf-af",
    "vlan": "config-vlan",
    "mst": "config-mst",
    "router-eigrp": "config-router",
    "eigrp-named": "config-router",
    "eigrp-family": "config-router-af",
    "eigrp-interface": "config-router-af-interface",
    "eigrp-topology": "config-router-af-topology",
    "router-ospf": "config-router",
    "router-rip": "config-router",
    "ipv6-router-ospf": "config-rtr",
    "router-ospfv3": "config-router",
    "router-ospfv3-af": "config-router-af",
    "router-bgp": "config-router",
    "router-bgp-af": "config-router-af",
    "router-bgp-af6": "config-router-af",
    "router-bgp-vrf": "config-router-af",
    "router-bgp-vrf6": "config-router-af",
    "network-group": "config-network-group",
    "service-group": "config-service-group",
    "standard-list": "config-std-nacl",
    "extended-list": "config-ext-nacl",
    "ipv6-list": "config-ipv6-acl",
    "route-map": "config-route-map",
    "vrrp-group": "config-if-vrrp",
    "class-map": "config-cmap",
    "policy-map": "config-pmap",
    "policy-class": "config-pmap-c",
    "line": "config-line",
    "aaa-group": "config-sg",
    "aaa-accounting": "config-acct-mlist",
    "tacacs-server": "config-server-tacacs",
    "radius-server": "config-radius-server",
    "ldap-server": "config-ldap-server",
    "archive": "config-archive",
    "archive-log": "config-archive-log-cfg",
    "dhcp-pool": "dhcp-config",
    "ip-sla": "config-ip-sla",
    "ip-sla-probe": "config-ip-sla-probe",
    "track": "config-track",
    "control-plane": "config-cp",
}
