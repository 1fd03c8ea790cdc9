"""`cimnet nix`: the host side, as a flake of NixOS systems or as plain files."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cimnet_nornir.cli.nix_deploy import command as deploy
from cimnet_nornir.cli.options import Options, at_option, common_options, hosts_argument, near, now_only, options_of
from cimnet_nornir.cli.output import bad, count, good, heading, note, odd, print_json, say

if TYPE_CHECKING:
    from cimnet_nornir.bootstrap.nix_settings import NixStyle
    from cimnet_nornir.nix.checking import Checked
    from cimnet_nornir.nix.folder import Written

STDOUT = Path("-")


@click.group("nix", short_help="The host side as Nix: generate it, check it, deploy it.")
@common_options
def command() -> None:
    """Write the host side of the network as a flake, check it, and deploy it.

    \b
    Examples:
      cimnet nix generate
      cimnet nix generate srv1
      cimnet nix check
      cimnet nix deploy --host srv1
    """


command.add_command(deploy)


@command.command("generate", short_help="Write what the hosts should be, from the events.")
@hosts_argument
@click.option(
    "-o",
    "--output",
    "folder",
    type=click.Path(path_type=Path, file_okay=False, allow_dash=True),
    metavar="DIR",
    help="Write here (default: nix/ in the project; networkd/ for that format); - is stdout.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["flake", "networkd"]),
    default="flake",
    help="A flake for NixOS, or files of systemd-networkd and scripts for any Linux.",
)
@click.option(
    "--style",
    type=click.Choice(["networkd", "networking"]),
    help="Options of NixOS that say the networks: systemd.network or networking.* (default: as the project says).",
)
@at_option
@common_options
@click.pass_context
def generate(
    ctx: click.Context,
    hosts: tuple[str, ...],
    folder: Path | None,
    form: str,
    style: "NixStyle | None",
    at: str | None,
) -> None:
    """Write what the hosts should be, from the events: only files that differ, and never one that is yours.

    Files that an earlier run wrote and that are no longer wanted are removed. What you add (disks, boot loader, users)
    goes into site/common.nix and site/HOST.nix, which hosts import where they exist.

    With HOST (or --limit) only what is generated for these hosts: on stdout, as cimnet render does, or with -o into a
    folder, whose other files stay.

    \b
    Examples:
      cimnet nix generate
      cimnet nix generate srv1
      cimnet nix generate -o /etc/nixos/network --at 118
      cimnet nix generate --format networkd
    """
    options = options_of(ctx)
    plain = form == "networkd"
    if plain and style is not None:
        raise click.UsageError("--style is about options of NixOS, and --format networkd writes none", ctx)
    _with_style(options, style)
    position = options.service.position(at)
    chosen = _chosen(options, hosts, position)
    files = _files(options, chosen, position, plain=plain)
    if folder is None:
        folder = STDOUT if chosen else options.settings.project / "networkd" if plain else options.settings.nix_folder
    if folder == STDOUT:
        _show(options, files, position)
    else:
        _write(options, folder, files, position, whole=not chosen)


def _chosen(options: Options, hosts: tuple[str, ...], position: int | None) -> tuple[str, ...]:
    """The hosts that arguments and --limit choose; empty where neither says anything, which is all."""
    if not hosts and not options.limit:
        return ()
    names = options.chosen(hosts, at=position, servers=True)
    if hosts:
        # Whoever names a switch is told that it is none.
        return names
    servers = {host.name for host in options.service.hosts(position) if host.is_server}
    found = tuple(name for name in names if name in servers)
    if not found:
        raise click.ClickException("--limit chooses no server: routers and switches have no host side")
    return found


def _with_style(options: Options, style: "NixStyle | None") -> None:
    from cimnet_nornir.bootstrap import with_options

    options.settings = with_options(options.settings, style=style)


def _files(options: Options, chosen: tuple[str, ...], position: int | None, *, plain: bool) -> dict[str, bytes]:
    service = options.service
    if chosen:
        return service.host_files(chosen, position, plain=plain)
    return service.plain_hosts(position) if plain else service.generated_flake(position)


def _show(options: Options, files: dict[str, bytes], position: int | None) -> None:
    texts = {name: content.decode() for name, content in files.items()}
    if options.json:
        print_json("nix-generate", {"at": position, "folder": None, "files": texts})
        return
    if not texts:
        note("nothing stands there, so nothing is generated for it")
    for name, text in texts.items():
        if len(texts) > 1:
            say(heading(f"# ===== {name}"))
        say(text.rstrip("\n"))


def _write(options: Options, folder: Path, files: dict[str, bytes], position: int | None, *, whole: bool) -> None:
    from cimnet_nornir.bootstrap import write_hosts

    written = write_hosts(folder, files, whole=whole)
    if options.json:
        document = {"created": written.created, "changed": written.changed, "removed": written.removed}
        print_json("nix-generate", {"at": position, "folder": str(folder), **document, "unchanged": written.kept})
        return
    for line in _changes(written):
        say(line)
    if "flake.nix" in files:
        _tell_unfixed(options, folder)
    note(f"{count(len(files), 'file')} in {near(folder.absolute())}")
    if "flake.nix" in files and (written.created or written.changed or written.removed):
        note("next: cimnet nix check" + ("" if folder == options.settings.nix_folder else f" {near(folder)}"))


def _tell_unfixed(options: Options, folder: Path) -> None:
    """Say so where each build from a folder may take another nixpkgs."""
    from cimnet_nornir.bootstrap import unfixed_nixpkgs

    if why := unfixed_nixpkgs(options.settings, folder):
        note(f"{why}: each build may take another nixpkgs; fix it: nix flake lock path:{near(folder.absolute())}")


def _changes(written: "Written") -> list[str]:
    marks = ((good("+"), written.created), (odd("~"), written.changed), (bad("-"), written.removed))
    lines = [f"{mark} {name}" for mark, names in marks for name in names]
    return lines or ["nothing to change"]


@command.command("check", short_help="Read and evaluate what was generated, by Nix itself.")
@click.argument("folder", required=False, type=click.Path(path_type=Path, file_okay=False), metavar="[DIR]")
@now_only("it looks at files as they are")
@common_options
@click.pass_context
def check(ctx: click.Context, folder: Path | None) -> int:
    """Read and evaluate what was generated to DIR (default: nix/ in the project), with the Nix of this machine.

    Modules are evaluated by stand-ins for nixpkgs, hosts also by the real one where NIX_PATH has it; nothing is built
    or fetched. Files in site/ are read, and not evaluated. Exits 2 where something is wrong, 1 where there is no Nix.

    \b
    Examples:
      cimnet nix check
      cimnet nix check /etc/nixos/network
    """
    from cimnet_nornir.bootstrap import check_hosts

    options = options_of(ctx)
    place = folder or options.settings.nix_folder
    found = check_hosts(place)
    wrong = [each for each in found if each.problem]
    if options.json:
        print_json("nix-check", {"folder": str(place), "files": {each.file: _document(each) for each in found}})
        return 2 if wrong else 0
    for each in found:
        say(f"{bad('wrong') if each.problem else good('ok   ')} {each.file}: {each.problem or ', '.join(each.done)}")
    if any(each.file == "flake.nix" for each in found):
        _tell_unfixed(options, place)
    note(f"{count(len(found), 'file')}, {len(wrong)} wrong" if wrong else f"{count(len(found), 'file')} in order")
    return 2 if wrong else 0


def _document(checked: "Checked") -> dict[str, object]:
    return {"done": checked.done, "problem": checked.problem or None}
