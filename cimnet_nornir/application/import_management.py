"""At which address devices that are taken over are managed: that of an interface, named or clearly meant for it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from ipaddress import IPv4Address

from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.interfaces import canonical_interface
from cimnet_nornir.domain.management import management_address, management_interface
from cimnet_nornir.domain.network import Network

AUTO = "auto"
"""In the place of an interface: the one of each device that clearly is for management."""


@dataclass(frozen=True, slots=True)
class Managed:
    """A device without a management address, by its name, and which it could have; None where that is open."""

    name: str
    interface: str | None = None
    address: IPv4Address | None = None


def suggestions(network: Network, devices: Sequence[Device], interface: str = AUTO) -> tuple[Managed, ...]:
    """What each device that has no management address could have; none that two would have, or another one has.

    `network` holds the devices as they are to be. Raises InvalidValue for what is no interface.
    """
    named = None if interface == AUTO else canonical_interface(interface)
    open_ones = [device for device in devices if device.details.management is None and not device.is_host]
    found = [_of(device, named or management_interface(device)) for device in open_ones]
    holders = Counter(_addresses(network))
    return tuple(
        replace(item, address=None) if item.address is not None and holders[item.address] > 1 else item
        for item in found
    )


def _of(device: Device, interface: str | None) -> Managed:
    return Managed(device.name, interface, management_address(device, interface) if interface else None)


def _addresses(network: Network) -> list[IPv4Address]:
    """Every address once for each device that has it."""
    return [
        address
        for device in network.devices.values()
        for address in {
            *(each.ip for item in device.interfaces.values() for each in item.addresses),
            *(() if device.details.management is None else (device.details.management,)),
        }
    ]


def managed(device: Device, chosen: Sequence[Managed]) -> Device:
    """The device with the management address that was chosen for it."""
    address = next((item.address for item in chosen if item.name == device.name), None)
    return (
        device
        if address is None
        else replace(device, details=device.details.model_copy(update={"management": address}))
    )
