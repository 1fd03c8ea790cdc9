"""What on a device is nobody's business here: left as it is, and reported.

Intent has no word for these things, so that it cannot mean their removal: interfaces that are not among the declared
ports (a management port, say), what belongs to a VRF, and bundles of ports that it does not declare. What intent itself
brought earlier is its own, and goes when intent does not have it any more.
"""

import re
from collections.abc import Collection, Iterator

from cimnet_nornir.domain.interfaces import interface_type, is_interface, is_logical
from cimnet_nornir.ios.tree import Config, Node, Path, walk_nodes

_IN_A_VRF = re.compile(r"ip route vrf .+|ipv6 route vrf .+|router ospf \d+ vrf .+")
_JOINS_A_VRF = re.compile(r"(?:ip )?vrf forwarding .+")
_FOREIGN_LINES = re.compile(r"channel-group .+|channel-protocol .+|(?:ip )?vrf forwarding .+")


def left_alone(
    running: Config, intended: Config, former: Config | None, ports: Collection[str]
) -> tuple[Config, tuple[Path, ...]]:
    """Running without what is left alone, and the paths of that; all normalised. `ports` are the declared ones."""
    ours: dict[str, tuple[Node, ...]] = {}
    for node in (node for config in (former, intended) if config is not None for node in config.nodes):
        ours[node.text] = (*ours.get(node.text, ()), node)
    kept: list[Node] = []
    paths: list[Path] = []
    for node in running.nodes:
        if _is_foreign(node, ours, ports):
            paths += walk_nodes((node,), ())
            continue
        foreign = tuple(_foreign_lines(node, ours.get(node.text, ())))
        paths += ((node.text, child.text) for child in foreign)
        kept.append(Node(node.text, tuple(child for child in node.children if child not in foreign)))
    return Config(tuple(kept)), tuple(paths)


def _is_foreign(node: Node, ours: Collection[str], ports: Collection[str]) -> bool:
    if node.text in ours:
        return False
    if _IN_A_VRF.fullmatch(node.text):
        return True
    name = node.text.removeprefix("interface ")
    if name == node.text or not is_interface(name):
        return False
    if interface_type(name) == "Port-channel" or any(_JOINS_A_VRF.fullmatch(child.text) for child in node.children):
        return True
    return not is_logical(name) and name not in ports


def _foreign_lines(node: Node, mine: tuple[Node, ...]) -> Iterator[Node]:
    """Lines of an interface that join it to a bundle or a VRF, where intent never said anything of the kind itself."""
    if not node.text.startswith("interface "):
        return
    said = {_kind(child.text) for own in mine for child in own.children}
    for child in node.children:
        if _FOREIGN_LINES.fullmatch(child.text) and _kind(child.text) not in said:
            yield child


def _kind(line: str) -> str:
    """A line by what it is about: of a bundle by its first word, so that another number or mode is the same matter."""
    return "channel-group" if line.startswith("channel-group ") else line
