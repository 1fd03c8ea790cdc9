"""EIGRP processes in classic mode."""

from collections.abc import Mapping
from ipaddress import IPv4Address
from typing import Final

from cimnet_nornir.lab.answers import Outcome
from cimnet_nornir.lab.config import SortKey
from cimnet_nornir.lab.features.networks import class_mask, inverted, without_host_bits
from cimnet_nornir.lab.features.passive import passive_rules
from cimnet_nornir.lab.rules import Change, Rule, by_number, store


def _process(change: Change) -> Outcome:
    if "switching" in change.device.profile.features and not change.device.running.has("ip routing"):
        return "IP routing not enabled"
    return store(change)


def _named(change: Change) -> tuple[str, str]:
    """Network and wildcard of a line; without a wildcard, or with that of its class, the wildcard is empty."""
    network = change.values["network"]
    by_class = inverted(class_mask(network))
    wildcard = change.values.get("wildcard", by_class)
    return without_host_bits(network, wildcard), "" if wildcard == by_class else wildcard


def _network(change: Change) -> Outcome:
    network, wildcard = _named(change)
    return store(change, f"network {network} {wildcard}".rstrip(), {"network": network, "wildcard": wildcard})


def _no_network(change: Change) -> Outcome:
    """`no network X` is about the network of its class alone."""
    change.section.drop("network", *_named(change))
    return ""


def _order(values: Mapping[str, str]) -> SortKey:
    return (int(IPv4Address(values["network"])), values.get("wildcard", ""))


GLOBAL: Final = (
    Rule(
        "router eigrp <as:1-65535>",
        290,
        ("as",),
        "routing",
        "router-eigrp",
        effect=_process,
        order=by_number("as"),
    ),
)

ROUTER_EIGRP: Final = (
    Rule(
        "network <network:ip> [<wildcard:ip>]",
        20,
        ("network", "wildcard"),
        removable=1,
        effect=_network,
        undo=_no_network,
        order=_order,
    ),
    Rule("redistribute {source: connected|static|rip} [metric <metric:line>]", 22, ("source",)),
    Rule("redistribute ospf <process:1-65535> [metric <metric:line>]", 22, ("process",), slot="redistribute ospf"),
    Rule("redistribute bgp <as:1-4294967295> [metric <metric:line>]", 22, ("as",), slot="redistribute bgp"),
    *passive_rules(30),
    Rule("eigrp router-id <id:ip>", 40),
    Rule("eigrp stub [<what:line>]", 41),
    Rule("eigrp log-neighbor-changes", 42, shown="negative"),
    Rule("variance <factor:1-128>", 43, default="variance 1"),
    Rule("maximum-paths <paths:1-32>", 43),
    Rule("distance eigrp <internal:1-255> <external:1-255>", 44),
    Rule("auto-summary", 45),
)
