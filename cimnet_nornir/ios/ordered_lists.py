"""Lists whose entries decide in an order, where a device takes no entry twice and puts a new one where it is told.

Prefix lists and IPv6 access lists go by number: an entry that gets another one has to go first. Lists of AS paths and
of communities have no numbers on most images, so that a new entry comes last: what stands behind its place goes, and
comes again behind it.
"""

import re
from collections.abc import Iterator, Mapping

from cimnet_nornir.ios.rules import phases
from cimnet_nornir.ios.steps import Caution, Finding, removal
from cimnet_nornir.ios.tree import Config, Node, Path, by_header, sections, without

_NUMBERED = re.compile(r"(?P<list>(?:ip|ipv6) prefix-list \S+) seq (?P<number>\d+) (?P<body>.+)")
_ENTRY = re.compile(r"sequence (?P<number>\d+) (?P<body>.+)")
_ORDERED = re.compile(r"(?P<list>ip (?:as-path access-list|community-list(?: standard| expanded)?) \S+) (?!seq )\S+ .+")
_BEFORE = phases.FILTER - 1

Lines = dict[Path, list[Node]]
Order = tuple[int, ...]


def reordered(running: Config, intended: Config) -> tuple[Config, list[Finding]]:
    """Running without the entries that have to go before others come, and the steps that remove them."""
    gone = set(_renumbered(_prefixes(running), _prefixes(intended), _NUMBERED))
    later = _out_of_order(running, intended)
    lists = by_header(intended)
    for node in sections(running, "ipv6 access-list "):
        wanted = lists.get(node.text)
        if wanted is not None:
            path = (node.text,)
            gone |= set(_renumbered({path: list(node.children)}, {path: list(wanted.children)}, _ENTRY))
    if not gone and not later:
        return running, []
    numbered = {path: (_BEFORE, 1, number) for number, path in enumerate(p for p in _paths(running) if p in gone)}
    return without(running, gone | later.keys()), list(_removals({**numbered, **later}))


def _paths(config: Config) -> Iterator[Path]:
    for node in config.nodes:
        yield (node.text,)
        yield from ((node.text, child.text) for child in node.children)


def _prefixes(config: Config) -> Lines:
    """The entries of each prefix list."""
    found: Lines = {}
    for node in config.nodes:
        match = _NUMBERED.fullmatch(node.text)
        if match is not None:
            found.setdefault((match["list"],), []).append(node)
    return found


def _renumbered(running: Lines, intended: Lines, pattern: re.Pattern[str]) -> Iterator[Path]:
    """The entries that intent has under another number."""
    for key, nodes in running.items():
        wanted = {match["body"]: match["number"] for match in _entries(intended.get(key, []), pattern)}
        for match in _entries(nodes, pattern):
            if wanted.get(match["body"], match["number"]) != match["number"]:
                yield (match[0],) if pattern is _NUMBERED else (*key, match[0])


def _entries(nodes: list[Node], pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
    matches = (pattern.fullmatch(node.text) for node in nodes)
    return (match for match in matches if match is not None)


def _out_of_order(running: Config, intended: Config) -> dict[Path, Order]:
    """What stands behind the place of a new entry, or in another order than intended, and when it goes.

    Each goes just before it comes again, when what is to stand before it is there: the list is never empty.
    """
    found: dict[Path, Order] = {}
    wanted, places = by_list(intended), {node.text: index for index, node in enumerate(intended.nodes)}
    for name, entries in by_list(running).items():
        there = set(wanted.get(name, ()))
        kept = [entry for entry in entries if entry in there]
        if name in wanted and wanted[name][: len(kept)] != kept:
            same = next(i for i, entry in enumerate(kept) if wanted[name][i] != entry)
            found |= {(entry,): (phases.FILTER, places[entry] - 1, phases.BEHIND) for entry in kept[same:]}
    return found


def by_list(config: Config) -> dict[str, list[str]]:
    """The entries of each list that has no numbers, in their order."""
    found: dict[str, list[str]] = {}
    for node in config.nodes:
        match = _ORDERED.fullmatch(node.text)
        if match is not None:
            found.setdefault(match["list"], []).append(node.text)
    return found


def _removals(paths: Mapping[Path, Order]) -> Iterator[Finding]:
    for path, order in paths.items():
        yield Caution(f"{' / '.join(path)}: it goes before it comes in another place")
        yield removal(path, order)


# --- lists and groups that become another kind ------------------------------------------------------------------------

_LIST = re.compile(r"ip access-list (?P<kind>standard|extended) (?P<name>\S+)")
_GROUP = re.compile(r"object-group (?P<kind>network|service) (?P<name>\S+)")
_SAME_NAME = "the device has one of another kind by that name, and takes no second one; name this one otherwise"
_USE = re.compile(r"(?:ip access-group|access-class) (?P<name>\S+) .+")


def detached(running: Config, intended: Config) -> tuple[Config, list[Finding]]:
    """Running without the uses of access lists that are made anew as another kind, and the steps that take them off.

    While such a list is typed again, its first entries alone would decide.
    """
    groups = sorted(_changing(running, intended, _GROUP))
    told = [Caution(f"object-group {name}: {_SAME_NAME}") for name in groups]
    names = _changing(running, intended, _LIST)
    if not names:
        return running, list(told)
    wanted = set(_paths(intended))
    gone = [path for path in _paths(running) if len(path) > 1 and path in wanted and _uses(path[-1]) in names]
    removals = [removal(path, (_BEFORE, 0, number)) for number, path in enumerate(gone)]
    return without(running, set(gone)), [*told, *removals]


def _changing(running: Config, intended: Config, header: re.Pattern[str]) -> frozenset[str]:
    kinds = [
        {match["name"]: match["kind"] for node in config.nodes if (match := header.fullmatch(node.text))}
        for config in (running, intended)
    ]
    return frozenset(name for name, kind in kinds[0].items() if kinds[1].get(name, kind) != kind)


def _uses(line: str) -> str:
    match = _USE.fullmatch(line)
    return match["name"] if match else ""
