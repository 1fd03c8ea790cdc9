"""Classes and shares of policies that have to be let go before they are told otherwise.

A device keeps a class map as it is while somebody names it, and takes no share that would come to more than there is.
"""

import re
from collections.abc import Iterator

from cimnet_nornir.ios.rules import phases
from cimnet_nornir.ios.steps import Caution, Finding, removal
from cimnet_nornir.ios.tree import Config, Node, Path, without

_CLASS = re.compile(r"class-map (?P<rule>match-\S+) (?P<name>\S+)")
_USE = re.compile(r"(?:class|match (?:not )?class-map) (?P<name>\S+)")
_SHARE = re.compile(r"(?P<kind>(?:bandwidth|priority)(?: remaining)?(?: percent)?).*")
_BEFORE_CLASSES = phases.FILTER + 1
_BEFORE_POLICIES = phases.FILTER + 2


def class_uses(running: Config, intended: Config, former: Config | None = None) -> tuple[Config, list[Finding]]:
    """Running without the uses of class maps that are made anew with another rule, and the steps that take them back.

    All of their matches hold, or any: that is said when they are made. A policy of which intent never said anything
    keeps its classes.
    """
    kinds = [
        {m["name"]: m["rule"] for n in side.nodes if (m := _CLASS.fullmatch(n.text))} for side in (running, intended)
    ]
    changing = {name for name, rule in kinds[0].items() if kinds[1].get(name, rule) != rule}
    wanted = {node.text for config in (intended, former) if config is not None for node in config.nodes}
    gone: set[Path] = set()
    findings: list[Finding] = []
    for path, name in _uses(running) if changing else ():
        if name not in changing:
            continue
        if path[0] not in wanted and not _CLASS.fullmatch(path[0]):
            findings.append(Caution(f"class map {name} cannot change while {path[0]}, which is not intended, names it"))
            continue
        gone.add(path)
        findings.append(Caution(f"{' / '.join(path)}: it goes before class map {name} is made anew"))
        findings.append(removal(path, (_BEFORE_CLASSES, 0, len(gone))))
    return without(running, gone), findings


def _uses(config: Config) -> Iterator[tuple[Path, str]]:
    for node in config.nodes:
        for child in node.children if node.text.startswith(("policy-map ", "class-map ")) else ():
            match = _USE.fullmatch(child.text)
            if match is not None:
                yield (node.text, child.text), match["name"]


def freed_shares(running: Config, intended: Config) -> tuple[Config, list[Finding]]:
    """Running without the shares that change where others of their policy come or change, too; and the steps."""
    wanted = {node.text: node for node in intended.nodes if node.text.startswith("policy-map ")}
    gone: set[Path] = set()
    findings: list[Finding] = []
    for node in running.nodes:
        if node.text in wanted:
            for path in _in_the_way(node, wanted[node.text]):
                gone.add(path)
                findings.append(removal(path, (_BEFORE_POLICIES, 0, len(gone))))
    return without(running, gone), findings


def _in_the_way(have: Node, want: Node) -> Iterator[Path]:
    before, after = _shares(have), _shares(want)
    changed = {name for name in before if name in after and after[name] != before[name]}
    others = len(changed) > 1 or any(name not in before for name in after)
    for name in sorted(changed):
        if others or _kind(before[name]) != _kind(after[name]):
            yield have.text, name, before[name]


def _shares(policy: Node) -> dict[str, str]:
    found = ((each.text, line.text) for each in policy.children for line in each.children)
    return {name: line for name, line in found if _SHARE.fullmatch(line)}


def _kind(line: str) -> str:
    match = _SHARE.fullmatch(line)
    return match["kind"] if match else ""
