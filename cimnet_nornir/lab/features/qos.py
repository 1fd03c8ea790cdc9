"""Classes and policies: what names what, what is refused while it is in use, and how policers are shown.

Cisco, "Configuring QoS": a policy takes only classes that are there, an interface only a policy that is there.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from cimnet_nornir.lab.answers import Outcome
from cimnet_nornir.lab.config import Line, Section
from cimnet_nornir.lab.rules import Change, Rule, remove, store

if TYPE_CHECKING:
    from cimnet_nornir.lab.device import Device

_CLASS: Final = "class-map"
_POLICY: Final = "policy-map"
_REST: Final = "class-default"
_MATCH: Final = "match"
_SHARES: Final = ("bandwidth", "priority")
_RATE: Final = "8000-100000000000"
_BURST: Final = "32-2000000000"


# --- classes ----------------------------------------------------------------------------------------------------------


def _class_map(change: Change) -> Outcome:
    """All of its matches hold unless any is told; which of both stays as long as it is there."""
    values = {"rule": "match-all", **change.values}
    old = change.section.get(_CLASS, values["name"])
    if old is not None and "rule" in change.values and old.values["rule"] != values["rule"]:
        return f"% Class-map {values['name']} exists as {old.values['rule']}"
    if old is not None:
        change.entered.append(old)
        return ""
    return store(change, f"class-map {values['rule']} {values['name']}", values)


def _no_class_map(change: Change) -> Outcome:
    name = change.values["name"]
    device = change.device
    policies = any(line.section.has("class", name) for line in device.running.all(_POLICY))
    classes = any(line.values.get("class") == name for line in _matches(device))
    return f"% Class-map {name} is being used" if policies or classes else remove(change)


def _matches(device: "Device") -> Iterator[Line]:
    return (line for each in device.running.all(_CLASS) for line in each.section.all(_MATCH))


def _match(change: Change) -> Outcome:
    """One more match; lists of markings are shown with two blanks between them."""
    name = change.values.get("class", "")
    if name and not change.device.running.has(_CLASS, name):
        return f"class map {name} not configured"
    text = change.match.text
    listed = change.values.get("marked", "")
    shown = f"{text.removesuffix(listed)}{listed.replace(' ', '  ')} " if listed else text
    change.section.put(Line((_MATCH, text), shown, change.rule.rank, values=dict(change.values)))
    return ""


def _no_match(change: Change) -> Outcome:
    change.section.drop(_MATCH, change.match.text)
    return ""


_MATCHES: Final = (
    "any",
    "access-group {<list:1-2699>|name <list:word>}",
    "[ip] dscp <marked:dscps>",
    "[ip] precedence <marked:precedences>",
    "cos <marked:cos-numbers>",
    "vlan <vlans:line>",
    "protocol <protocol:line>",
    "input-interface <interface:interface>",
    "class-map <class:word>",
    "qos-group <group:0-99>",
    "discard-class <class_of_drop:0-7>",
    "mpls experimental topmost <marked:cos-numbers>",
    "packet length <length:line>",
    "{source-address|destination-address} mac <mac:word>",
    "ip rtp <first:2000-65535> <ports:0-16383>",
)
CLASS_MAP: Final = (
    Rule("description <text:line>", 5),
    *(Rule(f"match [not] {what}", 10, effect=_match, undo=_no_match) for what in _MATCHES),
)


# --- policies ---------------------------------------------------------------------------------------------------------


def _no_policy_map(change: Change) -> Outcome:
    name = change.values["name"]
    return f"% Policy-map {name} is being used" if name in _policies_in_use(change.device) else remove(change)


def _policies_in_use(device: "Device") -> frozenset[str]:
    sections = [line.section for line in device.running.all("interface")]
    sections += [each.section for line in device.running.all(_POLICY) for each in line.section.all("class")]
    sections += [line.section for line in device.running.all("control-plane")]
    lines = (line for section in sections for line in section.all("service-policy"))
    return frozenset(line.values["policy"] for line in lines)


def policy_is_missing(change: Change) -> str:
    """What a device says to a policy that is not there; empty where it is."""
    name = change.values["policy"]
    there = change.device.running.has(_POLICY, name)
    return "" if there or change.device.booting else f"% policy map {name} not configured"


def _class(change: Change) -> Outcome:
    """A class at the end, but for that which takes the rest."""
    name = change.values["name"]
    if name != _REST and not change.device.running.has(_CLASS, name):
        return f"% class map {name} not configured"
    old = change.section.get("class", name)
    if old is not None:
        change.entered.append(old)
        return ""
    return store(change)


def _share(change: Change) -> Outcome:
    """A guaranteed share: in one unit, and of no more than there is."""
    refusal = "" if change.device.booting or change.owner is None else _refused_share(change)
    return refusal or store(change)


def _refused_share(change: Change) -> str:
    other = _SHARES[1 - _SHARES.index(change.rule.identity)]
    if change.section.has(other):
        return f"{change.rule.identity.capitalize()} cannot be configured in a class that has {other}"
    policy = next(line.section for line in change.device.running.all(_POLICY) if _holds(line.section, change.owner))
    others = [line.section for line in policy.all("class") if line is not change.owner]
    told = [line for section in others for slot in _SHARES if (line := section.get(slot)) is not None]
    units = {_unit(line.values) for line in told if line.key[0] == "bandwidth"}
    if change.rule.identity == "bandwidth" and units - {_unit(change.values)}:
        return "All classes with bandwidth should have consistent units"
    total = sum(int(line.values.get("percent", "0")) for line in told) + int(change.values.get("percent", "0"))
    return f"Sum total of class bandwidths exceeds 100 percent: {total}" if total > 100 else ""


def _holds(section: Section, owner: Line | None) -> bool:
    return any(line is owner for line in section.all("class"))


def _unit(values: object) -> str:
    names = ("kilobits", "percent", "of_the_rest", "ratio")
    found = next((name for name in names if name in values), "") if isinstance(values, dict) else ""
    return "remaining" if found in names[2:] else found


def _marking(change: Change) -> Outcome:
    """A class marks code points or precedences, and those of all packets or of IPv4 alone."""
    others = [line for line in change.section.all("set marking") if line.values["how"] != change.values["how"]]
    return "% Only one marking of the IP header is supported in a class" if others else store(change)


def _child(change: Change) -> Outcome:
    missing = policy_is_missing(change)
    attached = change.section.value("service-policy", name="policy")
    if missing or attached in {"", change.values["policy"]}:
        return missing or store(change)
    return f"Policy map {attached} is already attached"


def _police(change: Change) -> Outcome:
    """Newer images show a policer in a section of its own, older ones in a line; what is usual is shown as well."""
    values = {"conform": "transmit", "exceed": "drop", **change.values}
    burst = values.get("burst", str(max(1500, int(values.get("rate", "0")) // 32)))
    features = change.device.profile.features
    told = ("percent", values["percent"]) if "percent" in values else (values["rate"],)
    if "iosxe" in features or "peak" in values:
        words = ["police", "cir", *told, *(() if "percent" in values else ("bc", burst))]
        words += [
            word for name, key in (("pir", "peak"), ("be", "excess")) if key in values for word in (name, values[key])
        ]
    else:
        words = [
            "police",
            *(("cir",) if "percent" in values else ()),
            *told,
            *(() if "percent" in values else (burst,)),
        ]
        words += [values["excess"]] if "excess" in values else []
    whens = ("conform", "exceed", "violate") if "switching" not in features or "iosxe" in features else ("exceed",)
    actions = tuple(f"{when}-action {values[when]}" for when in whens if when in values)
    if "iosxe" in features:
        change.section.put(Line(("police",), " ".join(words), change.rule.rank, values=values, ending=_below(actions)))
    else:
        change.section.put(Line(("police",), "  ".join((" ".join(words), *actions)), change.rule.rank, values=values))
    return ""


def _below(actions: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f" {action} " for action in actions)


def _no_police(change: Change) -> Outcome:
    change.section.drop("police")
    return ""


_ACTIONS: Final = (
    "[conform-action <conform:qos-action>] [exceed-action <exceed:qos-action>] [violate-action <violate:qos-action>]"
)
_PERCENT: Final = "percent <percent:1-100>"

QOS: Final = (
    Rule(
        "class-map [{rule: match-all|match-any}] <name:word>",
        210,
        ("name",),
        enters="class-map",
        slot=_CLASS,
        effect=_class_map,
        undo=_no_class_map,
    ),
    Rule("policy-map <name:word>", 211, ("name",), enters="policy-map", undo=_no_policy_map),
)
POLICY_MAP: Final = (
    Rule("description <text:line>", 5),
    Rule(
        "class <name:word>",
        10,
        ("name",),
        enters="policy-class",
        effect=_class,
        order=lambda values: (values["name"] == _REST,),
    ),
)
POLICY_CLASS: Final = (
    Rule(
        f"bandwidth {{<kilobits:1-100000000>|{_PERCENT}|remaining percent <of_the_rest:1-100>"
        "|remaining ratio <ratio:1-65536>}",
        10,
        effect=_share,
    ),
    Rule(
        f"priority [level <level:1-2>] [{{<kilobits:1-100000000>|{_PERCENT}}} [<burst:{_BURST}>]]",
        10,
        effect=_share,
    ),
    Rule(
        f"shape {{kind: average|peak}} {{{_PERCENT}|<bits:{_RATE}> [<burst:0-2000000000> [<excess:0-2000000000>]]}}",
        11,
        slot="shape",
    ),
    Rule(
        f"police [cir] {{<rate:{_RATE}>|{_PERCENT}}} [[bc] <burst:{_BURST}> [[be] <excess:{_BURST}>]] {_ACTIONS}",
        12,
        effect=_police,
        undo=_no_police,
    ),
    Rule(
        f"police cir <rate:{_RATE}> [bc <burst:{_BURST}>] pir <peak:{_RATE}> [be <excess:{_BURST}>] {_ACTIONS}",
        12,
        slot="police",
        effect=_police,
        undo=_no_police,
    ),
    Rule("set {how: ip dscp|dscp} <marked:dscp>", 13, ("how",), slot="set marking", effect=_marking),
    Rule("set {how: ip precedence|precedence} <marked:precedence>", 13, ("how",), slot="set marking", effect=_marking),
    Rule("set cos <cos:0-7>", 14),
    Rule("set qos-group <group:0-99>", 14),
    Rule("set discard-class <group:0-7>", 14),
    Rule("set mpls experimental {where: topmost|imposition} <value:0-7>", 14, ("where",)),
    Rule("set {from: dscp|cos} {to: dscp|cos} table <table:word>", 14, slot="set table"),
    Rule("trust {what: cos|dscp|ip-precedence}", 15),
    Rule(
        "queue-limit <packets:1-32768> [packets]",
        16,
        effect=lambda change: store(change, f"queue-limit {change.values['packets']} packets"),
    ),
    Rule("fair-queue", 17),
    Rule("random-detect [{by: dscp-based|precedence-based}]", 18),
    Rule("drop", 19),
    Rule("service-policy <policy:word>", 20, effect=_child),
)
