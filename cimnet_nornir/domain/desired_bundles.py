"""The commands that take the port-channels and bonds of a device to what somebody wants of them."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain.bundles import bundles_of
from cimnet_nornir.domain.decide_bundles import acts_at_layer3, acts_by_itself
from cimnet_nornir.domain.device import Device

if TYPE_CHECKING:
    from cimnet_nornir.domain.desired import DesiredDevice


def joining_ports(device: Device, wanted: "DesiredDevice") -> frozenset[str]:
    """The ports that are to be members of a bundle, and do something by themselves yet."""
    members = (port for _, ports in bundles_of(wanted) for port in ports)
    return frozenset(
        port for port in members if acts_by_itself(device.switch_ports.get(port)) or acts_at_layer3(device, port)
    )


def bundle_changes(device: Device | None, wanted: "DesiredDevice") -> Iterator[c.DeviceCommand]:
    """Before what is said of port-channels as interfaces."""
    for number, channel in wanted.port_channels.items():
        if device is None or device.port_channels.get(number) != channel:
            yield c.ConfigurePortChannel(device=wanted.id, number=number, channel=channel)
    for name, bond in wanted.bonds.items():
        if device is None or device.bonds.get(name) != bond:
            yield c.ConfigureBond(device=wanted.id, name=name, bond=bond)


def bundle_removals(device: Device, wanted: "DesiredDevice") -> Iterator[c.DeviceCommand]:
    """When nothing is said of them as interfaces any more."""
    for number in device.port_channels:
        if number not in wanted.port_channels:
            yield c.RemovePortChannel(device=wanted.id, number=number)
    yield from (c.RemoveBond(device=wanted.id, name=name) for name in device.bonds if name not in wanted.bonds)
