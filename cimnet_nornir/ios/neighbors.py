"""BGP neighbours that go whole, by one line, rather than by their lines one after another."""

import re
from collections.abc import Iterator

from cimnet_nornir.ios.rules import phases
from cimnet_nornir.ios.steps import Caution, Draft, Finding, Step
from cimnet_nornir.ios.tree import Config, Node, Path, sections, walk_nodes

_NEIGHBOR = re.compile(r"(?:no )?neighbor (?P<name>\S+) .+")
_AFTER_ALL = 44  # in the section: when no line names a peer group any more


def _names(node: Node) -> dict[str, Path]:
    """Each neighbour of a BGP process with the path of its first line."""
    found: dict[str, Path] = {}
    for path in walk_nodes((node,), ()):
        match = _NEIGHBOR.fullmatch(path[-1])
        if match is not None:
            found.setdefault(match["name"], path)
    return found


def departing(running: Config, intended: Config) -> tuple[Config, list[Finding]]:
    """Running without the neighbours that intent's process does not have at all, and the steps that remove them."""
    findings: list[Finding] = []
    nodes: list[Node] = []
    wanted = {node.text: _names(node) for node in sections(intended, "router bgp ")}
    places = {node.text: index for index, node in enumerate(intended.nodes)}
    for node in running.nodes:
        if node.text not in wanted:
            nodes.append(node)
            continue
        gone = {name: path for name, path in _names(node).items() if name not in wanted[node.text]}
        findings += list(_removals(node.text, gone, places[node.text]))
        nodes.append(_without(node, frozenset(gone)))
    return Config(tuple(nodes)), findings


def _removals(header: str, gone: dict[str, Path], index: int) -> Iterator[Finding]:
    for number, (name, path) in enumerate(gone.items()):
        command = f"no neighbor {name}" if name[0].isdigit() or ":" in name else f"no neighbor {name} peer-group"
        order = (phases.ROUTING, index, _AFTER_ALL, number)
        yield Caution(f"{header}: no neighbor {name} ends its session")
        yield Draft(order, Step((header,), command, path, adds=False))


def _without(node: Node, gone: frozenset[str]) -> Node:
    def stays(child: Node) -> bool:
        match = _NEIGHBOR.fullmatch(child.text)
        return match is None or match["name"] not in gone

    return Node(node.text, tuple(_without(child, gone) for child in node.children if stays(child)))
