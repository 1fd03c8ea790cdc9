"""The host side of a network: what each server is to have, from the networks that stand on it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from ipaddress import IPv4Interface

from cimnet_nornir.application.host_bonds import bonds_of
from cimnet_nornir.application.host_containers import bridge_name, container_networks_of, vm_networks_of
from cimnet_nornir.application.host_parts import HostBridge, HostCard, HostSide, HostVlan
from cimnet_nornir.application.host_routing import (
    has_default_route,
    interfaces_of,
    refuse_lost_routes,
    routing_of,
)
from cimnet_nornir.application.host_rules import LONGEST_NAME, refuse_impossible
from cimnet_nornir.application.host_vxlans import TUNNEL_MTU, has_gateway, tunnel_id, vxlans_of
from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.hosting.networks import ContainerNetwork, HostedNetwork, VmNetwork
from cimnet_nornir.domain.hosting.values import Bridge
from cimnet_nornir.domain.network import Network
from cimnet_nornir.errors import DeviceNotFound, InvalidValue, RuleViolated


def host_sides(network: Network) -> tuple[HostSide, ...]:
    """The servers of a network by their names. Raises RuleViolated where what stands on one cannot be, on any Linux."""
    hosts = (device for device in network.devices.values() if device.is_host)
    return tuple(_host_side(network, host) for host in sorted(hosts, key=lambda host: (host.name, host.id)))


def host_side(network: Network, name: str) -> HostSide:
    """One server, by its host name or id. Raises DeviceNotFound, and RuleViolated as `host_sides` does."""
    device = network.device_named(name)
    if device is None:
        raise DeviceNotFound(f"there is no host {name!r}; cimnet inventory lists them", subject=name)
    if not device.is_host:
        raise InvalidValue(f"{device.name} is a {device.kind.value}, not a host", subject=name)
    return _host_side(network, device)


def _host_side(network: Network, host: Device) -> HostSide:
    hosted = [each for each in _hosted(network) if host.id in each.settings.hosts]
    vlans = _vlan_interfaces(host, hosted)
    bridges = _bridges(network, host, hosted, vlans)
    side = HostSide(
        network.name,
        host.name,
        tuple(_cards(network, host)),
        vlans,
        bridges,
        bonds=bonds_of(host),
        interfaces=interfaces_of(host),
        vxlans=vxlans_of(network, host, hosted),
        container_networks=container_networks_of(host, hosted, vlans),
        vm_networks=vm_networks_of(host, hosted),
        routing=routing_of(host),
        vlan_aware=host.details.bridges == "vlan-aware",
        vendor=host.details.vendor,
    )
    refuse_lost_routes(side)
    refuse_impossible(side)
    return side


def _hosted(network: Network) -> Iterator[HostedNetwork]:
    yield from (network.container_networks[name] for name in sorted(network.container_networks))
    yield from (network.vm_networks[name] for name in sorted(network.vm_networks))


def _cards(network: Network, host: Device) -> Iterator[HostCard]:
    for link in network.links_of(host.id):
        own = link.a if link.a[0] == host.id else link.b
        peer, port = link.other_end(*own)
        if peer in network.devices:
            yield HostCard(own[1], network.devices[peer].name, port)


def _vlan_interfaces(host: Device, hosted: Iterable[HostedNetwork]) -> tuple[HostVlan, ...]:
    """Each VLAN once on each card that brings it; `vlan<ID>`, and with the card's name where two cards bring it."""
    wanted = {(each.settings.vlan, each.uplinks[host.id].interface) for each in hosted if host.id in each.uplinks}
    found = sorted((vlan, uplink) for vlan, uplink in wanted if vlan is not None)
    cards = {vlan: [card for other, card in found if other == vlan] for vlan, _ in found}
    return tuple(
        HostVlan(vlan, uplink, _checked(host, f"vlan{vlan}" if len(cards[vlan]) == 1 else f"{uplink}.{vlan}"))
        for vlan, uplink in found
    )


def _bridges(
    network: Network, host: Device, hosted: Iterable[HostedNetwork], vlans: Iterable[HostVlan]
) -> tuple[HostBridge, ...]:
    names = {(each.vlan, each.uplink): each.name for each in vlans}
    found: dict[str, HostBridge] = {}
    for each in hosted:
        name, uplink = bridge_name(each), each.uplinks.get(host.id)
        if name is None:
            continue
        port = None if uplink is None or each.settings.vlan is None else names[each.settings.vlan, uplink.interface]
        new = HostBridge(_checked(host, name), port, _own_addresses(network, host, each), _mtu(each), (each.name,))
        found[name] = _joined(host, found[name], new) if name in found else new
    _refuse_shared_ports(host, found.values())
    return tuple(sorted((found | _managed(host, hosted, found)).values(), key=lambda bridge: bridge.name))


def _managed(host: Device, hosted: Iterable[HostedNetwork], bridges: Mapping[str, HostBridge]) -> dict[str, HostBridge]:
    """The bridge by which the host is managed, with its address and default route; empty where that is none of them.

    The switch port carries the VLAN tagged, so that an address on the card itself would not be reached. Where two
    bridges are on the VLAN, it is the one with the usual name: an address is on one interface only. A default route
    that the host is told to have goes before this one.
    """
    found = [
        (name != f"br-vlan{each.settings.vlan}", each.settings.gateway is None, name, address, each.settings.gateway)
        for each in hosted
        if (name := bridge_name(each)) is not None and (address := _management(host, each)) is not None
    ]
    if not found:
        return {}
    *_, name, address, gateway = min(found, key=lambda each: each[:3])
    if has_default_route(host):
        gateway = None
    return {name: replace(bridges[name], addresses=(address,), gateway=gateway)}


def _management(host: Device, hosted: HostedNetwork) -> IPv4Interface | None:
    """The host's management address, with the prefix length of the network's VLAN.

    None where it does not lie there, or where a card of the host has it.
    """
    address, subnet = host.details.management, hosted.settings.subnet
    if any(own.ip == address for interface in host.interfaces.values() for own in interface.addresses):
        return None
    if address is None or subnet is None or address not in subnet or host.id not in hosted.uplinks:
        return None
    # With the gateway's own address the server would draw the traffic of the whole VLAN.
    return IPv4Interface(f"{address}/{subnet.prefixlen}") if address != hosted.settings.gateway else None


def _own_addresses(network: Network, host: Device, hosted: HostedNetwork) -> tuple[IPv4Interface, ...]:
    if isinstance(hosted, VmNetwork) or hosted.settings.vlan is not None:
        return ()
    if tunnel_id(hosted) is not None and not has_gateway(network, host, hosted):
        return ()
    return (IPv4Interface(f"{hosted.settings.gateway}/{hosted.settings.subnet.prefixlen}"),)


def _mtu(hosted: HostedNetwork) -> int | None:
    if tunnel_id(hosted) is not None:
        return TUNNEL_MTU
    driver = hosted.settings.driver if isinstance(hosted, ContainerNetwork) else None
    return driver.mtu if isinstance(driver, Bridge) else None


def _joined(host: Device, present: HostBridge, new: HostBridge) -> HostBridge:
    """One bridge for several networks, with the least MTU that one asks for."""
    if present.port != new.port:
        # By two interfaces it would join two VLANs, or close a loop past spanning tree.
        users = ", ".join((*present.networks, *new.networks))
        raise RuleViolated(
            f"{host.name}: {users} share the bridge {new.name} and are not on one VLAN by one card; name another",
            subject=host.id,
        )
    mtus = [mtu for mtu in (present.mtu, new.mtu) if mtu is not None]
    addresses = tuple(dict.fromkeys((*present.addresses, *new.addresses)))
    networks = (*present.networks, *new.networks)
    return HostBridge(new.name, new.port, addresses, min(mtus, default=None), networks)


def _refuse_shared_ports(host: Device, bridges: Iterable[HostBridge]) -> None:
    """An interface is in one bridge at most."""
    taken: dict[str, str] = {}
    for bridge in bridges:
        first = taken.setdefault(bridge.port, bridge.name) if bridge.port is not None else bridge.name
        if first != bridge.name:
            raise RuleViolated(
                f"{host.name} {bridge.port} cannot be in two bridges, {first} and {bridge.name};"
                " give the networks of that VLAN one bridge",
                subject=host.id,
            )


def _checked(host: Device, name: str) -> str:
    if len(name) > LONGEST_NAME:
        raise RuleViolated(
            f"{host.name}: the interface name {name} is too long for Linux: at most {LONGEST_NAME} characters",
            subject=host.id,
        )
    return name
