"""EIGRP processes in classic mode."""

from collections.abc import Mapping
from ipaddress import IPv4Address
from typing import Final

from cimnet_nornir.lab.answers import Outcome
from cimnet_nornir.lab.config import SortKey
from cimnet_nornir.lab.features.gradual import distribution, key_of, redistribution
from cimnet_nornir.lab.features.networks import class_mask, inverted, without_host_bits
from cimnet_nornir.lab.features.passive import passive_rules
from cimnet_nornir.lab.grammar import Invalid
from cimnet_nornir.lab.options import read_options, shown_options
from cimnet_nornir.lab.rules import Change, Rule, by_number, store

EXTERNAL_OPTIONS: Final = {"metric": "vector", "tag": "0-4294967295", "route-map": "word"}
_STUB: Final = dict.fromkeys(("receive-only", "connected", "static", "summary", "redistributed"), "")
_WEIGHTS: Final = "metric weights 0 1 0 1 0 0"
# On links of a LAN; slower ones are not told apart here.
_USUAL: Final = {
    "ip hello-interval eigrp": ("seconds", "5"),
    "ip hold-time eigrp": ("seconds", "15"),
    "ip bandwidth-percent eigrp": ("percent", "50"),
}


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


def _unless_usual(change: Change) -> Outcome:
    """What EIGRP does by itself on the interface is not shown."""
    name, usual = _USUAL[change.rule.identity]
    if change.values[name] == usual:
        change.section.drop(*key_of(change))
        return ""
    return store(change)


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


def _stub(change: Change) -> Outcome:
    """Without a word the stub tells of what is connected and of its summaries."""
    found = read_options(change, _STUB)
    if isinstance(found, Invalid):
        return found
    options = found or {"connected": "connected", "summary": "summary"}
    if "receive-only" in options and len(options) > 1:
        return Invalid(change.match.columns["options"])
    return store(change, f"eigrp stub{shown_options(options, _STUB)}", {})


NETWORK: Final = Rule(
    "network <network:ip> [<wildcard:ip>]",
    20,
    ("network", "wildcard"),
    removable=1,
    effect=_network,
    undo=_no_network,
    order=_order,
)
STUB: Final = Rule("eigrp stub [<options:line>]", 41, effect=_stub)
ROUTER_EIGRP: Final = (
    Rule("variance <factor:1-128>", 10, default="variance 1"),
    Rule("metric weights <tos:0-8> <k1:0-255> <k2:0-255> <k3:0-255> <k4:0-255> <k5:0-255>", 11, default=_WEIGHTS),
    Rule("maximum-paths <paths:1-32>", 12, default="maximum-paths 4"),
    Rule("default-metric <metric:vector>", 13),
    Rule("timers active-time <minutes:1-65535>", 14, default="timers active-time 3"),
    NETWORK,
    *redistribution(22, EXTERNAL_OPTIONS, whole=True),
    *distribution(26),
    *passive_rules(30),
    Rule("eigrp router-id <id:ip>", 40),
    STUB,
    Rule("eigrp log-neighbor-changes", 42, shown="negative"),
    Rule("eigrp log-neighbor-warnings", 42, shown="negative"),
    Rule("distance eigrp <internal:1-255> <external:1-255>", 44, default="distance eigrp 90 170"),
    Rule("auto-summary", 45),
    Rule("bfd all-interfaces", 46),
)

_AS: Final = "<as:1-65535>"
_NEEDS: Final = "routed routing"
INTERFACE: Final = (
    Rule(f"ip hello-interval eigrp {_AS} <seconds:1-65535>", 47, ("as",), needs=_NEEDS, effect=_unless_usual),
    Rule(f"ip hold-time eigrp {_AS} <seconds:1-65535>", 47, ("as",), needs=_NEEDS, effect=_unless_usual),
    Rule(f"ip bandwidth-percent eigrp {_AS} <percent:1-999999>", 47, ("as",), needs=_NEEDS, effect=_unless_usual),
    Rule(
        f"ip summary-address eigrp {_AS} <prefix:ip> <mask:ip> [<distance:1-255>] [leak-map <map:word>]",
        47,
        ("as", "prefix", "mask"),
        needs=_NEEDS,
    ),
    Rule(f"ip authentication mode eigrp {_AS} md5", 47, ("as",), needs=_NEEDS),
    Rule(f"ip authentication key-chain eigrp {_AS} <chain:word>", 47, ("as",), needs=_NEEDS),
)
