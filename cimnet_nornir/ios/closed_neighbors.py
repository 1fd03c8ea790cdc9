"""BGP neighbours that come with filters: closed until these are there, since a session may come up in between.

A neighbour by IPv4 speaks IPv4 unicast from the line that brings it, and so does one of a VRF; any other is activated
when its filters are there, which is enough.
"""

from collections.abc import Iterator, Mapping

from cimnet_nornir.ios.neighbors import QUIET, Peer, Scope, is_address, is_ipv4, scopes_of
from cimnet_nornir.ios.rules.table import rule_for
from cimnet_nornir.ios.steps import Draft, Finding, Step
from cimnet_nornir.ios.tree import Config, Node, sections

_KIND = "router bgp"
_AFTER_ALL = 70  # in the section: when the families are told, too


def closed_meanwhile(running: Config, intended: Config) -> list[Finding]:
    """What shuts new neighbours with filters as soon as they are there, and opens them when all is said."""
    known = {node.text: scopes_of(node) for node in sections(running, "router bgp ")}
    findings: list[Finding] = []
    for place, node in enumerate(intended.nodes):
        if not node.text.startswith("router bgp "):
            continue
        by_itself = all(child.text != QUIET for child in node.children)
        for family, scope in scopes_of(node, place).items():
            before = known.get(node.text, {}).get(family)
            there = before.peers if before is not None else {}
            lines = _lines(node, family)
            for name in _exposed(scope.peers, there, everybody=bool(family), by_itself=by_itself):
                findings += _drafts(scope, name, lines)
    return findings


def _lines(process: Node, family: str) -> tuple[Node, ...]:
    return process.children if not family else next(n.children for n in process.children if n.text == family)


def _exposed(
    peers: Mapping[str, Peer], there: Mapping[str, Peer], *, everybody: bool, by_itself: bool
) -> Iterator[str]:
    """The new neighbours that speak before they are filtered."""
    for name, peer in peers.items():
        group = peers.get(peer.group, peer)
        filtered, shut = peer.filtered or group.filtered, peer.shut or group.shut
        speaks = is_address(name) if everybody else by_itself and is_ipv4(name)
        if name not in there and speaks and filtered and not shut:
            yield name


def _drafts(scope: Scope, name: str, lines: tuple[Node, ...]) -> Iterator[Finding]:
    """Right behind the line that brings the neighbour, and at the end of the section."""
    command = f"neighbor {name} shutdown"
    for index, line in enumerate(lines):
        if line.text.startswith((f"neighbor {name} remote-as ", f"neighbor {name} peer-group ")):
            path = (*scope.section, line.text)
            order = (*scope.order, rule_for(_KIND, line.text).order, index)
            yield Draft((*order, 0), Step(scope.section, command, path, adds=True))
            yield Draft((*scope.order, _AFTER_ALL, index), Step(scope.section, f"no {command}", path, adds=True))
            return
