"""Events in `cimnet watch`: a line each, in words."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from cimnet_nornir.cli.output import one_line

# Cells for an actor and a subject, by their places; in a narrow terminal who did it is left out.
_ROOM = {2: 8, 3: 19}
_LITTLE_ROOM = {2: 0, 3: 8}
_WIDE = 60
_STYLES = (("ConfigurationFailed", "red"), ("ConfigurationApplied", "green"), ("DriftDetected", "yellow"))

if TYPE_CHECKING:
    from rich.text import Text

    from cimnet_nornir.application.watching import View
    from cimnet_nornir.domain.envelope import StoredEvent


def event_lines(view: "View", width: int, most: int) -> "list[Text]":
    """The last events, the newest at the bottom, under a heading."""
    from rich.text import Text

    from cimnet_nornir.cli.watch_words import cut

    events = view.events[-most:]
    shown = [event_cells(stored, view.names) for stored in events]
    most_of = _ROOM if width >= _WIDE else _LITTLE_ROOM
    actors, subjects = (min(max(len(row[place]) for row in shown), most_of[place]) for place in (2, 3))
    lines = [Text("LAST EVENTS", style="dim")]
    for stored, (_, when, actor, subject, said) in zip(events, shown, strict=True):
        cells = (when[11:], f"{actor:<{actors}.{actors}}", f"{subject:<{subjects}.{subjects}}")
        head = "  ".join(cell for cell in cells if cell)
        lines.append(Text.assemble((head, "dim"), "  ", (said, _style(stored.type))))
    return [cut(line, width) for line in lines]


def _style(name: str) -> str:
    return next((style for end, style in _STYLES if name.endswith(end)), "")


def event_cells(stored: "StoredEvent", names: Mapping[str, str]) -> tuple[str, str, str, str, str]:
    """Number, local time, actor, subject and words of an event, each of which stays in its place."""
    from cimnet_nornir.application.describe import describe, subject_of

    subject = subject_of(stored.aggregate_id)
    reason = f"  [{stored.reason}]" if stored.reason else ""
    when = f"{stored.recorded_at.astimezone():%Y-%m-%d %H:%M:%S}"
    texts = (stored.actor, names.get(subject, subject), describe(stored.event) + reason)
    actor, about, said = (one_line(text) for text in texts)
    return str(stored.position), when, actor, about, said


def event_line(stored: "StoredEvent", names: Mapping[str, str]) -> str:
    """An event as a line of a log that is followed."""
    return "  ".join(event_cells(stored, names))


def event_object(stored: "StoredEvent", names: Mapping[str, str]) -> dict[str, Any]:
    """An event with its envelope, its words and what it is about."""
    from cimnet_nornir.application.describe import describe, subject_of
    from cimnet_nornir.reports.events import event_json

    subject = subject_of(stored.aggregate_id)
    return {**event_json(stored), "subject": names.get(subject, subject), "words": describe(stored.event)}
