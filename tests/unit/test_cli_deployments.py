"""What the command line tells of plans, deployments and doubts; no device is asked."""

import json
import os
import pty
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cimnet_nornir.application.outcomes import PushOutcome
from cimnet_nornir.application.plan import Plan, write_plan
from cimnet_nornir.application.project import create_project
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.bootstrap import load_settings, open_service
from cimnet_nornir.cli import run

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(autouse=True)
def surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CIMNET_STORE", "CIMNET_ENV", "NO_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CIMNET_ACTOR", "ann")


@pytest.fixture(scope="module")
def declared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose example network is declared; to be copied."""
    folder = tmp_path_factory.mktemp("declared") / "campus"
    create_project(folder)
    assert run(["--project", str(folder), "declare", str(folder / "inventory" / "network.yaml")]) == 0
    return folder


@pytest.fixture
def campus(declared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(declared, tmp_path / "campus")
    monkeypatch.chdir(tmp_path / "campus")
    return tmp_path / "campus"


@pytest.fixture
def service(campus: Path) -> Iterator[NetworkService]:
    opened = open_service(load_settings(), reason="CHG-7")
    yield opened
    opened.store.close()


@pytest.fixture
def plan(service: NetworkService) -> Plan:
    """acc1 is bare, acc2 has what is intended."""
    acc1, acc2 = service.devices(["acc1", "acc2"])
    return service.plan_from({acc1.id: "hostname bare\n", acc2.id: service.render(["acc2"])["acc2"]})


@pytest.fixture
def cimnet(capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        status = run(list(arguments))
        return (status, *capsys.readouterr())

    return call


def document(said: tuple[int, str, str]) -> Any:
    return json.loads(said[1])


def deploy(service: NetworkService, plan: Plan, outcome: str = "applied") -> str:
    with service.deployment(plan) as deployment:
        for device in plan.changes:
            deployment.push_started(device)
            if outcome:
                deployment.record(PushOutcome(device, outcome, 0.5, "", sent=device.commands, saved=True))
    return str(deployment.id)


def test_a_saved_plan_is_shown_with_its_author_and_moment(cimnet: Run, plan: Plan, tmp_path: Path) -> None:
    file = str(tmp_path / "change.plan")
    write_plan(plan, Path(file))
    status, out, _ = cimnet("show", file)
    assert status == 0
    head, *rest = out.splitlines()
    assert head.startswith(f"plan {plan.digest[:19]} by ann, ")
    assert f"of intent up to event {plan.position}" in head
    assert f"acc1: {len(plan.changes[0].commands)} commands, +" in out
    assert "  + hostname acc1" in out
    assert rest[-1].startswith("lab: 1 device to change by ")
    assert rest[-1].endswith("1 in sync")
    assert "\n  hostname acc1\n" in cimnet("show", file, "--commands")[1]
    shown = document(cimnet("show", file, "--json"))
    assert (shown["format"], shown["digest"]) == ("cimnet.plan/1", plan.digest)
    assert [device["name"] for device in shown["devices"]] == ["acc1", "acc2"]


def test_a_plan_without_changes_says_so(cimnet: Run, service: NetworkService, tmp_path: Path) -> None:
    (device,) = service.devices(["acc2"])
    write_plan(service.plan_from({device.id: service.render(["acc2"])["acc2"]}), tmp_path / "empty.plan")
    assert cimnet("show", str(tmp_path / "empty.plan"))[1].splitlines()[-1] == "lab: nothing to change, 1 in sync"


def test_a_deployment_is_traced_to_the_intent_it_carried(cimnet: Run, service: NetworkService, plan: Plan) -> None:
    deployment = deploy(service, plan)
    status, out, _ = cimnet("trace", deployment[:8])
    assert status == 0
    assert "asked for: apply" in out
    assert "[CHG-7]" in out
    assert "acc1: push started in lab" in out
    assert "applied by netmiko in lab" in out
    traced = document(cimnet("trace", deployment, "--json"))
    assert traced["chain"]["event_id"] == deployment
    assert [event["type"] for event in traced["carries"]] == ["ChangeRequested"]


def test_intent_is_traced_to_the_deployment_that_carried_it(cimnet: Run, service: NetworkService, plan: Plan) -> None:
    deployment = deploy(service, plan)
    created = next(event for event in service.store.read_all(types=["VlanCreated"]) if "acc1" in event.aggregate_id)
    status, out, _ = cimnet("trace", str(created.position))
    assert status == 0
    assert "VLAN 10 (users) created" in out
    assert deployment[:8] in out
    assert document(cimnet("trace", str(created.position), "--json"))["carried_by"]


def test_blame_names_the_deployment_that_brought_a_line(cimnet: Run, service: NetworkService, plan: Plan) -> None:
    deployment = deploy(service, plan)
    (line,) = (
        line for line in document(cimnet("blame", "acc1", "vlan 10", "--json"))["lines"] if line["line"] == "vlan 10"
    )
    assert line["deployment"] == deployment
    assert deployment[:8] in cimnet("blame", "acc1", "vlan 10")[1]


def test_nothing_in_doubt_needs_no_device(cimnet: Run, service: NetworkService, plan: Plan) -> None:
    deploy(service, plan)
    assert cimnet("recover") == (0, "nothing is in doubt, and nothing waits\n", "")
    recovered = document(cimnet("recover", "--json"))
    assert (recovered["stored"], recovered["left"], recovered["devices"]) == (0, 0, {})


def test_a_spooled_result_that_cannot_be_read_is_told(cimnet: Run, service: NetworkService, campus: Path) -> None:
    spool = campus / ".cimnet" / "spool"
    spool.mkdir()
    (spool / "1.json").write_text("nonsense")
    status, out, _ = cimnet("recover")
    assert status == 1
    assert "not stored: " in out
    assert (spool / "corrupt" / "1.json").is_file()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("lab", "up", "--env", "real"), "a lab belongs to the environment 'lab'"),
        (("lab", "fault", "acc9", "down"), "there is no device 'acc9'"),
        (("lab", "fault", "acc1", "down"), "no lab is up"),
        (("apply", "missing.plan"), "there is no plan missing.plan"),
    ],
)
def test_what_cannot_be_is_told_before_any_device_is_asked(
    cimnet: Run, campus: Path, arguments: tuple[str, ...], words: str
) -> None:
    status, out, err = cimnet(*arguments)
    assert (status, out) == (1, "")
    assert words in err.splitlines()[-1]
    assert "this is a bug" not in err


def test_a_lab_that_is_down_is_told_by_its_status(cimnet: Run, campus: Path) -> None:
    status, out, _ = cimnet("lab", "status")
    assert status == 1
    assert "no lab is up; start one: cimnet lab up" in out
    assert document(cimnet("lab", "status", "--json"))["up"] is False
    assert cimnet("lab", "down")[:2] == (0, "no lab was up\n")


@pytest.mark.parametrize("command", ["plan", "apply", "verify"])
def test_without_a_network_there_is_nothing_to_read(
    cimnet: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    create_project(tmp_path / "empty")
    monkeypatch.chdir(tmp_path / "empty")
    status, out, err = cimnet(command)
    assert (status, out) == (1, "")
    assert "there is no network 'campus' yet; declare one: cimnet declare inventory/network.yaml" in err


@pytest.mark.parametrize(("no_color", "colored"), [(None, True), ("1", False), ("", True)])
def test_a_terminal_gets_colour_unless_told_not_to(campus: Path, no_color: str | None, colored: bool) -> None:
    """An empty NO_COLOR is none (no-color.org)."""
    environment = {**os.environ, "TERM": "xterm"} | ({} if no_color is None else {"NO_COLOR": no_color})
    ours, theirs = pty.openpty()
    try:
        program = "from cimnet_nornir.cli import run; run(['check'])"
        subprocess.run([sys.executable, "-c", program], check=True, stdout=theirs, env=environment, timeout=60)
        shown = os.read(ours, 1000).decode()
    finally:
        os.close(theirs)
        os.close(ours)
    assert "nothing found" in shown
    assert ("\x1b[" in shown) is colored


def test_the_leases_tell_who_works_on_what(service: NetworkService, cimnet: Run) -> None:
    assert cimnet("store", "leases") == (0, "", "nobody holds a lease\n")
    with service.store.lease("push:lab:campus/acc1", "bob on his laptop", seconds=60) as lease:
        with service.store.lease("push:lab:campus/acc2", "ann", seconds=60):
            pass
        said = cimnet("store", "leases")[1].splitlines()
        everything = json.loads(cimnet("store", "leases", "--all", "--json")[1])
        held = json.loads(cimnet("store", "leases", "--json")[1])["leases"]
    assert [line.split()[0] for line in said] == ["LEASE", "push:lab:campus/acc1"]
    assert "bob on his laptop  held" in said[1]
    assert everything["format"] == "cimnet.store-leases/1"
    assert [(each["name"], each["held"], each["free"]) for each in everything["leases"]] == [
        ("push:lab:campus/acc1", True, False),
        ("push:lab:campus/acc2", False, True),
    ]
    assert held == everything["leases"][:1]
    assert (held[0]["holder"], held[0]["token"], held[0]["owner_dead"]) == ("bob on his laptop", lease.token, False)
    assert "free" in cimnet("store", "leases", "--all")[1]
    refused = cimnet("store", "leases", "--at", "1")
    assert (refused[0], refused[1]) == (1, "")
    assert "the present only" in refused[2]


def test_a_lease_whose_process_died_is_told(service: NetworkService, campus: Path, cimnet: Run) -> None:
    program = (
        "import os; from cimnet_nornir.bootstrap import load_settings, open_service\n"
        "lease = open_service(load_settings()).store.lease('push:lab:campus/acc1', 'bob', seconds=600);"
        "lease.__enter__(); os._exit(0)"
    )
    subprocess.run([sys.executable, "-c", program], cwd=campus, check=True, timeout=60)
    assert "bob     its process died" in cimnet("store", "leases")[1]
