"""The hosts that a project deploys to: named in its settings, found in its network, reached there or in the lab."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from cimnet_nornir.application.host_flake import NIXOS
from cimnet_nornir.application.service import HostView, NetworkService
from cimnet_nornir.bootstrap.host_settings import HostSettings
from cimnet_nornir.bootstrap.settings import DEFAULT_SSH_CONFIG, Settings
from cimnet_nornir.domain.events import LocalTarget, RemoteTarget
from cimnet_nornir.errors import DeviceUnreachable, SettingsError

if TYPE_CHECKING:
    from cimnet_nornir.nix.port import Hosts
    from cimnet_nornir.nix.ways import Way

_SSH_PORT = 22


def hosts_of(settings: Settings, service: Callable[[], NetworkService]) -> "Hosts | None":
    """The hosts of a project as a HostPort; None where its settings name none. `service` is asked when they are."""
    if not settings.hosts:
        return None
    from cimnet_nornir.nix.port import Hosts, VerbSeconds

    given = settings.timeouts
    known = _Known(settings, service)
    return Hosts(
        known.devices,
        lambda host: _way(settings, known.named(host), known.views()[known.named(host)]),
        seconds=VerbSeconds(answer=given.read, build=given.build, activate=given.activate),
    )


def managed_hosts(settings: Settings, service: NetworkService) -> Mapping[str, HostView]:
    """The hosts that the settings name, each by the name it has there.

    None are where no network is declared yet. Raises SettingsError for a name that is no host's.
    """
    if not settings.hosts or not (views := service.hosts()):
        return {}
    servers = {view.device: view for view in views if view.is_server}
    servers |= {view.name: view for view in views if view.is_server}
    for name in settings.hosts:
        if name not in servers:
            known = ", ".join(sorted({view.name for view in servers.values()})) or "none"
            other = any(name in {view.name, view.device} for view in views)
            why = f"{name} is a network device, and no host" if other else f"there is no host {name!r} in the network"
            raise SettingsError(f"inventory/config.yaml: hosts: {why}; its hosts: {known}", subject=name)
        if servers[name].facts["vendor"] != NIXOS:
            vendor = servers[name].facts["vendor"]
            why = f"{name} runs {vendor}; only hosts with NixOS are deployed to (cimnet nix generate writes scripts)"
            raise SettingsError(f"inventory/config.yaml: hosts: {why}", subject=name)
    return {name: servers[name] for name in settings.hosts}


class _Known:
    """The managed hosts, looked up anew where anything was stored since: whoever plans asks for each host."""

    def __init__(self, settings: Settings, service: Callable[[], NetworkService]) -> None:
        self._settings = settings
        self._service = service
        self._kept: tuple[int, Mapping[str, HostView]] = (-1, {})

    def views(self) -> Mapping[str, HostView]:
        """By the name that the settings have for each. Raises SettingsError."""
        service = self._service()
        head, kept = service.store.head(), self._kept
        if head != kept[0]:
            self._kept = kept = (head, managed_hosts(self._settings, service))
        return kept[1]

    def devices(self) -> frozenset[str]:
        """Their ids. Raises SettingsError."""
        return frozenset(view.device for view in self.views().values())

    def named(self, host: str) -> str:
        """The name that the settings have for a host by its id. Raises SettingsError."""
        for name, view in self.views().items():
            if view.device == host:
                return name
        raise SettingsError(f"inventory/config.yaml: hosts: {host} is not among them", subject=host)


def _way(settings: Settings, name: str, view: HostView) -> "Way":
    said = settings.hosts[name]
    if settings.environment == "lab":
        return _lab_way(settings, view)
    if said.local:
        from cimnet_nornir.nix.ways import LocalWay

        return LocalWay(view.name, LocalTarget(), sudo=said.sudo)
    return _ssh_way(settings, view, said)


def _ssh_way(settings: Settings, view: HostView, said: HostSettings) -> "Way":
    from cimnet_nornir.nix.ways import SshWay

    address = said.address or view.management
    if address is None:
        raise DeviceUnreachable(
            f"{view.name} has no address: declare its management address, or name one in inventory/config.yaml"
            f" (hosts: {{{view.name}: {{address: …}}}})",
            subject=view.name,
        )
    return SshWay(
        view.name,
        RemoteTarget(host=address, user=said.user),
        alias=view.device,
        address=address,
        user=said.user,
        known_hosts=_pinned(settings, view),
        port=said.port,
        sudo=said.sudo,
        identity=None if said.identity is None else settings.project / said.identity.expanduser(),
        jump=said.jump,
        config_file=_config_file(settings),
        connect_seconds=settings.timeouts.connect,
    )


def _lab_way(settings: Settings, view: HostView) -> "Way":
    """A simulated host; what a person's SSH configuration says of all hosts is not meant for it."""
    from cimnet_nornir.lab.control import lab_state
    from cimnet_nornir.lab.state import HOST_LOGIN_FILE
    from cimnet_nornir.nix.ways import SshWay

    state = lab_state(settings.lab)
    if state is None:
        raise DeviceUnreachable("no lab is up; start one: cimnet lab up", subject=view.name)
    endpoint = state.hosts.get(view.device)
    if endpoint is None:
        raise DeviceUnreachable(
            f"the lab that is up has no host {view.name}; start it anew: cimnet lab down, cimnet lab up",
            subject=view.name,
        )
    return SshWay(
        view.name,
        RemoteTarget(host=endpoint.host, user=state.credentials.username),
        alias=view.device,
        address=endpoint.host,
        user=state.credentials.username,
        known_hosts=_pinned(settings, view),
        port=endpoint.port,
        identity=settings.lab / HOST_LOGIN_FILE,
        config_file="none",
        connect_seconds=settings.timeouts.connect,
    )


def _pinned(settings: Settings, view: HostView) -> Path:
    """The file of the pinned key of one host, by its id: OpenSSH's client looks for no other name in it."""
    from cimnet_nornir.inventory.known_hosts import write_known_hosts

    path = settings.known_hosts.with_name(f"{settings.known_hosts.name}.hosts") / f"{view.device}.nixos"
    write_known_hosts(path, {(view.device, _SSH_PORT): view.host_key} if view.host_key else {})
    return path


def _config_file(settings: Settings) -> str | None:
    """The SSH configuration that the project names; None for the usual ones, which need not be there."""
    if settings.ssh_config == DEFAULT_SSH_CONFIG:
        return None
    return str(settings.project / Path(settings.ssh_config).expanduser())
