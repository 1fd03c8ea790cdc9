"""The entries of an access list, changed in place by sequence number, so that an applied list is never empty."""

from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from functools import lru_cache

from cimnet_nornir.domain.access_list_parts import AclAddress
from cimnet_nornir.ios.tree import Node

_STANDARD = "ip access-list standard "
FIRST_STEP = 10  # the distance of sequence numbers that IOS gives by itself


def acl_commands(running: Node, intended: Node, *, numbers_remarks: bool) -> Iterator[tuple[str, str, bool]]:
    """Commands for one list: (command, the entry it is about, whether it brings it); the first renumbers the list.

    A running configuration may not show sequence numbers, and those it had may be any: renumbering makes them known.
    New entries come before old ones go. An entry that moves has to go first, since a device refuses it twice; then at
    least one other stays. Entries go by their text, which is right whatever the numbers are.
    """
    old = [child.text for child in running.children]
    new = [child.text for child in intended.children]
    if not numbers_remarks:
        yield from _remarks(old, new)
        old, new = _rules(old), _rules(new)
    if old == new or (intended.text.startswith(_STANDARD) and _same_effect(old, new)):
        return
    kept, wanted = _kept(old, new), frozenset(new)
    moved = [entry for entry in old if entry in wanted and entry not in kept]
    added = _sequences(old, new, kept)
    step, name = _step(new, kept), intended.text.split(" ")[-1]
    yield f"ip access-list resequence {name} {step} {step}", "", True
    yield from ((f"no {entry}", entry, False) for entry in moved)
    yield from ((f"{number} {entry}", entry, True) for entry, number in added.items())
    yield from ((f"no {entry}", entry, False) for entry in old if entry not in wanted)


def _rules(entries: list[str]) -> list[str]:
    return [entry for entry in entries if not entry.startswith("remark")]


def _same_effect(old: list[str], new: list[str]) -> bool:
    """Whether two standard lists differ only in the order of entries that may change places.

    IOS shows the host entries of a standard list in an order of its own: those of one action, and those about
    different addresses, decide the same in any order.
    """
    if sorted(old) != sorted(new):
        return False
    places = {entry: index for index, entry in enumerate(old)}
    swapped = ((a, b) for index, b in enumerate(new) for a in new[:index] if places[a] > places[b])
    return all(_commute(a, b) for a, b in swapped)


def _commute(one: str, other: str) -> bool:
    try:
        (action, first), (second_action, second) = (_parsed(entry) for entry in (one, other))
    except ValueError:
        return False  # an entry of a form that is not known here stays in its place
    if first is None or second is None:
        return True  # a remark decides nothing
    return action == second_action or not first.overlaps(second)


@lru_cache(maxsize=4096)
def _parsed(entry: str) -> tuple[str, AclAddress | None]:
    """The action of an entry of a standard list, and its addresses; None for those of a remark."""
    action, _, rest = entry.partition(" ")
    return action, None if action == "remark" else AclAddress.model_validate(rest.removesuffix(" log"))


def _remarks(old: list[str], new: list[str]) -> Iterator[tuple[str, str, bool]]:
    """Classic IOS gives a remark no number, so only whether it is there can be changed."""
    have, want = (frozenset(entry for entry in side if entry.startswith("remark")) for side in (old, new))
    yield from ((entry, entry, True) for entry in new if entry in want - have)
    yield from ((f"no {entry}", entry, False) for entry in old if entry in have - want)


def _kept(old: list[str], new: list[str]) -> frozenset[str]:
    """The entries that stay where they are: the longest run of old that is in new in the same order."""
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    return frozenset(entry for block in blocks for entry in old[block.a : block.a + block.size])


def _step(new: list[str], kept: frozenset[str]) -> int:
    """A distance of numbers that leaves room for the longest run of new entries between two kept ones."""
    longest = run = 0
    for entry in new:
        run = 0 if entry in kept else run + 1
        longest = max(longest, run)
    return (longest // FIRST_STEP + 1) * FIRST_STEP


def _sequences(old: list[str], new: list[str], kept: frozenset[str]) -> Mapping[str, int]:
    """The number of each new entry: behind the kept entry before it, with the running list renumbered by one step."""
    step = _step(new, kept)
    places = {entry: place for place, entry in reversed([*enumerate(old, 1)])}
    numbers: dict[str, int] = {}
    last = 0
    for entry in new:
        if entry in kept:
            last = places[entry] * step
        else:
            last += 1
            numbers[entry] = last
    return numbers
