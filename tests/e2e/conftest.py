"""Projects on disk, the command line called in this process, and labs: what the end-to-end tests stand on."""

import io
import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from netmiko import BaseConnection, ConnectHandler

from cimnet_nornir.application.host_keys import pin_host_keys
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.bootstrap import LAB_PASSWORD, LAB_USER, Settings, lab_hosts, lab_spec, load_settings, open_service
from cimnet_nornir.cli import run
from cimnet_nornir.lab.thread import RunningLab, running_lab

CONFIG = """\
inventory:
  plugin: CimnetInventory
  options:
    network: small
    environment: lab
    timeouts: {connect: 5, read: 5, line: 2, save: 5}
  transform_function: cimnet_credentials
runner: {plugin: threaded, options: {num_workers: 4}}
logging: {enabled: false}
"""
NETWORK = """\
network: small
defaults: {vendor: cisco, platform: ios, site: hq}
vlans: {10: users, 99: management}
devices:
  r1:
    kind: router
    role: core
    management: 127.0.0.11
    ports: [GigabitEthernet0/0-1]
    interfaces:
      GigabitEthernet0/0: {description: to sw1, address: 10.0.0.1/24}
  sw1:
    kind: switch
    role: access
    management: 127.0.0.12
    ports: [GigabitEthernet1/0/1-4]
    interfaces:
      GigabitEthernet1/0/1: {mode: access, vlan: 10, description: desk}
      GigabitEthernet1/0/4: {mode: trunk, native: 99, allowed: "10,99", description: to sw2}
  sw2:
    kind: switch
    role: access
    management: 127.0.0.13
    ports: [GigabitEthernet1/0/1-4]
    interfaces:
      GigabitEthernet1/0/1: {mode: access, vlan: 10, description: desk}
      GigabitEthernet1/0/4: {mode: trunk, native: 99, allowed: "10,99", description: to sw1}
links:
  - [sw1 GigabitEthernet1/0/4, sw2 GigabitEthernet1/0/4]
"""
# Twenty switches, all alike.
TWENTY_NAMES = tuple(f"sw{number:02}" for number in range(1, 21))
ONE_OF_TWENTY = """\
  {name}:
    kind: switch
    role: access
    management: 127.0.1.{number}
    ports: [GigabitEthernet1/0/1-2]
    interfaces:
      GigabitEthernet1/0/1: {{mode: access, vlan: 10, description: desk 0}}
"""
TWENTY = "network: small\ndefaults: {vendor: cisco, platform: ios, site: hq}\nvlans: {10: users}\ndevices:\n" + "".join(
    ONE_OF_TWENTY.format(name=name, number=number) for number, name in enumerate(TWENTY_NAMES, start=1)
)


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command came to."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The document on stdout."""
        return json.loads(self.out)


@dataclass(frozen=True, slots=True)
class Project:
    """A project's folder, and the command line in it."""

    folder: Path

    def run(self, *arguments: str) -> Ran:
        """Run `cimnet` in this process."""
        out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
        with redirect_stdout(out), redirect_stderr(err):
            status = run(["--project", str(self.folder), *arguments])
        return Ran(status, _text(out), _text(err))

    def ok(self, *arguments: str, status: int = 0) -> Ran:
        """Run `cimnet`, which must end with this status."""
        ran = self.run(*arguments)
        assert ran.status == status, f"cimnet {arguments} ended with {ran.status}:\n{ran.out}{ran.err}"
        return ran

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        """Start the real `cimnet` in a process of its own."""
        program = Path(sys.executable).with_name("cimnet")
        pipe = subprocess.PIPE
        return subprocess.Popen([program, *arguments], cwd=self.folder, stdout=pipe, stderr=pipe, text=True)

    @property
    def settings(self) -> Settings:
        return load_settings(self.folder)

    @property
    def network(self) -> Path:
        return self.folder / "inventory" / "network.yaml"

    @property
    def database(self) -> Path:
        return self.folder / ".cimnet" / "events.db"

    def edit(self, old: str, new: str) -> None:
        """Change the network definition."""
        text = self.network.read_text(encoding="utf-8")
        assert old in text
        self.network.write_text(text.replace(old, new), encoding="utf-8")

    def declare(self, *, reason: str = "CHG-1") -> None:
        self.ok("declare", str(self.network), "--reason", reason)

    @contextmanager
    def service(self) -> Iterator[NetworkService]:
        service = open_service(self.settings)
        with closing(service.store):
            yield service

    def events(self, *types: str) -> list[Mapping[str, Any]]:
        """Stored events in order, of some types or all, as `cimnet history --json` shows them."""
        wanted = [word for name in types for word in ("--type", name)]
        shown = self.ok("history", "--first", "500", "--json", *wanted).json["events"]
        return list(reversed(shown))

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What plain sqlite3 answers about the store."""
        with closing(sqlite3.connect(self.database)) as connection:
            return list(connection.execute(query))

    @contextmanager
    def session(self, device: str) -> Iterator[BaseConnection]:
        """An independent Netmiko session with a device of the lab, in privileged mode."""
        found = self.ok("lab", "status", "--json").json["devices"][device]
        connection = ConnectHandler(
            device_type="cisco_ios",
            host=found["host"],
            port=found["port"],
            username=LAB_USER,
            password=LAB_PASSWORD,
            secret=LAB_PASSWORD,
        )
        with connection:
            connection.enable()
            yield connection

    def show(self, device: str, command: str) -> str:
        """What a device answers to an independent session."""
        with self.session(device) as connection:
            return str(connection.send_command(command))

    def type(self, device: str, lines: Sequence[str]) -> None:
        """Change a device by hand."""
        with self.session(device) as connection:
            connection.send_config_set(list(lines))


def _text(stream: io.TextIOWrapper) -> str:
    stream.seek(0)
    return stream.read()


@pytest.fixture(autouse=True)
def heard() -> Iterator[None]:
    """A program that is started where SIGHUP is ignored (nohup) ignores it as well, as it should."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, before)


@pytest.fixture(scope="session", autouse=True)
def nobody_else() -> Iterator[None]:
    """The surroundings name no project, and the actor is known."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("CIMNET_")]:
            patch.delenv(name)
        patch.setenv("CIMNET_ACTOR", "ann")
        patch.setenv("NO_COLOR", "1")
        yield


@pytest.fixture(scope="session")
def campus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """The example campus, declared, its lab up and everything applied. Whoever changes it takes it back."""
    project = Project(tmp_path_factory.mktemp("projects") / "campus")
    project.ok("init", str(project.folder))
    project.declare(reason="first rollout")
    project.ok("lab", "up")
    try:
        project.ok("apply", "--yes", "--reason", "first rollout")
        yield project
    finally:
        project.ok("lab", "down")


@pytest.fixture
def empty(tmp_path: Path) -> Project:
    """A small project with nothing declared."""
    project = Project(tmp_path / "small")
    (project.folder / "inventory").mkdir(parents=True)
    (project.folder / "inventory" / "config.yaml").write_text(CONFIG, encoding="utf-8")
    project.network.write_text(NETWORK, encoding="utf-8")
    return project


@pytest.fixture
def small(empty: Project) -> Project:
    """Two switches and a router, declared."""
    empty.declare()
    return empty


@pytest.fixture
def lab(small: Project) -> Iterator[RunningLab]:
    """The small project's lab, in a thread of this process; no device has anything of the intent yet."""
    with started_lab(small) as lab:
        yield lab


@pytest.fixture
def guarded(small: Project) -> Iterator[RunningLab]:
    """The same with an archive on each device, so that each takes back by itself what nobody confirms."""
    with started_lab(small, archive=True) as lab:
        yield lab


@pytest.fixture
def settled(small: Project, guarded: RunningLab) -> RunningLab:
    """Everything applied, and a change of intent for all three devices that waits."""
    small.ok("apply", "--yes")
    small.edit("vlans: {10: users, 99: management}", "vlans: {10: users, 20: guests, 99: management}")
    small.edit("description: to sw1, address", "description: to the first switch, address")
    small.declare(reason="CHG-2 guests")
    return guarded


@pytest.fixture(scope="module")
def twenty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Project, RunningLab]]:
    """Twenty switches with archives, everything applied, in a project of their own."""
    project = Project(tmp_path_factory.mktemp("projects") / "small")
    (project.folder / "inventory").mkdir(parents=True)
    (project.folder / "inventory" / "config.yaml").write_text(CONFIG.replace("num_workers: 4", "num_workers: 20"))
    project.network.write_text(TWENTY, encoding="utf-8")
    project.declare()
    with started_lab(project, archive=True) as lab:
        project.ok("apply", "--yes")
        yield project, lab


@contextmanager
def started_lab(small: Project, *, archive: bool = False) -> Iterator[RunningLab]:
    """The lab of a project, in a thread of this process, its host keys pinned."""
    with small.service() as service:
        spec = lab_spec(service, archive=archive, hosts=lab_hosts(small.settings, service))
    with running_lab(spec, small.settings.lab) as lab:
        with small.service() as service:
            pin_host_keys(service, lab.host_keys, command="lab up")
        yield lab
