"""A chain of causes as a flowchart: the request, what it made, and what became of it on devices."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from cimnet_nornir.application.describe import describe, subject_of
from cimnet_nornir.application.history import Carrier, Node, Trace
from cimnet_nornir.domain.envelope import StoredEvent
from cimnet_nornir.projections.mermaid.flowchart import Box, Chart, Line, first_that_fits
from cimnet_nornir.projections.mermaid.styles import STYLES

# So many events of one type, with one cause, have boxes of their own; fewer where that is too much.
_MOST = (50, 12, 5, 2, 1, 0)
# Boxes below one another, which stand for more words than a device's name.
_READABLE = 40
# Events are told in sentences: wide boxes (pixels) have fewer lines.
_WIDTH = 400
# So many characters tell an id from others, as the commands show it.
_ID = 8


def cause_chain(found: Trace, *, fold: int | None = None) -> str:
    """A chain of causes, from its request down; what was asked about stands out.

    Dotted arrows lead to the deployments that brought its intent to devices, and to what takes it back. Of events alike
    with one cause only the first have boxes where there would be more than `fold` (40).
    """
    charts = (_Chain(found, most).chart() for most in _MOST)
    return first_that_fits(charts, most=_READABLE if fold is None else fold)


@dataclass(slots=True)
class _Chain:
    """One chart in the making, with at most so many boxes for events alike."""

    found: Trace
    most: int
    boxes: dict[str, Box] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    left_out: int = 0

    def chart(self) -> Chart:
        focus = self.found.focus
        kept = frozenset(_way_to(self.found.root, focus.event_id))
        self.add(self.event(self.found.root.event))
        self.below(self.found.root, kept, inside=focus.caused_itself)
        self.related()
        shows = f"{self.left_out:,} events left out; cimnet trace ID --all lists them" if self.left_out else ""
        about = f"Chain of causes of event {focus.position}"
        return Chart(about, tuple(self.boxes.values()), tuple(self.lines), shows, width=_WIDTH, styles=STYLES)

    def add(self, box: Box, cause: str = "", text: str = "", stroke: str = "arrow") -> None:
        self.boxes.setdefault(box.key, box)
        if cause:
            self.lines.append(Line(cause, box.key, text, stroke))

    def event(self, stored: StoredEvent) -> Box:
        """An event in words; of a request also who asked for it, when and why."""
        style = "focus" if stored.event_id == self.found.focus.event_id else ""
        lines = (describe(stored.event), f"{subject_of(stored.aggregate_id)}, event {stored.position}")
        if stored.caused_itself:
            return Box(str(stored.event_id), (*lines, _who(stored), stored.reason or ""), "request", style)
        return Box(str(stored.event_id), lines, "event", style)

    def below(self, node: Node, kept: frozenset[UUID], *, inside: bool) -> None:
        """What a node caused; outside of what was asked about only the way to it."""
        cause = str(node.event.event_id)
        left: dict[str, list[Node]] = {}
        shown: dict[str, int] = {}
        for child in node.caused:
            kind = child.event.type
            is_kept = child.event.event_id in kept
            if not is_kept and (not inside or shown.get(kind, 0) >= self.most):
                left.setdefault(kind, []).append(child)
                continue
            shown[kind] = shown.get(kind, 0) + (not is_kept)
            self.add(self.event(child.event), cause)
            self.below(child, kept, inside=inside or child.event.event_id == self.found.focus.event_id)
        for kind, children in left.items():
            self.rest(cause, kind, children)

    def rest(self, cause: str, kind: str, children: Sequence[Node]) -> None:
        """One box for events alike that have none of their own."""
        below = sum(_size(child) for child in children) - len(children)
        self.left_out += len(children) + below
        more = f"and {below:,} that they caused" if below else ""
        self.add(Box(f"{cause} {kind}", (f"… {len(children):,} more {kind}", more), "group"), cause)

    def related(self) -> None:
        """What is bound to the chain without being caused by it, or causing it."""
        focus, root = str(self.found.focus.event_id), str(self.found.root.event.event_id)
        self.others(self.found.carries, root, "brings to devices", "requests")
        self.carriers(self.found.carried_by, focus)
        self.others(self.found.undoes, focus, "takes back", "events")
        self.others(self.found.undone_by, focus, "was taken back by", "requests")

    def others(self, events: Sequence[StoredEvent], cause: str, text: str, things: str) -> None:
        for stored in events[: self.most]:
            self.add(self.event(stored), cause, text, "dotted arrow")
        if (rest := len(events) - self.most) > 0:
            self.left_out += rest
            self.add(Box(f"{cause} {text}", (f"… {rest:,} more {things}",), "group"), cause, text, "dotted arrow")

    def carriers(self, carriers: Sequence[Carrier], cause: str) -> None:
        """The deployments that brought it to devices, each with what came of it."""
        by_request: dict[UUID, list[Carrier]] = {}
        for carrier in carriers:
            by_request.setdefault(carrier.request.event_id, []).append(carrier)
        for number, (identity, group) in enumerate(by_request.items()):
            request = group[0].request
            if number > self.most:
                continue
            text = "was brought to devices by"
            self.add(_deployment(request, identity), cause, text, "dotted arrow")
            for line in self.results(group):
                self.add(line, f"deployment {identity}")
        if (rest := len(by_request) - self.most - 1) > 0:
            self.left_out += rest
            box = Box(f"{cause} deployments", (f"… {rest:,} more deployments",), "group")
            self.add(box, cause, "was brought to devices by", "dotted arrow")

    def results(self, carriers: Sequence[Carrier]) -> Iterator[Box]:
        for carrier in carriers[: self.most]:
            result = carrier.result
            words = describe(result.event) if result else "in doubt: cimnet recover"
            stored = result or carrier.push
            yield Box(f"push {carrier.push.event_id}", (subject_of(stored.aggregate_id), words), "event")
        if (rest := len(carriers) - self.most) > 0:
            self.left_out += rest
            key = f"pushes {carriers[0].request.event_id}"
            yield Box(key, (f"… {rest:,} more devices", _counted(carriers[self.most :])), "group")


def _deployment(request: StoredEvent, identity: UUID) -> Box:
    lines = (f"deployment {str(identity)[:_ID]}", _who(request), request.reason or "")
    return Box(f"deployment {identity}", lines, "request")


def _counted(carriers: Iterable[Carrier]) -> str:
    """What came of pushes, by the type of the event that tells it: "12 SwitchConfigurationApplied"."""
    kinds = [carrier.result.type if carrier.result else "in doubt" for carrier in carriers]
    return ", ".join(f"{kinds.count(kind)} {kind}" for kind in dict.fromkeys(kinds))


def _who(stored: StoredEvent) -> str:
    return f"{stored.actor}, {stored.recorded_at.astimezone():%Y-%m-%d %H:%M}"


def _size(node: Node) -> int:
    return 1 + sum(map(_size, node.caused))


def _way_to(node: Node, identity: UUID) -> tuple[UUID, ...]:
    """The ids of the events from a node down to one."""
    if node.event.event_id == identity:
        return (identity,)
    for child in node.caused:
        if way := _way_to(child, identity):
            return (node.event.event_id, *way)
    return ()
