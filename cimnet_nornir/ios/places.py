"""Where a comparison stands, and the steps that it gives there, each in its turn."""

from dataclasses import dataclass, replace

from cimnet_nornir.ios.levels import Entry
from cimnet_nornir.ios.profiles import Profile, interface_kind
from cimnet_nornir.ios.references import Resolver
from cimnet_nornir.ios.rules import phases
from cimnet_nornir.ios.rules.model import TOP, How
from cimnet_nornir.ios.rules.table import opened_by
from cimnet_nornir.ios.steps import Draft, Step
from cimnet_nornir.ios.tree import Node, Path

_INTERFACE_PHASE = {"physical": phases.PHYSICAL, "subinterface": phases.SUBINTERFACE}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a comparison stands: the headers above (as intended and as running), the kind of section, its place.

    A `fresh` section is not running yet: the device may bring what it has by default.
    """

    profile: Profile
    path: Path = ()
    was: Path = ()
    kind: str = TOP
    order: tuple[int, ...] = ()
    resolve: Resolver | None = None
    fresh: bool = False

    def inside(self, entry: Entry, order: tuple[int, ...], present: Entry | None = None) -> "Place":
        """The place of the lines below a header; `present` is the running header where it reads otherwise."""
        text = entry.node.text
        was = text if present is None else present.node.text
        kind = opened_by(self.kind, text)
        return replace(self, path=(*self.path, text), was=(*self.was, was), kind=kind, order=order)


@dataclass(frozen=True, slots=True)
class Sides:
    """One section on three sides; `former` is what an earlier intent had there, which makes it intent's own."""

    running: tuple[Node, ...]
    intended: tuple[Node, ...] = ()
    former: tuple[Node, ...] = ()


def brings(place: Place, entry: Entry, command: str, order: tuple[int, ...]) -> Draft:
    """A step that brings an intended line."""
    return Draft(order, Step(place.path, command, (*place.path, entry.node.text), adds=True))


def takes(place: Place, text: str, command: str, order: tuple[int, ...]) -> Draft:
    """A step that takes a running line away."""
    return Draft(order, Step(place.path, command, (*place.was, text), adds=False))


def turn_of(place: Place, entry: Entry) -> tuple[int, ...]:
    """When a line is brought: interfaces by their kind, else as the rule says; what switches off, as if it went."""
    order = entry.rule.order
    if entry.rule.no_is_absent and entry.node.text.startswith("no "):
        order = entry.rule.undo_order
    if entry.rule.how is How.JOINS:
        return (phases.JOINING, *place.order[1:], order, entry.index)
    if entry.rule.how is How.INTERFACE:
        order = _INTERFACE_PHASE.get(interface_kind(entry.node.text.removeprefix("interface ")), phases.LOGICAL)
    return (*place.order, order, entry.index)
