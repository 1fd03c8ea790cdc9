"""What can be asked of a network, in the imperative; each is decided by the aggregate that it names."""

from typing import Literal

from pydantic import Field

from cimnet_nornir.domain.events import DeviceDetails
from cimnet_nornir.domain.values import (
    BridgePriority,
    CreatableVlanId,
    Endpoint,
    HostName,
    Identifier,
    InterfaceName,
    Line,
    OspfProcess,
    PortConfiguration,
    RoutedInterface,
    StaticRoute,
    Value,
    VlanId,
    VlanName,
)


class CreateNetwork(Value):
    name: Identifier


class ConnectLink(Value):
    a: Endpoint
    b: Endpoint


class DisconnectLink(Value):
    a: Endpoint
    b: Endpoint


class ForDevice(Value):
    """Base of what is asked of one device; `device` is its id."""

    device: Identifier


class AddRouter(ForDevice):
    name: HostName
    details: DeviceDetails
    ports: tuple[InterfaceName, ...] = ()


class AddSwitch(ForDevice):
    name: HostName
    details: DeviceDetails
    ports: tuple[InterfaceName, ...] = ()
    routing: bool = False


class RenameDevice(ForDevice):
    name: HostName


class ChangeDeviceDetails(ForDevice):
    details: DeviceDetails


class AddPorts(ForDevice):
    ports: tuple[InterfaceName, ...]


class RemovePorts(ForDevice):
    ports: tuple[InterfaceName, ...]


class EnableRouting(ForDevice):
    pass


class DisableRouting(ForDevice):
    pass


class RemoveDevice(ForDevice):
    pass


class PinHostKey(ForDevice):
    environment: Identifier
    key: Line
    fingerprint: Line


class CreateVlan(ForDevice):
    vlan: CreatableVlanId
    name: VlanName | None = None


class RenameVlan(ForDevice):
    vlan: CreatableVlanId
    name: VlanName | None = None


class RemoveVlan(ForDevice):
    vlan: CreatableVlanId


class ConfigurePort(ForDevice):
    port: InterfaceName
    configuration: PortConfiguration


class ResetPort(ForDevice):
    port: InterfaceName


class ConfigureSpanningTree(ForDevice):
    mode: Literal["pvst", "rapid-pvst", "mst"]
    priorities: dict[VlanId, BridgePriority] = Field(default_factory=dict)


class ConfigureRouterInterface(ForDevice):
    interface: InterfaceName
    configuration: RoutedInterface


class RemoveRouterInterface(ForDevice):
    interface: InterfaceName


class ConfigureOspf(ForDevice):
    process: OspfProcess


class RemoveOspf(ForDevice):
    process: int


class AddStaticRoute(ForDevice):
    route: StaticRoute


class RemoveStaticRoute(ForDevice):
    route: StaticRoute


NetworkCommand = CreateNetwork | ConnectLink | DisconnectLink
DeviceCommand = (
    AddRouter
    | AddSwitch
    | RenameDevice
    | ChangeDeviceDetails
    | AddPorts
    | RemovePorts
    | EnableRouting
    | DisableRouting
    | RemoveDevice
    | PinHostKey
    | CreateVlan
    | RenameVlan
    | RemoveVlan
    | ConfigurePort
    | ResetPort
    | ConfigureSpanningTree
    | ConfigureRouterInterface
    | RemoveRouterInterface
    | ConfigureOspf
    | RemoveOspf
    | AddStaticRoute
    | RemoveStaticRoute
)
Command = NetworkCommand | DeviceCommand
