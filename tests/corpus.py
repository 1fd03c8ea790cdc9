"""Imports configurations that people run, each into a project of its own, and accounts for every line of them.

    python -m tests.corpus FOLDER

Prints a table. Exits 1 where a file is not imported, a line is in no class, what is rendered differs from the file, or
the routers whose files are named as*.cfg have fewer than 85 % of their lines owned by what intent models.
"""

import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

from cimnet_nornir.bootstrap import load_settings, open_service
from cimnet_nornir.cli import run

_LEAST_OWNED = 85.0


@dataclass(frozen=True, slots=True)
class Row:
    """What became of one file: its lines by class, and what is wrong; empty where nothing is."""

    file: str
    lines: int = 0
    owned: int = 0
    adopted: int = 0
    noise: int = 0
    wrong: str = ""

    @property
    def share(self) -> float:
        """How many of the lines that say something are owned, in percent."""
        return 100 * self.owned / ((self.owned + self.adopted) or 1)


def main(folder: Path) -> int:
    """Import every configuration of the folder; the exit status."""
    files = sorted(folder.glob("*.cfg"))
    if not files:
        print(f"{folder}: there are no *.cfg files", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as scratch:
        rows = [imported(file, Path(scratch) / file.stem) for file in files]
        problem = together(sorted(folder.glob("as*.cfg")), Path(scratch) / "together")
    for line in table(rows):
        print(line)
    routers = [row for row in rows if row.file.startswith("as")]
    owned, adopted = sum(row.owned for row in routers), sum(row.adopted for row in routers)
    share = 100 * owned / ((owned + adopted) or 1)
    print(f"owned lines of the {len(routers)} routers as*.cfg: {share:.1f} % (at least {_LEAST_OWNED:.0f} %)")
    if problem:
        print(problem, file=sys.stderr)
    failed = bool(problem) or any(row.wrong for row in rows) or (bool(routers) and share < _LEAST_OWNED)
    return 1 if failed else 0


def table(rows: list[Row]) -> Iterator[str]:
    """The rows in columns."""
    width = max(len(row.file) for row in rows)
    yield f"{'file':{width}}  lines  owned  adopted  noise  owned of what says something"
    for row in rows:
        counts = f"{row.lines:5}  {row.owned:5}  {row.adopted:7}  {row.noise:5}"
        yield f"{row.file:{width}}  {counts}  {row.wrong or f'{row.share:.1f} %'}"


def imported(file: Path, project: Path) -> Row:
    """Import a file into a fresh project, and look at what was made of it."""
    cimnet("init", str(project))
    said = cimnet("import", str(file), "--json", project=project)
    if said.returncode:
        return Row(file.name, wrong=f"exit {said.returncode}: {said.stderr.strip()[-160:]}")
    (device,) = json.loads(said.stdout)["devices"]
    counts = device["lines"]
    row = Row(file.name, counts["all"], counts["owned"], counts["adopted"], counts["noise"])
    return Row(row.file, row.lines, row.owned, row.adopted, row.noise, _wrong(file, project, device))


def _wrong(file: Path, project: Path, device: dict[str, Any]) -> str:
    """What is wrong with an import that went through; empty where nothing is."""
    counts = device["lines"]
    here = len(file.read_text(encoding="utf-8").splitlines())
    if counts["all"] != here or counts["owned"] + counts["adopted"] + counts["noise"] != here:
        return f"{here} lines, and {counts} are accounted for"
    again = cimnet("import", str(file), "--check", "--json", project=project)
    if again.returncode or json.loads(again.stdout)["count"]:
        return f"importing it again records something: {again.stdout[-160:]}{again.stderr[-160:]}"
    differs = remediation(project, device["name"], file.read_text(encoding="utf-8"))
    return f"what is rendered differs: {differs[:3]}" if differs else ""


def remediation(project: Path, name: str, text: str) -> tuple[str, ...]:
    """What would be sent to the device that runs the text, or is not in its intent."""
    service = open_service(load_settings(project))
    try:
        (device,) = service.devices([name])
        comparison = service.engine.compare(device, text, service.render([name])[name])
    finally:
        service.store.close()
    return (*comparison.commands, *(" / ".join(path) for path in comparison.unmodelled))


def together(files: list[Path], project: Path) -> str:
    """Import the routers into one network; what is wrong with its graph, empty where nothing is."""
    if not files:
        return ""
    cimnet("init", str(project))
    said = cimnet("import", *map(str, files), project=project)
    if said.returncode:
        return f"together: exit {said.returncode}: {said.stderr.strip()}"
    graph = json.loads(cimnet("graph", "--format", "json", project=project).stdout)
    routers = [node for node in graph["nodes"] if node.get("device") == "router"]
    links = [edge for edge in graph["edges"] if edge["relation"] == "link"]
    print(f"together: {len(routers)} routers, {len(links)} links")
    return "" if len(routers) == len(files) and links else f"together: {len(routers)} routers, {len(links)} links"


@dataclass(frozen=True, slots=True)
class Said:
    """What a command came to."""

    returncode: int
    stdout: str
    stderr: str


def cimnet(*arguments: str, project: Path | None = None) -> Said:
    """Run a command of the program, in this process: there are many."""
    out, err = StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        status = run([*arguments, *(["--project", str(project)] if project else [])])
    return Said(status, out.getvalue(), err.getvalue())


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(Path(sys.argv[1])))
