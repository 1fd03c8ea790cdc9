"""The context graph for whoever keeps it open: brought up to date by each event, from the log as it grows."""

import threading
from typing import Any

from cimnet_nornir.projections.graph_formats import graph_document
from cimnet_nornir.projections.graph_live import ContextGraph
from cimnet_nornir.projections.graph_select import select
from cimnet_nornir.projections.intent import intent_events, load_intent
from cimnet_nornir.store.port import EventStore


class GraphFollower:
    """The graph of one network, kept up to date; several threads may ask.

    `catch_up` takes in what was appended since; an event costs little beside making the graph anew.
    """

    def __init__(self, store: EventStore, network: str) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._live = ContextGraph(load_intent(store, network))
        self._document: dict[str, Any] | None = None

    @property
    def position(self) -> int:
        """The position up to which events were taken in."""
        with self._lock:
            return self._live.position

    def catch_up(self, until: int | None = None) -> bool:
        """Take in the events that were appended since, up to a position; whether any was the network's own."""
        with self._lock:
            moved = self._live.take_in(intent_events(self._store, after=self._live.position, until=until)) > 0
            if moved:
                self._document = None
            return moved

    def document(
        self, *, vlan: int | None = None, site: str | None = None, around: str | None = None, depth: int = 1
    ) -> dict[str, Any]:
        """Nodes and edges as `graph_document` of the facade has them, of the whole or what `selected_graph` leaves.

        Not to be changed. Raises what `selected_graph` does.
        """
        with self._lock:
            if (vlan, site, around) != (None, None, None):
                chosen = select(self._live.graph, vlan=vlan, site=site, around=around, depth=depth)
                return graph_document(chosen)
            if self._document is None:
                self._document = graph_document(self._live.graph)
            return self._document
