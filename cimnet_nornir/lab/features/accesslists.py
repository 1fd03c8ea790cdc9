"""IPv4 access lists: standard and extended, numbered and named."""

from collections.abc import Mapping
from typing import Final

from cimnet_nornir.lab.answers import Outcome
from cimnet_nornir.lab.config import Line, Section, SortKey
from cimnet_nornir.lab.features.acl_names import PROTOCOL_NAMES, TCP_NAMES, UDP_NAMES
from cimnet_nornir.lab.features.objectgroups import refused_group
from cimnet_nornir.lab.rules import Change, Rule

STEP: Final = 10
_ENTRY: Final = "entry"
_REMARKS: Final = "remark"
_OPERATORS: Final = frozenset({"eq", "neq", "gt", "lt", "range"})


def _place(section: Section, sequence: str) -> int:
    """The sequence number of a new entry: the given one, or ten after the last."""
    if sequence:
        return int(sequence)
    return max((int(line.key[1]) for line in section.all(_ENTRY)), default=0) + STEP


def body_of(words: tuple[str, ...]) -> str:
    """An entry without its sequence number, with the names of ports and protocols as IOS shows them."""
    start = next(index for index, word in enumerate(words) if word in {"permit", "deny", "remark", "evaluate"})
    action, subject, *rest = words[start:]
    if action == "remark":
        return " ".join((action, subject, *rest))
    protocol = PROTOCOL_NAMES.get(subject, subject)
    names = {"tcp": TCP_NAMES, "udp": UDP_NAMES}.get(protocol, {})
    return " ".join((action, protocol, *(_named_ports(word, names) for word in rest)))


def _named_ports(part: str, names: Mapping[str, str]) -> str:
    operator, *ports = part.split(" ")
    return " ".join((operator, *(names.get(port, port) for port in ports))) if operator in _OPERATORS else part


def _add(change: Change, section: Section, body: str) -> str:
    sequence = change.values.get("sequence", "")
    if body.startswith("remark") and "iosxe" not in change.device.profile.features:
        # IOS XE counts a remark among the entries, classic IOS keeps it between them.
        last = max((int(line.key[1]) for line in section.all(_ENTRY)), default=0)
        section.put(Line((_REMARKS, body), body, 10, (last, 1 + len(section.all(_REMARKS))), {"body": body}))
        return ""
    if any(line.values["body"] == body for line in section.all(_ENTRY)) and not body.startswith("remark"):
        return ""
    place = _place(section, sequence)
    refused = refused_group(change.device, body)
    if refused:
        return refused
    if section.has(_ENTRY, str(place)):
        return "% Duplicate sequence number"
    section.put(_entry(place, body))
    return ""


def _entry(place: int, body: str) -> Line:
    return Line((_ENTRY, str(place)), body, 10, (place, 0), {"body": body, "sequence": str(place)})


def _remove(section: Section, sequence: str, body: str) -> None:
    section.drop(_REMARKS, body)
    for line in section.all(_ENTRY):
        if line.key[1] == sequence or (not sequence and line.values["body"] == body):
            section.drop(*line.key)


def _resequence(change: Change) -> Outcome:
    """Number the entries anew; remarks without a number stay between the same ones."""
    line = change.section.get("access-list", change.values["name"])
    if line is None:
        return "% Access list does not exist"
    place, step = int(change.values["start"]), int(change.values["step"])
    last, lines = 0, list(line.section)
    line.section.lines.clear()
    for index, old in enumerate(lines, start=1):
        if old.key[0] == _REMARKS:
            line.section.put(Line(old.key, old.text, 10, (last, index), old.values))
            continue
        line.section.put(_entry(place, old.values["body"]))
        last, place = place, place + step
    _show(change, line)
    return ""


def _named(change: Change) -> Outcome:
    """An entry given in the mode of its list."""
    outcome = _add(change, change.section, body_of(change.match.words))
    _show(change, change.owner)
    return outcome


def _no_named(change: Change) -> Outcome:
    values = change.values
    body = body_of(change.match.words) if {"action", "text", "reflected"} & set(values) else ""
    _remove(change.section, values.get("sequence", ""), body)
    return ""


def _show(change: Change, owner: Line | None) -> None:
    """IOS XE shows sequence numbers in the running configuration, classic IOS does not."""
    if owner is None or "iosxe" not in change.device.profile.features:
        return
    for line in owner.section.all(_ENTRY):
        line.text = f"{line.key[1]} {line.values['body']}"


def _open(change: Change) -> Outcome:
    kind, name = change.values["kind"], change.values["name"]
    line = change.section.get("access-list", name)
    if line is not None and line.values["kind"] != kind:
        return f"% A named {line.values['kind']} IP access list with this name already exists"
    change.entered.append(line or _new(change.section, kind, name))
    return ""


def _new(section: Section, kind: str, name: str) -> Line:
    """A list; a numbered one is shown by the lines of its entries."""
    order: SortKey = (0, int(name), "") if name.isdecimal() else (1, 0, name)
    line = Line(
        ("access-list", name), f"ip access-list {kind} {name}", 420, order, {"kind": kind, "name": name}, Section()
    )
    section.put(line)
    return line


def _numbered(change: Change) -> Outcome:
    """`access-list 10 permit ...`: appends to the list, which is made when it does not exist."""
    name = change.values["list"]
    number = int(name)
    kind = "standard" if number < 100 or 1300 <= number < 2000 else "extended"
    line = change.section.get("access-list", name) or _new(change.section, kind, name)
    outcome = _add(change, line.section, body_of(change.match.words))
    _show(change, line)
    return outcome


def _no_list(change: Change) -> Outcome:
    """`no access-list 10` and `no access-list 10 permit ...` both remove the whole numbered list, as IOS does."""
    change.section.drop("access-list", change.values.get("list", change.values.get("name", "")))
    return ""


def is_numbered(line: Line) -> bool:
    """Whether an access list is shown as `access-list N ...` lines."""
    return line.key[0] == "access-list" and line.key[1].isdecimal()


_ACTION: Final = "{action: permit|deny}"
_STANDARD: Final = f"{_ACTION} <source:acl-source> [log]"
_SIDES: Final = "<source:acl-address> %s<destination:acl-address>"
_PORTS: Final = (
    f"{_ACTION} {{protocol: tcp|udp}} {_SIDES % '[<sport:acl-ports>] '} [<dport:acl-ports>] [<options:acl-options>]"
)
_ICMP: Final = f"{_ACTION} {{protocol: icmp}} {_SIDES % ''} [<message:acl-message>] [<options:acl-options>]"
_OTHER: Final = (
    f"{_ACTION} {{{{protocol: ip|ospf|eigrp|gre|esp|ahp|igmp|pim|ipinip|nos|pcp}}|<protocol:0-255>}} "
    f"{_SIDES % ''} [<options:acl-options>]"
)
_GROUPED: Final = f"{_ACTION} object-group <service:word> {_SIDES % ''} [<options:acl-options>]"
_EVALUATE: Final = "evaluate <reflected:word>"
_REMARK: Final = "remark <text:line>"
_SEQUENCE: Final = "[<sequence:1-2147483647>]"
_S_NUMBER: Final = "{<list:1-99>|<list:1300-1999>}"
_E_NUMBER: Final = "{<list:100-199>|<list:2000-2699>}"


def _entries(*bodies: str) -> tuple[Rule, ...]:
    rules = [
        Rule(f"{_SEQUENCE} {body}", 10, ("sequence",), removable=1, effect=_named, undo=_no_named) for body in bodies
    ]
    # `no 10` is enough to remove an entry.
    return (
        *rules,
        Rule("<sequence:1-2147483647>", 10, ("sequence",), undo=_no_named, effect=lambda _: "% Incomplete command."),
    )


STANDARD: Final = _entries(_STANDARD, _REMARK)
EXTENDED: Final = _entries(_PORTS, _ICMP, _OTHER, _GROUPED, _EVALUATE, _REMARK)


def _numbered_rule(number: str, body: str) -> Rule:
    return Rule(f"access-list {number} {body}", 435, ("list",), effect=_numbered, undo=_no_list)


ACCESS_LISTS: Final = (
    Rule(
        "ip access-list {kind: standard} {<name:name>|<name:1-99>|<name:1300-1999>}",
        420,
        ("name",),
        enters="standard-list",
        effect=_open,
        undo=_no_list,
    ),
    Rule(
        "ip access-list {kind: extended} {<name:name>|<name:100-199>|<name:2000-2699>}",
        420,
        ("name",),
        enters="extended-list",
        effect=_open,
        undo=_no_list,
    ),
    Rule("ip access-list resequence <name:word> <start:1-2147483647> <step:1-2147483647>", 420, effect=_resequence),
    _numbered_rule(_S_NUMBER, _STANDARD),
    _numbered_rule(_S_NUMBER, _REMARK),
    _numbered_rule(_E_NUMBER, _PORTS),
    _numbered_rule(_E_NUMBER, _ICMP),
    _numbered_rule(_E_NUMBER, _OTHER),
    _numbered_rule(_E_NUMBER, _GROUPED),
    _numbered_rule(_E_NUMBER, _REMARK),
)
