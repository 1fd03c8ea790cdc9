"""Lines with a list of VLANs to which each command adds and from which each `no` takes away."""

from collections.abc import Callable
from typing import Final

from cimnet_nornir.lab.answers import Outcome
from cimnet_nornir.lab.config import Line
from cimnet_nornir.lab.rules import Change, Effect
from cimnet_nornir.lab.vlanlist import format_vlans, parse_vlans

NO_VLANS: Final[frozenset[int]] = frozenset()


def numbers(text: str) -> frozenset[int]:
    """The numbers of a list, of VLANs or of instances, which may be 0."""
    found: set[int] = set()
    for part in text.split(","):
        first, _, last = part.partition("-")
        found.update(range(int(first), int(last or first) + 1))
    return frozenset(found)


def vlans_of(line: Line | None) -> frozenset[int]:
    """The VLANs of such a line; none where there is no line."""
    return numbers(line.values["vlans"]) if line is not None else NO_VLANS


def keep(change: Change, key: tuple[str, ...], vlans: frozenset[int], text: str) -> None:
    """Show the line of that key with these VLANs, or not at all where there are none."""
    if not vlans:
        change.section.drop(*key)
        return
    values = {"vlans": format_vlans(vlans)}
    change.section.put(Line(key, text, change.rule.rank, (*key[1:], min(vlans)), values))


def listed(head: str) -> tuple[Effect, Effect]:
    """What `HEAD LIST` and `no HEAD LIST` do, for a feature that has one list."""

    def more(change: Change) -> Outcome:
        return _change(change, lambda now, given: now | given)

    def fewer(change: Change) -> Outcome:
        return _change(change, lambda now, given: now - given)

    def _change(change: Change, become: Callable[[frozenset[int], frozenset[int]], frozenset[int]]) -> Outcome:
        given = parse_vlans(change.values["vlans"])
        if isinstance(given, str):
            return given
        vlans = become(vlans_of(change.section.get(head)), given)
        keep(change, (head,), vlans, f"{head} {format_vlans(vlans)}")
        return ""

    return more, fewer


def one_value_a_vlan(
    change: Change, slot: str, given: frozenset[int], value: str, text: Callable[[str, str], str]
) -> None:
    """Give each VLAN of a list a value of its own (`""`: none); VLANs of one value are shown in one line.

    `text` makes the line of a list and its value.
    """
    groups: dict[str, frozenset[int]] = {line.key[1]: vlans_of(line) - given for line in change.section.all(slot)}
    if value:
        groups[value] = groups.get(value, NO_VLANS) | given
    for each, vlans in groups.items():
        keep(change, (slot, each), vlans, text(format_vlans(vlans), each))


def value_of(lines: list[Line], vlan: int, default: str) -> str:
    """The value that a VLAN has among the lines of `one_value_a_vlan`."""
    return next((line.key[1] for line in lines if vlan in vlans_of(line)), default)
