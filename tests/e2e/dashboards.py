"""A project with a lab and a dashboard in a process of its own, and a page of a real browser that watches itself."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from tests.e2e.conftest import CONFIG, NETWORK, Project
from tests.host_networks import networks_stay

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

TOKEN = "a-token-that-may-change"
HOSTILE = "<script>document.title='owned'</script>"
SETTINGS = """\
    environment: lab
    dashboard: {tokens: {ann: {token: env:ANN_TOKEN, may: change}, eve: {token: env:EVE_TOKEN, may: read}}}
"""
PATIENCE = 30
"""Seconds in which a busy machine shows anything at all."""
AXE = Path(__file__).parents[1] / "vendor" / "axe.min.js"
# Rules of the Web Content Accessibility Guidelines, and what axe calls best practice.
_CHECK = """async () => {
  const found = await axe.run(document, { resultTypes: ["violations"] });
  return found.violations.filter(each => ["serious", "critical"].includes(each.impact))
    .flatMap(each => each.nodes.map(node => `${each.id}: ${node.html.slice(0, 200)} ${node.failureSummary}`));
}"""


def new_project(folder: Path) -> Project:
    """The small project, with nothing declared, in a folder for a whole module."""
    project = Project(folder / "small")
    (project.folder / "inventory").mkdir(parents=True)
    (project.folder / "inventory" / "config.yaml").write_text(CONFIG, encoding="utf-8")
    project.network.write_text(NETWORK, encoding="utf-8")
    return project


def dashboard_settings(project: Project) -> None:
    """Name two people in the settings who have tokens; the lines of a slow device may take their time."""
    config = project.folder / "inventory" / "config.yaml"
    text = config.read_text(encoding="utf-8").replace("    environment: lab\n", SETTINGS)
    config.write_text(text.replace("line: 2", "line: 30"), encoding="utf-8")


@dataclass(slots=True)
class Served:
    """A dashboard that runs."""

    url: str
    process: "subprocess.Popen[str]"

    @property
    def port(self) -> int:
        found = urlsplit(self.url).port
        assert found is not None
        return found

    def stop(self) -> None:
        """End it by Ctrl-C; it ends well."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        _, said = self.process.communicate(timeout=2 * PATIENCE)
        assert self.process.returncode == 0, said


@contextmanager
def served(project: Project, port: int = 0) -> Iterator[Served]:
    """`cimnet dashboard` as a person starts it, ended by Ctrl-C."""
    environment = {**os.environ, "ANN_TOKEN": TOKEN, "EVE_TOKEN": "a-token-that-may-read"}
    before = dict(os.environ)
    os.environ.update(environment)
    try:
        process = project.start("dashboard", "--listen", f"127.0.0.1:{port}")
    finally:
        os.environ.clear()
        os.environ.update(before)
    assert process.stdout is not None
    url = process.stdout.readline().strip()
    assert url, process.communicate()
    running = Served(url.rstrip("/"), process)
    try:
        yield running
    finally:
        if not process.stdout.closed:
            running.stop()


@dataclass(slots=True)
class Watched:
    """A page of the dashboard, and what it did that it must not do."""

    url: str
    page: "Page"
    context: "BrowserContext"
    errors: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def open(self, path: str = "/") -> "Page":
        """Go to a view, and wait until it is shown."""
        self.page.goto(self.url + path)
        return self.shown()

    def shown(self) -> "Page":
        """Wait until the view that the address names is shown."""
        self.page.wait_for_selector("main .view[data-ready]")
        return self.page

    def until(self, script: str) -> None:
        """Wait until an expression holds on the page, whose policy lets Playwright evaluate none there by itself."""
        deadline = time.monotonic() + PATIENCE
        while not self.page.evaluate(script):
            assert time.monotonic() < deadline, f"this does not hold after {PATIENCE} s: {script}"
            self.page.wait_for_timeout(50)

    def serious(self) -> list[str]:
        """What axe finds that keeps people out."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found: list[str] = self.page.evaluate(_CHECK)
        return found

    def map(self, script: str) -> Any:
        """What a script finds on the map; `cy` is Cytoscape."""
        return self.page.evaluate(
            f"(() => {{ const cy = document.getElementById('map')._cyreg.cy; return {script}; }})()"
        )

    def _heard(self, kind: str, text: str) -> None:
        if kind == "error" and not any(part in text for part in self.expected):
            self.errors.append(text)

    def _asked(self, url: str) -> None:
        if not url.startswith((f"{self.url}/", "data:")):
            self.elsewhere.append(url)


@contextmanager
def watched(browser: "Browser", url: str, **context: Any) -> Iterator[Watched]:
    """A new page. When the block ends it must have said no error, and asked nobody but the dashboard."""
    with networks_stay():
        yield from _watched(browser, url, **context)


def _watched(browser: "Browser", url: str, **context: Any) -> Iterator[Watched]:
    opened = browser.new_context(**{"viewport": {"width": 1440, "height": 900}, "reduced_motion": "reduce", **context})
    opened.set_default_timeout(PATIENCE * 1000)
    page = opened.new_page()
    found = Watched(url, page, opened)
    page.on("console", lambda message: found._heard(message.type, message.text))
    page.on("pageerror", lambda error: found._heard("error", str(error)))
    opened.on("request", lambda request: found._asked(request.url))
    try:
        yield found
    finally:
        opened.close()
    assert not found.errors, found.errors
    assert not found.elsewhere, found.elsewhere


def new_signer(project: Project, folder: Path, name: str) -> Path:
    """The key of somebody whom the project allows to approve plans."""
    key = folder / name
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", key], check=True)
    public = Path(f"{key}.pub").read_text(encoding="utf-8")
    signers = project.folder / "inventory" / "allowed_signers"
    signers.write_text(f"{name}@example.net {public}", encoding="utf-8")
    return key


def can_sign() -> bool:
    return shutil.which("ssh-keygen") is not None
