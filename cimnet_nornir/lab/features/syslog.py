"""Where a device sends what it has to say: buffer, console, monitor and syslog hosts."""

from typing import Final

from cimnet_nornir.lab.answers import Outcome
from cimnet_nornir.lab.grammar import Invalid
from cimnet_nornir.lab.rules import Change, Rule, remove_one, store

LEVELS: Final = (
    "emergencies",
    "alerts",
    "critical",
    "errors",
    "warnings",
    "notifications",
    "informational",
    "debugging",
)
_PORTS: Final = {"udp": "514", "tcp": "601"}
_KEY: Final = ("host", "vrf", "transport", "port")


def _level(change: Change) -> Outcome:
    """A destination with its level: numbers become names, and the level that it has anyway is not shown."""
    level, head = change.values.get("level", ""), change.rule.head
    name = LEVELS[int(level)] if level.isdecimal() and int(level) < len(LEVELS) else level
    if name and name not in LEVELS:
        return Invalid(change.match.columns["level"])
    usual = "informational" if head == "logging trap" else "debugging"
    words = [head, change.values.get("size", ""), "" if name == usual else name]
    text = " ".join(word for word in words if word)
    if text == head != "logging buffered":
        change.section.drop(change.rule.identity)
        return ""
    return store(change, text)


def _host(change: Change) -> Outcome:
    """15.2 and later show `logging host ADDRESS` where older releases show `logging ADDRESS`."""
    values = _way(change)
    shown = (f" {name} {values[name]}" for name in ("vrf", "transport", "port") if name in values)
    return store(change, f"logging host {values['host']}{''.join(shown)}", values)


def _no_host(change: Change) -> Outcome:
    """A host may be there more than once, by other ways: without a way, all of them go."""
    values = _way(change)
    vrf, way = values.get("vrf", ""), (values.get("transport", ""), values.get("port", ""))
    for line in change.section.all(change.rule.identity):
        if line.key[1:3] == (values["host"], vrf) and (line.key[3:] == way or "transport" not in change.values):
            change.section.drop(*line.key)
    return ""


def _way(change: Change) -> dict[str, str]:
    """The values of a host without what goes without saying: UDP, and the port of its transport."""
    values = dict(change.values)
    if values.get("port") == _PORTS.get(values.get("transport", "")):
        values.pop("port", None)
    if values.get("transport") == "udp" and "port" not in values:
        del values["transport"]
    return values


SYSLOG: Final = (
    Rule("logging on", 50, shown="negative"),
    Rule("logging userinfo", 50),
    Rule("logging count", 50),
    Rule("logging buffered [<size:4096-2147483647>] [<level:word>]", 50, shown="both", effect=_level),
    Rule("logging console [<level:word>]", 50, shown="both", effect=_level),
    Rule("logging monitor [<level:word>]", 50, shown="both", effect=_level),
    Rule("logging rate-limit <rest:line>", 50, shown="both"),
    Rule("logging history [<level:name>]", 429, default="logging history warnings"),
    Rule("logging trap [<level:word>]", 429, shown="both", effect=_level),
    Rule("logging facility <facility:name>", 429, default="logging facility local7"),
    Rule("logging source-interface <interface:interface> [vrf <vrf:word>]", 429, ("vrf",), undo=remove_one),
    Rule("logging origin-id {what: hostname|ip|ipv6|string <text:line>}", 429),
    Rule(
        "logging {host <host:host>|<host:ip>} [vrf <vrf:word>] [transport {transport: udp|tcp} [port <port:1-65535>]]",
        430,
        _KEY,
        slot="logging host",
        effect=_host,
        undo=_no_host,
    ),
)
