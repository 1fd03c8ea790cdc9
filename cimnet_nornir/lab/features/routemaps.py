"""Route maps: clauses, what they match, and what they set."""

from typing import Final

from cimnet_nornir.lab.answers import Outcome
from cimnet_nornir.lab.rules import Change, Rule, store

_EXACT: Final = "exact-match"


def _route_map(change: Change) -> Outcome:
    """A clause without an action permits; without a number it is the tenth."""
    values = {"action": "permit", "sequence": "10", **change.values}
    return store(change, f"route-map {values['name']} {values['action']} {values['sequence']}", values)


def _extend(change: Change) -> Outcome:
    """What a line names is added to what the clause matches, or sets, already."""
    return _show(change, (*_present(change), *(word for word in _named(change) if word not in _present(change))))


def _cut(change: Change) -> Outcome:
    """Without a name, all of it goes."""
    named = _named(change)
    return _show(change, tuple(word for word in _present(change) if named and word not in named))


def _named(change: Change) -> tuple[str, ...]:
    return tuple(change.values.get("list", "").split())


def _present(change: Change) -> tuple[str, ...]:
    return tuple(change.section.value(change.rule.identity, name="list").split())


def _communities(change: Change) -> Outcome:
    """That communities are the only ones is said of all of them, and stays as long as there are any."""
    exact = _EXACT in _named(change) or _EXACT in _present(change)
    words = (word for word in (*_present(change), *_named(change)) if word != _EXACT)
    return _show(change, (*dict.fromkeys(words), *([_EXACT] if exact else [])))


def _no_communities(change: Change) -> Outcome:
    words = tuple(word for word in _present(change) if _named(change) and word not in _named(change) and word != _EXACT)
    return _show(change, (*words, *([_EXACT] if words and _EXACT in _present(change) else [])))


def _show(change: Change, words: tuple[str, ...]) -> str:
    if not words:
        change.section.drop(change.rule.identity)
        return ""
    listed = " ".join(words)
    return store(change, f"{change.rule.head} {listed}", {"list": listed})


def _match(what: str, kind: str = "line") -> Rule:
    return Rule(f"match {what} <list:{kind}>", 10, effect=_extend, undo=_cut)


def _set(what: str, values: str = "<value:line>") -> Rule:
    """A setting with one value, which another replaces."""
    return Rule(f"set {what} {values}", 20)


def _hops(what: str) -> Rule:
    """A setting with several values, to which another is added."""
    return Rule(f"set {what} <list:line>", 20, effect=_extend, undo=_cut)


ROUTE_MAPS: Final = (
    Rule(
        "route-map <name:word> [{action: permit|deny}] [<sequence:0-65535>]",
        438,
        ("name", "sequence"),
        enters="route-map",
        removable=1,
        effect=_route_map,
        order=lambda values: (values["name"], int(values["sequence"])),
    ),
)

ROUTE_MAP: Final = (
    Rule("description <text:line>", 5),
    *(
        _match(f"{family} {what}{by}")
        for family in ("ip", "ipv6")
        for what in ("address", "next-hop", "route-source")
        for by in (" prefix-list", "")
    ),
    *(_match(what) for what in ("as-path", "extcommunity", "tag", "metric", "route-type", "local-preference")),
    Rule("match community <list:line>", 10, effect=_communities, undo=_no_communities),
    _match("interface"),
    _match("source-protocol"),
    Rule("match length <least:0-2147483647> <most:0-2147483647>", 10),
    Rule("continue [<sequence:1-65535>]", 15),
    _set("metric", "<value:metric>"),
    _set("metric-type", "{value: external|internal|type-1|type-2}"),
    _set("local-preference", "<value:0-4294967295>"),
    _set("weight", "<value:0-65535>"),
    _set("tag", "<value:0-4294967295>"),
    _set("origin", "{igp|incomplete|egp <as:1-65535>}"),
    _set("community"),
    Rule("set comm-list <list:word> delete", 20),
    Rule("set extcommunity {kind: rt|soo} <value:line>", 20, ("kind",)),
    _set("as-path {kind: prepend}"),
    Rule("set as-path tag", 20),
    _hops("ip next-hop"),
    _hops("ip default next-hop"),
    _hops("ipv6 next-hop"),
    _hops("interface"),
    Rule("set ip next-hop peer-address", 20, slot="set ip next-hop peer"),
    _set("ip precedence", "<value:word>"),
    _set("ip tos", "<value:word>"),
    _set("ip df", "<value:0-1>"),
    Rule("set vrf <vrf:word>", 20),
)
