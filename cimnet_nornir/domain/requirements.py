"""What a command presupposes of a device, each a refusal that says what is missing; shared by the deciding modules."""

from difflib import get_close_matches

from cimnet_nornir.domain.bundles import channel_number
from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.values import RoutedInterface
from cimnet_nornir.errors import AccessListNotFound, PortNotFound, RuleViolated, VlanNotFound


def require_switch(device: Device) -> None:
    if not device.switches:
        raise RuleViolated(
            f"{device.name} is a {device.kind.value}: it has no VLANs or switch ports", subject=device.id
        )


def require_routing(device: Device, purpose: str) -> None:
    if not device.routes_packets:
        raise RuleViolated(f"{device.name} does not route; enable routing {purpose}", subject=device.id)


def require_network_device(device: Device, what: str) -> None:
    if device.is_host:
        raise RuleViolated(f"{device.name} is a {device.kind.value}: it has no {what}", subject=device.id)


def require_port(device: Device, port: str) -> None:
    if port in device.ports:
        return
    near = get_close_matches(port, device.ports, n=1)
    hint = f"; did you mean {near[0]}?" if near else ""
    raise PortNotFound(f"{device.name} has no port {port}{hint}", subject=port)


def require_switching_port(device: Device, port: str) -> None:
    """Refuse what is neither a port nor a port-channel of the switch."""
    number = channel_number(port)
    if number is None:
        require_port(device, port)
    elif number not in device.port_channels:
        raise PortNotFound(f"{device.name} has no port-channel {number}; give it members first", subject=port)


def require_vlan(device: Device, vlan: int, what: str) -> None:
    """Refuse where `what` needs a VLAN that the switch lacks; VLAN 1 is there by itself."""
    if vlan != 1 and vlan not in device.vlans:
        raise VlanNotFound(
            f"{what} needs VLAN {vlan}, which {device.name} does not have; create it there", subject=str(vlan)
        )


def require_access_lists(device: Device, interface: str, configuration: RoutedInterface) -> None:
    """Refuse where an interface names an access list that is not there: IOS would then let everything through."""
    for name in (configuration.access_group_in, configuration.access_group_out):
        if name is not None and name not in device.access_lists:
            near = get_close_matches(name, device.access_lists, n=1)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise AccessListNotFound(
                f"{device.name} {interface} uses the access list {name}, which {device.name} does not have{hint}",
                subject=f"access list {name}",
            )


def require_switched(device: Device, port: str) -> None:
    """Refuse where a port is routed, itself or by sub-interfaces."""
    routed = (*((port,) if port in device.interfaces else ()), *device.sub_interfaces(port))
    if routed:
        raise RuleViolated(f"{device.name} {routed[0]} is routed; remove that interface first", subject=port)


def require_unswitched(device: Device, port: str) -> None:
    if port in device.switch_ports:
        raise RuleViolated(f"{device.name} {port} is a switch port; reset it first", subject=port)
