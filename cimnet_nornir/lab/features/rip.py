"""RIP, of which a device runs one process."""

from ipaddress import IPv4Address
from typing import Final

from cimnet_nornir.lab.answers import Outcome
from cimnet_nornir.lab.features.gradual import distribution, redistribution
from cimnet_nornir.lab.features.networks import class_mask, inverted, without_host_bits
from cimnet_nornir.lab.features.passive import passive_rules
from cimnet_nornir.lab.rules import Change, Rule, remove, store

_EXTERNAL: Final = {"metric": "0-16", "route-map": "word"}


def _process(change: Change) -> Outcome:
    if "switching" in change.device.profile.features and not change.device.running.has("ip routing"):
        return "IP routing not enabled"
    return store(change)


def _by_class(change: Change) -> Outcome:
    """RIP knows networks by their class alone, whatever was typed."""
    network = change.values["network"]
    values = {"network": without_host_bits(network, inverted(class_mask(network)))}
    if change.negated:
        change.section.drop("network", values["network"])
        return ""
    return store(change, f"network {values['network']}", values)


GLOBAL: Final = (Rule("router rip", 310, (), "routing", "router-rip", effect=_process, undo=remove),)

ROUTER_RIP: Final = (
    Rule("version {version: 1|2}", 10),
    Rule(
        "timers basic <update:1-4294967295> <invalid:1-4294967295> <hold:0-4294967295> <flush:1-4294967295>",
        11,
        default="timers basic 30 180 180 240",
    ),
    *redistribution(20, _EXTERNAL),
    *passive_rules(25),
    Rule(
        "network <network:ip>",
        30,
        ("network",),
        effect=_by_class,
        undo=_by_class,
        order=lambda values: (int(IPv4Address(values["network"])),),
    ),
    Rule("neighbor <address:ip>", 31, ("address",)),
    Rule("default-information originate [route-map <map:word>]", 40),
    Rule("default-metric <metric:1-16>", 41),
    *distribution(42),
    Rule("maximum-paths <paths:1-32>", 43, default="maximum-paths 4"),
    Rule("distance <distance:1-255>", 44, default="distance 120"),
    Rule("auto-summary", 50, shown="negative"),
)
