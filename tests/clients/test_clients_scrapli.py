"""scrapli 1 and 2 send commands and configurations to simulated devices, over each of their transports."""

import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from cimnet_nornir.lab.thread import RunningLab

HERE = Path(__file__).parent
CLIENTS = (
    "scrapli1 paramiko",
    "scrapli1 ssh2",
    "scrapli1 system",
    "scrapli1 asyncssh",
    "scrapli2 bin",
    "scrapli2 ssh2",
)
Step = tuple[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Said:
    """What the client made of a step."""

    output: str
    failed: bool


@dataclass(frozen=True, slots=True)
class Scrapli:
    """A client, at one device of the lab."""

    interpreter: Path
    script: Path
    transport: str
    variables: dict[str, str]
    lab: RunningLab

    def process(self, device: str, steps: Sequence[Step], **changes: str) -> subprocess.CompletedProcess[str]:
        endpoint, credentials = self.lab.devices[device], self.lab.credentials
        wanted = {
            "host": endpoint.host,
            "port": endpoint.port,
            "username": credentials.username,
            "password": credentials.password,
            "enable": credentials.enable,
            "transport": self.transport,
            "steps": steps,
            **changes,
        }
        return subprocess.run(
            [self.interpreter, self.script],
            input=json.dumps(wanted), env=self.variables, capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip

    def __call__(self, device: str, *steps: Step) -> list[Said]:
        """Open a session, take the steps, close it."""
        done = self.process(device, steps)
        assert done.returncode == 0, done.stderr
        return [Said(**step) for step in json.loads(done.stdout)]


@pytest.fixture(params=CLIENTS)
def scrapli(
    request: pytest.FixtureRequest, lab: RunningLab, environments: Path, clean_environment: dict[str, str]
) -> Scrapli:
    name, transport = request.param.split()
    interpreter = environments / name / "bin" / "python"
    return Scrapli(interpreter, HERE / f"{name}_session.py", transport, clean_environment, lab)


def test_it_becomes_privileged_and_reads(scrapli: Scrapli) -> None:
    for device in ("SW1", "SW2", "R1"):
        (said,) = scrapli(device, ("commands", ["show version", "show running-config"]))
        assert not said.failed
        assert f"{device} uptime is" in said.output
        assert f"hostname {device}\n" in said.output


def test_configurations_are_sent_and_saved(scrapli: Scrapli, lab: RunningLab) -> None:
    lines = ["vlan 10", "name USERS", "interface Gi1/0/1", "description desk", "switchport access vlan 10"]
    sent, saved = scrapli("SW1", ("configs", lines), ("commands", ["write memory"]))
    assert not sent.failed
    assert not saved.failed
    assert "[OK]" in saved.output
    for text in (lab.running_config("SW1"), lab.startup_config("SW1")):
        assert "vlan 10\n name USERS\n" in text
        assert "interface GigabitEthernet1/0/1\n description desk\n switchport access vlan 10\n" in text


def test_a_refused_line_is_reported_failed_and_ends_the_set(scrapli: Scrapli, lab: RunningLab) -> None:
    refused, read = scrapli(
        "SW1", ("configs", ["vlan 20", "no such command", "vlan 30"]), ("commands", ["show vlan brief"])
    )
    assert refused.failed
    assert "% Invalid input detected" in refused.output
    assert not read.failed
    assert "vlan 20\n" in lab.running_config("SW1")
    assert "vlan 30\n" not in lab.running_config("SW1")


def test_a_wrong_password_lets_nobody_in(scrapli: Scrapli) -> None:
    done = scrapli.process("R1", [("commands", ["show version"])], password="no-such-word")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr


def test_without_the_enable_secret_nothing_is_configured(scrapli: Scrapli, lab: RunningLab) -> None:
    before = lab.running_config("R1")
    done = scrapli.process("R1", [("configs", ["lldp run"])], enable="no-such-word")
    # scrapli 2 stays in user mode, and only then finds that it cannot go on.
    assert done.returncode == 1 or json.loads(done.stdout)[0]["failed"]
    assert lab.running_config("R1") == before
