"""Takes the pictures of the dashboard that the documentation shows: the example campus in a lab, on a busy day.

`python docs/screenshots.py` writes docs/images/*.png. It needs what the dashboard's tests need: the extra `web`,
Playwright, Debian's chromium, and ssh-keygen.
"""  # noqa: INP001 - a program, not a package

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

IMAGES = Path(__file__).resolve().parent / "images"
MOST_BYTES = 200_000
TOKEN = "a-token-for-the-pictures"  # noqa: S105 - of a project that lives as long as this program
SETTINGS = "    dashboard: {tokens: {ana: {token: env:ANA_TOKEN, may: change}}}\n    environment: lab"
WIDE, PHONE = (1280, 800), (390, 844)
# It looks for nothing on the network by itself, and needs neither a display nor privileges.
OPTIONS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")


@dataclass(frozen=True, slots=True)
class Campus:
    """The example project, in a folder of its own."""

    folder: Path

    def run(self, *arguments: str, statuses: Sequence[int] = (0, 2, 3, 4)) -> str:
        """Run `cimnet` in the project; a device that is down, and drift, belong to the picture."""
        ran = subprocess.run(
            _command(*arguments), cwd=self.folder, env=_surroundings(), capture_output=True, text=True, check=False
        )
        if ran.returncode not in statuses:
            sys.exit(f"cimnet {' '.join(arguments)}: {ran.returncode}\n{ran.stdout}{ran.stderr}")
        return ran.stdout

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        pipe = subprocess.PIPE
        return subprocess.Popen(
            _command(*arguments), cwd=self.folder, env=_surroundings(), stdout=pipe, stderr=pipe, text=True
        )

    def edit(self, path: str, *changes: tuple[str, str]) -> None:
        file = self.folder / "inventory" / path
        text = file.read_text(encoding="utf-8")
        for old, new in changes:
            if old not in text:
                sys.exit(f"{file} has no {old!r} any more")
            text = text.replace(old, new)
        file.write_text(text, encoding="utf-8")


def main() -> None:
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary, _campus(Path(temporary)) as campus, _dashboard(campus) as url:
        _take_all(campus, url, Path(temporary))
    for image in sorted(IMAGES.glob("*.png")):
        size = image.stat().st_size
        sys.stdout.write(f"{image.name}: {size // 1000} kB\n")
        if size > MOST_BYTES:
            sys.exit(f"{image.name} is larger than {MOST_BYTES // 1000} kB")


@contextmanager
def _campus(folder: Path) -> Iterator[Campus]:
    """The campus rolled out; then somebody changed a switch by hand, one is down, and more is declared."""
    campus = Campus(folder / "campus")
    subprocess.run(_command("init", str(campus.folder)), env=_surroundings(), check=True, capture_output=True)
    campus.edit("config.yaml", ("    environment: lab", SETTINGS))
    campus.run("declare", "inventory/network.yaml", "--reason", "CHG-2041 first roll-out")
    campus.run("lab", "up")
    try:
        campus.run("apply", "--yes", "--reason", "CHG-2041 first roll-out")
        _change_by_hand(campus, "acc2", ["interface GigabitEthernet1/0/5", "description borrowed by Jim"])
        campus.run("drift")
        campus.run("lab", "fault", "acc3", "down")
        campus.edit(
            "network.yaml",
            ("  40: guests\n", "  40: guests\n  50: cameras\n"),
            ("description: meeting room", "description: board room"),
        )
        campus.run("declare", "inventory/network.yaml", "--reason", "CHG-2047 cameras in the yard")
        for _ in range(2):
            campus.run("status", "--collect")
        yield campus
    finally:
        campus.run("lab", "down")


def _change_by_hand(campus: Campus, device: str, lines: Sequence[str]) -> None:
    from netmiko import ConnectHandler

    from cimnet_nornir.bootstrap import LAB_PASSWORD, LAB_USER

    found = json.loads(campus.run("lab", "status", "--json"))["devices"][device]
    where = {"host": found["host"], "port": found["port"]}
    who = {"username": LAB_USER, "password": LAB_PASSWORD, "secret": LAB_PASSWORD}
    with ConnectHandler(device_type="cisco_ios", **where, **who) as session:
        session.enable()
        session.send_config_set(lines)


@contextmanager
def _dashboard(campus: Campus) -> Iterator[str]:
    process = campus.start("dashboard", "--listen", "127.0.0.1:0")
    try:
        yield (process.stdout.readline() if process.stdout else "").strip().rstrip("/")
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)


def _take_all(campus: Campus, url: str, folder: Path) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        program = shutil.which("chromium")
        if program is None:
            sys.exit("no chromium is installed (Debian: chromium)")
        browser = playwright.chromium.launch(executable_path=program, args=list(OPTIONS))
        _take(browser, "plans", f"{url}/plan/{_approved_plan(campus, url, folder)}", act=_log_in)
        _take(browser, "device", f"{url}/device/dist1", theme="dark")
        _take(browser, "configuration", f"{url}/device/acc1/configuration", act=_blame)
        _take(browser, "past", url, theme="dark", act=_go_back)
        _take(browser, "phone", url, size=PHONE)
        _while_it_runs(campus, browser, url)
        _take(browser, "events", f"{url}/events", act=_pick_event)
        browser.close()


def _while_it_runs(campus: Campus, browser: "Browser", url: str) -> None:
    """A deployment that takes its time, and the topology meanwhile."""
    campus.run("lab", "fault", "acc4", "slow", "5000")
    running = campus.start("apply", "--limit", "acc1,acc4,dist1", "--yes", "--reason", "CHG-2047 cameras in the yard")
    _take(browser, "deployment", f"{url}/deployments", theme="dark", act=_watch)
    _take(browser, "topology", f"{url}/?select=device:acc4", act=_settled)
    _take(browser, "topology-dark", f"{url}/?vlan=100", theme="dark", act=_settled)
    campus.run("lab", "fault", "acc4", "clear")
    out, err = running.communicate()
    if running.returncode:
        sys.exit(f"cimnet apply: {running.returncode}\n{out}{err}")


def _take(
    browser: "Browser",
    name: str,
    address: str,
    *,
    theme: str = "light",
    size: tuple[int, int] = WIDE,
    act: "Callable[[Page], Any] | None" = None,
) -> None:
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if theme == "dark" else "light",
        reduced_motion="reduce",
        device_scale_factor=1 if size == WIDE else 2,
    )
    page = context.new_page()
    page.goto(address)
    page.wait_for_selector("main .view[data-ready]")
    page.wait_for_selector("[data-live=live]")
    if act is not None:
        act(page)
    page.screenshot(path=IMAGES / f"{name}.png")
    context.close()


def _settled(page: "Page") -> None:
    page.wait_for_selector(".device-list >> text=deploying")
    page.wait_for_timeout(500)


def _watch(page: "Page") -> None:
    page.click("tbody tr:has-text('running') a", timeout=120_000)
    page.wait_for_selector(".push:has-text('acc4'):has-text('running')")
    page.wait_for_selector(".push:has-text('acc1'):has-text('applied')")


def _log_in(page: "Page") -> None:
    page.click("#login")
    page.fill("#token", TOKEN)
    page.keyboard.press("Enter")
    page.wait_for_selector("#apply")
    page.wait_for_selector(".toast", state="detached")


def _go_back(page: "Page") -> None:
    """To what the network was before the last declaration."""
    page.wait_for_selector("#moment:enabled")
    for _ in range(3):
        page.keyboard.press(",")
        page.wait_for_timeout(600)


def _blame(page: "Page") -> None:
    page.locator(".blame tr:has-text('board room')").first.scroll_into_view_if_needed()


def _pick_event(page: "Page") -> None:
    page.locator(".event a:has-text('applied')").first.click()
    page.wait_for_selector(".beside .tree-event.current")


def _approved_plan(campus: Campus, url: str, folder: Path) -> str:
    """A plan that ana made on the page, and ben approved; the beginning of its digest."""
    key = folder / "ben"
    program = shutil.which("ssh-keygen") or sys.exit("no ssh-keygen is installed (Debian: openssh-client)")
    subprocess.run([program, "-q", "-t", "ed25519", "-N", "", "-C", "ben", "-f", key], check=True)
    public = Path(f"{key}.pub").read_text(encoding="utf-8")
    (campus.folder / "inventory" / "allowed_signers").write_text(f"ben@example.net {public}", encoding="utf-8")
    job = _ask(f"{url}/api/v1/plans", {"limit": ["acc1", "acc2", "dist1"], "reason": "CHG-2047"})["job"]
    while (done := _ask(f"{url}/api/v1/jobs/{job}"))["state"] == "running":
        pass
    digest = str(done["result"]["digest"]).removeprefix("sha256:")
    campus.run("approve", f".cimnet/plans/{digest}.json", "--key", str(key), "--note", "looked at dist1", "--yes")
    return digest[:8]


def _ask(address: str, content: object = None) -> Any:
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
    data = None if content is None else json.dumps(content).encode()
    with urllib.request.urlopen(urllib.request.Request(address, data, headers), timeout=60) as answer:  # noqa: S310 - ours
        return json.load(answer)


def _command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "cimnet_nornir", *arguments]


def _surroundings() -> dict[str, str]:
    return {**os.environ, "CIMNET_ACTOR": "ana", "ANA_TOKEN": TOKEN, "NO_COLOR": "1"}


if __name__ == "__main__":
    main()
