"""Two sections line by line: what intent brings, what it takes away, and what is not its business."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from cimnet_nornir.domain.interfaces import parse_vlan_list
from cimnet_nornir.ios.acl_changes import acl_commands
from cimnet_nornir.ios.levels import Entry, Level, dropped_lines, is_remade, level, misplaced, owned
from cimnet_nornir.ios.line_ranges import removable
from cimnet_nornir.ios.options import taken_back
from cimnet_nornir.ios.passwords import same_secret
from cimnet_nornir.ios.places import Place, Sides, brings, takes, turn_of
from cimnet_nornir.ios.profiles import Profile, interface_kind
from cimnet_nornir.ios.rules import phases
from cimnet_nornir.ios.rules.model import How, Rule
from cimnet_nornir.ios.steps import Caution, Draft, Finding, Step, Unmodelled
from cimnet_nornir.ios.tree import Node, walk_nodes
from cimnet_nornir.ios.trunks import trunk_commands
from cimnet_nornir.ios.users import user_commands
from cimnet_nornir.ios.vlan_lists import list_commands, list_undos, listed

_TRUNKING = "switchport mode trunk"
# It is there from the factory, like a port, and cannot be removed.
_BUILT_IN = "Vlan1"


def compare(place: Place, sides: Sides) -> Iterator[Finding]:
    """Everything that differs between the running and the intended lines of a section, and all that is below them."""
    have, want = level(place.kind, sides.running), level(place.kind, sides.intended)
    own = level(place.kind, sides.former)
    dropped = dropped_lines(have, want, own)
    moving = misplaced(have, want)
    for identity, entry in want.items():
        present = have.get(identity)
        former = own[identity].node.children if identity in own else ()
        if present is not None and identity in moving:
            yield from _moved(place, present, entry)
        elif present is None or present.node.text in dropped:
            yield from _missing(place, entry, have)
        else:
            yield from _present(place, present, entry, have, former)
    for identity, entry in have.items():
        if identity not in want or entry.node.text in dropped:
            yield from _gone(place, entry, (have, want, own), dropped)


def _gone(
    place: Place, entry: Entry, sides: tuple[Level, Level, Level], dropped: Mapping[str, bool]
) -> Iterator[Finding]:
    """A running line that intent does not have, or that the device drops by itself."""
    have, want, own = sides
    identity = entry.rule.identity(entry.node.text)
    mine = owned(entry, want, own)
    if entry.node.text in dropped:
        if dropped[entry.node.text] and identity not in want and not mine:
            again = Step(place.path, entry.node.text, (*place.was, entry.node.text), adds=False)
            yield Draft(turn_of(place, entry), again)
            yield from _left(place, entry)
    elif mine:
        former = own[identity].node.children if identity in own else ()
        yield from _surplus(place, entry, want, former, newcomer=_newcomer(entry, have, want))
    else:
        yield from _left(place, entry)


def _moved(place: Place, present: Entry, entry: Entry) -> Iterator[Finding]:
    """Out of the list and in again at once, so that the list is never without the rest."""
    when = turn_of(place, entry)
    yield takes(place, present.node.text, entry.rule.undo_of(present.node.text), (*when, 0))
    yield brings(place, entry, entry.node.text, (*when, 1))
    yield from compare(replace(place.inside(entry, (*when, 1)), fresh=True), Sides((), entry.node.children))


def _newcomer(entry: Entry, have: Level, want: Level) -> Entry | None:
    """Another of a kind that does not bear two, which comes in."""
    others = want.items() if entry.rule.makes_room else ()
    new = (other for identity, other in others if other.rule is entry.rule and identity not in have)
    return next((other for other in new if entry.rule.in_the_way(entry.node.text, other.node.text)), None)


def _leaves_at(place: Place, entry: Entry, newcomer: Entry | None) -> tuple[int, ...]:
    """When a line goes, and where it does not bear the one that comes, just before that."""
    if newcomer is None:
        return (*place.order, entry.rule.undo_order)
    if not place.path:
        return (*place.order, entry.rule.order - 1)
    return (*place.order, entry.rule.order, newcomer.index - 1, phases.BEHIND)


def _left(place: Place, entry: Entry) -> Iterator[Finding]:
    if not entry.rule.says_default(entry.node.text):
        yield from (Unmodelled(path) for path in walk_nodes((entry.node,), place.path))


def _missing(place: Place, entry: Entry, have: Level) -> Iterator[Finding]:
    """A line that is not running."""
    rule, node, when = entry.rule, entry.node, turn_of(place, entry)
    if rule.says_default(node.text) and not (place.fresh and node.text.startswith("no ")):
        return
    if rule.how is How.TRUNK:
        yield from _trunk(place, entry, None, have)
        return
    commands = list_commands(node.text, listed(rule, node.text)) if rule.how is How.LIST else (node.text,)
    for number, command in enumerate(commands):
        yield brings(place, entry, command, (*when, number) if number else when)
    inside = replace(place.inside(entry, when), fresh=True)
    yield from compare(inside, Sides(running=(), intended=node.children))
    if rule.how is How.INTERFACE and _comes_shut(place.profile, node):
        yield Draft((*when, 60, 0), Step(inside.path, "no shutdown", inside.path, adds=True))


def _comes_shut(profile: Profile, node: Node) -> bool:
    kind = interface_kind(node.text.removeprefix("interface "))
    return kind in profile.shut_when_new and all(child.text != "shutdown" for child in node.children)


def _present(place: Place, present: Entry, entry: Entry, have: Level, former: tuple[Node, ...]) -> Iterator[Finding]:
    """A line whose setting is running, perhaps with another value, perhaps with other lines below it."""
    if present.node == entry.node:
        return
    rule, when = entry.rule, turn_of(place, entry)
    differs = present.node.text != entry.node.text and not same_secret(
        present.node.text, entry.node.text, place.resolve
    )
    if differs and rule.how in (How.TRUNK, How.USER):
        yield from _trunk(place, entry, present, have) if rule.how is How.TRUNK else _user(place, present, entry)
        return
    if differs and rule.how is How.LIST:
        yield from _listed(place, entry, present)
        return
    first = taken_back(rule, present.node.text, entry.node.text) if differs else ""
    anew = is_remade(present, entry) or (bool(first) and rule.undo_first)
    if first or anew:
        before = (*place.order, min(rule.order, rule.undo_order), entry.index)
        yield from _hazard(rule, present.node.text)
        yield takes(place, present.node.text, first or rule.undo_of(present.node.text), before)
        when = (*when, 0)
    if differs or anew:
        yield brings(place, entry, entry.node.text, when)
    if rule.how is How.ACL:
        yield from _acl(place, present, entry, when)
    elif present.node.children or entry.node.children:
        sides = Sides(() if anew else present.node.children, entry.node.children, former)
        yield from compare(place.inside(entry, when, present), sides)


def _user(place: Place, present: Entry, entry: Entry) -> Iterator[Finding]:
    before = present.node.text
    for number, command in enumerate(user_commands(before, entry.node.text, place.resolve)):
        when = (*turn_of(place, entry), number)
        if command.startswith("no "):
            yield from _hazard(entry.rule, before)
            yield takes(place, before, command, when)
        else:
            yield brings(place, entry, command, when)


def _hazard(rule: Rule, text: str) -> Iterator[Finding]:
    if rule.hazard:
        yield Caution(rule.hazard.format(**rule.groups(text)))


def _trunk(place: Place, entry: Entry, present: Entry | None, have: Level) -> Iterator[Finding]:
    before = None if present is None else _vlans(present)
    forwarding = any(other.node.text == _TRUNKING for other in have.values())
    commands = trunk_commands(before, _vlans(entry), forwarding=forwarding)
    for number, command in enumerate(commands):
        yield brings(place, entry, command, (*turn_of(place, entry), number))


def _listed(place: Place, entry: Entry, present: Entry) -> Iterator[Finding]:
    """A list of VLANs: those that are new, and those that go."""
    rule, old, new = entry.rule, present.node.text, entry.node.text
    before, after = listed(rule, old), listed(rule, new)
    for number, command in enumerate(list_commands(new, after - before)):
        yield brings(place, entry, command, (*turn_of(place, entry), number))
    when = (*place.order, rule.undo_order, entry.index)
    for number, command in enumerate(list_undos(rule, old, before - after)):
        yield takes(place, old, command, (*when, number))


def _vlans(entry: Entry) -> frozenset[int]:
    listed = entry.rule.groups(entry.node.text)["vlans"]
    return frozenset() if listed in (None, "none") else parse_vlan_list(str(listed))


def _acl(place: Place, present: Entry, entry: Entry, when: tuple[int, ...]) -> Iterator[Finding]:
    if present.node.text != entry.node.text:
        name = entry.rule.groups(entry.node.text)["key"]
        yield Caution(f"access list {name}: it is made anew, and for a moment what uses it lets everything through")
        yield from compare(place.inside(entry, when), Sides((), entry.node.children))
        return
    inside = place.inside(entry, when, present)
    commands = acl_commands(present.node, entry.node, numbers_remarks=place.profile.numbers_remarks)
    for number, (command, about, adds) in enumerate(commands):
        if not about:
            yield brings(place, entry, command, (*when, number))
        else:
            explains = (*(inside.path if adds else inside.was), about)
            yield Draft((*when, number), Step(inside.path, command, explains, adds=adds))


def _surplus(
    place: Place, entry: Entry, want: Level, former: tuple[Node, ...], *, newcomer: Entry | None
) -> Iterator[Finding]:
    """A running line that intent owns and does not have."""
    rule, text = entry.rule, entry.node.text
    if rule.how is How.LINES and not removable(text, (other.node.text for other in want.values())):
        inside = place.inside(entry, (*place.order, rule.order, entry.index))
        yield from compare(inside, Sides(entry.node.children, (), former))
        return
    if rule.says_nothing(text) and rule.how is not How.LINES:
        return
    if rule.how is How.KEPT:
        stays = f"{text.rsplit(' ', 1)[0]} stays, since more would go with it"
        yield Caution(": ".join(filter(None, (" / ".join(place.path), rule.hazard or stays))))
        return
    order = _leaves_at(place, entry, newcomer)
    below = list(compare(place.inside(entry, (*order, entry.index)), Sides(entry.node.children, (), former)))
    unknown = [finding for finding in below if isinstance(finding, Unmodelled)]
    if rule.how is How.SHELL:
        yield from below
    elif rule.how is How.INTERFACE and _stays(text):
        yield from _parked(place, entry, want, former)
    elif unknown:
        yield Caution(f"{text} stays, since lines below it are not modelled; the rest of it goes")
        yield from _parked(place, entry, want, former) if rule.how is How.INTERFACE else below
    else:
        command = rule.undo_of(text)
        if command.startswith("no "):
            yield from _hazard(rule, text)
        # What was made later may rest on what was made earlier: the last goes first.
        yield takes(place, text, command, (*order, -entry.index))


def _stays(header: str) -> bool:
    name = header.removeprefix("interface ")
    return interface_kind(name) == "physical" or name == _BUILT_IN


def _parked(place: Place, entry: Entry, want: Level, former: tuple[Node, ...]) -> Iterator[Finding]:
    """An interface that cannot be removed and that intent does not have any more.

    Its lines go one by one, never by `default interface` alone: a defaulted switch port is up, dynamic and in VLAN 1,
    which makes a loop or a hole. It is shut first, so that it is never open half-configured; a port that never had a
    line of intent's kind is left as it is.
    """
    header = entry.node.text
    inside = place.inside(entry, (*place.order, phases.PARK, entry.index))
    lines = tuple(child for child in entry.node.children if child.text != "shutdown")
    below = list(compare(inside, Sides(lines, (), former)))
    yield from below
    carries = any(other.node.text.startswith(f"{header}.") for other in want.values())
    if not any(isinstance(finding, Draft) for finding in below):
        return
    yield Caution(f"{header} is not intended any more: its lines go" + ("" if carries else " and it is shut"))
    if len(lines) == len(entry.node.children) and not carries:
        order = (*inside.order, 1, 0)
        yield Draft(order, Step(inside.path, "shutdown", inside.path, adds=False))
