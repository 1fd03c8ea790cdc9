"""Any value comes back from Nix as it was written, whatever is in it."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from cimnet_nornir.nix.expressions import Block, Code, Value, expression
from tests.nix_evaluation import evaluated

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
    assert evaluated("found", found=expression(values)) == json.loads(json.dumps(values))


# Parts of a line: texts, with all that means something in an indented string, and code that is interpolated.
PARTS = TEXTS | st.sampled_from(["''", "'", "$", "$$", "${", "''${", "\\", '"', "  ", "\t", "\n", "\r"])
CODE = st.sampled_from([Code('"x"'), Code('"a" + "b"'), Code('{ a = "}"; }.a')])
BLOCKS = st.lists(st.lists(PARTS | CODE, max_size=4).map(tuple), max_size=4).map(lambda lines: Block(tuple(lines)))
MEANT = {'"x"': "x", '"a" + "b"': "ab", '{ a = "}"; }.a': "}"}


def meant(block: Block) -> str:
    lines = ("".join(MEANT[part.text] if isinstance(part, Code) else part for part in line) for line in block.lines)
    return "".join(f"{line}\n" for line in lines)


@given(st.lists(BLOCKS, min_size=30, max_size=60))
@settings(max_examples=8)
def test_a_block_is_its_lines_wherever_it_stands(blocks: list[Block]) -> None:
    values: Value = {"list": blocks, "deep": [{"a": {"b": block}} for block in blocks]}
    found = evaluated("found", found=expression(values))
    assert found["list"] == [meant(block) for block in blocks]
    assert [each["a"]["b"] for each in found["deep"]] == [meant(block) for block in blocks]
