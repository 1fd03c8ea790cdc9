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
from cimnet_nornir.domain.commands.bundles import ConfigureBond, ConfigurePortChannel, RemoveBond, RemovePortChannel
from cimnet_nornir.domain.commands.devices import (
    AddHost,
    AddPorts,
    AddRouter,
    AddSwitch,
    ChangeDeviceDetails,
    ConfigureHostInterface,
    DisableRouting,
    EnableRouting,
    ForDevice,
    PinHostKey,
    RemoveDevice,
    RemoveHostInterface,
    RemovePorts,
    RenameDevice,
)
from cimnet_nornir.domain.commands.features import ConfigureFeature, RemoveFeature
from cimnet_nornir.domain.commands.hosting import (
    AttachContainer,
    AttachVm,
    ChangeContainerNetwork,
    ChangeVmNetwork,
    ContainerNetworkCommand,
    CreateContainerNetwork,
    CreateVmNetwork,
    DetachContainer,
    DetachVm,
    ForContainerNetwork,
    ForVmNetwork,
    HostingCommand,
    RemoveContainerNetwork,
    RemoveVmNetwork,
    RestoreContainerNetwork,
    RestoreVmNetwork,
    VmNetworkCommand,
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
    "AttachContainer",
    "AttachVm",
    "ChangeContainerNetwork",
    "ChangeDeviceDetails",
    "ChangeVmNetwork",
    "Command",
    "ConfigureAccessList",
    "ConfigureBgp",
    "ConfigureBond",
    "ConfigureEigrp",
    "ConfigureFeature",
    "ConfigureHostInterface",
    "ConfigureOspf",
    "ConfigurePort",
    "ConfigurePortChannel",
    "ConfigureRouterInterface",
    "ConfigureSpanningTree",
    "ConnectLink",
    "ContainerNetworkCommand",
    "CreateContainerNetwork",
    "CreateNetwork",
    "CreatePool",
    "CreateVlan",
    "CreateVlanOnSwitches",
    "CreateVmNetwork",
    "DetachContainer",
    "DetachVm",
    "DeviceCommand",
    "DisableRouting",
    "DisconnectLink",
    "EnableRouting",
    "ForContainerNetwork",
    "ForDevice",
    "ForVmNetwork",
    "HostingCommand",
    "NetworkCommand",
    "PinHostKey",
    "PoolCommand",
    "ReleaseAddress",
    "ReleaseSubnet",
    "RemoveAccessList",
    "RemoveBgp",
    "RemoveBond",
    "RemoveContainerNetwork",
    "RemoveDevice",
    "RemoveEigrp",
    "RemoveFeature",
    "RemoveHostInterface",
    "RemoveOspf",
    "RemovePool",
    "RemovePortChannel",
    "RemovePorts",
    "RemoveRouterInterface",
    "RemoveStaticRoute",
    "RemoveVlan",
    "RemoveVlanFromSwitches",
    "RemoveVmNetwork",
    "RenameDevice",
    "RenameVlan",
    "ReserveSubnet",
    "ResetPort",
    "RestoreContainerNetwork",
    "RestoreVmNetwork",
    "VlanCommand",
    "VmNetworkCommand",
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
    | ConfigureHostInterface
    | RemoveHostInterface
    | RemoveDevice
    | PinHostKey
    | CreateVlan
    | RenameVlan
    | RemoveVlan
    | ConfigurePort
    | ResetPort
    | ConfigureSpanningTree
    | ConfigurePortChannel
    | RemovePortChannel
    | ConfigureBond
    | RemoveBond
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
    | ConfigureFeature
    | RemoveFeature
)
Command = NetworkCommand | VlanCommand | DeviceCommand | HostingCommand
