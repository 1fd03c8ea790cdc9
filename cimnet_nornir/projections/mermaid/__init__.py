"""The context graph as Mermaid text: topology, VLANs, and what runs on hosts."""

from cimnet_nornir.projections.mermaid.hosting_view import hosting_view
from cimnet_nornir.projections.mermaid.topology import topology
from cimnet_nornir.projections.mermaid.vlan_view import vlan_view

__all__ = ["hosting_view", "topology", "vlan_view"]
