"""Two configurations as a text for people: what goes, what comes, and the sections it stands in."""

from collections.abc import Iterator

from cimnet_nornir.ios.tree import Config, Node


def diff_text(running: Config, intended: Config) -> str:
    """The lines that differ, marked `-` (only running) or `+` (only intended), below the headers of their sections.

    Empty where nothing differs. Compare normalised configurations; mask secrets in the result, not before.
    """
    return "".join(f"{line}\n" for line in _differences(running.nodes, intended.nodes, 0))


def _differences(running: tuple[Node, ...], intended: tuple[Node, ...], depth: int) -> Iterator[str]:
    wanted = {node.text: node for node in intended}
    present = {node.text for node in running}
    for node in running:
        if node.text not in wanted:
            yield from _whole("-", node, depth)
            continue
        below = list(_differences(node.children, wanted[node.text].children, depth + 1))
        if below:
            yield f"  {' ' * depth}{node.text}"
            yield from below
    for node in intended:
        if node.text not in present:
            yield from _whole("+", node, depth)


def _whole(mark: str, node: Node, depth: int) -> Iterator[str]:
    yield from (f"{mark} {' ' * depth}{line}" for line in node.text.split("\n"))
    for child in node.children:
        yield from _whole(mark, child, depth + 1)
