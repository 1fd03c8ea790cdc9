"""What can be asked of a network, in the imperative, a module an area; the aggregate it names decides each."""

from cimnet_nornir.domain.commands.addressing import (
    AllocateSubnet,
    AssignAddress,
    CreatePool,
    PoolCommand,
    ReleaseAddress,
    ReleaseSubnet,
    RemovePool,
    ReserveSubnet,
)
from cimnet_nornir.domain.commands.devices import (
    AddHost,
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
    ConfigureAccessList,
    ConfigureBgp,
    ConfigureEigrp,
    ConfigureOspf,
    ConfigureRouterInterface,
    RemoveAccessList,
    RemoveBgp,
    RemoveEigrp,
    RemoveOspf,
    RemoveRouterInterface,
    RemoveStaticRoute,
)
from cimnet_nornir.domain.commands.switching import (
    ConfigurePort,
    ConfigureSpanningTree,
    CreateVlan,
    CreateVlanOnSwitches,
    RemoveVlan,
    RemoveVlanFromSwitches,
    RenameVlan,
    ResetPort,
    VlanCommand,
)

__all__ = [
    "AddHost",
    "AddPorts",
    "AddRouter",
    "AddStaticRoute",
    "AddSwitch",
    "AllocateSubnet",
    "AssignAddress",
    "ChangeDeviceDetails",
    "Command",
    "ConfigureAccessList",
    "ConfigureBgp",
    "ConfigureEigrp",
    "ConfigureOspf",
    "ConfigurePort",
    "ConfigureRouterInterface",
    "ConfigureSpanningTree",
    "ConnectLink",
    "CreateNetwork",
    "CreatePool",
    "CreateVlan",
    "CreateVlanOnSwitches",
    "DeviceCommand",
    "DisableRouting",
    "DisconnectLink",
    "EnableRouting",
    "ForDevice",
    "NetworkCommand",
    "PinHostKey",
    "PoolCommand",
    "ReleaseAddress",
    "ReleaseSubnet",
    "RemoveAccessList",
    "RemoveBgp",
    "RemoveDevice",
    "RemoveEigrp",
    "RemoveOspf",
    "RemovePool",
    "RemovePorts",
    "RemoveRouterInterface",
    "RemoveStaticRoute",
    "RemoveVlan",
    "RemoveVlanFromSwitches",
    "RenameDevice",
    "RenameVlan",
    "ReserveSubnet",
    "ResetPort",
    "VlanCommand",
]

NetworkCommand = CreateNetwork | ConnectLink | DisconnectLink
DeviceCommand = (
    AddRouter
    | AddSwitch
    | AddHost
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
    | ConfigureBgp
    | RemoveBgp
    | ConfigureEigrp
    | RemoveEigrp
    | ConfigureAccessList
    | RemoveAccessList
)
Command = NetworkCommand | VlanCommand | DeviceCommand
