"""Ports that are one: the port-channels of switches and the bonds of hosts, and links as they join these."""

from collections.abc import Iterator, Mapping
from typing import Protocol, TypeVar

from cimnet_nornir.domain.interfaces import interface_type
from cimnet_nornir.domain.network import Link, Network
from cimnet_nornir.domain.values import Bond, PortChannel

End = tuple[str, str]
"""A device id and one of its ports."""


class Bundling(Protocol):
    """What has bundles: a device, or the wish for one."""

    @property
    def port_channels(self) -> Mapping[int, PortChannel]: ...

    @property
    def bonds(self) -> Mapping[str, Bond]: ...


Bundled = TypeVar("Bundled", bound=Bundling)


def channel_name(number: int) -> str:
    """The name of a port-channel as an interface."""
    return f"Port-channel{number}"


def channel_number(interface: str) -> int | None:
    """The number of a port-channel by its canonical name; None where it is another kind of interface."""
    number = interface.removeprefix("Port-channel")
    return int(number) if interface_type(interface) == "Port-channel" and number.isdecimal() else None


def bundles_of(device: Bundling) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The bundles of a device by name, each with its members."""
    yield from ((channel_name(number), channel.members) for number, channel in sorted(device.port_channels.items()))
    yield from ((name, bond.members) for name, bond in sorted(device.bonds.items()))


def bundle_of(device: Bundling, port: str) -> str | None:
    """The bundle that a port is a member of."""
    return next((name for name, members in bundles_of(device) if port in members), None)


def has_port(device: Bundling, ports: tuple[str, ...], name: str) -> bool:
    """Whether a name is that of a port (of `ports`) or bundle of a device."""
    return name in ports or any(bundle == name for bundle, _ in bundles_of(device))


def logical_link(devices: Mapping[str, Bundled], link: Link) -> Link:
    """A link as what it joins: where an end is a member of a bundle, the bundle stands there."""
    one, other = _logical_end(devices, link.a), _logical_end(devices, link.b)
    return link if (one, other) == (link.a, link.b) else Link(*sorted((one, other)))


def _logical_end(devices: Mapping[str, Bundled], end: End) -> End:
    device = devices.get(end[0])
    bundle = bundle_of(device, end[1]) if device is not None and (device.port_channels or device.bonds) else None
    return end if bundle is None else (end[0], bundle)


def logical_links(network: Network) -> frozenset[Link]:
    """The links of a network as what they join: those of two bundles are one."""
    return frozenset(logical_link(network.devices, link) for link in network.links)


def logical_links_of(network: Network, device: str) -> tuple[Link, ...]:
    """The links that end at a device, as what they join, in the order of their ends."""
    return tuple(sorted({logical_link(network.devices, link) for link in network.links_of(device)}))
