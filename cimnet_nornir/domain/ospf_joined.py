"""How the interfaces of a device take part in OSPF: by their own words, or by the networks of a process."""

from collections.abc import Iterator

from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.features.ospf import OspfInterfaceSettings, OspfNetwork, OspfRedistribution, OspfSettings
from cimnet_nornir.domain.values import InterfaceConfiguration, OspfInterface


def joined(device: Device) -> dict[str, OspfInterface]:
    """The interfaces that take part in OSPF, each with its process and area."""
    networks = tuple(_networks(device))
    found = ((name, _ospf(device, name, item, networks)) for name, item in device.interfaces.items())
    return {name: ospf for name, ospf in found if ospf is not None}


def ospf_at(device: Device, interface: str) -> OspfInterface | None:
    """How one interface takes part; None where it does not."""
    routed = device.interfaces.get(interface)
    return None if routed is None else _ospf(device, interface, routed, tuple(_networks(device)))


def redistributes_connected(device: Device) -> bool:
    """Whether OSPF announces the subnets of interfaces that do not take part in it."""
    settings = (setting for setting in device.features.values() if isinstance(setting, OspfRedistribution))
    return any(setting.source == "connected" for setting in settings)


def _networks(device: Device) -> Iterator[OspfNetwork]:
    """The narrowest first: it decides (Cisco, "network area")."""
    networks = (setting for setting in device.features.values() if isinstance(setting, OspfNetwork))
    return iter(sorted(networks, key=lambda each: -each.network.prefixlen))


def _ospf(
    device: Device, name: str, routed: InterfaceConfiguration, networks: tuple[OspfNetwork, ...]
) -> OspfInterface | None:
    if routed.ospf is not None or not routed.addresses:
        return routed.ospf
    primary = routed.addresses[0].ip
    network = next((each for each in networks if primary in each.network), None)
    if network is None:
        return None
    process = device.setting(OspfSettings.FEATURE, str(network.process))
    own = device.setting(OspfInterfaceSettings.FEATURE, name)
    point_to_point = isinstance(own, OspfInterfaceSettings) and own.network == "point-to-point"
    passive = isinstance(process, OspfSettings) and _is_silent(process, name)
    return OspfInterface(process=network.process, area=network.area, passive=passive, point_to_point=point_to_point)


def _is_silent(process: OspfSettings, interface: str) -> bool:
    return (
        interface not in process.active_interfaces
        if process.passive_default
        else interface in process.passive_interfaces
    )
