"""The host side of a network: what each server is to have, from the networks that stand on it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from ipaddress import IPv4Interface

from cimnet_nornir.application.host_bonds import bonds_of
from cimnet_nornir.application.host_containers import container_networks_of, vm_networks_of
from cimnet_nornir.application.host_parts import HostBridge, HostCard, HostSide, HostVlan
from cimnet_nornir.application.host_routing import interfaces_of, routing_of
from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.hosting.networks import ContainerNetwork, HostedNetwork, VmNetwork
from cimnet_nornir.domain.hosting.values import Bridge, Bridged
from cimnet_nornir.domain.network import Network
from cimnet_nornir.errors import DeviceNotFound, InvalidValue, RuleViolated

# IFNAMSIZ of Linux is 16 with the zero at the end.
LONGEST_NAME = 15


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
    bridges = _bridges(host, hosted, vlans)
    return HostSide(
        network.name,
        host.name,
        tuple(_cards(network, host)),
        vlans,
        bridges,
        bonds=bonds_of(network, host),
        interfaces=interfaces_of(network, host),
        container_networks=container_networks_of(host, hosted, vlans),
        vm_networks=vm_networks_of(host, hosted),
        routing=routing_of(network, host),
        vendor=host.details.vendor,
    )


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


def _bridges(host: Device, hosted: Iterable[HostedNetwork], vlans: Iterable[HostVlan]) -> tuple[HostBridge, ...]:
    names = {(each.vlan, each.uplink): each.name for each in vlans}
    found: dict[str, HostBridge] = {}
    for each in hosted:
        name, uplink = bridge_name(each), each.uplinks.get(host.id)
        if name is None:
            continue
        port = None if uplink is None or each.settings.vlan is None else names[each.settings.vlan, uplink.interface]
        new = HostBridge(_checked(host, name), port, _own_addresses(each), _mtu(each), (each.name,))
        found[name] = _joined(host, found[name], new) if name in found else new
    _refuse_shared_ports(host, found.values())
    return tuple(sorted((found | _managed(host, hosted, found)).values(), key=lambda bridge: bridge.name))


def _managed(host: Device, hosted: Iterable[HostedNetwork], bridges: Mapping[str, HostBridge]) -> dict[str, HostBridge]:
    """The bridge by which the host is managed, with its address and default route; empty where that is none of them.

    The switch port carries the VLAN tagged, so that an address on the card itself would not be reached. Where two
    bridges are on the VLAN, it is the one with the usual name: an address is on one interface only.
    """
    found = [
        (name != f"br-vlan{each.settings.vlan}", each.settings.gateway is None, name, address, each.settings.gateway)
        for each in hosted
        if (name := bridge_name(each)) is not None and (address := _management(host, each)) is not None
    ]
    if not found:
        return {}
    *_, name, address, gateway = min(found, key=lambda each: each[:3])
    return {name: replace(bridges[name], addresses=(address,), gateway=gateway)}


def _management(host: Device, hosted: HostedNetwork) -> IPv4Interface | None:
    """The host's management address, with the prefix length of the network's VLAN; None where it does not lie there."""
    address, subnet = host.details.management, hosted.settings.subnet
    if address is None or subnet is None or address not in subnet or host.id not in hosted.uplinks:
        return None
    # With the gateway's own address the server would draw the traffic of the whole VLAN.
    return IPv4Interface(f"{address}/{subnet.prefixlen}") if address != hosted.settings.gateway else None


def bridge_name(hosted: HostedNetwork) -> str | None:
    """The bridge that a network's host has for it; None where it has none, or the hypervisor makes one by itself."""
    settings, default = hosted.settings, f"br-vlan{hosted.settings.vlan}"
    if isinstance(hosted, ContainerNetwork):
        driver = hosted.settings.driver
        if not isinstance(driver, Bridge):
            return None
        return driver.name or (default if settings.vlan is not None else f"br-{hosted.name}")
    kind = hosted.settings.kind
    if not isinstance(kind, Bridged) or hosted.settings.hypervisor.hypervisor != "libvirt":
        return None
    return kind.bridge or (default if settings.vlan is not None else None)


def _own_addresses(hosted: HostedNetwork) -> tuple[IPv4Interface, ...]:
    if isinstance(hosted, VmNetwork) or hosted.settings.vlan is not None:
        return ()
    return (IPv4Interface(f"{hosted.settings.gateway}/{hosted.settings.subnet.prefixlen}"),)


def _mtu(hosted: HostedNetwork) -> int | None:
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
