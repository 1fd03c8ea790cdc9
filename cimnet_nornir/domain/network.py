"""A whole network: its links, and its devices beside them."""

from collections.abc import MutableMapping
from dataclasses import dataclass, field
from typing import assert_never

from cimnet_nornir.domain import events as e
from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.hosting.networks import ContainerNetwork, VmNetwork
from cimnet_nornir.domain.values import Endpoint

NetworkEvent = e.NetworkCreated | e.LinkConnected | e.LinkDisconnected | e.HostsAssigned


@dataclass(frozen=True, slots=True, order=True)
class Link:
    """A cable between two ports; the lesser end (by device, then port) is `a`, so that a link has one form."""

    a: tuple[str, str]
    b: tuple[str, str]

    @classmethod
    def between(cls, one: Endpoint, other: Endpoint) -> "Link":
        """The link between two ends, in either order."""
        first, second = sorted(((one.device, one.port), (other.device, other.port)))
        return cls(first, second)

    def other_end(self, device: str, port: str) -> tuple[str, str]:
        """The end that is not the one given."""
        return self.b if self.a == (device, port) else self.a


@dataclass(slots=True)
class Network:
    """The intent for one network. `devices` maps device id to device, removed ones left out.

    `container_networks` and `vm_networks` map names, removed ones left out as well.
    """

    name: str
    created: bool = False
    links: set[Link] = field(default_factory=set)
    devices: MutableMapping[str, Device] = field(default_factory=dict)
    container_networks: dict[str, ContainerNetwork] = field(default_factory=dict)
    vm_networks: dict[str, VmNetwork] = field(default_factory=dict)

    def device_named(self, name: str) -> Device | None:
        """The device whose host name, in either case, or else whose id it is: a renamed device keeps its old id."""
        named = (device for device in self.devices.values() if device.name.lower() == name.lower())
        return next(named, None) or self.devices.get(name)

    def links_of(self, device: str) -> tuple[Link, ...]:
        """The links that end at a device, in the order of their ends."""
        return tuple(sorted(link for link in self.links if device in (link.a[0], link.b[0])))


def evolve_network(network: Network, event: NetworkEvent) -> Network:
    """The network after an event of its own stream."""
    match event:
        case e.NetworkCreated():
            network.created = True
        case e.LinkConnected():
            network.links.add(Link.between(event.a, event.b))
        case e.LinkDisconnected():
            network.links.discard(Link.between(event.a, event.b))
        case e.HostsAssigned():
            # What it tells stands in the container or VM network; here it only moves the stream on.
            pass
        case _:
            assert_never(event)
    return network
