"""Where hosts meet the network: the cable that brings a VLAN to each, the VLAN's subnet and gateway."""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Interface

from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.hosting.networks import HostedNetwork
from cimnet_nornir.domain.hosting.values import Uplink
from cimnet_nornir.domain.layer2 import Layer2, far_switch, has_vlan
from cimnet_nornir.domain.network import Network
from cimnet_nornir.domain.values import PortConfiguration
from cimnet_nornir.errors import DeviceNotFound, PortNotFound, RuleViolated, VlanNotFound


@dataclass(frozen=True, slots=True)
class Gateway:
    """A layer-3 interface in a VLAN of a device that routes: an SVI, or a router's sub-interface."""

    device: str
    place: str
    address: IPv4Interface


def require_host(network: Network, identity: str) -> Device:
    """The host of that id. Raises DeviceNotFound, or RuleViolated where it is a router or switch."""
    device = network.devices.get(identity)
    if device is None:
        raise DeviceNotFound(f"there is no host {identity!r} in network {network.name!r}", subject=identity)
    if not device.is_host:
        raise RuleViolated(
            f"{device.name} is a {device.kind.value}: containers and virtual machines run on hosts", subject=identity
        )
    return device


def find_uplink(network: Network, host: Device, vlan: int, asked: str | None) -> Uplink:
    """The cable of a host to a switch that has the VLAN: by the network card asked for, or the first of its ports.

    `was` is what is said of the switch port now, or was before it became the host's trunk. Raises PortNotFound for a
    card that is not there, RuleViolated where no cable leads to a switch, VlanNotFound where no switch has the VLAN.
    A card with an address of the host's own brings no VLAN.
    """
    if asked is not None and asked not in host.ports:
        raise PortNotFound(f"{host.name} has no port {asked}; it has {', '.join(host.ports) or 'none'}", subject=asked)
    ends = [end for end in _switches_at(network, host) if asked in (None, end[0])]
    if not ends:
        by = f" by {asked}" if asked else ""
        raise RuleViolated(f"{host.name} is linked to no switch{by}; connect it", subject=host.id)
    taken = [interface for interface, _, _ in ends if _has_address(host, interface)]
    if len(taken) == len(ends):
        raise RuleViolated(
            f"{host.name} {taken[0]} has an address of the host's own and brings no VLAN {vlan}; connect another card",
            subject=host.id,
        )
    ends = [end for end in ends if end[0] not in taken]
    for interface, switch, port in ends:
        if has_vlan(switch, vlan):
            return Uplink(interface=interface, switch=switch.id, port=port, was=_was(network, switch, port))
    names = ", ".join(dict.fromkeys(switch.name for _, switch, _ in ends))
    raise VlanNotFound(
        f"{host.name} is linked to {names}, which does not have VLAN {vlan}; create it there", subject=str(vlan)
    )


def _has_address(host: Device, interface: str) -> bool:
    return interface in host.interfaces and bool(host.interfaces[interface].addresses)


def _switches_at(network: Network, host: Device) -> list[tuple[str, Device, str]]:
    """The switches that a host is linked to, in the order of its ports: (its port, the switch, the switch's port)."""
    far = {}
    for link in network.links_of(host.id):
        own = link.a[1] if link.a[0] == host.id else link.b[1]
        far[own] = link.other_end(host.id, own)
    found = ((port, network.devices.get(far[port][0]), far[port][1]) for port in host.ports if port in far)
    return [(port, other, other_port) for port, other, other_port in found if other is not None and other.switches]


def _was(network: Network, switch: Device, port: str) -> PortConfiguration | None:
    for uplink in uplinks_at(hosted_networks(network), switch.id, port):
        return uplink.was
    return switch.switch_ports.get(port)


def hosted_networks(network: Network) -> tuple[HostedNetwork, ...]:
    """The container networks and the VM networks, in the order of their names."""
    containers = sorted(network.container_networks.values(), key=lambda hosted: hosted.name)
    return (*containers, *sorted(network.vm_networks.values(), key=lambda hosted: hosted.name))


def uplinks_at(networks: Iterable[HostedNetwork], switch: str, port: str) -> Iterator[Uplink]:
    """The uplinks of networks that end at a port of a switch."""
    for hosted in networks:
        for uplink in hosted.uplinks.values():
            if (uplink.switch, uplink.port) == (switch, port):
                yield uplink


def gateways(network: Network, switches: Iterable[str], vlan: int) -> tuple[Gateway, ...]:
    """The gateways of a VLAN that cables lead to from these switches, the nearest first, then by host name."""
    layer2 = Layer2.of(network)
    found: list[Gateway] = []
    for switch in _nearest_first(layer2, switches):
        found += _on_device(network.devices[switch], f"Vlan{vlan}")
        for router, port in _routers_at(network, switch):
            found += _on_device(router, f"{port}.{vlan}")
    return tuple(dict.fromkeys(found))


def _nearest_first(layer2: Layer2, switches: Iterable[str]) -> tuple[str, ...]:
    reached = dict.fromkeys(layer2.by_name(frozenset(switches)))
    waiting = deque(reached)
    while waiting:
        here = waiting.popleft()
        for other in layer2.by_name({far_switch(link, here) for link in layer2.links[here]}):
            if other not in reached:
                reached[other] = None
                waiting.append(other)
    return tuple(reached)


def _routers_at(network: Network, switch: str) -> Iterator[tuple[Device, str]]:
    for link in network.links_of(switch):
        identity, port = link.b if link.a[0] == switch else link.a
        device = network.devices.get(identity)
        if device is not None and not device.switches and device.routes_packets:
            yield device, port


def _on_device(device: Device, interface: str) -> Iterator[Gateway]:
    routed = device.interfaces.get(interface)
    if routed is not None and routed.enabled and device.routes_packets:
        for address in routed.addresses:
            yield Gateway(device.id, f"{device.name} {interface}", address)
