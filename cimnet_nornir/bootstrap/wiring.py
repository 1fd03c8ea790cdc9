"""Stores, engines, inventories and devices, wired together as a project's settings say."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from cimnet_nornir.application.actors import default_actor
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.bootstrap.hosts import hosts_of
from cimnet_nornir.bootstrap.nix import host_site, nix_generator
from cimnet_nornir.bootstrap.platforms import platform_engine
from cimnet_nornir.bootstrap.secrets import secret_resolver
from cimnet_nornir.bootstrap.settings import CONFIG, Settings
from cimnet_nornir.domain.events import EVENT_TYPES, ROOT_TYPES
from cimnet_nornir.errors import SettingsError
from cimnet_nornir.store import EventStore, open_store

if TYPE_CHECKING:
    from nornir.core import Nornir
    from nornir.core.inventory import Inventory

    from cimnet_nornir.application.approval import ApprovalRules
    from cimnet_nornir.application.audit_parts import Auditor
    from cimnet_nornir.application.checks import CheckSet
    from cimnet_nornir.application.ports import ConfigurationEngine
    from cimnet_nornir.domain.validation import AnyRule
    from cimnet_nornir.inventory.builder import Endpoint
    from cimnet_nornir.tasks.port import NornirDevices


def open_service(settings: Settings, *, reason: str | None = None) -> NetworkService:
    """The service of a project's network. The caller closes its store.

    Raises StoreUnavailable, RenderError, or SettingsError where the project's folder cannot be written.
    """
    try:
        settings.state.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise SettingsError(f"{settings.state}: {error.strerror}", subject=str(settings.state)) from error
    # Before the store is opened: templates that cannot be read leave nothing open.
    engine = platform_engine(settings.project / "templates", secret_resolver(settings.project))
    service = NetworkService(
        open_store(settings.store, EVENT_TYPES, roots=ROOT_TYPES),
        settings.network,
        environment=settings.environment,
        engine=engine,
        actor=default_actor(reason=reason),
        folder=settings.state,
        rules=lambda: _own_rules(settings, engine),
        host_generator=nix_generator(settings),
        approval=approval_rules(settings),
        checks=lambda: load_checks(settings),
        hosts=hosts_of(settings, lambda: service),
        site=lambda: host_site(settings),
        auditor=lambda: auditor_of(settings.project),
    )
    return service


def approval_rules(settings: Settings) -> "ApprovalRules":
    """How plans are approved in a project; the file of the allowed signers is read when a signature is verified."""
    from cimnet_nornir.application.approval import ApprovalPolicy, ApprovalRules
    from cimnet_nornir.bootstrap.signing import AllowedSigners

    said = settings.approval
    policy = ApprovalPolicy(said.required, said.signers)
    return ApprovalRules(policy, AllowedSigners(settings.allowed_signers, str(said.allowed_signers)))


def network_service(
    store: EventStore | str = "memory:",
    network: str = "",
    *,
    environment: str = "lab",
    reason: str | None = None,
    templates: Path | None = None,
    folder: Path | None = None,
) -> NetworkService:
    """A service with everything it can need, for programs; no project folder is asked for.

    `store` is an open store or the URL of one (`memory:`, `sqlite:///PATH`, `postgresql://…`). `network` may be left
    out by whoever creates one: `network_service().create_network("datacenter", "10.0.0.0/16")`. `templates` is a folder
    of templates that go before the packaged ones, `folder` one where results wait while the store fails. The caller
    closes `service.store`. Raises StoreUnavailable, RenderError.
    """
    from cimnet_nornir.nix import NixGenerator

    engine = platform_engine(templates, secret_resolver(Path()))
    return NetworkService(
        open_store(store, EVENT_TYPES, roots=ROOT_TYPES) if isinstance(store, str) else store,
        network,
        environment=environment,
        engine=engine,
        actor=default_actor(reason=reason),
        folder=folder,
        host_generator=NixGenerator(),
        auditor=auditor_of,
    )


def _own_rules(settings: Settings, engine: "ConfigurationEngine") -> "tuple[AnyRule, ...]":
    """The user's rules of validation; read when a command first asks for rules."""
    from cimnet_nornir.application.host_rule import HOST_RULES
    from cimnet_nornir.bootstrap.rules import own_rules
    from cimnet_nornir.domain.validation.standard import STANDARD_RULES

    return own_rules(settings.project, (*STANDARD_RULES, *engine.rules, *HOST_RULES))


def load_checks(settings: Settings) -> "CheckSet":
    """The project's checks before and after a change. Raises DefinitionError where the file of them is wrong."""
    from cimnet_nornir.bootstrap.checks import project_checks

    return project_checks(settings)


def auditor_of(project: Path | None = None, files: Sequence[Path] = ()) -> "Auditor":
    """What audits configurations, by the rules of a project, if any, and of files. Raises DefinitionError."""
    from cimnet_nornir.bootstrap.audit import load_auditor

    return load_auditor(project, files)


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
    devices = {
        name: Endpoint(device.host, device.port, known.username, known.password, known.enable)
        for name, device in state.devices.items()
    }
    # They take the key of the lab alone, and no password.
    return devices | {name: Endpoint(host.host, host.port, known.username) for name, host in state.hosts.items()}


def open_inventory(
    settings: Settings, service: NetworkService, *, at: int | None = None, known_hosts: Path | None = None
) -> "Inventory":
    """The Nornir inventory of a project, before any transform function; `known_hosts` is another file for host keys."""
    from cimnet_nornir.inventory.builder import build_inventory

    return build_inventory(
        service,
        at=at,
        endpoints=endpoints_of(settings),
        known_hosts=known_hosts or settings.known_hosts,
        timeouts=settings.timeouts,
        operator=settings.operator,
    )


def open_nornir(settings: Settings, service: NetworkService, *, known_hosts: Path | None = None) -> "Nornir":
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
    inventory = open_inventory(settings, service, known_hosts=known_hosts)
    try:
        for host in inventory.hosts.values():
            cimnet_credentials(host, **settings.credentials_here())
    except TypeError as error:
        # An option that the function does not have: it is told by its name.
        raise SettingsError(f"{CONFIG}: transform_function_options: {error}", subject="credentials") from error
    return Nornir(
        inventory=inventory,
        runner=ThreadedRunner(num_workers=settings.workers),
        config=Config(
            logging=LoggingConfig(enabled=False),
            # A path in the project counts from the project, wherever the command is typed.
            ssh=SSHConfig(config_file=str(settings.project / Path(settings.ssh_config).expanduser())),
        ),
        data=GlobalState(),
    )


@contextmanager
def open_devices(
    settings: Settings, service: NetworkService, *, known_hosts: Path | None = None
) -> "Iterator[NornirDevices]":
    """The devices of the environment; their sessions are closed at the end."""
    from cimnet_nornir.tasks.port import NornirDevices

    devices = NornirDevices(open_nornir(settings, service, known_hosts=known_hosts))
    try:
        yield devices
    finally:
        devices.close()


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
