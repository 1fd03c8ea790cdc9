"""BGP with its IPv4 address family.

A process that was never told an address family shows what belongs to IPv4 unicast among its own lines; once it was,
such lines stand there, wherever they are typed, and each neighbour is shown as active.
"""

from collections.abc import Mapping
from ipaddress import IPv4Address
from typing import Final

from cimnet_nornir.lab.answers import Outcome
from cimnet_nornir.lab.config import Line, Section, SortKey
from cimnet_nornir.lab.features.addressing import addresses
from cimnet_nornir.lab.features.networks import class_mask
from cimnet_nornir.lab.rules import Change, Rule, remove, store

_PEER: Final = "neighbor <peer:word>"


def _process(change: Change) -> Outcome:
    """There is one BGP process; a second number is refused with the first."""
    for line in change.section.all("router bgp"):
        if line.key[1] != change.values["as"]:
            return f"BGP is already running; AS is {line.key[1]}"
    if "switching" in change.device.profile.features and not change.device.running.has("ip routing"):
        return "IP routing not enabled"
    known = change.section.has("router bgp", change.values["as"])
    store(change)
    if not known:
        change.entered[-1].section.put(Line((_LOG,), _LOG, 11))
    return ""


def _family_of(section: Section) -> Section | None:
    """The lines of IPv4 unicast, where the process shows them apart."""
    line = section.get(_FAMILY, "")
    return None if line is None else line.section


def _family(change: Change) -> Outcome:
    """Enter the family; the first time, what belongs to it moves there from the process."""
    kind = change.values.get("kind", "").replace("unicast", "")
    known = change.section.has(_FAMILY, kind)
    store(change, f"{_FAMILY} {kind}".rstrip(), {"kind": kind})
    if known or kind:
        return ""
    family = change.entered[-1].section
    moved = [line for line in change.section.lines.values() if line.key[0] in _FAMILY_SLOTS]
    for line in moved:
        change.section.drop(*line.key)
        family.put(line)
    for line in (*change.section.all(_AS), *change.section.all(_MEMBER)):
        _activate(change.section, line.values["peer"])
    return ""


def _no_family(change: Change) -> Outcome:
    change.section.drop(_FAMILY, change.values.get("kind", "").replace("unicast", ""))
    return ""


def _activate(process: Section, peer: str) -> None:
    """A neighbour by address is active for IPv4 by itself, where nobody said otherwise."""
    family = _family_of(process)
    quiet = process.has("bgp default ipv4-unicast")
    if family is not None and not quiet and peer[0].isdigit() and not family.has(_ACTIVE, peer):
        values = {"peer": peer}
        family.put(Line((_ACTIVE, peer), f"neighbor {peer} activate", 30, _peer_order(values, 0), values))


def _remote_as(change: Change) -> Outcome:
    peer = change.values["peer"]
    interfaces = change.device.running.all("interface")
    if any(str(own.ip) == peer for line in interfaces for own in addresses(line.section)):
        return "% Cannot configure the local system as neighbor"
    store(change)
    _activate(change.section, peer)
    return ""


def _to_family(change: Change) -> None:
    """A line of IPv4 unicast that is typed in the process goes where such lines stand."""
    change.section = _family_of(change.section) or change.section


def _network(change: Change) -> Outcome:
    _to_family(change)
    network, mask, values = _named_network(change)
    route_map = f" route-map {values['map']}" if "map" in values else ""
    text = f"network {network}" + (f" mask {mask}" if mask else "") + route_map
    return store(change, text, {**values, "network": network, "mask": mask})


def _no_network(change: Change) -> Outcome:
    _to_family(change)
    network, mask, _ = _named_network(change)
    change.section.drop("network", network, mask)
    return ""


def _named_network(change: Change) -> tuple[str, str, Mapping[str, str]]:
    """Network and mask of a line, the mask empty where it is that of the class."""
    network = change.values["network"]
    by_class = class_mask(network)
    mask = change.values.get("mask", by_class)
    return network, "" if mask == by_class else mask, change.values


def _route(change: Change) -> Outcome:
    _to_family(change)
    return store(change)


def _no_route(change: Change) -> Outcome:
    _to_family(change)
    return remove(change)


def _neighbor(change: Change) -> Outcome:
    """Lines about a neighbour need its `remote-as` or peer group first."""
    peer = change.values["peer"]
    process = next(iter(change.device.running.all("router bgp")), None)
    sections = [change.section, *([process.section] if process else [])]
    if not any(section.has(slot, peer) for section in sections for slot in (_AS, _GROUP, _MEMBER)):
        return "% Specify remote-as or peer-group commands first"
    if change.rule.identity in _FAMILY_SLOTS:
        _to_family(change)
    store(change)
    if change.rule.identity == _MEMBER:
        _activate(change.section, peer)
    return ""


def _no_neighbor(change: Change) -> Outcome:
    if change.rule.identity in _FAMILY_SLOTS:
        _to_family(change)
    return remove(change)


def _no_peer(change: Change) -> Outcome:
    """`no neighbor X remote-as` takes every line about the neighbour with it."""
    families = [line.section for line in change.section.all(_FAMILY)]
    for section in (change.section, *families):
        for line in list(section.lines.values()):
            if line.values.get("peer") == change.values["peer"]:
                section.drop(*line.key)
    return ""


def _leave(change: Change) -> Outcome:
    change.leave = True
    return ""


def _peer_order(values: Mapping[str, str], place: int) -> SortKey:
    """Groups by name, then neighbours by address; the lines of one in their places."""
    try:
        return (1, int(IPv4Address(values["peer"])), "", place)
    except ValueError:
        return (0, 0, values["peer"], place)


def _peer(text: str, slot: str, *, rank: int = 30, needs_peer: bool = True, key: tuple[str, ...] = ("peer",)) -> Rule:
    place = _PLACES.index(slot) if slot in _PLACES else len(_PLACES)
    return Rule(
        f"{_PEER} {text}",
        rank,
        key,
        slot=slot,
        effect=_neighbor if needs_peer else None,
        undo=_no_neighbor if needs_peer else None,
        order=lambda values: _peer_order(values, place),
    )


_FAMILY: Final = "address-family ipv4"
_LOG: Final = "bgp log-neighbor-changes"
_ACTIVE: Final = "neighbor activate"
_AS: Final = "neighbor remote-as"
_GROUP: Final = "neighbor peer-group"
_MEMBER: Final = "neighbor peer-group member"
# The lines of one neighbour in the order in which IOS shows them.
_PLACES: Final = (
    _ACTIVE,
    _AS,
    _GROUP,
    _MEMBER,
    "neighbor description",
    "neighbor shutdown",
    "neighbor password",
    "neighbor ebgp-multihop",
    "neighbor update-source",
    "neighbor timers",
    "neighbor fall-over",
    "neighbor send-community",
    "neighbor next-hop-self",
)
_POLICY: Final = (
    _peer("activate", _ACTIVE),
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


def _routes(pattern: str, rank: int, key: tuple[str, ...] = ()) -> Rule:
    return Rule(pattern, rank, key, effect=_route, undo=_no_route)


def _as_order(values: Mapping[str, str]) -> SortKey:
    return _peer_order(values, _PLACES.index(_AS))


_ROUTES: Final = (
    Rule(
        "network <network:ip> [mask <mask:ip>] [route-map <map:word>]",
        20,
        ("network", "mask"),
        removable=1,
        effect=_network,
        undo=_no_network,
        order=lambda values: (int(IPv4Address(values["network"])), values.get("mask", "")),
    ),
    _routes("aggregate-address <network:ip> <mask:ip> [summary-only]", 21, ("network", "mask")),
    _routes(
        "redistribute {source: connected|static} [metric <metric:0-4294967295>] [route-map <map:word>]", 22, ("source",)
    ),
    _routes(
        "redistribute ospf <process:1-65535> [metric <metric:0-4294967295>] [match <match:line>]", 22, ("process",)
    ),
    Rule(
        "maximum-paths [{kind: ibgp|eibgp}] <paths:1-32>",
        40,
        ("kind",),
        removable=0,
        effect=_route,
        undo=_no_route,
    ),
    Rule("bgp dampening", 12),
    Rule("bgp additional-paths {what: select|send|receive} [<which:line>]", 12, ("what",)),
    _routes("default-information originate", 41),
    _routes("auto-summary", 42),
    _routes("synchronization", 43),
)
# What stands in the family, where there is one.
_FAMILY_SLOTS: Final = frozenset(
    rule.identity for rule in (*_POLICY, *_ROUTES) if rule.identity not in {"bgp dampening", "bgp additional-paths"}
)

GLOBAL: Final = (Rule("router bgp <as:1-4294967295>", 310, ("as",), "routing", "router-bgp", effect=_process),)

ROUTER_BGP: Final = (
    Rule("bgp router-id <id:ip>", 10),
    Rule(_LOG, 11),
    Rule("bgp default ipv4-unicast", 11, shown="negative"),
    Rule("bgp bestpath as-path multipath-relax", 11),
    Rule("bgp graceful-restart", 12),
    Rule("timers bgp <keepalive:0-65535> <hold:0-65535>", 13),
    Rule(
        f"{_PEER} remote-as <as:1-4294967295>",
        30,
        ("peer",),
        slot=_AS,
        effect=_remote_as,
        undo=_no_peer,
        order=_as_order,
    ),
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
        "address-family ipv4 [{kind: unicast|multicast}]",
        90,
        ("kind",),
        enters="router-bgp-af",
        ending=("exit-address-family",),
        removable=0,
        effect=_family,
        undo=_no_family,
    ),
)

ADDRESS_FAMILY: Final = (*_POLICY, *_ROUTES, Rule("exit-address-family", effect=_leave))
