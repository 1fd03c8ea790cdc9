"""The browser of the tests is real: what it says of Mermaid text can be trusted."""

import asyncio

import pytest
from playwright.sync_api import Browser

from tests.browser import Mermaid


def test_mermaid_takes_a_flowchart_and_says_what_is_wrong_with_another_text(mermaid: Mermaid) -> None:
    good, bad = mermaid.problems(["flowchart LR\n  a --> b", "flowchart LR\n  a[unclosed --> b"])
    assert good is None
    assert bad is not None
    assert "Expecting 'SQE'" in bad


def test_a_text_above_mermaids_limits_is_refused(mermaid: Mermaid) -> None:
    with pytest.raises(AssertionError, match="more than 50000"):
        mermaid.parse("flowchart LR\n" + "  a --> b\n" * 6_000)
    with pytest.raises(AssertionError, match="Edge limit exceeded"):
        mermaid.parse("flowchart LR\n" + "  a --> b\n" * 501)


def test_a_picture_tells_what_stands_in_it(mermaid: Mermaid) -> None:
    drawn = mermaid.render('flowchart LR\n  a["core 1"] -->|Gi0/1| b["acc 2"]', ".nodeLabel")
    assert drawn.shown == ("core 1", "acc 2")
    assert drawn.svg.startswith("<svg")


def test_asyncio_runs_beside_mermaid(mermaid: Mermaid) -> None:
    async def answer() -> int:
        return len(await asyncio.to_thread(mermaid.problems, ["flowchart LR"]))

    assert asyncio.run(answer()) == 1


def test_a_page_can_be_driven(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content("<h1>hello</h1>")
    assert page.get_by_role("heading").inner_text() == "hello"
