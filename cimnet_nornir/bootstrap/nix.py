"""The host side on disk: what a project adds to its hosts' flake, the folder it is generated to, and looking at it."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from cimnet_nornir.application.host_site import LOCK, HostSite
from cimnet_nornir.bootstrap.settings import Settings
from cimnet_nornir.errors import SettingsError

if TYPE_CHECKING:
    from cimnet_nornir.nix import NixGenerator
    from cimnet_nornir.nix.checking import Checked
    from cimnet_nornir.nix.folder import Written


def nix_generator(settings: Settings) -> "NixGenerator":
    """The generator for hosts as a project wants it."""
    from cimnet_nornir.nix import NixGenerator
    from cimnet_nornir.nix.flake import DEFAULT_NIXPKGS

    said = settings.nix
    return NixGenerator(said.style, nixpkgs=said.nixpkgs or DEFAULT_NIXPKGS)


def host_site(settings: Settings, folder: Path | None = None) -> HostSite:
    """What a project adds to its hosts' flake: what is in `nix/site/`, and which nixpkgs was chosen.

    `folder` is another one than `nix/`. Raises SettingsError where a file cannot be read.
    """
    from cimnet_nornir.nix.flake import DEFAULT_NIXPKGS
    from cimnet_nornir.nix.folder import SITE

    folder = folder or settings.nix_folder
    paths = [path for path in (folder / LOCK, *sorted((folder / SITE).rglob("*"))) if path.is_file()]
    try:
        files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
    except OSError as error:
        raise SettingsError(f"{error.filename}: {error.strerror}", subject=str(error.filename)) from error
    return HostSite(files, settings.nix.nixpkgs or DEFAULT_NIXPKGS)


def unfixed_nixpkgs(settings: Settings, folder: Path) -> str:
    """Why each build from a folder may take another nixpkgs; empty where all take the same. Raises SettingsError."""
    return host_site(settings, folder).unfixed


def write_hosts(folder: Path, files: Mapping[str, bytes], *, whole: bool) -> "Written":
    """Write generated files into a folder; with `whole`, those that are no longer wanted go. Raises InvalidInput."""
    from cimnet_nornir.nix.folder import write_folder

    return write_folder(folder, files, whole=whole)


def check_hosts(folder: Path) -> "tuple[Checked, ...]":
    """What Nix says of each file that was generated to a folder. Raises InvalidInput, SettingsError without a Nix."""
    from cimnet_nornir.nix.checking import check_folder

    return check_folder(folder)
