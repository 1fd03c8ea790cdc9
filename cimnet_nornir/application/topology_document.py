"""A network as a plain document: devices, cables, VLANs, and what runs on hosts; for generators that write it out."""

from collections.abc import Mapping

from cimnet_nornir.application.host_containers import bridge_name
from cimnet_nornir.application.host_parts import HostSide
from cimnet_nornir.application.host_side import host_sides
from cimnet_nornir.application.vlan_list import VlanView, vlan_views
from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.hosting.networks import ContainerNetwork, VmNetwork
from cimnet_nornir.domain.network import Network

Document = None | bool | int | str | tuple["Document", ...] | Mapping[str, "Document"]
"""Texts, numbers, truth values, None, and tuples and mappings of them."""


def topology_document(network: Network) -> Mapping[str, Document]:
    """The whole network, in a fixed order. Devices are meant by their host names.

    Keys: `network`, `devices` (kind, vendor, platform, model, role, site, management, ports, portChannels), `links`
    (each a list of two ends: device, port), `vlans` (name, switches with svi, tagged and untagged ports), `hosts`
    (cards, bonds, vlans, bridges, vlanAware, interfaces with their addresses), `containerNetworks` (vlan, driver,
    runtime, bridge, subnet, gateway, dns, hosts with their ranges and uplinks, containers) and `vmNetworks` (type,
    hypervisor, vlan, bridge, subnet, gateway, hosts, vms). Raises RuleViolated where what stands on a host cannot be.
    """
    names = {device.id: device.name for device in network.devices.values()}
    devices = sorted(network.devices.values(), key=lambda device: (device.name, device.id))
    return {
        "network": network.name,
        "devices": {device.name: _device(device) for device in devices},
        "links": tuple(
            ({"device": names[link.a[0]], "port": link.a[1]}, {"device": names[link.b[0]], "port": link.b[1]})
            for link in sorted(network.links)
            if link.a[0] in names and link.b[0] in names
        ),
        "vlans": {str(view.vlan): _vlan(view) for view in vlan_views(network)},
        "hosts": {side.name: _host(side) for side in host_sides(network)},
        "containerNetworks": {
            name: _container_network(hosted, names) for name, hosted in sorted(network.container_networks.items())
        },
        "vmNetworks": {name: _vm_network(hosted, names) for name, hosted in sorted(network.vm_networks.items())},
    }


def _device(device: Device) -> Document:
    details = device.details
    return {
        "kind": device.kind.value,
        "vendor": details.vendor,
        "platform": details.platform,
        "model": details.model,
        "role": details.role,
        "site": details.site,
        "management": _text(details.management),
        "ports": device.ports,
        "portChannels": {
            str(number): {"members": channel.members, "mode": channel.mode}
            for number, channel in sorted(device.port_channels.items())
        },
    }


def _vlan(view: VlanView) -> Document:
    return {
        "name": view.name,
        "switches": {
            switch.device: {
                "svi": tuple(str(address) for address in switch.svi or ()),
                "tagged": tuple(port for port, how in switch.ports.items() if how == "tagged"),
                "untagged": tuple(port for port, how in switch.ports.items() if how == "untagged"),
            }
            for switch in view.switches
        },
    }


def _host(side: HostSide) -> Document:
    return {
        "cards": {card.name: {"device": card.peer, "port": card.peer_port} for card in side.cards},
        "bonds": {bond.name: {"members": bond.members, "mode": bond.mode} for bond in side.bonds},
        "vlans": {each.name: {"id": each.vlan, "uplink": each.uplink} for each in side.vlans},
        "bridges": {
            bridge.name: {
                "port": bridge.port,
                "addresses": tuple(str(address) for address in bridge.addresses),
                "mtu": bridge.mtu,
                "networks": bridge.networks,
            }
            for bridge in side.bridges
        },
        "vlanAware": side.vlan_aware,
        "interfaces": {
            each.name: {
                "addresses": tuple(str(address) for address in each.addresses),
                "gateway": _text(each.gateway),
                "mtu": each.mtu,
            }
            for each in side.interfaces
        },
    }


def _container_network(hosted: ContainerNetwork, names: Mapping[str, str]) -> Document:
    settings = hosted.settings
    return {
        "vlan": settings.vlan,
        "driver": settings.driver.driver,
        "runtime": settings.runtime,
        "bridge": bridge_name(hosted),
        "subnet": str(settings.subnet),
        "gateway": str(settings.gateway),
        "dns": tuple(str(address) for address in settings.dns),
        "hosts": {
            names.get(host, host): {
                "range": {"first": str(share.range.first), "last": str(share.range.last)},
                "uplink": None if share.uplink is None else share.uplink.interface,
            }
            for host, share in sorted(settings.hosts.items())
        },
        "containers": {
            name: {
                "host": names.get(container.host, container.host),
                "address": str(container.address),
                "mac": container.mac,
                "image": container.image,
                "runtime": container.runtime or settings.runtime,
            }
            for name, container in sorted(hosted.containers.items())
        },
    }


def _vm_network(hosted: VmNetwork, names: Mapping[str, str]) -> Document:
    settings = hosted.settings
    return {
        "type": settings.kind.type,
        "hypervisor": settings.hypervisor.hypervisor,
        "vlan": settings.vlan,
        "bridge": bridge_name(hosted),
        "subnet": _text(settings.subnet),
        "gateway": _text(settings.gateway),
        "hosts": {
            names.get(host, host): {"uplink": None if uplink is None else uplink.interface}
            for host, uplink in sorted(settings.hosts.items())
        },
        "vms": {
            name: {"host": names.get(vm.host, vm.host), "address": _text(vm.address), "mac": vm.mac}
            for name, vm in sorted(hosted.vms.items())
        },
    }


def _text(value: object) -> str | None:
    return None if value is None else str(value)
