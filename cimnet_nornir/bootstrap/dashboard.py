"""The dashboard, wired together: tokens are resolved, and devices are opened when they are asked for."""

import ipaddress
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING

from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.bootstrap.dashboard_settings import LEAST_TOKEN, address_of, wrong
from cimnet_nornir.bootstrap.lab import lab_status
from cimnet_nornir.bootstrap.settings import Settings
from cimnet_nornir.bootstrap.wiring import open_devices
from cimnet_nornir.errors import DeviceUnreachable, SettingsError

if TYPE_CHECKING:
    from cimnet_nornir.tasks.port import NornirDevices
    from cimnet_nornir.web.context import Dashboard
    from cimnet_nornir.web.tokens import Tokens

NEEDS_WEB = "the dashboard needs more packages: pip install 'cimnet-nornir[web]'"


def open_dashboard(
    settings: Settings,
    service: NetworkService,
    *,
    listen: str | None = None,
    collect: int | None = None,
    secure: bool = False,
) -> "Dashboard":
    """The dashboard of a project. Raises SettingsError, where tokens are missing for the address too."""
    try:
        # All that the server stands on, so that what is missing is told before anything begins.
        import_module("cimnet_nornir.web.app")
        from cimnet_nornir.web.context import Dashboard, Listen
    except ImportError as error:
        raise SettingsError(NEEDS_WEB, subject="web") from error
    host, port = address_of(settings.dashboard.listen) if listen is None else address_of(listen, said_by="--listen")
    tokens = resolved_tokens(settings)
    loopback = is_loopback(host)
    if not (loopback or tokens):
        raise SettingsError(
            f"{host} is not loopback, and nobody has a token to read there; name some in inventory/config.yaml:"
            " dashboard: {tokens: {ana: {token: env:ANA_TOKEN, may: change}}}",
            subject="tokens",
        )
    return Dashboard(
        service,
        Listen(host, port, loopback=loopback, secure=secure),
        tokens,
        plans=settings.state / "plans",
        open_devices=lambda acting: _devices(settings, acting),
        push=settings.push,
        names=settings.dashboard.names,
        collect=settings.dashboard.collect if collect is None else collect,
        keep=settings.observations.keep,
    )


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach an address that is listened on."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        # A name may mean any address, and this one means what the machine's own table says.
        return host == "localhost" and all(map(is_loopback, _addresses_of(host)))


def _addresses_of(host: str) -> list[str]:
    """The addresses that a name leads to; where it leads nowhere, listening says so."""
    try:
        return [str(address[0]) for *_, address in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)]
    except OSError:
        return []


def resolved_tokens(settings: Settings) -> "Tokens":
    """The tokens behind the references. Raises SettingsError, which never tells a token."""
    from cimnet_nornir.inventory.credentials import resolve
    from cimnet_nornir.web.tokens import Tokens

    found = {}
    for name, setting in settings.dashboard.tokens.items():
        text = resolve(setting.token, option=f"dashboard: token of {name}")
        if not text:
            raise wrong(f"tokens: the token of {name} is not set ({setting.token})")
        if len(text) < LEAST_TOKEN:
            raise wrong(f"tokens: the token of {name} is too short; one is made by: openssl rand -hex 32")
        found[name] = (text, setting.may)
    if len({text for text, _ in found.values()}) < len(found):
        raise wrong("tokens: two holders have the same token; nobody could tell who acts")
    return Tokens(found)


@contextmanager
def _devices(settings: Settings, service: NetworkService) -> "Iterator[NornirDevices]":
    service.network()
    if settings.environment == "lab" and lab_status(settings) is None:
        raise DeviceUnreachable("no lab is up; start one: cimnet lab up", subject="lab")
    with open_devices(settings, service) as devices:
        yield devices
