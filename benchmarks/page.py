"""Times the page of the dashboard in a real browser over a large network: first paint, and until the view is shown.

    python -m benchmarks.page [--devices 1000] [--times 3]

Beside it stands the time in which the browser alone gets the same answers and parses them, without showing anything.
The devices are at one site, which is never folded (the worst case), or at fifty.
"""

import argparse
import os
import re
import shutil
import statistics
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.support.project import definition
from cimnet_nornir.application.declaring import read_definition
from cimnet_nornir.bootstrap import load_settings, open_dashboard, open_service
from cimnet_nornir.web.serving import bind, serve, server_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CONFIG = "inventory: {plugin: CimnetInventory, options: {network: bench, environment: lab}}\n"
OPTIONS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")
SITES = 50
PAINT = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
SHOWN = (
    "new Promise(done => { const look = () => document.querySelector('main .view[data-ready]')"
    " ? done(performance.now()) : setTimeout(look, 5); look(); })"
)
ALONE = """async () => {
  const began = performance.now();
  const asked = ["network", "session", "devices", "graph"];
  const answers = asked.map(each => fetch(`/api/v1/${each}`, { cache: "no-store" }));
  await Promise.all((await Promise.all(answers)).map(each => each.json()));
  return performance.now() - began;
}"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--devices", type=int, default=1000)
    parser.add_argument("--times", type=int, default=3)
    given = parser.parse_args()
    os.environ["CIMNET_ACTOR"] = "bench"
    at_one_site = definition(given.devices, 1)
    for name, text in (("one site", at_one_site), (f"{SITES} sites", at_many_sites(at_one_site))):
        with tempfile.TemporaryDirectory() as folder, served(Path(folder), text) as url:
            print(f"{given.devices} devices at {name}")
            measure(url, given.times)


def at_many_sites(text: str) -> str:
    """The same devices, spread."""
    return re.sub(r"  sw(\d+):\n", lambda found: f"{found[0]}    site: site{int(found[1]) % SITES:02}\n", text)


@contextmanager
def served(folder: Path, text: str) -> Iterator[str]:
    """The dashboard of a network."""
    (folder / "inventory").mkdir()
    (folder / "inventory" / "config.yaml").write_text(CONFIG, encoding="utf-8")
    settings = load_settings(folder)
    service = open_service(settings)
    found, problems = read_definition(service, text, Path("bench.yaml"))
    if found is None:
        raise SystemExit(problems[0].message)
    found.declare(service, accept_errors=True)
    service.store.close()
    service = open_service(settings)
    dashboard = open_dashboard(settings, service, listen="127.0.0.1:0")
    with bind("127.0.0.1", 0) as listening:
        stop = threading.Event()
        runs = threading.Thread(target=serve, args=(dashboard, server_of(dashboard), listening, stop.is_set))
        runs.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            stop.set()
            runs.join()
    service.store.close()


def measure(url: str, times: int) -> None:
    """Print what a browser with nothing kept needs, in the median; the server has answered once before."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(OPTIONS))
        visit(browser, url)
        visits = [visit(browser, url) for _ in range(times)]
        browser.close()
    paint, shown, alone = (median(column) for column in zip(*visits, strict=True))
    print(f"  first paint {paint:7.0f} ms, all shown {shown:7.0f} ms")
    print(f"  the answers alone {alone:7.0f} ms: {shown / alone:.1f} times as long to show them")


def visit(browser: "Browser", url: str) -> tuple[float, float, float]:
    """Milliseconds until something is painted, until the view is shown, and for the answers alone."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(url, wait_until="commit")
    shown = page.evaluate(SHOWN)
    paint = page.evaluate(PAINT)
    alone = page.evaluate(ALONE)
    page.close()
    return float(paint), float(shown), float(alone)


def median(values: Sequence[float]) -> float:
    return statistics.median(values)


if __name__ == "__main__":
    main()
