"""Plans that somebody else has to sign before they are carried out: by the command line, and by runbooks."""

import os
import pty
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from nornir import InitNornir
from nornir.core import Nornir

from cimnet_nornir.inventory.builder import CimnetDefaults
from cimnet_nornir.lab.thread import RunningLab
from cimnet_nornir.processors import CimnetRecorder
from cimnet_nornir.tasks import cimnet_push

if TYPE_CHECKING:
    from tests.e2e.conftest import Project

pytestmark = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="openssh-client is not installed")
REQUIRE_ONE = "    environment: lab\n    approval: {required: 1}\n"


def new_key(folder: Path, name: str) -> Path:
    """A new key in a file."""
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", folder / name], check=True)
    return folder / name


@pytest.fixture
def bob(small: "Project", tmp_path: Path) -> Path:
    """The key of bob, who may sign; ann, who makes the plans, may too. One approval is required."""
    config = small.folder / "inventory" / "config.yaml"
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace("    environment: lab\n", REQUIRE_ONE), encoding="utf-8")
    keys = {name: new_key(tmp_path, name) for name in ("bob", "ann")}
    lines = [f"{name}@example.net {Path(f'{key}.pub').read_text(encoding='utf-8')}" for name, key in keys.items()]
    (small.folder / "inventory" / "allowed_signers").write_text("".join(lines), encoding="utf-8")
    return keys["bob"]


@pytest.fixture
def saved(small: "Project", bob: Path, lab: RunningLab) -> Path:
    """A plan for everything, not approved yet."""
    file = small.folder / "change.plan"
    small.ok("plan", "-o", str(file))
    return file


@pytest.fixture
def nornir(small: "Project", saved: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Nornir]:
    """Nornir as a user makes it, in the project's folder."""
    monkeypatch.chdir(small.folder)
    made = InitNornir(config_file="inventory/config.yaml")
    yield made
    made.close_connections()
    assert isinstance(made.inventory.defaults, CimnetDefaults)
    made.inventory.defaults.service.store.close()


def nothing_was_sent(project: "Project", lab: RunningLab) -> bool:
    return not project.events("PushStarted") and all(
        "vlan 10" not in lab.running_config(name) for name in ("sw1", "sw2")
    )


def test_where_no_approval_is_required_the_dashboards_is_told_of(small: "Project", saved: Path, bob: Path) -> None:
    config = small.folder / "inventory" / "config.yaml"
    config.write_text(config.read_text(encoding="utf-8").replace("required: 1", "required: 0"), encoding="utf-8")
    ran = small.ok("approve", str(saved), "--key", str(bob), "--yes")
    assert "approvals: 1, none is required here; the dashboard requires one\n" in ran.out


def test_a_plan_is_carried_out_after_it_was_approved_and_not_before(
    small: "Project", lab: RunningLab, saved: Path, bob: Path
) -> None:
    ran = small.ok("apply", str(saved), "--yes", status=1)
    assert "the project wants 1 approval of a plan, and this one was approved by nobody; save it" in ran.err
    assert "approvals: 0 of 1\n" in small.ok("show", str(saved)).out
    assert nothing_was_sent(small, lab)
    ran = small.ok("approve", str(saved), "--key", str(bob), "--note", "looked at sw1", "--yes", "--reason", "CHG-1")
    assert "to change by" in ran.out
    assert "approved in request " in ran.out
    assert ran.err == f"key: {bob} (--key)\nnext: cimnet apply {saved}\n"
    shown = small.ok("show", str(saved)).out
    assert "approvals: 1 of 1\n  bob@example.net  " in shown
    assert "  valid  looked at sw1\n" in shown
    assert "3 of 3 devices done" in small.ok("apply", str(saved), "--yes").out
    (event,) = small.events("PlanApproved")
    assert event["reason"] == "CHG-1"
    assert event["data"]["plan"] == small.events("DeploymentStarted")[-1]["data"]["plan"]
    assert "approved (lab) by bob@example.net" in small.ok("trace", event["event_id"]).out


def test_without_a_file_nothing_is_carried_out(small: "Project", lab: RunningLab, bob: Path) -> None:
    ran = small.ok("apply", "--yes", status=1)
    assert "save it (cimnet plan -o FILE), have it signed by others (cimnet approve FILE)" in ran.err
    assert ran.err.count("cimnet: error: ") == 1
    assert nothing_was_sent(small, lab)


def test_the_author_is_refused(small: "Project", lab: RunningLab, saved: Path, bob: Path) -> None:
    ran = small.ok("approve", str(saved), "--key", str(bob.with_name("ann")), "--yes", status=1)
    assert "ann@example.net is the plan's author (ann), who does not approve it; somebody else has to" in ran.err
    assert small.events("PlanApproved", "ChangeRequested")[-1]["data"].get("command") != "approve"


def test_a_withdrawn_approval_stops_the_plan_for_good(
    small: "Project", lab: RunningLab, saved: Path, bob: Path
) -> None:
    key = ("--key", str(bob), "--yes")
    small.ok("approve", str(saved), *key)
    assert "approved already\n" in small.ok("approve", str(saved), *key).out
    ran = small.ok("approve", str(saved), *key, "--withdraw", "--reason", "CHG-1 called off")
    assert "withdrawn in request " in ran.out
    assert "not valid: withdrawn" in ran.out
    assert "next:" not in ran.err
    assert "not counting bob@example.net (withdrawn)" in small.ok("apply", str(saved), "--yes", status=1).err
    assert "for good; plan again" in small.ok("approve", str(saved), *key, status=1).err
    assert nothing_was_sent(small, lab)


def test_programs_are_told_in_json(small: "Project", lab: RunningLab, saved: Path, bob: Path) -> None:
    document = small.ok("approve", str(saved), "--key", str(bob), "--yes", "--json").json
    assert (document["format"], document["required"], document["approved"]) == ("cimnet.approval/1", 1, True)
    (given,) = document["approvals"]
    assert (given["signer"], given["valid"], given["problem"]) == ("bob@example.net", True, "")
    shown = small.ok("show", str(saved), "--json").json
    assert (shown["format"], shown["digest"], shown["approvals"]) == ("cimnet.plan/1", document["plan"], [given])


def test_nobody_approves_without_being_asked(small: "Project", lab: RunningLab, saved: Path, bob: Path) -> None:
    assert "nobody is there to be asked; say --yes" in small.ok("approve", str(saved), "--key", str(bob), status=1).err
    assert "there is no key /none" in small.ok("approve", str(saved), "--key", "/none", "--yes", status=1).err
    ran = small.ok("approve", str(saved), "--key", str(bob), "--yes", "--env", "real", status=1)
    assert "the plan is for 'small' in 'lab', and this is 'small' in 'real'" in ran.err
    assert small.events("PlanApproved") == []


@pytest.mark.parametrize(("answer", "status"), [("n", 1), ("y", 0)])
def test_who_sits_at_a_terminal_sees_the_lines_and_is_asked(
    small: "Project", lab: RunningLab, saved: Path, bob: Path, answer: str, status: int
) -> None:
    program = "from cimnet_nornir.cli import main; main()"
    arguments = ["approve", saved.name, "--key", str(bob)]
    ours, theirs = pty.openpty()
    try:
        os.write(ours, f"{answer}\n".encode())
        done = subprocess.run(
            [sys.executable, "-c", program, *arguments],
            cwd=small.folder, stdin=theirs, stderr=theirs, stdout=subprocess.PIPE, text=True, check=False, timeout=60,
        )  # fmt: skip
        asked = os.read(ours, 2000).decode()
    finally:
        os.close(theirs)
        os.close(ours)
    assert (done.returncode, "+ vlan 10" in done.stdout) == (status, True)
    assert "Approve this plan for lab? [y/N]" in asked
    assert len(small.events("PlanApproved")) == (answer == "y")


def test_a_plan_is_shown_outside_a_project_too(saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from cimnet_nornir.cli import run

    shutil.copy(saved, tmp_path / "copy.plan")
    monkeypatch.chdir(tmp_path)
    assert run(["show", "copy.plan"]) == 0


def test_a_runbook_that_plans_for_itself_is_refused(
    small: "Project", lab: RunningLab, nornir: Nornir, saved: Path, bob: Path
) -> None:
    small.ok("approve", str(saved), "--key", str(bob), "--yes")
    results = nornir.run(task=cimnet_push)
    assert all(result.failed for result in results.values())
    assert "cimnet plan -o FILE" in results["sw1"][0].result
    assert nothing_was_sent(small, lab)


def test_a_runbook_carries_out_the_plan_that_was_approved(
    small: "Project", lab: RunningLab, nornir: Nornir, saved: Path, bob: Path
) -> None:
    from cimnet_nornir.application.plan import read_plan

    small.ok("approve", str(saved), "--key", str(bob), "--yes")
    assert isinstance(nornir.inventory.defaults, CimnetDefaults)
    plan = read_plan(saved)
    with CimnetRecorder(nornir.inventory.defaults.service, plan=plan) as recorder:
        results = nornir.with_processors([recorder]).run(task=cimnet_push, plan=plan)
    assert not results.failed
    assert "vlan 10" in lab.running_config("sw1")


def test_a_runbook_does_not_push_something_else_under_an_approved_plan(
    small: "Project", lab: RunningLab, nornir: Nornir, saved: Path, bob: Path
) -> None:
    from cimnet_nornir.application.plan import read_plan

    small.ok("approve", str(saved), "--key", str(bob), "--yes")
    small.edit("10: users", "10: people")
    small.declare()
    assert isinstance(nornir.inventory.defaults, CimnetDefaults)
    with CimnetRecorder(nornir.inventory.defaults.service, plan=read_plan(saved)) as recorder:
        results = nornir.with_processors([recorder]).run(task=cimnet_push)
    assert "what was approved for sw1 is not this; plan again" in results["sw1"][0].result
    assert "name people" not in lab.running_config("sw1")
