"""Route distinguishers that pass from one VRF to another: a device takes one from nobody, so that it is freed first."""

from collections.abc import Iterator

from cimnet_nornir.ios.rules import phases
from cimnet_nornir.ios.steps import Caution, Draft, Finding, Step
from cimnet_nornir.ios.tree import Config, Node

_HEADERS = ("vrf definition ", "ip vrf ")
_RD = "rd "


def freed_distinguishers(
    running: Config, intended: Config, former: Config | None
) -> tuple[Config, tuple[Finding, ...]]:
    """Running without the distinguishers that other VRFs are to get, and the steps that free them.

    A VRF of which intent never said anything keeps what it has.
    """
    wanted = {line: node.text for node in _vrfs(intended) if (line := _line(node))}
    ours = {node.text for config in (intended, former) if config is not None for node in _vrfs(config)}
    taken = [node for node in _vrfs(running) if wanted.get(_line(node), node.text) != node.text]
    freed = [node for node in taken if node.text in ours]
    findings: list[Finding] = []
    for index, node in enumerate(taken):
        line, taker = _line(node), wanted[_line(node)]
        if node not in freed:
            why = f"{node.text} has it, of which no intent says anything"
            findings.append(Caution(f"{taker}: the device will refuse {line}: {why}"))
            continue
        findings.append(Caution(f"{line} passes from {node.text} to {taker}: BGP forgets the routes of both"))
        findings.append(Draft((phases.VRF, -1, index), Step((node.text,), f"no {line}", (node.text, line), adds=False)))
    return Config(tuple(_without(node) if node in freed else node for node in running.nodes)), tuple(findings)


def _vrfs(config: Config) -> Iterator[Node]:
    return (node for node in config.nodes if node.text.startswith(_HEADERS))


def _line(node: Node) -> str:
    return next((child.text for child in node.children if child.text.startswith(_RD)), "")


def _without(node: Node) -> Node:
    return Node(node.text, tuple(child for child in node.children if not child.text.startswith(_RD)))
