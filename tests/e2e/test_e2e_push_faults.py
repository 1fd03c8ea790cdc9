"""What a push makes of each fault of the lab: the tables in docs/how-to/practise-with-faults.md are what is tried.

Each row is a test: its faults are given to a device, the change that the page tells of is pushed to it, and what comes
of it is what the row says: the outcome, the exit status, the events, what the device runs and would boot with, and what
`cimnet recover` does once the device is well again.
"""

import re
import shlex
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from cimnet_nornir.lab.thread import RunningLab

if TYPE_CHECKING:
    from tests.e2e.conftest import Project

pytestmark = pytest.mark.slow

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "practise-with-faults.md"
APPLY = ("apply", "--yes", "--json")
OTHERS = ("r1", "sw2")
GUARDS = {"timer": "revert timer", "lines": "lines"}
CHECKS = "checks:\n  - {check: no-new-errors, hosts: sw1, within: 0}\n"
# What the reason of a failure says of each fault.
WHY = {
    "down": "cannot be reached",
    "host-key": "shows another SSH host key",
    "hang": "no prompt came",
    "hang-on": "no prompt came back within",
    "drop": "the session was closed",
    "drop-on": "the session was closed",
    "power-after": "the session was closed",
    "reject": "sw1 refused 'name guests': % Invalid input",
    "ignore": "sw1 took the lines, but does not run what is intended",
    "refuse-save": "sw1 did not save its configuration: ",
    "full": "No space left on device",
    "lock": "Configuration mode locked exclusively by user 'console'",
    "errors": "no new errors on all interfaces: there are 100 on GigabitEthernet1/0/1",
}
# What was brought and is taken back; of all else nothing was brought, or it stays, or nobody knows.
BACK = {"rejected", "differs", "check failed", "taken back"}
SETTLED = re.compile(r"(?P<outcome>[a-z ]+?)(?: \((?P<done>[a-z ]+); it was found (?P<found>[a-z ]+)\))?")
ACTIONS = {"taken back": "revert", "confirmed and saved": "keep", "finished": "finish"}


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table, with one of the kinds of protection that it names."""

    guard: str
    transaction: bool
    cells: Mapping[str, str]

    @property
    def id(self) -> str:
        return " ".join((self.guard, re.sub(r"[^\w ]", "", self.cells["fault"])))

    def faults(self, *, later: bool) -> list[list[str]]:
        """The faults as words of the command line: those before the push, or those after it."""
        before, _, after = self.cells["fault"].partition(", then ")
        return [shlex.split(words) for words in re.findall(r"`([^`]+)`", after if later else before)]

    @property
    def hangs(self) -> bool:
        return any(words[0].startswith("hang") for words in self.faults(later=False))

    def of(self, column: str) -> str:
        return self.cells[column].replace("`", "")

    def listed(self, column: str) -> list[str]:
        return [word for word in self.of(column).split(", ") if word != "nothing"]


def alone(*faults: str, guard: str = "timer") -> Row:
    """Faults that are no row of the page, since more than one thing happens after the push."""
    cells = {"fault": " and ".join(f"`{fault}`" for fault in faults), "exit": "5"}
    return Row(guard, transaction=False, cells=cells)


def rows(heading: str, *, transaction: bool) -> list[Row]:
    """The rows of the first table below a heading, one for each kind of protection."""
    below = PAGE.read_text(encoding="utf-8").partition(f"\n## {heading}\n")[2]
    lines = re.search(r"(?:^\|.*\n)+", below, re.MULTILINE)
    assert lines, heading
    titles, _, *content = [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in lines[0].splitlines()]
    found = [dict(zip(titles, cells, strict=True)) for cells in content]
    kinds = [cells["protection"].replace("either", "lines").split(", ") for cells in found]
    return [Row(guard, transaction, cells) for cells, guards in zip(found, kinds, strict=True) for guard in guards]


ALONE = rows("One device", transaction=False)
TOGETHER = rows("A transaction", transaction=True)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> "Callable[[str], Path]":
    """The folder of a project whose devices run what was intended, and whose intent has changed since."""
    from tests.e2e.conftest import CONFIG, NETWORK, Project, started_lab

    made: dict[str, Path] = {}

    def prepare(guard: str) -> Path:
        if guard not in made:
            project = Project(tmp_path_factory.mktemp(guard) / "small")
            (project.folder / "inventory").mkdir(parents=True)
            (project.folder / "inventory" / "config.yaml").write_text(CONFIG, encoding="utf-8")
            project.network.write_text(NETWORK, encoding="utf-8")
            project.declare()
            with started_lab(project, archive=guard == "timer"):
                project.ok(*APPLY)
            project.edit("vlans: {10: users, 99: management}", "vlans: {10: users, 20: guests, 99: management}")
            project.edit("description: desk}", "description: desk 2}")
            project.edit("description: to sw1, address", "description: to the first switch, address")
            project.declare(reason="CHG-2 guests")
            made[guard] = project.folder
        return made[guard]

    return prepare


class Tried:
    """A row being tried on a lab of its own."""

    def __init__(self, project: "Project", lab: RunningLab, row: Row) -> None:
        self.project, self.lab, self.row = project, lab, row
        self.before = {name: self.texts(name) for name in ("sw1", *OTHERS)}
        self.seen = self.project.rows("SELECT MAX(position) FROM stored_events")[0][0]
        self.deployment = ""

    def texts(self, name: str) -> tuple[str, str]:
        """What a device runs, and what it would boot with."""
        return self.lab.running_config(name), self.lab.startup_config(name)

    def fault(self, *words: str) -> None:
        self.project.ok("lab", "fault", "sw1", *words)

    def push(self) -> Mapping[str, Any]:
        """Give the device its faults, and push; what is told of each device."""
        faults = self.row.faults(later=False)
        in_the_middle = [words for words in faults if words[0] == "errors"]
        for words in faults:
            if words not in in_the_middle:
                self.fault(*words)
        which = ("--transaction",) if self.row.transaction else ("--limit", "sw1")
        with self.meanwhile(in_the_middle):
            ran = self.project.ok(*APPLY, *which, status=int(self.row.of("exit")))
        self.deployment = ran.json["deployment"]
        assert ran.json["trouble"] == []
        for words in self.row.faults(later=True):
            self.fault(*words)
        told: Mapping[str, Any] = ran.json["devices"]
        return told

    @contextmanager
    def meanwhile(self, faults: Sequence[Sequence[str]]) -> Iterator[None]:
        """Give the device faults as soon as it has the first line of the change."""
        if not faults:
            yield
            return

        def wait() -> None:
            until = time.monotonic() + 60
            while "vlan 20" not in self.lab.running_config("sw1") and time.monotonic() < until:
                time.sleep(0.01)
            for words in faults:
                self.lab.fault("sw1", words[0], interface=words[1])

        self.lab.fault("sw1", "slow", milliseconds=50)
        thread = threading.Thread(target=wait)
        thread.start()
        yield
        thread.join()

    def events(self, device: str) -> list[Mapping[str, Any]]:
        """What the deployment recorded about a device."""
        return [
            event
            for event in self.project.events()
            if event["position"] > self.seen and event["aggregate_id"] == f"deployment:{self.deployment}/{device}"
        ]

    def recorded(self, told: Mapping[str, Any]) -> None:
        """The events say of the device what the command said, and why the start may be trusted."""
        events = self.events("sw1")
        assert [event["type"] for event in events] == self.row.listed("recorded")
        finished = self.project.events("DeploymentFinished")[-1]
        assert finished["data"]["outcomes"]["sw1"] == told["outcome"]
        if events[0]["type"] == "PushStarted":
            start = events[0]["data"]
            assert (start["protection"], start["transaction"]) == (GUARDS[self.row.guard], self.row.transaction)
            assert start["minutes"] == (5 if self.row.guard == "timer" else 0)
            assert events[1]["causation_id"] == events[0]["event_id"]
            with self.project.service() as service:
                assert "description desk\n" in service.store.get_blob(start["snapshot"]).decode()
        result = events[-1]["data"]
        if events[-1]["type"] == "SwitchConfigurationFailed":
            same = ("outcome", "reason", "line", "answer", "sent", "remaining", "reverted", "checks")
            assert {name: result[name] for name in same} == {name: told[name] for name in same}
            assert result["reverted"] == (GUARDS[self.row.guard] if result["outcome"] in BACK else "")
            for words in self.row.faults(later=False):
                assert WHY[words[0]] in result["reason"]
        else:
            assert (result["lines"], result["saved"]) == (told["sent"], True)

    def afterwards(self, name: str, wanted: str) -> None:
        """What the device runs, and would boot with, is what the row says."""
        running, startup = self.texts(name)
        what, _, saved = wanted.partition(", ")
        is_there = ("vlan 20" in running, "description desk 2" in running)
        if what == "as before":
            assert running == self.before[name][0]
        elif what == "half of it":
            assert is_there == (True, False)
        else:
            assert what == "as intended"
            assert is_there == (True, True) if name != "r1" else "to the first switch" in running
        assert startup == (running if what == "as intended" and not saved else self.before[name][1])

    def recover(self) -> None:
        """Once the device is well again: what `cimnet recover` says it did, and what it records."""
        self.fault("clear")
        known = len(self.events("sw1"))
        wanted = self.row.of("recover")
        looked = self.project.ok("recover", "--check", status=0 if wanted == "nothing" else 5)
        assert [event["type"] for event in self.events("sw1")[known:]] == []
        ran = self.project.ok("recover", "--json")
        devices = ran.json["devices"]
        kinds = [event["type"] for event in self.events("sw1")[known:]]
        if wanted == "nothing":
            assert (devices, kinds) == ({}, [])
        else:
            found = SETTLED.fullmatch(wanted)
            assert found
            self.settled(devices, kinds, found)
            assert looked.out == f"sw1: {found['found'] or found['outcome']}\n"
        assert "nothing is in doubt" in self.project.ok("recover").out
        assert self.project.ok("store", "leases", "--json").json["leases"] == []

    def settled(self, devices: Mapping[str, Any], kinds: Sequence[str], found: re.Match[str]) -> None:
        said = devices["sw1"]
        wanted = (found["outcome"], found["found"] or found["outcome"], ACTIONS.get(found["done"] or ""))
        assert (said["outcome"], said["found"], said["action"]) == wanted
        assert kinds == (["RecoveryStarted", "PushSettled"] if found["done"] else ["PushSettled"])
        running, startup = self.texts("sw1")
        assert "No Rollback" in self.project.show("sw1", "show archive config rollback timer")
        if found["outcome"] == "not applied":
            assert (running, startup) == self.before["sw1"]
        else:
            assert "vlan 20" in running
            assert startup == running

    def works_again(self) -> None:
        """The next push brings what is missing, and then nothing is."""
        which = () if self.row.transaction else ("--limit", "sw1")
        self.project.ok(*APPLY, *which)
        for name in ("sw1", *(OTHERS if self.row.transaction else ())):
            self.afterwards(name, "as intended")
        assert "nothing to change" in self.project.ok("plan", *which).out


@pytest.fixture
def tried(request: pytest.FixtureRequest, prepared: Callable[[str], Path], tmp_path: Path) -> Iterator[Tried]:
    """The row's lab: a copy of one that was prepared."""
    from tests.e2e.conftest import Project, started_lab

    row: Row = request.param
    project = Project(tmp_path / "small")
    shutil.copytree(prepared(row.guard), project.folder)
    if row.hangs:
        _hurry(project)
    with started_lab(project) as lab:
        if any(words[0] == "errors" for words in row.faults(later=False)):
            (project.folder / "inventory" / "checks.yaml").write_text(CHECKS, encoding="utf-8")
        yield Tried(project, lab, row)


def _hurry(project: "Project") -> None:
    """Little patience with devices that are silent."""
    config = project.folder / "inventory" / "config.yaml"
    text = config.read_text(encoding="utf-8")
    patient, hurried = "{connect: 5, read: 5, line: 2, save: 5}", "{connect: 1, read: 2, line: 1, save: 1}"
    assert patient in text
    config.write_text(text.replace(patient, hurried), encoding="utf-8")


def _named(found: Sequence[Row]) -> list[Any]:
    return [pytest.param(row, id=row.id) for row in found]


@pytest.mark.parametrize("tried", _named(ALONE), indirect=True)
def test_a_push_to_one_device_makes_of_a_fault_what_the_page_says(tried: Tried) -> None:
    told = tried.push()["sw1"]
    assert told["outcome"] == tried.row.of("outcome")
    tried.recorded(told)
    tried.afterwards("sw1", tried.row.of("afterwards"))
    tried.recover()
    tried.works_again()


@pytest.mark.parametrize("tried", _named(TOGETHER), indirect=True)
def test_a_transaction_makes_of_a_fault_what_the_page_says(tried: Tried) -> None:
    devices = tried.push()
    assert devices["sw1"]["outcome"] == tried.row.of("outcome")
    others = tried.row.of("the others")
    assert {devices[name]["outcome"] for name in OTHERS} == {others}
    tried.recorded(devices["sw1"])
    decided = [event["data"]["decision"] for event in tried.project.events("TransactionDecided")]
    assert decided == tried.row.listed("decided")
    tried.afterwards("sw1", tried.row.of("afterwards"))
    for name in OTHERS:
        tried.afterwards(name, "as intended" if others == "applied" else "as before")
    tried.recover()
    tried.works_again()


@pytest.mark.parametrize("tried", [alone("hang 2")], ids=["hang 2"], indirect=True)
def test_a_device_that_stays_silent_stays_in_doubt_and_goes_back_by_itself(tried: Tried) -> None:
    assert tried.push()["sw1"]["outcome"] == "in doubt"
    for fault in ("hang", "down"):
        tried.fault(fault)
        assert "sw1: still in doubt: " in tried.project.ok("recover", status=5).out
    kinds = [event["type"] for event in tried.events("sw1")]
    assert kinds == ["PushStarted", "SwitchConfigurationFailed"]
    assert "vlan 20" in tried.lab.running_config("sw1")
    tried.lab.advance("sw1", 5 * 60)
    assert tried.texts("sw1") == tried.before["sw1"]
    for fault in ("clear", "up"):
        tried.fault(fault)
    assert tried.project.ok("recover").out == "sw1: not applied\n"
    assert [event["type"] for event in tried.events("sw1")[2:]] == ["PushSettled"]
    assert tried.texts("sw1") == tried.before["sw1"]
    assert tried.project.ok("store", "leases", "--json").json["leases"] == []


@pytest.mark.parametrize("tried", [alone(guard="lines"), alone()], ids=["lines", "timer"], indirect=True)
def test_a_device_that_loses_power_after_a_push_has_it(tried: Tried) -> None:
    tried.project.ok(*APPLY, "--limit", "sw1")
    tried.fault("power")
    tried.afterwards("sw1", "as intended")
    assert "nothing to change" in tried.project.ok("plan", "--limit", "sw1").out
    assert "nothing is in doubt" in tried.project.ok("recover").out


@pytest.mark.parametrize("tried", [alone("drop-on '^configure revert now'")], ids=["drop-on"], indirect=True)
def test_a_device_that_is_lost_while_a_transaction_is_taken_back_is_in_doubt(tried: Tried) -> None:
    tried.fault("drop-on", "^configure revert now")
    tried.lab.fault("sw2", "reject", pattern="^name guests")
    ran = tried.project.ok(*APPLY, "--transaction", status=5)
    outcomes = {name: item["outcome"] for name, item in ran.json["devices"].items()}
    assert outcomes == {"r1": "taken back", "sw1": "in doubt", "sw2": "rejected"}
    reason = ran.json["devices"]["sw1"]["reason"]
    assert reason.startswith("the transaction was taken back: sw2 rejected: refused 'name guests'")
    assert "the session with sw1 broke" in reason
    assert tried.project.ok("recover").out == "sw1: not applied\n"
    assert {name: tried.texts(name) for name in tried.before} == tried.before
    assert tried.project.ok("store", "leases", "--json").json["leases"] == []
