"""Multiple spanning tree: regions, and what each instance is told (Cisco, "Configuring MSTP")."""

from typing import Final

from cimnet_nornir.lab.answers import Outcome
from cimnet_nornir.lab.config import Line
from cimnet_nornir.lab.features.vlangroups import NO_VLANS, numbers, one_value_a_vlan, vlans_of
from cimnet_nornir.lab.rules import Change, Rule
from cimnet_nornir.lab.vlanlist import format_vlans, parse_vlans

_INSTANCE: Final = "instance"
_PRIORITY: Final = "spanning-tree mst priority"
_STEP: Final = 4096
_HIGHEST: Final = 4094


def _map(change: Change) -> Outcome:
    """Map VLANs to an instance: they come to those that it has, and leave the one that they were in."""
    given = parse_vlans(change.values["vlans"])
    if isinstance(given, str):
        return given
    own = change.values["instance"]
    _put(change, own, _mapped(change, own) | given)
    for line in list(change.section.all(_INSTANCE)):
        if line.key[1] != own:
            _put(change, line.key[1], vlans_of(line) - given)
    return ""


def _unmap(change: Change) -> Outcome:
    """`no instance 1` and `no instance 1 vlan LIST`: these VLANs are in instance 0 again."""
    own = change.values["instance"]
    given = parse_vlans(change.values["vlans"]) if "vlans" in change.values else _mapped(change, own)
    if isinstance(given, str):
        return given
    _put(change, own, _mapped(change, own) - given)
    return ""


def _mapped(change: Change, instance: str) -> frozenset[int]:
    return vlans_of(change.section.get(_INSTANCE, instance))


def _put(change: Change, instance: str, vlans: frozenset[int]) -> None:
    key = (_INSTANCE, instance)
    if vlans == NO_VLANS:
        change.section.drop(*key)
        return
    listed = format_vlans(vlans)
    # Here alone IOS shows a blank behind each comma.
    text = f"instance {instance} vlan {listed.replace(',', ', ')}"
    change.section.put(Line(key, text, change.rule.rank, (int(instance),), {"vlans": listed}))


def _priority(change: Change) -> Outcome:
    priority = int(change.values["priority"])
    if priority % _STEP:
        return f"% Bridge Priority must be in increments of {_STEP}."
    return _with_priority(change, str(priority))


def _no_priority(change: Change) -> Outcome:
    return _with_priority(change, "")


def _with_priority(change: Change, priority: str) -> str:
    """Instances of one priority are shown in one line."""
    given = numbers(change.values["instances"])
    if not given or max(given) > _HIGHEST:
        return "%Invalid MST instance id"
    one_value_a_vlan(
        change, _PRIORITY, given, priority, lambda listed, value: f"spanning-tree mst {listed} priority {value}"
    )
    return ""


GLOBAL: Final = (
    Rule("spanning-tree mst configuration", 116, needs="switching", enters="mst", quiet=True),
    Rule(
        "spanning-tree mst <instances:vlans> priority <priority:0-61440>",
        117,
        ("instances",),
        needs="switching",
        slot=_PRIORITY,
        effect=_priority,
        undo=_no_priority,
    ),
    Rule(
        "spanning-tree mst hello-time <seconds:1-10>", 117, needs="switching", default="spanning-tree mst hello-time 2"
    ),
    Rule(
        "spanning-tree mst forward-time <seconds:4-30>",
        117,
        needs="switching",
        default="spanning-tree mst forward-time 15",
    ),
    Rule("spanning-tree mst max-age <seconds:6-40>", 117, needs="switching", default="spanning-tree mst max-age 20"),
    Rule("spanning-tree mst max-hops <hops:1-255>", 117, needs="switching", default="spanning-tree mst max-hops 20"),
)

MST: Final = (
    Rule("name <name:word>", 10),
    Rule("revision <revision:0-65535>", 20, default="revision 0"),
    Rule("instance <instance:1-4094> vlan <vlans:vlans>", 30, ("instance",), slot=_INSTANCE, effect=_map, undo=_unmap),
)
