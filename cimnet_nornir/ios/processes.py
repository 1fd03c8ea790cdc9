"""Routing processes that are made anew or change their router ids among them, and what a device drops with the old."""

import re
from collections.abc import Iterator

from cimnet_nornir.ios.rules import phases
from cimnet_nornir.ios.steps import Draft, Finding, Step
from cimnet_nornir.ios.tree import Config, Node, sections

_PROCESS = re.compile(r"router ospf (?P<number>\d+)(?: vrf \S+)?|(?:ipv6 router ospf|router ospfv3) (?P<six>\d+)")
_ROUTERS = ("router ospf", "ipv6 router ospf ")
_JOINS = re.compile(r"ip ospf (?P<number>\d+) area \S+|(?:ipv6 ospf|ospfv3) (?P<six>\d+) (?:ipv6 )?area \S+")


def started_anew(running: Config, intended: Config) -> Config:
    """Running without the lines by which interfaces join a process that goes and comes back under another header.

    A process that moves into a VRF, or takes its other form, goes first, and the device drops those lines with it.
    """
    have, want = _processes(running), _processes(intended)
    anew = {number for number, header in have.items() if number in want and want[number] != header}
    return Config(tuple(_outside(node, anew) for node in running.nodes)) if anew else running


def freed_router_ids(running: Config, intended: Config) -> tuple[Config, list[Finding]]:
    """Running without the router ids that another OSPF process is to get, and the steps that free them.

    A device refuses a router id that another of its processes has.
    """
    wanted = {line: node.text for node in sections(intended, "router ospf ") if (line := _router_id(node))}
    have, want = ({node.text for node in sections(config, "router ospf ")} for config in (running, intended))
    # A process that goes does so before a new one comes.
    there = [node for node in sections(running, "router ospf ") if node.text in want or not want - have]
    holders = {node.text: _router_id(node) for node in sections(running, "router ospf ")}
    moving = {line: name for line, name in wanted.items() if holders.get(name) != line}
    taken = [node for node in there if moving.get(_router_id(node), node.text) != node.text]
    findings: list[Finding] = []
    for index, node in enumerate(taken):
        step = Step((node.text,), "no router-id", (node.text, _router_id(node)), adds=False)
        findings.append(Draft((phases.ROUTING, -1, index), step))
    return Config(tuple(_without_id(node) if node in taken else node for node in running.nodes)), findings


def _router_id(node: Node) -> str:
    return next((child.text for child in node.children if child.text.startswith("router-id ")), "")


def _without_id(node: Node) -> Node:
    return Node(node.text, tuple(child for child in node.children if not child.text.startswith("router-id ")))


def _processes(config: Config) -> dict[tuple[str, str], str]:
    """The header of each process by its number; those of IPv4 and of IPv6 are counted apart."""
    headers = (node.text for word in _ROUTERS for node in sections(config, word))
    return {number: header for header in headers for number in _numbered(_PROCESS, header)}


def _numbered(pattern: re.Pattern[str], text: str) -> Iterator[tuple[str, str]]:
    match = pattern.fullmatch(text)
    if match is not None:
        yield ("4", match["number"]) if match["number"] else ("6", match["six"])


def _outside(node: Node, anew: set[tuple[str, str]]) -> Node:
    if not node.text.startswith("interface "):
        return node
    kept = (child for child in node.children if not anew.intersection(_numbered(_JOINS, child.text)))
    return Node(node.text, tuple(kept))
