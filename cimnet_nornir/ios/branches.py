"""A tree that can be typed on, and the entries of access lists with their numbers."""

import re
from dataclasses import dataclass, field

from cimnet_nornir.errors import ConfigurationError
from cimnet_nornir.ios.acl_changes import FIRST_STEP
from cimnet_nornir.ios.tree import Node

_ENTRY = re.compile(r"(?:(?P<number>\d+) )?(?P<entry>\D.*)")


@dataclass(slots=True)
class Branch:
    """A line that can still change; `number` is the sequence number of an entry of an access list."""

    text: str
    children: list["Branch"] = field(default_factory=list)
    number: int | None = None


def branch_of(node: Node) -> Branch:
    """The node as something to type on."""
    return Branch(node.text, [branch_of(child) for child in node.children])


def node_of(branch: Branch) -> Node:
    """The branch as it has become."""
    return Node(branch.text, tuple(node_of(child) for child in branch.children))


def resequence(root: Branch, command: str, *, numbers_remarks: bool) -> None:
    """`ip access-list resequence NAME START STEP`.

    Raises ConfigurationError where there is no such list.
    """
    name, start, step = command.split(" ")[3:6]
    found = next((c for c in root.children if re.fullmatch(rf"ip access-list \S+ {re.escape(name)}", c.text)), None)
    if found is None:
        raise ConfigurationError(f"{command}: there is no access list {name}", subject=name)
    _number(found, int(start), int(step), numbers_remarks=numbers_remarks)


def _number(branch: Branch, start: int, step: int, *, numbers_remarks: bool) -> None:
    number = start
    for child in branch.children:
        if numbers_remarks or not child.text.startswith("remark"):
            child.number = number
            number += step


def type_entry(branch: Branch, text: str, *, numbers_remarks: bool) -> None:
    """A line typed in an access list: an entry with or without its number, or one that goes by its text or number.

    Raises ConfigurationError for an entry or a number that is there already.
    """
    if all(child.number is None for child in branch.children):
        _number(branch, FIRST_STEP, FIRST_STEP, numbers_remarks=numbers_remarks)
    if text.startswith("no "):
        gone = text.removeprefix("no ")
        branch.children = [c for c in branch.children if gone not in (c.text, str(c.number))]
        return
    match = _ENTRY.fullmatch(text)
    entry = match["entry"] if match else text
    numbers = [child.number for child in branch.children if child.number is not None]
    typed = int(match["number"]) if match and match["number"] else None
    if typed in numbers or any(child.text == entry for child in branch.children):
        raise ConfigurationError(f"{branch.text}: {text!r} is there already", subject=branch.text)
    unnumbered = entry.startswith("remark") and not numbers_remarks
    number = None if unnumbered else typed or max(numbers, default=0) + FIRST_STEP
    later = (i for i, c in enumerate(branch.children) if number is not None and (c.number or 0) > number)
    branch.children.insert(next(later, len(branch.children)), Branch(entry, number=number))
