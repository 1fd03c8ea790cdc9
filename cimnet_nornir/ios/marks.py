"""Running lines that hold the very secret which a mark of the intent stands for, told by the mark."""

from collections.abc import Iterator

from cimnet_nornir.errors import ConfigurationError
from cimnet_nornir.ios.references import Resolver, has_mark, revealed
from cimnet_nornir.ios.tree import Config, Node


def marked(running: Config, intended: Config, resolve: Resolver | None) -> Config:
    """Running with the intended form of each line that differs from it by the mark of a secret alone.

    So such a line is the same to whoever compares, of whatever kind it is. Both are normalised.
    """
    if not any(has_mark(text) for node in intended.nodes for text in _texts(node)):
        return running
    return Config(tuple(_marked(running.nodes, intended.nodes, resolve)))


def _marked(running: tuple[Node, ...], intended: tuple[Node, ...], resolve: Resolver | None) -> Iterator[Node]:
    clear = {text: node.text for node in intended if has_mark(node.text) and (text := _clear(node.text, resolve))}
    known = {node.text: node for node in intended}
    for node in running:
        text = clear.get(node.text, node.text)
        wanted = known.get(text)
        below = _marked(node.children, wanted.children, resolve) if wanted is not None else node.children
        yield Node(text, tuple(below))


def _clear(text: str, resolve: Resolver | None) -> str | None:
    """A line with its secrets; None where one is not there, which is told when it is to be sent."""
    try:
        return revealed(text, resolve)
    except ConfigurationError:
        return None


def _texts(node: Node) -> Iterator[str]:
    yield node.text
    for child in node.children:
        yield from _texts(child)
