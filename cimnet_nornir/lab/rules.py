"""Configuration rules: how a line that was understood changes the configuration, as data with a few hooks."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Literal

from cimnet_nornir.lab.answers import Outcome
from cimnet_nornir.lab.config import Line, Section, SortKey
from cimnet_nornir.lab.grammar import Match, Node, Variant, add_variant, variants

if TYPE_CHECKING:
    from cimnet_nornir.lab.device import Device

Effect = Callable[["Change"], Outcome]
# Which form the running configuration shows: `shutdown`, only `no cdp enable`, or whichever was said last.
Shown = Literal["positive", "negative", "both"]


@dataclass(frozen=True, slots=True)
class Rule:
    """One configuration command of a mode.

    A line is identified by the words its pattern begins with (`slot`) and the values named by `key`: a second line of
    the same identity replaces the first. `needs` names the features a platform or interface must have (words all
    needed, `|` between alternatives); `enters` is the mode it opens; `default` is the text that is never shown;
    `removable` is how many of the key values the `no` form needs (all, if not said), `least` how many words and values
    it needs at any rate; a `quiet` mode is shown only while something in it is set.
    """

    pattern: str
    rank: int = 0
    key: tuple[str, ...] = ()
    needs: str = ""
    enters: str = ""
    shown: Shown = "positive"
    default: str = ""
    slot: str = ""
    removable: int | None = None
    least: int = 0
    effect: Effect | None = None
    undo: Effect | None = None
    order: Callable[[Mapping[str, str]], SortKey] | None = None
    ending: tuple[str, ...] = ()
    quiet: bool = False

    @property
    def head(self) -> str:
        """The words before the first argument, choice or option."""
        plain = []
        for piece in self.pattern.split():
            if piece[0] in "<{[":
                break
            plain.append(piece)
        return " ".join(plain)

    @property
    def identity(self) -> str:
        """The first part of the key of its lines."""
        return self.slot or self.head

    def no_length(self, variant: Variant) -> int:
        """How many elements of a variant its `no` form needs."""
        needed = self.key[: len(self.key) if self.removable is None else self.removable]
        positions = [position for position, element in enumerate(variant, start=1) if element.name in needed]
        return max([len(self.head.split()), self.least, *positions])


@dataclass(slots=True)
class Change:
    """One line being applied to one section of one device's configuration."""

    device: "Device"
    section: Section
    rule: Rule
    match: Match[Rule]
    negated: bool = False
    owner: Line | None = None
    # Whether it was typed on a port-channel, and is copied to one of its ports.
    copied: bool = False
    # Whether it is taken back by `default`, so that not even its `no` is left.
    defaulted: bool = False
    # The lines whose mode is entered, the new prompt's mode if it is not the rule's, and whether the mode is left.
    entered: list[Line] = field(default_factory=list)
    mode: str = ""
    leave: bool = False

    @property
    def values(self) -> Mapping[str, str]:
        """The values in the line."""
        return self.match.values

    @property
    def interface(self) -> str:
        """The name of the interface whose mode the line is given in."""
        return self.owner.values.get("name", "") if self.owner is not None else ""


def with_values(change: Change, values: Mapping[str, str]) -> Change:
    """The same change, with other values in its line."""
    return replace(change, match=replace(change.match, values=values))


def apply(change: Change) -> Outcome:
    """Let the line take effect; returns what the device says."""
    rule = change.rule
    if change.negated:
        return rule.undo(change) if rule.undo else remove(change)
    return rule.effect(change) if rule.effect else store(change)


def store(change: Change, text: str = "", values: Mapping[str, str] | None = None) -> str:
    """Put the line (or `text` in its stead) into the configuration."""
    rule, values = change.rule, change.values if values is None else values
    text = text or change.match.text
    key = (rule.identity, *(values.get(name, "") for name in rule.key))
    if rule.shown == "negative" or text == rule.default:
        change.section.drop(*key)
        return ""
    order = rule.order(values) if rule.order else ()
    children = Section() if rule.enters else None
    line = Line(key, text, rule.rank, order, dict(values), children, rule.ending, quiet=rule.quiet)
    change.section.put(line)
    change.entered.append(line)
    return ""


def remove(change: Change) -> str:
    """Take out every line of the rule whose key values are those that were given."""
    rule, values = change.rule, change.values
    if rule.shown != "positive" and change.defaulted:
        change.section.drop(rule.identity, *(values.get(name, "") for name in rule.key))
    elif rule.shown != "positive":
        key = (rule.identity, *(values.get(name, "") for name in rule.key))
        change.section.put(Line(key, f"no {change.match.text}", rule.rank, values=dict(values)))
    for line in () if rule.shown != "positive" else change.section.all(rule.identity):
        given = zip(rule.key, line.key[1:], strict=False)
        if all(values.get(name, kept) == kept for name, kept in given):
            change.section.drop(*line.key)
    return ""


def remove_one(change: Change) -> str:
    """Take out the line whose key values are just those that were given: what was left out is no other's."""
    change.section.drop(change.rule.identity, *(change.values.get(name, "") for name in change.rule.key))
    return ""


def available(needs: str, features: frozenset[str]) -> bool:
    """Whether a platform or interface with these features has what `needs` asks for."""
    return all(any(option in features for option in need.split("|")) for need in needs.split())


def by_number(name: str) -> Callable[[Mapping[str, str]], SortKey]:
    """Sort lines by the number in one of their values."""
    return lambda values: (int(values[name]),)


@cache
def rule_tree(table: tuple[Rule, ...], features: frozenset[str]) -> Node[Rule]:
    """The commands of one mode on a platform (or interface) with these features."""
    root = Node[Rule]()
    for rule in _usable(table, features):
        for variant in variants(rule.pattern):
            add_variant(root, variant, rule, removable_from=rule.no_length(variant))
    return root


def _usable(table: Iterable[Rule], features: frozenset[str]) -> list[Rule]:
    return [rule for rule in table if available(rule.needs, features)]
