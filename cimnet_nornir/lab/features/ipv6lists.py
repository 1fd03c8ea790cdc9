"""IPv6 access lists, whose entries are shown with a number where it is not the one that IOS would give."""

from typing import Final

from cimnet_nornir.lab.answers import Outcome
from cimnet_nornir.lab.config import Line, Section
from cimnet_nornir.lab.features.accesslists import STEP, body_of
from cimnet_nornir.lab.rules import Change, Rule, remove, store

_ENTRY: Final = "entry"


def _entry(change: Change) -> Outcome:
    body, section = _body(change), change.section
    if any(line.values["body"] == body for line in section.all(_ENTRY)) and not body.startswith("remark"):
        return ""
    last = max((int(line.key[1]) for line in section.all(_ENTRY)), default=0)
    place = int(change.values.get("sequence", last + STEP))
    if section.has(_ENTRY, str(place)):
        return "% Duplicate sequence number"
    section.put(Line((_ENTRY, str(place)), body, 10, (place,), {"body": body}))
    _show(change, section)
    return ""


def _body(change: Change) -> str:
    words = change.match.words
    return body_of(words[2:] if words[0] == "sequence" else words)


def _no_entry(change: Change) -> Outcome:
    sequence = change.values.get("sequence", "")
    body = _body(change) if {"action", "text", "reflected"} & set(change.values) else ""
    for line in change.section.all(_ENTRY):
        if line.key[1] == sequence or (not sequence and line.values["body"] == body):
            change.section.drop(*line.key)
    _show(change, change.section)
    return ""


def _show(change: Change, section: Section) -> None:
    """IOS XE shows every number, classic IOS those that do not follow the one before by ten."""
    always, last = "iosxe" in change.device.profile.features, 0
    for line in section:
        number, body = int(line.key[1]), line.values["body"]
        line.text = f"sequence {number} {body}" if always or number != last + STEP else body
        last = number


_SEQUENCE: Final = "[sequence <sequence:1-4294967294>]"
_ACTION: Final = "{action: permit|deny}"
_SIDES: Final = "<source:acl-ipv6> %s<destination:acl-ipv6>"
_BODIES: Final = (
    f"{_ACTION} {{protocol: tcp|udp}} {_SIDES % '[<sport:acl-ports>] '}[<dport:acl-ports>] [<options:acl-options>]",
    f"{_ACTION} {{protocol: icmp}} {_SIDES % ''}[<message:acl-message6>] [<options:acl-options>]",
    f"{_ACTION} {{{{protocol: ipv6|esp|ahp|pcp|sctp}}|<protocol:0-255>}} {_SIDES % ''}[<options:acl-options>]",
    "evaluate <reflected:word>",
    "remark <text:line>",
)

IPV6_LISTS: Final = (
    Rule("ipv6 access-list <name:name>", 425, ("name",), enters="ipv6-list", effect=store, undo=remove),
)
IPV6_LIST: Final = (
    *(Rule(f"{_SEQUENCE} {body}", 10, ("sequence",), effect=_entry, undo=_no_entry) for body in _BODIES),
    Rule("sequence <sequence:1-4294967294>", 10, undo=_no_entry, effect=lambda _: "% Incomplete command."),
)
