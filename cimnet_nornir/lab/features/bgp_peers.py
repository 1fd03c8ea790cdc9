"""BGP neighbours and peer groups: their sessions, and what is sent to and taken from them."""

from typing import Final

from cimnet_nornir.lab.answers import Outcome
from cimnet_nornir.lab.config import Line
from cimnet_nornir.lab.features.addressing import addresses
from cimnet_nornir.lab.features.bgp_sections import (
    ACTIVE,
    AS,
    GROUP,
    MEMBER,
    activate,
    drop_peers,
    home,
    is_active_by_itself,
    is_address,
    order_at,
    scope,
    to_family,
)
from cimnet_nornir.lab.rules import Change, Effect, Rule, remove, store

_PEER: Final = "neighbor <peer:peer>"
_UNKNOWN: Final = "% Specify remote-as or peer-group commands first"
_STANDARD: Final = "standard"
_SECURITY: Final = "neighbor ttl-security"
_ONE_DISTANCE: Final = "% Cannot configure ebgp-multihop and ttl-security for the same neighbor"


def _known(change: Change) -> bool:
    peer = change.values["peer"]
    return any(section.has(slot, peer) for section in (home(change), change.section) for slot in (AS, GROUP, MEMBER))


def _group_as(change: Change, peer: str) -> str:
    """The AS that the peer group of a neighbour says."""
    group = home(change).value(MEMBER, peer, name="group")
    return home(change).value(AS, group, name="as")


def _remote_as(change: Change) -> Outcome:
    peer = change.values["peer"]
    interfaces = change.device.running.all("interface")
    if any(str(own.ip) == peer for line in interfaces for own in addresses(line.section)):
        return "% Cannot configure the local system as neighbor"
    if not is_address(peer) and not home(change).has(GROUP, peer):
        return "% Create the peer-group first"
    if _group_as(change, peer):
        return "% Peer-group member cannot override remote-as of peer-group"
    store(change)
    activate(change, peer)
    return ""


def _no_peer(change: Change) -> Outcome:
    """`no neighbor X remote-as` takes every line about the neighbour with it, and those of the members of a group."""
    peer = change.values["peer"]
    members = {line.key[1] for line in home(change).all(MEMBER) if line.values["group"] == peer}
    drop_peers(scope(change), frozenset({peer, *members}))
    return ""


def _group(change: Change) -> Outcome:
    if is_address(change.values["peer"]):
        return "% Incomplete command."
    return store(change)


def _member(change: Change) -> Outcome:
    """A member takes its AS from its group; it leaves one group before it joins another."""
    peer, group, session = change.values["peer"], change.values["group"], home(change)
    if not session.has(GROUP, group):
        return "% Configure the peer-group first"
    present = session.value(MEMBER, peer, name="group")
    if present and present != group:
        return f"% Cannot change the peer-group: the neighbor is a member of {present}"
    if session.has(AS, group):
        session.drop(AS, peer)
    elif not session.has(AS, peer):
        return _UNKNOWN
    store(change)
    activate(change, peer)
    return ""


def _no_member(change: Change) -> Outcome:
    """A neighbour whose AS its group said is none any more without it."""
    if not home(change).has(AS, change.values["peer"]):
        return _no_peer(change)
    return remove(change)


def _session(change: Change) -> Outcome:
    return store(change) if _known(change) else _UNKNOWN


def _multihop(change: Change) -> Outcome:
    """Without a number of hops it is as far as it gets."""
    if not _known(change):
        return _UNKNOWN
    if change.section.has(_SECURITY, change.values["peer"]):
        return _ONE_DISTANCE
    peer, hops = change.values["peer"], change.values.get("hops", "255")
    return store(change, f"neighbor {peer} ebgp-multihop {hops}")


def _security(change: Change) -> Outcome:
    """The least that may be left of the time to live, or the most hops: not both."""
    if change.section.has("neighbor ebgp-multihop", change.values["peer"]):
        return _ONE_DISTANCE
    return _session(change)


def _policy(change: Change) -> Outcome:
    """What is said of a neighbour in a family needs its session first."""
    if not _known(change):
        return _UNKNOWN
    to_family(change)
    return store(change)


def _no_policy(change: Change) -> Outcome:
    to_family(change)
    return remove(change)


def _no_activate(change: Change) -> Outcome:
    """Where a neighbour is active by itself, IOS shows that it is not."""
    to_family(change)
    remove(change)
    peer = change.values["peer"]
    if is_active_by_itself(change, peer):
        values = {"peer": peer}
        change.section.put(Line((ACTIVE, peer), f"no neighbor {peer} activate", 30, order_at(ACTIVE, values), values))
    return ""


def _one_filter(change: Change) -> Outcome:
    """A direction is filtered by a prefix list or by a distribute list."""
    if not _known(change):
        return _UNKNOWN
    to_family(change)
    mine = change.rule.identity
    other = {"neighbor prefix-list": "neighbor distribute-list"}.get(mine, "neighbor prefix-list")
    if change.section.has(other, change.values["peer"], change.values["way"]):
        return "% Prefix-list and distribute-list cannot be configured together for one direction"
    return store(change)


def _communities(change: Change) -> Outcome:
    """Which communities are sent is told one by one; what was told before stays."""
    if not _known(change):
        return _UNKNOWN
    to_family(change)
    return _show_communities(change, _sent(change) | _meant(change))


def _no_communities(change: Change) -> Outcome:
    to_family(change)
    return _show_communities(change, _sent(change) - _meant(change))


def _meant(change: Change) -> frozenset[str]:
    how = change.values.get("how", _STANDARD)
    return frozenset({_STANDARD, "extended"}) if how == "both" else frozenset({how})


def _sent(change: Change) -> frozenset[str]:
    kinds = change.section.value(change.rule.identity, change.values["peer"], name="kinds")
    return frozenset(kinds.split())


def _show_communities(change: Change, kinds: frozenset[str]) -> str:
    peer = change.values["peer"]
    if not kinds:
        change.section.drop(change.rule.identity, peer)
        return ""
    word = " both" if len(kinds) == 2 else "" if _STANDARD in kinds else " extended"
    text = f"neighbor {peer} send-community{word}"
    return store(change, text, {"peer": peer, "kinds": " ".join(sorted(kinds))})


def _rule(text: str, slot: str, effect: Effect, undo: Effect, *, rank: int, key: tuple[str, ...]) -> Rule:
    return Rule(
        f"{_PEER} {text}",
        rank,
        key,
        slot=slot,
        effect=effect,
        undo=undo,
        order=lambda values: order_at(slot, values),
    )


def _said(text: str, slot: str) -> Rule:
    """A line about the session."""
    return _rule(text, f"neighbor {slot}", _session, remove, rank=30, key=("peer",))


def _done(text: str, slot: str) -> Rule:
    """A line of a family."""
    return _rule(text, f"neighbor {slot}", _policy, _no_policy, rank=30, key=("peer",))


def _filtered(kind: str, effect: Effect = _policy) -> Rule:
    return _rule(
        f"{kind} <list:word> {{way: in|out}}",
        f"neighbor {kind}",
        effect,
        _no_policy,
        rank=30,
        key=("peer", "way"),
    )


_GROUP: Final = _rule("peer-group", GROUP, _group, _no_peer, rank=29, key=("peer",))
# A group of one family alone.
FAMILY_GROUP: Final = (_GROUP,)
SESSION: Final = (
    _rule("remote-as <as:1-4294967295>", AS, _remote_as, _no_peer, rank=30, key=("peer",)),
    _GROUP,
    _rule("peer-group <group:word>", MEMBER, _member, _no_member, rank=30, key=("peer",)),
    _said("description <text:line>", "description"),
    _said("update-source <interface:interface>", "update-source"),
    _rule("ebgp-multihop [<hops:1-255>]", "neighbor ebgp-multihop", _multihop, remove, rank=30, key=("peer",)),
    _rule("ttl-security hops <hops:1-254>", _SECURITY, _security, remove, rank=30, key=("peer",)),
    _said("disable-connected-check", "disable-connected-check"),
    _said("password <secret:line>", "password"),
    _said("timers <keepalive:0-65535> <hold:0-65535> [<least:0-65535>]", "timers"),
    _said("shutdown", "shutdown"),
    _said("fall-over [bfd|route-map <map:word>]", "fall-over"),
    _said("local-as <own:1-4294967295> [no-prepend [replace-as [dual-as]]]", "local-as"),
    _said("transport {what: connection-mode} {active|passive}", "transport"),
    _said("version 4", "version"),
)
POLICY: Final = (
    _rule("activate", ACTIVE, _policy, _no_activate, rank=30, key=("peer",)),
    _rule(
        "send-community [{how: both|extended|standard}]",
        "neighbor send-community",
        _communities,
        _no_communities,
        rank=30,
        key=("peer",),
    ),
    _done("next-hop-self [all]", "next-hop-self"),
    _done("next-hop-unchanged [allpaths]", "next-hop-unchanged"),
    _done("soft-reconfiguration inbound", "soft-reconfiguration"),
    _done("default-originate [route-map <map:word>]", "default-originate"),
    _done("route-reflector-client", "route-reflector-client"),
    _filtered("route-map"),
    _filtered("filter-list"),
    _filtered("prefix-list", _one_filter),
    _filtered("distribute-list", _one_filter),
    _done("unsuppress-map <map:word>", "unsuppress-map"),
    _done(
        "maximum-prefix <count:1-2147483647> [<threshold:1-100>] [warning-only|restart <minutes:1-65535>]",
        "maximum-prefix",
    ),
    _done("weight <weight:0-65535>", "weight"),
    _done("advertisement-interval <seconds:0-600>", "advertisement-interval"),
    _done("advertise additional-paths <which:line>", "advertise"),
    _done("additional-paths {send [receive]|receive|disable}", "additional-paths"),
    _done("remove-private-as [all [replace-as]]", "remove-private-as"),
    _done("allowas-in [<count:1-10>]", "allowas-in"),
    _done("as-override", "as-override"),
    _done("soo <value:word>", "soo"),
)
SLOTS: Final = frozenset(rule.identity for rule in POLICY)
