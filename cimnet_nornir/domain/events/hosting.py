"""What happened to the networks of containers and virtual machines, and who was attached to them."""

from ipaddress import IPv4Address
from typing import Literal

from cimnet_nornir.domain.envelope import Event
from cimnet_nornir.domain.hosting.values import (
    ContainerNetworkSettings,
    HostMac,
    Image,
    Runtime,
    VmNetworkSettings,
)
from cimnet_nornir.domain.values import Identifier, VlanId


class HostsAssigned(Event):
    """Hosts (device ids) carry a container or VM network from now on, over the VLAN where one is named.

    It stands in the stream of the whole network: who takes a host, its cable or its VLAN away at the same time, and has
    not seen it, decides again.
    """

    kind: Literal["container network", "VM network"]
    name: Identifier
    hosts: tuple[Identifier, ...]
    vlan: VlanId | None = None


class ContainerNetworkCreated(Event):
    """There is a container network `name`; the ports that carry it are configured in the same request."""

    network: Identifier
    name: Identifier
    settings: ContainerNetworkSettings


class ContainerNetworkChanged(Event):
    settings: ContainerNetworkSettings


class ContainerNetworkRemoved(Event):
    """The network is gone; nothing was attached to it."""


class ContainerAttached(Event):
    """`host` is a device id; `runtime` None is that of the network."""

    container: Identifier
    host: Identifier
    address: IPv4Address
    mac: HostMac
    image: Image | None = None
    runtime: Runtime | None = None


class ContainerDetached(Event):
    container: Identifier


class VmNetworkCreated(Event):
    """There is a network of virtual machines `name`; the ports that carry it are configured in the same request."""

    network: Identifier
    name: Identifier
    settings: VmNetworkSettings


class VmNetworkChanged(Event):
    settings: VmNetworkSettings


class VmNetworkRemoved(Event):
    """The network is gone; nothing was attached to it."""


class VmAttached(Event):
    """`host` is a device id; without an address the machine asks for one by DHCP."""

    vm: Identifier
    host: Identifier
    mac: HostMac
    address: IPv4Address | None = None


class VmDetached(Event):
    vm: Identifier


EVENTS: tuple[type[Event], ...] = (
    HostsAssigned,
    ContainerNetworkCreated,
    ContainerNetworkChanged,
    ContainerNetworkRemoved,
    ContainerAttached,
    ContainerDetached,
    VmNetworkCreated,
    VmNetworkChanged,
    VmNetworkRemoved,
    VmAttached,
    VmDetached,
)
