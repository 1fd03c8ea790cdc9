"""Times the context graph of a large network: made from nothing, brought up to date by one event, and asked.

    python -m benchmarks.graph [--nodes 1000 10000]

The network is that of benchmarks/validation.py: sites of two distribution switches that route and eight access switches
at both of them, with 20 VLANs each. An event that moves a VLAN concerns cables, and who reaches whom in it; one that
describes a port concerns its switch alone.
"""

import argparse
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count
from uuid import UUID

from benchmarks.validation import DESK, PORTS, network, trunk
from cimnet_nornir.domain.envelope import Event, StoredEvent
from cimnet_nornir.domain.events import DeviceRenamed, PortConfigured
from cimnet_nornir.domain.network import Network
from cimnet_nornir.projections.graph import context_graph
from cimnet_nornir.projections.graph_formats import graph_document
from cimnet_nornir.projections.graph_impact import weak_points
from cimnet_nornir.projections.graph_live import ContextGraph
from cimnet_nornir.projections.graph_loops import loops_in
from cimnet_nornir.projections.graph_paths import ways_between
from cimnet_nornir.projections.intent import Intent

SITE, ACCESS, VLANS, SUBNETS = 10, 8, 20, 21
ROUNDS = 3


def best(work: Callable[[], object]) -> float:
    """The shortest of some rounds, in seconds."""
    found = float("inf")
    for _ in range(ROUNDS):
        began = time.perf_counter()
        work()
        found = min(found, time.perf_counter() - began)
    return found


def stored(number: int, event: Event) -> StoredEvent:
    now, ident = datetime.now(UTC), UUID(int=number)
    stream = "device:bench/s0-acc0"
    return StoredEvent(
        ident, stream, number, ident, ident, now, "bench", event, position=number, recorded_at=now, digest=""
    )


def one_event(live: ContextGraph, events: Iterator[Event]) -> Callable[[], object]:
    """Takes in the next event and looks at the graph."""

    def take_in() -> object:
        live.take_in((stored(live.position + 1, next(events)),))
        return live.graph

    return take_in


def measure(made: Network) -> None:
    """Print what a graph costs, and what an event does beside it."""
    graph = context_graph(made)
    whole = best(lambda: context_graph(made))
    print(f"{graph.number_of_nodes():6} nodes, {graph.number_of_edges():6} edges: {whole * 1000:8.0f} ms from nothing")
    live = ContextGraph(Intent(made))
    began = time.perf_counter()
    _ = live.graph
    print(f"{'':31} {(time.perf_counter() - began) * 1000:8.0f} ms to begin to follow it")
    for what, work in (
        ("as JSON", lambda: graph_document(graph)),
        ("all weak points", lambda: weak_points(graph)),
        ("all loops", lambda: loops_in(graph)),
        ("a way across", lambda: ways_between(graph, "s0-acc0", "s0-acc1")),
    ):
        print(f"{'':31} {best(work) * 1000:8.0f} ms {what}")
    kinds: dict[str, Iterator[Event]] = {
        "a name": (DeviceRenamed(name=f"n{number}") for number in count()),
        "a port": (PortConfigured(port=PORTS[0], configuration=described(number)) for number in count()),
        "a VLAN of a trunk": (
            PortConfigured(port=PORTS[46], configuration=trunk(range(10, 20 + number % 2))) for number in count()
        ),
    }
    for what, events in kinds.items():
        took = best(one_event(live, events))
        print(f"{'':31} {took * 1000:8.2f} ms an event, {what}: {whole / took:,.0f} times less")


def described(number: int) -> object:
    return DESK.model_copy(update={"description": f"desk {number}"})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nodes", type=int, nargs="+", default=[1_000, 10_000])
    for nodes in parser.parse_args().nodes:
        measure(network(nodes // (SITE + SUBNETS) or 1, ACCESS, VLANS))


if __name__ == "__main__":
    main()
