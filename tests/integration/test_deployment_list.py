"""Deployments as they are listed: those that are carried on, and those whose process died."""

import subprocess
import sys
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from cimnet_nornir.application.deployment import push_lease
from cimnet_nornir.application.deployment_list import DeploymentBook
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.bootstrap import load_settings, open_service
from cimnet_nornir.domain import commands as c
from tests.conftest import SMALL
from tests.web import project

PUSHING = """
import sys, time
from pathlib import Path
from cimnet_nornir.bootstrap import load_settings, open_service
service = open_service(load_settings(Path(sys.argv[1])))
plan = service.plan_from({"sw1": "hostname sw1\\n", "sw2": "hostname sw2\\n"})
with service.deployment(plan) as deployment:
    deployment.push_started(plan.changes[0])
    print("pushing", flush=True)
    time.sleep(600)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    # Each switch has something to be pushed.
    return project(tmp_path, *SMALL, c.CreateVlan(device="sw2", vlan=30))


def kill_while_it_pushes(folder: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", PUSHING, folder], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "pushing\n"
        process.kill()


def later(service: NetworkService, **passed: float) -> DeploymentBook:
    """The deployments as somebody lists them when some time has passed."""

    def clock() -> datetime:
        return datetime.now().astimezone() + timedelta(**passed)

    other = service.acting(reason=None)
    other.actor = replace(other.actor, clock=clock)
    return DeploymentBook(other)


def test_a_deployment_whose_process_died_is_broken_off_and_no_longer_runs(folder: Path) -> None:
    kill_while_it_pushes(folder)
    service = open_service(load_settings(folder))
    try:
        (line,) = later(service, seconds=1).lines(first=5)
        assert (line.state, line.counts) == ("running", {"running": 1, "waiting": 1})
        book = later(service, minutes=5)
        (line,) = book.lines(first=5)
        assert (line.state, line.finished, line.counts) == ("broken off", None, {"in doubt": 1, "not started": 1})
        assert book.running() == ()
        page = book.page(line.id, {})
        assert [push.outcome for push in page.devices] == ["in doubt", "not started"]
        # Of the past nobody knows who worked on what.
        assert book.running(service.store.head()) == (line.id,)
    finally:
        service.store.close()


def test_a_deployment_runs_as_long_as_somebody_works_on_one_of_its_devices(folder: Path) -> None:
    kill_while_it_pushes(folder)
    service = open_service(load_settings(folder))
    try:
        book = later(service, minutes=5)
        with service.store.lease(push_lease("lab", "net", "sw2"), "ana", seconds=60):
            (line,) = book.lines(first=5)
            assert line.state == "running"
        assert book.lines(first=5)[0].state == "broken off"
    finally:
        service.store.close()
