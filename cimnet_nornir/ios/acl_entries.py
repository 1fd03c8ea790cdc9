"""Entries of access lists in the one form in which they are compared: no sequence number, masks and ports by name.

An entry of an IPv6 list keeps its number: a device shows it where it is not the one that it would give by itself.
"""

import re
from collections.abc import Iterable

from cimnet_nornir.ios.acl_parts import address_words, entry_parts, plain_service
from cimnet_nornir.ios.tree import Node

# "access-list" numbers (Cisco IOS Security Command Reference, "access-list (IP standard)" and "(IP extended)").
_STANDARD = (range(1, 100), range(1300, 2000))
_EXTENDED = (range(100, 200), range(2000, 2700))
_NUMBERED = re.compile(r"access-list (?P<number>\d+) (?P<entry>(?:permit|deny|remark|dynamic|evaluate) .+)")
_HEADER = re.compile(r"ip access-list (?P<kind>standard|extended) \S+")
_SEQUENCE = re.compile(r"\d+ +(?=permit|deny|remark|evaluate|dynamic)")
_IPV6 = re.compile(r"(?:sequence (?P<first>\d+) )?(?P<entry>.+?)(?: sequence (?P<last>\d+))?")
_STEP = 10
_NO_SERVICES = ("description ", "host ", "range ", "group-object ", "any")


def numbered_list(text: str) -> tuple[str, str] | None:
    """The section and the entry that an `access-list NUMBER …` line stands for; None for any other line."""
    match = _NUMBERED.fullmatch(text)
    if match is None:
        return None
    number = int(match["number"])
    for kind, ranges in (("standard", _STANDARD), ("extended", _EXTENDED)):
        if any(number in numbers for numbers in ranges):
            return f"ip access-list {kind} {number}", match["entry"]
    return None


def acl_node(node: Node) -> Node:
    """An access list with its entries in canonical form, each once, in order."""
    header = _HEADER.fullmatch(node.text)
    standard = header is not None and header["kind"] == "standard"
    entries = dict.fromkeys(canonical_entry(child.text, standard=standard) for child in node.children)
    return Node(node.text, tuple(Node(entry) for entry in entries))


def ipv6_entries(lines: Iterable[Node]) -> tuple[Node, ...]:
    """The entries of an IPv6 list in their order, each with its number: ten after the one before where none is said."""
    numbered: dict[int, str] = {}
    for line in lines:
        match = _IPV6.fullmatch(line.text)
        if match is not None:
            said = match["first"] or match["last"]
            number = int(said) if said else max(numbered, default=0) + _STEP
            parts = entry_parts(match["entry"], ipv6=True)
            numbered[number] = match["entry"] if parts is None else str(parts)
    return tuple(Node(f"sequence {number} {entry}") for number, entry in sorted(numbered.items()))


def group_members(lines: Iterable[Node]) -> tuple[Node, ...]:
    """The members of an object group, each once: a network of one address as a host, ports by name."""
    return tuple(Node(text) for text in dict.fromkeys(_member(line.text) for line in lines))


def _member(text: str) -> str:
    address, _, mask = text.partition(" ")
    if mask == "255.255.255.255":
        return f"host {address}"
    return plain_service(text) if text[0].isalpha() and not text.startswith(_NO_SERVICES) else text


def canonical_entry(text: str, *, standard: bool) -> str:
    """An entry without its sequence number, with `any` and `host` for their masks, and names as a device shows them."""
    entry = _SEQUENCE.sub("", text, count=1)
    if entry.startswith("remark"):
        return entry
    if standard:
        action, *words = entry.split(" ")
        source = address_words(words).removeprefix("host ")
        return " ".join((action, *([source] if source else []), *words))
    parts = entry_parts(entry)
    return entry if parts is None else str(parts)
