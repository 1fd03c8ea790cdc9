"""The context graph: devices, VLANs, subnets and what runs on hosts, with the cables and relations between them.

A networkx MultiGraph. Node and edge attributes are texts, numbers and booleans only, so that every format can carry
them. One network always gives the same graph, in the same order; `graph_live` has one that changes as events come.

Nodes, each with `kind` and `label`:

| node | kind | more |
| --- | --- | --- |
| `device:ID` | `device` | `device` (router, switch, host), `routing`, `platform`, `model`, `role`, `site`, |
| | | `management`, `spanning_tree` (the mode of a switch, else empty) |
| `vlan:10` | `vlan` | `vlan`, `name`, `continuous` (no islands among those who use it) |
| `subnet:10.0.10.0/24` | `subnet` | `prefix`, `version` (4 or 6) |
| `container-network:NAME` | `container network` | `driver`, `runtime`, `gateway`, `bridge` |
| `container:NETWORK/NAME` | `container` | `address`, `mac`, `image` |
| `vm-network:NAME` | `vm network` | `type` (bridged, nat, internal), `hypervisor` |
| `vm:NETWORK/NAME` | `vm` | `address`, `mac` |

Edges, each with `relation`:

| between | relation | more |
| --- | --- | --- |
| device and device | `link` | `a`, `a_port`, `b`, `b_port` (a is the lesser end), `vlans` that cross it between |
| | | switches ("10,20"), `speed` (Mbit/s by the types of the ports; 0 where they do not tell), |
| | | `a_bundle`, `b_bundle`, `a_mode`, `b_mode` where a port is a member of a bundle |
| host and host | `tunnel` | `network` (the overlay), `vxlan` (its id; 0 where the runtime chooses), `encrypted` |
| device and VLAN | `has vlan` | `tagged`, `untagged`: ports that carry it, with commas between |
| device and subnet | `address` | `interface`, `address` |
| VLAN and subnet | `subnet` | |
| container or VM network and VLAN, and subnet | `in vlan`, `in subnet` | |
| container or VM network and host | `on host` | `uplink`, `range` |
| container or VM and its network, and its host | `member of`, `runs on` | |
"""

from typing import TYPE_CHECKING

from cimnet_nornir.domain.network import Network
from cimnet_nornir.projections.graph_live import ContextGraph
from cimnet_nornir.projections.graph_order import ordered
from cimnet_nornir.projections.intent import Intent

if TYPE_CHECKING:
    from networkx import MultiGraph


def context_graph(network: Network) -> "MultiGraph[str]":
    """The context graph of a network; its name is the network's."""
    return ordered(ContextGraph(Intent(network)).graph)
