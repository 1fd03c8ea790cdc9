"""The files of the page: what they may load, how they may write, and that they are scripts at all."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from cimnet_nornir.web.page_routes import STATIC

SCRIPTS = sorted((STATIC / "js").rglob("*.js"))
STYLES = sorted((STATIC / "css").glob("*.css"))
PAGES = [STATIC / "index.html"]
OURS = [*SCRIPTS, *STYLES, *PAGES]
MOST_LINES = 300
# Each would make markup, or a program, of a text.
FORBIDDEN = (
    "innerHTML",
    "outerHTML",
    "insertAdjacentHTML",
    "document.write",
    "eval(",
    "new Function",
    "createContextualFragment",
)
# The name of SVG is no address that anybody asks.
SVG = "http://www.w3.org/2000/svg"
_IMPORT = re.compile(r"""^(?:import|export) (?:[^"';]*? from )?["']([^"']+)["'];""", re.MULTILINE)
_LATER = re.compile(r"""import\(["']([^"']+)["']\)""")


def name(path: Path) -> str:
    return path.relative_to(STATIC).as_posix()


def imported(path: Path) -> list[Path]:
    """The modules that a module needs before it runs."""
    return [(path.parent / found).resolve() for found in _IMPORT.findall(path.read_text(encoding="utf-8"))]


def needed(path: Path) -> set[Path]:
    """The modules that a module needs, and what those need."""
    found: set[Path] = set()
    waiting = [path]
    while waiting:
        for module in imported(waiting.pop()):
            if module not in found:
                found.add(module)
                waiting.append(module)
    return found


@pytest.mark.parametrize("path", OURS, ids=name)
def test_a_file_of_the_page_is_short_and_asks_nobody_else(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= MOST_LINES
    assert not re.search(r"(?:https?:|wss?:)?//[a-z0-9.-]+\.[a-z]", text.replace(SVG, ""))


@pytest.mark.parametrize("path", SCRIPTS, ids=name)
def test_a_script_makes_no_markup_of_text_and_imports_what_there_is(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not [word for word in FORBIDDEN if word in text]
    later = [(path.parent / found).resolve() for found in _LATER.findall(text)]
    assert [module for module in (*imported(path), *later) if not module.is_file()] == []


def test_the_page_runs_no_script_and_no_style_of_its_own() -> None:
    text = PAGES[0].read_text(encoding="utf-8")
    assert not re.search(r"<script(?![^>]* src=)|<style|\son[a-z]+=|\sstyle=", text)


def test_the_modules_of_the_first_view_are_asked_for_at_once() -> None:
    preloaded = set(re.findall(r'rel="modulepreload" href="/static/([^"]+)"', PAGES[0].read_text(encoding="utf-8")))
    first = STATIC / "js" / "views" / "topology.js"
    wanted = needed(STATIC / "js" / "app.js") | needed(first) | {first}
    assert preloaded == {name(module) for module in wanted}


@pytest.mark.parametrize("path", SCRIPTS, ids=name)
def test_a_script_can_be_read_by_a_machine(path: Path, tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("no node is installed (Debian: nodejs)")
    # By its name node knows that it is a module, and is stricter.
    module = tmp_path / f"{path.stem}.mjs"
    module.write_bytes(path.read_bytes())
    ran = subprocess.run([node, "--check", module], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
