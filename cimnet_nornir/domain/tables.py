"""Routing tables of a device: the global one, and one for each VRF."""

from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.features.vrf import Vrf
from cimnet_nornir.errors import RuleViolated


def vrf_of(device: Device, interface: str) -> str:
    """The VRF that an interface is in; empty for the global table."""
    setting = device.setting(Vrf.FEATURE, interface)
    return setting.name if isinstance(setting, Vrf) else ""


def shares_addresses(device: Device, interface: str) -> bool:
    """Whether the addresses and subnets of an interface may be those of others too."""
    return device.setting("shared-addresses", interface) is not None


def refuse_overlaps(device: Device) -> None:
    """IOS refuses an address whose subnet overlaps that of another interface ("% 10.0.0.0 overlaps with Vlan20").

    Those of two VRFs may overlap, and those that are shared on purpose. Raises RuleViolated: "HOST INTERFACE".
    """
    subnets = [
        (name, address.network)
        for name, item in device.interfaces.items()
        for address in (() if shares_addresses(device, name) else item.addresses)
    ]
    for index, (name, subnet) in enumerate(subnets):
        for other, taken in subnets[:index]:
            if other != name and subnet.overlaps(taken) and vrf_of(device, name) == vrf_of(device, other):
                raise RuleViolated(
                    f"{subnet} on {device.name} {name} overlaps {taken} on {other}", subject=f"{device.name} {name}"
                )
