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


class _ByDevice:
    """Links by the devices at their ends, with the set that they were taken from and its size."""

    __slots__ = ("ends", "links", "size")

    def __init__(self, links: set[Link]) -> None:
        self.links = links
        self.size = len(links)
        self.ends: dict[str, set[Link]] = {}
        for link in links:
            for device, _ in (link.a, link.b):
                self.ends.setdefault(device, set()).add(link)

    def add(self, link: Link) -> None:
        self.links.add(link)
        self.size = len(self.links)
        for device, _ in (link.a, link.b):
            self.ends.setdefault(device, set()).add(link)

    def discard(self, link: Link) -> None:
        self.links.discard(link)
        self.size = len(self.links)
        for device, _ in (link.a, link.b):
            self.ends.get(device, set()).discard(link)


class _Indexed:
    """Holds an index beside the fields of a dataclass: it is neither compared nor kept in rows."""

    __slots__ = ("_index",)
    _index: _ByDevice

    def _by_device(self, links: set[Link]) -> _ByDevice:
        """The links by device, gathered anew where they are another set: a copy comes with the index of its original.

        So they are where the set has grown or shrunk without the index.
        """
        index = getattr(self, "_index", None)
        if index is None or index.links is not links or index.size != len(links):
            index = self._index = _ByDevice(links)
        return index


@dataclass(slots=True)
class Network(_Indexed):
    """The intent for one network. `devices` maps device id to device, removed ones left out.

    `container_networks` and `vm_networks` map names, removed ones left out as well. Links come and go by `connect` and
    `disconnect`, or `links` is another set.
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
        return tuple(sorted(self._by_device(self.links).ends.get(device, ())))

    def connect(self, link: Link) -> None:
        """Put a link in; nothing where it is there."""
        self._by_device(self.links).add(link)

    def disconnect(self, link: Link) -> None:
        """Take a link out; nothing where it is not there."""
        self._by_device(self.links).discard(link)


def evolve_network(network: Network, event: NetworkEvent) -> Network:
    """The network after an event of its own stream."""
    match event:
        case e.NetworkCreated():
            network.created = True
        case e.LinkConnected():
            network.connect(Link.between(event.a, event.b))
        case e.LinkDisconnected():
            network.disconnect(Link.between(event.a, event.b))
        case e.HostsAssigned():
            # What it tells stands in the container or VM network; here it only moves the stream on.
            pass
        case _:
            assert_never(event)
    return network
