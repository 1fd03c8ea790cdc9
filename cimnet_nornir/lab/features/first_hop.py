"""First-hop redundancy on interfaces: HSRP and VRRP groups, shown group by group ("IOS IP Application Services: FHRP").

A group without a number is group 0 of HSRP. Version 1 of HSRP has groups to 255 and no IPv6.
"""

from ipaddress import IPv4Address
from typing import Final

from cimnet_nornir.lab.answers import INCOMPLETE, Outcome
from cimnet_nornir.lab.config import Line
from cimnet_nornir.lab.features.addressing import addresses
from cimnet_nornir.lab.grammar import Invalid
from cimnet_nornir.lab.rules import Change, Effect, Rule, store
from cimnet_nornir.lab.secret_text import type7

_RANK: Final = 50
_HIGHEST_OF_VERSION_1: Final = 255
_OUTSIDE: Final = "% Warning: address is not within a subnet on this interface"
_USUAL: Final = "cisco"  # what HSRP authenticates with unless it is told otherwise
_DECREMENT: Final = "10"
# The order in which the lines of a group are shown.
_PARTS: Final = (
    "description",
    "ip",
    "ip secondary",
    "ipv6",
    "timers",
    "priority",
    "preempt",
    "authentication",
    "name",
    "mac-address",
    "follow",
    "track",
    "shutdown",
)


def _line(change: Change, said: str = "", *, negated: bool = False) -> None:
    """Put a line of the group in its place: what was typed behind the group, or `said`."""
    protocol, part = _names(change.rule)
    group, key = change.values.get("group", "0"), tuple(change.values.get(name, "") for name in change.rule.key[1:])
    typed = change.match.words[2 if "group" in change.values else 1 :]
    text = f"{protocol} {group} {said or ' '.join(typed)}"
    order = (protocol, int(group), _PARTS.index(part), key)
    values = {**change.values, "group": group}
    identity = (change.rule.identity, group, *key)
    change.section.put(Line(identity, f"no {text}" if negated else text, _RANK, order, values))


def _names(rule: Rule) -> tuple[str, str]:
    """The protocol and the part of a group that a rule is about."""
    protocol, _, part = rule.identity.partition(" ")
    return protocol, part


def _within(change: Change) -> Outcome:
    """A group that version 1 has; Invalid for another."""
    group, version = int(change.values.get("group", "0")), change.section.value("standby version", name="version")
    if _names(change.rule)[0] == "standby" and version != "2" and group > _HIGHEST_OF_VERSION_1:
        return Invalid(change.match.columns["group"])
    return ""


def _plain(change: Change) -> Outcome:
    """A line of the group, unless it says what the group does anyway."""
    refused = _within(change)
    if refused:
        return refused
    if change.rule.default and change.match.text.endswith(f" {change.rule.default}"):
        return _gone(change)
    _line(change)
    return ""


def _tracked(change: Change) -> Outcome:
    """A tracked object; the usual decrement is not shown."""
    refused = _within(change)
    if not refused:
        usual = change.values.get("decrement") == _DECREMENT
        _line(change, f"track {change.values['object']}" if usual else "")
    return refused


def _gone(change: Change) -> Outcome:
    """Take back a line of the group, or those that have what was said of them."""
    group = change.values.get("group", "0")
    given = [change.values.get(name, "") for name in change.rule.key[1:]]
    for line in change.section.all(change.rule.identity):
        kept = line.key[2:]
        if line.key[1] == group and all(one in ("", other) for one, other in zip(given, kept, strict=True)):
            change.section.drop(*line.key)
    return ""


def _address(change: Change) -> Outcome:
    """The virtual address; a second one only beside a first one."""
    refused = _within(change)
    protocol, _ = _names(change.rule)
    own = addresses(change.section)
    address = IPv4Address(change.values["address"])
    if not refused and protocol == "standby" and any(other.ip == address for other in own):
        refused = "% Address cannot equal interface IP address"
    if refused:
        return refused
    _line(change)
    return "" if any(address in other.network for other in own) else _OUTSIDE


def _no_address(change: Change) -> Outcome:
    """Without its address a group has no secondary ones either."""
    protocol, group = _names(change.rule)[0], change.values.get("group", "0")
    for line in change.section.all(f"{protocol} ip secondary"):
        if line.key[1] == group:
            change.section.drop(*line.key)
    return _gone(change)


def _version(change: Change) -> Outcome:
    """Going back to version 1 asks for groups that it has."""
    groups = (line for line in change.section if line.key[0].startswith("standby ") and len(line.key) > 1)
    if change.values.get("version", "1") == "1" and any(int(line.key[1]) > _HIGHEST_OF_VERSION_1 for line in groups):
        return "% Version 1 does not support the group numbers that are configured"
    if change.negated or change.values["version"] == "1":
        change.section.drop(change.rule.identity)
        return ""
    return store(change)


def _key_string(change: Change) -> Outcome:
    """The key, obscured where passwords are."""
    refused = _within(change)
    if refused:
        return refused
    obscured = change.device.running.get("service password-encryption")
    key = change.values["secret"]
    code = "7 " if change.values.get("code") == "7" else ""
    if not code and obscured is not None and not obscured.text.startswith("no "):
        key, code = type7(key), "7 "
    wait = f" timeout {change.values['seconds']}" if "seconds" in change.values else ""
    _line(change, f"authentication md5 key-string {code}{key}{wait}")
    return ""


def _text(change: Change) -> Outcome:
    """A password in clear text, shown without the word `text`; that which HSRP has anyway is not."""
    refused = _within(change)
    if refused:
        return refused
    hot_standby = _names(change.rule)[0] == "standby"
    if hot_standby and change.values["secret"] == _USUAL:
        return _gone(change)
    _line(change, f"authentication {'' if hot_standby else 'text '}{change.values['secret']}")
    return ""


def _no_preemption(change: Change) -> Outcome:
    """VRRP preempts unless it is told not to."""
    _line(change, "preempt", negated=True)
    return ""


def _preemption(change: Change) -> Outcome:
    return _plain(change) if "seconds" in change.values else _gone(change)


def _whole_group(change: Change) -> Outcome:
    """`no standby 10` takes the group with all its lines."""
    protocol, group = change.match.words[0], change.values.get("group", "0")
    for line in list(change.section):
        if line.key[0].startswith(f"{protocol} ") and line.key[1:2] == (group,):
            change.section.drop(*line.key)
    return ""


def _group_rules(
    protocol: str,
    part: str,
    rest: str,
    *,
    key: tuple[str, ...] = (),
    default: str = "",
    effect: Effect = _plain,
    undo: Effect = _gone,
    removable: int | None = None,
) -> tuple[Rule, ...]:
    """The rule of a line of a group; of HSRP also without a number, which is group 0."""
    groups = ("<group:0-4095> ", "") if protocol == "standby" else ("<group:1-255> ",)
    return tuple(
        Rule(
            f"{protocol} {group}{rest}",
            _RANK,
            ("group", *key),
            needs="routed routing",
            default=default,
            slot=f"{protocol} {part}",
            least=3 if group else 2,
            effect=effect,
            undo=undo,
            removable=removable,
        )
        for group in groups
    )


_BOTH: Final = ("standby", "vrrp")
_TRACKED: Final = "track <object:1-1000>"

FIRST_HOP: Final = (
    Rule("standby version {version: 1|2}", 49, needs="routed routing", effect=_version, undo=_version),
    Rule("standby delay minimum <minimum:0-300> [reload <reload:0-300>]", 49, needs="routed routing"),
    Rule("standby use-bia", 49, needs="routed routing"),
    Rule("standby bfd", 49, needs="routed routing"),
    *_group_rules("vrrp", "description", "description <text:line>"),
    *(
        rule
        for protocol in _BOTH
        for rule in (
            *_group_rules(protocol, "ip", "ip <address:ip>", effect=_address, undo=_no_address),
            *_group_rules(protocol, "ip secondary", "ip <address:ip> secondary", key=("address",), effect=_address),
            *_group_rules(protocol, "priority", "priority <priority:0-255>", default="priority 100"),
            *_group_rules(
                protocol,
                "authentication",
                "authentication md5 key-string [{code: 0|7}] <secret:word> [timeout <seconds:1-32767>]",
                effect=_key_string,
            ),
            *_group_rules(protocol, "authentication", "authentication md5 key-chain <chain:word>"),
            *_group_rules(protocol, "authentication", "authentication [text] <secret:word>", effect=_text),
            *_group_rules(
                protocol,
                "track",
                f"{_TRACKED} [decrement <decrement:1-255>]",
                key=("object",),
                effect=_tracked,
            ),
        )
    ),
    *_group_rules("standby", "ip", "ip"),
    *_group_rules("standby", "ipv6", "ipv6 {autoconfig|<address:ipv6>|<address:ipv6-prefix>}", key=("address",)),
    *_group_rules(
        "standby",
        "timers",
        "timers {<hello:1-254>|msec <hello:15-999>} {<hold:1-255>|msec <hold:50-3000>}",
        default="timers 3 10",
    ),
    *_group_rules(
        "standby", "preempt", "preempt [delay [minimum <minimum:0-3600>] [reload <reload:0-3600>] [sync <sync:0-3600>]]"
    ),
    *_group_rules("standby", "name", "name <name:word>"),
    *_group_rules("standby", "mac-address", "mac-address <mac:word>"),
    *_group_rules("standby", "follow", "follow <name:word>"),
    *_group_rules("standby", "track", f"{_TRACKED} shutdown", key=("object",)),
    *_group_rules("standby", "track", "track <object:interface> [<decrement:1-255>]", key=("object",)),
    *_group_rules("vrrp", "timers", "timers advertise {<seconds:1-255>|msec <seconds:50-999>}", default="advertise 1"),
    *_group_rules("vrrp", "timers", "timers learn"),
    *_group_rules(
        "vrrp", "preempt", "preempt [delay minimum <seconds:0-3600>]", effect=_preemption, undo=_no_preemption
    ),
    *_group_rules("vrrp", "shutdown", "shutdown"),
    Rule("standby <group:0-4095>", needs="routed routing", effect=lambda _: INCOMPLETE, undo=_whole_group),
    Rule("vrrp <group:1-255>", needs="routed routing", effect=lambda _: INCOMPLETE, undo=_whole_group),
)
