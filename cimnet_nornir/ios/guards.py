"""Lists that would be empty for a moment while their entries change: an empty list lets everything through.

An entry that nothing real matches keeps such a list until it has its new ones: what no entry matches is denied
meanwhile, as it is at the end of every list.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cimnet_nornir.ios.rules import phases
from cimnet_nornir.ios.steps import Caution, Draft, Finding, Step
from cimnet_nornir.ios.tree import Config, Path

_PREFIX = re.compile(r"(?P<list>(?:ip|ipv6) prefix-list \S+) seq (?P<number>\d+) (?P<body>.+)")
_ENTRY = re.compile(r"sequence (?P<number>\d+) (?P<body>.+)")
_CLAUSE = re.compile(r"route-map (?P<name>\S+) (?:permit|deny) (?P<number>\d+)")
_NOBODY = {
    "ip prefix-list": "deny 255.255.255.255/32",
    "ipv6 prefix-list": "deny FFFF:FFFF:FFFF:FFFF:FFFF:FFFF:FFFF:FFFF/128",
    "ipv6 access-list": "deny ipv6 host ::1 host ::1",
}
_HIGHEST = 4294967294
_FIRST = (phases.FILTER - 1, 0)
_BETWEEN = 15  # in an access list: when its entries are there, before others go


@dataclass(slots=True)
class _List:
    """One list: its entries by number, and the path and place of the last of them, by which it is complete."""

    entries: dict[int, str]
    path: Path = ()
    place: tuple[int, ...] = ()


def guarded(running: Config, intended: Config) -> tuple[Config, list[Finding]]:
    """Running, and the steps that keep lists from being empty."""
    have, want = dict(_lists(running)), dict(_lists(intended))
    findings: list[Finding] = []
    for name, wanted in want.items():
        if name in have and _runs_dry(have[name].entries, wanted.entries):
            findings += _guard(name, wanted, have[name].entries.keys() | wanted.entries.keys())
    return running, [*findings, *_bare_clauses(running, intended)]


def _bare_clauses(running: Config, intended: Config) -> Iterator[Finding]:
    """What a person should read of a route map in use: a clause comes before its matches do."""
    there = {match.groups() for node in running.nodes if (match := _CLAUSE.fullmatch(node.text))}
    maps = {name for name, _ in there}
    for node in intended.nodes:
        match = _CLAUSE.fullmatch(node.text)
        comes = match is not None and match["name"] in maps and match.groups() not in there
        if comes and any(child.text.startswith("match ") for child in node.children):
            yield Caution(f"{node.text}: it matches everything until its matches are typed")


def _guard(name: str, wanted: _List, taken: set[int]) -> Iterator[Finding]:
    kind = " ".join(name.split(" ")[:2])
    number = next(number for number in range(min(max(taken) + 1, _HIGHEST), 0, -1) if number not in taken)
    section, words = ((name,), "sequence") if kind == "ipv6 access-list" else ((), f"{name} seq")
    last = Step(section, f"no {words} {number}", wanted.path, adds=True)
    yield Draft((*_FIRST, number), Step(section, f"{words} {number} {_NOBODY[kind]}", wanted.path, adds=True))
    yield Draft(wanted.place, last)


def _lists(config: Config) -> Iterator[tuple[str, _List]]:
    """The lists whose entries have numbers, without remarks, which match nothing."""
    prefixes: dict[str, _List] = {}
    for index, node in enumerate(config.nodes):
        if match := _PREFIX.fullmatch(node.text):
            found = prefixes.setdefault(match["list"], _List({}))
            found.entries[int(match["number"])] = match["body"]
            found.path, found.place = (node.text,), (phases.FILTER, index, 1)
        elif node.text.startswith("ipv6 access-list "):
            matches = (_ENTRY.fullmatch(child.text) for child in node.children)
            entries = {int(match["number"]): match["body"] for match in matches if match is not None}
            rules = {number: body for number, body in entries.items() if not body.startswith("remark")}
            if rules:
                path = (node.text, node.children[-1].text)
                yield node.text, _List(rules, path, (phases.FILTER, index, _BETWEEN))
    yield from prefixes.items()


def _runs_dry(have: Mapping[int, str], want: Mapping[int, str]) -> bool:
    """Whether a list has no entry at some moment: what gets another number goes first, the rest one by one."""
    places = {body: number for number, body in want.items()}
    there = {number for number, body in have.items() if places.get(body, number) == number}
    for number, body in want.items():
        if number in there and have.get(number, body) != body:
            there.discard(number)
        if not there:
            return True
        there.add(number)
    return False
