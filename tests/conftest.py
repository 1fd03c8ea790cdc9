"""What holds for all tests; a small network in a store in memory, for the tests of the use cases."""

import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from ipaddress import IPv4Address, IPv4Interface
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings

import cimnet_nornir.nix
from cimnet_nornir.application.actors import Actor
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain.events import EVENT_TYPES, ROOT_TYPES, DeviceDetails
from cimnet_nornir.domain.values import AccessMode, Endpoint, PortConfiguration, RoutedInterface, TrunkMode
from cimnet_nornir.ios.bundle import TemplateBundle
from cimnet_nornir.ios.engine import IosEngine
from cimnet_nornir.store import EventStore, open_store

pytest_plugins = ("tests.browser",)

# They need virtual environments of their own, which `make clients` makes and names here.
collect_ignore = [] if os.environ.get("CIMNET_CLIENTS") else ["clients"]

# As root, Nix warns of a group for building where nothing is built.
os.environ.setdefault("NIX_CONFIG", "build-users-group =")

# A shell starts what runs in its background with Ctrl-C ignored, and what the tests start would inherit that.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# A busy machine is no bug: no deadline for an example. The same examples each time: a failure can be seen again.
settings.register_profile("project", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("project")

PORTS = tuple(f"GigabitEthernet0/{number}" for number in range(1, 5))
SMALL: tuple[c.Command, ...] = (
    c.CreateNetwork(name="net"),
    c.AddSwitch(
        device="sw1",
        name="sw1",
        details=DeviceDetails(
            vendor="cisco", platform="ios", role="access", site="hq", management=IPv4Address("192.0.2.11")
        ),
        ports=PORTS,
    ),
    c.AddSwitch(
        device="sw2",
        name="sw2",
        details=DeviceDetails(
            vendor="cisco", platform="iosxe", role="access", site="lab", management=IPv4Address("192.0.2.12")
        ),
        ports=PORTS,
    ),
    c.AddRouter(
        device="r1",
        name="r1",
        details=DeviceDetails(vendor="cisco", platform="ios", role="core", site="hq"),
        ports=PORTS,
    ),
    c.CreateVlan(device="sw1", vlan=10, name="users"),
    c.ConfigurePort(
        device="sw1", port=PORTS[0], configuration=PortConfiguration(switching=AccessMode(vlan=10), description="desk")
    ),
    c.ConfigurePort(device="sw1", port=PORTS[3], configuration=PortConfiguration(switching=TrunkMode())),
    c.ConfigureRouterInterface(
        device="r1", interface=PORTS[0], configuration=RoutedInterface(addresses=(IPv4Interface("192.0.2.1/24"),))
    ),
    c.ConnectLink(a=Endpoint(device="sw1", port=PORTS[3]), b=Endpoint(device="r1", port=PORTS[0])),
)
"""Two switches and a router: sw1 with VLAN 10, a desk and an uplink to r1."""


NIXPKGS = Path(__file__).parent / "nix" / "nixpkgs"
FlakeCheck = Callable[[Path], subprocess.CompletedProcess[str]]
"""Runs `nix flake check` on a folder, offline, in a store and a cache of its own, with a stand-in for nixpkgs."""


@pytest.fixture(scope="session")
def nixpkgs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A stand-in for nixpkgs as a flake: the package's own, with what the project's flake asks for besides."""
    folder = tmp_path_factory.mktemp("nixpkgs") / "nixpkgs"
    shutil.copytree(Path(cimnet_nornir.nix.__file__).parent / "stand_in", folder)
    shutil.copytree(NIXPKGS, folder, dirs_exist_ok=True)
    return folder


@pytest.fixture
def flake_check(nixpkgs: Path, tmp_path: Path) -> FlakeCheck:
    """Runs the real `nix flake check`."""
    nix = shutil.which("nix")
    if nix is None:
        pytest.skip("no nix is installed (Debian: nix-bin)")

    def check(flake: Path) -> subprocess.CompletedProcess[str]:
        features = ("--extra-experimental-features", "nix-command flakes", "--offline")
        what = ("flake", "check", f"path:{flake}", "--no-build", "--no-write-lock-file")
        override = ("--override-input", "nixpkgs", f"path:{nixpkgs}", "--store", str(tmp_path / "store"))
        environment = os.environ | {"HOME": str(tmp_path / "home"), "XDG_CACHE_HOME": str(tmp_path / "cache")}
        return subprocess.run(
            [nix, *features, *what, *override], capture_output=True, text=True, check=False, env=environment
        )

    return check


@pytest.fixture(scope="session")
def engine() -> IosEngine:
    """The packaged templates."""
    return IosEngine(TemplateBundle.load())


@pytest.fixture
def store() -> Iterator[EventStore]:
    """An empty store in memory."""
    opened = open_store("memory:", EVENT_TYPES, roots=ROOT_TYPES)
    yield opened
    opened.close()


ServiceMaker = Callable[..., NetworkService]
"""Takes a store and, by keyword, the network, the environment and the actor's name and reason."""


@pytest.fixture
def service_of(engine: IosEngine, tmp_path: Path) -> ServiceMaker:
    """Makes services over a store: for another network, environment or person."""

    def make(
        store: EventStore,
        *,
        network: str = "net",
        environment: str = "lab",
        actor: str = "ann",
        reason: str | None = "CHG-1",
    ) -> NetworkService:
        return NetworkService(
            store,
            network,
            environment=environment,
            engine=engine,
            actor=Actor(actor, lambda: datetime.now(UTC), uuid4, reason),
            folder=tmp_path,
        )

    return make


@pytest.fixture
def service(service_of: ServiceMaker, store: EventStore) -> NetworkService:
    """A service over an empty store in memory."""
    return service_of(store)


@pytest.fixture
def small_commands() -> tuple[c.Command, ...]:
    """What declares the small network."""
    return SMALL


@pytest.fixture
def small(service: NetworkService) -> NetworkService:
    """The service, with the small network declared."""
    service.execute(*SMALL, command="declare")
    return service
