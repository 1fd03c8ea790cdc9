"""A networkx graph put together from parts, of which each can be replaced, and only the difference is made."""

from cimnet_nornir.domain.network import Link
from cimnet_nornir.projections.graph_parts import Attributes, EdgeId, Part, vlan_node

Unit = tuple[str, str | Link]
"""What a part is of: its kind, and an id, name or link."""

_NOTHING = Part()


class Assembly:
    """Parts, and the graph that they make: a node or edge is there as long as a part has it.

    An edge waits until both its ends are there: what stands on a device that is gone has no edge to it.
    """

    def __init__(self, name: str) -> None:
        from networkx import MultiGraph

        self.graph: MultiGraph[str] = MultiGraph(name=name)
        self._parts: dict[Unit, Part] = {}
        self._nodes: dict[str, dict[Unit, Attributes]] = {}
        self._edges: dict[EdgeId, dict[Unit, Attributes]] = {}
        # Dictionaries for their order: one network always gives one graph.
        self._at: dict[str, dict[EdgeId, None]] = {}

    def put(self, unit: Unit, part: Part | None) -> set[int]:
        """Put a part in the place of the one there was; returns the VLANs of whose nodes it says something new."""
        old, new = self._parts.get(unit, _NOTHING), part or _NOTHING
        changed = {node for node in old.nodes.keys() | new.nodes.keys() if old.nodes.get(node) != new.nodes.get(node)}
        for edge in old.edges.keys() - new.edges.keys():
            self._drop_edge(unit, edge)
        for node in old.nodes.keys() - new.nodes.keys():
            self._drop_node(unit, node)
        for node, attributes in new.nodes.items():
            if node in changed:
                self._hold_node(unit, node, attributes)
        for edge, attributes in new.edges.items():
            if old.edges.get(edge) != attributes:
                self._hold_edge(unit, edge, attributes)
        self._parts[unit] = new
        if part is None:
            del self._parts[unit]
        told = (part.nodes[node] for part in (old, new) for node in changed & part.nodes.keys())
        return {vlan for attributes in told if isinstance(vlan := attributes.get("vlan"), int)}

    def name_vlan(self, vlan: int, *, continuous: bool) -> None:
        """Give the node of a VLAN, where there is one, its name: that of the first device which has one for it."""
        node = vlan_node(vlan)
        if node not in self.graph:
            return
        named = ((unit[1], told["name"]) for unit, told in self._nodes[node].items() if told["name"])
        name = min(((str(device), str(name)) for device, name in named), default=("", ""))[1]
        label = f"VLAN {vlan} {name}".rstrip()
        self._set(node, {"kind": "vlan", "label": label, "vlan": vlan, "name": name, "continuous": continuous})

    def _hold_node(self, unit: Unit, node: str, attributes: Attributes) -> None:
        self._nodes.setdefault(node, {})[unit] = attributes
        if node in self.graph:
            # What is said of a VLAN as a whole comes afterwards.
            self._set(node, attributes)
            return
        self.graph.add_node(node, **attributes)
        for edge in self._at.get(node, ()):
            self._show(edge)

    def _set(self, node: str, attributes: Attributes) -> None:
        self.graph.nodes[node].clear()
        self.graph.nodes[node].update(attributes)

    def _drop_node(self, unit: Unit, node: str) -> None:
        holders = self._nodes[node]
        del holders[unit]
        if not holders:
            del self._nodes[node]
            self.graph.remove_node(node)

    def _hold_edge(self, unit: Unit, edge: EdgeId, attributes: Attributes) -> None:
        self._edges.setdefault(edge, {})[unit] = attributes
        for node in edge[:2]:
            self._at.setdefault(node, {})[edge] = None
        self._show(edge)

    def _show(self, edge: EdgeId) -> None:
        a, b, key = edge
        if a not in self.graph or b not in self.graph:
            return
        attributes = next(reversed(self._edges[edge].values()))
        self.graph.add_edge(a, b, key=key)
        self.graph.edges[edge].clear()
        self.graph.edges[edge].update(attributes)

    def _drop_edge(self, unit: Unit, edge: EdgeId) -> None:
        holders = self._edges[edge]
        del holders[unit]
        if holders:
            return
        del self._edges[edge]
        for node in {edge[0], edge[1]}:
            del self._at[node][edge]
        if self.graph.has_edge(*edge):
            self.graph.remove_edge(*edge)
