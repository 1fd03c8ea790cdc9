"""Terminal lines, as a configuration tells them."""

import re
from typing import Any, Final

from cimnet_nornir.domain.features.lines import TerminalLine
from cimnet_nornir.ios.aaa import is_on
from cimnet_nornir.ios.reading.draft import Draft
from cimnet_nornir.ios.reading.fitting import add_what_fits
from cimnet_nornir.ios.reading.said import Said
from cimnet_nornir.ios.tree import Config, Node

_LOGIN: Final = {"no login": "none", "login": "line", "login local": "local"}
_PLAIN: Final = {
    "login authentication": "login_list",
    "privilege level": "privilege",
    "session-timeout": "session_timeout",
    "absolute-timeout": "absolute_timeout",
    "session-limit": "session_limit",
    "escape-character": "escape_character",
    "hold-character": "hold_character",
    "stop-character": "stop_character",
    "buffer-length": "buffer_length",
    "autocommand": "autocommand",
    "rotary": "rotary",
    "history size": "history",
    "length": "length",
    "width": "width",
}
_OFF: Final = {
    "no exec": "exec",
    "no exec-banner": "exec_banner",
    "no motd-banner": "motd_banner",
    "no activation-character": "activation_character",
}
_PORT: Final = {
    "stopbits": "stop_bits",
    "speed": "speed",
    "databits": "data_bits",
    "parity": "parity",
    "flowcontrol": "flow_control",
    "modem": "modem",
}
_TIMEOUT: Final = re.compile(r"(?P<minutes>\d+)(?: (?P<seconds>\d+))?")
_ACCESS: Final = re.compile(r"access-class (?P<name>\S+) (?P<way>in|out)(?P<vrf> vrf-also)?")
_ACCESS_IPV6: Final = re.compile(r"ipv6 access-class (?P<name>\S+) in")
_SYNCHRONOUS: Final = re.compile(r"logging synchronous(?: level (?P<level>\S+))?(?: limit (?P<limit>\d+))?")
_COMMANDS: Final = re.compile(r"(?P<level>\d+) (?P<name>\S+)")

_WITHOUT_AAA: Final = dict.fromkeys(("login_list", "authorization", "accounting"))

Fields = dict[str, Any]


def read(config: Config, draft: Draft) -> None:
    """Take in what a configuration says of its terminal lines."""
    for node in config.nodes:
        if node.text.startswith("line "):
            _line(node, draft, aaa=is_on(config))


def _line(node: Node, draft: Draft, *, aaa: bool) -> None:
    said = Said.of(node.children)
    name = node.text.removeprefix("line ")
    fields: Fields = {"lines": name, **_plain(said), **_from_patterns(said)}
    fields |= {field: False for line, field in _OFF.items() if said.has(line)}
    fields["transport"] = _transport(said)
    fields["port"] = {field: value for words, field in _PORT.items() if (value := said.after(words))} or None
    fields["authorization"] = _lists(said, "authorization")
    fields["accounting"] = _lists(said, "accounting")
    password = said.after("password")
    fields["password"] = draft.moved(password, f"line-{name}-password") if password else None
    add_what_fits(draft, TerminalLine, fields if aaa else {**fields, **_WITHOUT_AAA})


def _plain(said: Said) -> Fields:
    login = next((how for line, how in _LOGIN.items() if said.has(line)), None)
    return {"login": login, **{field: said.after(words) for words, field in _PLAIN.items()}}


def _from_patterns(said: Said) -> Fields:
    fields: Fields = {}
    if timeout := _TIMEOUT.fullmatch(said.after("exec-timeout") or ""):
        fields["exec_timeout"] = {"minutes": timeout["minutes"], "seconds": timeout["seconds"] or 0}
    for line in said.lines:
        if match := _ACCESS.fullmatch(line):
            fields[f"access_{match['way']}"] = {"name": match["name"], "vrf_also": bool(match["vrf"])}
        elif match := _ACCESS_IPV6.fullmatch(line):
            fields["ipv6_access_in"] = match["name"]
        elif match := _SYNCHRONOUS.fullmatch(line):
            fields["logging_synchronous"] = {key: value for key, value in match.groupdict().items() if value}
    return fields


def _transport(said: Said) -> Fields | None:
    fields: Fields = {}
    for way in ("input", "output"):
        words = said.after(f"transport {way}")
        if words:
            fields[way] = tuple(words.split(" "))
    preferred = said.after("transport preferred")
    return {**fields, "preferred": preferred} if fields or preferred else None


def _lists(said: Said, what: str) -> Fields | None:
    matches = (_COMMANDS.fullmatch(words) for words in said.each(f"{what} commands"))
    commands = tuple((match["level"], match["name"]) for match in matches if match)
    sessions = said.after(f"{what} exec")
    return {"exec": sessions, "commands": commands} if commands or sessions else None
