"""Routing processes that are made anew, and the interfaces that a device takes out of them when the old one goes."""

import re
from collections.abc import Iterator

from cimnet_nornir.ios.tree import Config, Node

_PROCESS = re.compile(r"router ospf (?P<number>\d+)(?: vrf \S+)?|(?:ipv6 router ospf|router ospfv3) (?P<six>\d+)")
_JOINS = re.compile(r"ip ospf (?P<number>\d+) area \S+|(?:ipv6 ospf|ospfv3) (?P<six>\d+) (?:ipv6 )?area \S+")


def started_anew(running: Config, intended: Config) -> Config:
    """Running without the lines by which interfaces join a process that goes and comes back under another header.

    A process that moves into a VRF, or takes its other form, goes first, and the device drops those lines with it.
    """
    have, want = _processes(running), _processes(intended)
    anew = {number for number, header in have.items() if number in want and want[number] != header}
    return Config(tuple(_outside(node, anew) for node in running.nodes)) if anew else running


def _processes(config: Config) -> dict[tuple[str, str], str]:
    """The header of each process by its number; those of IPv4 and of IPv6 are counted apart."""
    return {number: node.text for node in config.nodes for number in _numbered(_PROCESS, node.text)}


def _numbered(pattern: re.Pattern[str], text: str) -> Iterator[tuple[str, str]]:
    match = pattern.fullmatch(text)
    if match is not None:
        yield ("4", match["number"]) if match["number"] else ("6", match["six"])


def _outside(node: Node, anew: set[tuple[str, str]]) -> Node:
    if not node.text.startswith("interface "):
        return node
    kept = (child for child in node.children if not anew.intersection(_numbered(_JOINS, child.text)))
    return Node(node.text, tuple(kept))
