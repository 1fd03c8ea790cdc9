"""QoS of a switch by markings: maps, queues, what ports trust, and the macro `auto qos` (Catalyst QoS guides)."""

from typing import Final

from cimnet_nornir.lab.answers import Outcome
from cimnet_nornir.lab.config import Line
from cimnet_nornir.lab.rules import Change, Rule, remove, store

_POLICED: Final = "mls qos map policed-dscp"
_QUEUED: Final = "mls qos srr-queue"
_IN_A_LINE: Final = 8
# What the macro writes for all ports and for the one that it is typed on; more on a port with a telephone.
_GLOBAL: Final = (
    "mls qos map cos-dscp 0 8 16 24 32 46 48 56",
    "mls qos srr-queue output cos-map queue 1 threshold 3 5",
    "mls qos srr-queue output cos-map queue 2 threshold 3 3 6 7",
    "mls qos queue-set output 1 buffers 10 10 26 54",
    "mls qos",
)
_PORT: Final = ("srr-queue bandwidth share 10 10 60 20", "priority-queue out", "mls qos trust cos")
_POLICE: Final = "AutoQoS-Police-CiscoPhone"
_PHONE_CLASSES: Final = (
    "class-map match-all AutoQoS-VoIP-RTP-Trust",
    "match ip dscp ef",
    "class-map match-all AutoQoS-VoIP-Control-Trust",
    "match ip dscp cs3 af31",
    f"policy-map {_POLICE}",
    "class AutoQoS-VoIP-RTP-Trust",
    "set dscp ef",
    "police 320000 8000 exceed-action policed-dscp-transmit",
    "class AutoQoS-VoIP-Control-Trust",
    "set dscp cs3",
    "police 32000 8000 exceed-action policed-dscp-transmit",
)
_PHONE_PORT: Final = ("mls qos trust device cisco-phone", f"service-policy input {_POLICE}")
_OF_A_PORT: Final = (
    "mls qos trust",
    "mls qos trust device",
    "srr-queue bandwidth",
    "priority-queue",
    "service-policy",
)


def _auto(change: Change) -> Outcome:
    """Write what the macro stands for; a configuration that is loaded has it already."""
    store(change)
    if change.device.booting or "iosxe" in change.device.profile.features:
        return ""
    from cimnet_nornir.lab.configure import Configuration

    phone = "phone" in change.values["what"]
    port = (f"interface {change.interface}", *_PORT, *(_PHONE_PORT if phone else ()))
    session = Configuration(change.device)
    for line in (*_GLOBAL, *(_PHONE_CLASSES if phone else ()), *port):
        session.feed(line)
    return ""


def _no_auto(change: Change) -> Outcome:
    """What it wrote for the port goes; what all ports have stays."""
    if change.section.has("auto qos"):
        for slot in _OF_A_PORT:
            for line in change.section.all(slot):
                change.section.drop(*line.key)
    return remove(change)


def _policed(change: Change) -> Outcome:
    """More markings that are marked down to the same one; what is marked down to itself is not shown."""
    to, marked = change.values["to"], change.values["marked"].split()
    for line in change.section.all(_POLICED):
        _show_policed(change, line.key[1], [each for each in line.values["marked"].split() if each not in marked])
    old = change.section.value(_POLICED, to, name="marked").split()
    _show_policed(change, to, sorted({*old, *marked} - {to}, key=int))
    return ""


def _show_policed(change: Change, to: str, marked: list[str]) -> None:
    change.section.drop(_POLICED, to)
    if marked:
        listed = " ".join(marked)
        line = Line((_POLICED, to), f"{_POLICED}  {listed} to {to}", change.rule.rank, (int(to),), {"marked": listed})
        change.section.put(line)


def _no_policed(change: Change) -> Outcome:
    for line in change.section.all(_POLICED):
        change.section.drop(*line.key)
    return ""


def _queued(change: Change) -> Outcome:
    """Values go to a queue from where they were; eight of them are shown in a line."""
    values = change.values
    way = (values["way"], values["map"])
    new = values["marked"].split()
    lists: dict[tuple[str, str], list[str]] = {}
    for line in [each for each in change.section.all(_QUEUED) if each.key[1:3] == way]:
        kept = [each for each in line.values["marked"].split() if each not in new]
        lists.setdefault((line.values["queue"], line.values["threshold"]), []).extend(kept)
        change.section.drop(*line.key)
    lists.setdefault((values["queue"], values["threshold"]), []).extend(new)
    for (queue, threshold), marked in lists.items():
        _show_queued(change, way, (queue, threshold), sorted(marked, key=int))
    return ""


def _show_queued(change: Change, way: tuple[str, str], place: tuple[str, str], marked: list[str]) -> None:
    queue, threshold = place
    for start in range(0, len(marked), _IN_A_LINE):
        listed = " ".join(marked[start : start + _IN_A_LINE])
        key = (_QUEUED, *way, *place, str(start))
        text = f"{_QUEUED} {' '.join(way)} queue {queue} threshold {threshold}  {listed}"
        values = {"queue": queue, "threshold": threshold, "marked": listed}
        change.section.put(Line(key, text, change.rule.rank, (way, place, start), values))


def _no_queued(change: Change) -> Outcome:
    """The whole map is as it came."""
    way = (change.values["way"], change.values["map"])
    for line in [each for each in change.section.all(_QUEUED) if each.key[1:3] == way]:
        change.section.drop(*line.key)
    return ""


def _trust(change: Change) -> Outcome:
    return store(change, f"mls qos trust {change.values.get('what', 'dscp')}")


_EIGHT: Final = " ".join(f"<v{number}:0-63>" for number in range(8))
_FOUR: Final = " ".join(f"<w{number}:0-65535>" for number in range(4))
_HERE: Final = "switching ios"
SWITCH: Final = (
    Rule(f"mls qos map cos-dscp {_EIGHT}", 105, needs=_HERE, default="mls qos map cos-dscp 0 8 16 24 32 40 48 56"),
    Rule(
        f"mls qos map ip-prec-dscp {_EIGHT}", 105, needs=_HERE, default="mls qos map ip-prec-dscp 0 8 16 24 32 40 48 56"
    ),
    Rule(
        f"{_POLICED} <marked:dscp-numbers> to <to:0-63>",
        104,
        needs=_HERE,
        slot=_POLICED,
        effect=_policed,
        undo=_no_policed,
    ),
    Rule(
        f"{_QUEUED} {{way: input|output}} {{map: cos-map|dscp-map}} queue <queue:1-4> threshold <threshold:1-3>"
        " <marked:dscp-numbers>",
        107,
        ("way", "map"),
        needs=_HERE,
        slot=_QUEUED,
        effect=_queued,
        undo=_no_queued,
    ),
    Rule(
        f"{_QUEUED} input {{what: bandwidth|buffers}} <w0:0-100> <w1:0-100>",
        106,
        ("what",),
        needs=_HERE,
        slot="srr input",
    ),
    Rule(f"{_QUEUED} input threshold <queue:1-2> <w0:1-100> <w1:1-100>", 106, ("queue",), needs=_HERE),
    Rule(f"{_QUEUED} input priority-queue <queue:1-2> bandwidth <w0:0-40>", 106, ("queue",), needs=_HERE),
    Rule(
        f"mls qos queue-set output <set:1-2> threshold <queue:1-4> {_FOUR}",
        108,
        ("set", "queue"),
        needs=_HERE,
        slot="queue-set threshold",
    ),
    Rule(f"mls qos queue-set output <set:1-2> buffers {_FOUR}", 108, ("set",), needs=_HERE, slot="queue-set buffers"),
    Rule("mls qos rewrite ip dscp", 108, needs=_HERE, shown="negative"),
    Rule("mls qos", 109, needs=_HERE),
)
PORT: Final = (
    Rule(
        "auto qos {what: voip cisco-phone|voip cisco-softphone|voip trust|trust|trust cos|trust dscp|classify}",
        88,
        needs="port",
        effect=_auto,
        undo=_no_auto,
    ),
    Rule("mls qos trust [{what: cos|dscp|ip-precedence}]", 87, needs="port ios", effect=_trust),
    Rule("mls qos trust device {what: cisco-phone|cts|ip-camera|media-player}", 86, needs="port ios"),
    Rule("trust device {what: cisco-phone|cts|ip-camera|media-player}", 86, needs="port iosxe"),
    Rule("mls qos cos <cos:0-7>", 86, needs="port ios", default="mls qos cos 0"),
    Rule("mls qos cos override", 86, needs="port ios"),
    Rule("mls qos vlan-based", 86, needs="port ios"),
    Rule("mls qos dscp-mutation <map:word>", 86, needs="port ios"),
    Rule(f"srr-queue bandwidth {{how: share|shape}} {_FOUR}", 85, ("how",), needs="port ios"),
    Rule("srr-queue bandwidth {how: limit} <percent:10-90>", 85, ("how",), needs="port ios"),
    Rule("queue-set <set:1-2>", 85, needs="port ios", default="queue-set 1"),
    Rule("priority-queue {way: out}", 85, needs="port ios"),
)
