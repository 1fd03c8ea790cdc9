"""What one interface lets go of before another takes it: the VLAN of a sub-interface, a whole first-hop group.

A device refuses a VLAN that another sub-interface of the port has, and a group goes by one line rather than by many.
"""

import re
from collections.abc import Iterator

from cimnet_nornir.ios.rules import phases
from cimnet_nornir.ios.rules.model import UNKNOWN
from cimnet_nornir.ios.rules.table import rule_for
from cimnet_nornir.ios.steps import Draft, Finding, Step, removal
from cimnet_nornir.ios.tree import Config, Node, by_header, sections, walk_nodes

_TAG = re.compile(r"encapsulation dot1Q (?P<tag>\d+)(?: native)?(?P<inner> second-dot1q \S+)?")
_ADDRESS = re.compile(r"ip(?:v6)? (?:address|unnumbered) .+")
_GROUP = re.compile(r"(?:no )?(?P<group>(?:standby|vrrp) \d+) (?!address-family ).+")


def moved_tags(running: Config, intended: Config) -> tuple[Config, list[Finding]]:
    """Running without the sub-interfaces, or their tags, whose VLAN another one of the port is to get; and the steps.

    With the tag go the addresses; a sub-interface that is not intended goes whole.
    """
    wanted = {tag: node.text for node in sections(intended, "interface ") if (tag := _tag(node))}
    there = by_header(intended)
    nodes: list[Node] = []
    findings: list[Finding] = []
    for index, node in enumerate(running.nodes):
        tag = _tag(node)
        taker = node.text if tag is None else wanted.get(tag, node.text)
        if taker == node.text:
            nodes.append(node)
            continue
        whole = node.text not in there and not _knows_not_all(node)
        if whole:
            step = Step((), f"no {node.text}", (node.text,), adds=False)
            findings.append(Draft((phases.RELEASE, -1, index), step))
            continue
        gone = [child.text for child in node.children if _ADDRESS.fullmatch(child.text) or _TAG.fullmatch(child.text)]
        findings += list(_taken_back(node.text, gone, index))
        nodes.append(Node(node.text, tuple(child for child in node.children if child.text not in gone)))
    return Config(tuple(nodes)), findings


def _tag(node: Node) -> tuple[str, str, str] | None:
    """The port of a sub-interface and the tags it has there."""
    if not node.text.startswith("interface ") or "." not in node.text:
        return None
    match = next((match for child in node.children if (match := _TAG.fullmatch(child.text))), None)
    return None if match is None else (node.text.partition(".")[0], match["tag"], match["inner"] or "")


def _knows_not_all(node: Node) -> bool:
    return any(rule_for("interface", path[-1]) is UNKNOWN for path in walk_nodes(node.children, ()))


def _taken_back(header: str, lines: list[str], index: int) -> Iterator[Finding]:
    """The tag last, the primary address after the secondary ones."""
    for text in sorted(lines, key=_last):
        yield removal((header, text), (phases.RELEASE, -1, index, _last(text)))


def _last(text: str) -> int:
    return 2 if _TAG.fullmatch(text) else 0 if text.endswith(" secondary") else 1


def departing_groups(running: Config, intended: Config, former: Config | None) -> tuple[Config, list[Finding]]:
    """Running without the HSRP and VRRP groups that an earlier intent had and this one has not, and the steps."""
    if former is None:
        return running, []
    nodes: list[Node] = []
    findings: list[Finding] = []
    want, had = by_header(intended), by_header(former)
    for index, node in enumerate(running.nodes):
        wanted, owned = want.get(node.text), had.get(node.text)
        gone = frozenset() if wanted is None or wanted == owned else _groups(owned) - _groups(wanted)
        if not gone:
            nodes.append(node)
            continue
        lines = {group: [child.text for child in node.children if _is_of(child, group)] for group in sorted(gone)}
        for number, (group, texts) in enumerate((group, texts) for group, texts in lines.items() if texts):
            step = Step((node.text,), f"no {group}", (node.text, texts[0]), adds=False)
            findings.append(Draft((phases.RELEASE, -2, index, number), step))
        nodes.append(Node(node.text, tuple(c for c in node.children if not any(_is_of(c, group) for group in gone))))
    return Config(tuple(nodes)), findings


def _groups(node: Node | None) -> frozenset[str]:
    matches = (_GROUP.fullmatch(child.text) for child in (node.children if node is not None else ()))
    return frozenset(match["group"] for match in matches if match is not None)


def _is_of(child: Node, group: str) -> bool:
    return child.text.removeprefix("no ").startswith(f"{group} ")
