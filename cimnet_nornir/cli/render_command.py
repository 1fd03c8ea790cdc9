"""`cimnet render [HOST...]`: the intended configuration."""

from pathlib import Path

import click

from cimnet_nornir.cli.options import Options, at_option, common_options, folder_option, hosts_argument, options_of
from cimnet_nornir.cli.output import count, heading, note, print_json, say


@click.command("render", short_help="Show the intended configuration of devices.")
@hosts_argument
@folder_option("Write a file HOST.cfg each.")
@click.option("--definition", is_flag=True, help="Show the intent of the whole network as a definition file instead.")
@at_option
@common_options
@click.pass_context
def command(ctx: click.Context, hosts: tuple[str, ...], folder: Path | None, definition: bool, at: str | None) -> None:
    """Show what each device should run, rendered from the events.

    --definition shows a file of which cimnet declare would record nothing: to go on from after cimnet import.

    \b
    Examples:
      cimnet render acc1
      cimnet render -o build/
      cimnet render dist1 --at 12
      cimnet render --definition > inventory/network.yaml
    """
    options = options_of(ctx)
    position = options.service.position(at)
    if definition:
        _show_definition(options, position, alone=not (hosts or folder or options.limit))
        return
    texts = options.service.render(options.chosen(hosts, at=position), position)
    servers = {host.name for host in options.service.hosts(position) if host.is_server}
    if options.json:
        print_json("render", {"at": position, "templates": options.service.engine.templates, "configurations": texts})
    elif folder is not None:
        _write(folder, {f"{name}.{'nix' if name in servers else 'cfg'}": text for name, text in texts.items()})
    elif len(texts) == 1:
        say("".join(texts.values()).rstrip("\n"))
    else:
        for name, text in texts.items():
            say(heading(f"{'#' if name in servers else '!'} ===== {name}"))
            say(text.rstrip("\n"))


def _show_definition(options: Options, position: int | None, *, alone: bool) -> None:
    """The intent as a definition file; its links and VLANs are of all devices, so it is never that of some."""
    from cimnet_nornir.application.declaring import definition_text

    if not alone:
        raise click.UsageError("--definition is that of the whole network: leave out HOST, --limit and -o")
    text = definition_text(options.service, position)
    if options.json:
        print_json("definition", {"at": position, "definition": text})
    else:
        say(text.rstrip("\n"))


def _write(folder: Path, texts: dict[str, str]) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"{error.filename}: {error.strerror}") from error
    note(f"{count(len(texts), 'configuration')} written to {folder}")
