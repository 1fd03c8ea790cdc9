"""Ansible's cisco.ios collection configures and reads simulated devices as it does real ones."""

import json
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from cimnet_nornir.lab.thread import RunningLab

PLAYBOOKS = Path(__file__).parent / "playbooks"


@dataclass(frozen=True, slots=True)
class Played:
    """What a playbook came to."""

    status: int
    document: Mapping[str, Any]

    def of(self, device: str, task: str) -> Mapping[str, Any]:
        """The result of a task on a device."""
        (found,) = (each for each in self.document["plays"][0]["tasks"] if each["task"]["name"] == task)
        result: Mapping[str, Any] = found["hosts"][device]
        return result

    def changed(self, device: str) -> int:
        """How many tasks changed the device."""
        return int(self.document["stats"][device]["changed"])


@dataclass(frozen=True, slots=True)
class Ansible:
    """`ansible-playbook` with an inventory of the lab's devices."""

    program: Path
    folder: Path
    variables: Mapping[str, str]

    def __call__(self, playbook: str, *arguments: str, limit: str = "SW1", status: int = 0) -> Played:
        command: list[Path | str] = [self.program, "-i", self.folder / "hosts.json", "-l", limit, *arguments]
        done = subprocess.run(
            [*command, PLAYBOOKS / f"{playbook}.yml"],
            env=dict(self.variables), capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip
        assert done.returncode == status, done.stdout + done.stderr
        return Played(done.returncode, json.loads(done.stdout))


def inventory(lab: RunningLab, ssh_type: str) -> Mapping[str, object]:
    hosts = {name: {"ansible_host": found.host, "ansible_port": found.port} for name, found in lab.devices.items()}
    variables = {
        "ansible_connection": "ansible.netcommon.network_cli",
        "ansible_network_os": "cisco.ios.ios",
        "ansible_network_cli_ssh_type": ssh_type,
        "ansible_user": lab.credentials.username,
        "ansible_password": lab.credentials.password,
        "ansible_become": True,
        "ansible_become_method": "ansible.netcommon.enable",
        "ansible_become_password": lab.credentials.enable,
    }
    return {"all": {"hosts": hosts, "vars": variables}}


@pytest.fixture
def ssh_type() -> str:
    """The library behind the connection."""
    return "libssh"


@pytest.fixture
def ansible(lab: RunningLab, environments: Path, clean_environment: dict[str, str], ssh_type: str) -> Iterator[Ansible]:
    # Ansible's sockets live in its home, and a socket's path may have about a hundred characters.
    with tempfile.TemporaryDirectory(prefix="cimnet-ansible-") as name:
        folder = Path(name)
        (folder / "hosts.json").write_text(json.dumps(inventory(lab, ssh_type)))
        variables = {
            **clean_environment,
            "ANSIBLE_CONFIG": str(folder / "none.cfg"),
            "ANSIBLE_HOME": name,
            "ANSIBLE_HOST_KEY_CHECKING": "false",
            "ANSIBLE_STDOUT_CALLBACK": "ansible.posix.json",
            "HOME": name,
        }
        (folder / "none.cfg").touch()
        yield Ansible(environments / "ansible" / "bin" / "ansible-playbook", folder, variables)


PORT = ["interface GigabitEthernet1/0/1", "description desk", "switchport access vlan 10", "switchport mode access"]


@pytest.mark.parametrize("ssh_type", ["libssh", "paramiko"])
def test_lines_are_checked_and_configured_and_the_second_run_changes_nothing(ansible: Ansible, lab: RunningLab) -> None:
    before = lab.running_config("SW1")
    checked = ansible("configure", "--check", "--diff")
    assert checked.of("SW1", "a VLAN")["commands"] == ["vlan 10", "name USERS"]
    assert checked.of("SW1", "a port")["commands"] == PORT
    assert (checked.changed("SW1"), lab.running_config("SW1"), lab.startup_config("SW1")) == (3, before, "")

    first = ansible("configure", "--diff")
    assert "vlan 10\n name USERS" not in first.of("SW1", "a VLAN")["diff"]["before"]
    assert "vlan 10\n name USERS" in first.of("SW1", "a VLAN")["diff"]["after"]
    assert first.of("SW1", "a port")["commands"] == PORT
    assert first.changed("SW1") == 3
    after = lab.running_config("SW1")
    assert "vlan 10\n name USERS\n" in after
    assert "\n ".join(PORT) in after
    assert lab.startup_config("SW1") == after

    second = ansible("configure", "--diff")
    assert second.changed("SW1") == 0
    assert lab.running_config("SW1") == after


def test_an_intended_configuration_is_compared_with_the_running_one(ansible: Ansible, lab: RunningLab) -> None:
    before = lab.running_config("SW1")
    intended = ansible.folder / "intended.cfg"
    intended.write_text(before.replace("hostname SW1", "hostname SW9"))
    checked = ansible("compare", "--check", "--diff", "-e", f"intended={intended}").of("SW1", "compare")
    assert checked["commands"] == ["hostname SW9"]
    assert "hostname SW1" in checked["diff"]["before"]
    assert "hostname SW9" in checked["diff"]["after"]
    assert lab.running_config("SW1") == before


def test_vlans_are_merged_once(ansible: Ansible, lab: RunningLab) -> None:
    wanted = ["vlan 20", "name VOICE", "vlan 30", "name PRINTERS"]
    checked = ansible("vlans", "--check")
    assert checked.of("SW1", "merge")["commands"] == wanted
    assert "VOICE" not in lab.running_config("SW1")
    first = ansible("vlans")
    assert first.of("SW1", "merge")["commands"] == wanted
    assert {vlan["name"] for vlan in first.of("SW1", "merge")["after"]} >= {"default", "VOICE", "PRINTERS"}
    assert "vlan 20\n name VOICE\n!\nvlan 30\n name PRINTERS\n" in lab.running_config("SW1")
    assert ansible("vlans").changed("SW1") == 0


def test_facts_and_commands_are_read_from_switches_and_routers(ansible: Ansible, lab: RunningLab) -> None:
    read = ansible("read", limit="all")
    models = {"SW1": "C9300-24T", "SW2": "WS-C2960X-24TS-L", "R1": "C8300-1N1S-4T2X"}
    for device in lab.devices:
        facts = read.of(device, "facts")["ansible_facts"]
        assert facts["ansible_network_resources"]["hostname"] == {"hostname": device}
        assert (facts["ansible_net_hostname"], facts["ansible_net_model"]) == (device, models[device])
        assert f"hostname {device}\n" in facts["ansible_net_config"]
        version, _ = read.of(device, "commands")["stdout"]
        assert f"{device} uptime is" in version
    assert "GigabitEthernet0/0/0" in read.of("R1", "facts")["ansible_facts"]["ansible_net_interfaces"]


def test_a_line_that_the_device_does_not_know_fails_the_task(ansible: Ansible, lab: RunningLab) -> None:
    refused = ansible("refused", status=2).of("SW1", "three lines")
    assert "% Invalid input detected" in refused["msg"]
    running = lab.running_config("SW1")
    assert "lldp run" in running
    assert "example.net" not in running
