"""A project for one device that has a life of its own: what the suite sees of it, does to it, and puts back."""

import io
import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from cimnet_nornir.bootstrap import load_settings, open_devices, open_service
from cimnet_nornir.cli import run
from cimnet_nornir.ios.bundle import TemplateBundle
from cimnet_nornir.ios.capabilities import startup_differs
from cimnet_nornir.ios.engine import IosEngine
from cimnet_nornir.tasks.login import open_session
from cimnet_nornir.tasks.session import Session

if TYPE_CHECKING:
    from nornir.core.task import Task

    from tests.real.conftest import Target

CONFIG = """\
inventory:
  plugin: CimnetInventory
  options: {network: site, environment: real, timeouts: {connect: 15, read: 60, line: 15, save: 60}}
  transform_function: cimnet_credentials
ssh: {config_file: ssh_config}
"""
_HEAD = re.compile(r"^[ +-] (?P<head>\S.*)$")


@dataclass(slots=True)
class Site:
    """The project's folder, and the device. `running` and `startup` are what it had before, without volatile lines."""

    target: "Target"
    folder: Path
    name: str = "unknown"
    description: str = "cimnet test"
    running: str = field(default="", repr=False)
    startup: str = field(default="", repr=False)

    # --- the command line ---------------------------------------------------------------------------------------------

    def run(self, *arguments: str, status: int | tuple[int, ...] = 0) -> str:
        """Run `cimnet`, which must end with this status; what it printed."""
        out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
        with redirect_stdout(out), redirect_stderr(err):
            ended = run(["--project", str(self.folder), *arguments])
        for stream in (out, err):
            stream.seek(0)
        printed = out.read()
        allowed = (status,) if isinstance(status, int) else status
        assert ended in allowed, f"cimnet {arguments} ended with {ended}:\n{printed}{err.read()}"
        return printed

    def json(self, *arguments: str, status: int | tuple[int, ...] = 0) -> Any:
        return json.loads(self.run(*arguments, "--json", status=status))

    def apply(self, method: str, *more: str, status: int = 0) -> Any:
        """What a push comes to on the device."""
        done = self.json("apply", "--yes", "--accept-errors", "--method", method, *more, status=status)
        return done["devices"].get(self.name)

    def planned(self) -> Any:
        """What a plan says of the device."""
        (device,) = self.json("plan")["devices"]
        return device

    def declare(self, description: str) -> None:
        """Declare a description for the first of the ports, and nothing else that is new."""
        self.description = description
        (self.folder / "inventory" / "network.yaml").write_text(self._definition(), encoding="utf-8")
        self.run("declare", str(self.folder / "inventory" / "network.yaml"), "--accept-errors")

    def _definition(self) -> str:
        target = self.target
        kind = "router" if target.kind == "router" else "switch"
        mode = "" if kind == "router" else f"mode: access, vlan: {target.vlan}, "
        lines = [
            "network: site",
            "defaults: {vendor: cisco, site: test}",
            "devices:",
            f"  {self.name}:",
            "    id: dut",
            f"    kind: {kind}",
            *(["    routing: true"] if target.kind == "l3switch" else []),
            f"    platform: {target.platform}",
            f"    management: {target.address}",
            f"    ports: [{', '.join(target.ports)}]",
            *([] if kind == "router" else [f"    vlans: {{{target.vlan}: cimnet-test}}"]),
            "    interfaces:",
            *(f"      {port}: {{{mode}enabled: false, description: {self._said(port)}}}" for port in target.ports),
        ]
        return "\n".join(lines) + "\n"

    def _said(self, port: str) -> str:
        return json.dumps(self.description if port == self.target.ports[0] else "cimnet test, too")

    # --- the device ---------------------------------------------------------------------------------------------------

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A session with the device beside the project's own."""
        settings = load_settings(self.folder)
        service = open_service(settings)
        found: list[Session] = []

        def keep(task: "Task") -> None:
            found.append(open_session(task))

        try:
            with open_devices(settings, service) as devices:
                results = devices.nornir.run(task=keep)
                results.raise_on_error()
                yield found[0]
        finally:
            service.store.close()

    def shown(self) -> tuple[str, str]:
        """What the device runs, and what it has saved, without the lines that change by themselves."""
        stable = IosEngine(TemplateBundle.load()).stable
        with self.session() as session:
            return stable(session.running()), stable(session.startup())

    def type(self, *lines: str) -> None:
        """Configure the device by hand."""
        with self.session() as session:
            session.configure(lines)

    def way_back(self) -> Sequence[str]:
        """The lines that take the device to what it ran before the suite began."""
        settings = load_settings(self.folder)
        service = open_service(settings)
        try:
            planner = service.planner()
            (device,) = service.devices()
            return planner.way_back(device.id, self.shown()[0], self.running).commands
        finally:
            service.store.close()

    # --- what is somebody else's --------------------------------------------------------------------------------------

    def ours(self, head: str) -> bool:
        """Whether the suite may touch a section of the configuration."""
        return head in {f"interface {port}" for port in self.target.ports} | {f"vlan {self.target.vlan}"}

    def touched(self) -> set[str]:
        """The sections that a plan goes to, as its difference has them."""
        return {match["head"] for line in self.planned()["diff"].splitlines() if (match := _HEAD.match(line))}

    def leave_the_rest(self) -> None:
        """Let the intent have, by a template of the site, what is on the device already and is somebody else's."""
        foreign: set[str] = set()
        for _ in range(3):
            foreign = {head for head in self.touched() if not self.ours(head)}
            if not foreign:
                return
            template = self.folder / "templates" / "cisco_ios" / "site.j2"
            before = template.read_text(encoding="utf-8") if template.exists() else ""
            template.parent.mkdir(parents=True, exist_ok=True)
            kept = "".join(f"{{% raw %}}{section}\n{{% endraw %}}\n" for section in self._sections(foreign))
            template.write_text(f"{before}{kept}", encoding="utf-8")
        pytest.fail(f"the suite would touch what is not its own: {sorted(foreign)}")

    def _sections(self, heads: set[str]) -> Iterator[str]:
        found: list[str] = []
        for line in [*self.running.splitlines(), "end"]:
            if not line.startswith(" "):
                if found and found[0] in heads:
                    yield "\n".join((*found, "!"))
                found = []
            found.append(line)


@contextmanager
def opened(target: "Target", folder: Path, patch: pytest.MonkeyPatch) -> Iterator[Site]:
    """The project, its host key pinned and its first push done; in the end the device is as it was before."""
    site = Site(target, folder)
    (folder / "inventory").mkdir(parents=True)
    (folder / "inventory" / "config.yaml").write_text(CONFIG, encoding="utf-8")
    (folder / "ssh_config").write_text(target.ssh_config, encoding="utf-8")
    for name, value in {"USERNAME": target.username, "PASSWORD": target.password, "ENABLE": target.enable}.items():
        patch.setenv(f"CIMNET_{name}", value)
    patch.setenv("CIMNET_ACTOR", "tester")
    site.declare("cimnet test")
    site.run("trust", "--yes")
    with site.session() as session:
        name = str(session.terminal.connection.base_prompt)
        name = next(iter(re.findall(r"^hostname (\S+)", session.running(), re.MULTILINE)), name)
    # Its host name is intent as well: it has to be the one that the device has.
    site.name = name
    site.declare("cimnet test")
    site.running, site.startup = site.shown()
    if startup_differs(site.startup, site.running):
        pytest.exit(f"{name} has changes that are not saved: the suite does not begin")
    (folder / "before.cfg").write_text(site.running, encoding="utf-8")
    site.leave_the_rest()
    try:
        yield site
    finally:
        with site.session() as session:
            session.configure(site.way_back())
            session.save()
    assert site.shown() == (site.running, site.startup), "the device is not as it was before"
