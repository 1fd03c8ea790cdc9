"""Builds a Nornir inventory from a network: fresh objects each time, since Nornir writes into them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nornir.core.inventory import ConnectionOptions, Defaults, Group, Groups, Host, Hosts, Inventory, ParentGroups

from cimnet_nornir.application.order import host_distances
from cimnet_nornir.application.service import HostView, NetworkService
from cimnet_nornir.inventory.known_hosts import write_known_hosts
from cimnet_nornir.inventory.timeouts import Timeouts

# RFC 2606 keeps .invalid free of any host: whoever connects before the lab is up reads the reason in the host's name.
NO_LAB = "no-lab-is-up.invalid"
# A lab simulates network devices only, and a server of the real network is not to be reached from it.
NOT_IN_LAB = "not-in-the-lab.invalid"
_SSH_PORT = 22


@dataclass(frozen=True, slots=True, repr=False)
class Endpoint:
    """Where a device is reached, and as whom where the environment knows it (a lab does)."""

    hostname: str
    port: int = _SSH_PORT
    username: str | None = None
    password: str | None = None
    enable: str | None = None


@dataclass(frozen=True, slots=True)
class FormerAddress:
    """Where a device was reached that has another management address in intent by now, and the host keys of there."""

    hostname: str
    known_hosts: Path


class CimnetDefaults(Defaults):
    """Nornir's defaults, which every host and every filtered copy share, with the service behind the inventory.

    `at` is the position the inventory shows, None for the present: a past network is looked at, never pushed to.
    `former` has, by device id, the address at which a device still is that is about to be given another one.
    """

    __slots__ = ("at", "former", "service", "timeouts")

    def __init__(
        self,
        service: NetworkService,
        at: int | None,
        timeouts: Timeouts,
        former: Mapping[str, FormerAddress] | None = None,
        **attributes: Any,
    ) -> None:
        super().__init__(**attributes)
        self.service = service
        self.at = at
        self.timeouts = timeouts
        self.former = former or {}


def build_inventory(
    service: NetworkService,
    *,
    at: int | None,
    endpoints: Mapping[str, Endpoint] | None,
    known_hosts: Path,
    timeouts: Timeouts | None = None,
    operator: str | None = None,
) -> Inventory:
    """The inventory of the service's network now, or as of a position.

    `endpoints` by device id are those of a lab; None means that hosts are reached at their management addresses.
    `operator` is the host by which the operator's station enters the network: each host's `distance` counts from there.
    Writes the pinned host keys to `known_hosts`, those of the present only: what is pushed meanwhile reads that file.
    Raises SettingsError where it cannot be written, DeviceNotFound for an operator that is no device. A network that
    was never declared gives an inventory without hosts.
    """
    facts = {"network": service.network_name, "environment": service.environment}
    views = service.hosts(at)
    former = _former(service, views, known_hosts) if at is None and endpoints is None else {}
    defaults = CimnetDefaults(service, at, timeouts or Timeouts(), former, data=facts)
    groups = Groups()
    hosts = Hosts()
    keys = {}
    # Nothing is pushed to a past network, which may not have had that device yet.
    away = host_distances(views, operator if at is None else None)
    for view in views:
        for name in view.groups:
            groups.setdefault(name, Group(name=name, defaults=defaults))
        endpoint = _endpoint(view, endpoints)
        host = _host(view, endpoint, [groups[name] for name in view.groups], defaults, known_hosts)
        host.data["distance"] = away[view.name]
        hosts[view.name] = host
        if view.host_key and endpoint.hostname:
            keys[endpoint.hostname, endpoint.port] = view.host_key
    if at is None:
        write_known_hosts(known_hosts, keys)
    return Inventory(hosts=hosts, groups=groups, defaults=defaults)


def _former(service: NetworkService, views: Sequence[HostView], known_hosts: Path) -> dict[str, FormerAddress]:
    """The former addresses by device id; their host keys are in a file of their own.

    Two devices may change places: then each address has one key now, and another one after the push.
    """
    addresses = service.former_addresses()
    path = known_hosts.with_name(f"{known_hosts.name}.former")
    if addresses or path.exists():
        pinned = {view.device: view.host_key for view in views if view.host_key}
        keys = {(address, _SSH_PORT): pinned[device] for device, address in addresses.items() if device in pinned}
        write_known_hosts(path, keys)
    return {device: FormerAddress(address, path) for device, address in addresses.items()}


def _endpoint(view: HostView, endpoints: Mapping[str, Endpoint] | None) -> Endpoint:
    if endpoints is None:
        return Endpoint(view.management or "")
    return endpoints.get(view.device, Endpoint(NOT_IN_LAB if view.is_server else NO_LAB))


def _host(view: HostView, endpoint: Endpoint, groups: list[Group], defaults: CimnetDefaults, known_hosts: Path) -> Host:
    return Host(
        name=view.name,
        hostname=endpoint.hostname or None,
        port=endpoint.port,
        username=endpoint.username,
        password=endpoint.password,
        # NAPALM and nornir-netmiko both know IOS and IOS-XE as "ios"; which of the two it is stands in the facts.
        platform=view.platform if view.is_server else "ios",
        groups=ParentGroups(groups),
        data=dict(view.facts),
        connection_options={
            "netmiko": ConnectionOptions(extras=_netmiko_extras(endpoint, known_hosts, defaults.timeouts)),
            "napalm": ConnectionOptions(
                extras={"optional_args": _napalm_arguments(endpoint, known_hosts, defaults.timeouts)}
            ),
        },
        defaults=defaults,
    )


def _netmiko_extras(endpoint: Endpoint, known_hosts: Path, timeouts: Timeouts) -> dict[str, Any]:
    # netmiko trusts whoever answers unless told: the project's own known hosts are the only ones.
    extras: dict[str, Any] = {
        "ssh_strict": True,
        "system_host_keys": False,
        "alt_host_keys": True,
        "alt_key_file": str(known_hosts),
        "conn_timeout": timeouts.connect,
        "banner_timeout": timeouts.login,
        "auth_timeout": timeouts.login,
        "fast_cli": True,
    }
    return extras | ({"secret": endpoint.enable} if endpoint.enable else {})


def _napalm_arguments(endpoint: Endpoint, known_hosts: Path, timeouts: Timeouts) -> dict[str, Any]:
    # One dictionary a host: nornir-napalm writes the port into it.
    extras = _netmiko_extras(endpoint, known_hosts, timeouts)
    return {key: value for key, value in extras.items() if key != "fast_cli"}
