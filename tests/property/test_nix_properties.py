"""Any value comes back from Nix as it was written."""

import json
import shutil
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cimnet_nornir.nix.expressions import Value, expression

TEXTS = st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0"), max_size=8) | st.text(
    alphabet="${}\"\\\n 'a.", max_size=8
)
VALUES: st.SearchStrategy[Value] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63) + 1, 2**63 - 1) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


@given(st.lists(VALUES, min_size=40, max_size=80))
@settings(max_examples=8)
def test_nix_reads_back_what_was_written(values: list[Value]) -> None:
    # Many values in one go: each start of Nix costs more than reading them.
    nix = shutil.which("nix-instantiate")
    if nix is None:
        pytest.skip("no nix-instantiate is installed (Debian: nix-bin)")
    done = subprocess.run(
        [nix, "--eval", "--json", "--strict", "--readonly-mode", "-"],
        input=expression(values).encode(),
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == values
