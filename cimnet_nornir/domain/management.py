"""At which of its addresses a device is most likely managed, by what is said of its interfaces."""

import re
from collections.abc import Iterator
from ipaddress import IPv4Address

from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.features.services import GlobalOption
from cimnet_nornir.domain.interfaces import interface_type
from cimnet_nornir.domain.tables import vrf_of

# Whoever gives an interface to these gives that by which others know the device.
_SOURCES = frozenset({"ssh", "logging", "snmp", "aaa-servers", "aaa-group"})
_FIELDS = ("source_interface", "trap_source")
_MANAGEMENT_VRF = re.compile(r"(?i)(?:^|[-_])(?:mgmt|management|oob)(?:$|[-_])|^mgmt|^management")


def management_address(device: Device, interface: str) -> IPv4Address | None:
    """The first address of an interface; None where it has none."""
    configured = device.interfaces.get(interface)
    return configured.addresses[0].ip if configured is not None and configured.addresses else None


def management_interface(device: Device) -> str | None:
    """The one interface that clearly is for management; None where none is, or several could be.

    That is where what the device sends to its managers comes from, else one in a VRF for management, else Loopback0,
    else of a switch that of its default gateway, or the only one that has an address.
    """
    for candidates in (_sources, _separate, _loopback, _by_gateway, _only_one):
        found = {name for name in candidates(device) if management_address(device, name) is not None}
        if found:
            return found.pop() if len(found) == 1 else None
    return None


def _sources(device: Device) -> Iterator[str]:
    for setting in device.features.values():
        named = (getattr(setting, field, None) for field in _FIELDS if setting.FEATURE in _SOURCES)
        yield from (name for name in named if isinstance(name, str))


def _separate(device: Device) -> Iterator[str]:
    return (name for name in device.interfaces if _MANAGEMENT_VRF.search(vrf_of(device, name)))


def _loopback(device: Device) -> Iterator[str]:
    return (name for name in device.interfaces if name == "Loopback0")


def _by_gateway(device: Device) -> Iterator[str]:
    """The interface of a switch in whose subnet its default gateway is."""
    option = device.setting("global-option", "ip default-gateway")
    if isinstance(option, GlobalOption) and option.value is not None and not device.routes_packets:
        gateway = IPv4Address(option.value)
        for name, configured in device.interfaces.items():
            if any(gateway in address.network for address in configured.addresses):
                yield name


def _only_one(device: Device) -> Iterator[str]:
    if not device.routes_packets:
        yield from (name for name in device.interfaces if interface_type(name) == "Vlan")
