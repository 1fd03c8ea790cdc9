"""Prometheus's own promtool, for the tests that need it."""

import shutil
import subprocess
from pathlib import Path

import pytest


def promtool(*arguments: str, text: bytes = b"", folder: Path | None = None) -> str:
    """Run promtool, which must be content, and return what it says."""
    program = shutil.which("promtool")
    if program is None:
        pytest.skip("no promtool is installed (Debian: prometheus)")
    done = subprocess.run([program, *arguments], input=text, capture_output=True, check=False, cwd=folder)
    said = (done.stdout + done.stderr).decode()
    assert done.returncode == 0, said
    return said
