"""Devices of no network yet, by their addresses: asked as those of the network are, with the same credentials."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from ipaddress import IPv4Address
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from cimnet_nornir.application.host_keys import pin_host_keys
from cimnet_nornir.bootstrap.settings import Settings
from cimnet_nornir.bootstrap.wiring import network_service, open_devices
from cimnet_nornir.domain.commands import AddRouter, Command, CreateNetwork
from cimnet_nornir.domain.events import DeviceDetails
from cimnet_nornir.domain.platforms import platforms_of
from cimnet_nornir.domain.values import DeviceKind

if TYPE_CHECKING:
    from cimnet_nornir.tasks.port import NornirDevices


@contextmanager
def strange_devices(
    settings: Settings, addresses: Sequence[IPv4Address], keys: Mapping[str, str], *, platform: str = "ios"
) -> "Iterator[NornirDevices]":
    """The devices at these addresses, which are their ids; `keys` are the host keys that they may show, by them.

    They are in a network of their own, which is forgotten, and so are its known hosts: those of the project are not
    touched. No password is sent where there is no key.
    """
    service = network_service("memory:", settings.network, environment=settings.environment)
    details = {each: _details(platform, each) for each in addresses}
    routers = [AddRouter(device=str(each), name=_name(each), details=details[each]) for each in addresses]
    with TemporaryDirectory() as folder:
        try:
            commands: tuple[Command, ...] = (CreateNetwork(name=settings.network), *routers)
            service.change(lambda _: commands, command="import", arguments={})
            pin_host_keys(service, keys, command="import")
            # Nobody enters this network by a device of the other one.
            alone = replace(settings, operator=None)
            with open_devices(alone, service, known_hosts=Path(folder) / "known_hosts") as devices:
                yield devices
        finally:
            service.store.close()


def _details(platform: str, address: IPv4Address) -> DeviceDetails:
    vendors = platforms_of(DeviceKind.ROUTER)
    vendor = next((vendor for vendor, platforms in vendors.items() if platform in platforms), "cisco")
    return DeviceDetails(vendor=vendor, platform=platform, management=address)


def _name(address: IPv4Address) -> str:
    """A host name begins with a letter."""
    return f"at-{str(address).replace('.', '-')}"
