"""Simulated hosts: what a lab says of them, the faults they know, and their disks."""

import os
import subprocess
import time
from pathlib import Path

import pytest

from cimnet_nornir.errors import InvalidInput
from cimnet_nornir.lab.host_faults import HOST_FAULTS, HostFaults, with_host_fault
from cimnet_nornir.lab.host_folder import HostFolder
from cimnet_nornir.lab.spec import LabCredentials, LabDevice, LabHost, LabSpec


def spec(*hosts: LabHost) -> LabSpec:
    return LabSpec((LabDevice("SW1", "ios", "switch", ("Gi0/1",)),), (), LabCredentials("admin", "word"), hosts)


def test_a_lab_with_hosts_survives_being_written_down() -> None:
    written = spec(LabHost("srv1"), LabHost("srv2", minute=1))
    assert LabSpec.from_json(written.to_json()) == written


def test_a_lab_of_before_there_were_hosts_is_read() -> None:
    old = spec().to_json().replace(',\n "hosts": []', "")
    assert "hosts" not in old
    assert LabSpec.from_json(old) == spec()


@pytest.mark.parametrize("name", ["", "..", "a/b", "a b"])
def test_a_host_needs_a_name_that_a_folder_can_have(name: str) -> None:
    with pytest.raises(InvalidInput, match="must be a host name"):
        LabHost(name)


def test_a_host_and_a_device_are_not_of_one_name() -> None:
    with pytest.raises(InvalidInput, match="two devices of one name"):
        spec(LabHost("SW1"))
    with pytest.raises(InvalidInput, match="a minute has seconds"):
        LabHost("srv1", minute=0)


def test_faults_add_up_until_they_are_cleared() -> None:
    faults = HostFaults()
    for fault in ("down", "fail-build", "fail-build", "host-key", "hang", "power"):
        faults = with_host_fault(faults, fault)
    assert faults.label == "down, hang, host-key, fail-build"
    assert with_host_fault(faults, "up").down is False
    assert with_host_fault(faults, "clear") == HostFaults()


def test_a_fault_of_devices_is_none_of_hosts() -> None:
    with pytest.raises(InvalidInput, match=f"has no fault 'reject'; it has {', '.join(HOST_FAULTS)}"):
        with_host_fault(HostFaults(), "reject")


def test_a_disk_is_nobody_elses_and_its_programs_run(tmp_path: Path) -> None:
    folder = HostFolder(tmp_path / "root", minute=3)
    folder.boot()
    assert (tmp_path / "root").stat().st_mode & 0o777 == 0o700
    assert folder.environment["CIMNET_LAB_MINUTE"] == "3"
    programs = list((tmp_path / "root/lab/bin").iterdir())
    assert len(programs) >= 6
    for program in programs:
        assert os.access(program, os.X_OK)
        subprocess.run(["sh", "-n", program], check=True)


def test_a_timer_of_a_lab_that_was_killed_ends_when_the_host_boots_anew(tmp_path: Path) -> None:
    folder = HostFolder(tmp_path / "root")
    folder.boot()
    mark = tmp_path / "gone-off"
    program = str(tmp_path / "root/lab/bin/systemd-run")
    timer = [program, "--unit=cimnet-revert", "--on-active=1m", "touch", str(mark)]
    subprocess.run(timer, env=folder.environment, check=True, timeout=20)
    pid = int((tmp_path / "root/lab/units/cimnet-revert.timer/pid").read_text())
    again = HostFolder(tmp_path / "root")
    again.boot()
    again.advance(3600)
    with pytest.raises(ProcessLookupError):
        os.kill(_reaped(pid), 0)
    assert not mark.exists()
    # Its unit is free for another one.
    subprocess.run(timer, env=folder.environment, check=True, timeout=20)
    again.halt()


def _reaped(pid: int) -> int:
    """The process, once whoever inherited it has taken notice of its end."""
    for _ in range(100):
        if "Z" not in _state(pid):
            break
        time.sleep(0.02)
    return pid


def _state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return ""


def test_what_is_not_of_the_host_is_not_ended_with_it(tmp_path: Path) -> None:
    folder = HostFolder(tmp_path / "root")
    folder.boot()
    with subprocess.Popen(["sleep", "600"], start_new_session=True) as stranger:
        # The number of a process that ended long ago, and is another's by now.
        unit = tmp_path / "root/lab/units/cimnet-revert.timer"
        unit.mkdir()
        (unit / "pid").write_text(f"{stranger.pid}\n")
        folder.halt()
        assert stranger.poll() is None
        assert not unit.exists()
        stranger.terminate()
