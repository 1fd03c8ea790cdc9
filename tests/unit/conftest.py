"""Networks for the tests of rules, written as people write them; and the command line in one process."""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from cimnet_nornir.application.project import create_project
from cimnet_nornir.cli import run
from cimnet_nornir.definition import load_definition
from cimnet_nornir.domain.desired import commands_between
from cimnet_nornir.domain.network import Network
from cimnet_nornir.domain.working import Working

HEAD = """network: campus
defaults: {vendor: cisco, platform: ios, kind: switch}
vlans: {10: users, 20: voice, 99: management}
port_profiles:
  trunk: {mode: trunk, native: 99, allowed: "10,20,99"}
  user: {mode: access, vlan: 10}
"""


@pytest.fixture(scope="session")
def network_of() -> Callable[[str], Network]:
    """Makes a network of the `devices:` and `links:` of a definition; rules of the domain hold, findings may be."""

    def make(text: str) -> Network:
        desired = load_definition(HEAD + text, file="network.yaml").desired
        working = Working(Network("campus"))
        for command in commands_between(working.network, desired):
            working.execute(command)
        working.finish()
        return working.network

    return make


@dataclass(frozen=True)
class Said:
    """What a command came to."""

    status: int
    out: str
    err: str

    def json(self, kind: str) -> Any:
        """The one JSON document on stdout, whose format is checked."""
        document = json.loads(self.out)
        assert document["format"] == f"cimnet.{kind}/1"
        return document

    def refuses(self, *words: str) -> None:
        """Exit status 1, nothing on stdout, and one line on stderr with these words."""
        assert self.status == 1, self
        assert self.out == ""
        assert self.err.startswith("cimnet: error: ")
        assert self.err.count("\n") == 1, self.err
        assert "this is a bug" not in self.err
        for word in words:
            assert word in self.err


Cimnet = Callable[..., Said]


@pytest.fixture
def surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of whoever runs the tests; `ann` acts."""
    for name in ("CIMNET_STORE", "CIMNET_ENV", "NO_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CIMNET_ACTOR", "ann")


@pytest.fixture
def cimnet(capsys: pytest.CaptureFixture[str], surroundings: None) -> Cimnet:
    """The command line in this process."""

    def call(*arguments: str) -> Said:
        capsys.readouterr()
        status = run(list(arguments))
        captured = capsys.readouterr()
        return Said(status, captured.out, captured.err)

    return call


@pytest.fixture(scope="module")
def declared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose example network is declared; to be copied."""
    folder = tmp_path_factory.mktemp("declared") / "campus"
    create_project(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CIMNET_ACTOR", "ann")
        assert (
            run(
                [
                    "--project",
                    str(folder),
                    "declare",
                    str(folder / "inventory" / "network.yaml"),
                    "--reason",
                    "first rollout",
                ]
            )
            == 0
        )
    return folder


@pytest.fixture
def campus(declared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of its own whose example network is declared; the working directory is in it."""
    shutil.copytree(declared, tmp_path / "campus")
    monkeypatch.chdir(tmp_path / "campus")
    return tmp_path / "campus"


def edit(path: Path, old: str, new: str) -> None:
    """Change the first place of a file where a text stands."""
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
