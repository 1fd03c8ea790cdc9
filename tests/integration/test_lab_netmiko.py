"""Netmiko's cisco_ios drives the simulated devices as it drives real ones."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from netmiko import ConnectHandler
from netmiko.base_connection import BaseConnection
from netmiko.exceptions import ConfigInvalidException, NetmikoAuthenticationException, NetmikoTimeoutException

from cimnet_nornir.lab.spec import LabCredentials, LabDevice, LabLink, LabSpec
from cimnet_nornir.lab.thread import RunningLab, running_lab

CREDENTIALS = LabCredentials("admin", "login-word", "enable-word")
SPEC = LabSpec(
    (
        LabDevice("SW1", "ios", "switch", ("Gi0/1", "Gi0/2")),
        LabDevice("R1", "ios", "router", ("Gi0/0", "Gi0/1")),
    ),
    (LabLink(("SW1", "Gi0/1"), ("R1", "Gi0/0")),),
    CREDENTIALS,
)


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[RunningLab]:
    with running_lab(SPEC, tmp_path) as lab:
        yield lab


def connect(lab: RunningLab, name: str, **changes: object) -> BaseConnection:
    endpoint = lab.devices[name]
    arguments: dict[str, object] = {
        "device_type": "cisco_ios",
        "host": endpoint.host,
        "port": endpoint.port,
        "username": CREDENTIALS.username,
        "password": CREDENTIALS.password,
        "secret": CREDENTIALS.enable,
    }
    return ConnectHandler(**{**arguments, **changes})


def test_netmiko_configures_and_saves(lab: RunningLab) -> None:
    with connect(lab, "SW1") as connection:
        connection.enable()
        connection.send_config_set(["vlan 10", "name USERS", "interface Gi0/1", "switchport access vlan 10"])
        assert "[OK]" in connection.save_config()
        shown = connection.send_command("show running-config | section ^interface GigabitEthernet0/1")
    assert shown == "interface GigabitEthernet0/1\n switchport access vlan 10"
    assert "vlan 10\n name USERS" in lab.startup_config("SW1")


def test_netmiko_sees_a_refused_line(lab: RunningLab) -> None:
    with connect(lab, "R1") as connection:
        connection.enable()
        with pytest.raises(ConfigInvalidException):
            connection.send_config_set(["no such command here"], error_pattern=r"% Invalid input")
    assert "such" not in lab.running_config("R1")


def test_a_wrong_password_is_refused(lab: RunningLab) -> None:
    with pytest.raises(NetmikoAuthenticationException):
        connect(lab, "SW1", password="wrong")


def test_a_wrong_enable_secret_is_refused(lab: RunningLab) -> None:
    with connect(lab, "SW1", secret="wrong") as connection, pytest.raises(ValueError, match="enable"):
        connection.enable()


def test_a_device_that_is_down_is_unreachable_until_it_is_up(lab: RunningLab) -> None:
    lab.fault("SW1", "down")
    with pytest.raises(NetmikoTimeoutException):
        connect(lab, "SW1", conn_timeout=2)
    lab.fault("SW1", "up")
    with connect(lab, "SW1") as connection:
        assert connection.find_prompt() == "SW1>"
