"""BGP neighbours that go whole, by one line, rather than by their lines one after another."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from cimnet_nornir.ios.bgp_families import FAMILY
from cimnet_nornir.ios.rules import phases
from cimnet_nornir.ios.steps import Caution, Draft, Finding, Step
from cimnet_nornir.ios.tree import Config, Node, Path, sections

_NEIGHBOR = re.compile(r"(?:no )?neighbor (?P<name>\S+) (?P<said>.+)")
_VRF = re.compile(r"address-family \S+ vrf .+")
_REMOTE_AS, _MEMBER = "remote-as ", "peer-group "
QUIET = "no bgp default ipv4-unicast"
_FILTER = re.compile(r"(?:route-map|prefix-list|distribute-list|filter-list) \S+ (?:in|out)")
_FIRST = 8  # in the section: before anything is said of a neighbour
_AFTER_ALL = 44  # when no line names a peer group any more
_FAMILIES = 60  # where the families stand in the process, see `rules.bgp`


@dataclass(slots=True)
class Peer:
    """A neighbour or a peer group: its first line, and what it cannot lose without going itself."""

    path: Path
    remote_as: str = ""
    group: str = ""
    shut: bool = False
    filtered: bool = False

    def add(self, said: str) -> None:
        if said.startswith(_REMOTE_AS):
            self.remote_as = said
        elif said.startswith(_MEMBER):
            self.group = said.removeprefix(_MEMBER)
        elif said.startswith("shutdown"):
            self.shut = True
        elif _FILTER.fullmatch(said):
            self.filtered = True


@dataclass(slots=True)
class Scope:
    """Where the neighbours of a name are the same: the process with its families, or the family of a VRF."""

    section: Path
    order: tuple[int, ...]
    peers: dict[str, Peer] = field(default_factory=dict)

    def read(self, node: Node, path: Path) -> None:
        for child in node.children:
            match = _NEIGHBOR.fullmatch(child.text)
            if match is not None:
                self.peers.setdefault(match["name"], Peer((*path, child.text))).add(match["said"])


def scopes_of(process: Node, place: int = 0) -> dict[str, Scope]:
    """The scopes of a process by the family they stand in, "" for that of the process itself."""
    found = {"": Scope((process.text,), (phases.ROUTING, place))}
    found[""].read(process, (process.text,))
    for index, child in enumerate(process.children):
        path = (process.text, child.text)
        if _VRF.fullmatch(child.text):
            found[child.text] = Scope(path, (phases.ROUTING, place, _FAMILIES, index))
            found[child.text].read(child, path)
        elif child.children:
            found[""].read(child, path)
    return found


def departing(running: Config, intended: Config) -> tuple[Config, list[Finding]]:
    """Running without the neighbours that go, or that have to be made anew, and the steps that remove them.

    One whose AS came from a peer group is gone with it, and one in a group cannot join another.
    """
    findings: list[Finding] = []
    nodes: list[Node] = []
    wanted = {node.text: (node, place) for place, node in enumerate(intended.nodes)}
    processes = {node.text for node in sections(running, "router bgp ")}
    for node in running.nodes:
        if node.text not in processes or node.text not in wanted:
            nodes.append(node)
            continue
        removed: dict[str, frozenset[str]] = {}
        present = scopes_of(node)
        for name, scope in scopes_of(*wanted[node.text]).items():
            if name in present:
                before = present[name].peers
                gone = frozenset(before) - frozenset(scope.peers)
                anew = _anew(before, scope.peers, gone)
                removed[name] = gone | anew
                findings += _removals(scope, before, gone, _AFTER_ALL)
                findings += _removals(scope, before, anew, _FIRST)
        nodes.append(_without(node, removed))
    return Config(tuple(nodes)), findings


def _anew(before: dict[str, Peer], after: dict[str, Peer], gone: frozenset[str]) -> frozenset[str]:
    """The neighbours that stay and have to be removed all the same, with the members of such groups."""
    broken = {name for name in before if name not in gone and not _survives(name, before[name], after)}
    groups = broken | gone
    return frozenset(broken | {name for name, peer in before.items() if peer.group in groups and name not in gone})


def _survives(name: str, peer: Peer, after: dict[str, Peer]) -> bool:
    """Whether it becomes what is wanted by lines that are typed: it leaves no group, and loses no AS to one.

    A group without the AS that it had would go with its members.
    """
    wanted = after[name]
    taken = not is_address(name) or (wanted.group in after and after[wanted.group].remote_as)
    return peer.group in ("", wanted.group) and not (peer.remote_as and not wanted.remote_as and taken)


def arriving(running: Config, intended: Config) -> list[Finding]:
    """What takes new neighbours out of IPv4 unicast again: each by IPv4 is in it by itself, whatever is intended."""
    findings: list[Finding] = []
    known = {node.text: scopes_of(node)[""].peers for node in sections(running, "router bgp ")}
    for place, node in enumerate(intended.nodes):
        family = next((i for i, child in enumerate(node.children) if child.text == FAMILY), None)
        if not node.text.startswith("router bgp ") or family is None or any(c.text == QUIET for c in node.children):
            continue
        active = {child.text for child in node.children[family].children}
        order = (phases.ROUTING, place, _FAMILIES, family, 33)
        for number, (name, peer) in enumerate(scopes_of(node)[""].peers.items()):
            command = f"neighbor {name} activate"
            if is_ipv4(name) and name not in known.get(node.text, {}) and command not in active:
                step = Step((node.text, FAMILY), f"no {command}", peer.path, adds=True)
                findings.append(Draft((*order, number), step))
    return findings


def _removals(scope: Scope, before: dict[str, Peer], names: Iterable[str], when: int) -> Iterator[Finding]:
    """Members before their groups, which would take them along."""
    for number, name in enumerate(sorted(names, key=lambda name: (not is_address(name), list(before).index(name)))):
        command = f"no neighbor {name}" if is_address(name) else f"no neighbor {name} peer-group"
        yield Caution(f"{' / '.join(scope.section)}: no neighbor {name} ends its session")
        yield Draft((*scope.order, when, number), Step(scope.section, command, before[name].path, adds=False))


def is_ipv4(name: str) -> bool:
    return name[0].isdigit() and ":" not in name


def is_address(name: str) -> bool:
    return name[0].isdigit() or ":" in name


def _without(process: Node, removed: dict[str, frozenset[str]]) -> Node:
    """The process without the lines of the neighbours that are removed from each scope."""
    own = removed.get("", frozenset())
    children = []
    for child in process.children:
        inside = removed.get(child.text, frozenset()) if _VRF.fullmatch(child.text) else own
        if not _about(child, own):
            children.append(Node(child.text, tuple(line for line in child.children if not _about(line, inside))))
    return Node(process.text, tuple(children))


def _about(line: Node, names: frozenset[str]) -> bool:
    match = _NEIGHBOR.fullmatch(line.text)
    return match is not None and match["name"] in names
