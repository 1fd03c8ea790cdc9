"""What is observed laid over the graph of what is declared: the health of devices, and cables as they are heard."""

from collections.abc import Iterator
from typing import Any

from cimnet_nornir.application.cabling import Cable
from cimnet_nornir.application.cabling_of import network_cabling
from cimnet_nornir.application.device_status import device_statuses
from cimnet_nornir.application.service import NetworkService

Document = dict[str, Any]


def observed_graph(service: NetworkService, document: Document, at: int | None = None) -> Document:
    """A graph's JSON document with what was observed up to that moment.

    Devices have `health`, links `cabling` ("ok", "missing", "wrong", "unknown"). What two devices of the document hear
    of one another where no link is declared is an edge `heard`, whose `cabling` is "unexpected".
    """
    health = {f"device:{device}": status.health for device, status in device_statuses(service, at).items()}
    return with_observations(document, health, network_cabling(service, at))


def with_observations(document: Document, health: dict[str, str], cables: tuple[Cable, ...]) -> Document:
    """The document with the health of its devices, by their nodes, and the verdicts on its cables."""
    verdicts = {frozenset((cable.a, cable.b)): cable.verdict for cable in cables if cable.declared}
    known = {node["id"] for node in document["nodes"]}
    nodes = [{**node, "health": health[node["id"]]} if node["id"] in health else node for node in document["nodes"]]
    edges = [_with_verdict(edge, verdicts.get(_ends(edge))) for edge in document["edges"]]
    return {**document, "nodes": nodes, "edges": [*edges, *_heard(cables, known)]}


def _ends(edge: Document) -> frozenset[tuple[str, str]]:
    if edge["relation"] != "link":
        return frozenset()
    return frozenset(((edge["a"], edge["a_port"]), (edge["b"], edge["b_port"])))


def _with_verdict(edge: Document, verdict: str | None) -> Document:
    return edge if verdict is None else {**edge, "cabling": verdict}


def _heard(cables: tuple[Cable, ...], known: set[str]) -> Iterator[Document]:
    for cable in cables:
        source, target = f"device:{cable.a[0]}", f"device:{cable.b[0]}"
        if not cable.declared and {source, target} <= known:
            ends = {"a": cable.a[0], "a_port": cable.a[1], "b": cable.b[0], "b_port": cable.b[1]}
            key = f"heard {cable.a[1]} {cable.b[1]}"
            yield {"source": source, "target": target, "key": key, "relation": "heard", **ends, "cabling": "unexpected"}
