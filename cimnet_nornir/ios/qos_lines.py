"""Lines of QoS as they are compared: code points by name, policers in one line, what goes without saying left out."""

import re

from cimnet_nornir.domain.features.qos_fields import action_form, match_form, set_form
from cimnet_nornir.ios.tree import Node

_CLASS_MAP = re.compile(r"(?P<no>no )?class-map (?P<name>\S+)")
_WORDS = re.compile(r"(?P<head>(?:no )?)(?P<what>match|set) (?P<rest>.+)")
# A route map has matches and sets, too, with words of its own.
_OF_QOS = re.compile(
    r"(?:no )?(?:match (?:not )?(?:ip )?(?:dscp|precedence)|set (?:ip )?dscp|set precedence) .+"
    r"|(?:no )?match (?:not )?input-interface .+"
)
_POLICE = re.compile(
    r"police (?:cir )?(?P<rate>\d+|percent \d+)(?: (?:bps|conform-burst|bc))?(?: (?P<burst>\d+)(?: ms)?)?"
    r"(?: pir (?P<peak>\d+))?(?: be)?(?: (?P<excess>\d+)(?: ms)?)?"
    r"(?P<actions>(?: (?:conform|exceed|violate)-action .+)?)"
)
_ACTION = re.compile(r"(?P<when>conform|exceed|violate)-action (?P<what>\S+(?: (?!conform-|exceed-|violate-)\S+)?)")
_USUAL = {"conform": "transmit", "exceed": "drop"}
_LEAST_BURST = 1500
_BURST_OF_A_RATE = 32
_MARKINGS = re.compile(
    r"(?P<before>mls qos (?:map policed-dscp|srr-queue (?:input|output) (?:cos|dscp)-map queue \d threshold \d) )"
    r"(?P<list>\d+(?: \d+)*)(?P<after>(?: to \d+)?)"
)


def split_qos(text: str) -> tuple[str, ...]:
    """A line that says the same of several markings as a line for each; nothing for any other."""
    match = _MARKINGS.fullmatch(text)
    return tuple(f"{match['before']}{word}{match['after']}" for word in match["list"].split(" ")) if match else ()


def qos_line(line: str) -> str:
    """The line as IOS shows it; one of another kind as it is."""
    if match := _CLASS_MAP.fullmatch(line):
        return f"{match['no'] or ''}class-map match-all {match['name']}"
    if line == "mls qos trust":
        return "mls qos trust dscp"
    if line.startswith(("police ", "no police ")):
        return f"{'no ' if line.startswith('no ') else ''}{_police(line.removeprefix('no '))}"
    if line.startswith(("queue-limit ", "no queue-limit ")):
        return line.removesuffix(" packets")
    return _marked(line) if _OF_QOS.fullmatch(line) else line


def _marked(line: str) -> str:
    match = _WORDS.fullmatch(line)
    if match is None:
        return line
    form = match_form(match["rest"]) if match["what"] == "match" else set_form(match["rest"])
    return line if form is None else f"{match['head']}{match['what']} {form}"


def _police(line: str) -> str:
    """Rate, bursts and actions, without those that a device has by itself; another form as it is."""
    match = _POLICE.fullmatch(line)
    actions = _actions(match["actions"]) if match else None
    if match is None or actions is None:
        return line
    rate, burst = match["rate"], match["burst"]
    if rate.isdecimal() and not match["excess"] and burst == str(max(_LEAST_BURST, int(rate) // _BURST_OF_A_RATE)):
        burst = None
    excess = match["excess"]
    if match["peak"]:
        told = [f"cir {rate}", burst and f"bc {burst}", f"pir {match['peak']}", excess and f"be {excess}"]
    else:
        told = [rate if rate.isdecimal() else f"cir {rate}", burst, excess]
    return " ".join(("police", *filter(None, told), *actions))


def _actions(text: str) -> tuple[str, ...] | None:
    """The actions that are not the usual ones; None where there is one more of a kind, or one that is not known."""
    found = {match["when"]: action_form(match["what"]) for match in _ACTION.finditer(text)}
    if None in found.values() or len(found) != text.count("-action"):
        return None
    if found.get("violate") == found.get("exceed", _USUAL["exceed"]):
        found.pop("violate", None)
    return tuple(f"{when}-action {what}" for when, what in sorted(found.items()) if _USUAL.get(when) != what)


def one_line_policers(children: tuple[Node, ...]) -> tuple[Node, ...]:
    """What a policy does with a class, each policer in one line: newer images show its actions below it."""
    return tuple(map(_one_line, children))


def _one_line(node: Node) -> Node:
    if not node.text.startswith("police ") or not node.children:
        return node
    below = " ".join(" ".join(child.text.split()) for child in node.children)
    whole = f"{node.text} {below}"
    line = _police(whole)
    return node if line == whole and not _POLICE.fullmatch(whole) else Node(line)


def rest_last(children: tuple[Node, ...]) -> tuple[Node, ...]:
    """The classes of a policy with the one that takes the rest at the end, where a device has it."""
    rest = tuple(child for child in children if child.text == "class class-default")
    return (*(child for child in children if child not in rest), *rest)
