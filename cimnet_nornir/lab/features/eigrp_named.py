"""EIGRP in named mode: families, what their interfaces are told, and their topology."""

from typing import Final

from cimnet_nornir.lab.answers import Outcome
from cimnet_nornir.lab.config import Line, Section
from cimnet_nornir.lab.features.eigrp import EXTERNAL_OPTIONS, NETWORK, STUB
from cimnet_nornir.lab.features.gradual import distribution, redistribution
from cimnet_nornir.lab.rules import Change, Rule, store

_AS: Final = "autonomous-system <as:1-65535>"
_TOPOLOGY: Final = "topology base"
_PASSIVE: Final = "passive-interface"


def _process(change: Change) -> Outcome:
    if "switching" in change.device.profile.features and not change.device.running.has("ip routing"):
        return "IP routing not enabled"
    return store(change)


def _family(change: Change) -> Outcome:
    """A family, which has its topology from the start; a table has one."""
    values = {"vrf": "", **change.values}
    old = next((line for line in change.section.all("address-family") if line.key[1] == values["vrf"]), None)
    if old is not None and old.values["as"] != values["as"]:
        return f"% The address-family is configured with autonomous-system {old.values['as']}"
    if old is not None:
        change.entered.append(old)
        return ""
    where = f" vrf {values['vrf']}" if values["vrf"] else ""
    store(change, f"address-family ipv4 unicast{where} autonomous-system {values['as']}", values)
    section = change.entered[-1].section
    ending = ("exit-af-topology",)
    section.put(Line((_TOPOLOGY,), _TOPOLOGY, 15, children=Section(), ending=ending))
    return ""


def _no_family(change: Change) -> Outcome:
    change.section.drop("address-family", change.values.get("vrf", ""))
    return ""


def _silence(change: Change) -> Outcome:
    """What all interfaces are is not shown of one of them."""
    return _shown(change, silent=True)


def _speech(change: Change) -> Outcome:
    """`default` takes back what was said of the interface alone."""
    if change.defaulted:
        change.section.drop(_PASSIVE)
        return ""
    return _shown(change, silent=False)


def _shown(change: Change, *, silent: bool) -> str:
    owner = change.owner
    default = owner is not None and owner.key[1] == "default"
    if silent == (not default and _is_default(change)):
        change.section.drop(_PASSIVE)
    else:
        text = _PASSIVE if silent else f"no {_PASSIVE}"
        change.section.put(Line((_PASSIVE,), text, change.rule.rank))
    return ""


def _is_default(change: Change) -> bool:
    """Whether the family that the interface is in is silent by default."""
    for process in change.device.running.all("router eigrp"):
        for family in process.section.all("address-family"):
            default = family.section.get("af-interface", "default")
            mine = any(line is change.owner for line in family.section.all("af-interface"))
            if mine and default is not None:
                return default.section.has(_PASSIVE)
    return False


def _leave(change: Change) -> Outcome:
    change.leave = True
    return ""


GLOBAL: Final = (
    Rule(
        "router eigrp <as:name>",
        289,
        ("as",),
        "routing",
        "eigrp-named",
        effect=_process,
    ),
)
NAMED: Final = (
    Rule("shutdown", 5),
    Rule(
        f"address-family ipv4 [unicast] [vrf <vrf:word>] {_AS}",
        10,
        ("vrf",),
        enters="eigrp-family",
        slot="address-family",
        effect=_family,
        undo=_no_family,
        ending=("exit-address-family",),
    ),
)
FAMILY: Final = (
    Rule(
        "af-interface {<name:interface>|{name: default}}",
        10,
        ("name",),
        enters="eigrp-interface",
        order=lambda values: (values["name"] != "default", values["name"]),
        ending=("exit-af-interface",),
        quiet=True,
    ),
    Rule(_TOPOLOGY, 15, enters="eigrp-topology", ending=("exit-af-topology",)),
    NETWORK,
    Rule("metric weights <tos:0-8> <k1:0-255> <k2:0-255> <k3:0-255> <k4:0-255> <k5:0-255>", 30),
    Rule("eigrp router-id <id:ip>", 40),
    STUB,
    Rule("eigrp log-neighbor-changes", 42, shown="negative"),
    Rule("eigrp log-neighbor-warnings", 42, shown="negative"),
    Rule("shutdown", 60),
    Rule("exit-address-family", effect=_leave),
)
INTERFACE: Final = (
    Rule("shutdown", 5),
    Rule("summary-address <prefix:ip> <mask:ip> [leak-map <map:word>]", 10, ("prefix", "mask")),
    Rule("authentication mode md5", 11),
    Rule("authentication key-chain <chain:word>", 12),
    Rule("bandwidth-percent <percent:1-999999>", 13, default="bandwidth-percent 50"),
    Rule("hello-interval <seconds:1-65535>", 14, default="hello-interval 5"),
    Rule("hold-time <seconds:1-65535>", 15, default="hold-time 15"),
    Rule(_PASSIVE, 16, effect=_silence, undo=_speech),
    Rule("split-horizon", 17, shown="negative"),
    Rule("exit-af-interface", effect=_leave),
)
TOPOLOGY: Final = (
    Rule("variance <factor:1-128>", 10, default="variance 1"),
    Rule("maximum-paths <paths:1-32>", 12, default="maximum-paths 4"),
    Rule("default-metric <metric:vector>", 13),
    Rule("distance eigrp <internal:1-255> <external:1-255>", 14, default="distance eigrp 90 170"),
    *redistribution(22, EXTERNAL_OPTIONS, whole=True),
    *distribution(26),
    Rule("auto-summary", 45),
    Rule("exit-af-topology", effect=_leave),
)
