"""`cimnet trace ID`: one chain of causes."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from cimnet_nornir.cli.history_command import event_json
from cimnet_nornir.cli.options import common_options, options_of
from cimnet_nornir.cli.output import bad, faint, good, heading, odd, print_json, say

if TYPE_CHECKING:
    from cimnet_nornir.application.history import Node
    from cimnet_nornir.domain.envelope import StoredEvent


@click.command("trace", short_help="Follow one chain of causes.")
@click.argument("identity", metavar="ID")
@common_options
@click.pass_context
def command(ctx: click.Context, identity: str) -> None:
    """Show the chain that an event belongs to: the request, what it made, and what became of it on each device.

    ID is an event's number, its id or the beginning of it; a deployment's id is that of its request.

    \b
    Examples:
      cimnet trace 3f2a9c1d
      cimnet trace 118 --json
    """
    from cimnet_nornir.application.history import trace

    options = options_of(ctx)
    found = trace(options.service.store, identity)
    if options.json:
        content = {
            "chain": _node_json(found.root),
            "carries": [event_json(stored) for stored in found.carries],
            "carried_by": [event_json(stored) for stored in found.carried_by],
        }
        print_json("trace", content)
        return
    for line in _tree(found.root):
        say(line)
    for title, events in (
        ("carries what was asked for in", found.carries),
        ("was carried to devices by", found.carried_by),
    ):
        if events:
            say(heading(title))
        for stored in events:
            say(f"  {_words(stored)}")


def _words(stored: "StoredEvent") -> str:
    from cimnet_nornir.application.describe import describe, subject_of

    color = good if "Applied" in stored.type else bad if "Failed" in stored.type else str
    reason = odd(f"  [{stored.reason}]") if stored.reason and stored.caused_itself else ""
    who = f"{stored.actor}, {stored.recorded_at.astimezone():%Y-%m-%d %H:%M:%S}: " if stored.caused_itself else ""
    text = f"{who}{subject_of(stored.aggregate_id)}: {color(describe(stored.event))}{reason}"
    return f"{text}  {faint(f'#{stored.position} {str(stored.event_id)[:8]}')}"


def _tree(node: "Node", margin: str = "", branch: str = "") -> Iterator[str]:
    yield f"{margin}{branch}{_words(node.event)}"
    inner = margin + {"": "", "├─ ": "│  ", "└─ ": "   "}[branch]
    for child in node.caused:
        yield from _tree(child, inner, "└─ " if child is node.caused[-1] else "├─ ")


def _node_json(node: "Node") -> dict[str, Any]:
    return {**event_json(node.event), "caused": [_node_json(child) for child in node.caused]}
