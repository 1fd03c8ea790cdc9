"""OSPF processes."""

from ipaddress import IPv4Address
from typing import Final

from cimnet_nornir.lab.answers import Outcome
from cimnet_nornir.lab.config import Line, Section
from cimnet_nornir.lab.features.gradual import EXTERNAL, distribution, gradual, redistribution
from cimnet_nornir.lab.features.ospf_areas import AREAS
from cimnet_nornir.lab.features.passive import passive_rules
from cimnet_nornir.lab.rules import Change, Rule, remove, store

RANK: Final = 300
PROCESS: Final = "router ospf"
_REFERENCE: Final = (
    "% OSPF: Reference bandwidth is changed.\n"
    "        Please ensure reference bandwidth is consistent across all routers."
)

_RESTART: Final = '% OSPF: Reload or use "clear ip ospf process" command, for this to take effect'
_TOTALS: Final = {"external-lsa": "", "include-stub": "", "on-startup": "word", "summary-lsa": ""}
_ORIGINATE: Final = {"always": "", "metric": "0-16777214", "metric-type": "1-2", "route-map": "word"}
_DISTANCES: Final = {"external": "1-255", "inter-area": "1-255", "intra-area": "1-255"}


def ensure_process(running: Section, number: str) -> Line:
    """The line of an OSPF process, started when it does not run yet."""
    line = running.get(PROCESS, number)
    if line is None:
        values = {"process": number}
        line = Line((PROCESS, number), f"router ospf {number}", RANK, (int(number),), values, Section())
        running.put(line)
    return line


def _process(change: Change) -> Outcome:
    running, number, vrf = change.device.running, change.values["process"], change.values.get("vrf", "")
    if "switching" in change.device.profile.features and not running.has("ip routing"):
        return "IP routing not enabled"
    present = running.get(PROCESS, number)
    if vrf and not has_vrf(running, vrf):
        return f"% VRF {vrf} does not exist or is not configured for IPv4"
    if present is not None and present.values.get("vrf", "") != vrf:
        return f"% OSPF: Process {number} is already running in another VRF"
    change.entered.append(present or _started(running, number, vrf))
    return ""


def _started(running: Section, number: str, vrf: str) -> Line:
    line = ensure_process(running, number)
    if vrf:
        line.text, line.values = f"{line.text} vrf {vrf}", {"process": number, "vrf": vrf}
    return line


def has_vrf(running: Section, name: str) -> bool:
    """Whether a VRF of that name is defined, in the new form or the old."""
    return any(line.text in {f"vrf definition {name}", f"ip vrf {name}"} for line in running)


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


def _router_id(change: Change) -> Outcome:
    """A process that has a router id keeps it until it is started anew."""
    for other in change.device.running.all(PROCESS):
        if other.section is not change.section and other.section.value("router-id", name="id") == change.values["id"]:
            return f"OSPF: router-id {change.values['id']} is in use by ospf process {other.key[1]}"
    runs = change.section.has("router-id") or bool(change.section.all("network"))
    same = change.section.value("router-id", name="id") == change.values["id"]
    store(change)
    return "" if same or not runs else _RESTART


def _reference(change: Change) -> Outcome:
    store(change)
    return _REFERENCE


def _no_reference(change: Change) -> Outcome:
    remove(change)
    return _REFERENCE


def _adjacency(change: Change) -> Outcome:
    """The log is on by itself: it shows where it is off, or tells more."""
    change.section.drop("log-adjacency-changes")
    if change.negated or "detail" in change.values:
        text = "no log-adjacency-changes" if change.negated else change.match.text
        change.section.put(Line(("log-adjacency-changes",), text, change.rule.rank, values=dict(change.values)))
    return ""


def is_passive(process: Line, interface: str) -> bool:
    """Whether the process sends no hellos on the interface."""
    section = process.section
    if section.has("passive-interface default"):
        return not section.has("no passive-interface", interface)
    return section.has("passive-interface", interface)


GLOBAL: Final = (
    Rule(
        "router ospf <process:1-65535> [vrf <vrf:word>]",
        RANK,
        ("process",),
        "routing",
        "router-ospf",
        effect=_process,
        undo=_no_process,
    ),
)

ROUTER_OSPF: Final = (
    Rule("router-id <id:ip>", 10, effect=_router_id),
    Rule("ispf", 11),
    Rule("log-adjacency-changes [{detail: detail}]", 12, effect=_adjacency, undo=_adjacency),
    Rule(
        "auto-cost reference-bandwidth <megabits:1-4294967>",
        13,
        effect=_reference,
        undo=_no_reference,
        default="auto-cost reference-bandwidth 100",
    ),
    Rule("capability vrf-lite", 13),
    gradual("max-metric router-lsa", 13, _TOTALS),
    Rule("timers throttle {what: spf|lsa} <start:0-600000> <hold:0-600000> <max:0-600000>", 18, ("what",)),
    Rule("timers lsa arrival <ms:0-600000>", 18),
    *AREAS,
    *redistribution(20, EXTERNAL),
    *passive_rules(25),
    Rule(
        "network <network:ip> <wildcard:ip> area <area:area>",
        30,
        ("network", "wildcard"),
        effect=_network,
        undo=_no_network,
    ),
    gradual("default-information originate", 40, _ORIGINATE),
    Rule("default-metric <metric:1-16777214>", 41),
    Rule("maximum-paths <paths:1-32>", 42, default="maximum-paths 4"),
    *distribution(42),
    Rule("distance <distance:1-255>", 43, default="distance 110"),
    gradual("distance ospf", 43, _DISTANCES, slot="distance ospf"),
    Rule("neighbor <address:ip> [cost <cost:1-65535>]", 44, ("address",)),
    Rule("bfd all-interfaces", 45),
    Rule("shutdown", 45),
)
