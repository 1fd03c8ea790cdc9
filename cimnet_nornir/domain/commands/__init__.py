"""What can be asked of a network, in the imperative, a module an area; the aggregate it names decides each."""

from cimnet_nornir.domain.commands.devices import (
    AddPorts,
    AddRouter,
    AddSwitch,
    ChangeDeviceDetails,
    DisableRouting,
    EnableRouting,
    ForDevice,
    PinHostKey,
    RemoveDevice,
    RemovePorts,
    RenameDevice,
)
from cimnet_nornir.domain.commands.network import ConnectLink, CreateNetwork, DisconnectLink
from cimnet_nornir.domain.commands.routing import (
    AddStaticRoute,
    ConfigureOspf,
    ConfigureRouterInterface,
    RemoveOspf,
    RemoveRouterInterface,
    RemoveStaticRoute,
)
from cimnet_nornir.domain.commands.switching import (
    ConfigurePort,
    ConfigureSpanningTree,
    CreateVlan,
    RemoveVlan,
    RenameVlan,
    ResetPort,
)

__all__ = [
    "AddPorts",
    "AddRouter",
    "AddStaticRoute",
    "AddSwitch",
    "ChangeDeviceDetails",
    "Command",
    "ConfigureOspf",
    "ConfigurePort",
    "ConfigureRouterInterface",
    "ConfigureSpanningTree",
    "ConnectLink",
    "CreateNetwork",
    "CreateVlan",
    "DeviceCommand",
    "DisableRouting",
    "DisconnectLink",
    "EnableRouting",
    "ForDevice",
    "NetworkCommand",
    "PinHostKey",
    "RemoveDevice",
    "RemoveOspf",
    "RemovePorts",
    "RemoveRouterInterface",
    "RemoveStaticRoute",
    "RemoveVlan",
    "RenameDevice",
    "RenameVlan",
    "ResetPort",
]

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
