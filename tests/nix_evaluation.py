"""What Nix itself makes of generated text."""

import json
import shutil
import subprocess
from typing import Any

import pytest


def evaluated(expression: str, **files: str) -> Any:
    """What Nix makes of an expression; `files` are other expressions, bound to their names."""
    nix = shutil.which("nix-instantiate")
    if nix is None:
        pytest.skip("no nix-instantiate is installed (Debian: nix-bin)")
    bound = "".join(f"{name} = ({text});\n" for name, text in files.items())
    done = subprocess.run(
        [nix, "--eval", "--json", "--strict", "--readonly-mode", "-"],
        input=f"let\n{bound}in {expression}".encode(),
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)
