"""What must still hold for container and VM networks after a request: their cables, VLANs, ports and gateways."""

from collections.abc import Collection, Iterator
from ipaddress import IPv4Network

from cimnet_nornir.domain.addressing.addresses import address_key
from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.hosting.networks import ContainerNetwork, HostedNetwork
from cimnet_nornir.domain.hosting.placement import cable, hosted_networks, is_cabled
from cimnet_nornir.domain.hosting.requirements import label, refuse_gateway_of_host
from cimnet_nornir.domain.hosting.values import Uplink
from cimnet_nornir.domain.hosting.vm_attachments import holds_addresses
from cimnet_nornir.domain.layer2 import Framing, framing, has_vlan
from cimnet_nornir.domain.network import Network
from cimnet_nornir.domain.streams import container_network_stream, vm_network_stream
from cimnet_nornir.errors import NetworkInUse, RuleViolated


def range_key(network: str, vlan: int | None, number: int) -> str:
    """The unique key of the range of that number on a VLAN: two who choose ranges at once never choose one number."""
    return f"range:{network}/{vlan or 'none'}/{number}"


def hosted_stream(hosted: HostedNetwork) -> str:
    """The stream of a container or VM network."""
    if isinstance(hosted, ContainerNetwork):
        return container_network_stream(hosted.network, hosted.name)
    return vm_network_stream(hosted.network, hosted.name)


def hosted_keys(hosted: HostedNetwork) -> dict[str, str]:
    """The keys that it holds alone: addresses of what is attached, numbers of ranges; each with a word for people."""
    if hosted.removed:
        return {}
    if isinstance(hosted, ContainerNetwork):
        members = {name: container.address for name, container in hosted.containers.items()}
        shares = hosted.settings.hosts.values()
        keys = {range_key(hosted.network, hosted.settings.vlan, share.number): str(share.range) for share in shares}
    else:
        members = {name: vm.address for name, vm in hosted.vms.items() if vm.address and holds_addresses(hosted)}
        keys = {}
    return keys | {address_key(hosted.network, address): f"{hosted.name} {name}" for name, address in members.items()}


def check_hosted(network: Network, met: frozenset[str], lost: Collection[str], changed: Collection[str]) -> None:
    """Refuse a request that takes away what a container or VM network stands on.

    `met` are the ids of devices that commands were for, `lost` the address keys that nobody has any more, `changed` the
    streams of container and VM networks that commands were for. Raises
    NetworkInUse with the device or VLAN as its subject, RuleViolated for a host with the address of a gateway, and for
    one whose own addresses stand in the way of the network, with "HOST INTERFACE".
    """
    networks = hosted_networks(network)
    found = (network.devices[name] for name in sorted(met) if networks and name in network.devices)
    servers = tuple(device for device in found if device.is_host)
    for hosted in networks:
        _check_cables(network, hosted, met)
        for host in sorted(
            hosted.settings.hosts if hosted_stream(hosted) in changed else met & {*hosted.settings.hosts}
        ):
            _check_own_addresses(network.devices[host], hosted)
        settings = hosted.settings
        for host, uplink in sorted(hosted.uplinks.items()):
            if settings.vlan is not None and met & {host, uplink.switch}:
                _check_port(network, hosted, uplink, settings.vlan)
        if settings.vlan is not None and settings.gateway is not None:
            _check_gateway(network, hosted, lost)
        for server in servers:
            refuse_gateway_of_host(server, label(hosted), settings.gateway)


def _refuse(hosted: HostedNetwork, why: str, subject: str) -> None:
    raise NetworkInUse(
        f"{why} carries {label(hosted)}; change or remove that first", subject=subject, users=(hosted.name,)
    )


def _check_cables(network: Network, hosted: HostedNetwork, met: frozenset[str]) -> None:
    """A cable that is there is an uplink still, unless its ends became members of bundles: devices are read for it."""
    for host in hosted.settings.hosts:
        if host not in network.devices:
            _refuse(hosted, f"the host {host}", host)
    for host, uplink in sorted(hosted.uplinks.items()):
        kept = cable(host, uplink) in network.links and not met & {host, uplink.switch}
        if not kept and not is_cabled(network, host, uplink):
            _refuse(hosted, f"the link of {host} {uplink.interface} to {uplink.switch} {uplink.port}", host)


def _check_own_addresses(host: Device, hosted: HostedNetwork) -> None:
    """A card that brings VLANs is a bridge's; what is behind the host alone has a subnet that no card of it has."""
    subnet = hosted.settings.subnet if hosted.settings.vlan is None else None
    uplink = hosted.uplinks.get(host.id)
    for name, own in _own_subnets(host):
        where = f"{host.name} {name}"
        if uplink is not None and uplink.interface == name:
            raise RuleViolated(
                f"{where} brings the VLAN of {label(hosted)} and cannot have an address; give it to another card, or"
                " manage the host at an address of that VLAN",
                subject=where,
            )
        if subnet is not None and subnet.overlaps(own):
            raise RuleViolated(f"{own} of {where} overlaps {subnet} of {label(hosted)}", subject=where)


def _own_subnets(host: Device) -> Iterator[tuple[str, IPv4Network]]:
    for name, interface in host.interfaces.items():
        yield from ((name, address.network) for address in interface.addresses)


def _check_port(network: Network, hosted: HostedNetwork, uplink: Uplink, vlan: int) -> None:
    switch = network.devices[uplink.switch]
    if not has_vlan(switch, vlan):
        _refuse(hosted, f"VLAN {vlan} of {switch.name}", str(vlan))
    if framing(switch.switch_ports.get(uplink.port), vlan) is not Framing.TAGGED:
        _refuse(hosted, f"{switch.name} {uplink.port}, a trunk with VLAN {vlan},", f"{switch.name} {uplink.port}")


def _check_gateway(network: Network, hosted: HostedNetwork, lost: Collection[str]) -> None:
    gateway = hosted.settings.gateway
    if gateway is not None and address_key(network.name, gateway) in lost:
        _refuse(hosted, f"{gateway}, the gateway of VLAN {hosted.settings.vlan},", str(gateway))
