"""Which commands each configuration mode has, and what its prompt says."""

from typing import Final

from cimnet_nornir.lab.features import (
    accesslists,
    bgp,
    eigrp,
    interfaces,
    layer2security,
    mst,
    ospf,
    spanningtree,
    vlans,
    vtp,
)
from cimnet_nornir.lab.features.addressing import ADDRESSING
from cimnet_nornir.lab.features.banners import BANNERS
from cimnet_nornir.lab.features.channels import CHANNEL_SETTINGS, CHANNELS
from cimnet_nornir.lab.features.lines import LINE, LINES
from cimnet_nornir.lab.features.portsecurity import PORT_SECURITY, STORM_CONTROL
from cimnet_nornir.lab.features.routes import ROUTES
from cimnet_nornir.lab.features.services import SERVICES
from cimnet_nornir.lab.features.switchport import SWITCHPORT
from cimnet_nornir.lab.features.system import ARCHIVE, ARCHIVE_LOG, CONTROL_PLANE, DHCP_POOL, SYSTEM, USERS
from cimnet_nornir.lab.rules import Rule

GLOBAL: Final[tuple[Rule, ...]] = (
    *USERS,
    *SYSTEM,
    *SERVICES,
    *BANNERS,
    *vtp.VTP,
    *vlans.VLANS,
    *spanningtree.SPANNING_TREE,
    *layer2security.LAYER2_SECURITY,
    *CHANNEL_SETTINGS,
    *interfaces.GLOBAL,
    *ROUTES,
    *eigrp.GLOBAL,
    *ospf.GLOBAL,
    *bgp.GLOBAL,
    *accesslists.ACCESS_LISTS,
    *LINES,
)
_INTERFACE: Final = (
    *interfaces.COMMON,
    *SWITCHPORT,
    *PORT_SECURITY,
    *STORM_CONTROL,
    *layer2security.PORT,
    *CHANNELS,
    *spanningtree.PORT,
    *ADDRESSING,
)

TABLES: Final[dict[str, tuple[Rule, ...]]] = {
    "config": GLOBAL,
    "config-if": _INTERFACE,
    "config-subif": _INTERFACE,
    "vlan": vlans.VLAN,
    "mst": mst.MST,
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
