"""The context graph as a drawing for paper: SVG by Graphviz, where it is installed."""

import shutil
import subprocess

from cimnet_nornir.errors import RenderError, SettingsError

# The hierarchy that `dot` works out takes too long, and too much paper, for more; `sfdp` pushes and pulls nodes apart.
_MOST_IN_TIERS = 400
_SECONDS = 300


def svg(dot: str, *, nodes: int) -> str:
    """A text in DOT drawn as SVG. Raises SettingsError where Graphviz is missing, RenderError where it fails."""
    name = "dot" if nodes <= _MOST_IN_TIERS else "sfdp"
    program = shutil.which(name)
    if program is None:
        raise SettingsError(
            f"an SVG is drawn by Graphviz, and there is no {name} here; install it (Debian: apt-get install graphviz),"
            " or take --format dot or mermaid",
            subject=name,
        )
    try:
        done = subprocess.run(
            [program, "-Tsvg"], input=dot.encode(), capture_output=True, timeout=_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise RenderError(
            f"{name} was not done after {_SECONDS} seconds; draw less: --site, --around, --vlan", subject=name
        ) from error
    if done.returncode:
        said = " ".join(done.stderr.decode(errors="replace").split())
        raise RenderError(f"{name} failed: {said or f'status {done.returncode}'}", subject=name)
    return done.stdout.decode()
