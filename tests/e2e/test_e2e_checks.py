"""Checks on the devices of a lab: each kind passes and fails for real, in `cimnet verify --checks` and in a runbook."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from nornir import InitNornir
from nornir.core import Nornir

from cimnet_nornir.errors import CommandRejected, DefinitionError, DeviceUnreachable
from cimnet_nornir.inventory.builder import CimnetDefaults
from cimnet_nornir.lab.thread import RunningLab
from cimnet_nornir.tasks import cimnet_checks
from cimnet_nornir.tasks.checks import check_over
from cimnet_nornir.tasks.context import context_of
from cimnet_nornir.tasks.login import open_session

if TYPE_CHECKING:
    from nornir.core.task import Result, Task

    from tests.e2e.conftest import Project

CAMPUS = """
checks:
  - {check: interface-up, interface: gi1/0/24, hosts: [acc1], within: 0}
  - {check: interface-up, interface: gi1/0/9, hosts: [acc1], within: 0, reason: the printer}
  - {check: interface-up, interface: Vlan98, hosts: [acc1], within: 0}
  - {check: neighbor-up, protocol: cdp, neighbor: dist1, interface: gi1/0/23, hosts: acc1, within: 0}
  - {check: neighbor-up, protocol: cdp, neighbor: dist1, interface: gi1/0/24, hosts: acc1, within: 0}
  - {check: neighbor-up, protocol: lldp, neighbor: dist1, hosts: acc1, within: 0}
  - {check: vlan-active, vlan: 10, hosts: acc1, within: 0}
  - {check: vlan-active, vlan: 77, hosts: acc1, within: 0}
  - {check: ping, destination: 10.0.99.2, source: Vlan99, hosts: acc1, within: 0}
  - {check: ping, destination: 10.99.99.9, hosts: acc1, within: 0}
  - {check: neighbor-up, protocol: ospf, neighbor: dist1, interface: gi0/0/1, hosts: r1, within: 0}
  - {check: neighbor-up, protocol: ospf, neighbor: acc1, hosts: r1, within: 0}
  - {check: neighbor-up, protocol: bgp, neighbor: 203.0.113.1, hosts: r1, within: 0}
  - {check: neighbor-up, protocol: eigrp, neighbor: 203.0.113.1, hosts: r1, within: 0}
  - {check: route-present, prefix: 10.0.10.0/24, via: dist1, protocol: ospf, hosts: r1, within: 0}
  - {check: route-present, prefix: 10.0.10.0/24, via: r2, protocol: ospf, hosts: r1, within: 0}
  - {check: no-new-errors}
"""
EXPECTED = {
    "acc1": {
        "interface GigabitEthernet1/0/24 is up": "",
        "interface GigabitEthernet1/0/9 is up": "it is down, line protocol is down (notconnect) (the printer)",
        "interface Vlan98 is up": "the device refused 'show interfaces Vlan98': % Invalid input",
        "CDP neighbour dist1 on GigabitEthernet1/0/23 is up": "",
        "CDP neighbour dist1 on GigabitEthernet1/0/24 is up": "it is not seen; there are dist2",
        "LLDP neighbour dist1 is up": "the device refused 'show lldp neighbors detail': % LLDP is not enabled",
        "VLAN 10 is active": "",
        "VLAN 77 is active": "the switch does not have it",
        "10.0.99.2 answers to ping from Vlan99": "",
        "10.99.99.9 answers to ping": "success rate is 0 percent (0/5), 80 percent are wanted",
    },
    "r1": {
        "OSPF neighbour dist1 on GigabitEthernet0/0/1 is up": "",
        "OSPF neighbour acc1 is up": "it is not seen; there are",
        "BGP neighbour 203.0.113.1 is up": "the device refused 'show ip bgp summary'",
        "EIGRP neighbour 203.0.113.1 is up": "the device refused 'show ip eigrp neighbors'",
        "OSPF route 10.0.10.0/24 via dist1 is present": "",
        "OSPF route 10.0.10.0/24 via r2 is present": "the route there is goes via 10.0.0.1, GigabitEthernet0/0/1",
    },
}


@contextmanager
def checks_of(project: "Project", text: str) -> Iterator[None]:
    """The project with declared checks."""
    path = project.folder / "inventory" / "checks.yaml"
    path.write_text(text, encoding="utf-8")
    try:
        yield
    finally:
        path.unlink()


def said(document: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """What is wrong, by host and check; empty where nothing is."""
    assert all(item["ok"] is not bool(item["said"]) for items in document["checks"].values() for item in items)
    return {host: {item["check"]: item["said"] for item in items} for host, items in document["checks"].items()}


@pytest.mark.slow
def test_each_kind_of_check_passes_and_fails_on_the_campus(campus: "Project") -> None:
    with checks_of(campus, CAMPUS):
        ran = campus.ok("verify", "acc1", "r1", "--checks", "--json", status=2)
        told = said(ran.json)
        assert ran.json["in_sync"]
        assert {host: list(checks) for host, checks in told.items()} == {h: list(c) for h, c in EXPECTED.items()}
        for host, checks in EXPECTED.items():
            for check, expected in checks.items():
                assert told[host][check].startswith(expected), check
                assert bool(told[host][check]) is bool(expected), check
        text = campus.ok("verify", "acc1", "--checks", status=2).out
        assert "failed       acc1: VLAN 77 is active: the switch does not have it\n" in text
        assert "10 checks, 6 failed\n" in text
        assert "VLAN 10 is active" not in text


@pytest.mark.slow
def test_checks_of_a_campus_in_order_pass_and_end_with_status_0(campus: "Project") -> None:
    declared = 'checks:\n  - {check: vlan-active, vlan: 10, hosts: "group:role__access"}\n'
    with checks_of(campus, declared):
        ran = campus.ok("verify", "--checks", "-v")
        assert [line for line in ran.out.splitlines() if "VLAN" in line] == [
            f"passed       acc{number}: VLAN 10 is active" for number in range(1, 5)
        ]
        assert "4 checks, all hold" in ran.out
        assert "no host or group fits" not in ran.err
    assert "no checks" in campus.ok("verify", "acc1", "--checks").out


@pytest.mark.slow
def test_a_neighbour_that_comes_back_in_time_is_waited_for(campus: "Project") -> None:
    declared = "checks:\n  - {check: neighbor-up, protocol: ospf, neighbor: dist1, hosts: r1, within: %d, every: 1}\n"
    campus.type("dist1", ["interface GigabitEthernet1/0/23", "shutdown"])
    try:
        with checks_of(campus, declared % 0):
            failed = campus.ok("verify", "r1", "--checks", "--json", status=2)
            assert said(failed.json)["r1"]["OSPF neighbour dist1 is up"].startswith("it is not seen")
        with checks_of(campus, declared % 30):
            waiting = campus.start("verify", "r1", "--checks", "-v")
            assert waiting.stderr is not None
            assert any("checking r1: started" in line for line in waiting.stderr)
            # It has asked by now, and been told that nobody is there.
            time.sleep(0.5)
            campus.type("dist1", ["interface GigabitEthernet1/0/23", "no shutdown"])
            out, _ = waiting.communicate(timeout=60)
            assert (waiting.returncode, "1 check, all hold" in out) == (0, True)
    finally:
        campus.type("dist1", ["interface GigabitEthernet1/0/23", "no shutdown"])


def test_a_file_that_is_wrong_is_told_before_any_device_is_asked(small: "Project", lab: RunningLab) -> None:
    with checks_of(small, "checks:\n  - {check: vlan-active}\n"):
        ran = small.ok("verify", "--checks", status=1)
    assert "checks.yaml:2: checks[0].vlan: vlan is missing" in ran.err
    assert "environment" not in ran.err


def test_a_pattern_that_fits_nobody_is_told(small: "Project", lab: RunningLab) -> None:
    with checks_of(small, "checks:\n  - {check: vlan-active, vlan: 10, hosts: sw9}\n"):
        ran = small.ok("verify", "--checks", status=2)
    assert "VLAN 10 is active: no host or group fits sw9" in ran.err


def test_a_device_that_cannot_be_reached_is_not_checked(small: "Project", lab: RunningLab) -> None:
    lab.fault("sw2", "down")
    with checks_of(small, "checks:\n  - {check: vlan-active, vlan: 10, hosts: sw*, within: 0}\n"):
        ran = small.ok("verify", "sw1", "sw2", "--checks", "--json", status=4)
    assert list(ran.json["checks"]) == ["sw1"]


# --- in a runbook -----------------------------------------------------------------------------------------------------

RUNBOOK = """
checks:
  - {check: vlan-active, vlan: 10, hosts: sw1, when: after, within: 0}
  - {check: interface-up, interface: gi1/0/4, hosts: sw1, when: before}
  - {check: no-new-errors, hosts: sw1}
"""


@pytest.fixture
def nornir(small: "Project", lab: RunningLab, monkeypatch: pytest.MonkeyPatch) -> Iterator[Nornir]:
    """Nornir as a user makes it, in the project's folder, with checks for sw1."""
    monkeypatch.chdir(small.folder)
    with checks_of(small, RUNBOOK):
        made = InitNornir(config_file="inventory/config.yaml")
        yield made
    made.close_connections()
    assert isinstance(made.inventory.defaults, CimnetDefaults)
    made.inventory.defaults.service.store.close()


def run(nornir: Nornir, host: str, **parameters: Any) -> Any:
    """The result of the task for one host, with what it carries besides."""
    nornir.data.reset_failed_hosts()
    return nornir.filter(name=host).run(task=cimnet_checks, **parameters)[host][0]


def test_a_runbook_checks_before_and_after(nornir: Nornir, small: "Project") -> None:
    alone = run(nornir, "sw1")
    assert alone.failed
    assert alone.result == "failed: VLAN 10 is active: the switch does not have it"
    before = run(nornir, "sw1", when="before")
    assert before.result == "passed: interface GigabitEthernet1/0/4 is up\npassed: no new errors on all interfaces"
    small.type("sw1", ["vlan 10", "name users"])
    after = run(nornir, "sw1", when="after")
    assert (after.failed, after.changed) == (False, False)
    assert [(each.check, each.ok) for each in after.checks] == [
        ("VLAN 10 is active", True),
        ("no new errors on all interfaces", True),
    ]
    assert run(nornir, "sw2").result == "no checks"


def falling_silent(task: "Task", lab: RunningLab) -> "Result":
    """Checks over a session whose device hangs."""
    from nornir.core.task import Result

    session = open_session(task)
    lab.fault("sw1", "hang")
    checks = context_of(task).service.checks_of("sw1")
    results = check_over(task, session, checks, when="after", memory={"no new errors on all interfaces": {"x": 0}})
    lab.fault("sw1", "clear")
    return Result(host=task.host, result=results)


def test_a_device_that_falls_silent_fails_all_that_was_not_run(nornir: Nornir, lab: RunningLab) -> None:
    silent, unrun = nornir.filter(name="sw1").run(task=falling_silent, lab=lab)["sw1"][0].result
    assert (silent.ok, silent.said) == (False, "sw1 does not answer: no prompt came in time")
    assert (unrun.ok, unrun.said) == (False, "not run: sw1 does not answer: no prompt came in time")
    # The session that broke is forgotten: the next task opens another.
    assert run(nornir, "sw1", when="before").result.startswith("passed")
    lab.fault("sw1", "down")
    assert isinstance(run(nornir, "sw1", when="after").exception, DeviceUnreachable)


def test_a_wrong_file_fails_the_task_in_one_line(nornir: Nornir, small: "Project") -> None:
    (small.folder / "inventory" / "checks.yaml").write_text("checks: 7\n", encoding="utf-8")
    result = run(nornir, "sw1")
    assert isinstance(result.exception, DefinitionError)
    assert result.checks == ()


def asking_back(task: "Task") -> "Result":
    """A command that wants a yes: it gets a no, and the session goes on."""
    from nornir.core.task import Result

    session = open_session(task)
    with pytest.raises(CommandRejected, match=r"sw1 asks back after 'write erase', and was told no: Erasing the nvram"):
        session.ask("write erase")
    return Result(host=task.host, result=session.ask("show privilege"))


def test_a_check_cannot_say_yes_by_accident(nornir: Nornir, small: "Project") -> None:
    small.type("sw1", ["do write memory"])
    before = small.show("sw1", "show startup-config")
    assert nornir.filter(name="sw1").run(task=asking_back)["sw1"][0].result == "Current privilege level is 15"
    assert small.show("sw1", "show startup-config") == before != ""
