"""The VXLAN tunnels of a server: overlay networks with an id, which its own bridges carry from host to host."""

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Address

from cimnet_nornir.application.host_parts import HostVxlan
from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.hosting.networks import ContainerNetwork, HostedNetwork
from cimnet_nornir.domain.hosting.values import Overlay
from cimnet_nornir.domain.network import Network
from cimnet_nornir.errors import RuleViolated

# An Ethernet packet of 1500 bytes without what VXLAN puts before it: IPv4, UDP, VXLAN and the inner Ethernet header.
TUNNEL_MTU = 1500 - 20 - 8 - 8 - 14


def tunnel_id(hosted: HostedNetwork) -> int | None:
    """The VXLAN id of a network that the hosts tunnel themselves; None for any other.

    An overlay without an id is its runtime's own, and so is an encrypted one: VXLAN by itself encrypts nothing.
    """
    driver = hosted.settings.driver if isinstance(hosted, ContainerNetwork) else None
    return driver.vxlan if isinstance(driver, Overlay) and not driver.encrypted else None


def has_gateway(network: Network, host: Device, hosted: HostedNetwork) -> bool:
    """Whether the host is the gateway of a tunnelled network: the first of its hosts by name, for all of them."""
    return host.id == min(hosted.settings.hosts, key=lambda each: (_name(network, each), each))


def vxlans_of(network: Network, host: Device, hosted: Iterable[HostedNetwork]) -> tuple[HostVxlan, ...]:
    """The VXLAN interfaces of a host, by their names. Raises RuleViolated where a host has no address to send to."""
    return tuple(sorted(_vxlans(network, host, hosted), key=lambda each: (each.vni, each.bridge)))


def _vxlans(network: Network, host: Device, hosted: Iterable[HostedNetwork]) -> Iterator[HostVxlan]:
    for each in hosted:
        vni = tunnel_id(each)
        if vni is None:
            continue
        ends = {other: _end(network, other, each) for other in each.settings.hosts}
        remotes = tuple(sorted(address for other, address in ends.items() if other != host.id))
        yield HostVxlan(f"vx{vni}", vni, f"br-{each.name}", ends[host.id], remotes)


def _end(network: Network, host: str, hosted: HostedNetwork) -> IPv4Address:
    device = network.devices.get(host)
    address = device.details.management if device is not None else None
    if address is None:
        raise RuleViolated(
            f"{_name(network, host)} has no management address, to which the other hosts of the overlay {hosted.name}"
            " could tunnel; give it one (management: …), or leave vxlan out",
            subject=host,
        )
    return address


def _name(network: Network, host: str) -> str:
    return network.devices[host].name if host in network.devices else host
