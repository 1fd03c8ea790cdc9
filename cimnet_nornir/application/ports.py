"""What the use cases need from outside: a configuration engine, a generator for hosts, and devices."""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from cimnet_nornir.domain.capabilities import Protection
from cimnet_nornir.domain.comparison import Comparison, Path
from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.events import DeviceDetails
from cimnet_nornir.domain.network import Network
from cimnet_nornir.domain.validation import AnyRule
from cimnet_nornir.errors import DeviceError

if TYPE_CHECKING:
    from cimnet_nornir.application.deployment import Deployment
    from cimnet_nornir.application.host_flake import FlakeContents
    from cimnet_nornir.application.host_parts import HostSide
    from cimnet_nornir.application.observations import Observed
    from cimnet_nornir.application.plan import Plan
    from cimnet_nornir.application.topology_document import Document
    from cimnet_nornir.domain.events import DeploymentTarget
    from cimnet_nornir.domain.reading import Identity, Reading, SourceLine


class ConfigurationEngine(Protocol):
    """All that knows a platform's configuration text. A function of its arguments and of its templates."""

    @property
    def templates(self) -> str:
        """The digest of the template bundle: the same digest renders the same text."""
        ...

    @property
    def archive(self) -> bytes:
        """The bundle itself, to be kept; `templates` is its SHA-256, so that it is found by that name."""
        ...

    def render(self, device: Device, network: Network) -> str:
        """The intended configuration. Raises RenderError."""
        ...

    def compare(self, device: Device, running: str, intended: str, *, formerly: str | None = None) -> Comparison:
        """What takes running to intended. Raises ConfigurationError where running cannot be read.

        `formerly` is what was intended when the device was pushed to last: what only that had is ours to take away.
        """
        ...

    def candidate(
        self, device: Device, running: str, intended: str, *, formerly: str | None = None, replace: bool = False
    ) -> str:
        """A file that takes the device to what `compare` says: one to merge, or the whole that is to replace running.

        Lines that no intent owns stand in the whole as the device showed them, secrets included.
        Raises ConfigurationError where it cannot be made faithfully.
        """
        ...

    def with_unshown(self, text: str, other: str | None) -> str:
        """A configuration with the lines that no device shows as another one has them: they are what was sent last."""
        ...

    def reveal(self, text: str) -> str:
        """What is sent to a device, with the secrets in the place of the marks that name where they are found.

        Raises ConfigurationError where a secret is not there.
        """
        ...

    def unplanned(self, diff: str, running: str, candidate: str) -> tuple[str, ...]:
        """The lines of a device's own difference that replacing running by the candidate should not bring."""
        ...

    def protection(self, device: Device, running: str) -> Protection:
        """What takes a push to the device back if nobody confirms it. Raises ConfigurationError."""
        ...

    def site_paths(self, device: Device, network: Network) -> frozenset[Path]:
        """The lines of the intended configuration that only the site's own templates bring: no event is behind them."""
        ...

    def site_causes(self, device: Device, network: Network) -> Mapping[Path, str]:
        """By each of these lines the template it comes from; empty where that cannot be told."""
        ...

    def prepare(self, device: Device, text: str) -> None:
        """Do beforehand what `compare` would do with a configuration, running or intended.

        Raises ConfigurationError where it cannot be read.
        """
        ...

    @property
    def rules(self) -> tuple[AnyRule, ...]:
        """What the platform asks of an intent besides what every network needs."""
        ...

    def paths(self, text: str) -> tuple[Path, ...]:
        """Each line of a rendered configuration with the sections it stands in, in order."""
        ...

    def lines(self, device: Device, text: str) -> frozenset[Path]:
        """Every line of a configuration, running or intended, in the one spelling in which they are compared.

        Raises ConfigurationError where it cannot be read.
        """
        ...

    def stable(self, text: str) -> str:
        """A configuration as a device showed it, without the lines that change by themselves (times, byte counts)."""
        ...

    def mask(self, text: str) -> str:
        """The text without its secrets."""
        ...


@runtime_checkable
class ConfigurationReader(Protocol):
    """An engine that also finds the way back, from a configuration to the intent that it expresses."""

    def identify(self, text: str) -> "Identity":
        """Whose configuration it is, by what stands in it."""
        ...

    def read(self, text: str, *, name: str, details: DeviceDetails, place: str) -> "Reading":
        """The intent that a configuration expresses; what no feature says of it is adopted word for word.

        `name` is the device's where the text has no host name, `place` what references to its secrets begin with.
        Raises ConfigurationError where the text cannot be read, RenderError.
        """
        ...

    def account(self, text: str, reading: "Reading") -> "tuple[SourceLine, ...]":
        """Each line of a configuration with what became of it, its secrets masked."""
        ...

    def adopting(self, device: Device, running: str, intended: str, chosen: Collection[Path]) -> tuple[str, str]:
        """The intended configuration, and the same with what runs at the chosen places, to be read.

        Raises ConfigurationError.
        """
        ...

    def leaving(
        self, device: Device, running: str, intended: str, chosen: Collection[Path], *, formerly: str | None = None
    ) -> str:
        """What `compare` takes running to where it leaves the chosen places as they run, to be compared with it.

        Raises ConfigurationError.
        """
        ...


@runtime_checkable
class PlatformDriver(Protocol):
    """What knows all about some platforms of a vendor; packages offer theirs by the entry point of PLATFORM_DRIVERS."""

    @property
    def vendor(self) -> str:
        """The vendor, as `vendor` of a device has it: "cisco"."""
        ...

    @property
    def platforms(self) -> tuple[str, ...]:
        """The platforms that it serves, as `platform` of a device has them; the usual one first."""
        ...

    def engine(self, templates: FilePath | None, secrets: Callable[[str], str | None]) -> ConfigurationEngine:
        """The engine of these platforms.

        `templates` is the folder of a project's own templates, `secrets` finds what is behind a reference of the
        intent: "env:NAME", "file:PATH". Raises RenderError where templates cannot be read.
        """
        ...


PLATFORM_DRIVERS = "cimnet_nornir.platforms"
"""The group of entry points that name a PlatformDriver each."""

ReadResult = str | DeviceError
Progress = Callable[[str, str], None]
"""Told of each device and what has become of it, from worker threads."""


class HostGenerator(Protocol):
    """What writes the host side of a network. A function of its arguments."""

    @property
    def digest(self) -> str:
        """Names the program that writes: the same digest writes the same text."""
        ...

    def module(self, host: "HostSide") -> str:
        """The configuration of a server's networks, as a module of its operating system."""
        ...

    def topology(self, document: "Mapping[str, Document]") -> str:
        """The network's topology in the language of the modules."""
        ...

    def files(self, host: "HostSide", *, plain: bool = False) -> "Mapping[str, bytes]":
        """What is generated for one server, by file name: its module; `plain` are files and scripts for any Linux."""
        ...

    def flake(self, contents: "FlakeContents") -> "Mapping[str, bytes]":
        """All that is generated for a network, by file name: a system for each host, the devices, and how to use it."""
        ...

    def plain(self, hosts: "Sequence[HostSide]") -> "Mapping[str, bytes]":
        """All hosts of a network as files and scripts for any Linux, by file name."""
        ...


class DeviceSession(Protocol):
    """One device in the hands of whoever recovers a push to it. Methods raise a DeviceError where it does not obey."""

    def running(self) -> str:
        """The running configuration."""
        ...

    def startup(self) -> str:
        """The startup configuration; empty where there is none."""
        ...

    def revert_pending(self) -> bool:
        """Whether its revert timer runs."""
        ...

    def confirm(self) -> bool:
        """Stop its revert timer and keep what runs; False where none ran."""
        ...

    def revert(self) -> bool:
        """Let it go back to what ran when its revert timer was started; False where none ran."""
        ...

    def configure(self, commands: Sequence[str], *, enter: str = "configure terminal") -> None:
        """Send commands in configuration mode, which `enter` enters; it may start the revert timer."""
        ...

    def cancel_reload(self) -> None:
        """Stop a reload that was scheduled."""
        ...

    def save(self) -> None:
        """Write what runs to startup."""
        ...


class DevicePort(Protocol):
    """The devices of one environment."""

    def read(
        self,
        devices: Sequence[str],
        *,
        progress: Progress | None = None,
        each: Callable[[str, str], None] | None = None,
    ) -> Mapping[str, ReadResult]:
        """The running configuration of each device (by id), or why it could not be read.

        `each` is given a device's id and configuration as soon as it is read, on the thread that read it.
        """
        ...

    def push(
        self, plan: "Plan", deployment: "Deployment", *, recheck: bool = True, progress: Progress | None = None
    ) -> None:
        """Carry the plan out, telling the deployment of each start and each outcome.

        `recheck` reads each device again first, and leaves it alone where it has changed since the plan.
        """
        ...

    def collect(
        self, devices: Sequence[str], *, method: str = "netmiko", progress: Progress | None = None
    ) -> "Mapping[str, Observed | DeviceError]":
        """What each device (by id) says of itself, or why it does not; nothing is changed.

        `method` is "netmiko" (show commands) or "napalm" (its getters). Hosts that nothing is deployed to are left out.
        """
        ...


@dataclass(frozen=True, slots=True)
class HostState:
    """What a host says of itself.

    `module` is the text of the module that it was built from, empty where cimnet never deployed to it. `generation` is
    the one that it boots, `booted` and `running` are the store paths of the system that it was started with, and that
    runs now. `pending` is the deployment that is neither kept nor taken back yet, as its session was named;
    `revert_pending` tells that the host goes back by itself unless it is confirmed; `failed` are its systemd units that
    have failed. `uptime` is in seconds, None where the host does not tell.
    """

    module: str
    generation: int | None
    running: str
    booted: str = ""
    revert_pending: bool = False
    failed: tuple[str, ...] = ()
    pending: str = ""
    uptime: int | None = None


class HostSession(Protocol):
    """One host in the hands of whoever deploys to it; each method may be called twice.

    All raise DeviceUnreachable, AuthenticationRefused or HostKeyRefused where nothing of it reached the host, and
    CommandRejected where the host does not obey, or another deployment is pending there. Where the connection broke or
    no answer came, those that change what the host runs or boots (`activate`, `confirm`, `keep`, `revert`) raise
    PushInDoubt, and the others DeviceUnreachable.
    """

    @property
    def target(self) -> "DeploymentTarget":
        """Where it is: this machine, or a host name with a user."""
        ...

    def look(self) -> HostState:
        """What it is and runs now; nothing is changed."""
        ...

    def build(self, flake: Mapping[str, bytes]) -> str:
        """Bring a flake, by the names of its files, and build the host's system from it; returns its store path.

        Nothing that runs is changed. Raises CommandRejected with the end of what the builder said.
        """
        ...

    def arm(self, minutes: int) -> None:
        """Let the host go back to what it runs now after so many minutes, unless it is told otherwise meanwhile.

        A second call starts the time anew. Raises NotArmed, also where what was built last is of another deployment.
        """
        ...

    def activate(self) -> None:
        """Run what was built, without booting it. Raises CommandRejected where it fails, or no timer runs."""
        ...

    def confirm(self) -> bool:
        """Stop the timer; False where it had gone off already, or the host rebooted into what it ran before."""
        ...

    def keep(self) -> int | None:
        """Boot what was built from now on; the number of its generation. It has to be confirmed before."""
        ...

    def revert(self) -> bool:
        """Go back at once to what ran and booted when the timer was set; False where nothing is pending any more."""
        ...


class HostPort(Protocol):
    """The hosts of one environment that configurations are deployed to."""

    def manages(self, host: str) -> bool:
        """Whether a host, by its id, is deployed to in this environment. Raises SettingsError for a wrong setting."""
        ...

    def session(self, host: str, deployment: str = "") -> AbstractContextManager[HostSession]:
        """A session with the host, by its id; every call of its methods is a connection of its own.

        `deployment` names whose change it is: what another has pending is refused. Sessions of one name continue one
        another, also in another process. Without a name it builds and arms under a name of its own, and confirms, keeps
        and reverts whatever is pending. Raises DeviceUnreachable, HostKeyRefused where there is nowhere to go.
        """
        ...

    def host_key(self, host: str) -> str:
        """The SSH host key that the host shows now, as a public key line; nobody logs in. Raises DeviceUnreachable."""
        ...
