"""Interfaces on which a routing process is silent: one by one, or all but those that are named."""

from cimnet_nornir.lab.answers import Outcome
from cimnet_nornir.lab.config import Line, Section
from cimnet_nornir.lab.rules import Change, Rule, remove, store


def _passive(change: Change) -> Outcome:
    """`passive-interface X`, which under `passive-interface default` only takes the exception back."""
    if change.section.has("passive-interface default"):
        change.section.drop("no passive-interface", change.values["interface"])
        return ""
    return store(change)


def _no_passive(change: Change) -> Outcome:
    name = change.values["interface"]
    if not change.section.has("passive-interface default"):
        return remove(change)
    change.section.put(
        Line(
            ("no passive-interface", name), f"no passive-interface {name}", change.rule.rank, values=dict(change.values)
        )
    )
    return ""


def _passive_default(change: Change) -> Outcome:
    _forget(change.section, "passive-interface")
    return store(change)


def _no_passive_default(change: Change) -> Outcome:
    _forget(change.section, "no passive-interface")
    return remove(change)


def _forget(section: Section, slot: str) -> None:
    for line in section.all(slot):
        section.drop(*line.key)


def passive_rules(rank: int) -> tuple[Rule, ...]:
    """The lines of a process, shown from this rank on."""
    return (
        Rule("passive-interface default", rank, effect=_passive_default, undo=_no_passive_default),
        Rule("passive-interface <interface:interface>", rank + 1, ("interface",), effect=_passive, undo=_no_passive),
    )
