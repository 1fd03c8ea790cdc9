"""Netmiko's cisco_ios and NAPALM's ios drive the simulated devices as they drive real ones; and each fault shows."""

import socket
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import napalm
import paramiko
import pytest
from netmiko import ConnectHandler
from netmiko.base_connection import BaseConnection
from netmiko.exceptions import (
    ConfigInvalidException,
    NetmikoAuthenticationException,
    NetmikoTimeoutException,
    ReadTimeout,
)

from cimnet_nornir.errors import InvalidInput, NotFound
from cimnet_nornir.lab.spec import LabCredentials, LabDevice, LabLink, LabSpec
from cimnet_nornir.lab.thread import RunningLab, running_lab

CREDENTIALS = LabCredentials("admin", "login-word", "enable-word")
SPEC = LabSpec(
    (
        LabDevice("SW1", "ios", "switch", ("Gi0/1", "Gi0/2")),
        LabDevice("R1", "ios", "router", ("Gi0/0", "Gi0/1")),
        LabDevice("C9", "iosxe", "l3switch", ("Gi1/0/1",)),
    ),
    (LabLink(("SW1", "Gi0/1"), ("R1", "Gi0/0")),),
    CREDENTIALS,
)


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[RunningLab]:
    with running_lab(SPEC, tmp_path) as lab:
        yield lab


def connect(lab: RunningLab, name: str, **changes: object) -> BaseConnection:
    """A privileged connection."""
    endpoint = lab.devices[name]
    arguments: dict[str, object] = {
        "device_type": "cisco_ios",
        "host": endpoint.host,
        "port": endpoint.port,
        "username": CREDENTIALS.username,
        "password": CREDENTIALS.password,
        "secret": CREDENTIALS.enable,
    }
    connection = ConnectHandler(**{**arguments, **changes})
    connection.enable()
    return connection


def test_netmiko_configures_and_saves(lab: RunningLab) -> None:
    with connect(lab, "SW1") as connection:
        connection.send_config_set(["vlan 10", "name USERS", "interface Gi0/1", "switchport access vlan 10"])
        assert "[OK]" in connection.save_config()
        shown = connection.send_command("show running-config | section ^interface GigabitEthernet0/1")
    assert shown == "interface GigabitEthernet0/1\n switchport access vlan 10"
    assert "vlan 10\n name USERS" in lab.startup_config("SW1")


def test_netmiko_sees_a_refused_line(lab: RunningLab) -> None:
    with connect(lab, "R1") as connection:
        with pytest.raises(ConfigInvalidException):
            connection.send_config_set(["no such command here"], error_pattern=r"% Invalid input")
        assert connection.check_config_mode()
    assert "such" not in lab.running_config("R1")


def test_two_sessions_configure_one_device(lab: RunningLab) -> None:
    with connect(lab, "SW1") as one, connect(lab, "SW1") as other:
        one.config_mode()
        other.send_config_set(["vlan 20"])
        one.send_config_set(["vlan 10"])
        assert one.send_command("show running-config | include ^vlan 1") == "vlan 10,20"


def test_a_banner_of_several_lines_is_sent_as_a_set(lab: RunningLab) -> None:
    with connect(lab, "SW1") as connection:
        connection.send_config_set(["banner motd ^C", "keep out", "^C"], cmd_verify=False)
    assert "banner motd ^C\nkeep out\n^C\n" in lab.running_config("SW1")
    with connect(lab, "SW1") as connection:
        assert connection.find_prompt() == "SW1#"


def test_a_wrong_password_is_refused(lab: RunningLab) -> None:
    with pytest.raises(NetmikoAuthenticationException):
        connect(lab, "SW1", password="wrong")


def test_a_wrong_enable_secret_is_refused(lab: RunningLab) -> None:
    with connect(lab, "SW1") as connection:
        connection.send_command("disable", expect_string=">")
        connection.secret = "wrong"
        with pytest.raises(ValueError, match="enable"):
            connection.enable()


def test_a_reload_loses_what_was_not_saved(lab: RunningLab) -> None:
    with connect(lab, "SW1") as connection:
        connection.send_config_set(["vlan 10"])
        connection.save_config()
        connection.send_config_set(["vlan 20"])
        connection.send_command("reload", expect_string=r"Save\? \[yes/no\]")
        connection.send_command("no", expect_string=r"\[confirm\]")
        connection.write_channel("\n")
        _until_closed(lab)
    _until_open(lab)
    with connect(lab, "SW1") as connection:
        assert connection.send_command("show running-config | include ^vlan [0-9]") == "vlan 10"


def _is_open(lab: RunningLab) -> bool:
    endpoint = lab.devices["SW1"]
    try:
        socket.create_connection((endpoint.host, endpoint.port), timeout=1).close()
    except OSError:
        return False
    return True


def _until_closed(lab: RunningLab) -> None:
    deadline = time.monotonic() + 30
    while _is_open(lab):
        assert time.monotonic() < deadline, "the port stays open over a reload"
        time.sleep(0.01)


def _until_open(lab: RunningLab) -> None:
    deadline = time.monotonic() + 30
    while not _is_open(lab):
        assert time.monotonic() < deadline, "the device does not come back"
        time.sleep(0.05)


def test_napalm_reads_facts_interfaces_and_configurations(lab: RunningLab) -> None:
    endpoint = lab.devices["R1"]
    driver = napalm.get_network_driver("ios")
    options = {"port": endpoint.port, "secret": CREDENTIALS.enable}
    with driver(endpoint.host, CREDENTIALS.username, CREDENTIALS.password, optional_args=options) as device:
        facts = device.get_facts()
        interfaces = device.get_interfaces()
        configurations = device.get_config()
    assert (facts["hostname"], facts["vendor"], facts["model"]) == ("R1", "Cisco", "CISCO2911/K9")
    assert facts["interface_list"] == ["GigabitEthernet0/0", "GigabitEthernet0/1"]
    assert facts["uptime"] >= 0
    assert interfaces["GigabitEthernet0/0"]["is_enabled"] is False
    assert interfaces["GigabitEthernet0/0"]["speed"] == 1000
    assert configurations["running"].splitlines()[-1] == "end"
    assert "hostname R1" in configurations["running"]


def test_napalm_reads_vlans_and_neighbours(lab: RunningLab) -> None:
    with connect(lab, "R1") as connection:
        connection.send_config_set(["lldp run", "interface Gi0/0", "no shutdown"])
    endpoint = lab.devices["SW1"]
    options = {"port": endpoint.port, "secret": CREDENTIALS.enable}
    driver = napalm.get_network_driver("ios")
    with driver(endpoint.host, CREDENTIALS.username, CREDENTIALS.password, optional_args=options) as device:
        device.device.send_config_set(
            ["lldp run", "vlan 10", "name USERS", "interface gi0/2", "switchport access vlan 10"]
        )
        vlans = device.get_vlans()
        neighbours = device.get_lldp_neighbors()
    assert vlans["10"] == {"name": "USERS", "interfaces": ["GigabitEthernet0/2"]}
    assert neighbours == {"GigabitEthernet0/1": [{"hostname": "R1", "port": "Gi0/0"}]}


def test_a_device_that_is_down_is_unreachable_until_it_is_up(lab: RunningLab) -> None:
    lab.fault("SW1", "down")
    with pytest.raises(NetmikoTimeoutException):
        connect(lab, "SW1", conn_timeout=2)
    lab.fault("SW1", "up")
    with connect(lab, "SW1") as connection:
        assert connection.find_prompt() == "SW1#"


def test_going_down_drops_the_sessions(lab: RunningLab) -> None:
    connection = connect(lab, "SW1")
    lab.fault("SW1", "down")
    with pytest.raises(OSError, match="closed"):
        connection.send_command("show clock", read_timeout=2)
    connection.disconnect()


def test_a_hanging_device_answers_nothing_after_some_lines(lab: RunningLab) -> None:
    lab.fault("SW1", "hang", lines=2)
    with connect(lab, "SW1") as connection:
        with pytest.raises(ReadTimeout):
            connection.send_config_set(["vlan 10", "vlan 20", "vlan 30"], read_timeout=1)
        lab.fault("SW1", "clear")
    assert "vlan 10,20\n" in lab.running_config("SW1")


def test_a_hanging_device_does_not_greet(lab: RunningLab) -> None:
    lab.fault("SW1", "hang")
    endpoint = lab.devices["SW1"]
    with paramiko.SSHClient() as client:
        client.set_missing_host_key_policy(paramiko.AutoAddPolicy())  # loopback, a key of the test's own
        client.connect(endpoint.host, endpoint.port, CREDENTIALS.username, CREDENTIALS.password, allow_agent=False)
        shell = client.invoke_shell()
        shell.send(b"\n")
        time.sleep(0.2)
        assert not shell.recv_ready()


def test_a_connection_is_lost_after_some_lines_and_once(lab: RunningLab) -> None:
    lab.fault("SW1", "drop", lines=2)
    connection = connect(lab, "SW1")
    with pytest.raises((OSError, EOFError, ReadTimeout)):
        connection.send_config_set(["vlan 10", "vlan 20", "vlan 30"], read_timeout=2)
    connection.disconnect()
    assert "vlan 10,20\n" in lab.running_config("SW1")
    with connect(lab, "SW1") as again:
        again.send_config_set(["vlan 30", "vlan 40", "vlan 50"])
    assert "vlan 10,20,30,40,50\n" in lab.running_config("SW1")


def test_a_rejected_line_looks_like_any_other(lab: RunningLab) -> None:
    lab.fault("SW1", "reject", pattern="^vlan 20")
    with connect(lab, "SW1") as connection:
        output = connection.send_config_set(["vlan 10", "vlan 20"])
    assert "% Invalid input detected at '^' marker." in output
    assert "vlan 10\n" in lab.running_config("SW1")


def test_an_ignored_line_is_a_lie(lab: RunningLab) -> None:
    lab.fault("SW1", "ignore", pattern="^vlan 20")
    with connect(lab, "SW1") as connection:
        output = connection.send_config_set(["vlan 10", "vlan 20"])
    assert "%" not in output
    assert "vlan 10\n" in lab.running_config("SW1")


def _shown_key(lab: RunningLab) -> str:
    endpoint = lab.devices["SW1"]
    with closing(paramiko.Transport((endpoint.host, endpoint.port))) as transport:
        transport.start_client(timeout=5)
        key = transport.get_remote_server_key()
        return f"{key.get_name()} {key.get_base64()}"


def test_another_host_key_is_shown_until_it_is_cleared(lab: RunningLab) -> None:
    own = lab.devices["SW1"].host_key
    assert _shown_key(lab) == own
    lab.fault("SW1", "host-key")
    assert _shown_key(lab) != own
    lab.fault("SW1", "clear")
    assert _shown_key(lab) == own


def test_a_slow_device_takes_its_time_for_each_line(lab: RunningLab) -> None:
    with connect(lab, "SW1") as connection:
        lab.fault("SW1", "slow", milliseconds=50)
        start = time.monotonic()
        connection.send_config_set([f"vlan {number}" for number in range(10, 20)])
        assert time.monotonic() - start >= 0.5
        lab.fault("SW1", "clear")


def test_wrong_faults_are_refused(lab: RunningLab) -> None:
    with pytest.raises(NotFound, match="no device"):
        lab.fault("NOBODY", "down")
    with pytest.raises(InvalidInput, match="unknown fault"):
        lab.fault("SW1", "explode")


def test_ports_and_host_keys_stay_over_a_restart(tmp_path: Path) -> None:
    with running_lab(SPEC, tmp_path) as first:
        pass
    with running_lab(SPEC, tmp_path) as second:
        assert second.devices == first.devices


def test_a_second_lab_in_a_folder_is_refused(lab: RunningLab, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="already"), running_lab(SPEC, tmp_path):
        pass
    assert lab.running_config("SW1").startswith("version")
