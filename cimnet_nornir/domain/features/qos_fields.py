"""What QoS policies match and set, each in the one form in which IOS shows it: "ip dscp cs3 ef", "access-group name X".

After the "Cisco IOS Quality of Service Solutions Command Reference" (`match …`, `set …`, `police`).
"""

import re
from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator, Field

from cimnet_nornir.domain.features.policy_fields import PolicyName
from cimnet_nornir.domain.interfaces import canonical_interface, is_interface
from cimnet_nornir.errors import InvalidValue

# RFC 2474, RFC 2597 and RFC 3246 in the names that IOS has for them.
DSCP: Mapping[str, int] = {
    "default": 0,
    **{f"cs{n}": 8 * n for n in range(1, 8)},
    **{f"af{n}{m}": 8 * n + 2 * m for n in range(1, 5) for m in range(1, 4)},
    "ef": 46,
}
_NAMES = {number: name for name, number in DSCP.items()}
_PRECEDENCES = ("routine", "priority", "immediate", "flash", "flash-override", "critical", "internet", "network")
_HIGHEST_DSCP = 63
_HIGHEST_PRECEDENCE = 7
_MAC = r"[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4}"
_SEVEN = r"[0-7](?: [0-7]){0,7}"
# What follows the words; markings are read value by value.
_MARKINGS = ("ip dscp", "dscp", "ip precedence", "precedence")
_MATCHES: Mapping[str, str] = {
    "any": "",
    "access-group": r"\d{1,4}|name \S+",
    "cos": r"[0-7](?: [0-7]){0,3}",
    "vlan": r"\d[\d -]*",
    "protocol": r"\S+(?: \S+){0,4}",
    "input-interface": r"\S+",
    "class-map": r"\S+",
    "qos-group": r"\d{1,3}",
    "discard-class": r"[0-7]",
    "mpls experimental topmost": _SEVEN,
    "packet length": r"(?:min|max) \d{1,4}(?: (?:min|max) \d{1,4})?",
    "source-address mac": _MAC,
    "destination-address mac": _MAC,
    "ip rtp": r"\d{4,5} \d{1,5}",
}
_SETS: Mapping[str, str] = {
    "cos": r"[0-7]",
    "qos-group": r"\d{1,3}",
    "discard-class": r"[0-7]",
    "mpls experimental topmost": r"[0-7]",
    "mpls experimental imposition": r"[0-7]",
    "dscp cos table": r"\S+",
    "cos dscp table": r"\S+",
    "dscp dscp table": r"\S+",
}
_PLAIN_ACTIONS = ("transmit", "drop", "policed-dscp-transmit")
_SET_ACTION = re.compile(
    r"set-(?P<what>dscp|prec|cos|qos|mpls-exp-imposition|mpls-exp-topmost)-transmit (?P<value>\S+)"
)


def dscp_number(word: str) -> int | None:
    """The number of a code point by its name or number; None for what is none."""
    number = int(word) if word.isascii() and word.isdecimal() else DSCP.get(word.lower())
    return None if number is None or number > _HIGHEST_DSCP else number


def dscp_name(number: int) -> str:
    """A code point as IOS shows it: by its name where it has one."""
    return _NAMES.get(number, str(number))


def _precedence(word: str) -> int | None:
    lowered = word.lower()
    number = _PRECEDENCES.index(lowered) if lowered in _PRECEDENCES else int(word) if word.isdecimal() else None
    return None if number is None or number > _HIGHEST_PRECEDENCE else number


def markings(what: str, words: list[str]) -> str | None:
    """Code points or precedences from the lowest to the highest, as IOS shows them; None where one is none."""
    read = dscp_number if what.endswith("dscp") else _precedence
    numbers = {number for word in words if (number := read(word)) is not None}
    if len(numbers) != len(words) or not words:
        return None
    return " ".join(dscp_name(number) if read is dscp_number else str(number) for number in sorted(numbers))


def match_form(text: str) -> str | None:
    """A match as IOS shows it; None for one that is not known."""
    words = " ".join(text.split())
    bare = words.removeprefix("not ")
    said = _marked(bare) or _told(bare, _MATCHES)
    return None if said is None else f"{'not ' if bare != words else ''}{said}"


def set_form(text: str) -> str | None:
    """What is set, as IOS shows it; None for one that is not known."""
    words = " ".join(text.split())
    marked = _marked(words)
    one = marked is not None and marked.removeprefix("ip ").count(" ") == 1
    return marked if one else _told(words, _SETS)


def action_form(text: str) -> str | None:
    """What a policer does with a packet, as IOS shows it; None for an action that is not known."""
    words = " ".join(text.split())
    if words in _PLAIN_ACTIONS:
        return words
    match = _SET_ACTION.fullmatch(words)
    if match is None:
        return None
    number = dscp_number(match["value"]) if match["what"] == "dscp" else _precedence(match["value"])
    if match["what"] == "dscp" and number is not None:
        return f"set-dscp-transmit {dscp_name(number)}"
    return None if number is None else f"set-{match['what']}-transmit {number}"


def _marked(words: str) -> str | None:
    for what in _MARKINGS:
        if words.startswith(f"{what} "):
            values = markings(what, words.removeprefix(f"{what} ").split(" "))
            return None if values is None else f"{what} {values}"
    return None


def _told(words: str, known: Mapping[str, str]) -> str | None:
    for what, pattern in known.items():
        rest = words.removeprefix(what).strip()
        if f"{words} ".startswith(f"{what} ") and re.fullmatch(pattern, rest):
            named = what == "input-interface" and is_interface(rest)
            return f"{what} {canonical_interface(rest) if named else rest}".rstrip()
    return None


def _match(value: str) -> str:
    form = match_form(value)
    if form is None:
        heads = ", ".join((*_MARKINGS, *_MATCHES))
        raise InvalidValue(f"{value!r} matches nothing that is known; one of these and its values: {heads}")
    return form


def _set(value: str) -> str:
    form = set_form(value)
    if form is None:
        heads = ", ".join((*_MARKINGS, *_SETS))
        raise InvalidValue(f"{value!r} sets nothing that is known; one of these and a value: {heads}", subject="set")
    return form


def _action(value: str) -> str:
    form = action_form(value)
    if form is None:
        raise InvalidValue(
            f"{value!r} is no action; one of: {', '.join(_PLAIN_ACTIONS)}, set-dscp-transmit af11", subject="action"
        )
    return form


Match = Annotated[str, AfterValidator(_match)]
Set = Annotated[str, AfterValidator(_set)]
Action = Annotated[str, AfterValidator(_action)]
QosName = Annotated[PolicyName, Field(max_length=40)]
