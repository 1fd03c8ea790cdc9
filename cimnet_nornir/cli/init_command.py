"""`cimnet init DIR`: a new project."""

from pathlib import Path

import click

from cimnet_nornir.cli.options import common_options, now_only, options_of
from cimnet_nornir.cli.output import note, print_json, say


@click.command("init", short_help="Make a new project.")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option("--network", metavar="NAME", help="The network's name (default: campus, that of the example).")
@click.option("--empty", is_flag=True, help="Without the example network: the definition is yours to write.")
@now_only("it makes a new project")
@common_options
@click.pass_context
def command(ctx: click.Context, folder: Path, network: str | None, empty: bool) -> None:
    """Make a new project in DIR: a Nornir project with an example network, runbooks and templates.

    With --empty there is no example in it: for a network to be taken over (cimnet import) or written down.

    \b
    Examples:
      cimnet init campus
      cimnet init . --network branch
      cimnet init takeover --empty --network hq
    """
    from cimnet_nornir.application.project import create_project

    written = create_project(folder, network=network, empty=empty)
    if options_of(ctx).json:
        print_json("init", {"project": str(folder), "files": [str(path) for path in written]})
        return
    for path in written:
        say(str(path))
    if empty:
        note(f"next: cd {folder} && cimnet import FILE|DIR (configurations that devices run)")
        note("      or write inventory/network.yaml, and cimnet declare")
        return
    note(f"next: cd {folder} && cimnet declare inventory/network.yaml && cimnet lab up && cimnet plan")
