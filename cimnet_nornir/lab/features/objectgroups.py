"""Object groups: no access list takes one that is missing or empty, and none in use can be emptied or removed."""

import re
from typing import TYPE_CHECKING, Final

from cimnet_nornir.lab.answers import Outcome
from cimnet_nornir.lab.config import Line
from cimnet_nornir.lab.features.acl_names import PROTOCOL_NAMES, TCP_NAMES, UDP_NAMES
from cimnet_nornir.lab.rules import Change, Rule, remove, store

if TYPE_CHECKING:
    from cimnet_nornir.lab.device import Device

_GROUP: Final = "object-group"
_MEMBER: Final = "member"
_IN_A_LIST: Final = re.compile(r"(?:^|(?<= ))object-group (\S+)")


def refused_group(device: "Device", body: str) -> str:
    """What a device says to an entry of an access list whose groups are not there; empty where they are."""
    there = {line.values["name"] for line in device.running.all(_GROUP) if line.section.all(_MEMBER)}
    missing = next((name for name in _IN_A_LIST.findall(body) if name not in there), "")
    return f"% The object-group {missing} does not exist or is empty" if missing and not device.booting else ""


def _is_used(device: "Device", name: str) -> bool:
    lists = (entry for line in device.running.all("access-list") for entry in line.section.all("entry"))
    groups = (entry for line in device.running.all(_GROUP) for entry in line.section.all(_MEMBER))
    in_lists = any(name in _IN_A_LIST.findall(entry.values["body"]) for entry in lists)
    return in_lists or any(entry.text == f"group-object {name}" for entry in groups)


def _no_group(change: Change) -> Outcome:
    name = change.values["name"]
    return f"% Object-group {name} is in use" if _is_used(change.device, name) else remove(change)


def _add(change: Change) -> Outcome:
    text = _shown(change)
    nested = change.values.get("group", "")
    if nested and refused_group(change.device, f"{_GROUP} {nested}"):
        return refused_group(change.device, f"{_GROUP} {nested}")
    change.section.put(Line((_MEMBER, text), text, change.rule.rank))
    return ""


def _no_member(change: Change) -> Outcome:
    """The last one stays as long as somebody uses the group."""
    text, owner = _shown(change), change.owner
    last = [line.text for line in change.section.all(_MEMBER)] == [text]
    if owner is not None and last and _is_used(change.device, owner.values["name"]):
        return f"% Object-group {owner.values['name']} is in use and cannot be empty"
    change.section.drop(_MEMBER, text)
    return ""


def _shown(change: Change) -> str:
    """A member as it is shown: one address as a host, ports by their names."""
    if change.values.get("mask") == "255.255.255.255":
        return f"host {change.values['address']}"
    first, *rest = change.match.words
    protocol = PROTOCOL_NAMES.get(first, first)
    names = {"tcp": TCP_NAMES, "udp": UDP_NAMES}.get(protocol, {})
    return " ".join((protocol, *(names.get(word, word) for part in rest for word in part.split(" "))))


def _member(pattern: str) -> Rule:
    return Rule(pattern, 10, effect=_add, undo=_no_member)


_ALL: Final = (Rule("description <text:line>", 5), _member("group-object <group:word>"))
NETWORK: Final = (
    *_ALL,
    _member("host <address:ip>"),
    _member("range <first:ip> <last:ip>"),
    _member("any"),
    _member("<address:ip> <mask:mask>"),
)
SERVICE: Final = (
    *_ALL,
    _member("{tcp|udp|tcp-udp} [source <sport:acl-ports>] [<dport:acl-ports>]"),
    _member("icmp [<message:acl-message>]"),
    _member("{ip|ospf|eigrp|gre|esp|ahp|igmp|pim|ipinip|nos|pcp}"),
    _member("<protocol:0-255>"),
)


def _group(change: Change) -> Outcome:
    """A name is that of one kind of group."""
    old = change.section.get(_GROUP, change.values["name"])
    if old is not None and old.values["kind"] != change.values["kind"]:
        return f"% Object-group {change.values['name']} is of type {old.values['kind']}"
    return store(change)


def _rule(kind: str) -> Rule:
    return Rule(
        f"object-group {{kind: {kind}}} <name:word>",
        205,
        ("name",),
        enters=f"{kind}-group",
        slot=_GROUP,
        effect=_group,
        undo=_no_group,
    )


OBJECT_GROUPS: Final = (_rule("network"), _rule("service"))
