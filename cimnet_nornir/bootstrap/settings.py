"""What a project says: its folder, store, network, environment, and how its devices are reached."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from cimnet_nornir.application.pushing import PushOptions
from cimnet_nornir.bootstrap.approval_settings import ApprovalSettings
from cimnet_nornir.bootstrap.dashboard_settings import DashboardSettings
from cimnet_nornir.bootstrap.host_settings import HostSettings, host_settings
from cimnet_nornir.bootstrap.nix_settings import NixSettings, NixStyle
from cimnet_nornir.bootstrap.observation_settings import ObservationSettings
from cimnet_nornir.errors import SettingsError
from cimnet_nornir.inventory.timeouts import Timeouts

CONFIG = Path("inventory", "config.yaml")
STATE = ".cimnet"
ENVIRONMENTS = ("lab", "real")
DEFAULT_STORE = f"sqlite:///{STATE}/events.db"
DEFAULT_WORKERS = 20
DEFAULT_SSH_CONFIG = "~/.ssh/config"


@dataclass(frozen=True, slots=True)
class Settings:
    """What a project says: its folder, its store (an absolute URL), its network and environment, and the rest.

    `operator` is the host by which the operator's station enters the network; it is guessed where it is not told.
    `hosts` are those that configurations are deployed to, by their names.
    """

    project: Path
    store: str
    network: str
    environment: str
    workers: int = DEFAULT_WORKERS
    credentials: Mapping[str, Any] = field(default_factory=dict)
    timeouts: Timeouts = field(default_factory=Timeouts)
    ssh_config: str = DEFAULT_SSH_CONFIG
    push: PushOptions = field(default_factory=PushOptions)
    approval: ApprovalSettings = field(default_factory=ApprovalSettings)
    operator: str | None = None
    hosts: Mapping[str, HostSettings] = field(default_factory=dict)
    nix: NixSettings = field(default_factory=NixSettings)
    dashboard: DashboardSettings = field(default_factory=DashboardSettings)
    observations: ObservationSettings = field(default_factory=ObservationSettings)

    @property
    def state(self) -> Path:
        """The folder for what is derived or waits: store, lab, spool, known hosts."""
        return self.project / STATE

    def credentials_here(self) -> dict[str, Any]:
        """The options of the credentials; a relative key file counts from the project."""
        key_file = self.credentials.get("key_file")
        if not isinstance(key_file, str) or not key_file:
            return dict(self.credentials)
        return {**self.credentials, "key_file": str(self.project / Path(key_file).expanduser())}

    @property
    def allowed_signers(self) -> Path:
        """The file of those who may approve plans; a relative path counts from the project."""
        return self.project / self.approval.allowed_signers.expanduser()

    @property
    def lab(self) -> Path:
        """Where the lab keeps its state."""
        return self.state / "lab"

    @property
    def nix_folder(self) -> Path:
        """Where the host side is generated to, and where the project's own Nix files for its hosts are."""
        return self.project / "nix"

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


def project_approval(folder: Path) -> object:
    """What the project's own file says of approval; None where it says nothing, or there is no such file.

    Whoever makes up other options for a project does not take this away from it.
    """
    if not (folder / CONFIG).is_file():
        return None
    return _mapping(_read_config(folder / CONFIG), "inventory", "options").get("approval")


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
        push=PushOptions.of(options.get("push")),
        ssh_config=ssh_config or DEFAULT_SSH_CONFIG,
        approval=ApprovalSettings.of(options.get("approval")),
        operator=_text(options, "operator"),
        hosts=host_settings(options.get("hosts")),
        nix=NixSettings.of(options.get("nix")),
        dashboard=DashboardSettings.of(options.get("dashboard")),
        observations=ObservationSettings.of(options.get("observations")),
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


def with_options(settings: Settings, *, workers: int | None = None, style: NixStyle | None = None) -> Settings:
    """The settings with what the command line says."""
    if workers is not None and workers < 1:
        raise SettingsError(f"--workers is 1 or more, not {workers}", subject="workers")
    settings = settings if workers is None else replace(settings, workers=workers)
    return settings if style is None else replace(settings, nix=replace(settings.nix, style=style))
