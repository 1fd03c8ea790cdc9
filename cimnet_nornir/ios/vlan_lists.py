"""Lines with a list of VLANs that grows by each command and shrinks by each `no`: as one line, and as a difference."""

import re
from collections.abc import Iterator, Sequence

from cimnet_nornir.domain.interfaces import format_vlan_list, parse_vlan_list
from cimnet_nornir.ios.branches import Branch
from cimnet_nornir.ios.rules.model import How, Rule
from cimnet_nornir.ios.rules.table import identity_of, rule_for, undo_of

NO_VLANS: frozenset[int] = frozenset()
# What IOS takes in one line of configuration.
LONGEST_LINE = 255
_LIST = re.compile(r"(?<= )\d[\d,-]*$")


def listed(rule: Rule, text: str) -> frozenset[int]:
    """The VLANs of such a line."""
    return parse_vlan_list(rule.groups(text)["vlans"] or "")


def with_list(text: str, vlans: frozenset[int]) -> str:
    """The line with another list, which stands at its end."""
    return _LIST.sub(format_vlan_list(vlans), text)


def joined(rule: Rule, before: str, text: str) -> str:
    """The one line that two of them come to."""
    return with_list(text, listed(rule, before) | listed(rule, text))


def list_commands(text: str, vlans: frozenset[int]) -> Iterator[str]:
    """The commands that bring these VLANs to the list of a line, each short enough for IOS."""
    room = LONGEST_LINE - len(_LIST.sub("", text))
    pieces = [""]
    for run in format_vlan_list(vlans).split(","):
        longer = f"{pieces[-1]},{run}" if pieces[-1] else run
        if len(longer) <= room:
            pieces[-1] = longer
        else:
            pieces.append(run)
    yield from (_LIST.sub(piece, text) for piece in pieces if piece)


def list_undos(rule: Rule, text: str, vlans: frozenset[int]) -> Iterator[str]:
    """The commands that take these VLANs from the list of a line."""
    yield from (rule.undo_of(line) for line in list_commands(text, vlans))


def type_list(branch: Branch, kind: str, text: str) -> bool:
    """Type a line that adds to a list or takes from one; False where the line is of another kind."""
    rule = rule_for(kind, text)
    if rule.how is How.LIST:
        same = (child for child in branch.children if identity_of(kind, child.text) == rule.identity(text))
        present = next(same, None)
        _put(branch, present, joined(rule, present.text, text) if present else text)
        return True
    if not _LIST.search(text):
        return False
    for child in branch.children:
        rule = rule_for(kind, child.text)
        if rule.how is How.LIST and (gone := _taken(rule, child.text, text)):
            rest = listed(rule, child.text) - gone
            _put(branch, child, with_list(child.text, rest) if rest else "")
            return True
    return False


def _taken(rule: Rule, present: str, text: str) -> frozenset[int]:
    """The VLANs that a line takes from the list of a present one."""
    found = _LIST.search(text)
    # Other lines end in a number, too, which need not be one of a VLAN.
    if found is None or _LIST.sub("", rule.undo_of(present)) != _LIST.sub("", text):
        return NO_VLANS
    return parse_vlan_list(found[0])


def _put(branch: Branch, present: Branch | None, text: str) -> None:
    if present is None:
        branch.children.append(Branch(text))
    elif text:
        present.text = text
    else:
        branch.children.remove(present)


def type_alike(branch: Branch, kind: str, lines: Sequence[str]) -> bool:
    """Type the lines that one list stands for, all at once; False where one of them is more than a plain setting.

    Each is looked up, not searched for: the list of a line may name 4,094 VLANs.
    """
    there = {identity_of(kind, child.text): child for child in reversed(branch.children)}
    undone = {undo_of(kind, child.text): child for child in reversed(branch.children)}
    met = [there.get(identity_of(kind, line)) or undone.get(line) for line in lines]
    texts = [*lines, *(child.text for child in met if child is not None)]
    if not all(_is_plain(rule_for(kind, text)) for text in texts) or len(set(lines)) < len(lines):
        return False
    gone = set()
    for line, child in zip(lines, met, strict=True):
        if child is None:
            branch.children.append(Branch(line))
        elif identity_of(kind, line) == identity_of(kind, child.text):
            child.text = line
        else:
            gone.add(id(child))
    branch.children = [child for child in branch.children if id(child) not in gone]
    return True


def _is_plain(rule: Rule) -> bool:
    beyond = rule.opens or rule.clears or rule.options or rule.undo_first or rule.adds_up
    return rule.how is How.PLAIN and not beyond
