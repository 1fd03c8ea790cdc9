"""What AAA has to do with other lines: `aaa new-model` changes what terminals ask, and takes its lists along."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from cimnet_nornir.ios.rules import phases
from cimnet_nornir.ios.steps import Caution, Draft, Finding
from cimnet_nornir.ios.tree import Config, Node

NEW_MODEL = "aaa new-model"
_LOGIN = re.compile(r"(?:no )?login(?: local| tacacs)?")
_LISTS = re.compile(r"aaa (?:authentication|authorization|accounting|group|session-id|local) .+")
_OF_LINES = re.compile(r"(?:login authentication|authorization|accounting) .+")
_RADIUS_SERVER = re.compile(
    r"(?P<server>(?:server|address ipv[46]) (?!name )\S+)(?: auth-port (?P<auth>\d+))?(?: acct-port (?P<acct>\d+))?"
)
_AUTH_PORT, _ACCT_PORT = "1645", "1646"
_ACCOUNTING = re.compile(r"aaa accounting (?:commands \d+|\S+) \S+")


def one_line(node: Node) -> Node:
    """A list of accounting that a device shows as a section, as the line that others have."""
    if not node.children or not _ACCOUNTING.fullmatch(node.text):
        return node
    words = [" ".join(child.text.split()) for child in node.children]
    action = next((word.removeprefix("action-type ") for word in words if word.startswith("action-type ")), "")
    rest = [word for word in words if not word.startswith("action-type ")]
    known = all(word == "broadcast" or word.startswith("group ") for word in rest)
    return Node(" ".join((node.text, action, *sorted(rest, key=_broadcast_first)))) if action and known else node


def with_ports(header: str, line: Node) -> Node:
    """A RADIUS server with its ports, which a device shows even where nobody chose them."""
    match = (
        _RADIUS_SERVER.fullmatch(line.text)
        if header.startswith(("aaa group server radius ", "radius server "))
        else None
    )
    if match is None:
        return line
    return Node(f"{match['server']} auth-port {match['auth'] or _AUTH_PORT} acct-port {match['acct'] or _ACCT_PORT}")


def _broadcast_first(word: str) -> bool:
    return word != "broadcast"


def is_on(config: Config) -> bool:
    """Whether AAA is switched on."""
    return any(node.text == NEW_MODEL for node in config.nodes)


def as_aaa_shows(config: Config) -> Config:
    """With AAA no line says `login` or `login local`: the device drops it, and takes it no more."""
    return _without(config, _LOGIN)


def switched_off(nodes: Iterable[Node]) -> tuple[Node, ...]:
    """What is left when AAA is switched off."""
    rest = Config(tuple(node for node in nodes if not _LISTS.fullmatch(node.text)))
    return _without(rest, _OF_LINES).nodes


def _without(config: Config, lines: re.Pattern[str]) -> Config:
    return Config(
        tuple(
            Node(node.text, tuple(child for child in node.children if not lines.fullmatch(child.text)))
            if node.text.startswith("line ")
            else node
            for node in config.nodes
        )
    )


def before_and_after(findings: Iterable[Finding], running: Config) -> Iterator[Finding]:
    """Where AAA is switched off, what lines say of logins comes after that, and what nobody mentions goes with it."""
    listed = tuple(findings)
    off = any(isinstance(f, Draft) and f.step.command == f"no {NEW_MODEL}" for f in listed)
    if not off:
        yield from listed
        return
    taken = {finding.step.explains for finding in listed if isinstance(finding, Draft)}
    for node in running.nodes:
        if _LISTS.fullmatch(node.text) and node.text != "aaa session-id common" and (node.text,) not in taken:
            yield Caution(f"{node.text} goes with aaa new-model, though nobody's intent is about it")
    for finding in listed:
        is_login = isinstance(finding, Draft) and _LOGIN.fullmatch(finding.step.command) and finding.step.section
        if is_login and isinstance(finding, Draft):
            yield replace(finding, order=(phases.LOGIN, *finding.order[1:]))
        else:
            yield finding
