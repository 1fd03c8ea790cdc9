"""A real Chromium for the tests: one that a module's tests drive, and one that has the real Mermaid on its page."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pytest

import cimnet_nornir

# Every test process reads this module, and few of them need a browser.
if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Playwright

STATIC = Path(cimnet_nornir.__file__).parent / "web" / "static"
CHROMIUM = "chromium"
# It looks for nothing on the network by itself, and needs neither a display nor privileges.
OPTIONS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_PAGE = "<!doctype html><html lang=en><meta charset=utf-8><title>Mermaid</title><body></body></html>"
# Mermaid's parser does not look at the length of a text, its renderer shows a picture of an error instead.
_PARSE = """async texts => {
  const most = mermaid.mermaidAPI.getConfig().maxTextSize;
  const answers = [];
  for (const text of texts) {
    try {
      if (text.length > most) throw new Error(`${text.length} characters, more than ${most}`);
      await mermaid.parse(text);
      answers.push(null);
    } catch (error) { answers.push(String(error.message ?? error)); }
  }
  return answers;
}"""
_RENDER = """async ([text, selector]) => {
  window.drawn = (window.drawn ?? 0) + 1;
  const { svg } = await mermaid.render(`drawn${window.drawn}`, text);
  const place = document.createElement("div");
  place.innerHTML = svg;
  document.body.replaceChildren(place);
  const shown = selector === null ? [] : [...place.querySelectorAll(selector)].map(each => each.textContent);
  const scripts = place.querySelectorAll("script, iframe, object, img, [onclick], [onerror], [onload]").length;
  return { svg, shown, scripts };
}"""

T = TypeVar("T")


def launched(playwright: "Playwright") -> "Browser":
    """A Chromium without a window. Skips where there is none."""
    program = shutil.which(CHROMIUM)
    if program is None:
        pytest.skip("no chromium is installed (Debian: chromium)")
    return playwright.chromium.launch(executable_path=program, headless=True, args=list(OPTIONS))


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    """A browser that a module's tests drive, in their own thread: while it is open, none of them can run asyncio."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = launched(playwright)
        yield opened
        opened.close()


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture that Mermaid drew: the SVG, and the texts in the elements that were asked for."""

    svg: str
    shown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mermaid:
    """The real Mermaid, as the package brings it, with the limits it has by default, on a page without a network.

    It lives in a thread of its own: Playwright leaves a running event loop behind in the thread that calls it, and
    the tests of the lab need asyncio in theirs.
    """

    call: Callable[[Callable[[], Any]], Any]
    page: "Page"

    def problems(self, texts: Sequence[str]) -> list[str | None]:
        """What Mermaid has against each text; None where it takes it."""
        found: list[str | None] = self.call(lambda: self.page.evaluate(_PARSE, list(texts)))
        return found

    def parse(self, *texts: str) -> None:
        """Fail with Mermaid's own words where it does not take one of the texts, or one is longer than its limit."""
        assert texts, "there is nothing to parse"
        for text, problem in zip(texts, self.problems(texts), strict=True):
            assert problem is None, f"{problem}\n\n{text[:4000]}"

    def render(self, text: str, selector: str | None = None) -> Drawn:
        """Draw a text; with a selector, tell what stands in the elements it selects. Nothing in it may be active."""
        self.parse(text)
        drawn = self.call(lambda: self.page.evaluate(_RENDER, [text, selector]))
        assert 'aria-roledescription="error"' not in drawn["svg"], text[:4000]
        assert not drawn["scripts"], drawn["svg"]
        return Drawn(drawn["svg"], tuple(drawn["shown"]))

    def evaluate(self, script: str, argument: Any = None) -> Any:
        """What a script on the page answers."""
        return self.call(lambda: self.page.evaluate(script, argument))


@pytest.fixture(scope="session")
def mermaid() -> Iterator[Mermaid]:
    """The real Mermaid. Whatever a test makes of Mermaid text goes through it."""
    from playwright.sync_api import sync_playwright

    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="mermaid") as thread:

        def call(work: Callable[[], T]) -> T:
            return thread.submit(work).result()

        playwright = call(lambda: sync_playwright().start())
        try:
            yield Mermaid(call, call(lambda: _mermaid_page(launched(playwright))))
        finally:
            call(playwright.stop)


def _mermaid_page(browser: "Browser") -> "Page":
    page = browser.new_page()
    page.route("**/*", lambda route: route.abort())
    page.set_content(_PAGE)
    page.add_script_tag(path=STATIC / "vendor" / "mermaid.min.js")
    page.evaluate("mermaid.initialize({ startOnLoad: false })")
    return page
