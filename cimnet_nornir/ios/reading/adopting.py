"""What no feature models: adopted into intent word for word, with secrets moved out; and what became of each line."""

import re
from collections.abc import Iterator

from cimnet_nornir.domain.comparison import Path
from cimnet_nornir.domain.features.blocks import ConfigurationBlock
from cimnet_nornir.domain.reading import LineClass, ReadLine
from cimnet_nornir.ios.canonical import canonical_line
from cimnet_nornir.ios.masking import mask_secrets, parts_of
from cimnet_nornir.ios.normalise import normalise
from cimnet_nornir.ios.profiles import Profile
from cimnet_nornir.ios.reading.draft import Draft
from cimnet_nornir.ios.references import secret_mark, without_marks
from cimnet_nornir.ios.rules.table import identity_of
from cimnet_nornir.ios.steps import section_kind
from cimnet_nornir.ios.tree import Config, Node, walk, walk_nodes

# A trunk's list may stand in several lines, which are one when they are compared.
_TYPE = re.compile(r" \d+ *$")
_IN_PIECES = "switchport trunk allowed vlan "


def adopt(tree: Config, owned: frozenset[Path], draft: Draft) -> None:
    """Put every line that the rendered draft does not have into blocks of the draft, in the order they stand in."""
    names: dict[str, int] = {}
    for section, nodes in _unowned(tree, owned, draft.profile):
        # A name is told wherever the block is: no secret stands in it.
        stem = mask_secrets(" / ".join(section) if section else nodes[0].text.split("\n")[0])
        names[stem] = names.get(stem, 0) + 1
        name = _short(stem if names[stem] == 1 else f"{stem} #{names[stem]}")
        lines = tuple(line for node in nodes for line in _texts(node, section, 0, draft))
        draft.add(ConfigurationBlock, name=name, section=section, lines=lines)


def _short(text: str) -> str:
    return " ".join(text.split())


def classified(tree: Config, owned: frozenset[Path], draft: Draft) -> Iterator[ReadLine]:
    """Each line of a configuration with what became of it."""
    unowned = {
        (*section, *path) for section, nodes in _unowned(tree, owned, draft.profile) for path in walk_nodes(nodes, ())
    }
    for node in tree.nodes:
        noise = not normalise(Config((node,)), draft.profile).nodes
        for path in walk_nodes((node,), ()):
            how: LineClass = "noise" if noise else "adopted" if path in unowned else "owned"
            yield ReadLine(path, how)


def _unowned(tree: Config, owned: frozenset[Path], profile: Profile) -> Iterator[tuple[Path, tuple[Node, ...]]]:
    """Runs of raw lines that are not owned, each with the section it stands in."""
    for node in _standing(tree.nodes, ()):
        yield from _in(node, (), owned, profile)


def _standing(nodes: tuple[Node, ...], above: Path) -> Iterator[Node]:
    """Lines without those that a later one of the same setting takes the place of."""
    kind = section_kind(tuple(canonical_line(header) for header in above))
    last: dict[tuple[str, ...], str] = {}
    said = [(node, canonical_line(node.text)) for node in nodes]
    for _, text in said:
        last[identity_of(kind, text)] = text
    for node, text in said:
        if last[identity_of(kind, text)] == text:
            yield node


def _in(node: Node, above: Path, owned: frozenset[Path], profile: Profile) -> Iterator[tuple[Path, tuple[Node, ...]]]:
    if _is_owned(node, above, owned, profile):
        return
    # A header that is there only for what is below it comes to nothing by itself.
    header = frozenset({tuple(map(canonical_line, (*above, node.text)))})
    known = _paths(_chain((*above, node.text)), profile) or header
    if not node.children or not known <= owned:
        yield above, (node,)
        return
    here = (*above, node.text)
    plain: list[Node] = []
    for child in _standing(node.children, here):
        if child.children and _paths(_chain((*here, child.text)), profile) <= owned:
            yield from _in(child, here, owned, profile)
        elif not _is_owned(child, here, owned, profile):
            plain.append(child)
    if plain:
        yield here, tuple(plain)


def _is_owned(node: Node, above: Path, owned: frozenset[Path], profile: Profile) -> bool:
    """Whether all that a line and the lines below it come to is in the rendered draft."""
    paths = _paths(_chain(above, node), profile)
    if paths <= owned:
        return True
    if node.text.startswith(_IN_PIECES) and not node.children:
        return any(path[-1].startswith(_IN_PIECES) and path[:-1] in {each[:-1] for each in paths} for path in owned)
    return False


def _chain(above: Path, node: Node | None = None) -> Config:
    """A configuration of one line with the headers above it."""
    last = node if node is not None else Node(above[-1])
    for text in reversed(above if node is not None else above[:-1]):
        last = Node(text, (last,))
    return Config((last,))


def _paths(config: Config, profile: Profile) -> frozenset[Path]:
    return frozenset(walk(normalise(config, profile)))


def _texts(node: Node, above: Path, depth: int, draft: Draft) -> Iterator[str]:
    """A line and those below it, their secrets moved out."""
    yield " " * depth + _without_secrets(node.text, above, draft)
    for child in node.children:
        yield from _texts(child, (*above, node.text), depth + 1, draft)


def _without_secrets(line: str, above: Path, draft: Draft) -> str:
    """A line with its secrets moved out, marks in their places; each is named after what stands before it."""
    parts = parts_of(line)
    found = parts[0]
    for secret, after in zip(parts[1::2], parts[2::2], strict=True):
        name = " ".join((*map(mask_secrets, above), _TYPE.sub("", without_marks(found))))
        found = f"{found}{secret_mark(draft.moved(secret, name))}{after}"
    return found
