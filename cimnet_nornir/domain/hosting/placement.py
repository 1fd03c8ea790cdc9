"""Where hosts meet the network: the cable that brings a VLAN to each, the VLAN's subnet and gateway."""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Interface

from cimnet_nornir.domain.bundles import bundle_of, logical_link, logical_links_of
from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.hosting.networks import HostedNetwork
from cimnet_nornir.domain.hosting.values import Uplink
from cimnet_nornir.domain.layer2 import Layer2, far_switch, has_vlan
from cimnet_nornir.domain.network import Link, Network
from cimnet_nornir.domain.values import Endpoint, PortConfiguration
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
    """The way of a host to a switch that has the VLAN: by the card or bond asked for, or the first of its ports.

    `was` is what is said of the switch port now, or was before it became the host's trunk. Raises PortNotFound for a
    card that is not there, RuleViolated where no cable leads to a switch, or a bond to several ports of switches,
    VlanNotFound where no switch has the VLAN. A card or bond with an address of the host's own brings no VLAN.
    """
    if asked is not None:
        require_card(host, asked)
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
            _require_one_way(host, interface, ends)
            return Uplink(interface=interface, switch=switch.id, port=port, was=_was(network, switch, port))
    names = ", ".join(dict.fromkeys(switch.name for _, switch, _ in ends))
    raise VlanNotFound(
        f"{host.name} is linked to {names}, which does not have VLAN {vlan}; create it there", subject=str(vlan)
    )


def require_card(host: Device, asked: str) -> None:
    """Refuse what is no network card or bond of a host, and a card that is one with others."""
    if asked not in host.ports and asked not in host.bonds:
        known = ", ".join((*host.ports, *host.bonds)) or "none"
        raise PortNotFound(f"{host.name} has no port {asked}; it has {known}", subject=asked)
    bond = bundle_of(host, asked)
    if bond is not None:
        raise RuleViolated(f"{host.name} {asked} is in {bond}, and no uplink by itself; take {bond}", subject=asked)


def _require_one_way(host: Device, interface: str, ends: list[tuple[str, Device, str]]) -> None:
    """A VLAN comes by one port of a switch: the members of a bond lead to one port-channel."""
    ways = [f"{switch.name} {port}" for name, switch, port in ends if name == interface]
    if len(ways) > 1:
        raise RuleViolated(
            f"{host.name} {interface} leads to {' and '.join(ways)}; link its members to one port-channel",
            subject=host.id,
        )


def _has_address(host: Device, interface: str) -> bool:
    return interface in host.interfaces and bool(host.interfaces[interface].addresses)


def _switches_at(network: Network, host: Device) -> list[tuple[str, Device, str]]:
    """The switches that a host is linked to, in the order of its ports: (its port, the switch, the switch's port).

    A bond stands for its members, a port-channel for those of the switch.
    """
    far: dict[str, list[tuple[str, str]]] = {}
    for link in logical_links_of(network, host.id):
        own = link.a[1] if link.a[0] == host.id else link.b[1]
        far.setdefault(own, []).append(link.other_end(host.id, own))
    own_ports = dict.fromkeys(bundle_of(host, port) or port for port in host.ports)
    ways = ((port, *end) for port in own_ports for end in far.get(port, ()))
    found = ((port, network.devices.get(other), other_port) for port, other, other_port in ways)
    return [(port, other, other_port) for port, other, other_port in found if other is not None and other.switches]


def is_cabled(network: Network, host: str, uplink: Uplink) -> bool:
    """Whether cables still make up an uplink: one, or those of a bond."""
    way = cable(host, uplink)
    return any(logical_link(network.devices, link) == way for link in network.links_of(host))


def cable(host: str, uplink: Uplink) -> Link:
    """The link that an uplink is, as what it joins."""
    near = Endpoint(device=host, port=uplink.interface)
    return Link.between(near, Endpoint(device=uplink.switch, port=uplink.port))


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
    for link in logical_links_of(network, switch):
        identity, port = link.b if link.a[0] == switch else link.a
        device = network.devices.get(identity)
        if device is not None and not device.switches and device.routes_packets:
            yield device, port


def _on_device(device: Device, interface: str) -> Iterator[Gateway]:
    routed = device.interfaces.get(interface)
    if routed is not None and routed.enabled and device.routes_packets:
        for address in routed.addresses:
            yield Gateway(device.id, f"{device.name} {interface}", address)
