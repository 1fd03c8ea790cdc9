"""`cimnet init DIR`: a new project."""

from pathlib import Path

import click

from cimnet_nornir.cli.options import common_options, now_only, options_of
from cimnet_nornir.cli.output import note, print_json, say


@click.command("init", short_help="Make a new project.")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option("--network", metavar="NAME", help="The network's name (default: campus, that of the example).")
@now_only("it makes a new project")
@common_options
@click.pass_context
def command(ctx: click.Context, folder: Path, network: str | None) -> None:
    """Make a new project in DIR: a Nornir project with an example network, runbooks and templates.

    \b
    Examples:
      cimnet init campus
      cimnet init . --network branch
    """
    from cimnet_nornir.application.project import create_project

    written = create_project(folder, network=network)
    if options_of(ctx).json:
        print_json("init", {"project": str(folder), "files": [str(path) for path in written]})
        return
    for path in written:
        say(str(path))
    note(f"next: cd {folder} && cimnet declare inventory/network.yaml && cimnet lab up && cimnet plan")
