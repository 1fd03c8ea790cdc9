"""Host name, users, enable secret, services, domain, management lines of the global configuration."""

import re
from typing import Final

from cimnet_nornir.lab.answers import Answer, Outcome, confirm
from cimnet_nornir.lab.rules import Change, Rule, remove, store
from cimnet_nornir.lab.secret_text import scrypt_secret, type7

_HOSTNAME: Final = re.compile(r"[A-Za-z]([A-Za-z0-9_-]{0,61}[A-Za-z0-9])?")


def _hostname(change: Change) -> Outcome:
    name = change.values["hostname"]
    if not _HOSTNAME.fullmatch(name):
        return "% Hostname contains one or more illegal characters."
    return store(change)


def _user(change: Change) -> Outcome:
    """Merge a `username` line into the user's one line, secrets hashed."""
    user = change.values["user"]
    old = change.section.get("username", user)
    values = {**(old.values if old else {}), **change.values}
    if "plain" in change.values:
        stored = scrypt_secret if change.values["kind"] == "secret" else type7
        values["code"] = "9" if change.values["kind"] == "secret" else "7"
        values["stored"] = stored(values.pop("plain"))
    return store(change, _user_text(values), values)


def _user_text(values: dict[str, str]) -> str:
    text = f"username {values['user']}"
    if values.get("level", "1") != "1":
        text += f" privilege {values['level']}"
    return text + (f" {values['kind']} {values['code']} {values['stored']}" if "stored" in values else "")


def _no_user(change: Change) -> Outcome:
    if not change.section.has("username", change.values["user"]):
        return ""

    def gone() -> Answer:
        return Answer(remove(change))

    question = "This operation will remove all username related configurations with same name.Do you want to continue? "
    return gone() if change.device.booting else confirm(question, gone)


def _secret(change: Change) -> Outcome:
    plain = change.values["plain"]
    kind = change.values["kind"]
    text = f"enable secret 9 {scrypt_secret(plain)}" if kind == "secret" else f"enable password 7 {type7(plain)}"
    code, stored = text.split()[2:]
    return store(change, text, {"kind": kind, "code": code, "stored": stored})


def _domain(change: Change) -> Outcome:
    """Classic IOS writes `ip domain-name`, XE `ip domain name`; both read either."""
    return store(change, f"ip domain{_joint(change)}name {change.values['name']}")


def _joint(change: Change) -> str:
    return " " if "iosxe" in change.device.profile.features else "-"


def _lookup(change: Change) -> Outcome:
    change.section.drop("ip domain-lookup")
    return ""


def _no_lookup(change: Change) -> Outcome:
    return store(change, f"no ip domain{_joint(change)}lookup")


_STORED: Final = "{kind: secret|password} {code: 4|5|6|7|8|9} <stored:word>"
_PLAIN: Final = "{kind: secret|password} [0] <plain:line>"
# The algorithm may be chosen; what is stored here is type 9 all the same.
_HASHED: Final = "algorithm-type {scrypt|sha256} {kind: secret} <plain:line>"
_USER: Final = "username <user:word> [privilege <level:0-15>]"

USERS: Final = (
    Rule(f"enable {_STORED}", 60, ("kind",), slot="enable"),
    Rule(f"enable {_PLAIN}", 60, ("kind",), slot="enable", effect=_secret),
    Rule(f"{_USER} {_STORED}", 70, ("user",), effect=_user, undo=_no_user),
    Rule(f"{_USER} {_PLAIN}", 70, ("user",), effect=_user, undo=_no_user),
    Rule(_USER, 70, ("user",), effect=_user, undo=_no_user),
    Rule(f"{_USER} {_HASHED}", 70, ("user",), effect=_user, undo=_no_user),
    Rule(f"enable {_HASHED}", 60, ("kind",), slot="enable", effect=_secret),
    Rule("aaa new-model", 80, shown="both"),
    Rule("aaa {kind: authentication|authorization|accounting} <rest:line>", 81, ("kind", "rest"), removable=2),
    Rule("aaa session-id {how: common|unique}", 82),
)

SYSTEM: Final = (
    Rule(
        "service timestamps {what: debug|log} [{how: datetime [msec] [localtime] [show-timezone] [year]|uptime}]",
        20,
        ("what",),
    ),
    Rule("service password-encryption", 21, shown="both"),
    Rule(
        "service {name: tcp-keepalives-in|tcp-keepalives-out|sequence-numbers|unsupported-transceiver}", 22, ("name",)
    ),
    Rule("service {name: pad|dhcp|config|nagle|call-home}", 22, ("name",), shown="negative", slot="service off"),
    Rule("hostname <hostname:word>", 30, effect=_hostname),
    # The release and these marks are printed with every configuration, and taken back in without effect.
    Rule("version <release:word>", effect=lambda _: ""),
    Rule("{boot-start-marker|boot-end-marker}", slot="boot-marker", effect=lambda _: ""),
    Rule("boot system <file:line>", 41, ("file",), removable=0),
    Rule("system mtu [routing] <size:1500-9198>", 85, needs="switching"),
    Rule("clock timezone <zone:word> <hours:line>", 83),
    Rule("clock summer-time <zone:word> <rest:line>", 84),
    Rule("{ip domain-name|ip domain name} <name:word>", 95, slot="ip domain-name", effect=_domain),
    Rule("{ip domain-lookup|ip domain lookup}", 94, slot="ip domain-lookup", effect=_lookup, undo=_no_lookup),
    Rule("ip domain-list <name:word>", 95, ("name",), needs="ios"),
    Rule("ip domain list <name:word>", 95, ("name",), needs="iosxe"),
    Rule("ip name-server <servers:line>", 96, removable=0),
    Rule("ip host <name:word> <address:ip>", 96, ("name",)),
    Rule("ip cef", 91, shown="negative"),
    Rule("ipv6 unicast-routing", 92),
    Rule("ipv6 cef", 91, shown="both"),
    Rule("multilink bundle-name authenticated", 91),
    Rule("ip tcp synwait-time <seconds:5-300>", 91),
    Rule("ip icmp rate-limit unreachable", 93, shown="negative"),
    Rule("ip bgp-community new-format", 93),
    Rule("control-plane", 447, enters="control-plane"),
    Rule("ip source-route", 90, shown="negative"),
    Rule("ip bootp server", 93, shown="negative"),
    Rule("ip gratuitous-arps", 93, shown="negative"),
    Rule("ip dhcp excluded-address <first:ip> [<last:ip>]", 98, ("first", "last")),
    Rule("ip dhcp pool <name:word>", 99, ("name",), enters="dhcp-pool"),
    Rule("file prompt [{how: alert|noisy|quiet}]", 112, default="file prompt alert"),
    Rule("archive", 110, enters="archive"),
    Rule(
        "configuration mode exclusive [{how: auto|manual}] [expire <seconds:30-600>] [lock-show] [interleave]",
        88,
    ),
    Rule("login block-for <seconds:1-65535> attempts <tries:1-65535> within <window:1-65535>", 88),
    Rule("login {on: on-failure|on-success} log", 88, ("on",)),
)

ARCHIVE: Final = (
    Rule("path <path:line>", 10),
    Rule("maximum <count:1-14>", 20),
    Rule("write-memory", 30),
    Rule("time-period <minutes:1-525600>", 40),
    Rule("log config", 5, enters="archive-log"),
)
ARCHIVE_LOG: Final = (
    Rule("logging enable", 10),
    Rule("logging size <size:1-1000>", 20),
    Rule("notify syslog [contenttype plaintext]", 30),
    Rule("hidekeys", 40),
)
CONTROL_PLANE: Final = (Rule("service-policy {way: input|output} <policy:word>", 10, ("way",)),)
DHCP_POOL: Final = (
    Rule("network <address:ip> {<mask:ip>|<prefix:prefix>}", 10),
    Rule("default-router <routers:line>", 20),
    Rule("dns-server <servers:line>", 30),
    Rule("domain-name <name:word>", 40),
    Rule("lease <time:line>", 50),
    Rule("option <code:0-254> <value:line>", 60, ("code",)),
)
