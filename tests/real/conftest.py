"""The devices that the suite runs on: those of a lab on every run, or a real one that the environment names instead.

docs/reference/tested-devices.md lists the variables. What is done to a device is the same for both; only time passes
faster in a lab.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from netmiko import ConnectHandler

from cimnet_nornir.lab.spec import LabCredentials, LabDevice, LabSpec
from cimnet_nornir.lab.thread import RunningLab, running_lab
from tests.real.site import Site, opened

# What carries the lines.
METHODS = ("netmiko", "napalm")
_ADDRESS = "192.0.2.10"
_PORTS = {
    "switch": ("GigabitEthernet1/0/7", "GigabitEthernet1/0/8"),
    "l3switch": ("GigabitEthernet1/0/7", "GigabitEthernet1/0/8"),
    "router": ("GigabitEthernet0/1", "GigabitEthernet0/2"),
}
# A device with a life of its own, none of which is the suite's to touch.
_LIFE = """\
hostname lab-{kind}
ip domain-name example.net
ip scp server enable
file prompt quiet
username somebody privilege 1 secret 9 $9$AAAAAAAAAAAAAA$BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB
snmp-server location somewhere else
{switching}interface {other}
 description somebody's
ip route 198.18.0.0 255.255.0.0 Null0
"""
_SWITCHING = """\
vlan 50
 name somebodys
interface Vlan50
 description somebody's
 ip address 198.51.100.10 255.255.255.0
"""


@dataclass(frozen=True, slots=True)
class Target:
    """A device that the suite may push to, and the part of it that it may configure."""

    name: str
    address: str
    platform: str
    kind: str
    ports: tuple[str, ...]
    vlan: int
    username: str
    password: str = field(repr=False)
    enable: str = field(repr=False)
    ssh_config: str = field(default="", repr=False)
    lab: RunningLab | None = field(default=None, repr=False)

    def wait(self, seconds: float) -> None:
        """Let so much time pass on the device."""
        if self.lab is None:
            time.sleep(seconds)
        else:
            self.lab.advance(None, seconds)


def named_by_the_environment() -> Target | None:
    """The real device, if one is named. Fails where something about it is not said."""
    said = {
        name.removeprefix("CIMNET_REAL_").lower(): value
        for name, value in os.environ.items()
        if name.startswith("CIMNET_REAL_") and value
    }
    if "host" not in said:
        return None
    if "PYTEST_XDIST_WORKER" in os.environ:
        pytest.exit("one device bears one test at a time: run tests/real without -n")
    missing = [name for name in ("username", "password", "platform", "kind", "ports", "vlan") if name not in said]
    if missing:
        pytest.exit(f"CIMNET_REAL_HOST is set, and not {', '.join(f'CIMNET_REAL_{name.upper()}' for name in missing)}")
    ssh_config = f"Host {said['host']}\n  Port {said.get('port', '22')}\n"
    if "ssh_config" in said:
        ssh_config = Path(said["ssh_config"]).expanduser().read_text(encoding="utf-8")
    return Target(
        "device",
        said["host"],
        said["platform"],
        said["kind"],
        tuple(said["ports"].replace(" ", "").split(",")),
        int(said["vlan"]),
        said["username"],
        said["password"],
        said.get("enable", ""),
        ssh_config,
    )


@contextmanager
def simulated(platform: str, kind: str, folder: Path) -> Iterator[Target]:
    """A device of a lab, which has more on it than the suite may touch, and has it saved."""
    ports = _PORTS[kind]
    other = "GigabitEthernet0/0" if kind == "router" else "GigabitEthernet1/0/1"
    life = _LIFE.format(kind=kind, other=other, switching="" if kind == "router" else _SWITCHING)
    if kind == "l3switch":
        life = f"ip routing\n{life}"
    elif kind == "switch":
        life = life.replace("ip route 198.18.0.0 255.255.0.0 Null0\n", "")
    device = LabDevice("dut", platform, kind, (other, *ports), startup=life, archive=True)  # type: ignore[arg-type] # checked there
    with running_lab(LabSpec((device,), (), LabCredentials("tester", "word", "word")), folder / "lab") as lab:
        port = lab.devices["dut"].port
        login = {"username": "tester", "password": "word", "secret": "word"}
        with ConnectHandler(device_type="cisco_ios", host="127.0.0.1", port=port, **login) as connection:
            connection.enable()
            connection.save_config()
        ssh_config = f"Host {_ADDRESS}\n  HostName 127.0.0.1\n  Port {port}\n"
        yield Target("device", _ADDRESS, platform, kind, ports, 3999, "tester", "word", "word", ssh_config, lab)


LAB = (("ios", "switch"), ("iosxe", "l3switch"), ("ios", "router"))
VARIANTS = tuple(f"{platform}-{kind}" for platform, kind in LAB)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Each test on every device and by every method; a real one takes the place of the simulated ones.

    NAPALM waits a few seconds for each of its steps: of the simulated devices one bears it.
    """
    if "site" not in metafunc.fixturenames:
        return
    found = named_by_the_environment()
    sites = [found.kind] if found else VARIANTS
    if "method" not in metafunc.fixturenames:
        metafunc.parametrize("site", sites, indirect=True, scope="module")
        return
    pairs = [(site, method) for site in sites for method in METHODS if found or method == "netmiko" or site == sites[0]]
    metafunc.parametrize(("site", "method"), pairs, indirect=["site"], scope="module")


@pytest.fixture(scope="module")
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A project for the device; what runs on it, and what is saved, is in the end as it was."""
    folder = tmp_path_factory.mktemp("site")
    real = named_by_the_environment()
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("CIMNET_") and "REAL" not in name]:
            patch.delenv(name)
        if real is not None:
            with opened(real, folder, patch) as site:
                yield site
            return
        platform, _, kind = str(request.param).partition("-")
        with simulated(platform, kind, folder) as target, opened(target, folder, patch) as site:
            yield site
