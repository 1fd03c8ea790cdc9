"""What a BGP family announces, and how it chooses among paths."""

from collections.abc import Mapping
from ipaddress import IPv4Address, IPv6Network
from typing import Final

from cimnet_nornir.lab.answers import Outcome
from cimnet_nornir.lab.config import SortKey
from cimnet_nornir.lab.features.bgp_sections import to_family
from cimnet_nornir.lab.features.networks import class_mask
from cimnet_nornir.lab.rules import Change, Rule, remove, store


def _network(change: Change) -> Outcome:
    to_family(change)
    network, mask = _named_network(change)
    values = change.values
    route_map = f" route-map {values['map']}" if "map" in values else ""
    backdoor = " backdoor" if "backdoor" in values else ""
    text = f"network {network}" + (f" mask {mask}" if mask else "") + route_map + backdoor
    return store(change, text, {**values, "network": network, "mask": mask})


def _no_network(change: Change) -> Outcome:
    to_family(change)
    change.section.drop("network", *_named_network(change))
    return ""


def _named_network(change: Change) -> tuple[str, str]:
    """Network and mask of a line, the mask empty where it is that of the class."""
    network = change.values["network"]
    by_class = class_mask(network)
    mask = change.values.get("mask", by_class)
    return network, "" if mask == by_class else mask


def _route(change: Change) -> Outcome:
    to_family(change)
    return store(change)


def _no_route(change: Change) -> Outcome:
    to_family(change)
    return remove(change)


# The options of `redistribute` in the order in which IOS shows them, by the names of their values.
_OPTIONS: Final = {"metric": "metric", "match": "match", "map": "route-map"}


def _redistribute(change: Change) -> Outcome:
    """Options that were given before stay: a line adds its own to them."""
    to_family(change)
    before = change.section.get(change.rule.identity, *_source(change))
    return _shown(change, {**_options(before.values if before else {}), **_options(change.values)})


def _no_redistribute(change: Change) -> Outcome:
    """With an option, only that is taken back, and the rest goes on being redistributed."""
    to_family(change)
    options = _options(change.values)
    before = change.section.get(change.rule.identity, *_source(change))
    if before is None or not options:
        change.section.drop(change.rule.identity, *_source(change))
        return ""
    return _shown(change, {name: text for name, text in _options(before.values).items() if name not in options})


def _source(change: Change) -> tuple[str, ...]:
    return tuple(change.values.get(name, "") for name in change.rule.key)


def _options(values: Mapping[str, str]) -> dict[str, str]:
    return {name: values[name] for name in _OPTIONS if name in values}


def _shown(change: Change, options: dict[str, str]) -> str:
    source = {name: change.values[name] for name in change.rule.key}
    words = (f"{word} {options[name]}" for name, word in _OPTIONS.items() if name in options)
    return store(change, " ".join((change.rule.identity, *source.values(), *words)), {**source, **options})


def _redistributed(source: str, key: str, *, slot: str) -> Rule:
    options = "[metric <metric:0-4294967295>] [match <match:ospf-routes>] [route-map <map:word>]"
    return Rule(
        f"redistribute {source} {options}",
        22,
        (key,),
        slot=slot,
        effect=_redistribute,
        undo=_no_redistribute,
    )


def _routes(pattern: str, rank: int, key: tuple[str, ...] = (), *, slot: str = "") -> Rule:
    return Rule(pattern, rank, key, slot=slot, effect=_route, undo=_no_route)


def _by_prefix(values: Mapping[str, str]) -> SortKey:
    return 0, int(IPv4Address(values["network"])), values.get("mask", "")


def _by_ipv6_prefix(values: Mapping[str, str]) -> SortKey:
    network = IPv6Network(values["prefix"], strict=False)
    return 1, int(network.network_address), str(network.prefixlen)


_AGGREGATE: Final = "[as-set] [summary-only] [suppress-map <suppress:word>] [attribute-map <attributes:word>]"


def _paths(change: Change) -> Outcome:
    to_family(change)
    values = {"kind": "", **change.values}
    return store(change, values=values)


def _no_paths(change: Change) -> Outcome:
    to_family(change)
    change.section.drop(change.rule.identity, change.values.get("kind", ""))
    return ""


# What stands in the process for IPv4 unicast where it has no family yet.
ROUTES: Final = (
    Rule(
        "network <network:ip> [mask <mask:ip>] [route-map <map:word>] [{backdoor: backdoor}]",
        20,
        ("network", "mask"),
        removable=1,
        effect=_network,
        undo=_no_network,
        order=_by_prefix,
    ),
    _routes(f"aggregate-address <network:ip> <mask:ip> {_AGGREGATE}", 21, ("network", "mask")),
    _redistributed("{source: connected|static|rip}", "source", slot="redistribute"),
    *(
        _redistributed(f"{protocol} <process:1-65535>", "process", slot=f"redistribute {protocol}")
        for protocol in ("ospf", "eigrp")
    ),
    Rule(
        "maximum-paths [{kind: ibgp|eibgp}] <paths:1-32>",
        40,
        ("kind",),
        removable=0,
        effect=_paths,
        undo=_no_paths,
    ),
    Rule(
        "bgp dampening [<half:1-45> [<reuse:1-20000> <suppress:1-20000> <longest:1-255>]]",
        10,
        slot="bgp dampening",
        effect=_route,
        undo=_no_route,
    ),
    Rule("bgp dampening route-map <map:word>", 10, slot="bgp dampening", effect=_route, undo=_no_route),
    _routes("bgp additional-paths select {all|backup|best-external|group-best|best <n:2-3>}", 11),
    _routes("bgp additional-paths {send [receive]|receive}", 12),
    _routes("default-information originate", 41),
    _routes("default-metric <metric:1-4294967295>", 41),
    _routes("distance bgp <external:1-255> <internal:1-255> <local:1-255>", 41),
    _routes("table-map <map:word> [filter]", 41),
    Rule("auto-summary", 42, effect=_route, undo=_no_route),
    Rule("synchronization", 43, effect=_route, undo=_no_route),
)
# What a family of IPv6 has in the place of these networks.
IPV6_ROUTES: Final = (
    Rule("network <prefix:ipv6-prefix> [route-map <map:word>]", 20, ("prefix",), slot="network", order=_by_ipv6_prefix),
    Rule(f"aggregate-address <prefix:ipv6-prefix> {_AGGREGATE}", 21, ("prefix",), slot="aggregate-address"),
)
SLOTS: Final = frozenset(rule.identity for rule in ROUTES)
