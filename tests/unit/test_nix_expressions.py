"""Values as Nix expressions: Nix itself reads back what was written."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from cimnet_nornir.errors import InvalidValue
from cimnet_nornir.nix.expressions import Value, expression


def evaluated(text: str, folder: Path, *, strict: bool = True) -> Any:
    """What Nix makes of an expression."""
    nix = shutil.which("nix-instantiate")
    if nix is None:
        pytest.skip("no nix-instantiate is installed (Debian: nix-bin)")
    path = folder / "value.nix"
    path.write_text(text, encoding="utf-8")
    arguments = [nix, "--eval", "--json", *(["--strict"] if strict else []), "--readonly-mode", str(path)]
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


TEXTS = (
    "",
    "plain",
    'a "quoted" word',
    "back\\slash and \\n",
    "${builtins.abort}",
    "$${x} $$ $",
    "\\${x}",
    "lines\nand\ttabs\r",
    "''two single''",
    "Gerät …",
    "{ } [ ] ; # /* */",
    "a = 1;",
)
NAMES = (
    "plain",
    "GigabitEthernet1/0/1",
    "br-vlan100",
    "10",
    "or",
    "rec",
    "${x}",
    'q"',
    "it's",
    "-x",
    "",
    "a.b",
    "eno1.100",
)


def test_nix_reads_what_was_written(tmp_path: Path) -> None:
    value: Value = {
        "texts": TEXTS,
        "names": {name: index for index, name in enumerate(NAMES)},
        "numbers": (0, 1, -1, 2**63 - 1, -(2**63) + 1),
        "truths": (True, False, None),
        "empty": ({}, (), {"x": {}}),
        "deep": {"a": {"b": ({"c": 1}, {"d": {"e": "f"}})}},
        "long": tuple(f"GigabitEthernet1/0/{number}" for number in range(1, 25)),
    }
    assert evaluated(expression(value), tmp_path) == json.loads(json.dumps(value))


@pytest.mark.parametrize("number", [2**63, -(2**63)])
def test_a_number_that_nix_cannot_hold_is_refused(number: int) -> None:
    with pytest.raises(InvalidValue, match="does not fit into a number of Nix"):
        expression(number)


def test_a_text_that_nix_cannot_hold_is_refused() -> None:
    with pytest.raises(InvalidValue, match="NUL"):
        expression({"a": "b\0"})


def test_what_fits_stands_in_a_line_and_keys_keep_their_order() -> None:
    assert expression({"b": 1, "a": (True, "x")}) == '{ b = 1; a = [ true "x" ]; }'
    assert expression({"z": {"y": 1}, "a": ()}) == "{\n  z = { y = 1; };\n  a = [ ];\n}"
    assert expression(("a" * 60, "b" * 60)) == f'[\n  "{"a" * 60}"\n  "{"b" * 60}"\n]'
    assert expression({}) == "{ }"
