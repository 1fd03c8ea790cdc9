"""The lines of a BGP family: what it announces, and what its neighbours have in it."""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from ipaddress import IPv4Address
from typing import Any

from pydantic import ValidationError

from cimnet_nornir.domain.features.bgp import BgpAggregate, BgpNetwork, BgpRedistribution
from cimnet_nornir.domain.values import Value
from cimnet_nornir.ios.network_lines import classful_length
from cimnet_nornir.ios.reading.said import Said

Fields = dict[str, Any]
_NETWORK = re.compile(r"(?P<network>\S+)(?: mask (?P<mask>\S+))?(?: route-map (?P<map>\S+))?(?P<backdoor> backdoor)?")
_AGGREGATE = re.compile(
    r"(?P<network>\S+?)(?:/(?P<length>\d+)| (?P<mask>\S+))(?P<as_set> as-set)?(?P<summary_only> summary-only)?"
    r"(?: suppress-map (?P<suppress_map>\S+))?(?: attribute-map (?P<attribute_map>\S+))?"
)
_REDISTRIBUTED = re.compile(
    r"(?P<source>(?:ospf|eigrp) \d+|\S+)(?: metric (?P<metric>\d+))?(?: match (?P<match>(?:(?!route-map )\S+ ?)+?))?"
    r"(?: route-map (?P<route_map>\S+))?"
)
_VALUES = {
    "additional_paths_select": "bgp additional-paths select", "maximum_paths_ibgp": "maximum-paths ibgp",
    "maximum_paths_eibgp": "maximum-paths eibgp", "default_metric": "default-metric", "table_map": "table-map",
}  # fmt: skip
_FLAGS = {
    "default_information": "default-information originate", "auto_summary": "auto-summary",
    "synchronization": "synchronization",
}  # fmt: skip


def family_fields(said: Said) -> Fields:
    """What a family announces, and how it chooses."""
    fields: Fields = {name: value for name, words in _VALUES.items() if (value := said.after(words)) is not None}
    fields |= {name: True for name, line in _FLAGS.items() if said.has(line)}
    fields |= _dampening(said.after("bgp dampening"), said)
    paths = [text for text in said.each("bgp additional-paths") if not text.startswith("select")]
    fields |= {"additional_paths": paths[0]} if paths else {}
    equal = [text for text in said.each("maximum-paths") if text.isdecimal()]
    fields |= {"maximum_paths": equal[0]} if equal else {}
    distance = said.after("distance bgp")
    fields |= {"distance": tuple(distance.split(" "))} if distance else {}
    listed = {
        "networks": _fitting(BgpNetwork, _networks(said)),
        "aggregates": _fitting(BgpAggregate, _aggregates(said)),
        "redistribute": _fitting(BgpRedistribution, _redistributed(said)),
    }
    return fields | {name: values for name, values in listed.items() if values}


def _fitting(kind: type[Value], found: Iterable[Fields]) -> tuple[Value, ...]:
    """Those that the domain takes; the lines of the others are adopted word for word."""
    values = []
    for fields in found:
        with suppress(ValidationError):  # what does not fit is left out, and found by rendering
            values.append(kind.model_validate(fields))
    return tuple(values)


def _dampening(text: str | None, said: Said) -> Fields:
    if text is None:
        return {"dampening": True} if said.has("bgp dampening") else {}
    if text.startswith("route-map "):
        return {"dampening_route_map": text.removeprefix("route-map ")}
    names = ("half_life", "reuse", "suppress", "longest")
    return {"dampening_values": dict(zip(names, text.split(" "), strict=False))}


def _networks(said: Said) -> Iterator[Fields]:
    for text in said.each("network"):
        match = _NETWORK.fullmatch(text)
        if match is None:
            continue
        more = {"route_map": match["map"]} if match["map"] else {}
        yield {"prefix": _prefix(match["network"], match["mask"]), **more, "backdoor": bool(match["backdoor"])}


def _prefix(network: str, mask: str | None) -> str:
    if "/" in network:
        return network
    return f"{network}/{mask or classful_length(IPv4Address(network))}"


def _aggregates(said: Said) -> Iterator[Fields]:
    for text in said.each("aggregate-address"):
        match = _AGGREGATE.fullmatch(text)
        if match is not None:
            named = {name: match[name] for name in ("suppress_map", "attribute_map") if match[name]}
            flags = {name: True for name in ("as_set", "summary_only") if match[name]}
            yield {"prefix": f"{match['network']}/{match['length'] or match['mask']}", **flags, **named}


def _redistributed(said: Said) -> Iterator[Fields]:
    for text in said.each("redistribute"):
        match = _REDISTRIBUTED.fullmatch(text)
        if match is not None:
            yield {name: value for name, value in match.groupdict().items() if value}


_POLICY_FLAGS = {
    "next_hop_unchanged": "next-hop-unchanged", "route_reflector_client": "route-reflector-client",
    "soft_reconfiguration": "soft-reconfiguration inbound", "as_override": "as-override",
    "default_originate": "default-originate",
}  # fmt: skip
_POLICY_VALUES = {
    "allowas_in": "allowas-in", "default_originate_route_map": "default-originate route-map", "weight": "weight",
    "advertisement_interval": "advertisement-interval",
    "advertise_additional_paths": "advertise additional-paths", "additional_paths": "additional-paths",
    "unsuppress_map": "unsuppress-map",
}  # fmt: skip
_KINDS = ("route-map", "prefix-list", "distribute-list", "filter-list")
_MAXIMUM = re.compile(
    r"(?P<count>\d+)(?: (?P<threshold>\d+))?(?P<warning_only> warning-only)?(?: restart (?P<restart>\d+))?"
)


def policy_fields(said: Said) -> Fields:
    """What a neighbour or group has in a family; `activate` where it takes part."""
    fields: Fields = {name: True for name, line in _POLICY_FLAGS.items() if said.has(line)}
    fields |= {name: value for name, words in _POLICY_VALUES.items() if (value := said.after(words)) is not None}
    fields["activate"] = said.has("activate")
    standard, extended = said.has("send-community"), said.has("send-community extended")
    if standard or extended:
        fields["send_community"] = "both" if standard and extended else "standard" if standard else "extended"
    for name, line in (("next_hop_self", "next-hop-self"), ("remove_private_as", "remove-private-as")):
        if said.begins(line):
            fields[name] = said.after(line) or "yes"
    for kind in _KINDS:
        for text in said.each(kind):
            listed, _, way = text.partition(" ")
            fields[f"{kind.replace('-', '_')}_{way}"] = listed
    most = _MAXIMUM.fullmatch(said.after("maximum-prefix") or "")
    if most is not None:
        told = {name: value for name, value in most.groupdict().items() if value}
        fields["maximum_prefix"] = {**told, "warning_only": bool(most["warning_only"])}
    return fields
