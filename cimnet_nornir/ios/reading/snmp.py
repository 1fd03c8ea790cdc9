"""SNMP as a configuration tells it; of the users of version 3 no device does, but a file may."""

import re
from typing import Any, Final

from cimnet_nornir.domain.features.snmp import (
    Snmp,
    SnmpCommunity,
    SnmpGroup,
    SnmpHost,
    SnmpTrap,
    SnmpUser,
    SnmpView,
)
from cimnet_nornir.ios.reading.draft import Draft
from cimnet_nornir.ios.service_lines import TRAP_PARTS
from cimnet_nornir.ios.tree import Config

_AGENT: Final = re.compile(
    r"snmp-server (?P<name>engineID local|trap-source|packetsize|queue-length|location|contact|chassis-id)"
    r" (?P<value>.+)"
)
_NAMES: Final = {
    "engineID local": "engine_id",
    "trap-source": "trap_source",
    "packetsize": "packet_size",
    "queue-length": "queue_length",
    "chassis-id": "chassis_id",
}
_FLAGS: Final = {"snmp-server ifindex persist": "ifindex_persist", "snmp-server system-shutdown": "system_shutdown"}
_VIEW: Final = re.compile(r"snmp-server view (?P<name>\S+) (?P<tree>\S+) (?P<how>included|excluded)")
_GROUP: Final = re.compile(
    r"snmp-server group (?P<name>\S+) v(?P<version>1|2c|3)(?: (?P<level>noauth|auth|priv))?(?: read (?P<read>\S+))?"
    r"(?: write (?P<write>\S+))?(?: notify (?P<notify>\S+))?(?: access (?P<access_list>\S+))?"
)
_USER: Final = re.compile(
    r"snmp-server user (?P<name>\S+) (?P<group>\S+) v3(?: auth (?P<auth>md5|sha) (?P<auth_secret>\S+))?"
    r"(?: priv (?P<privacy>des|3des|aes (?:128|192|256)) (?P<privacy_secret>\S+))?(?: access (?P<access_list>\S+))?"
)
_COMMUNITY: Final = re.compile(
    r"snmp-server community (?P<community>\S+)(?: view (?P<view>\S+))? (?P<access>RO|RW)"
    r"(?: ipv6 (?P<ipv6_access_list>\S+))?(?: (?P<access_list>\S+))?"
)
_TRAP: Final = re.compile(r"snmp-server enable traps (?P<trap>.+)")
_HOST: Final = re.compile(
    r"snmp-server host (?P<host>\S+)(?: vrf (?P<vrf>\S+))?(?P<informs> informs)?"
    r"(?: version (?:(?P<version>1|2c)|3 (?P<level>noauth|auth|priv)))? (?P<who>\S+)(?: udp-port (?P<port>\d+))?"
    r"(?P<traps>(?: \S+)*)"
)

Fields = dict[str, Any]


def read(config: Config, draft: Draft) -> None:
    """Take in what a configuration says of SNMP."""
    lines = [node.text for node in config.nodes if node.text.startswith("snmp-server ")]
    _agent(lines, draft)
    _views(lines, draft)
    for line in lines:
        if match := _GROUP.fullmatch(line):
            draft.add(SnmpGroup, **_given(match))
        elif match := _USER.fullmatch(line):
            _user(match, draft)
        elif match := _HOST.fullmatch(line):
            _host(match, draft)
    _communities(lines, draft)
    _traps(lines, draft)


def _given(match: re.Match[str]) -> Fields:
    return {name: value for name, value in match.groupdict().items() if value}


def _agent(lines: list[str], draft: Draft) -> None:
    found: Fields = {_FLAGS[line]: True for line in lines if line in _FLAGS}
    for match in filter(None, map(_AGENT.fullmatch, lines)):
        name = _NAMES.get(match["name"], match["name"])
        found[name] = int(match["value"]) if name in {"packet_size", "queue_length"} else match["value"]
    if found:
        draft.add(Snmp, **found)


def _views(lines: list[str], draft: Draft) -> None:
    views: dict[str, dict[str, list[str]]] = {}
    for match in filter(None, map(_VIEW.fullmatch, lines)):
        views.setdefault(match["name"], {}).setdefault(match["how"], []).append(match["tree"])
    for name, trees in views.items():
        draft.add(SnmpView, name=name, **trees)


def _user(match: re.Match[str], draft: Draft) -> None:
    found = _given(match)
    for field in ("auth_secret", "privacy_secret"):
        if field in found:
            found[field] = draft.moved(found[field], f"snmp-user-{match['name']}-{field.partition('_')[0]}")
    draft.add(SnmpUser, **found)


def _communities(lines: list[str], draft: Draft) -> None:
    for number, match in enumerate(filter(None, map(_COMMUNITY.fullmatch, lines)), start=1):
        found = _given(match)
        found |= {"access": match["access"].lower(), "community": _community(match["community"], draft)}
        draft.add(SnmpCommunity, number=number, **found)


def _community(name: str, draft: Draft) -> str:
    """The reference for a community: hosts of that community have the same."""
    return draft.moved(name, "snmp-community")


def _host(match: re.Match[str], draft: Draft) -> None:
    third = match["level"] is not None
    draft.add(
        SnmpHost,
        host=match["host"],
        vrf=match["vrf"],
        informs=match["informs"] is not None,
        version="3" if third else match["version"] or "1",
        level=match["level"],
        user=match["who"] if third else None,
        community=None if third else _community(match["who"], draft),
        port=int(match["port"]) if match["port"] else None,
        traps=tuple(match["traps"].split()),
    )


def _traps(lines: list[str], draft: Draft) -> None:
    """Traps by their kind: of some the parts stand in lines of their own."""
    parts: dict[str, list[str]] = {}
    for match in filter(None, map(_TRAP.fullmatch, lines)):
        kind, _, part = match["trap"].partition(" ")
        if kind in TRAP_PARTS and part:
            parts.setdefault(kind, []).append(part)
        else:
            parts.setdefault(match["trap"], [])
    for trap, found in parts.items():
        draft.add(SnmpTrap, trap=trap, parts=tuple(found))
