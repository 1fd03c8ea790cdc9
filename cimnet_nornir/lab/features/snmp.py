"""SNMP: communities, views, groups, hosts, traps and the settings of the agent."""

from collections.abc import Mapping
from typing import Final

from cimnet_nornir.lab.answers import Outcome
from cimnet_nornir.lab.config import Line
from cimnet_nornir.lab.features.snmp_users import USERS, engine_changed
from cimnet_nornir.lab.grammar import Invalid
from cimnet_nornir.lab.rules import Change, Rule, store

_TRAPS: Final = "snmp-server enable traps"
# Kinds of trap whose parts are switched one by one; the kind alone means all of them.
_PARTS: Final[Mapping[str, tuple[str, ...]]] = {
    "snmp": ("authentication", "linkdown", "linkup", "coldstart", "warmstart"),
    "envmon": ("fan", "shutdown", "supply", "temperature", "status"),
    "flash": ("insertion", "removal"),
    "bridge": ("newroot", "topologychange"),
    "stpx": ("inconsistency", "root-inconsistency", "loop-inconsistency"),
    "mac-notification": ("change", "move", "threshold"),
}
_WHOLE: Final = (
    "config",
    "config-copy",
    "cpu threshold",
    "entity",
    "ipsla",
    "syslog",
    "bgp",
    "hsrp",
    "vtp",
    "port-security",
    "tty",
    "ospf state-change",
)
# Objects that IOS shows by their names.
_NAMED: Final = {
    "1": "iso",
    "1.3": "org",
    "1.3.6": "dod",
    "1.3.6.1": "internet",
    "1.3.6.1.2.1": "mib-2",
    "1.3.6.1.4.1.9": "cisco",
}


def _community(change: Change) -> Outcome:
    """Read-only, unless the line says otherwise; the running configuration says it in capitals."""
    values = change.values
    view = f" view {values['view']}" if "view" in values else ""
    lists = f" ipv6 {values['list6']}" if "list6" in values else ""
    lists += f" {values['list']}" if "list" in values else ""
    access = values.get("access", "ro").upper()
    return store(change, f"snmp-server community {values['community']}{view} {access}{lists}")


def _view(change: Change) -> Outcome:
    tree = _NAMED.get(change.values["tree"], change.values["tree"])
    values = {**change.values, "tree": tree}
    return store(change, f"snmp-server view {values['view']} {tree} {values['how']}", values)


def _no_view(change: Change) -> Outcome:
    tree = change.values.get("tree", "")
    for line in change.section.all(change.rule.identity):
        if line.key[1] == change.values["view"] and _NAMED.get(tree, tree) in {"", line.key[2]}:
            change.section.drop(*line.key)
    return ""


def _host_values(change: Change) -> dict[str, str]:
    """The values of a host without what goes without saying: traps, version 1, port 162."""
    usual = {"kind": "traps", "version": "1", "port": "162"}
    return {name: value for name, value in change.values.items() if usual.get(name) != value}


def _host(change: Change) -> Outcome:
    values = _host_values(change)
    text = f"snmp-server host {values['host']}"
    text += f" vrf {values['vrf']}" if "vrf" in values else ""
    text += " informs" if "kind" in values else ""
    text += f" version {values['version']}" if "version" in values else ""
    text += f" {values['community']}"
    text += f" udp-port {values['port']}" if "port" in values else ""
    text += f"  {values['types']}" if "types" in values else ""
    return store(change, text, values)


def _no_host(change: Change) -> Outcome:
    values = _host_values(change)
    change.section.drop(change.rule.identity, *(values.get(name, "") for name in change.rule.key))
    return ""


def _traps(change: Change) -> Outcome:
    """Traps of one kind; without one, of every kind there is."""
    if "what" in change.values:
        return _enabled(change, change.values["what"])
    for what in (*_PARTS, *_WHOLE):
        outcome = _enabled(change, what)
        if outcome:
            return outcome
    return ""


def _enabled(change: Change, what: str) -> Outcome:
    """One kind of trap: its parts add up, in an order of their own."""
    kind, *parts = what.split()
    known = _PARTS.get(kind)
    if known is None:
        return store(change, f"{_TRAPS} {what}", {"kind": what, "what": what})
    if not set(parts) <= set(known):
        return Invalid(change.match.columns["what"])
    line = change.section.get(_TRAPS, kind)
    on = {*(line.values["what"].split() if line else ()), *(parts or known)}
    return _shown(change, kind, [part for part in known if part in on])


def _shown(change: Change, kind: str, parts: list[str]) -> Outcome:
    what = " ".join(parts)
    return store(change, f"{_TRAPS} {kind} {what}", {"kind": kind, "what": what})


def _no_traps(change: Change) -> Outcome:
    what = change.values.get("what", "")
    kind, *parts = what.split() or [""]
    line = change.section.get(_TRAPS, kind)
    if line is not None and parts and kind in _PARTS:
        return _without_parts(change, line, kind, parts)
    for line in change.section.all(_TRAPS):
        if f"{line.key[1]} ".startswith(f"{what} ") or not what:
            change.section.drop(*line.key)
    return ""


def _without_parts(change: Change, line: Line, kind: str, parts: list[str]) -> Outcome:
    left = [part for part in line.values["what"].split() if part not in parts]
    if left:
        return _shown(change, kind, left)
    change.section.drop(*line.key)
    return ""


_HOST_KEY: Final = ("host", "vrf", "kind", "version", "community", "port")

SNMP: Final = (
    Rule("snmp-server engineID local <engine:word>", 440, effect=engine_changed),
    *USERS,
    Rule(
        "snmp-server group <group:word> {model: v1|v2c|v3 {noauth|auth|priv}} [context <context:word>] "
        "[match {match: exact|prefix}] [read <read:word>] [write <write:word>] [notify <notify:word>] "
        "[access [ipv6 <list6:word>] <list:word>]",
        440,
        ("group", "model"),
    ),
    Rule(
        "snmp-server view <view:word> <tree:word> {how: included|excluded}",
        440,
        ("view", "tree"),
        removable=1,
        effect=_view,
        undo=_no_view,
    ),
    Rule(
        "snmp-server community <community:word> [view <view:word>] [{access: ro|rw}] [ipv6 <list6:word>] [<list:word>]",
        440,
        ("community",),
        effect=_community,
    ),
    Rule("snmp-server trap-source <interface:interface>", 441),
    Rule("snmp-server source-interface {kind: traps|informs} <interface:interface>", 441, ("kind",)),
    Rule("snmp-server packetsize <bytes:484-17892>", 441, default="snmp-server packetsize 1500"),
    Rule("snmp-server queue-length <count:1-5000>", 441, default="snmp-server queue-length 10"),
    Rule("snmp-server location <location:line>", 442),
    Rule("snmp-server contact <contact:line>", 442),
    Rule("snmp-server chassis-id <name:line>", 442),
    Rule("snmp-server system-shutdown", 442),
    Rule("snmp-server ifindex persist", 443),
    Rule(f"{_TRAPS} [<what:line>]", 444, ("kind",), removable=0, effect=_traps, undo=_no_traps),
    Rule(
        "snmp-server host <host:host> [vrf <vrf:word>] [{kind: traps|informs}] "
        "[version {version: 1|2c|3 {noauth|auth|priv}}] <community:word> [udp-port <port:1-65535>] [<types:line>]",
        445,
        _HOST_KEY,
        removable=1,
        effect=_host,
        undo=_no_host,
    ),
)
