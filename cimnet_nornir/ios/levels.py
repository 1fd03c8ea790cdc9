"""The lines of a section by what tells them apart, whose they are, and which of them a device drops by itself."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cimnet_nornir.ios.ordered import behind
from cimnet_nornir.ios.profiles import interface_kind
from cimnet_nornir.ios.rules.model import UNKNOWN, How, Identity, Owner, Rule
from cimnet_nornir.ios.rules.table import placed, rule_for
from cimnet_nornir.ios.tree import Node


@dataclass(frozen=True, slots=True)
class Entry:
    """A line with its rule and its number in its section."""

    rule: Rule
    node: Node
    index: int


Level = Mapping[Identity, Entry]


def level(kind: str, nodes: tuple[Node, ...]) -> Level:
    """The lines of a section by identity."""
    return {
        identity: Entry(rule, node, index)
        for index, node in enumerate(nodes)
        for rule, identity in (placed(kind, node.text),)
    }


def owned(entry: Entry, want: Level, own: Level) -> bool:
    """Whether intent decides over a running line that it does not have."""
    rule, text = entry.rule, entry.node.text
    if rule.how is How.INTERFACE and interface_kind(text.removeprefix("interface ")) == "other":
        return rule.identity(text) in own
    match rule.owner:
        case Owner.BASE:
            return True
        case Owner.OBJECT:
            return rule.identity(text) in own or (rule.whole and _has_object(entry, want, own))
        case Owner.SIBLING:
            others = (other for side in (want, own) for other in _siblings(side))
            return any(other.rule.thing(other.node.text) == rule.thing(text) for other in others)
        case Owner.FAMILY:
            return any(other.rule is rule for side in (want, own) for other in side.values())
        case Owner.NOBODY:
            return rule is UNKNOWN and rule.identity(text) in own


def _siblings(side: Level) -> Iterator[Entry]:
    return (entry for entry in side.values() if entry.rule.owner is Owner.SIBLING)


def _has_object(entry: Entry, *sides: Level) -> bool:
    """Whether one of the sides has another line of the object that the line is part of."""
    rule, key = entry.rule, entry.rule.groups(entry.node.text)["key"]
    return any(o.rule is rule and rule.groups(o.node.text)["key"] == key for side in sides for o in side.values())


def dropped_lines(have: Level, want: Level, own: Level) -> Mapping[str, bool]:
    """Running lines that the device drops by itself when another line of the section changes.

    With each, whether that other line is there afterwards, too: then what nobody's intent owns is typed again.
    """
    changing = [
        (entry, identity in want)
        for side in (have, want)
        for identity, entry in side.items()
        if entry.rule.clears and _changes(have.get(identity), want.get(identity), want, own)
    ]
    return {
        entry.node.text: stays
        for entry in have.values()
        for other, stays in changing
        if other.rule.drops(other.node.text, entry.node.text)
    }


def _changes(present: Entry | None, wanted: Entry | None, want: Level, own: Level) -> bool:
    if present is not None and wanted is not None:
        return present.node.text != wanted.node.text or is_remade(present, wanted)
    return present is None or owned(present, want, own)


def is_remade(present: Entry, wanted: Entry) -> bool:
    """Whether a section that cannot be changed has lines that differ."""
    if present.rule.how is not How.REMADE:
        return False
    kind = present.rule.opens
    have, want = (
        {child.text for child in entry.node.children if not rule_for(kind, child.text).says_default(child.text)}
        for entry in (present, wanted)
    )
    return have != want


def misplaced(have: Level, want: Level) -> frozenset[Identity]:
    """What stands in another place of a list than it should, which a device changes only by taking it out."""
    lists: dict[str, tuple[list[Identity], list[Identity]]] = {}
    for side, found in enumerate((have, want)):
        for identity, entry in found.items():
            if entry.rule.how is How.ORDERED:
                lists.setdefault(entry.rule.feature, ([], []))[side].append(identity)
    return frozenset(identity for running, wanted in lists.values() for identity in behind(running, wanted))
