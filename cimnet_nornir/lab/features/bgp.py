"""BGP with its IPv4 address family."""

from collections.abc import Mapping
from ipaddress import IPv4Address
from typing import Final

from cimnet_nornir.lab.answers import Outcome
from cimnet_nornir.lab.config import SortKey
from cimnet_nornir.lab.rules import Change, Rule, store

_PEER: Final = "neighbor <peer:word>"


def _process(change: Change) -> Outcome:
    """There is one BGP process; a second number is refused with the first."""
    for line in change.section.all("router bgp"):
        if line.key[1] != change.values["as"]:
            return f"BGP is already running; AS is {line.key[1]}"
    return store(change)


def _neighbor(change: Change) -> Outcome:
    """Lines about a neighbour need its `remote-as` or peer group first."""
    peer = change.values["peer"]
    process = next(iter(change.device.running.all("router bgp")), None)
    sections = [change.section, *([process.section] if process else [])]
    if not any(section.has(slot, peer) for section in sections for slot in (_AS, _GROUP, _MEMBER)):
        return "% Specify remote-as or peer-group commands first"
    return store(change)


def _no_peer(change: Change) -> Outcome:
    """`no neighbor X remote-as` takes every line about the neighbour with it."""
    families = [line.section for line in change.section.all("address-family ipv4")]
    for section in (change.section, *families):
        for line in list(section.lines.values()):
            if line.values.get("peer") == change.values["peer"]:
                section.drop(*line.key)
    return ""


def _leave(change: Change) -> Outcome:
    change.leave = True
    return ""


def _peer_order(values: Mapping[str, str]) -> SortKey:
    try:
        return (1, int(IPv4Address(values["peer"])), "")
    except ValueError:
        return (0, 0, values["peer"])


def _peer(text: str, slot: str, *, rank: int = 30, needs_peer: bool = True, key: tuple[str, ...] = ("peer",)) -> Rule:
    effect = _neighbor if needs_peer else None
    return Rule(f"{_PEER} {text}", rank, key, slot=slot, effect=effect, order=_peer_order)


_AS: Final = "neighbor remote-as"
_GROUP: Final = "neighbor peer-group"
_MEMBER: Final = "neighbor peer-group member"
_POLICY: Final = (
    _peer("activate", "neighbor activate"),
    _peer("send-community [{how: both|extended|standard}]", "neighbor send-community"),
    _peer("next-hop-self [all]", "neighbor next-hop-self"),
    _peer("soft-reconfiguration inbound", "neighbor soft-reconfiguration"),
    _peer("default-originate [route-map <map:word>]", "neighbor default-originate"),
    _peer("route-reflector-client", "neighbor route-reflector-client"),
    _peer("route-map <map:word> {way: in|out}", "neighbor route-map", key=("peer", "way")),
    _peer("prefix-list <list:word> {way: in|out}", "neighbor prefix-list", key=("peer", "way")),
    _peer("filter-list <list:word> {way: in|out}", "neighbor filter-list", key=("peer", "way")),
    _peer("distribute-list <list:word> {way: in|out}", "neighbor distribute-list", key=("peer", "way")),
    _peer("maximum-prefix <count:1-2147483647>", "neighbor maximum-prefix"),
    _peer("weight <weight:0-65535>", "neighbor weight"),
    _peer("advertise additional-paths <which:line>", "neighbor advertise"),
    _peer("remove-private-as", "neighbor remove-private-as"),
    _peer("allowas-in [<count:1-10>]", "neighbor allowas-in"),
)
_ROUTES: Final = (
    Rule("network <network:ip> [mask <mask:ip>] [route-map <map:word>]", 20, ("network", "mask"), removable=1),
    Rule("aggregate-address <network:ip> <mask:ip> [summary-only]", 21, ("network", "mask")),
    Rule(
        "redistribute {source: connected|static} [metric <metric:0-4294967295>] [route-map <map:word>]", 22, ("source",)
    ),
    Rule("redistribute ospf <process:1-65535> [metric <metric:0-4294967295>] [match <match:line>]", 22, ("process",)),
    Rule("maximum-paths [{kind: ibgp|eibgp}] <paths:1-32>", 40, ("kind",), removable=0),
    Rule("bgp dampening", 12),
    Rule("bgp additional-paths {what: select|send|receive} [<which:line>]", 12, ("what",)),
    Rule("default-information originate", 41),
    Rule("auto-summary", 42),
    Rule("synchronization", 43),
)

GLOBAL: Final = (Rule("router bgp <as:1-4294967295>", 310, ("as",), "routing", "router-bgp", effect=_process),)

ROUTER_BGP: Final = (
    Rule("bgp router-id <id:ip>", 10),
    Rule("bgp log-neighbor-changes", 11),
    Rule("bgp default ipv4-unicast", 11, shown="negative"),
    Rule("bgp bestpath as-path multipath-relax", 11),
    Rule("bgp graceful-restart", 12),
    Rule("timers bgp <keepalive:0-65535> <hold:0-65535>", 13),
    Rule(f"{_PEER} remote-as <as:1-4294967295>", 30, ("peer",), slot=_AS, undo=_no_peer, order=_peer_order),
    _peer("peer-group", _GROUP, needs_peer=False, rank=29),
    _peer("peer-group <group:word>", _MEMBER, needs_peer=False),
    _peer("description <text:line>", "neighbor description"),
    _peer("update-source <interface:interface>", "neighbor update-source"),
    _peer("ebgp-multihop [<hops:1-255>]", "neighbor ebgp-multihop"),
    _peer("password <secret:line>", "neighbor password"),
    _peer("timers <keepalive:0-65535> <hold:0-65535>", "neighbor timers"),
    _peer("shutdown", "neighbor shutdown"),
    _peer("fall-over [bfd]", "neighbor fall-over"),
    *_POLICY,
    *_ROUTES,
    Rule(
        "address-family ipv4 [{kind: unicast|multicast}]", 90, enters="router-bgp-af", ending=("exit-address-family",)
    ),
)

ADDRESS_FAMILY: Final = (*_POLICY, *_ROUTES, Rule("exit-address-family", effect=_leave))
