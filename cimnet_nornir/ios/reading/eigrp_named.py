"""EIGRP in named mode as a configuration tells it."""

import re
from typing import Final

from cimnet_nornir.domain.features.eigrp_named import EigrpNamed
from cimnet_nornir.ios.reading.draft import Draft
from cimnet_nornir.ios.reading.eigrp import networks_of, vector_of, weights_of
from cimnet_nornir.ios.reading.processes import Fields, filters, prefix_of, redistributed, without_nothing
from cimnet_nornir.ios.reading.said import Said
from cimnet_nornir.ios.tree import Config, Node, sections

_FAMILY: Final = re.compile(r"address-family ipv4 unicast(?: vrf (?P<vrf>\S+))? autonomous-system (?P<as_number>\d+)")
_SUMMARY: Final = re.compile(r"(?P<address>\S+) (?P<mask>\S+)(?: leak-map (?P<leak_map>\S+))?")
_INTERFACE: Final = {
    "hello_interval": "hello-interval",
    "hold_time": "hold-time",
    "bandwidth_percent": "bandwidth-percent",
    "key_chain": "authentication key-chain",
}


def read(config: Config, draft: Draft) -> None:
    """Take in processes by name; families for IPv6 are adopted word for word."""
    for node in sections(config, "router eigrp "):
        name = node.text.removeprefix("router eigrp ")
        matches = ((child, _FAMILY.fullmatch(child.text)) for child in node.children)
        families = tuple(_family(child, match) for child, match in matches if match is not None)
        if not name.isdecimal() and families:
            draft.add(EigrpNamed, name=name, families=families)


def _family(node: Node, match: re.Match[str]) -> Fields:
    said = Said.of(node.children)
    topology = next((Said.of(child.children) for child in node.children if child.text == "topology base"), Said(()))
    internal, _, external = (topology.after("distance eigrp") or "").partition(" ")
    fields: Fields = {
        **match.groupdict(),
        "router_id": said.after("eigrp router-id"),
        "networks": networks_of(said),
        "interfaces": tuple(_interface(child) for child in node.children if child.text.startswith("af-interface ")),
        "metric_weights": weights_of(said.after("metric weights")),
        "stub": tuple((said.after("eigrp stub") or "").split()),
        "shutdown": said.has("shutdown"),
        "variance": topology.after("variance"),
        "maximum_paths": topology.after("maximum-paths"),
        "default_metric": vector_of(topology.after("default-metric")),
        "internal_distance": internal or None,
        "external_distance": external or None,
        "distribute_lists": filters(topology),
        "redistribution": tuple({"source": source, **more} for source, more in redistributed(topology)),
    }
    quiet = {"neighbor_log": False} if said.has("no eigrp log-neighbor-changes") else {}
    return without_nothing(fields) | quiet


def _interface(node: Node) -> Fields:
    said = Said.of(node.children)
    summaries = (match for text in said.each("summary-address") if (match := _SUMMARY.fullmatch(text)))
    fields: Fields = {
        "interface": node.text.removeprefix("af-interface "),
        **{name: said.after(words) for name, words in _INTERFACE.items()},
        "shutdown": said.has("shutdown"),
        "summaries": tuple(
            without_nothing({"prefix": prefix_of(each["address"], each["mask"]), "leak_map": each["leak_map"]})
            for each in summaries
        ),
    }
    told = without_nothing(fields)
    if said.has("passive-interface", "no passive-interface"):
        told["passive"] = said.has("passive-interface")
    return told | ({"split_horizon": False} if said.has("no split-horizon") else {})
