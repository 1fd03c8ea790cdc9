"""What the facade tells of the context graph: itself, parts and pictures of it, and answers to questions."""

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any, Literal

from cimnet_nornir.application.graph_following import GraphFollower
from cimnet_nornir.application.operations.core import Core

if TYPE_CHECKING:
    from networkx import MultiGraph

    from cimnet_nornir.projections.graph_impact import Impact
    from cimnet_nornir.projections.graph_loops import Loop
    from cimnet_nornir.projections.graph_neighbours import Neighbours
    from cimnet_nornir.projections.graph_paths import Ways
    from cimnet_nornir.projections.graph_vlans import VlanReach

GraphViewName = Literal["topology", "vlans", "hosts"]

_NO_STATUSES: Mapping[str, str] = {}


class Graphs(Core):
    """The context graph, now or as of a position. Things are meant as people name them: `acc1`, `vlan 100`, `web/shop`.

    Questions raise NotFound (DeviceNotFound, VlanNotFound) for a name that nothing has, InvalidInput for one that
    several things have.
    """

    def context_graph(self, at: int | None = None) -> "MultiGraph[str]":
        """The network as a networkx MultiGraph: devices, VLANs, subnets, containers and VMs, cables and relations.

        `cimnet_nornir.projections.graph` says what nodes and edges are called and what they carry. The graph's own
        attribute `position` says up to which event it is true.
        """
        from cimnet_nornir.projections.graph import context_graph

        intent = self.declared(at)
        graph = context_graph(intent.network)
        graph.graph["position"] = intent.position if at is None else at
        return graph

    def graph_follower(self) -> GraphFollower:
        """The graph for a program that stays: it takes in new events one by one."""
        return GraphFollower(self.store, self.network_name)

    def selected_graph(
        self,
        at: int | None = None,
        *,
        vlan: int | None = None,
        site: str | None = None,
        around: str | None = None,
        depth: int = 1,
        only: Collection[str] | None = None,
    ) -> "MultiGraph[str]":
        """The part of the graph that belongs to a VLAN, a site, and what is in reach of `depth` links of a thing.

        With `only` of these devices (ids), with what stands at or on them.
        """
        from cimnet_nornir.projections.graph_select import select

        return select(self.context_graph(at), vlan=vlan, site=site, around=around, depth=depth, only=only)

    def graph_document(self, graph: "MultiGraph[str]", *, view: GraphViewName | None = None) -> dict[str, Any]:
        """A graph of this service as a JSON document: network, environment, position, nodes and edges."""
        from cimnet_nornir.projections.graph_formats import graph_document
        from cimnet_nornir.projections.graph_select import viewed

        about = {"network": self.network_name, "environment": self.environment, "position": graph.graph["position"]}
        return {**about, **graph_document(graph if view is None else viewed(graph, view))}

    def graph_text(
        self,
        graph: "MultiGraph[str]",
        form: Literal["mermaid", "graphml", "dot", "svg"],
        *,
        view: GraphViewName | None = None,
        vlan: int | None = None,
        statuses: Mapping[str, str] = _NO_STATUSES,
        fold: int | None = None,
    ) -> str:
        """A graph in one of the formats; `view` None is all of it in GraphML, the topology elsewhere.

        `statuses` maps device ids to their health, for colours in Mermaid, where what is more than `fold` boxes (150)
        is folded; `vlan` is the one that a view of VLANs is about. Raises SettingsError where an SVG is asked for and
        Graphviz is missing.
        """
        from cimnet_nornir.application.graph_drawing import svg
        from cimnet_nornir.projections.graph_dot import dot
        from cimnet_nornir.projections.graph_formats import graphml
        from cimnet_nornir.projections.graph_select import viewed

        if form == "mermaid":
            return _mermaid(graph, view or "topology", vlan, statuses, fold)
        if form == "graphml":
            return graphml(graph if view is None else viewed(graph, view))
        drawn = viewed(graph, view or "topology")
        return dot(drawn) if form == "dot" else svg(dot(drawn), nodes=len(drawn))

    # --- questions ----------------------------------------------------------------------------------------------------

    def path(self, source: str, target: str, *, vlan: int | None = None, at: int | None = None) -> "Ways":
        """The shortest ways from one thing to another, by cables; with `vlan` only over links that carry it."""
        from cimnet_nornir.projections.graph_paths import ways_between

        return ways_between(self.context_graph(at), source, target, vlan=vlan)

    def impact(self, device: str, port: str | None = None, *, at: int | None = None) -> "Impact":
        """What is cut off when a device goes, or the link at one of its ports. Raises PortNotFound for no link."""
        from cimnet_nornir.projections.graph_impact import impact_of

        return impact_of(self.context_graph(at), device, port)

    def weak_points(self, at: int | None = None) -> "tuple[Impact, ...]":
        """The devices and single cables on which others hang, those first on which most does."""
        from cimnet_nornir.projections.graph_impact import weak_points

        return weak_points(self.context_graph(at))

    def loops(self, vlan: int | None = None, *, at: int | None = None) -> "tuple[Loop, ...]":
        """Where switches are joined in a circle in a VLAN, and what keeps spanning tree from breaking it."""
        from cimnet_nornir.projections.graph_loops import loops_in

        return loops_in(self.context_graph(at), vlan)

    def vlan_reach(self, vlan: int, *, at: int | None = None) -> "VlanReach":
        """How far a VLAN reaches: its parts, who is in each, and whether it is continuous."""
        from cimnet_nornir.projections.graph_vlans import reach_of

        return reach_of(self.context_graph(at), vlan)

    def neighbours(self, name: str, *, at: int | None = None) -> "Neighbours":
        """What stands beside a thing: the other ends of its cables, and what it is related to."""
        from cimnet_nornir.projections.graph_neighbours import neighbours_of

        return neighbours_of(self.context_graph(at), name)


def _mermaid(
    graph: "MultiGraph[str]", view: GraphViewName, vlan: int | None, statuses: Mapping[str, str], fold: int | None
) -> str:
    from cimnet_nornir.projections.mermaid import hosting_view, topology, vlan_view

    match view:
        case "topology":
            return topology(graph, statuses=statuses, fold=fold)
        case "vlans":
            return vlan_view(graph, vlan=vlan, fold=fold)
        case "hosts":
            return hosting_view(graph, fold=fold)
