"""Faults that end a session or a device's memory, the device's clock, and SCP, over real SSH."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import paramiko
import pytest
from netmiko import ConnectHandler, file_transfer
from netmiko.base_connection import BaseConnection

from cimnet_nornir.errors import InvalidInput, NotFound
from cimnet_nornir.lab.control import lab_clock
from cimnet_nornir.lab.spec import LabCredentials, LabDevice, LabSpec
from cimnet_nornir.lab.thread import RunningLab, running_lab

CREDENTIALS = LabCredentials("admin", "login-word")
_STARTUP = "hostname SW1\nip scp server enable\nfile prompt quiet\n"
SPEC = LabSpec(
    (
        LabDevice("SW1", "ios", "switch", ("Gi0/1",), startup=_STARTUP, archive=True),
        LabDevice("SW2", "ios", "switch", ("Gi0/1",), archive=True),
    ),
    (),
    CREDENTIALS,
)


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[RunningLab]:
    with running_lab(SPEC, tmp_path) as lab:
        yield lab


def connect(lab: RunningLab, name: str = "SW1", **options: object) -> BaseConnection:
    endpoint = lab.devices[name]
    login = {"username": CREDENTIALS.username, "password": CREDENTIALS.password}
    arguments = {"device_type": "cisco_ios", "host": endpoint.host, "port": endpoint.port, **login, **options}
    return ConnectHandler(**arguments)


def until(condition: Callable[[], bool]) -> bool:
    """Whether it becomes true within some seconds."""
    deadline = time.monotonic() + 60
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def lost(connection: BaseConnection) -> bool:
    return until(lambda: not connection.is_alive())


def cut(connection: BaseConnection) -> None:
    """Lose the connection without a word."""
    channel = connection.remote_conn
    assert isinstance(channel, paramiko.Channel)
    transport = channel.get_transport()
    assert transport is not None
    transport.close()


def test_the_session_drops_right_after_a_line_took_effect(lab: RunningLab) -> None:
    lab.fault("SW1", "drop-on", pattern="^write mem")
    connection = connect(lab)
    connection.send_config_set(["vlan 10"])
    connection.write_channel("write mem\n")
    assert lost(connection)
    assert "vlan 10" in lab.startup_config("SW1")
    with connect(lab) as again:
        assert "[OK]" in again.save_config()


def test_the_device_hangs_right_after_a_line_took_effect(lab: RunningLab) -> None:
    lab.fault("SW1", "hang-on", pattern="^configure confirm")
    connection = connect(lab)
    connection.send_command("configure terminal revert timer 1", expect_string=r"\(config\)#")
    connection.send_config_set(["hostname OTHER"], enter_config_mode=False)
    connection.set_base_prompt()
    connection.write_channel("configure confirm\n")
    time.sleep(0.3)
    assert "#" not in connection.read_channel()
    lab.advance("SW1", 120)
    assert "hostname OTHER" in lab.running_config("SW1")
    lab.fault("SW1", "clear")
    with connect(lab) as again:
        assert again.find_prompt() == "OTHER#"
    connection.disconnect()


def test_a_device_that_loses_power_comes_back_with_what_was_saved(lab: RunningLab) -> None:
    connection = connect(lab)
    connection.send_config_set(["vlan 10"])
    connection.save_config()
    connection.send_config_set(["vlan 20"])
    lab.fault("SW1", "power")
    assert lost(connection)
    assert "vlan 10" in lab.running_config("SW1")
    assert "vlan 20" not in lab.running_config("SW1")
    with connect(lab) as again:
        assert again.find_prompt() == "SW1#"


def test_power_can_be_lost_in_the_middle_of_a_push(lab: RunningLab) -> None:
    lab.fault("SW1", "power-after", lines=2)
    connection = connect(lab)
    with pytest.raises(Exception, match=r".*"):
        connection.send_config_set(["vlan 10", "vlan 20", "vlan 30"])
    assert lost(connection)
    assert "vlan" not in lab.running_config("SW1").replace("vlan internal", "")
    assert lab.devices["SW1"].fault == ""
    with connect(lab) as again:
        again.send_config_set(["vlan 10", "vlan 20", "vlan 30"])
    assert "vlan 10,20,30" in lab.running_config("SW1")


def test_the_lock_goes_with_the_connection_that_held_it(lab: RunningLab) -> None:
    one, other = connect(lab), connect(lab)
    one.send_config_set(["configuration mode exclusive auto"])
    one.config_mode()
    assert "locked exclusively by user 'admin'" in other.send_command("configure terminal")
    cut(one)
    assert until(lambda: "one per line" in other.send_command("configure terminal", expect_string="#"))
    other.disconnect()


def test_a_change_is_taken_back_whether_or_not_a_session_lives(lab: RunningLab) -> None:
    before = lab.running_config("SW1")
    connection = connect(lab)
    connection.send_command("configure terminal revert timer 1", expect_string=r"\(config\)#")
    connection.send_config_set(["vlan 10"], enter_config_mode=False)
    cut(connection)
    lab.advance("SW1", 59)
    assert lab.running_config("SW1") != before
    # The last second runs by itself, with nobody at the device.
    assert until(lambda: lab.running_config("SW1") == before)


def test_a_scheduled_reload_drops_the_sessions(lab: RunningLab) -> None:
    connection = connect(lab)
    connection.save_config()
    connection.send_config_set(["vlan 10"])
    connection.send_command("reload in 5", expect_string="yes/no")
    connection.send_command("no", expect_string="confirm")
    connection.send_command("\n", expect_string="#")
    lab.advance(None, 300)
    assert lost(connection)
    assert "vlan 10" not in lab.running_config("SW1")
    with connect(lab) as again:
        assert again.send_command("show reload") == "No reload is scheduled."


def test_the_clock_of_one_device_or_of_all_is_set_forward(lab: RunningLab, tmp_path: Path) -> None:
    first = lab_clock(tmp_path)
    lab_clock(tmp_path, "SW1", advance=3600)
    then = lab_clock(tmp_path)
    assert set(first) == {"SW1", "SW2"}
    assert 3600 <= (then["SW1"] - first["SW1"]).total_seconds() < 3700
    assert (then["SW2"] - first["SW2"]).total_seconds() < 100
    with connect(lab) as connection:
        shown = connection.send_command("show clock")
    # A minute may end in between.
    after = lab_clock(tmp_path)["SW1"]
    assert f"{then['SW1']:%H:%M}" in shown or f"{after:%H:%M}" in shown


def test_a_wrong_clock_is_refused(lab: RunningLab, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="SW9"):
        lab_clock(tmp_path, "SW9")
    with pytest.raises(InvalidInput, match="not back"):
        lab.advance("SW1", -1)
    with pytest.raises(InvalidInput, match="no lab is up"):
        lab_clock(tmp_path / "elsewhere")


def test_netmiko_transfers_a_file_both_ways(lab: RunningLab, tmp_path: Path) -> None:
    there, back = tmp_path / "there.txt", tmp_path / "back.txt"
    there.write_bytes(b"vlan 10\n" * 5000)
    with connect(lab) as connection:
        put = file_transfer(connection, source_file=str(there), dest_file="x.txt", file_system="flash:")
        got = file_transfer(connection, source_file="x.txt", dest_file=str(back), file_system="flash:", direction="get")
    assert put == {"file_exists": True, "file_transferred": True, "file_verified": True}
    assert got["file_verified"]
    assert back.read_bytes() == there.read_bytes()
    assert (tmp_path / "devices/SW1/flash/x.txt").read_bytes() == there.read_bytes()


def test_a_device_runs_no_other_command_without_a_shell(lab: RunningLab) -> None:
    with paramiko.SSHClient() as client:
        # A lab of this test, on loopback.
        client.set_missing_host_key_policy(paramiko.AutoAddPolicy())
        endpoint = lab.devices["SW1"]
        client.connect(endpoint.host, endpoint.port, "admin", "login-word", look_for_keys=False, allow_agent=False)
        with pytest.raises(paramiko.SSHException):
            client.exec_command("reboot")


def test_errors_are_counted_on_an_interface(lab: RunningLab) -> None:
    lab.fault("SW1", "errors", interface="Gi0/1")
    with connect(lab) as connection:
        assert "100 input errors, 100 CRC" in connection.send_command("show interfaces GigabitEthernet0/1")
    with pytest.raises(InvalidInput, match="no interface"):
        lab.fault("SW1", "errors", interface="Gi7/7")
