"""VRFs: their definitions in both forms, and the interfaces in them, which lose their addresses on the way in and out.

Cisco, "IOS MPLS Layer 3 VPNs Configuration Guide": `vrf definition` with address families, and `ip vrf`, IPv4 alone.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from cimnet_nornir.lab.answers import Outcome
from cimnet_nornir.lab.config import Line, Section, SortKey
from cimnet_nornir.lab.rules import Change, Rule, remove, store

if TYPE_CHECKING:
    from cimnet_nornir.lab.device import Device

DEFINITION: Final = "vrf definition"
OLD_FORM: Final = "ip vrf"
MEMBER: Final = "vrf forwarding"
_FAMILIES: Final = {
    "IPv4": ("ip address", "ip address secondary", "ip unnumbered"),
    "IPv6": ("ipv6 address", "ipv6 enable"),
}


def vrf_of(section: Section) -> str:
    """The VRF of an interface; empty for the global table."""
    return section.value(MEMBER, name="vrf")


def lacks_family(change: Change, family: str) -> bool:
    """Whether the interface is in a VRF that does not carry the family: `ipv4` or `ipv6`."""
    definition = change.device.running.get(DEFINITION, vrf_of(change.section))
    return definition is not None and not definition.section.has("address-family", family)


def _forwarding(change: Change) -> Outcome:
    name, before = change.values["vrf"], vrf_of(change.section)
    if not any(change.device.running.has(form, name) for form in (DEFINITION, OLD_FORM)):
        return f"%VRF {name} does not exist or is not configured"
    if name == before:
        return ""
    old_form = change.device.running.has(OLD_FORM, name)
    store(change, f"ip vrf forwarding {name}" if old_form else f"vrf forwarding {name}")
    return _addresses_go(change.interface, change.section, f"enabling VRF {name}")


def _not_forwarding(change: Change) -> Outcome:
    name = vrf_of(change.section)
    if not name:
        return ""
    remove(change)
    return _addresses_go(change.interface, change.section, f"disabling VRF {name}")


def _addresses_go(interface: str, section: Section, why: str) -> str:
    told = []
    for family, slots in _FAMILIES.items():
        lines = [line for slot in slots for line in section.all(slot)]
        for line in lines:
            section.drop(*line.key)
        if lines:
            told.append(f"% Interface {interface} {family} disabled and address(es) removed due to {why}")
    return "\n".join(told)


def _removed(change: Change) -> Outcome:
    """Remove a VRF; its interfaces are in the global table then, without addresses."""
    name = change.values["name"]
    if not change.section.drop(change.rule.identity, name):
        return f"% VRF {name} does not exist"
    for line in _members(change.device, name):
        line.section.drop(MEMBER)
        _addresses_go(line.key[1], line.section, "")
    family = "IP" if change.rule.identity == OLD_FORM else "IPv4 and IPv6"
    return f"% {family} addresses from all interfaces in VRF {name} have been removed"


def _members(device: "Device", name: str) -> list[Line]:
    return [line for line in device.running.all("interface") if vrf_of(line.section) == name]


def _distinguisher(change: Change) -> Outcome:
    """The distinguisher that a VRF has is not changed: it goes first."""
    rd = change.values["rd"]
    if change.section.has("rd") and change.section.value("rd", name="rd") != rd:
        return "%Cannot change RD; remove it first"
    others = (line for form in (DEFINITION, OLD_FORM) for line in change.device.running.all(form))
    if any(line.section is not change.section and line.section.value("rd", name="rd") == rd for line in others):
        return f"%Cannot set RD, check if it's unique: {rd} is in use"
    return store(change)


def _target(change: Change) -> Outcome:
    """Import, export or both, each shown in a line of its own."""
    for way in _ways(change):
        store(change, f"route-target {way} {change.values['target']}", {**change.values, "way": way})
    return ""


def _no_target(change: Change) -> Outcome:
    for way in _ways(change):
        change.section.drop("route-target", way, change.values["target"])
    return ""


def _ways(change: Change) -> tuple[str, ...]:
    way = change.values.get("way", "both")
    return ("export", "import") if way == "both" else (way,)


def _target_order(values: Mapping[str, str]) -> SortKey:
    return values["way"], values["target"]


def _family(change: Change) -> Outcome:
    return store(change, f"address-family {change.values['family']}")


def _no_family(change: Change) -> Outcome:
    """Without the family the addresses of the VRF's interfaces go."""
    family = change.values["family"]
    change.section.drop("address-family", family)
    name = change.owner.values["name"] if change.owner is not None else ""
    for line in _members(change.device, name):
        for slot in _FAMILIES["IPv4" if family == "ipv4" else "IPv6"]:
            for address in line.section.all(slot):
                line.section.drop(*address.key)
    return ""


def _leave(change: Change) -> Outcome:
    change.leave = True
    return ""


_TARGET: Final = Rule(
    "route-target [{way: import|export|both}] <target:word>",
    20,
    ("way", "target"),
    effect=_target,
    undo=_no_target,
    order=_target_order,
)
_MAPS: Final = (
    Rule("import map <map:word>", 30),
    Rule("export map <map:word>", 31),
    Rule("import {family: ipv4|ipv6} {kind: unicast|multicast} [<limit:1-2147483647>] map <map:word>", 32, ("family",)),
    Rule("export {family: ipv4|ipv6} {kind: unicast|multicast} [<limit:1-2147483647>] map <map:word>", 33, ("family",)),
    Rule("maximum routes <routes:1-4294967295> {warning-only|<percent:1-100>}", 34),
)
_COMMON: Final = (Rule("description <text:line>", 5), Rule("rd <rd:word>", 10, effect=_distinguisher), _TARGET)

GLOBAL: Final = (
    Rule(f"{DEFINITION} <name:word>", 45, ("name",), enters="vrf", undo=_removed),
    Rule(f"{OLD_FORM} <name:word>", 89, ("name",), enters="ip-vrf", undo=_removed),
)
VRF: Final = (
    *_COMMON,
    Rule(
        "address-family {family: ipv4|ipv6} [unicast]",
        40,
        ("family",),
        enters="vrf-family",
        effect=_family,
        undo=_no_family,
        ending=("exit-address-family",),
    ),
)
OLD_VRF: Final = (*_COMMON, *_MAPS)
VRF_FAMILY: Final = (_TARGET, *_MAPS, Rule("exit-address-family", effect=_leave))

MEMBERS: Final = (
    Rule(f"{MEMBER} <vrf:word>", 16, needs="routed", effect=_forwarding, undo=_not_forwarding),
    Rule(f"ip {MEMBER} <vrf:word>", 16, needs="routed", slot=MEMBER, effect=_forwarding, undo=_not_forwarding),
)
