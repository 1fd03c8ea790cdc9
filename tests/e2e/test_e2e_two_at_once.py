"""Two `cimnet apply` at once on the same devices, ten times over: each ends at one of two intents."""

import json
import re
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from cimnet_nornir.lab.thread import RunningLab

if TYPE_CHECKING:
    from tests.e2e.conftest import Project

pytestmark = pytest.mark.slow

ALL = ("r1", "sw1", "sw2")
APPLIED = ("RouterConfigurationApplied", "SwitchConfigurationApplied")
# What whoever lost is told of a device: another held it, or it is not as it was planned for any more; and, in a
# transaction, of the devices that go back or were not touched on that account.
LOST = {"busy", "stale"}
TOGETHER = {*LOST, "taken back"}


@dataclass(frozen=True, slots=True)
class Round:
    """Who begins, and by how many seconds.

    Where the older intent is `superseded`, both begin after the newer one was declared; else the plan is under way by
    so many seconds when it is.
    """

    number: int
    transaction: bool
    plan_first: bool
    apart: float
    superseded: bool

    @property
    def id(self) -> str:
        first = "the plan" if self.plan_first else "the present intent"
        how = "as a transaction, " if self.transaction else ""
        return f"{self.number}: {how}{first} first by {self.apart:.2f} s{', superseded' if self.superseded else ''}"


ROUNDS = (
    Round(1, transaction=False, plan_first=True, apart=0.0, superseded=True),
    Round(2, transaction=False, plan_first=False, apart=0.0, superseded=True),
    Round(3, transaction=False, plan_first=True, apart=0.05, superseded=True),
    Round(4, transaction=False, plan_first=True, apart=0.0, superseded=False),
    Round(5, transaction=False, plan_first=True, apart=0.3, superseded=False),
    Round(6, transaction=False, plan_first=True, apart=0.9, superseded=False),
    Round(7, transaction=True, plan_first=True, apart=0.0, superseded=True),
    Round(8, transaction=True, plan_first=False, apart=0.02, superseded=True),
    Round(9, transaction=True, plan_first=True, apart=0.0, superseded=False),
    Round(10, transaction=True, plan_first=True, apart=0.6, superseded=False),
)


@dataclass(frozen=True, slots=True)
class Ended:
    """What one of the two came to: its exit status, and the outcome at each device."""

    status: int
    deployment: str
    outcomes: Mapping[str, str]


class Rivals:
    """The small project with archives, and two intents for all its devices that are told apart by a number."""

    def __init__(self, project: "Project", lab: RunningLab) -> None:
        self.project, self.lab = project, lab
        self.references = {intent: self.reached(f"{intent}-0") for intent in ("a", "b")}

    def reached(self, intent: str) -> dict[str, str]:
        """What the devices run when nobody else pushes."""
        self.declare(intent)
        self.project.ok("apply", "--yes")
        return {name: self.lab.running_config(name) for name in ALL}

    def declare(self, intent: str) -> None:
        """Another VLAN and another text at each port; nothing of the intent before stays."""
        text = self.project.network.read_text(encoding="utf-8")
        vlan = 20 if intent.startswith("a") else 30
        text = re.sub(r"vlans: \{.*\}", f"vlans: {{10: users, {vlan}: guests-{intent}, 99: management}}", text)
        text = re.sub(r"description: [^,}]+", f"description: of {intent}", text)
        self.project.network.write_text(text, encoding="utf-8")
        self.project.ok("declare", str(self.project.network), "--prune", "--yes")

    def wanted(self, intent: str, number: int, name: str) -> str:
        return self.references[intent][name].replace(f"{intent}-0", f"{intent}-{number}")

    def run(self, this: Round) -> tuple[Ended, Ended]:
        """One round; what the apply of the plan came to, and that of the present intent."""
        self.clear()
        self.declare(f"a-{this.number}")
        self.project.ok("plan", "-o", str(self.project.folder / "a.plan"))
        for name in ALL:
            # Slow enough that the newer one comes while the plan is under way.
            self.lab.fault(name, "slow", milliseconds=15 if this.superseded else 100)
        how = ("--yes", "--json", *(("--transaction",) if this.transaction else ()))
        commands = (("apply", "a.plan", *how), ("apply", *how))
        if this.superseded:
            self.declare(f"b-{this.number}")
            order = commands if this.plan_first else commands[::-1]
            first = self.project.start(*order[0])
            time.sleep(this.apart)
            second = self.project.start(*order[1])
            started = (first, second) if this.plan_first else (second, first)
        else:
            known = self.deployments()
            plan = self.project.start(*commands[0])
            while self.deployments() == known and plan.poll() is None:
                time.sleep(0.01)
            time.sleep(this.apart)
            self.declare(f"b-{this.number}")
            started = (plan, self.project.start(*commands[1]))
        one, other = (ended(process) for process in started)
        return one, other

    def clear(self) -> None:
        for name in ALL:
            self.lab.fault(name, "clear")

    def deployments(self) -> int:
        return int(self.project.rows("SELECT COUNT(*) FROM stored_events WHERE type = 'DeploymentStarted'")[0][0])


def ended(process: "subprocess.Popen[str]") -> Ended:
    with process:
        out, err = process.communicate(timeout=120)
    assert process.returncode in (0, 3), out + err
    document = json.loads(out)
    outcomes = {name: item["outcome"] for name, item in document["devices"].items()}
    assert document["trouble"] == []
    assert process.returncode == (0 if set(outcomes.values()) <= {"applied"} else 3)
    return Ended(process.returncode, document["deployment"], outcomes)


@pytest.fixture
def rivals(small: "Project", guarded: RunningLab) -> Rivals:
    return Rivals(small, guarded)


def last_applied(events: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Which deployment was the last that brought its change to each device."""
    return {event["data"]["device"]: event["correlation_id"] for event in events}


def test_each_device_ends_at_one_of_the_two_intents_and_never_at_a_mixture(rivals: Rivals) -> None:
    for this in ROUNDS:
        before = {name: rivals.lab.running_config(name) for name in ALL}
        seen = len(rivals.project.events(*APPLIED))
        ends = rivals.run(this)
        applied = last_applied(rivals.project.events(*APPLIED)[seen:])
        for name in ALL:
            running = rivals.lab.running_config(name)
            assert rivals.lab.startup_config(name) == running, (this.id, name)
            owners = {rivals.wanted(intent, this.number, name): intent for intent in ("a", "b")}
            told = [end.outcomes.get(name, "") for end in ends]
            if running == before[name]:
                # Two transactions that held a device each, and so none of them all: both went back everywhere.
                assert this.transaction, (this.id, name, told)
                assert applied == {}
                assert {end.status for end in ends} == {3}
                continue
            assert running in owners, (this.id, name, told)
            owner = ends[0 if owners[running] == "a" else 1]
            assert applied[name] == owner.deployment, (this.id, name, told)
            assert set(told) - {"applied"} <= (TOGETHER if this.transaction else LOST), (this.id, told)
        if this.transaction:
            assert len(set(applied.values())) <= 1, this.id
        if this.superseded:
            # Whoever has the present intent is not kept waiting by a plan that nothing comes of.
            assert (set(ends[0].outcomes.values()), ends[1].status) == ({"stale"}, 0), this.id
        assert "nothing is in doubt" in rivals.project.ok("recover").out
        assert rivals.project.ok("store", "leases", "--json").json["leases"] == []
    rivals.project.ok("store", "verify")
