"""Port-channels as a whole: what a device does to their ports by itself, and what it refuses.

What is typed on a port-channel is copied to its ports, so that those that are to leave it leave before. All leave one
that is to speak another protocol: a port that speaks otherwise than the others is refused ("Channel protocol mismatch
for interface Gi0/2 in group 1: the interface can not be added to the channel group").
"""

from collections.abc import Iterator, Mapping

from cimnet_nornir.ios.rules import phases
from cimnet_nornir.ios.rules.table import rule_for
from cimnet_nornir.ios.steps import Caution, Draft, Finding, Step, Unmodelled
from cimnet_nornir.ios.tree import Config, Node, by_header, find, sections, walk_nodes

_PROTOCOLS: Mapping[str, str] = {"active": "LACP", "passive": "LACP", "auto": "PAgP", "desirable": "PAgP"}
_JOINS = "channel-group "
_SHUTDOWN = Node("shutdown")


def leaving_members(running: Config, intended: Config) -> tuple[Config, list[Finding]]:
    """Running without the members that leave their port-channel, and the steps by which they do.

    One that is not intended any more is shut first, so that it never is a link by itself. One that is to stay shut in
    a port-channel that is opened is as if it were open: the device opens it too.
    """
    nodes: list[Node] = []
    findings: list[Finding] = []
    want = by_header(intended)
    for index, node in enumerate(running.nodes):
        line = _member_line(node)
        wanted = want.get(node.text)
        if line is None:
            nodes.append(node)
        elif _stays(line, wanted):
            opened = _is_opened(_group(line), running, intended)
            nodes.append(_without(node, _SHUTDOWN.text) if opened else node)
        else:
            shuts = wanted is None and _SHUTDOWN not in node.children
            findings += _steps(node.text, line, index, shuts=shuts)
            rest = _without(node, line)
            nodes.append(Node(rest.text, (*rest.children, *((_SHUTDOWN,) if shuts else ()))))
    return Config(tuple(nodes)), findings


def used_channels(running: Config, intended: Config) -> tuple[Config, list[Finding]]:
    """Running without the port-channels that intent only joins: the device made them when their first port came."""
    lines = (_member_line(node) for node in intended.nodes)
    joined = {f"interface Port-channel{_group(line)}" for line in lines if line is not None}
    only = joined - {node.text for node in intended.nodes}
    kept = [node for node in sections(running, "interface ") if node.text in only]
    findings: list[Finding] = [Unmodelled(path) for path in walk_nodes(kept, ())]
    return Config(tuple(node for node in running.nodes if node.text not in only)), findings


def _stays(line: str, wanted: Node | None) -> bool:
    """Whether a member is one of the same port-channel afterwards, by the same protocol."""
    new = None if wanted is None else _member_line(wanted)
    return new is not None and (_group(new), _protocol(new)) == (_group(line), _protocol(line))


def _is_opened(group: str, running: Config, intended: Config) -> bool:
    before, after = (find(config, (f"interface Port-channel{group}",)) for config in (running, intended))
    was_shut = before is not None and _SHUTDOWN in before.children
    return was_shut and after is not None and _SHUTDOWN not in after.children


def memberships(config: Config) -> dict[str, tuple[str, str]]:
    """The members of port-channels by their headers, each with the number of its own and the protocol it speaks."""
    lines = ((node.text, _member_line(node)) for node in sections(config, "interface "))
    return {header: (_group(line), _protocol(line)) for header, line in lines if line is not None}


def _steps(header: str, line: str, index: int, *, shuts: bool) -> Iterator[Finding]:
    if shuts:
        yield Caution(f"{header} is not intended any more: its lines go and it is shut")
        yield Draft((phases.RELEASE, index, 0), Step((header,), "shutdown", (header,), adds=False))
    yield Draft((phases.RELEASE, index, 1), Step((header,), "no channel-group", (header, line), adds=False))


def _without(node: Node, text: str) -> Node:
    return Node(node.text, tuple(child for child in node.children if child.text != text))


def _member_line(node: Node) -> str | None:
    """The line by which an interface is in a port-channel."""
    if not node.text.startswith("interface "):
        return None
    return next((child.text for child in node.children if child.text.startswith(_JOINS) and _group(child.text)), None)


def _group(line: str) -> str:
    return rule_for("interface", line).groups(line).get("group") or ""


def _protocol(line: str) -> str:
    mode = rule_for("interface", line).groups(line).get("mode") or ""
    return _PROTOCOLS.get(mode, mode)
