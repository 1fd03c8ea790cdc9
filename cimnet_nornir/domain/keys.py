"""The keys that a device holds alone in its network: its name and its addresses."""

from collections.abc import Iterator
from ipaddress import IPv4Address

from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.tables import shares_addresses, vrf_of


def unique_keys(device: Device) -> dict[str, str]:
    """The keys that a device holds alone in its network, each with a word for whoever asks: names and addresses."""
    if device.removed:
        return {}
    keys = {name_key(device): device.name}
    for place, address in addresses_of(device):
        keys[address_key(device, address)] = place
    return keys


def name_key(device: Device) -> str:
    return f"name:{device.network}/{device.name.lower()}"


def address_key(device: Device, address: IPv4Address) -> str:
    return f"address:{device.network}/{address}"


def addresses_of(device: Device) -> Iterator[tuple[str, IPv4Address]]:
    """Each address that a device has for itself, with the place where it is; those that it shares are left out.

    The address it is managed at is one of them, on an interface or not: two devices that share it would get each
    other's configuration. Addresses of this machine itself (127.0.0.0/8: tunnels, labs) say nothing of that kind, and
    neither do those in a VRF, which is there so that others may have them too.
    """
    alone = {
        name: routed
        for name, routed in device.interfaces.items()
        if not vrf_of(device, name) and not shares_addresses(device, name)
    }
    own = {each.ip for name, it in device.interfaces.items() if not vrf_of(device, name) for each in it.addresses}
    for interface, routed in alone.items():
        for address in routed.addresses:
            yield f"{device.name} {interface}", address.ip
    management = device.details.management
    if management is not None and management not in own and not management.is_loopback:
        yield f"{device.name} management", management
