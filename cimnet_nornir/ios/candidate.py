"""A whole configuration for a device to replace its own by: what runs, word for word, with a change in it.

The text is the device's own. Only what the change touches is written anew: lines that nobody's intent owns, and the
secrets in them, stay as the device showed them.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import takewhile

from cimnet_nornir.errors import ConfigurationError
from cimnet_nornir.ios.acl_entries import numbered_list
from cimnet_nornir.ios.blocks import folded, in_a_file
from cimnet_nornir.ios.canonical import canonical_line
from cimnet_nornir.ios.difference import diff_text
from cimnet_nornir.ios.levels import level, misplaced
from cimnet_nornir.ios.masking import mask_secrets
from cimnet_nornir.ios.normalise import normalise, split_line
from cimnet_nornir.ios.ordered_lists import by_list
from cimnet_nornir.ios.profiles import Profile
from cimnet_nornir.ios.remediation import remediate
from cimnet_nornir.ios.rules.model import TOP
from cimnet_nornir.ios.tree import Config, Node, parse_config

_FAMILY = "address-family "
_ALLOWED = "switchport trunk allowed vlan "
# What closes a section, or only parts it from the next: new lines come before it.
_CLOSES = re.compile(r"!.*|exit-address-family|end|")


def replacement(running: str, have: Config, after: Config, profile: Profile) -> str:
    """The text of `running` with what takes `have` to `after`; both are normalised, and `have` is what it says.

    Raises ConfigurationError where running is no whole configuration, or the text would not come to `after`.
    """
    _require_whole(running)
    was, now = _by_text(have.nodes), _by_text(after.nodes)
    draft = _edited(_read(running), was, now, 0)
    lines = _in_order(_mended(draft.lines(), was, now, profile), after)
    text = "".join(f"{line}\n" for line in lines)
    _require_same(text, after, profile)
    return "".join(f"{line}\n" for _, unit in folded(lines) for line in in_a_file(unit))


def unplanned(diff: str, running: str, candidate: str) -> tuple[str, ...]:
    """The lines of a device's own difference (`show archive config differences`) that are not ours.

    What the device says goes and comes both was only moved.
    """
    before, wanted = _paths(running), _paths(candidate)
    texts = {line.strip() for text in (running, candidate) for unit in _blocks(text) for line in unit}
    ours = {"+": wanted - before, "-": before - wanted}
    said = tuple(_signed(diff))
    moved = {path for sign, path in said if sign == "+"} & {path for sign, path in said if sign == "-"}
    return tuple(
        f"{sign}{path[-1]}"
        for sign, path in said
        if path not in ours[sign] and path not in moved and path[-1] not in texts
    )


def _require_whole(running: str) -> None:
    lines = {line.strip() for line in running.splitlines()}
    if "end" not in lines or not any(line.startswith("version ") for line in lines):
        raise ConfigurationError("the running configuration is not whole: it has no `version` line, or no `end`")


def _require_same(text: str, after: Config, profile: Profile) -> None:
    made = normalise(parse_config(text), profile)
    differs = diff_text(made, after)
    if differs or not remediate(made, after, profile, formerly=made).is_empty:
        line = mask_secrets(differs).strip().splitlines()[-1:] or ["an order of lines"]
        raise ConfigurationError(f"the change cannot be written into the running configuration faithfully: {line[0]}")


# --- the text as a tree of the device's own lines ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Raw:
    """One command as the device showed it (a banner is one, of several lines), with what stands in from it."""

    text: str
    lines: tuple[str, ...]
    children: tuple["_Raw", ...] = ()

    def whole(self) -> Iterator[str]:
        yield from self.lines
        for child in self.children:
            yield from child.whole()

    @property
    def names(self) -> tuple[str, ...]:
        """The lines of a normalised configuration that this one stands for."""
        text = canonical_line(self.text.strip())
        numbered = numbered_list(text)
        return (numbered[0],) if numbered else tuple(split_line(text))


def _read(text: str) -> tuple[_Raw, ...]:
    units = list(folded([line.rstrip("\r") for line in text.rstrip("\n").split("\n")]))
    return _siblings(units, 0, 0)[0]


def _siblings(units: list[tuple[str, tuple[str, ...]]], index: int, depth: int) -> tuple[tuple[_Raw, ...], int]:
    found: list[_Raw] = []
    while index < len(units) and _indent(units[index][1][0]) >= depth:
        text, lines = units[index]
        children, index = _siblings(units, index + 1, _indent(lines[0]) + 1)
        found.append(_Raw(text, lines, children))
    return tuple(found), index


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _by_text(nodes: tuple[Node, ...]) -> dict[str, Node]:
    return {node.text: node for node in nodes}


# --- the change in it -------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Draft:
    """The lines of a section so far, in parts that begin with the same word."""

    parts: list[tuple[str, list[str]]] = field(default_factory=list)

    def add(self, word: str, lines: Iterator[str]) -> None:
        self.parts.append((word, list(lines)))

    def insert(self, word: str, lines: Iterator[str]) -> None:
        """New lines, behind those that begin with the same word; else at the end, before what closes the section."""
        alike = [index for index, part in enumerate(self.parts) if part[0] == word]
        own = takewhile(lambda item: item[1][0] != _FAMILY.strip(), enumerate(self.parts))
        last = [index for index, part in own if not _CLOSES.fullmatch(part[0])]
        place = (alike or last or [-1])[-1] + 1
        self.parts.insert(place, (word, list(lines)))

    def lines(self) -> list[str]:
        return [line for _, lines in self.parts for line in lines]


def _edited(raws: tuple[_Raw, ...], was: Mapping[str, Node], now: Mapping[str, Node], depth: int) -> _Draft:
    draft = _Draft()
    written: set[str] = set()
    lists = _reordered(was, now) if depth == 0 else {}
    for raw in raws:
        word = raw.text.strip().split(" ", 1)[0]
        names = raw.names
        if names[0] in lists:
            # The first entry stands for all of them.
            entries = [node for text, node in now.items() if lists.get(text) == lists[names[0]] and text not in written]
            written |= {node.text for node in entries}
            draft.add(word, (line for node in entries for line in _rendered(node, depth)))
            continue
        changed = [name for name in names if was.get(name) != now.get(name)] or _trunk_changed(raw, was, now)
        if not changed:
            draft.add(word, raw.whole())
        elif len(names) == 1 and raw.children and names[0] in was and names[0] in now:
            old, new = (_by_text(side[names[0]].children) for side in (was, now))
            below = _edited(raw.children, old, new, depth + 1)
            draft.add(word, iter([*raw.lines, *below.lines()]))
            written.add(names[0])
        else:
            kept = [now[name] for name in names if name in now and name not in written]
            written |= {node.text for node in kept}
            draft.add(word, (line for node in kept for line in _rendered(node, depth)))
    for text, node in now.items():
        if text not in was and text not in written:
            draft.insert(text.split(" ", 1)[0], _rendered(node, depth))
    return draft


def _reordered(was: Mapping[str, Node], now: Mapping[str, Node]) -> Mapping[str, str]:
    """The entries of lists in which one changes its place, by their text, with the feature that the list is."""
    have, want = (level(TOP, tuple(side.values())) for side in (was, now))
    moving = misplaced(have, want)
    features = {have[identity].rule.feature for identity in moving}
    entries = (*have.values(), *want.values())
    return {entry.node.text: entry.rule.feature for entry in entries if entry.rule.feature in features}


def _trunk_changed(raw: _Raw, was: Mapping[str, Node], now: Mapping[str, Node]) -> bool:
    """Whether it is one of several lines that together name the VLANs of a trunk, which change."""
    if not raw.names[0].startswith(_ALLOWED) or raw.names[0] in was:
        return False
    return [text for text in was if text.startswith(_ALLOWED)] != [text for text in now if text.startswith(_ALLOWED)]


def _rendered(node: Node, depth: int) -> Iterator[str]:
    """A line and what is below it, as a device shows it; address families come last, since they end what is above."""
    yield from f"{' ' * depth}{node.text}".splitlines()
    for child in sorted(node.children, key=lambda child: child.text.startswith(_FAMILY)):
        yield from _rendered(child, depth + 1)
    if node.text.startswith(_FAMILY):
        yield f"{' ' * depth}exit-address-family"


def _mended(lines: list[str], was: Mapping[str, Node], now: Mapping[str, Node], profile: Profile) -> list[str]:
    """Sections that changed and do not come to what they should are written whole, as they are to be."""
    result: list[str] = []
    for raw in _read("\n".join(lines)):
        name = raw.names[0]
        changed = len(raw.names) == 1 and name in now and was.get(name) != now[name]
        if changed and normalise(parse_config("\n".join(raw.whole())), profile).nodes != (now[name],):
            result += _rendered(now[name], 0)
        else:
            result += raw.whole()
    return result


def _in_order(lines: list[str], after: Config) -> list[str]:
    """The lines with the entries of lists that have no numbers in the order in which they are to decide."""
    result = list(lines)
    for entries in by_list(after).values():
        places = [place for place, line in enumerate(lines) if canonical_line(line) in entries]
        if [canonical_line(lines[place]) for place in places] != entries and len(places) == len(entries):
            for place, entry in zip(places, entries, strict=True):
                result[place] = entry
    return result


# --- a device's own difference ----------------------------------------------------------------------------------------


def _signed(diff: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The lines that come (+) or go (-), each with the headers that it stands below."""
    above: list[tuple[int, str]] = []
    for line in diff.replace("\x03", "^C").splitlines():
        bare = line.strip()
        sign = bare[:1] if bare[:1] in ("+", "-") else ""
        text = bare.removeprefix(sign).strip()
        if not text or text.startswith("!"):
            continue
        above = [(depth, header) for depth, header in above if depth < _indent(line)]
        if sign:
            yield sign, (*(header for _, header in above), text)
        above.append((_indent(line), text))


def _paths(text: str) -> frozenset[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    above: list[tuple[int, str]] = []
    for line in text.replace("\x03", "^C").splitlines():
        bare = line.strip()
        if not bare or bare.startswith("!"):
            continue
        above = [(depth, header) for depth, header in above if depth < _indent(line)]
        found.append((*(header for _, header in above), bare))
        above.append((_indent(line), bare))
    return frozenset(found)


def _blocks(text: str) -> Iterator[tuple[str, ...]]:
    """The banners and the like, whose lines have no indentation that means anything."""
    return (lines for whole, lines in folded(text.replace("\x03", "^C").splitlines()) if "\n" in whole)
