"""Push, verify, find drift, roll back and recover on one device that has a life of its own."""

import subprocess
import sys
from collections.abc import Iterator

import pytest

from cimnet_nornir.ios.recording import Recording
from tests.real.site import Site

pytestmark = pytest.mark.slow

# A check that takes the program away at the moment when the device holds the change and nobody has confirmed it.
DYING = """\
import os
import signal


class Dying:
    id = "dying"
    when = "after"
    hosts = []
    within = 0

    def run(self, device):
        os.kill(os.getpid(), signal.SIGKILL)
        yield "never"


dying = Dying()
"""
FAILING = """\
class Failing:
    id = "failing"
    when = "after"
    hosts = []
    within = 0

    def run(self, device):
        yield "as the suite wants it"


failing = Failing()
"""


@pytest.fixture(autouse=True)
def settled(site: Site) -> Iterator[None]:
    """Before each test and after it the device runs what is declared."""
    yield
    for check in (site.folder / "checks").glob("*.py"):
        check.unlink()
    site.declare("cimnet test")
    if site.planned()["commands"]:
        site.apply("netmiko")


@pytest.fixture
def pushed(site: Site) -> str:
    """What the device runs when everything declared is on it."""
    if site.planned()["commands"]:
        site.apply("netmiko")
    return site.shown()[0]


def check(site: Site, text: str) -> None:
    (site.folder / "checks").mkdir(exist_ok=True)
    (site.folder / "checks" / "of_the_suite.py").write_text(text, encoding="utf-8")


def test_the_doctor_says_what_the_device_can_do(site: Site) -> None:
    before = site.shown()
    told = site.json("doctor", status=(0, 2))["devices"][site.name]["capabilities"]
    assert told["privilege"] == 15
    assert told["version"]
    assert site.shown() == before


def test_a_push_arrives_is_saved_and_touches_nothing_else(site: Site, method: str) -> None:
    site.declare(f"pushed by {method}")
    assert all(site.ours(head) for head in site.touched())
    told = site.apply(method)
    assert (told["outcome"], told["saved"]) == ("applied", True)
    running, startup = site.shown()
    assert f" description pushed by {method}\n" in running
    assert f" description pushed by {method}\n" in startup
    assert "as intended" in site.run("verify")
    assert site.planned()["commands"] == []
    mine = {"interface", "vlan"}
    foreign = [line for line in site.running.splitlines() if line and line.split()[0] not in mine and line[0] != " "]
    assert [line for line in foreign if line not in running.splitlines()] == []


def test_what_somebody_types_is_drift_and_is_taken_back(site: Site, method: str, pushed: str) -> None:
    site.type(f"interface {site.target.ports[0]}", "description by hand")
    assert site.json("drift", status=2)["devices"][site.name]["drifted"] == 1
    assert site.apply(method)["outcome"] == "applied"
    site.run("drift")
    assert site.shown()[0] == pushed


def test_a_change_is_rolled_back_on_the_device(site: Site, method: str, pushed: str) -> None:
    moment = site.json("history", "--first", "1")["events"][0]["position"]
    site.declare("to be rolled back")
    assert site.apply(method)["outcome"] == "applied"
    site.run("rollback", "--to", str(moment), "--apply", "--yes", "--accept-errors", "--method", method)
    assert site.shown()[0] == pushed


def test_a_change_that_fails_its_check_is_taken_back(site: Site, method: str, pushed: str) -> None:
    saved = site.shown()[1]
    site.declare("to be taken back")
    check(site, FAILING)
    told = site.apply(method, status=3)
    assert (told["outcome"], bool(told["reverted"])) == ("check failed", True), told["reason"]
    assert site.shown() == (pushed, saved)


@pytest.mark.parametrize("passes", [True, False])
def test_a_transaction_of_one_device_is_kept_or_taken_back(site: Site, method: str, pushed: str, passes: bool) -> None:
    site.declare("in a transaction")
    if not passes:
        check(site, FAILING)
    told = site.apply(method, "--transaction", status=0 if passes else 3)
    assert told["outcome"] == ("applied" if passes else "check failed")
    assert (site.shown()[0] == pushed) is not passes


def test_a_commit_that_nobody_confirms_goes_back_by_itself_and_is_recovered(
    site: Site, method: str, pushed: str
) -> None:
    """Where the device has no timer, it holds the change, and `recover` finds that."""
    protected = site.json("doctor", status=(0, 2))["devices"][site.name]["capabilities"]["protection"]["kind"]
    site.declare("left unconfirmed")
    check(site, DYING)
    ended = subprocess.run(
        [
            *(
                sys.executable,
                "-m",
                "cimnet_nornir",
                "--project",
                str(site.folder),
                "apply",
                "--yes",
                "--accept-errors",
            ),
            *("--method", method, "--confirm-within", "1"),
        ],
        check=False,
        capture_output=True,
    )
    assert ended.returncode == -9, ended.stderr
    assert " description left unconfirmed\n" in site.shown()[0]
    # IOS counts whole minutes, and takes its time.
    site.target.wait(75)
    assert (site.shown()[0] == pushed) is (protected == "revert timer")
    check(site, "")
    settled = site.json("recover")["devices"].values()
    assert [item["outcome"] for item in settled] == ["not applied" if protected == "revert timer" else "applied"]
    assert site.json("recover")["devices"] == {}


def test_a_session_is_recorded_and_read_again(site: Site) -> None:
    printed = site.json("lab", "record", site.name, "-o", str(site.folder / "recordings"))
    text = next((site.folder / "recordings").glob("*.json")).read_text(encoding="utf-8")
    recording = Recording.from_json(text)
    assert printed["source"] == "real device"
    assert site.name not in text
    assert site.target.address not in text
    assert all(exchange.prompt.endswith("#") for exchange in recording.exchanges)
