"""The files for pipelines in docs/ci and the pre-commit hook: they are taken, and their scripts do what they say."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import pytest
from ruamel.yaml import YAML

from cimnet_nornir.cli import cli
from cimnet_nornir.cli.options import Options
from cimnet_nornir.lab.thread import RunningLab

if TYPE_CHECKING:
    from tests.e2e.conftest import Project

ROOT = Path(__file__).parents[2]
GITHUB, GITLAB = ROOT / "docs" / "ci" / "github-actions.yml", ROOT / "docs" / "ci" / "gitlab-ci.yml"
HOOKS = ROOT / ".pre-commit-hooks.yaml"
_EXPRESSION = re.compile(r"\$\{\{.*?\}\}")
_ENDS = {"||", "&&", "|", ";", ">", ">>", "<", "&"}


def content(path: Path) -> Any:
    return YAML(typ="safe").load(path.read_text(encoding="utf-8"))


def scripts(path: Path) -> dict[str, str]:
    """The shell scripts of each job; expressions of the site are a word."""
    if path == GITLAB:
        jobs = {name: job for name, job in content(path).items() if isinstance(job, dict) and "script" in job}
        lines = {name: [*job["script"], *job.get("after_script", ())] for name, job in jobs.items()}
    else:
        jobs = content(path)["jobs"]
        lines = {name: [step["run"] for step in job["steps"] if "run" in step] for name, job in jobs.items()}
    return {name: _EXPRESSION.sub("word", "\n".join(steps)) for name, steps in lines.items()}


def commands(script: str) -> Iterator[list[str]]:
    """The command lines of cimnet in a script."""
    for line in script.replace("\\\n", " ").splitlines():
        words = list(shlex.shlex(line, posix=True, punctuation_chars=True)) if "cimnet " in line else []
        for start in (number for number, word in enumerate(words) if word == "cimnet"):
            end = next((number for number in range(start, len(words)) if words[number] in _ENDS), len(words))
            yield words[start + 1 : end]


def accept(words: list[str]) -> None:
    """Read a command line as the program does, without running it. Raises click.UsageError."""
    command: click.Command = cli
    context = click.Context(cli, obj=Options(), info_name="cimnet")
    rest = list(words)
    while isinstance(command, click.Group):
        found = command.get_command(context, rest.pop(0))
        assert found is not None, words
        command = found
    with command.make_context("cimnet", rest, parent=context):
        """Files that it would read are closed again."""


@pytest.mark.parametrize("path", [GITHUB, GITLAB], ids=["github", "gitlab"])
def test_every_command_line_of_a_pipeline_is_taken(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # A file that would be read has to be there.
    monkeypatch.chdir(tmp_path)
    (tmp_path / "events.jsonl").touch()
    found = [words for script in scripts(path).values() for words in commands(script)]
    assert {words[0] for words in found} == {"check", "declare", "store", "plan", "apply", "recover"}
    for words in found:
        accept(words)


def test_a_command_line_with_an_unknown_option_would_be_found() -> None:
    (words,) = commands("cimnet plan --colour red -o x || true\n")
    with pytest.raises(click.UsageError, match="No such option"):
        accept(words)


@pytest.mark.parametrize("path", [GITHUB, GITLAB], ids=["github", "gitlab"])
def test_two_applies_never_run_at_once_and_somebody_lets_them(path: Path) -> None:
    jobs = content(path)["jobs"] if path == GITHUB else content(path)
    assert jobs["apply"]["environment"] == "network"
    key = "concurrency" if path == GITHUB else "resource_group"
    assert jobs["apply"][key] == jobs["plan"][key]
    if path == GITHUB:
        assert jobs["apply"][key]["cancel-in-progress"] is False
        # YAML 1.1 would take the key `on` for true.
        assert {"on", "jobs"} <= set(content(path))


@pytest.mark.slow
@pytest.mark.parametrize("path", [GITHUB, GITLAB], ids=["github", "gitlab"])
def test_the_scripts_of_a_pipeline_take_a_change_from_the_branch_to_the_devices(
    small: "Project", lab: RunningLab, path: Path
) -> None:
    small.edit("10: users", "10: people")
    recorded = len(small.events())
    script = scripts(path)
    bash(small, script["preview"].split("test -f plan.md")[0])
    assert len(small.events()) == recorded
    assert (small.folder / "plan.md").read_text(encoding="utf-8").startswith("<!-- cimnet:plan network=small ")
    assert "name people" not in lab.running_config("sw1")
    bash(small, script["plan"])
    assert small.events("VlanRenamed")
    assert "name people" not in lab.running_config("sw1")
    bash(small, script["apply"])
    assert "name people" in lab.startup_config("sw1")
    assert "3 of 3 devices done" in (small.folder / "apply.md").read_text(encoding="utf-8")
    assert (small.folder / "apply.xml").exists()


def bash(project: "Project", script: str) -> None:
    """Run a script as the site does, for the lab."""
    known = {"CIMNET_ENV": "lab", "CIMNET_ACTOR": "ann", "CI_JOB_STATUS": "success"}
    known |= {name: str(project.folder / name) for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
    known["PATH"] = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-eo", "pipefail", "-c", script],
        cwd=project.folder,
        env=os.environ | known,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


# --- pre-commit -------------------------------------------------------------------------------------------------------


def hook(project: "Project", *files: str) -> int:
    """Run the hook as pre-commit does: its entry, with those of the files that it is for; 0 where there is none."""
    (found,) = content(HOOKS)
    assert {"id", "name", "entry", "language", "files"} <= set(found)
    chosen = [name for name in files if re.search(found["files"], name)]
    if not chosen:
        return 0
    program, *arguments = shlex.split(found["entry"])
    entry = [str(Path(sys.executable).with_name(program)), *arguments, *found.get("args", ()), *chosen]
    return subprocess.run(entry, cwd=project.folder, capture_output=True, check=False).returncode


def test_the_hook_lets_a_sound_definition_through_and_stops_another(empty: "Project") -> None:
    for port in ("11", "12", "13"):
        empty.edit(f"    management: 127.0.0.{port}\n", "")
    assert hook(empty, "inventory/network.yaml", "inventory/config.yaml", "README.md") == 0
    empty.edit('allowed: "10,99", description: to sw2', 'allowed: "99", description: to sw2')
    assert hook(empty, "inventory/network.yaml") == 2
    empty.edit("kind: router", "kind: roter")
    assert hook(empty, "inventory/network.yaml") == 1
    assert hook(empty, "inventory/config.yaml", "templates/site.j2") == 0
