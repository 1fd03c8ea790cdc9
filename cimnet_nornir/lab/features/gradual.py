"""Lines of routing protocols whose options are set one by one, and taken back one by one or all with the line.

"Cisco IOS IP Routing: Protocol-Independent Command Reference", `redistribute`: BGP, OSPF and RIP take back only the
keywords that the `no` form names, EIGRP takes back the whole line.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from cimnet_nornir.lab.answers import Outcome
from cimnet_nornir.lab.config import SortKey
from cimnet_nornir.lab.grammar import Invalid
from cimnet_nornir.lab.options import FLAG, read_options, shown_options
from cimnet_nornir.lab.rules import Change, Rule, store

Options = Mapping[str, str]

# In the order in which they are shown.
EXTERNAL: Final[Options] = {
    "metric": "0-16777214",
    "metric-type": "1-2",
    "subnets": FLAG,
    "tag": "0-4294967295",
    "route-map": "word",
}


def key_of(change: Change) -> tuple[str, ...]:
    """The key of the line that a change is about."""
    return (change.rule.identity, *(change.values.get(name, "") for name in change.rule.key))


def _head(change: Change) -> str:
    options = change.values.get("options", "")
    return change.match.text.removesuffix(options).rstrip()


def _kept(change: Change, known: Options) -> dict[str, str]:
    """The options that the line has already."""
    present = change.section.get(*key_of(change))
    return {name: value for name, value in present.values.items() if name in known} if present else {}


def put_options(change: Change, known: Options, options: Mapping[str, str], head: str = "") -> Outcome:
    """Store the line with these options, in the order in which IOS shows them."""
    plain = {name: value for name, value in change.values.items() if name != "options"}
    return store(change, f"{head or _head(change)}{shown_options(options, known)}", {**plain, **options})


def _set(known: Options, change: Change) -> Outcome:
    found = read_options(change, known)
    if isinstance(found, Invalid):
        return found
    options = {**_kept(change, known), **found}
    outcome = put_options(change, known, options)
    classful = "subnets" in known and "subnets" not in options
    return "% Only classful networks will be redistributed" if classful else outcome


def _unset(known: Options, change: Change) -> Outcome:
    """Take back the options that are named; without any, the line."""
    found = read_options(change, known)
    if isinstance(found, Invalid):
        return found
    if not found:
        change.section.drop(*key_of(change))
    elif change.section.has(*key_of(change)):
        kept = {name: value for name, value in _kept(change, known).items() if name not in found}
        return put_options(change, known, kept)
    return ""


def _unset_whole(change: Change) -> Outcome:
    change.section.drop(*key_of(change))
    return ""


def gradual(
    head: str,
    rank: int,
    known: Options,
    key: tuple[str, ...] = (),
    *,
    slot: str = "",
    whole: bool = False,
    order: Callable[[Mapping[str, str]], SortKey] | None = None,
) -> Rule:
    """The rule of a line with such options; `whole` takes the line back whatever options are named."""
    undo = _unset_whole if whole else partial(_unset, known)
    return Rule(f"{head} [<options:line>]", rank, key, slot=slot, effect=partial(_set, known), undo=undo, order=order)


def redistribution(rank: int, known: Options, *, whole: bool = False) -> tuple[Rule, ...]:
    """`redistribute` for every source of routes that this device knows."""
    sources = (
        ("{source: connected|static|rip}", ("source",), "redistribute"),
        ("ospf <process:1-65535>", ("process",), "redistribute ospf"),
        ("bgp <as:1-4294967295>", ("as",), "redistribute bgp"),
        ("eigrp <eigrp:1-65535>", ("eigrp",), "redistribute eigrp"),
    )
    return tuple(
        gradual(f"redistribute {source}", rank, known, key, slot=slot, whole=whole) for source, key, slot in sources
    )


_WAYS: Final = "{way: in|out} [<interface:interface>]"


def distribution(rank: int, *, per_interface: bool = True) -> tuple[Rule, ...]:
    """`distribute-list`: an access list, a prefix list or a route map; one for a direction and interface."""
    key = ("way", "interface", "source") if per_interface else ("way", "source")
    lists = ("prefix <list:word>", "route-map <list:word>", "<list:word>")
    ends = (_WAYS, "{way: out} {source: connected|static|rip}", "{way: out} {source: ospf|bgp|eigrp} <number:word>")
    return tuple(
        Rule(f"distribute-list {which} {end}", rank, key, slot="distribute-list", undo=_no_filter)
        for which in lists
        for end in ends
    )


def _no_filter(change: Change) -> Outcome:
    """The line goes where it names the list that is taken back."""
    present = change.section.get(*key_of(change))
    if present is not None and present.text == change.match.text:
        change.section.drop(*present.key)
    return ""
