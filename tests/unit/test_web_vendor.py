"""What the web page and the tests use of others is what their registry gave, with licences kept."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("cimnet_nornir/web/static/vendor", "tests/vendor")


def packages(folder: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((ROOT / folder / "vendor.json").read_text())
    return found


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_file_is_as_it_was_brought(folder: str) -> None:
    for package in packages(folder):
        assert package["integrity"].startswith("sha512-")
        for name, source in package["files"].items():
            content = (ROOT / folder / name).read_bytes()
            assert hashlib.sha256(content).hexdigest() == source["sha256"], name


@pytest.mark.parametrize("folder", FOLDERS)
def test_nothing_lies_there_that_no_package_brought_and_each_has_its_licence(folder: str) -> None:
    known = {name for package in packages(folder) for name in package["files"]}
    assert {path.name for path in (ROOT / folder).iterdir()} - {"vendor.json"} == known
    for package in packages(folder):
        assert package["license"]
        assert any(name.endswith(".LICENSE") for name in package["files"]), package["name"]
