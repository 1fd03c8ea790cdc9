"""Host name, services, clock, domain and name servers, management lines of the global configuration."""

import re
from typing import Final

from cimnet_nornir.lab.answers import Outcome
from cimnet_nornir.lab.arguments import dotted
from cimnet_nornir.lab.config import Line
from cimnet_nornir.lab.features.passwords import ENCRYPTION, encrypt_all
from cimnet_nornir.lab.grammar import Invalid
from cimnet_nornir.lab.rules import Change, Rule, remove, store

_HOSTNAME: Final = re.compile(r"[A-Za-z]([A-Za-z0-9_-]{0,61}[A-Za-z0-9])?")


def _hostname(change: Change) -> Outcome:
    name = change.values["hostname"]
    if not _HOSTNAME.fullmatch(name):
        return "% Hostname contains one or more illegal characters."
    return store(change)


def _domain(change: Change) -> Outcome:
    """Classic IOS writes `ip domain-name`, XE `ip domain name`; both read either."""
    return store(change, f"ip domain{_joint(change)}name {change.values['name']}")


def _joint(change: Change) -> str:
    return " " if "iosxe" in change.device.profile.features else "-"


def _lookup_source(change: Change) -> Outcome:
    return store(change, f"ip domain{_joint(change)}lookup source-interface {change.values['interface']}")


def _domain_list(change: Change) -> Outcome:
    return store(change, f"ip domain{_joint(change)}list {change.values['name']}")


_SERVERS: Final = "ip name-server"
_MOST_SERVERS: Final = 6


def _servers(change: Change) -> Outcome:
    """Servers are asked in the order in which they came; IOS knows six."""
    vrf, words = change.values.get("vrf", ""), change.values["servers"].split()
    if any(dotted(word) is None and ":" not in word for word in words):
        return Invalid(change.match.columns["servers"])
    for word in words:
        if change.section.has(_SERVERS, vrf, word):
            continue
        if len(change.section.all(_SERVERS)) == _MOST_SERVERS:
            return "% Name-server table is full; 6 entries"
        text = f"{_SERVERS} {f'vrf {vrf} ' if vrf else ''}{word}"
        change.section.put(Line((_SERVERS, vrf, word), text, 96))
    return ""


def _no_servers(change: Change) -> Outcome:
    vrf, words = change.values.get("vrf", ""), change.values.get("servers", "").split()
    for line in change.section.all(_SERVERS):
        if (not words and not vrf) or (line.key[1] == vrf and (not words or line.key[2] in words)):
            change.section.drop(*line.key)
    return ""


def _timezone(change: Change) -> Outcome:
    """The minutes are shown always."""
    zone, hours = change.values["zone"], change.values["hours"]
    if not _HOURS.fullmatch(hours):
        return Invalid(change.match.columns["hours"])
    if (zone, int(hours)) == ("UTC", 0):
        return remove(change)
    return store(change, f"clock timezone {zone} {int(hours)} {change.values.get('minutes', '0')}")


def _summer_time(change: Change) -> Outcome:
    rest = change.values["rest"]
    return store(change) if _SUMMER.fullmatch(rest) else Invalid(change.match.columns["rest"])


_HOURS: Final = re.compile(r"-?(?:\d|1\d|2[0-3])")
_WEEK: Final = r"(?:[1-4]|first|last) [A-Z][a-z]{2} [A-Z][a-z]{2} \d{1,2}:\d\d"
_DAY: Final = r"(?:[A-Z][a-z]{2} \d{1,2}|\d{1,2} [A-Z][a-z]{2}) \d{4} \d{1,2}:\d\d"
_SUMMER: Final = re.compile(rf"recurring(?: {_WEEK} {_WEEK}(?: \d+)?)?|date {_DAY} {_DAY}(?: \d+)?")


def _lookup(change: Change) -> Outcome:
    change.section.drop("ip domain-lookup")
    return ""


def _no_lookup(change: Change) -> Outcome:
    return store(change, f"no ip domain{_joint(change)}lookup")


SYSTEM: Final = (
    Rule(
        "service timestamps {what: debug|log} [{how: datetime [msec] [localtime] [show-timezone] [year]|uptime}]",
        20,
        ("what",),
    ),
    Rule(ENCRYPTION, 21, shown="both", effect=encrypt_all),
    Rule(
        "service {name: tcp-keepalives-in|tcp-keepalives-out|sequence-numbers|unsupported-transceiver|nagle|config"
        "|call-home|internal|compress-config|linenumber|tcp-small-servers|udp-small-servers|finger}",
        22,
        ("name",),
    ),
    Rule("service {name: pad|dhcp}", 22, ("name",), shown="negative", slot="service off"),
    Rule("hostname <hostname:word>", 30, effect=_hostname),
    # The release and these marks are printed with every configuration, and taken back in without effect.
    Rule("version <release:word>", effect=lambda _: ""),
    Rule("{boot-start-marker|boot-end-marker}", slot="boot-marker", effect=lambda _: ""),
    Rule("boot system <file:line>", 41, ("file",), removable=0),
    Rule("system mtu [routing] <size:1500-9198>", 85, needs="switching"),
    Rule("clock timezone <zone:word> <hours:word> [<minutes:0-59>]", 83, effect=_timezone),
    Rule("clock summer-time <zone:word> <rest:line>", 84, effect=_summer_time),
    Rule("clock calendar-valid", 84),
    Rule("{ip domain-name|ip domain name} <name:word>", 95, slot="ip domain-name", effect=_domain),
    Rule("{ip domain-lookup|ip domain lookup}", 94, slot="ip domain-lookup", effect=_lookup, undo=_no_lookup),
    Rule(
        "{ip domain-lookup|ip domain lookup} source-interface <interface:interface>",
        94,
        slot="ip domain-lookup source",
        effect=_lookup_source,
    ),
    Rule("{ip domain-list|ip domain list} <name:word>", 95, ("name",), slot="ip domain-list", effect=_domain_list),
    Rule("ip name-server [vrf <vrf:word>] <servers:line>", 96, removable=0, effect=_servers, undo=_no_servers),
    Rule("ip host <name:word> <address:ip>", 96, ("name",)),
    Rule("ipv6 unicast-routing", 92),
    Rule("file prompt [{how: alert|noisy|quiet}]", 112, default="file prompt alert"),
    Rule(
        "configuration mode exclusive [{how: auto|manual}] [expire <seconds:30-600>] [lock-show] [interleave]",
        88,
    ),
)
