"""The one composition root: settings are read, and stores, engines, inventories and devices wired together."""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cimnet_nornir.application.actors import default_actor
from cimnet_nornir.application.host_keys import pin_host_keys
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.domain.events import EVENT_TYPES, ROOT_TYPES
from cimnet_nornir.errors import CimnetError, InvalidInput, SettingsError
from cimnet_nornir.inventory.timeouts import Timeouts
from cimnet_nornir.store import open_store

if TYPE_CHECKING:
    from nornir.core import Nornir
    from nornir.core.inventory import Inventory

    from cimnet_nornir.inventory.builder import Endpoint
    from cimnet_nornir.lab.spec import LabSpec, Platform
    from cimnet_nornir.lab.state import LabState
    from cimnet_nornir.tasks.port import NornirDevices

CONFIG = Path("inventory", "config.yaml")
STATE = ".cimnet"
ENVIRONMENTS = ("lab", "real")
DEFAULT_STORE = f"sqlite:///{STATE}/events.db"
DEFAULT_WORKERS = 20
DEFAULT_SSH_CONFIG = "~/.ssh/config"


@dataclass(frozen=True, slots=True)
class Settings:
    """What a project says: its folder, its store (an absolute URL), its network and environment, and the rest."""

    project: Path
    store: str
    network: str
    environment: str
    workers: int = DEFAULT_WORKERS
    credentials: Mapping[str, Any] = field(default_factory=dict)
    timeouts: Timeouts = field(default_factory=Timeouts)
    ssh_config: str = DEFAULT_SSH_CONFIG

    @property
    def state(self) -> Path:
        """The folder for what is derived or waits: store, lab, spool, known hosts."""
        return self.project / STATE

    @property
    def lab(self) -> Path:
        """Where the lab keeps its state."""
        return self.state / "lab"

    @property
    def known_hosts(self) -> Path:
        """The project's own known hosts of the environment."""
        return self.state / f"known_hosts.{self.environment}"


def find_project(start: Path | None = None) -> Path | None:
    """The folder, at or above `start`, that holds inventory/config.yaml."""
    here = (start or Path.cwd()).absolute()
    return next((folder for folder in (here, *here.parents) if (folder / CONFIG).is_file()), None)


def load_settings(project: Path | None = None, *, store: str | None = None, environment: str | None = None) -> Settings:
    """The settings of a project; what is given wins over CIMNET_STORE and CIMNET_ENV, and they over the file.

    Raises SettingsError where there is no project, or its file says something that cannot be.
    """
    folder = project.absolute() if project is not None else find_project()
    if folder is None or not (folder / CONFIG).is_file():
        where = f"{folder}" if folder is not None else "here or above"
        raise SettingsError(
            f"there is no project {where} (no {CONFIG}); make one with: cimnet init DIR, or name it: --project DIR",
            subject="project",
        )
    content = _read_config(folder / CONFIG)
    options = _mapping(content, "inventory", "options")
    return settings_from(
        folder,
        options,
        store=store or os.environ.get("CIMNET_STORE"),
        environment=environment or os.environ.get("CIMNET_ENV"),
        workers=_workers(_mapping(content, "runner", "options").get("num_workers", DEFAULT_WORKERS)),
        credentials=_mapping(content, "inventory", "transform_function_options"),
        ssh_config=_text(_mapping(content, "ssh"), "config_file"),
    )


def settings_from(
    folder: Path,
    options: Mapping[str, Any],
    *,
    store: str | None = None,
    environment: str | None = None,
    workers: int = DEFAULT_WORKERS,
    credentials: Mapping[str, Any] | None = None,
    ssh_config: str | None = None,
) -> Settings:
    """Settings from the inventory plugin's options. Raises SettingsError for one that cannot be."""
    chosen = environment or options.get("environment") or "lab"
    if chosen not in ENVIRONMENTS:
        raise SettingsError(
            f"environment {chosen!r} is not known; it is {' or '.join(ENVIRONMENTS)}", subject="environment"
        )
    url = store or _text(options, "store") or DEFAULT_STORE
    return Settings(
        project=folder,
        store=_absolute(url, folder),
        network=str(options.get("network") or folder.name),
        environment=chosen,
        workers=workers,
        credentials=credentials or {},
        timeouts=Timeouts.of(options.get("timeouts")),
        ssh_config=ssh_config or DEFAULT_SSH_CONFIG,
    )


def _text(options: Mapping[str, Any], name: str) -> str | None:
    value = options.get(name)
    if value is None or isinstance(value, str):
        return value
    raise SettingsError(f"{CONFIG}: {name} is a text, not {value!r}", subject=name)


def _workers(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and value >= 1:
        return value
    raise SettingsError(f"{CONFIG}: num_workers is a number from 1, not {value!r}", subject="num_workers")


def _absolute(url: str, folder: Path) -> str:
    """A relative path in a store's URL counts from the project, wherever the command is typed."""
    prefix = "sqlite:///"
    if not url.startswith(prefix):
        return url
    return prefix + str(folder / url.removeprefix(prefix))


def _read_config(path: Path) -> Mapping[str, Any]:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        content = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: {error}", subject=str(path)) from error
    except YAMLError as error:
        raise SettingsError(f"{path}: {' '.join(str(error).split())}", subject=str(path)) from error
    if not isinstance(content, dict):
        raise SettingsError(f"{path}: this is no mapping of settings (inventory:, runner:, …)", subject=str(path))
    return content


def _mapping(content: Mapping[str, Any], *keys: str) -> Mapping[str, Any]:
    found: Any = content
    for key in keys:
        found = found.get(key) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else {}


def open_service(settings: Settings, *, reason: str | None = None) -> NetworkService:
    """The service of a project's network. The caller closes its store.

    Raises StoreUnavailable, RenderError, or SettingsError where the project's folder cannot be written.
    """
    from cimnet_nornir.ios.bundle import TemplateBundle
    from cimnet_nornir.ios.engine import IosEngine

    try:
        settings.state.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise SettingsError(f"{settings.state}: {error.strerror}", subject=str(settings.state)) from error
    # Before the store is opened: templates that cannot be read leave nothing open.
    engine = IosEngine(TemplateBundle.load(settings.project / "templates"))
    return NetworkService(
        open_store(settings.store, EVENT_TYPES, roots=ROOT_TYPES),
        settings.network,
        environment=settings.environment,
        engine=engine,
        actor=default_actor(reason=reason),
        folder=settings.state,
    )


def endpoints_of(settings: Settings) -> "dict[str, Endpoint] | None":
    """Where a lab's devices listen, by device id; None where hosts are reached at their own addresses.

    `lab` goes to the lab that is up, and to nothing where none is: never to a real device.
    """
    if settings.environment != "lab":
        return None
    from cimnet_nornir.inventory.builder import Endpoint
    from cimnet_nornir.lab.control import lab_state

    state = lab_state(settings.lab)
    if state is None:
        return {}
    known = state.credentials
    return {
        name: Endpoint(device.host, device.port, known.username, known.password, known.enable)
        for name, device in state.devices.items()
    }


def open_inventory(settings: Settings, service: NetworkService, *, at: int | None = None) -> "Inventory":
    """The Nornir inventory of a project, before any transform function."""
    from cimnet_nornir.inventory.builder import build_inventory

    return build_inventory(
        service,
        at=at,
        endpoints=endpoints_of(settings),
        known_hosts=settings.known_hosts,
        timeouts=settings.timeouts,
    )


def open_nornir(settings: Settings, service: NetworkService) -> "Nornir":
    """A Nornir over the project's inventory as InitNornir would make it, with Netmiko as its only connection.

    InitNornir loads every connection plugin that is installed, which takes seconds where one command needs one.
    """
    from nornir.core import Nornir
    from nornir.core.configuration import Config, LoggingConfig, SSHConfig
    from nornir.core.plugins.connections import ConnectionPluginRegister
    from nornir.core.state import GlobalState
    from nornir.plugins.runners import ThreadedRunner
    from nornir_netmiko.connections import Netmiko

    from cimnet_nornir.inventory.credentials import cimnet_credentials

    ConnectionPluginRegister.register("netmiko", Netmiko)
    inventory = open_inventory(settings, service)
    try:
        for host in inventory.hosts.values():
            cimnet_credentials(host, **settings.credentials)
    except TypeError as error:
        # An option that the function does not have: it is told by its name.
        raise SettingsError(f"{CONFIG}: transform_function_options: {error}", subject="credentials") from error
    return Nornir(
        inventory=inventory,
        runner=ThreadedRunner(num_workers=settings.workers),
        config=Config(
            logging=LoggingConfig(enabled=False),
            ssh=SSHConfig(config_file=str(Path(settings.ssh_config).expanduser())),
        ),
        data=GlobalState(),
    )


@contextmanager
def open_devices(settings: Settings, service: NetworkService) -> "Iterator[NornirDevices]":
    """The devices of the environment; their sessions are closed at the end."""
    from cimnet_nornir.tasks.port import NornirDevices

    devices = NornirDevices(open_nornir(settings, service))
    try:
        yield devices
    finally:
        devices.close()


class CimnetInventory:
    """The Nornir inventory plugin: `inventory: {plugin: CimnetInventory, options: {…}}`.

    Options: `store` (a URL; a relative path counts from the project), `network`, `environment` (lab or real), `at`
    (event number, event id or ISO 8601 time: the inventory as it was then), `project` (the folder that holds
    inventory/config.yaml; default: at or above the working directory), `timeouts` (see Timeouts). All may be left out.
    """

    def __init__(
        self,
        *,
        store: str | None = None,
        network: str | None = None,
        environment: str | None = None,
        at: str | int | None = None,
        project: str | None = None,
        timeouts: Mapping[str, Any] | None = None,
    ) -> None:
        folder = Path(project) if project else find_project() or Path.cwd()
        options = {"store": store, "network": network, "environment": environment, "timeouts": timeouts}
        self._settings = settings_from(
            folder.absolute(),
            options,
            store=os.environ.get("CIMNET_STORE"),
            environment=os.environ.get("CIMNET_ENV"),
        )
        self._at = None if at is None else str(at)

    def load(self) -> "Inventory":
        """The inventory, freshly built. Raises a CimnetError in one line."""
        service = open_service(self._settings)
        try:
            return open_inventory(self._settings, service, at=service.position(self._at))
        except CimnetError:
            service.store.close()
            raise


def with_options(settings: Settings, *, workers: int | None = None) -> Settings:
    """The settings with what the command line says."""
    if workers is not None and workers < 1:
        raise SettingsError(f"--workers is 1 or more, not {workers}", subject="workers")
    return settings if workers is None else replace(settings, workers=workers)


# --- the lab ----------------------------------------------------------------------------------------------------------

LAB_USER = "admin"
LAB_PASSWORD = "lab-only-password"  # noqa: S105 - of simulated devices on loopback; CIMNET_LAB_PASSWORD sets another


def lab_up(settings: Settings, service: NetworkService) -> "LabState":
    """Start the lab of the declared network in the background and pin its host keys; returns when all listen."""
    from cimnet_nornir.lab.control import lab_up as start

    state = start(lab_spec(service), settings.lab)
    pin_host_keys(service, {name: item.host_key for name, item in state.devices.items()}, command="lab up")
    return state


def lab_foreground(settings: Settings, service: NetworkService) -> None:
    """Run the lab in this process until it is interrupted."""
    from cimnet_nornir.lab.control import lab_foreground as run

    def pin(state: "LabState") -> None:
        pin_host_keys(service, {name: item.host_key for name, item in state.devices.items()}, command="lab up")

    run(lab_spec(service), settings.lab, on_up=pin)


def lab_status(settings: Settings) -> "LabState | None":
    """The lab that is up; None where none is."""
    from cimnet_nornir.lab.control import lab_state

    return lab_state(settings.lab)


def lab_down(settings: Settings) -> bool:
    """Stop the lab; whether there was one."""
    from cimnet_nornir.lab.control import lab_down as stop

    return stop(settings.lab)


# What the value of a fault is called.
_FAULT_VALUES = {
    "hang": "lines",
    "drop": "lines",
    "reject": "pattern",
    "ignore": "pattern",
    "slow": "milliseconds",
}


def lab_fault(settings: Settings, device: str, fault: str, value: str | None) -> None:
    """Make a device of the lab fail. Raises InvalidInput where no lab is up, or the fault cannot take the value."""
    from cimnet_nornir.lab.control import lab_fault as inject

    if value is None:
        inject(settings.lab, device, fault)
        return
    name = _FAULT_VALUES.get(fault)
    if name is None:
        raise InvalidInput(f"the fault {fault} takes no value", subject=fault)
    if name != "pattern" and not value.isdigit():
        raise InvalidInput(f"{fault} takes a number of {name}, not {value!r}", subject=fault)
    inject(settings.lab, device, fault, **{name: value if name == "pattern" else int(value)})


def lab_spec(service: NetworkService) -> "LabSpec":
    """The devices and cables to simulate, by device id, each booting with its host name."""
    from cimnet_nornir.lab.spec import LabCredentials, LabDevice, LabLink, LabSpec

    network = service.network()
    password = os.environ.get("CIMNET_LAB_PASSWORD", LAB_PASSWORD)
    return LabSpec(
        devices=tuple(
            LabDevice(
                name=device.id,
                platform=_lab_platform(device.details.platform),
                kind="router" if not device.switches else "l3switch" if device.routing else "switch",
                interfaces=device.ports,
                model=device.details.model,
                management=str(device.details.management or ""),
                startup=f"hostname {device.name}\n",
            )
            for device in sorted(network.devices.values(), key=lambda device: device.id)
        ),
        links=tuple(LabLink(link.a, link.b) for link in sorted(network.links)),
        credentials=LabCredentials(LAB_USER, password, password),
    )


def _lab_platform(platform: str) -> "Platform":
    if platform in {"ios", "iosxe"}:
        return "iosxe" if platform == "iosxe" else "ios"
    raise InvalidInput(f"the lab cannot simulate the platform {platform!r}; it has ios and iosxe", subject=platform)


# --- by hand, for the demonstration -----------------------------------------------------------------------------------


def ask_devices(settings: Settings, command: str, *, group: str) -> dict[str, str]:
    """What the devices of a group answer to a show command, by host name: plain nornir-netmiko, as in any runbook."""
    from nornir.core.filter import F
    from nornir_netmiko.tasks import netmiko_send_command

    service = open_service(settings)
    nornir = open_nornir(settings, service)
    try:
        chosen = nornir.filter(F(groups__contains=group))
        results = chosen.run(task=netmiko_send_command, command_string=command, enable=True)
        return {name: str(item[0].result) for name, item in results.items() if not item.failed}
    finally:
        nornir.close_connections()
        service.store.close()


def type_on_device(settings: Settings, host: str, lines: Sequence[str]) -> None:
    """Type lines in configuration mode of one device, as somebody does who knows nothing of this project."""
    from nornir_netmiko.tasks import netmiko_send_config

    service = open_service(settings)
    nornir = open_nornir(settings, service)
    try:
        nornir.filter(name=host).run(task=netmiko_send_config, config_commands=list(lines), enable=True)
    finally:
        nornir.close_connections()
        service.store.close()
