"""`kill -9` of `cimnet apply` at every step of a push to twenty devices, and between confirmations of a transaction."""

import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cimnet_nornir.lab.thread import RunningLab

if TYPE_CHECKING:
    from tests.e2e.conftest import Project

pytestmark = pytest.mark.slow

KILLING = Path(__file__).with_name("killing.py")
NAMES = tuple(f"sw{number:02}" for number in range(1, 21))
# What a push of one description and one VLAN comes to, on the device whose steps are counted.
LINES = (
    "show running-config",
    # Somebody pushed to the device lately: it is read again.
    "show running-config",
    "configure terminal revert timer 5",
    r"vlan \d+",
    r"interface GigabitEthernet1/0/1",
    r"description desk \d+",
    "end",
    "show running-config",
    "configure confirm",
    "write memory",
)


class Killed:
    """A change of intent on all devices, and `cimnet apply` killed at a step of it."""

    def __init__(self, twenty: "tuple[Project, RunningLab]", number: int) -> None:
        self.project, self.lab = twenty
        self.vlan = 100 + number
        text = self.project.network.read_text(encoding="utf-8")
        text = re.sub(r"desk \d+", f"desk {number}", text)
        text = re.sub(r"vlans: \{10: users[^}]*\}", f"vlans: {{10: users, {self.vlan}: change}}", text)
        self.project.network.write_text(text, encoding="utf-8")
        self.project.ok("declare", str(self.project.network), "--prune", "--yes")
        # What was left behind by the kill before is brought up to date, so that all devices start alike.
        self.before = {name: self.running(name) for name in NAMES}

    def running(self, name: str) -> str:
        return self.lab.running_config(name)

    def apply(self, counted: str, when: str, *options: str) -> list[str]:
        """Run apply until it is killed; the steps that were counted."""
        log = self.project.folder / f"steps-{self.vlan}.log"
        arguments = ["--project", str(self.project.folder), "apply", "--yes", *options]
        ran = subprocess.run(
            [sys.executable, str(KILLING), counted, when, str(log), *arguments],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert ran.returncode == (0 if when == "0" else -9), ran.stdout + ran.stderr
        return log.read_text(encoding="utf-8").splitlines()

    def recover(self, *, applied: bool | None = None) -> None:
        """After `cimnet recover` every device is as before or as intended, and the store says which."""
        self.project.ok("recover")
        assert "nothing is in doubt" in self.project.ok("recover").out
        for name in NAMES:
            is_new = f"vlan {self.vlan}" in self.running(name)
            assert self.running(name) == self.before[name] or is_new
            assert applied is None or is_new is applied, name
            assert self.lab.startup_config(name) == self.running(name), name
            assert self.told(name) == is_new, name
        left = [device["name"] for device in self.project.ok("plan", "--json").json["devices"] if device["commands"]]
        assert left == [name for name in NAMES if f"vlan {self.vlan}" not in self.running(name)]
        with self.project.service() as service:
            assert [lease.name for lease in service.store.leases() if lease.held] == []

    def told(self, name: str) -> bool:
        """Whether the store says that the device has this change."""
        rows = self.project.rows(
            "SELECT type, json_extract(CAST(state AS TEXT), '$.data.outcome') FROM stored_events"
            f" WHERE aggregate_id LIKE 'deployment:%/{name}' AND type IN ('SwitchConfigurationApplied', 'PushSettled')"
            f" AND json_extract(CAST(state AS TEXT), '$.data.intent') >= {self.intent()} ORDER BY position"
        )
        return bool(rows) and (rows[-1][0] == "SwitchConfigurationApplied" or rows[-1][1] == "applied")

    def intent(self) -> int:
        rows = self.project.rows("SELECT MAX(position) FROM stored_events WHERE type IN ('VlanCreated')")
        return int(rows[0][0])


def test_the_steps_are_those_of_a_push(twenty: "tuple[Project, RunningLab]") -> None:
    """So that the tests below kill at every one of them."""
    killed = Killed(twenty, 1)
    steps = killed.apply("ask sw07 |append", "0")
    asked = [step.removeprefix("ask sw07 ") for step in steps if step.startswith("ask ")]
    # VLANs of an earlier change go as well.
    shown = [line for line in asked if not line.startswith("no vlan") and not line.startswith("name ")]
    assert len(shown) == len(LINES)
    assert all(re.fullmatch(expected, line) for expected, line in zip(LINES, shown, strict=True)), shown
    kinds = {kind for step in steps if step.startswith("append ") for kind in step.removeprefix("append ").split(",")}
    assert kinds >= {"ChangeRequested", "DeploymentStarted", "PushStarted", "SwitchConfigurationApplied"}
    killed.recover(applied=True)


@pytest.mark.parametrize("line", range(2, 13))
def test_a_push_killed_at_any_line_to_a_device_is_settled(twenty: "tuple[Project, RunningLab]", line: int) -> None:
    killed = Killed(twenty, 10 + line)
    killed.apply("ask sw07 ", f"{'<' if line % 2 else '>'}{line}")
    killed.recover()


@pytest.mark.parametrize("when", ["<1", ">1"])
@pytest.mark.parametrize("event", ["DeploymentStarted", "PushStarted", "ConfigurationApplied", "DeploymentFinished"])
def test_a_push_killed_before_or_after_any_event_is_settled(
    twenty: "tuple[Project, RunningLab]", event: str, when: str
) -> None:
    number = 40 + 2 * len(event) + (when == ">1")
    killed = Killed(twenty, number)
    killed.apply(f"append .*{event}", when)
    killed.recover()


@pytest.mark.parametrize("confirmed", [1, 2, 10, 20])
def test_a_transaction_killed_between_two_confirmations_is_kept_everywhere(
    twenty: "tuple[Project, RunningLab]", confirmed: int
) -> None:
    killed = Killed(twenty, 100 + confirmed)
    killed.apply("ask .* configure confirm", f">{confirmed}", "--transaction", "--workers", "1")
    assert killed.project.events("TransactionDecided")[-1]["data"]["decision"] == "keep"
    killed.recover(applied=True)


def test_a_transaction_that_was_decided_is_brought_back_where_timers_ran_out(
    twenty: "tuple[Project, RunningLab]",
) -> None:
    killed = Killed(twenty, 130)
    killed.apply("ask .* configure confirm", ">3", "--transaction", "--workers", "1")
    killed.lab.advance(None, 6 * 60)
    assert f"vlan {killed.vlan}" not in killed.running("sw20")
    killed.recover(applied=True)


@pytest.mark.parametrize("when", ["<1", ">1"])
def test_a_transaction_killed_before_it_was_decided_is_taken_back_by_the_devices(
    twenty: "tuple[Project, RunningLab]", when: str
) -> None:
    killed = Killed(twenty, 140 + (when == ">1"))
    killed.apply("append TransactionDecided", "<1", "--transaction")
    assert all(f"vlan {killed.vlan}" in killed.running(name) for name in NAMES)
    if when == "<1":
        killed.lab.advance(None, 6 * 60)
        assert all(killed.running(name) == killed.before[name] for name in NAMES)
    killed.recover(applied=False)
    assert killed.project.events("TransactionDecided")[-1]["data"]["decision"] == "take back"
