"""What rests on a probe or a tracked object that is made anew: a device takes that for down until it has an answer.

The only route to a prefix would go, and the rest of a push perhaps with it. Such a route stands unwatched meanwhile and
is watched again at the end, when the probe has had time to answer; where another route waits, that one takes over.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from cimnet_nornir.ios.levels import Level, is_remade, level
from cimnet_nornir.ios.options import split_options
from cimnet_nornir.ios.rules import phases
from cimnet_nornir.ios.rules.model import TOP
from cimnet_nornir.ios.rules.table import identity_of, rule_for
from cimnet_nornir.ios.steps import Caution, Draft, Finding, Step
from cimnet_nornir.ios.tree import Config, Node

_OBJECT = re.compile(r"track (?P<number>\d+) (?:ip sla (?P<probe>\d+).*|.+)")
_MEMBER = re.compile(r"object (?P<number>\d+)(?: .+)?")
_USE = re.compile(r"(?:standby|vrrp|set) .*\btrack (?P<number>\d+)(?: .+)?")
_PREFIX = re.compile(r"(?:ip route (?:vrf \S+ )?\S+ \S+|ipv6 route (?:vrf \S+ )?\S+)(?= )")


def kept_routes(running: Config, intended: Config) -> tuple[Config, list[Finding]]:
    """Running with the routes as they come out that rest on what is made anew; and the steps that keep them."""
    reasons = _down_meanwhile(running, intended)
    arriving = _awaited(running, intended, reasons)
    if not reasons and not arriving:
        return running, []
    findings: list[Finding] = [*_told(running, reasons), *_opened(arriving)]
    wanted = {identity_of(TOP, node.text): node.text for node in intended.nodes}
    there = {node.text for node in intended.nodes}
    prefixes = {prefix for node in intended.nodes if (prefix := _prefix(node.text))}
    staying = [node.text for node in running.nodes if node.text in there]
    nodes: list[Node] = []
    for index, node in enumerate(running.nodes):
        reason = reasons.get(_watched_by(node.text), "")
        becomes = wanted.get(identity_of(TOP, node.text), "") if reason else ""
        other = _other(staying, node.text, reasons) if becomes else ""
        if other:
            findings.append(Caution(f"{node.text}: it goes until {reason} is up again, and {other} takes over"))
        elif becomes:
            findings += _unwatched(node.text, becomes, reason, index)
        elif reason and _prefix(node.text) in prefixes and not _other(staying, node.text, reasons):
            findings.append(Draft((phases.UNWATCHED, index), Step((), _bare(node.text), (node.text,), adds=False)))
        nodes.append(Node(becomes) if becomes and not other else node)
    return Config((*nodes, *(Node(text) for text in arriving))), findings


def _awaited(running: Config, intended: Config, reasons: Mapping[str, str]) -> tuple[str, ...]:
    """New routes in the place of others that rest on what has no answer yet, where no other route does better."""
    have, want = ({identity_of(TOP, n.text): n.text for n in side.nodes} for side in (running, intended))
    objects = [{m["number"] for n in side.nodes if (m := _OBJECT.fullmatch(n.text))} for side in (running, intended)]
    waiting = {*reasons, *(objects[1] - objects[0])}
    leaving = {_prefix(text) for identity, text in have.items() if identity not in want}
    safe = {_prefix(text) for text in want.values() if _watched_by(text) not in waiting}
    new = (text for identity, text in want.items() if identity not in have and _watched_by(text) in waiting)
    return tuple(text for text in new if _prefix(text) in leaving - safe)


def _opened(arriving: Iterable[str]) -> Iterator[Finding]:
    """Routes that come without their watch, which follows when the probe has had time to answer."""
    for index, text in enumerate(arriving):
        yield Caution(f"{text}: it is watched at the end only, and then goes until track {_watched_by(text)} is up")
        yield Draft((phases.ROUTE, -1, index), Step((), _bare(text), (text,), adds=True))
        yield Draft((phases.WATCHED_AGAIN, -1, index), Step((), text, (text,), adds=True))


def _prefix(text: str) -> str:
    match = _PREFIX.match(text)
    return match[0] if match else ""


def _unwatched(text: str, becomes: str, reason: str, index: int) -> Iterator[Finding]:
    """A route without its watch, and with it again."""
    if not _watched_by(becomes):
        yield Draft((phases.UNWATCHED, index), Step((), becomes, (becomes,), adds=True))
        return
    again = f"track {_watched_by(becomes)}"
    yield Caution(f"{text}: it stays unwatched while {reason} is made anew, and then goes until {again} is up")
    yield Draft((phases.UNWATCHED, index), Step((), _bare(text), (text,), adds=False))
    yield Draft((phases.WATCHED_AGAIN, index), Step((), becomes, (becomes,), adds=True))


def _watched_by(text: str) -> str:
    """The number of the object that a static route rests on; empty where it rests on none."""
    parts = split_options(rule_for(TOP, text), text) if text.startswith(("ip route ", "ipv6 route ")) else None
    return parts[1].get("track", "").removeprefix("track ") if parts is not None else ""


def _bare(text: str) -> str:
    return text.replace(f" track {_watched_by(text)}", "")


def _other(staying: Iterable[str], text: str, reasons: Mapping[str, str]) -> str:
    """Another route to the same prefix, which does not go too: neither with its probe nor with this push."""
    prefix = _prefix(text)
    others = (other for other in staying if other != text and _watched_by(other) not in reasons)
    return next((other for other in others if prefix and _prefix(other) == prefix), "")


def _told(running: Config, reasons: Mapping[str, str]) -> Iterator[Finding]:
    for node in running.nodes:
        for child in node.children:
            match = _USE.fullmatch(child.text)
            if match is not None and match["number"] in reasons:
                what = f"track {match['number']} is down until {reasons[match['number']]} is up again"
                yield Caution(f"{node.text} / {child.text}: {what}")


def _down_meanwhile(running: Config, intended: Config) -> Mapping[str, str]:
    """The tracked objects that are down for a moment, each with what is made anew."""
    objects = {match["number"]: (match, node) for node in running.nodes if (match := _OBJECT.fullmatch(node.text))}
    if not objects:
        return {}
    have, want = level(TOP, running.nodes), level(TOP, intended.nodes)
    probes = {*_anew("ip sla", have, want), *_anew("ip sla schedule", have, want)}
    found = {number: f"track {number}" for number in _anew("track", have, want)}
    for number, (match, _) in objects.items():
        if match["probe"] in probes:
            found.setdefault(number, f"ip sla {match['probe']}")
    # A list may have lists in it.
    for _ in objects:
        for number, (_, node) in objects.items():
            members = (member["number"] for child in node.children if (member := _MEMBER.fullmatch(child.text)))
            reason = next((found[member] for member in members if member in found), "")
            if reason:
                found.setdefault(number, reason)
    return found


def _anew(feature: str, have: Level, want: Level) -> Iterator[str]:
    """The numbers of what is taken away and comes again."""
    for identity, entry in have.items():
        wanted = want.get(identity) if entry.rule.feature == feature else None
        if wanted is not None and (entry.node.text != wanted.node.text or is_remade(entry, wanted)):
            yield entry.rule.groups(entry.node.text)["key"] or ""
