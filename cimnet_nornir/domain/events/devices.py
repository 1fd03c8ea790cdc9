"""What happened to a device besides its configuration: added, renamed, removed, its ports, its host keys."""

from ipaddress import IPv4Address
from typing import Literal

from cimnet_nornir.domain.envelope import Event
from cimnet_nornir.domain.values import (
    HostInterfaceConfiguration,
    HostName,
    Identifier,
    InterfaceName,
    Label,
    Line,
    LinuxInterfaceName,
    PortName,
    Value,
)


class DeviceDetails(Value):
    """What is known of a device besides its configuration; `management` is the address it is reached at.

    `bridges` is the style of a host's bridges: "vlan-aware" is one a trunk, which filters VLANs; None is one a VLAN.
    """

    vendor: Identifier
    platform: Identifier
    model: Label = ""
    role: Label = ""
    site: Label = ""
    management: IPv4Address | None = None
    bridges: Literal["vlan-aware"] | None = None


class RouterAdded(Event):
    network: Identifier
    device: Identifier
    name: HostName
    details: DeviceDetails
    ports: tuple[InterfaceName, ...] = ()


class SwitchAdded(Event):
    """`routing` tells whether it is a layer-3 switch."""

    network: Identifier
    device: Identifier
    name: HostName
    details: DeviceDetails
    ports: tuple[InterfaceName, ...] = ()
    routing: bool = False


class HostAdded(Event):
    """A server that carries containers and virtual machines; `ports` are its network cards by their Linux names."""

    network: Identifier
    device: Identifier
    name: HostName
    details: DeviceDetails
    ports: tuple[LinuxInterfaceName, ...] = ()


class DeviceRenamed(Event):
    name: HostName


class DeviceDetailsChanged(Event):
    details: DeviceDetails


class PortsAdded(Event):
    ports: tuple[PortName, ...]


class PortsRemoved(Event):
    ports: tuple[PortName, ...]


class RoutingEnabled(Event):
    """A switch became a layer-3 switch, or a host passes packets on from now on."""


class RoutingDisabled(Event):
    """A layer-3 switch became a plain switch, or a host passes no packets on any more."""


class HostInterfaceConfigured(Event):
    """A network card of a host, or its loopback, is to have addresses of the host's own."""

    interface: LinuxInterfaceName
    configuration: HostInterfaceConfiguration


class HostInterfaceRemoved(Event):
    """The intent for the interface of a host is gone."""

    interface: LinuxInterfaceName


class DeviceRemoved(Event):
    """It is no longer part of the network; its history stays."""


class HostKeyPinned(Event):
    """From now on the device in this environment is known by this SSH host key (a public key line)."""

    environment: str
    key: Line
    fingerprint: Line


EVENTS: tuple[type[Event], ...] = (
    RouterAdded,
    SwitchAdded,
    HostAdded,
    DeviceRenamed,
    DeviceDetailsChanged,
    PortsAdded,
    PortsRemoved,
    RoutingEnabled,
    RoutingDisabled,
    HostInterfaceConfigured,
    HostInterfaceRemoved,
    DeviceRemoved,
    HostKeyPinned,
)
