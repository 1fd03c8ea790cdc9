"""Which commands each configuration mode has, and what its prompt says."""

from typing import Final

from cimnet_nornir.lab.features import accesslists, bgp, eigrp, interfaces, ospf, spanningtree, vlans, vrf
from cimnet_nornir.lab.features.addressing import ADDRESSING
from cimnet_nornir.lab.features.banners import BANNERS
from cimnet_nornir.lab.features.channels import CHANNELS
from cimnet_nornir.lab.features.first_hop import FIRST_HOP
from cimnet_nornir.lab.features.hardware import HARDWARE
from cimnet_nornir.lab.features.ipv6 import IPV6
from cimnet_nornir.lab.features.lines import LINE, LINES
from cimnet_nornir.lab.features.nat import NAT
from cimnet_nornir.lab.features.routes import ROUTES
from cimnet_nornir.lab.features.services import SERVICES
from cimnet_nornir.lab.features.switchport import SWITCHPORT
from cimnet_nornir.lab.features.system import ARCHIVE, ARCHIVE_LOG, CONTROL_PLANE, DHCP_POOL, SYSTEM, USERS
from cimnet_nornir.lab.features.tunnels import TUNNELS
from cimnet_nornir.lab.rules import Rule

GLOBAL: Final[tuple[Rule, ...]] = (
    *USERS,
    *SYSTEM,
    *SERVICES,
    *BANNERS,
    *vlans.VLANS,
    *spanningtree.SPANNING_TREE,
    *vrf.GLOBAL,
    *interfaces.GLOBAL,
    *NAT,
    *ROUTES,
    *eigrp.GLOBAL,
    *ospf.GLOBAL,
    *bgp.GLOBAL,
    *accesslists.ACCESS_LISTS,
    *LINES,
)
_LAYER3: Final = (*vrf.MEMBERS, *ADDRESSING, *IPV6, *FIRST_HOP, *TUNNELS)
_INTERFACE: Final = (*interfaces.COMMON, *HARDWARE, *SWITCHPORT, *CHANNELS, *spanningtree.PORT, *_LAYER3)

TABLES: Final[dict[str, tuple[Rule, ...]]] = {
    "config": GLOBAL,
    "config-if": _INTERFACE,
    "config-subif": _INTERFACE,
    "vrf": vrf.VRF,
    "ip-vrf": vrf.OLD_VRF,
    "vrf-family": vrf.VRF_FAMILY,
    "vlan": vlans.VLAN,
    "mst": spanningtree.MST,
    "router-eigrp": eigrp.ROUTER_EIGRP,
    "router-ospf": ospf.ROUTER_OSPF,
    "router-bgp": bgp.ROUTER_BGP,
    "router-bgp-af": bgp.ADDRESS_FAMILY,
    "standard-list": accesslists.STANDARD,
    "extended-list": accesslists.EXTENDED,
    "route-map": accesslists.ROUTE_MAP,
    "line": LINE,
    "archive": ARCHIVE,
    "archive-log": ARCHIVE_LOG,
    "dhcp-pool": DHCP_POOL,
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
    "router-ospf": "config-router",
    "router-bgp": "config-router",
    "router-bgp-af": "config-router-af",
    "standard-list": "config-std-nacl",
    "extended-list": "config-ext-nacl",
    "route-map": "config-route-map",
    "line": "config-line",
    "archive": "config-archive",
    "archive-log": "config-archive-log-cfg",
    "dhcp-pool": "dhcp-config",
    "control-plane": "config-cp",
}
