"""How intent that is taken back looks at the terminal and in JSON; shared by rollback and undo."""

from typing import TYPE_CHECKING

from cimnet_nornir.cli.history_command import history_row
from cimnet_nornir.cli.options import Options
from cimnet_nornir.cli.output import bad, count, faint, good, heading, note, print_json, say, table

if TYPE_CHECKING:
    from cimnet_nornir.application.restoration import Restoration

# Of hundreds of events a person wants to see the last ones; --json has all of them.
_MOST = 20


def show_restoration(options: Options, kind: str, found: "Restoration") -> None:
    """What is undone, by which events, and what stays as it is."""
    if options.json:
        _print_json(kind, found)
        return
    if not found.planned:
        say("0 events recorded: the intent is as it was")
    else:
        _show(options, found)
    for line in found.left:
        note(faint(f"stays as it is: {line}"))


def _show(options: Options, found: "Restoration") -> None:
    from cimnet_nornir.application.describe import describe, removes, subject_of

    hosts = {host.device: host.name for host in options.service.hosts()}
    say(heading(f"undone: {count(len(found.undone), 'event')}"))
    left = len(found.undone) - _MOST
    if left > 0:
        say(faint(f"  … {count(left, 'event')} before these: --json"))
    for line in table([history_row(stored, hosts) for stored in found.undone[-_MOST:]]):
        say(f"  {line}")
    say(heading("by" if found.result else "it would take"))
    for stream, event in found.planned:
        mark = bad("-") if removes(event) else good("+")
        subject = subject_of(stream)
        say(f"  {mark} {hosts.get(subject, subject)}: {describe(event)}")
    number = count(len(found.planned), "event")
    said = f"{number} recorded in request {str(found.result.correlation_id)[:8]}" if found.result else None
    say(said or f"{number} would be recorded")


def _print_json(kind: str, found: "Restoration") -> None:
    content = {
        "check": found.result is None,
        "to": found.to,
        "request": str(found.result.correlation_id) if found.result and found.result.correlation_id else None,
        "count": len(found.planned),
        "events": [
            {"stream": stream, "type": event.type_name(), "data": event.model_dump(mode="json")}
            for stream, event in found.planned
        ],
        "undone": [
            {"event": str(stored.event_id), "position": stored.position, "type": stored.type} for stored in found.undone
        ],
        "left": list(found.left),
    }
    print_json(kind, content)
