"""flake.nix is read by Nix; what it builds needs nixpkgs, and so is tried elsewhere."""

import shutil
import subprocess
from pathlib import Path

import pytest

FLAKE = Path(__file__).parents[2] / "flake.nix"


def test_nix_reads_the_flake() -> None:
    nix = shutil.which("nix-instantiate")
    if nix is None:
        pytest.skip("no nix-instantiate is installed (Debian: nix-bin)")
    done = subprocess.run([nix, "--parse", FLAKE], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.stdout.startswith("{ description = ")
