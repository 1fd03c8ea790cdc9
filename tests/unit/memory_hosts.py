"""Hosts in memory: they build from a flake, keep generations, and go back when their timer is let run out."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from cimnet_nornir.application.ports import HostState
from cimnet_nornir.domain.events import DeploymentTarget, RemoteTarget
from cimnet_nornir.errors import CommandRejected, DeviceUnreachable, NotArmed, PushInDoubt

_ANSWERS = {"refused": "disk full", "not armed": "no systemd", "busy": "the deployment x is pending on this host"}


@dataclass
class MemoryHost:
    """One host and a session with it. `broken` maps what it is told to how it does not obey."""

    name: str
    module: str = ""
    system: str = "/nix/store/0"
    generation: int = 1
    built: tuple[str, str] | None = None
    backup: tuple[str, str] | None = None
    failed: tuple[str, ...] = ()
    broken: dict[str, str] = field(default_factory=dict)
    does: list[str] = field(default_factory=list)
    target: DeploymentTarget = field(default_factory=lambda: RemoteTarget(host="192.0.2.31", user="root"))

    def look(self) -> HostState:
        self._obey("look")
        return HostState(
            self.module, self.generation, self.system, revert_pending=self.backup is not None, failed=self.failed
        )

    def build(self, flake: Mapping[str, bytes]) -> str:
        self._obey("build")
        module = flake[f"hosts/{self.name}.nix"].decode()
        self.built = module, f"/nix/store/{abs(hash(module))}"
        return self.built[1]

    def arm(self, minutes: int) -> None:
        self._obey("arm")
        self.backup = self.module, self.system

    def activate(self) -> None:
        self._obey("activate")
        assert self.built is not None
        self.module, self.system = self.built
        if self.broken.get("activated") == "failed unit":
            self.failed = ("nginx.service",)
        if self.broken.get("activated") == "gone":
            self.broken["session"] = "gone"
            raise PushInDoubt(f"{self.name}: the session broke", subject=self.name)

    def confirm(self) -> bool:
        self._obey("confirm")
        pending, self.backup = self.backup, None
        return pending is not None

    def keep(self) -> int | None:
        self._obey("keep")
        self.generation += 1
        return self.generation

    def revert(self) -> bool:
        self._obey("revert")
        return self.run_out()

    def run_out(self) -> bool:
        """The timer runs out; a host that could not be reached can be again."""
        self.broken.pop("session", None)
        if self.backup is None:
            return False
        (self.module, self.system), self.backup, self.failed = self.backup, None, ()
        return True

    def _obey(self, what: str) -> None:
        if "session" in self.broken:
            raise DeviceUnreachable(f"{self.name} cannot be reached: no route to host", subject=self.name)
        self.does.append(what)
        how = self.broken.get(what)
        if how == "gone":
            raise DeviceUnreachable(f"{self.name} cannot be reached: it is down", subject=self.name)
        if how in _ANSWERS:
            refused = CommandRejected if how == "refused" else NotArmed
            raise refused(f"{self.name}: {what}: {_ANSWERS[how]}", subject=self.name, line=what, answer=_ANSWERS[how])


class MemoryHosts:
    """The HostPort of hosts in memory, by their ids."""

    def __init__(self, *names: str) -> None:
        self.hosts = {name: MemoryHost(name) for name in names}

    def manages(self, host: str) -> bool:
        return host in self.hosts

    @contextmanager
    def session(self, host: str, deployment: str = "") -> Iterator[MemoryHost]:
        if "session" in self.hosts[host].broken:
            raise DeviceUnreachable(f"{host} cannot be reached: no route to host", subject=host)
        yield self.hosts[host]

    def host_key(self, host: str) -> str:
        return f"ssh-ed25519 {host}"
