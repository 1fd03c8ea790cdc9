"""What a device makes of typed lines, on the tree: the proof that a remediation does what it says.

It knows what the rules know (what replaces, what adds, what takes back) and refuses what a device refuses.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from cimnet_nornir.errors import ConfigurationError
from cimnet_nornir.ios.aaa import NEW_MODEL, switched_off
from cimnet_nornir.ios.addresses import addresses, overlap
from cimnet_nornir.ios.blocks import fold_blocks
from cimnet_nornir.ios.branches import Branch, branch_of, node_of, resequence, type_entry
from cimnet_nornir.ios.canonical import canonical_line
from cimnet_nornir.ios.line_ranges import Range, one_by_one, range_of
from cimnet_nornir.ios.normalise import ALL_VLANS, allowed_after, allowed_line, normalise, split_line
from cimnet_nornir.ios.options import typed_over, without
from cimnet_nornir.ios.profiles import Profile, interface_kind
from cimnet_nornir.ios.rules.model import OPAQUE, TOP, UNKNOWN, How, Rule, compiled
from cimnet_nornir.ios.rules.table import identity_of, opened_by, rule_for, undo_of
from cimnet_nornir.ios.spelling import spelled
from cimnet_nornir.ios.tree import Config, Node
from cimnet_nornir.ios.users import canonical_user, merged_user, two_secrets
from cimnet_nornir.ios.vlan_lists import type_alike, type_list


def apply_lines(config: Config, lines: Iterable[str], profile: Profile) -> Config:
    """The normalised configuration after the lines were typed in configuration mode.

    Raises ConfigurationError for a line that a device refuses: a port removed, an entry typed twice.
    """
    typed = list(fold_blocks("\n".join(lines).split("\n")))
    session = _Session(config, profile)
    for index, line in enumerate(typed):
        following = typed[index + 1] if index + 1 < len(typed) else ""
        session.type(line, opens=_indent(following) > _indent(line))
    return normalise(Config(tuple(node_of(child) for child in session.root.children)), profile)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


@dataclass(frozen=True, slots=True)
class _Mode:
    """A section that typed lines go to, its kind, and how far its header stood in."""

    branch: Branch
    kind: str
    indent: int = 0
    # The rest of a range of terminals, each of which takes what is typed.
    others: tuple[Branch, ...] = ()


class _Session:
    """A configuration session: the tree, and the modes that were entered one in another."""

    def __init__(self, config: Config, profile: Profile) -> None:
        self.root = branch_of(Node("", tuple(one_by_one(config.nodes))))
        self.profile = profile
        self.modes = [_Mode(self.root, TOP)]

    def type(self, line: str, *, opens: bool) -> None:
        """One line, as typed; `opens` says that the next one stands in from it."""
        text, indent = spelled(canonical_line(line.strip()), self.profile), _indent(line)
        if text in ("exit", "exit-address-family"):
            del self.modes[max(1, len(self.modes) - 1) :]
            return
        while self.modes[-1].kind == OPAQUE and indent <= self.modes[-1].indent:
            self.modes.pop()  # below an unknown header stands only what stands in from it
        if not text or text.startswith(("!", "end")):
            return
        negated = text.startswith("no ")
        stands_for = [f"no {each}" if negated else each for each in split_line(text.removeprefix("no "))]
        if len(stands_for) > 1:
            self._leave_for(stands_for[0])
            mode = self.modes[-1]
            if not mode.others and (
                type_list(mode.branch, mode.kind, text) or type_alike(mode.branch, mode.kind, stands_for)
            ):
                return
        for each in stands_for:
            self._command(each, indent if opens else None)

    def _leave_for(self, text: str) -> None:
        """Leave the modes that do not take the line, where one outside does."""
        depth = next((d for d in range(len(self.modes), 0, -1) if _knows(self.modes[d - 1], text)), len(self.modes))
        del self.modes[depth:]

    def _command(self, text: str, opens_at: int | None) -> None:
        self._leave_for(text)
        branch, kind = self.modes[-1].branch, self.modes[-1].kind
        if kind == TOP and text.startswith("ip access-list resequence "):
            resequence(branch, text, numbers_remarks=self.profile.numbers_remarks)
        elif kind == "acl":
            type_entry(branch, text, numbers_remarks=self.profile.numbers_remarks)
        elif range_of(text.removeprefix("no ")) is not None and kind == TOP:
            self._terminals(text)
        elif kind == TOP and text == f"no {NEW_MODEL}":
            self._switch_aaa_off()
        else:
            for each in (branch, *self.modes[-1].others):
                if not (_allowed(each, text) or type_list(each, kind, text) or _refused_or_removed(each, kind, text)):
                    self._enter(_upsert(each, kind, text), opens_at)
        if kind in ("interface", "vlan"):
            _CHECKS[kind](self.root, branch, text)

    def _terminals(self, text: str) -> None:
        """Lines of a range, made where they are not there; `no` takes them, and all above them."""
        typed = range_of(text.removeprefix("no "))
        there = {found: child for child in self.root.children if (found := range_of(child.text)) is not None}
        if typed is not None and text.startswith("no "):
            gone = [there[found].text for found in there if found.kind == typed.kind and found.first >= typed.first]
            self.root.children = [child for child in self.root.children if child.text not in gone]
        elif typed is not None:
            singles = [Range(typed.kind, number, number) for number in range(typed.first, typed.last + 1)]
            branches = [there.get(single) or Branch(single.header) for single in singles]
            self.root.children += [
                branch for single, branch in zip(singles, branches, strict=True) if single not in there
            ]
            self.modes.append(_Mode(branches[0], opened_by(TOP, branches[0].text), others=tuple(branches[1:])))

    def _switch_aaa_off(self) -> None:
        self.root.children = [branch_of(node) for node in switched_off(node_of(self.root).children)]
        _upsert(self.root, TOP, f"no {NEW_MODEL}")

    def _enter(self, branch: Branch, opens_at: int | None) -> None:
        kind = self.modes[-1].kind
        if rule_for(kind, branch.text).opens or opens_at is not None:
            self.modes.append(_Mode(branch, opened_by(kind, branch.text), opens_at or 0))


def _knows(mode: _Mode, text: str) -> bool:
    """Whether a mode takes a line; one that no mode takes goes to the innermost."""
    kind = mode.kind
    if kind == OPAQUE or text.startswith("ip access-list resequence "):
        return kind in (OPAQUE, TOP)
    positive = text.removeprefix("no ")
    if kind == "acl":
        return positive.lstrip("0123456789 ").startswith(("permit ", "deny ", "remark ", "evaluate ", "dynamic "))
    if kind in ("router bgp", "bgp family") and positive.startswith("neighbor "):
        return True
    if kind == "ip sla" and rule_for(TOP, positive).opens:
        return False  # whatever else is typed there is a setting of the probe
    if kind == "interface" and compiled(r"no (?:standby|vrrp) \d+").fullmatch(text):
        return True
    known = rule_for(kind, text) is not UNKNOWN or rule_for(kind, positive) is not UNKNOWN
    return known or allowed_after(text, ALL_VLANS) is not None or _undone(mode.branch, kind, text) is not None


def _undone(branch: Branch, kind: str, text: str) -> Branch | None:
    return next((c for c in branch.children if undo_of(kind, c.text) == text), None)


def _allowed(branch: Branch, text: str) -> bool:
    """Whether the line was about the VLANs of a trunk, and then is done."""
    if "switchport trunk allowed vlan" not in text:
        return False
    present = next((c for c in branch.children if c.text.startswith("switchport trunk allowed vlan ")), None)
    before = allowed_after(present.text, ALL_VLANS) if present else ALL_VLANS
    after = allowed_after(text, ALL_VLANS if before is None else before)
    if after is None:
        return False
    if present is not None:
        branch.children.remove(present)
    if after != ALL_VLANS:
        branch.children.append(Branch(allowed_line(after)))
    return True


def _refused_or_removed(branch: Branch, kind: str, text: str) -> bool:
    """Whether the line took something back, and then is done; raises for what a device refuses."""
    if text.startswith("no interface ") and interface_kind(text.removeprefix("no interface ")) == "physical":
        raise ConfigurationError(f"{text}: a physical interface cannot be removed", subject=text)
    gone_whole = kind in ("router bgp", "bgp family") and _neighbor(branch, text)
    if gone_whole or (kind == "interface" and _group(branch, text)):
        return True
    rule = rule_for(kind, text)
    present = _same(branch, kind, rule.identity(text))
    if present is not None and rule.feature == "bgp neighbor shutdown" and text.startswith("no "):
        branch.children.remove(present)
        return True
    if present is not None and not (present.children and rule is UNKNOWN):
        return False  # the other value of a setting, even where it begins with `no`
    if text.startswith("no ") and _options_taken_back(branch, kind, text.removeprefix("no ")):
        return True
    gone = _undone(branch, kind, text)
    if gone is None and text.startswith("no ") and rule is UNKNOWN:
        gone = next((c for c in branch.children if f"{c.text} ".startswith(f"{text.removeprefix('no ')} ")), None)
    if gone is None:
        return False
    branch.children.remove(gone)
    _clear(branch, rule_for(kind, gone.text), gone.text)
    return True


def _check_name(root: Branch, vlan: Branch, text: str) -> None:
    """Raise for a name that another VLAN has."""
    for other in root.children:
        named = text.startswith("name ") and other is not vlan and other.text.startswith("vlan ")
        if named and any(child.text == text for child in other.children):
            raise ConfigurationError(f"{vlan.text} and {other.text} have an identical {text}", subject=vlan.text)


def _check_addresses(root: Branch, interface: Branch, text: str) -> None:
    """Raise for what a device refuses: an overlap with another interface, secondary addresses alone."""
    if not text.removeprefix("no ").startswith(("ip address ", "ipv6 address ")):
        return
    config = Config(tuple(node_of(child) for child in root.children if child.text.startswith("interface ")))
    every = tuple(addresses(config))
    mine = [address for address in every if address.header == interface.text]
    clash = next(((a, b) for a in mine for b in every if overlap(a, b)), None)
    if clash is not None:
        raise ConfigurationError(f"{clash[0].line} overlaps with {clash[1].header}", subject=interface.text)
    if any(address.line.endswith(" secondary") for address in mine) and not any(
        address.line.startswith("ip ") and not address.line.endswith(" secondary") for address in mine
    ):
        raise ConfigurationError(f"{interface.text}: secondary addresses without a primary one", subject=interface.text)


_CHECKS: Mapping[str, Callable[[Branch, Branch, str], None]] = {"interface": _check_addresses, "vlan": _check_name}


def _neighbor(branch: Branch, text: str) -> bool:
    """`no neighbor X` takes every line of the neighbour, in the address families too, and the members of a group."""
    match = compiled(r"no neighbor (?P<name>\S+)(?: peer-group| remote-as \S+)?").fullmatch(text)
    if match is None:
        return False
    member = compiled(rf"neighbor (\S+) peer-group {re.escape(match['name'])}")
    members = [found[1] for line in branch.children if (found := member.fullmatch(line.text))]
    beginnings = tuple(f"neighbor {name} " for name in (match["name"], *members))
    inside = (section for section in branch.children if " vrf " not in section.text)
    for section in (branch, *inside):
        section.children = [c for c in section.children if not c.text.removeprefix("no ").startswith(beginnings)]
    return True


def _group(branch: Branch, text: str) -> bool:
    """`no standby 10` takes every line of the group."""
    match = compiled(r"no (?P<group>(?:standby|vrrp) \d+)").fullmatch(text)
    if match is None:
        return False
    beginning = f"{match['group']} "
    branch.children = [c for c in branch.children if not c.text.removeprefix("no ").startswith(beginning)]
    return True


def _same(branch: Branch, kind: str, identity: tuple[str, ...]) -> Branch | None:
    return next((c for c in branch.children if identity_of(kind, c.text) == identity), None)


def _upsert(branch: Branch, kind: str, text: str) -> Branch:
    rule = rule_for(kind, text)
    present = _same(branch, kind, rule.identity(text))
    if rule.how is How.USER and not (present and two_secrets(present.text, text)):
        text = merged_user(present.text, text) if present is not None else canonical_user(text)
    if present is None:
        present = Branch(text)
        branch.children.append(present)
        _clear(branch, rule, text)
    elif present.text != text:
        if rule.goes_first(present.text, text) or two_secrets(present.text, text):
            raise ConfigurationError(f"{text}: the device keeps {present.text!r} until it is taken back", subject=text)
        present.text = typed_over(rule, present.text, text)
        _clear(branch, rule, text)
    return present


def _options_taken_back(branch: Branch, kind: str, text: str) -> bool:
    """Whether a `no` named options of a line, which keeps the others."""
    rule = rule_for(kind, text)
    present = _same(branch, kind, rule.identity(text)) if rule.options else None
    left = without(rule, present.text, text) if present is not None else None
    if present is None or left is None:
        return False
    present.text = left
    return True


def _clear(branch: Branch, rule: Rule, text: str) -> None:
    if rule.clears:
        branch.children = [c for c in branch.children if not rule.drops(text, c.text)]
