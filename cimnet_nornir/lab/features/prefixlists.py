"""Prefix lists, community lists and lists of AS paths."""

from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Network
from typing import Final

from cimnet_nornir.lab.answers import Outcome
from cimnet_nornir.lab.config import SortKey
from cimnet_nornir.lab.rules import Change, Rule, store

_STEP: Final = 5


def _order(values: Mapping[str, str]) -> SortKey:
    return values["name"], int(values.get("sequence", "0"))


def _prefix(change: Change) -> Outcome:
    """A number is used once, and so is what it says; without one the entry comes last."""
    values, slot = change.values, change.rule.identity
    entries = [line for line in change.section.all(slot) if line.key[1] == values["name"]]
    if not _sensible(values):
        return f"% Invalid prefix range for {values['prefix']}, make sure: len < ge-value <= le-value"
    highest = max((int(line.key[2]) for line in entries), default=0)
    sequence = values.get("sequence", str(highest + _STEP))
    body = _body(values)
    for line in entries:
        if line.values["body"] == body:
            return "" if line.key[2] == sequence else f"% Insertion failed - prefix-list entry exists: {line.key[2]}"
        if line.key[2] == sequence:
            return f"% Insertion failed - seq # exists: {sequence}"
    text = f"{slot} {values['name']} seq {sequence} {body}"
    return store(change, text, {**values, "sequence": sequence, "body": body})


def _body(values: Mapping[str, str]) -> str:
    """The entry without host bits in its prefix."""
    kind = IPv6Network if ":" in values["prefix"] else IPv4Network
    words = [values["action"], str(kind(values["prefix"], strict=False)).upper()]
    words += [f"{name} {values[name]}" for name in ("ge", "le") if name in values]
    return " ".join(words)


def _sensible(values: Mapping[str, str]) -> bool:
    length = int(values["prefix"].partition("/")[2])
    least, most = (int(values.get(name, length + 1)) for name in ("ge", "le"))
    return least > length and most > length and not ("ge" in values and "le" in values and least > most)


def _no_prefix(change: Change) -> Outcome:
    values = change.values
    for line in change.section.all(change.rule.identity):
        said = "action" not in values or line.values["body"] == _body(values)
        if line.key[1] == values["name"] and values.get("sequence", line.key[2]) == line.key[2] and said:
            change.section.drop(*line.key)
    return ""


def _lists(family: str, prefix: str, longest: int) -> tuple[Rule, ...]:
    entry = f"{{action: permit|deny}} <prefix:{prefix}> [ge <ge:1-{longest}>] [le <le:1-{longest}>]"
    slot = f"{family} prefix-list"
    return (
        Rule(
            f"{slot} <name:word> [seq <sequence:1-4294967294>] {entry}",
            432,
            ("name", "sequence"),
            removable=1,
            effect=_prefix,
            undo=_no_prefix,
            order=_order,
        ),
        # `no ip prefix-list NAME seq 5` is enough to remove an entry.
        Rule(
            f"{slot} <name:word> seq <sequence:1-4294967294>",
            432,
            ("name", "sequence"),
            removable=2,
            effect=lambda _: "% Incomplete command.",
            undo=_no_prefix,
        ),
        Rule(f"{slot} <name:word> description <text:line>", 432, ("name",), slot=f"{slot} description", order=_order),
    )


_COMMUNITY: Final = "ip community-list"
_PERMIT: Final = "{action: permit|deny} <values:line>"
_NAMED: Final = "[seq <sequence:1-4294967294>]"


def _community_lists() -> tuple[Rule, ...]:
    kinds = ("{kind: standard|expanded} <name:word>", "<name:1-99>", "<name:100-500>")
    return tuple(
        Rule(
            f"{_COMMUNITY} {kind} {_NAMED} {_PERMIT}",
            431,
            ("name", "action", "values"),
            slot=_COMMUNITY,
            removable=1,
        )
        for kind in kinds
    )


PREFIX_LISTS: Final = (
    *_lists("ip", "prefix", 32),
    *_lists("ipv6", "ipv6-prefix", 128),
    Rule(f"ip as-path access-list <list:1-500> {_PERMIT}", 431, ("list", "action", "values"), removable=1),
    *_community_lists(),
)
