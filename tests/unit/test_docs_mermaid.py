"""Diagrams in the documents, and the one of a device's life, are taken by the real Mermaid."""

import re
from pathlib import Path

import pytest

from cimnet_nornir.application.lifecycle_words import diagram
from tests.browser import Mermaid

ROOT = Path(__file__).parents[2]
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))
_BLOCK = re.compile(r"^```mermaid\n(.*?)^```$", re.DOTALL | re.MULTILINE)
BLOCKS = {
    f"{page.relative_to(ROOT)}:{number}": block
    for page in PAGES
    for number, block in enumerate(_BLOCK.findall(page.read_text(encoding="utf-8")), start=1)
}


@pytest.mark.parametrize("block", BLOCKS.values(), ids=BLOCKS)
def test_a_diagram_in_the_documents_is_drawn(mermaid: Mermaid, block: str) -> None:
    mermaid.render(block)


def test_there_are_diagrams_in_the_documents() -> None:
    assert {name.partition(":")[0] for name in BLOCKS} >= {"README.md", "docs/how-it-works.md"}


def test_the_life_of_a_device_is_drawn(mermaid: Mermaid) -> None:
    shown = mermaid.render(diagram(), ".nodeLabel").shown
    assert {"Planned", "Active", "Decommissioned"} <= set(shown)
