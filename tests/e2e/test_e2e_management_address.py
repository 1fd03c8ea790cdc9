"""A change of the address by which a device is managed: the push goes in at the old one, and is confirmed at the new.

The project is in the environment `real`; its SSH configuration leads each address to the port of the lab that stands
for it, which is open only while the device has the address.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from cimnet_nornir.application.host_keys import pin_host_keys
from cimnet_nornir.application.project import create_project
from cimnet_nornir.lab.spec import LabCredentials, LabDevice, LabSpec
from cimnet_nornir.lab.thread import RunningLab, running_lab

if TYPE_CHECKING:
    from tests.e2e.conftest import Project

pytestmark = pytest.mark.slow

OLD, NEW = "10.0.0.1", "10.0.0.2"
CONFIG = """\
inventory:
  plugin: CimnetInventory
  options: {network: net, environment: real, timeouts: {connect: 3, read: 3, line: 2, save: 3}}
  transform_function: cimnet_credentials
ssh: {config_file: ssh_config}
"""
NETWORK = """\
network: net
defaults: {vendor: cisco, platform: ios, site: hq}
devices:
  r1:
    kind: router
    management: 10.0.0.1
    ports: [GigabitEthernet0/0-1]
    interfaces:
      GigabitEthernet0/1: {description: spare, enabled: false}
      Loopback0: {address: 10.0.0.1/32, description: management}
"""
STARTUP = f"""\
hostname r1
interface Loopback0
 ip address {OLD} 255.255.255.255
"""
APPLY = ("apply", "--yes", "--json")


@dataclass(frozen=True, slots=True)
class Site:
    """The project, and the lab that stands for its network."""

    project: "Project"
    lab: RunningLab

    def lead(self, *addresses: str) -> None:
        """Let the SSH configuration know the way to these addresses; the others lead to a port that nobody opens."""
        ports = {address: self.lab.way("r1", address) if address in addresses else 9 for address in (OLD, NEW)}
        ways = (f"Host {address}\n  HostName 127.0.0.1\n  Port {port}\n" for address, port in ports.items())
        (self.project.folder / "ssh_config").write_text("".join(ways), encoding="utf-8")

    def move(self) -> None:
        """Declare the new address."""
        self.project.edit(OLD, NEW)
        self.project.declare(reason="CHG-2 renumbering")

    def outcome(self, *options: str, status: int = 0) -> dict[str, object]:
        """What a push comes to."""
        found: dict[str, object] = self.project.ok(*APPLY, *options, status=status).json["devices"]["r1"]
        return found

    def former(self) -> dict[str, str]:
        with self.project.service() as service:
            return dict(service.former_addresses())


@contextmanager
def opened(project: "Project", *, archive: bool) -> Iterator[Site]:
    folder = project.folder
    (folder / "inventory" / "config.yaml").write_text(CONFIG, encoding="utf-8")
    project.network.write_text(NETWORK, encoding="utf-8")
    device = LabDevice(
        "r1", "ios", "router", ("GigabitEthernet0/0", "GigabitEthernet0/1"), startup=STARTUP, archive=archive
    )
    with running_lab(LabSpec((device,), (), LabCredentials("admin", "word", "word")), folder / "lab") as lab:
        site = Site(project, lab)
        site.lead(OLD, NEW)
        project.declare()
        with project.service() as service:
            pin_host_keys(service, {"r1": lab.devices["r1"].host_key}, command="trust")
        assert site.outcome()["outcome"] == "applied"
        yield site


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"USERNAME": "admin", "PASSWORD": "word", "ENABLE": "word"}.items():
        monkeypatch.setenv(f"CIMNET_{name}", value)


@pytest.fixture
def site(empty: "Project") -> Iterator[Site]:
    """A router that runs what is intended, and takes back by itself what nobody confirms."""
    with opened(empty, archive=True) as site:
        yield site


@pytest.mark.parametrize("options", [(), ("--method", "napalm", "--transfer", "inline")], ids=["netmiko", "napalm"])
def test_a_push_goes_in_at_the_old_address_and_is_confirmed_at_the_new_one(
    site: Site, options: tuple[str, ...]
) -> None:
    site.move()
    assert site.former() == {"r1": OLD}
    told = site.outcome(*options)
    assert (told["outcome"], told["confirmed"], told["saved"]) == ("applied", True, True)
    assert f"ip address {NEW} 255.255.255.255" in site.lab.startup_config("r1")
    assert site.former() == {}
    # What comes after goes to the new address alone.
    site.lead(NEW)
    assert "nothing to change" in site.project.ok("plan").out


def test_a_device_is_taken_over_by_its_address_alone(site: Site) -> None:
    folder = site.project.folder / "other"
    create_project(folder, network="net", empty=True)
    ssh_config = site.project.folder / "ssh_config"
    (folder / "inventory" / "config.yaml").write_text(
        CONFIG.replace("ssh_config}", f"{ssh_config}}}"), encoding="utf-8"
    )
    other = type(site.project)(folder)
    assert "no password was sent: nobody is there to trust these host keys" in other.ok("import", OLD, status=1).err
    assert not (folder / ".cimnet" / "known_hosts.real").exists()

    ran = other.ok("import", OLD, "--yes", "--json")
    (device,) = ran.json["devices"]
    assert (device["name"], device["management"]) == ("r1", OLD)
    assert "SHA256:" in ran.err
    # The key is pinned, and the next command goes there as to any other device.
    assert "nothing to change" in other.ok("plan").out
    assert "0 events recorded" in other.ok("import", OLD).out


def test_a_device_without_a_timer_is_found_at_its_new_address_too(empty: "Project") -> None:
    with opened(empty, archive=False) as site:
        site.move()
        assert site.outcome()["outcome"] == "applied"
        assert f"ip address {NEW} 255.255.255.255" in site.lab.startup_config("r1")


def test_what_fails_after_the_address_changed_is_taken_back_to_the_old_address(site: Site) -> None:
    before = site.lab.running_config("r1")
    site.project.edit("description: spare", "description: to be used")
    site.move()
    site.lab.fault("r1", "ignore", pattern="^description to be used")
    told = site.outcome(status=3)
    assert (told["outcome"], told["reverted"]) == ("differs", "revert timer")
    assert site.lab.running_config("r1") == before
    assert site.former() == {"r1": OLD}


def test_a_device_that_is_not_reached_at_its_new_address_goes_back_by_itself(site: Site) -> None:
    before = (site.lab.running_config("r1"), site.lab.startup_config("r1"))
    site.lead(OLD)
    site.move()
    assert site.outcome(status=5)["outcome"] == "in doubt"
    assert NEW in site.lab.running_config("r1")
    site.lab.advance("r1", 5 * 60 + 1)
    assert (site.lab.running_config("r1"), site.lab.startup_config("r1")) == before
    assert "not applied" in site.project.ok("recover", "--json").out
    # And once there is a way, the same push arrives.
    site.lead(OLD, NEW)
    assert site.outcome()["outcome"] == "applied"


def test_a_device_at_neither_address_is_told_of_with_both(site: Site) -> None:
    site.move()
    site.lead()
    told = site.project.ok("plan", status=4).out
    assert "; nor there: " in told
    # Where it should be by the intent, and where it was reached so far.
    assert told.count("127.0.0.1:9") == 2
