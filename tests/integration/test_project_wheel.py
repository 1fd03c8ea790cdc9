"""The wheel: what it puts where, and a project made from it."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from cimnet_nornir.application.project import PARTS, create_project

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    options = ["-q", "--no-deps", "--disable-pip-version-check", "-w", str(folder), str(ROOT)]
    built = subprocess.run(
        [sys.executable, "-m", "pip", "wheel", *options], check=False, capture_output=True, text=True, timeout=120
    )
    if built.returncode and ("hatchling" in built.stderr or "No module named pip" in built.stderr):
        pytest.skip("hatchling cannot be fetched here")
    assert built.returncode == 0, built.stderr
    (found,) = folder.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def unpacked(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What site-packages gets."""
    folder = tmp_path_factory.mktemp("site-packages")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


@pytest.mark.slow
def test_the_wheel_puts_the_package_and_nothing_else_into_site_packages(unpacked: Path) -> None:
    names = {path.name for path in unpacked.iterdir()}
    (info,) = (name for name in names if name.endswith(".dist-info"))
    assert names == {"cimnet_nornir", info}
    assert (unpacked / "cimnet_nornir" / "py.typed").is_file()
    assert not list(unpacked.rglob("__pycache__"))
    points = (unpacked / info / "entry_points.txt").read_text()
    assert "cimnet = cimnet_nornir.cli:main" in points
    assert "CimnetInventory = cimnet_nornir.bootstrap:CimnetInventory" in points


@pytest.mark.slow
def test_the_wheel_has_every_file_of_the_package(unpacked: Path) -> None:
    def sources(folder: Path) -> set[str]:
        return {
            str(path.relative_to(folder))
            for path in folder.rglob("*")
            if path.is_file() and path.suffix != ".pyc" and not path.is_relative_to(folder / "example")
        }

    assert sources(unpacked / "cimnet_nornir") == sources(ROOT / "cimnet_nornir")


@pytest.mark.slow
def test_the_wheel_has_the_agent_of_hosts_and_the_programs_of_simulated_ones(unpacked: Path) -> None:
    package = unpacked / "cimnet_nornir"
    assert (package / "nix" / "agent.sh").read_bytes() == (ROOT / "cimnet_nornir/nix/agent.sh").read_bytes()
    programs = {path.name for path in (ROOT / "cimnet_nornir/lab/host").iterdir()}
    assert {path.name for path in (package / "lab" / "host").iterdir()} == programs
    assert {"nixos-rebuild", "switch-to-configuration", "systemd-run"} <= programs


@pytest.mark.slow
def test_a_project_from_the_wheel_is_the_one_from_an_editable_install(unpacked: Path, tmp_path: Path) -> None:
    program = "import sys; from cimnet_nornir.cli import main; sys.argv[0] = 'cimnet'; main()"
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("CIMNET_", "COVERAGE_"))}
    environment |= {"PYTHONPATH": str(unpacked)}

    def cimnet(*arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-P", "-W", "error", "-c", program, *arguments],
            check=False,
            capture_output=True,
            text=True,
            cwd=tmp_path,
            env=environment,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    where = subprocess.run(
        [sys.executable, "-P", "-c", "import cimnet_nornir; print(cimnet_nornir.__file__)"],
        check=True,
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=environment,
    )
    assert where.stdout.startswith(str(unpacked))
    cimnet("init", "from-wheel")
    create_project(tmp_path / "from-source")
    assert contents(tmp_path / "from-wheel") == contents(tmp_path / "from-source")
    assert "events recorded" in cimnet("--project", "from-wheel", "declare", "from-wheel/inventory/network.yaml")
    assert cimnet("--project", "from-wheel", "render", "acc1").startswith("hostname acc1\n")


def contents(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*") if path.is_file()}


def test_a_project_is_the_example_of_the_repository(tmp_path: Path) -> None:
    written = create_project(tmp_path / "new")
    assert all(path.is_file() for path in written)
    made = contents(tmp_path / "new")
    assert ".cimnet/" in made.pop(".gitignore")
    for name, text in made.items():
        assert text == (ROOT / name).read_text(), name
    assert {name.partition("/")[0] for name in made} == set(PARTS)
    assert not [name for name in made if "__pycache__" in name or name.endswith(".pyc")]
