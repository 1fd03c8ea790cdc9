"""Logging, discovery, the archive, aliases, NTP and settings of the whole device, as a configuration tells them."""

import re
from collections.abc import Iterator
from typing import Any, Final

from cimnet_nornir.domain.features.ntp import Ntp, NtpKey, NtpPeer, NtpServer
from cimnet_nornir.domain.features.services import (
    OPTIONS,
    Alias,
    Archive,
    Cdp,
    Discovery,
    GlobalOption,
    Lldp,
    Logging,
    LoggingHost,
)
from cimnet_nornir.ios.reading.draft import Draft
from cimnet_nornir.ios.tree import Config, Node

Fields = dict[str, Any]

_BUFFER: Final = re.compile(r"logging buffered(?: (?P<size>\d+))?(?: (?P<level>[a-z]+))?")
_LEVEL: Final = re.compile(r"logging (?P<name>console|monitor|trap) (?P<level>[a-z]+)")
_OFF: Final = re.compile(r"no logging (?P<name>buffered|console|monitor|trap)")
_LOGGING: Final = re.compile(r"logging (?P<name>facility|source-interface|origin-id) (?P<value>.+)")
_HOST: Final = re.compile(
    r"logging host (?P<host>\S+)(?: vrf (?P<vrf>\S+))?(?: transport (?P<transport>udp|tcp)(?: port (?P<port>\d+))?)?"
)
_TIMER: Final = re.compile(r"(?P<protocol>cdp|lldp) (?P<name>timer|holdtime|reinit) (?P<value>\d+)")
_RUN: Final = re.compile(r"(?P<no>no )?(?P<protocol>cdp|lldp) run")
_ALIAS: Final = re.compile(r"alias (?P<mode>exec|configure|interface) (?P<name>\S+) (?P<command>.+)")
_ASSOCIATION: Final = re.compile(
    r"ntp (?P<kind>server|peer) (?:vrf (?P<vrf>\S+) )?(?P<server>\S+)(?P<options>(?: \S+)*)"
)
_KEY: Final = re.compile(r"ntp authentication-key (?P<number>\d+) (?P<algorithm>\S+) (?P<secret>\S+)(?P<type> 7)?")
_TRUSTED: Final = re.compile(r"ntp trusted-key (?P<first>\d+)(?: - (?P<last>\d+))?")
_ACCESS: Final = re.compile(r"ntp access-group (?P<how>\S+) (?P<name>\S+)")
_NTP: Final = re.compile(r"ntp (?P<name>source|master|max-associations)(?: (?P<value>\S+))?")
_FLAGS: Final = {"ntp authenticate": "authenticate", "ntp update-calendar": "update_calendar", "ntp logging": "logging"}
_NAMES: Final = {
    "source-interface": "source_interface",
    "origin-id": "origin",
    "facility": "facility",
    "key": "authentication_key",
    "minpoll": "min_poll",
    "maxpoll": "max_poll",
    "serve-only": "serve_only",
    "query-only": "query_only",
    "max-associations": "max_associations",
}
# A device with its own clock and no number has stratum 8.
_USUAL_STRATUM: Final = 8


def read(config: Config, draft: Draft) -> None:
    """Take in what a configuration says of services."""
    lines = [node.text for node in config.nodes if not node.children]
    _options(lines, draft)
    _logging(lines, draft)
    _discovery(config, lines, draft)
    _archive(config, draft)
    for found in _matches(_ALIAS, lines):
        draft.add(Alias, **found.groupdict())
    _ntp(lines, draft)


def _matches(pattern: re.Pattern[str], lines: list[str]) -> Iterator[re.Match[str]]:
    return (match for line in lines if (match := pattern.fullmatch(line)))


def _given(match: re.Match[str], *numbers: str) -> Fields:
    """The groups that are there; those named are numbers."""
    return {name: int(value) if name in numbers else value for name, value in match.groupdict().items() if value}


def _options(lines: list[str], draft: Draft) -> None:
    for line in lines:
        positive = line.removeprefix("no ")
        for name, takes in OPTIONS.items():
            value = positive.removeprefix(name).strip()
            if positive == name or (takes and positive.startswith(f"{name} ") and " " not in value):
                draft.add(GlobalOption, name=name, enabled=line == positive, **({"value": value} if value else {}))


def _logging(lines: list[str], draft: Draft) -> None:
    found: Fields = {match["name"]: False for match in _matches(_OFF, lines)}
    found |= {match["name"]: match["level"] for match in _matches(_LEVEL, lines)}
    found |= {_NAMES[match["name"]]: match["value"] for match in _matches(_LOGGING, lines)}
    for match in _matches(_BUFFER, lines):
        found["buffered"] = _given(match, "size") or True
    if found:
        draft.add(Logging, **found)
    for match in _matches(_HOST, lines):
        draft.add(LoggingHost, **_given(match, "port"))


def _discovery(config: Config, lines: list[str], draft: Draft) -> None:
    for protocol, kind in (("cdp", Cdp), ("lldp", Lldp)):
        found: Fields = {m["name"]: int(m["value"]) for m in _matches(_TIMER, lines) if m["protocol"] == protocol}
        runs = [match for match in _matches(_RUN, lines) if match["protocol"] == protocol]
        if found or runs:
            # LLDP is off and CDP is on until a line says otherwise.
            enabled = not runs[0]["no"] if runs else protocol == "cdp"
            draft.add(kind, enabled=enabled, **found)
    for node in config.nodes:
        said = {child.text for child in node.children if child.text in _DISCOVERY}
        if node.text.startswith("interface ") and said:
            name = node.text.removeprefix("interface ")
            draft.add(Discovery, interface=name, **{_DISCOVERY[text]: False for text in said})


_DISCOVERY: Final = {"no cdp enable": "cdp", "no lldp transmit": "lldp_transmit", "no lldp receive": "lldp_receive"}


def _archive(config: Config, draft: Draft) -> None:
    node = next((node for node in config.nodes if node.text == "archive"), None)
    if node is None:
        return
    found: Fields = {"write_memory": any(child.text == "write-memory" for child in node.children)}
    for child in node.children:
        word, _, value = child.text.partition(" ")
        if word == "path":
            found["path"] = value
        elif word in {"maximum", "time-period"}:
            found["maximum" if word == "maximum" else "minutes"] = int(value)
        elif child.text == "log config":
            found["log"] = _archive_log(child)
    draft.add(Archive, **found)


def _archive_log(node: Node) -> Fields:
    texts = {child.text for child in node.children}
    sizes = [int(text.rpartition(" ")[2]) for text in texts if text.startswith("logging size ")]
    return {
        "enabled": "logging enable" in texts,
        "notify_syslog": "notify syslog contenttype plaintext" in texts,
        "hide_keys": "hidekeys" in texts,
        "size": sizes[0] if sizes else None,
    }


def _ntp(lines: list[str], draft: Draft) -> None:
    found: Fields = {_FLAGS[line]: True for line in lines if line in _FLAGS}
    trusted = [_given(match, "first", "last") for match in _matches(_TRUSTED, lines)]
    access = {_NAMES.get(match["how"], match["how"]): match["name"] for match in _matches(_ACCESS, lines)}
    for match in _matches(_NTP, lines):
        name, value = _NAMES.get(match["name"], match["name"]), match["value"]
        found[name] = value if name == "source" else int(value or _USUAL_STRATUM)
    found |= {"trusted_keys": trusted} if trusted else {}
    found |= {"access": access} if access else {}
    if found:
        draft.add(Ntp, **found)
    for match in _matches(_KEY, lines):
        _key(match, draft)
    for match in _matches(_ASSOCIATION, lines):
        _association(match, draft)


def _key(match: re.Match[str], draft: Draft) -> None:
    secret = f"7 {match['secret']}" if match["type"] else match["secret"]
    reference = draft.moved(secret, f"ntp-key-{match['number']}")
    draft.add(NtpKey, number=int(match["number"]), algorithm=match["algorithm"], secret=reference)


def _association(match: re.Match[str], draft: Draft) -> None:
    found: Fields = {}
    words = iter(match["options"].split())
    for word in words:
        if word in {"prefer", "burst", "iburst"}:
            found[word] = True
        else:
            value = next(words, "")
            found[_NAMES.get(word, word)] = int(value) if value.isdecimal() else value
    kind = NtpServer if match["kind"] == "server" else NtpPeer
    draft.add(kind, server=match["server"], vrf=match["vrf"], **found)
