"""The programs of Nix, and what they say of an expression."""

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

from cimnet_nornir.errors import SettingsError

_FEATURES = ("--extra-experimental-features", "nix-command flakes")
# Without one, nobody has to be root, nor a daemon to run.
_NO_STORE = ("--store", "dummy://")
_SECONDS = 300
# Colour, where Nix takes a pipe for a terminal.
_ESCAPE = re.compile(r"\x1b\[[0-9;]*m")
_ERROR = re.compile(r"\s*error: ?(?P<text>.*)")
_PLACE = re.compile(r"\s*at (?P<file>\S.*?):(?P<line>\d+):(?P<column>\d+):?\s*")
_HINT = "(use '--show-trace'"
# Where the copy of a flake is, for which nobody asked.
_SOURCE = re.compile(r"\S*/nix/store/[0-9a-z]{32}-source/?")


@dataclass(frozen=True, slots=True)
class Nix:
    """The programs that were found: nix-instantiate reads and evaluates, `flakes` (nix, from 2.4) checks flakes."""

    instantiate: str
    flakes: str | None = None

    def parse(self, files: Sequence[Path]) -> str:
        """What is wrong with the syntax of files; empty where nothing is."""
        return _run([self.instantiate, *_NO_STORE, "--parse", *map(str, files)])

    def evaluate(self, expression: str, *, store: bool = False) -> str:
        """What is wrong with an expression; nothing is built. `store` lets it read the Nix store."""
        where = () if store else _NO_STORE
        # By stdin: an argument has an end, and a network of a thousand hosts goes beyond it.
        return _run([self.instantiate, *where, "--eval", "--strict", "--readonly-mode", "-"], said=expression)

    def has_nixos(self) -> bool:
        """Whether NIX_PATH leads to the modules of NixOS."""
        return self.evaluate("import <nixpkgs/nixos/lib/eval-config.nix>", store=True) == ""

    def check_flake(self, flake: Path, nixpkgs: Path, scratch: Path) -> str:
        """What is wrong with a flake, evaluated in a store of its own with another nixpkgs; nothing is fetched."""
        if self.flakes is None:
            return ""
        options = ("--offline", "--store", str(scratch / "store"))
        what = ("flake", "check", f"path:{flake}", "--no-build", "--no-write-lock-file")
        override = ("--override-input", "nixpkgs", f"path:{nixpkgs}")
        return _run([self.flakes, *_FEATURES, *options, *what, *override], cache=scratch / "cache")


def find_nix() -> Nix:
    """The programs of Nix in PATH. Raises SettingsError where there are none."""
    instantiate, nix = shutil.which("nix-instantiate"), shutil.which("nix")
    if instantiate is None:
        raise SettingsError(
            "nothing was checked: there is no nix-instantiate here; install Nix (Debian: apt-get install nix-bin;"
            " elsewhere: https://nixos.org/download)",
            subject="nix-instantiate",
        )
    known = nix is not None and _run([nix, *_FEATURES, "flake", "--help"]) == ""
    return Nix(instantiate, nix if known else None)


def _run(command: Sequence[str], *, said: str = "", cache: Path | None = None) -> str:
    """What a program says went wrong, in one line; empty where it ended well."""
    environment = os.environ | ({} if cache is None else {"XDG_CACHE_HOME": str(cache)})
    try:
        done = subprocess.run(
            command, capture_output=True, env=environment, timeout=_SECONDS, check=False, input=said.encode()
        )
    except subprocess.TimeoutExpired:
        return f"not done after {_SECONDS} seconds"
    return "" if done.returncode == 0 else _complaint(done.stderr.decode(errors="replace"))


def _complaint(said: str) -> str:
    """The last error in what Nix said, with its place, in one line; the others tell by which way it came there."""
    lines = _SOURCE.sub("", _ESCAPE.sub("", said)).splitlines()
    errors = [number for number, line in enumerate(lines) if (match := _ERROR.fullmatch(line)) and match["text"]]
    if not errors:
        return " ".join(" ".join(lines).split()) or "Nix said nothing"
    rest = lines[errors[-1] :]
    message = [line.strip() for line in takewhile(lambda line: line and _HINT not in line, rest)]
    place = next((match for line in rest if (match := _PLACE.fullmatch(line))), None)
    text = " ".join(message).removeprefix("error:").strip()
    return text if place is None else f"{text} ({place['file']}:{place['line']}:{place['column']})"
