"""OSPF for IPv6: processes in the old form and in the one with address families, and what stands on interfaces."""

from typing import Final

from cimnet_nornir.lab.answers import Outcome
from cimnet_nornir.lab.config import Line, Section
from cimnet_nornir.lab.features.gradual import EXTERNAL, gradual, redistribution
from cimnet_nornir.lab.features.ospf_areas import AREAS
from cimnet_nornir.lab.features.passive import passive_rules
from cimnet_nornir.lab.rules import Change, Rule, by_number, remove, store

RANK: Final = 320
_OLD: Final = "ipv6 router ospf"
_NEW: Final = "router ospfv3"
_FAMILY: Final = "address-family ipv6 unicast"
_WITHOUT_SUBNETS: Final = {name: kind for name, kind in EXTERNAL.items() if name != "subnets"}
_ORIGINATE: Final = {"always": "", "metric": "0-16777214", "metric-type": "1-2", "route-map": "word"}


def _process(change: Change) -> Outcome:
    if not change.device.running.has("ipv6 unicast-routing"):
        return "% IPv6 routing not enabled"
    other = _NEW if change.rule.identity == _OLD else _OLD
    if change.device.running.has(other, change.values["process"]):
        return f"% OSPFv3: Process {change.values['process']} is already configured as {other}"
    return store(change)


def _no_process(change: Change) -> Outcome:
    """Stopping a process takes it off every interface, too."""
    remove(change)
    for interface in change.device.running.all("interface"):
        for slot in ("ipv6 ospf area", "ospfv3 area"):
            interface.section.drop(slot, change.values["process"])
    return ""


def _has_ipv6(section: Section) -> bool:
    return any(line.text.startswith(("ipv6 address ", "ipv6 enable")) for line in section)


def _area(change: Change) -> Outcome:
    """Put the interface into an area; IOS starts a process in the old form when none runs yet."""
    running, number = change.device.running, change.values["process"]
    if not _has_ipv6(change.section):
        return "% OSPFv3: IPV6 is not enabled on this interface"
    if not running.has("ipv6 unicast-routing"):
        return "% IPv6 routing not enabled"
    if not running.has(_OLD, number) and not running.has(_NEW, number):
        header = _OLD if change.rule.identity == "ipv6 ospf area" else _NEW
        values = {"process": number}
        running.put(Line((header, number), f"{header} {number}", RANK, (int(number),), values, Section()))
    if change.rule.identity == "ospfv3 area":
        _with_family(running, number)
    return store(change)


def _with_family(running: Section, number: str) -> None:
    """The family of an interface that joins is there at once."""
    process = running.get(_NEW, number)
    if process is not None and not process.section.has("address-family ipv6"):
        key, ending = ("address-family ipv6",), ("exit-address-family",)
        process.section.put(Line(key, _FAMILY, 60, (), {}, Section(), ending))


def _family(change: Change) -> Outcome:
    return store(change, _FAMILY)


def _leave(change: Change) -> Outcome:
    change.leave = True
    return ""


GLOBAL: Final = tuple(
    Rule(
        f"{header} <process:1-65535>",
        RANK + number,
        ("process",),
        "routing",
        mode,
        effect=_process,
        undo=_no_process,
        order=by_number("process"),
    )
    for number, (header, mode) in enumerate(((_OLD, "ipv6-router-ospf"), (_NEW, "router-ospfv3")))
)

_COMMON: Final = (
    Rule("router-id <id:ip>", 10),
    Rule("auto-cost reference-bandwidth <megabits:1-4294967>", 13, default="auto-cost reference-bandwidth 100"),
    *(rule for rule in AREAS if rule.slot in {"area stub", "area nssa", "area default-cost"}),
    *passive_rules(25),
)
_FAMILY_LINES: Final = (
    *redistribution(20, _WITHOUT_SUBNETS),
    gradual("default-information originate", 40, _ORIGINATE),
    Rule("maximum-paths <paths:1-32>", 42, default="maximum-paths 16"),
    Rule("distance <distance:1-255>", 43, default="distance 110"),
)
OLD: Final = (*_COMMON, *_FAMILY_LINES)
FAMILY: Final = (*_COMMON, *_FAMILY_LINES, Rule("exit-address-family", effect=_leave))
NEW: Final = (
    *_COMMON,
    Rule(
        "address-family ipv6 [unicast]",
        60,
        enters="router-ospfv3-af",
        ending=("exit-address-family",),
        effect=_family,
    ),
)

_NEEDS: Final = "routed routing"
_TYPES: Final = "{type: point-to-point|broadcast|non-broadcast|point-to-multipoint}"
INTERFACE: Final = (
    Rule(
        "ipv6 ospf <process:1-65535> area <area:area>",
        54,
        ("process",),
        needs=_NEEDS,
        slot="ipv6 ospf area",
        effect=_area,
    ),
    Rule(
        "ospfv3 <process:1-65535> ipv6 area <area:area>",
        54,
        ("process",),
        needs=_NEEDS,
        slot="ospfv3 area",
        effect=_area,
    ),
    *(
        rule
        for word in ("ipv6 ospf", "ospfv3")
        for rule in (
            Rule(f"{word} network {_TYPES}", 55, needs=_NEEDS, default=f"{word} network broadcast"),
            Rule(f"{word} hello-interval <seconds:1-65535>", 55, needs=_NEEDS, default=f"{word} hello-interval 10"),
            Rule(f"{word} dead-interval <seconds:1-65535>", 55, needs=_NEEDS),
            Rule(f"{word} priority <priority:0-255>", 55, needs=_NEEDS, default=f"{word} priority 1"),
            Rule(f"{word} cost <cost:1-65535>", 55, needs=_NEEDS),
            Rule(f"{word} mtu-ignore", 55, needs=_NEEDS),
            Rule(f"{word} bfd", 55, needs=_NEEDS),
        )
    ),
)
