"""Families of EIGRP in named mode as they are compared: what an interface says that all say is left out."""

from collections.abc import Iterator

from cimnet_nornir.ios.tree import Node

_DEFAULT = "af-interface default"
_PASSIVE = "passive-interface"


def without_repeats(lines: tuple[Node, ...]) -> tuple[Node, ...]:
    """The lines of a family, its interfaces without what the default says, too: that they are silent, or speak."""
    default = next((node for node in lines if node.text == _DEFAULT), Node(_DEFAULT))
    silent = any(child.text == _PASSIVE for child in default.children)
    return tuple(_without(node, _PASSIVE if silent else f"no {_PASSIVE}") for node in _default_first(lines))


def _default_first(lines: tuple[Node, ...]) -> Iterator[Node]:
    """What holds for all interfaces is told before what holds for some of them."""
    yield from (node for node in lines if node.text == _DEFAULT)
    yield from (node for node in lines if node.text != _DEFAULT)


def _without(node: Node, text: str) -> Node:
    if not node.text.startswith("af-interface ") or node.text == _DEFAULT:
        return node
    return Node(node.text, tuple(child for child in node.children if child.text != text))
