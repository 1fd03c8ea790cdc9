"""Private VLANs in the order in which a device takes them: the parts of a primary VLAN before what names them."""

from cimnet_nornir.ios.tree import Node

_NAMES_PARTS = "private-vlan association "


def parts_first(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
    """The lines of a configuration with primary VLANs behind all other VLANs."""
    primary = [node for node in nodes if node.text.startswith("vlan ") and _names_parts(node)]
    if not primary:
        return nodes
    rest = [node for node in nodes if node not in primary]
    last = max((index for index, node in enumerate(rest) if node.text.startswith("vlan ")), default=-1)
    return (*rest[: last + 1], *primary, *rest[last + 1 :])


def _names_parts(node: Node) -> bool:
    return any(child.text.startswith(_NAMES_PARTS) for child in node.children)
