"""Hosts that are deployed to, at the command line: the lab simulates them, and their keys are looked at and pinned."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cimnet_nornir.lab.thread import RunningLab
from tests.e2e.conftest import CONFIG, NETWORK, Project, started_lab

HOSTED = NETWORK.replace(
    "links:\n",
    """\
  srv1:
    kind: host
    role: server
    management: 127.0.0.21
    ports: [eno1]
links:
  - [srv1 eno1, sw1 GigabitEthernet1/0/2]
""",
)


@pytest.fixture
def hosted(tmp_path: Path) -> Project:
    """The small network with a host that is deployed to, declared."""
    project = Project(tmp_path / "small")
    (project.folder / "inventory").mkdir(parents=True)
    options = CONFIG.replace("    network: small\n", "    network: small\n    hosts: {srv1: {}}\n")
    (project.folder / "inventory" / "config.yaml").write_text(options, encoding="utf-8")
    project.network.write_text(HOSTED, encoding="utf-8")
    project.declare()
    return project


@pytest.fixture
def lab(hosted: Project) -> Iterator[RunningLab]:
    with started_lab(hosted) as lab:
        yield lab


def test_a_lab_has_the_hosts_that_the_settings_name(hosted: Project) -> None:
    try:
        up = hosted.ok("lab", "up")
        assert "3 devices and 1 host listening on 127.0.0.1" in up.out
        status = hosted.ok("lab", "status")
        assert "srv1" in status.out
        assert "run a command on srv1: ssh -i" in status.err
        document = hosted.ok("lab", "status", "--json").json
        assert (set(document["devices"]), set(document["hosts"])) == ({"r1", "sw1", "sw2"}, {"srv1"})
        with hosted.service() as service, service.host_port.session("srv1") as session:
            assert session.look().generation == 1
        hosted.ok("lab", "fault", "srv1", "down")
        shown = hosted.ok("lab", "status", "--json").json["hosts"]["srv1"]
        assert (shown["up"], shown["fault"]) == (False, "down")
    finally:
        hosted.ok("lab", "down")


def test_the_key_of_a_host_is_pinned_and_another_one_is_refused(hosted: Project, lab: RunningLab) -> None:
    rows = {line.split()[0]: line.split()[1] for line in hosted.ok("trust").out.splitlines()[1:5]}
    assert rows == {"r1": "pinned", "srv1": "pinned", "sw1": "pinned", "sw2": "pinned"}
    lab.fault("srv1", "host-key")
    assert "CHANGED" in hosted.ok("trust", "srv1", status=3).out
    assert "1 key pinned" in hosted.ok("trust", "srv1", "--replace", "--yes").out
    pinned = hosted.events("HostKeyPinned")[-1]
    assert pinned["aggregate_id"].endswith("srv1")
    assert "pinned" in hosted.ok("trust", "srv1", "sw1").out
    lab.fault("srv1", "down")
    assert "Connection refused" in hosted.ok("trust", "srv1", status=4).out


def test_faults_of_devices_and_hosts_are_kept_apart(hosted: Project, lab: RunningLab) -> None:
    assert (
        "a host of the lab has no fault 'refuse-save'" in hosted.ok("lab", "fault", "srv1", "refuse-save", status=1).err
    )
    assert "unknown fault 'fail-build'" in hosted.ok("lab", "fault", "sw1", "fail-build", status=1).err
    assert hosted.ok("lab", "clock", "srv1", "--advance", "5m").out.splitlines()[1].startswith("srv1")


def test_a_host_that_nobody_deploys_to_has_no_key_to_pin(small: Project) -> None:
    small.network.write_text(HOSTED, encoding="utf-8")
    small.declare()
    with started_lab(small) as lab:
        assert lab.hosts == {}
        refused = small.ok("trust", "srv1", status=1)
        assert "srv1 is a host" in refused.err
        assert "srv1" not in small.ok("trust").out
