"""OSPF processes."""

from ipaddress import IPv4Address
from typing import Final

from cimnet_nornir.lab.answers import Outcome
from cimnet_nornir.lab.config import Line, Section
from cimnet_nornir.lab.features.passive import passive_rules
from cimnet_nornir.lab.rules import Change, Rule, remove, store

RANK: Final = 300
PROCESS: Final = "router ospf"
_REFERENCE: Final = (
    "% OSPF: Reference bandwidth is changed.\n"
    "        Please ensure reference bandwidth is consistent across all routers."
)


def ensure_process(running: Section, number: str) -> Line:
    """The line of an OSPF process, started when it does not run yet."""
    line = running.get(PROCESS, number)
    if line is None:
        values = {"process": number}
        line = Line((PROCESS, number), f"router ospf {number}", RANK, (int(number),), values, Section())
        running.put(line)
    return line


def _process(change: Change) -> Outcome:
    running = change.device.running
    if "switching" in change.device.profile.features and not running.has("ip routing"):
        return "IP routing not enabled"
    change.entered.append(ensure_process(running, change.values["process"]))
    return ""


def _no_process(change: Change) -> Outcome:
    """Stopping a process takes it off every interface, too."""
    number = change.values["process"]
    change.section.drop(PROCESS, number)
    for interface in change.device.running.all("interface"):
        interface.section.drop("ip ospf area", number)
    return ""


def _without_host_bits(change: Change) -> dict[str, str]:
    """IOS applies the wildcard to the network."""
    values = dict(change.values)
    kept = int(IPv4Address(values["network"])) & ~int(IPv4Address(values["wildcard"])) & 0xFFFFFFFF
    return {**values, "network": str(IPv4Address(kept))}


def _no_network(change: Change) -> Outcome:
    values = _without_host_bits(change)
    change.section.drop("network", values["network"], values["wildcard"])
    return ""


def _network(change: Change) -> Outcome:
    values = _without_host_bits(change)
    return store(change, f"network {values['network']} {values['wildcard']} area {values['area']}", values)


def _reference(change: Change) -> Outcome:
    store(change)
    return _REFERENCE


def _no_reference(change: Change) -> Outcome:
    remove(change)
    return _REFERENCE


def is_passive(process: Line, interface: str) -> bool:
    """Whether the process sends no hellos on the interface."""
    section = process.section
    if section.has("passive-interface default"):
        return not section.has("no passive-interface", interface)
    return section.has("passive-interface", interface)


GLOBAL: Final = (
    Rule(
        "router ospf <process:1-65535>", RANK, ("process",), "routing", "router-ospf", effect=_process, undo=_no_process
    ),
)

ROUTER_OSPF: Final = (
    Rule("router-id <id:ip>", 10),
    Rule("ispf", 11),
    Rule("log-adjacency-changes", 12, shown="negative"),
    Rule("log-adjacency-changes detail", 12),
    Rule(
        "auto-cost reference-bandwidth <megabits:1-4294967>",
        13,
        effect=_reference,
        undo=_no_reference,
        default="auto-cost reference-bandwidth 100",
    ),
    Rule("area <area:area> authentication [message-digest]", 14, ("area",), slot="area authentication"),
    Rule("area <area:area> {kind: stub|nssa} [{how: no-summary}]", 15, ("area", "kind"), slot="area kind"),
    Rule(
        "area <area:area> range <prefix:ip> <mask:ip> [{how: advertise|not-advertise}]",
        16,
        ("area", "prefix", "mask"),
        slot="area range",
    ),
    Rule("area <area:area> default-cost <cost:0-16777215>", 17, ("area",), slot="area default-cost"),
    Rule("timers throttle {what: spf|lsa} <start:0-600000> <hold:0-600000> <max:0-600000>", 18, ("what",)),
    Rule(
        "redistribute {source: connected|static|rip} [metric <metric:0-16777214>] [metric-type {type: 1|2}] "
        "[subnets] [route-map <map:word>]",
        20,
        ("source",),
    ),
    Rule(
        "redistribute bgp <as:1-4294967295> [metric <metric:0-16777214>] [subnets] [route-map <map:word>]", 20, ("as",)
    ),
    *passive_rules(25),
    Rule(
        "network <network:ip> <wildcard:ip> area <area:area>",
        30,
        ("network", "wildcard"),
        effect=_network,
        undo=_no_network,
    ),
    Rule(
        "default-information originate [always] [metric <metric:0-16777214>] [metric-type {type: 1|2}] "
        "[route-map <map:word>]",
        40,
    ),
    Rule("default-metric <metric:1-16777214>", 41),
    Rule("maximum-paths <paths:1-32>", 42),
    Rule("distance <distance:1-255>", 43, default="distance 110"),
    Rule("neighbor <address:ip> [cost <cost:1-65535>]", 44, ("address",)),
    Rule("shutdown", 45),
)
