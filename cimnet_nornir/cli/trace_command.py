"""`cimnet trace ID`: one chain of causes."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from cimnet_nornir.cli import completing
from cimnet_nornir.cli.options import Options, at_option, common_options, options_of
from cimnet_nornir.cli.output import bad, count, faint, good, heading, odd, one_line, print_json, say

if TYPE_CHECKING:
    from cimnet_nornir.application.history import Carrier, Node, Trace
    from cimnet_nornir.domain.envelope import StoredEvent

# Of a request with hundreds of events a person wants to see the beginning; --all shows the rest.
_MOST = 20


@click.command("trace", short_help="Follow one chain of causes.")
@click.argument("identity", metavar="ID", shell_complete=completing.chains)
@click.option("--all", "everything", is_flag=True, help="Show every event of the chain.")
@click.option("--mermaid", is_flag=True, help="Print the chain as a flowchart (Mermaid) instead.")
@click.option("--sequence", is_flag=True, help="Print the deployment as a sequence diagram (Mermaid) instead.")
@at_option
@common_options
@click.pass_context
def command(ctx: click.Context, identity: str, everything: bool, mermaid: bool, sequence: bool, at: str | None) -> None:
    """Show the chain that an event belongs to: the request, what it made, and what became of it on each device.

    ID is an event's number, its id or the beginning of it; a deployment's id is that of its request.

    \b
    Examples:
      cimnet trace 3f2a9c1d
      cimnet trace 118 --json
      cimnet trace 118 --mermaid
      cimnet trace 3f2a9c1d --sequence
    """
    from cimnet_nornir.application.history import trace

    options = options_of(ctx)
    found = trace(options.service.store, identity, until=options.service.position(at))
    if mermaid or sequence:
        say(_diagram(options, found, at, sequence=sequence).rstrip())
        return
    if options.json:
        from cimnet_nornir.reports.events import trace_json

        print_json("trace", trace_json(found))
        return
    for line in _tree(found.root, _shown(found, everything=everything), None if everything else _MOST):
        say(line)
    _show_undone(found, everything=everything)
    if found.carries:
        say(heading("brings to devices what was asked for in"))
        for stored in found.carries:
            say(f"  {_words(stored)}")
    if found.carried_by:
        say(heading("was brought to devices by"))
        for carrier in found.carried_by if everything else found.carried_by[:_MOST]:
            say(f"  {_carrier(carrier)}")


def _diagram(options: Options, found: "Trace", at: str | None, *, sequence: bool) -> str:
    """The chain as Mermaid text, or the deployment that it is the chain of."""
    from cimnet_nornir.application.diagrams import cause_chain, deployment_diagram

    if not sequence:
        return cause_chain(found)
    service = options.service
    position = service.position(at)
    names = {host.device: host.name for host in service.hosts(position)}
    return deployment_diagram(service.store, found.focus.correlation_id, names=names, until=position)


def _show_undone(found: "Trace", *, everything: bool) -> None:
    if found.undoes:
        say(heading("takes back"))
        for stored in found.undoes if everything else found.undoes[:_MOST]:
            say(f"  {_words(stored)}")
        if len(found.undoes) > _MOST and not everything:
            say(faint(f"  … {count(len(found.undoes) - _MOST, 'event')} more: --all"))
    if found.undone_by:
        say(heading("was taken back by"))
        for stored in found.undone_by:
            say(f"  {_words(stored)}")


def _shown(found: "Trace", *, everything: bool) -> "set[str] | None":
    """The events to show: those the asked one comes from and those it caused; None for all."""
    if everything or found.focus.caused_itself:
        return None
    shown: set[str] = set()
    _keep(found.root, str(found.focus.event_id), shown, inside=False)
    return shown


def _keep(node: "Node", focus: str, shown: set[str], *, inside: bool) -> bool:
    identity = str(node.event.event_id)
    inside = inside or identity == focus
    below = [_keep(child, focus, shown, inside=inside) for child in node.caused]
    if inside or any(below):
        shown.add(identity)
    return inside or any(below)


def _tree(
    node: "Node", shown: "set[str] | None", most: int | None, margin: str = "", branch: str = ""
) -> Iterator[str]:
    yield f"{margin}{branch}{_words(node.event)}"
    inner = margin + {"": "", "├─ ": "│  ", "└─ ": "   "}[branch]
    below = _below(node, shown, most)
    left = len(node.caused) - sum(child is not None for child in below)
    for child in below:
        mark = "└─ " if child is below[-1] else "├─ "
        if child is None:
            more = faint(f"… {count(left, 'event')} more: --all")
            yield f"{inner}{mark}{more}"
        else:
            yield from _tree(child, shown, most, inner, mark)


def _below(node: "Node", shown: "set[str] | None", most: int | None) -> "list[Node | None]":
    """What a node caused, as far as it is shown; None stands for what is left out.

    Of much the beginning, and what the node's own stream went on with: what was decided of a deployment, how it ended.
    """
    if shown is not None:
        first = [child for child in node.caused if str(child.event.event_id) in shown]
    else:
        first = node.caused[:most]
    rest = node.caused[len(first) :] if shown is None else []
    own = [child for child in rest if child.event.aggregate_id == node.event.aggregate_id]
    left_out = len(node.caused) > len(first) + len(own)
    return [*first, *([None] if left_out else []), *own]


def _words(stored: "StoredEvent") -> str:
    from cimnet_nornir.application.describe import describe, subject_of

    color = good if "Applied" in stored.type else bad if "Failed" in stored.type else str
    reason = odd(f"  [{one_line(stored.reason)}]") if stored.reason and stored.caused_itself else ""
    who = f"{stored.actor}, {stored.recorded_at.astimezone():%Y-%m-%d %H:%M:%S}: " if stored.caused_itself else ""
    text = f"{who}{subject_of(stored.aggregate_id)}: {color(describe(stored.event))}{reason}"
    return f"{text}  {faint(f'#{stored.position} {str(stored.event_id)[:8]}')}"


def _carrier(carrier: "Carrier") -> str:
    request = carrier.request
    reason = odd(f"  [{one_line(request.reason)}]") if request.reason else ""
    who = f"{request.actor}, {request.recorded_at.astimezone():%Y-%m-%d %H:%M:%S}"
    became = _words(carrier.result) if carrier.result else bad("in doubt: cimnet recover")
    return f"deployment {str(request.event_id)[:8]} ({who}){reason}: {became}"
