"""The order in which top-level lines are sent: what others depend on first when brought, last when taken back."""

GLOBAL = 10
VRF = 15
VLAN = 20
FILTER = 25  # ACLs, prefix lists and route maps, before what applies them
RELEASE = 30  # addresses that another interface is about to take
LOGICAL = 35  # SVIs, loopbacks and port-channels, before the members of a channel
PHYSICAL = 40
SUBINTERFACE = 45  # when its port is routed
SPANNING_TREE = 50
ROUTE = 55  # a new route before …
ROUTING = 60
JOINING = 62  # an interface takes part when its process has its router id and knows whether it is passive
ROUTE_UNDO = 65  # … the old one goes
ROUTING_UNDO = 70
NAT_UNDO = 71  # what is translated otherwise lets go of its addresses …
NAT_POOL = 72
NAT = 73  # … before they are given out anew
SERVICE = 75
PARK = 80  # ports of which intent says nothing any more
LOGICAL_UNDO = 82
FILTER_UNDO = 85
VLAN_UNDO = 90  # when no port and no SVI uses it
GLOBAL_UNDO = 92
BANNER = 95  # they are sent in a call of their own
HOSTNAME = 97  # last: it changes the prompt that the sender waits for
