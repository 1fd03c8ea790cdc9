"""`cimnet graph`: the network as a graph, drawn or written for other programs, and questions about it."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from cimnet_nornir.cli.graph_questions import QUESTIONS
from cimnet_nornir.cli.options import Options, at_option, common_options, near, options_of
from cimnet_nornir.cli.output import note, print_json, say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cimnet_nornir.application.operations.graphs import GraphViewName

    GraphFormat = Literal["mermaid", "json", "graphml", "dot", "svg"]


@click.group(
    "graph",
    invoke_without_command=True,
    short_help="The network as a graph: drawn, for other programs, and questions about it.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["mermaid", "json", "graphml", "dot", "svg"]),
    default="mermaid",
    show_default=True,
    help="How it is written; svg is drawn by Graphviz.",
)
@click.option(
    "--view",
    type=click.Choice(["topology", "vlans", "hosts"]),
    help="What is shown (default: the topology; all of it in JSON and GraphML).",
)
@click.option("--vlan", type=int, metavar="ID", help="Only what has this VLAN, carries it or is in it.")
@click.option("--site", metavar="SITE", help="Only what is at this site.")
@click.option("--around", metavar="NAME", help="Only what is near a host, container, VLAN or subnet.")
@click.option("--depth", type=click.IntRange(min=0), default=1, show_default=True, help="How many links away is near.")
@click.option(
    "--status", is_flag=True, help="With what was observed: the state of devices (mermaid, json), cables (json)."
)
@click.option("--fold", type=click.IntRange(min=0), metavar="N", help="Fold what is more than N boxes (mermaid) [150].")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Write it here.")
@at_option
@common_options
@click.pass_context
def command(
    ctx: click.Context,
    form: "GraphFormat",
    view: "GraphViewName | None",
    vlan: int | None,
    site: str | None,
    around: str | None,
    depth: int,
    status: bool,
    fold: int | None,
    output: Path | None,
    at: str | None,
) -> None:
    """Show the network as a graph: devices and cables, VLANs and subnets, containers and machines; now or as it was.

    With the name of a question it is answered: what hangs on a device, where one thing is all that holds others, how
    far a VLAN reaches. Ways from one thing to another: cimnet path A B.

    \b
    Examples:
      cimnet graph
      cimnet graph --format svg -o campus.svg
      cimnet graph --view vlans --vlan 100
      cimnet graph --around acc4 --depth 2 --format dot
      cimnet graph --json --at 2026-11-23
      cimnet graph impact dist1
      cimnet graph weak-points
    """
    if ctx.invoked_subcommand is not None:
        _refuse_own_options(ctx)
        return
    if around is None and _given(ctx, ("depth",)):
        raise click.UsageError("--depth says how far from --around NAME; give both", ctx)
    options = options_of(ctx)
    position = options.service.position(at)
    graph = options.service.selected_graph(
        position, vlan=vlan, site=site, around=around, depth=depth, only=options.limited(position)
    )
    if options.json or form == "json":
        document = options.service.graph_document(graph, view=view)
        _give_json(_observed(options, document, position) if status else document, output)
        return
    statuses = _health(options, position) if status else {}
    text = options.service.graph_text(graph, form, view=view, vlan=vlan, statuses=statuses, fold=fold)
    _give(text, output)


for _name, _question in QUESTIONS.items():
    command.add_command(_question, _name)


def _refuse_own_options(ctx: click.Context) -> None:
    """Options of the picture before the name of a question would be passed over."""
    if _given(ctx, ("form", "view", "vlan", "site", "around", "depth", "status", "fold", "output", "at")):
        raise click.UsageError(f"options of a question stand after its name: {ctx.invoked_subcommand} …", ctx)


def _given(ctx: click.Context, names: tuple[str, ...]) -> list[str]:
    """Which of these options were written."""
    from click.core import ParameterSource

    return [name for name in names if ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE]


def _health(options: Options, position: int | None) -> "Mapping[str, str]":
    from cimnet_nornir.application.device_status import device_statuses

    return {device: status.health for device, status in device_statuses(options.service, position).items()}


def _observed(options: Options, document: dict[str, Any], position: int | None) -> dict[str, Any]:
    from cimnet_nornir.application.graph_overlay import observed_graph

    return observed_graph(options.service, document, position)


def _give_json(document: dict[str, Any], output: Path | None) -> None:
    if output is None:
        print_json("graph", document)
        return
    import json

    _write(json.dumps({"format": "cimnet.graph/1", **document}, indent=2, ensure_ascii=False) + "\n", output)


def _give(text: str, output: Path | None) -> None:
    if output is None:
        say(text.removesuffix("\n"))
    else:
        _write(text, output)


def _write(text: str, output: Path) -> None:
    from cimnet_nornir.errors import InvalidInput

    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InvalidInput(f"{output} cannot be written: {error.strerror}", subject=str(output)) from error
    note(f"written: {near(output.absolute())}")
