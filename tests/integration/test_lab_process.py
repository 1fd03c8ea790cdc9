"""The lab's background process: up, found, steered, down; and what a killed one leaves behind."""

import fcntl
import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from netmiko import ConnectHandler

from cimnet_nornir.errors import CimnetError, InvalidInput, NotFound
from cimnet_nornir.lab import __main__ as program
from cimnet_nornir.lab.control import lab_down, lab_fault, lab_foreground, lab_state, lab_up
from cimnet_nornir.lab.spec import LabCredentials, LabDevice, LabSpec
from cimnet_nornir.lab.state import LabState
from cimnet_nornir.lab.thread import running_lab

CREDENTIALS = LabCredentials("admin", "login-word", "enable-word")
SPEC = LabSpec(tuple(LabDevice(f"SW{number}", "ios", "switch", ("Gi0/1",)) for number in (1, 2)), (), CREDENTIALS)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder with a path longer than a Unix socket could have; whatever lab is in it goes down at the end."""
    folder = tmp_path / ("a-long-folder-name-" * 6) / "lab"
    yield folder
    lab_down(folder)


def _is_open(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def test_a_lab_comes_up_is_found_and_goes_down(folder: Path) -> None:
    assert lab_state(folder) is None
    state = lab_up(SPEC, folder)
    assert set(state.devices) == {"SW1", "SW2"}
    assert all(_is_open(endpoint.port) for endpoint in state.devices.values())
    assert lab_state(folder) == state
    assert (state.pid != os.getpid(), state.credentials) == (True, CREDENTIALS)
    with pytest.raises(InvalidInput, match=f"process {state.pid}"):
        lab_up(SPEC, folder)
    assert lab_down(folder)
    assert lab_state(folder) is None
    assert not any(_is_open(endpoint.port) for endpoint in state.devices.values())
    assert not lab_down(folder)
    again = lab_up(SPEC, folder)
    assert again.devices == state.devices, "ports and host keys stay"


def test_a_lab_that_is_just_starting_is_not_started_twice(folder: Path) -> None:
    folder.mkdir(parents=True)
    with (folder / "lab.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(InvalidInput, match="just starting"):
            lab_up(SPEC, folder)
    assert not (folder / "spec.json").exists()


def test_a_lab_that_fails_to_start_in_a_thread_frees_its_folder(tmp_path: Path) -> None:
    (tmp_path / "devices").write_text("a file where a folder must be")
    with pytest.raises(OSError, match="devices"), running_lab(SPEC, tmp_path):
        pass
    (tmp_path / "devices").unlink()
    with running_lab(SPEC, tmp_path) as lab:
        assert set(lab.devices) == {"SW1", "SW2"}


def test_what_was_saved_stays_over_a_restart_of_the_lab(folder: Path) -> None:
    endpoint = lab_up(SPEC, folder).devices["SW1"]
    with ConnectHandler(
        device_type="cisco_ios",
        host=endpoint.host,
        port=endpoint.port,
        username=CREDENTIALS.username,
        password=CREDENTIALS.password,
        secret=CREDENTIALS.enable,
    ) as connection:
        connection.enable()
        connection.send_config_set(["vlan 10"])
        connection.save_config()
    lab_down(folder)
    with running_lab(SPEC, folder) as lab:
        assert "vlan 10\n" in lab.running_config("SW1")


def test_faults_are_set_from_outside(folder: Path) -> None:
    lab_up(SPEC, folder)
    lab_fault(folder, "SW1", "down")
    state = lab_state(folder)
    assert state is not None
    assert (state.devices["SW1"].up, state.devices["SW1"].fault) == (False, "down")
    assert not _is_open(state.devices["SW1"].port)
    with pytest.raises(NotFound, match="no device"):
        lab_fault(folder, "SW9", "down")
    with pytest.raises(InvalidInput, match="unknown fault"):
        lab_fault(folder, "SW1", "explode")
    lab_fault(folder, "SW1", "reject", pattern="^vlan")
    lab_fault(folder, "SW1", "up")
    state = lab_state(folder)
    assert state is not None
    assert state.devices["SW1"].fault == "reject ^vlan"


def test_a_fault_needs_a_lab(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="no lab is up"):
        lab_fault(tmp_path, "SW1", "down")


def test_a_killed_lab_is_down_and_bars_nothing(folder: Path) -> None:
    state = lab_up(SPEC, folder)
    os.kill(state.pid, signal.SIGKILL)
    os.waitpid(state.pid, 0)
    assert (folder / "lab.json").exists(), "it could not clean up"
    assert lab_state(folder) is None
    assert not lab_down(folder)
    assert lab_up(SPEC, folder).pid != state.pid


def test_a_stale_file_that_names_somebody_elses_port_counts_for_nothing(folder: Path, tmp_path: Path) -> None:
    with running_lab(SPEC, tmp_path / "other"):
        other = json.loads((tmp_path / "other" / "lab.json").read_text())
        folder.mkdir(parents=True)
        (folder / "lab.json").write_text(json.dumps({**other, "token": "0" * 32}))
        assert lab_state(folder) is None
        assert not lab_down(folder)
    for text in ("", "[]", '{"port": "x", "token": 1}'):
        (folder / "lab.json").write_text(text)
        assert lab_state(folder) is None


def test_nonsense_at_the_control_port_harms_nobody(tmp_path: Path) -> None:
    with running_lab(SPEC, tmp_path):
        found = json.loads((tmp_path / "lab.json").read_text())
        answers = []
        for request in (b"nonsense", b"{}", json.dumps({"token": found["token"], "do": "dance"}).encode(),
                        json.dumps({"token": found["token"], "do": "fault", "arguments": 1}).encode()):  # fmt: skip
            with socket.create_connection(("127.0.0.1", found["port"]), timeout=5) as connection:
                connection.sendall(request + b"\n")
                answers.append(json.loads(connection.makefile().readline())["error"])
        expected = [
            "not a request",
            "not a request",
            "the lab cannot 'dance'",
            "the arguments of a fault are an object",
        ]
        assert answers == expected
        assert lab_state(tmp_path) is not None


def test_files_with_secrets_are_private(tmp_path: Path) -> None:
    with running_lab(SPEC, tmp_path):
        for name in ("spec.json", "lab.json", "devices/SW1/ssh_host_key"):
            assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600


def test_a_lab_that_cannot_start_says_why(tmp_path: Path) -> None:
    (tmp_path / "devices").write_text("a file where a folder must be")
    lines: list[str] = []
    with pytest.raises(CimnetError, match=r"the lab did not start: .*devices"):
        lab_up(SPEC, tmp_path, on_log=lines.append)
    assert any("devices" in line for line in lines)


def test_a_lab_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    with pytest.raises(CimnetError, match="in time"):
        lab_up(SPEC, tmp_path, timeout=0.01)
    assert lab_state(tmp_path) is None


def test_the_program_wants_a_folder_with_a_specification(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert program.main([]) == 1
    assert program.main([str(tmp_path)]) == 1
    (tmp_path / "spec.json").write_text("{}")
    assert program.main([str(tmp_path)]) == 1
    assert "not a lab specification" in capsys.readouterr().err


def test_a_lab_in_the_foreground_runs_until_it_is_told_to_stop(tmp_path: Path) -> None:
    seen: list[LabState] = []

    def stop(state: LabState) -> None:
        seen.append(state)
        assert _is_open(state.devices["SW1"].port)
        os.kill(os.getpid(), signal.SIGTERM)

    lab_foreground(SPEC, tmp_path, on_up=stop)
    assert seen[0].pid == os.getpid()
    assert lab_state(tmp_path) is None


def test_the_control_needs_no_ssh_library() -> None:
    code = "import sys, cimnet_nornir.lab.control; sys.exit('asyncssh' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_missing_ssh_library_is_named() -> None:
    code = """
import sys
sys.modules["asyncssh"] = None
from cimnet_nornir.errors import SettingsError
from cimnet_nornir.lab.control import require_asyncssh
try:
    require_asyncssh()
except SettingsError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert "cimnet-nornir[lab]" in done.stdout


@pytest.mark.slow
def test_two_hundred_devices_run_in_one_process(folder: Path) -> None:
    ports = tuple(f"Gi0/{number}" for number in range(1, 25))
    spec = LabSpec(tuple(LabDevice(f"SW{number}", "ios", "switch", ports) for number in range(200)), (), CREDENTIALS)
    start = time.monotonic()
    state = lab_up(spec, folder)
    assert time.monotonic() - start < 15
    assert len({endpoint.port for endpoint in state.devices.values()}) == 200
    for name in ("SW0", "SW199"):
        endpoint = state.devices[name]
        with ConnectHandler(
            device_type="cisco_ios",
            host=endpoint.host,
            port=endpoint.port,
            username=CREDENTIALS.username,
            password=CREDENTIALS.password,
        ) as connection:
            assert connection.find_prompt() == f"{name}>"
