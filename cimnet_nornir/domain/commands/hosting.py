"""What can be asked of the networks of containers and virtual machines."""

from cimnet_nornir.domain.hosting.values import (
    ContainerNetworkSettings,
    ContainerNetworkWish,
    ContainerWish,
    VmNetworkSettings,
    VmNetworkWish,
    VmWish,
)
from cimnet_nornir.domain.values import Identifier, Value


class ForContainerNetwork(Value):
    """Base of what is asked of one container network; `name` is its name."""

    name: Identifier


class CreateContainerNetwork(ForContainerNetwork):
    """Make it, give each host a range of addresses, and have the switches carry its VLAN to them."""

    wish: ContainerNetworkWish


class ChangeContainerNetwork(ForContainerNetwork):
    """Make it what is asked; hosts keep their ranges, and uplinks follow their cables."""

    wish: ContainerNetworkWish


class RemoveContainerNetwork(ForContainerNetwork):
    pass


class RestoreContainerNetwork(ForContainerNetwork):
    """Make it exactly what it was once; the switches are told by themselves."""

    settings: ContainerNetworkSettings


class AttachContainer(ForContainerNetwork):
    container: Identifier
    wish: ContainerWish


class DetachContainer(ForContainerNetwork):
    container: Identifier


class ForVmNetwork(Value):
    """Base of what is asked of one network of virtual machines; `name` is its name."""

    name: Identifier


class CreateVmNetwork(ForVmNetwork):
    wish: VmNetworkWish


class ChangeVmNetwork(ForVmNetwork):
    wish: VmNetworkWish


class RemoveVmNetwork(ForVmNetwork):
    pass


class RestoreVmNetwork(ForVmNetwork):
    """Make it exactly what it was once; the switches are told by themselves."""

    settings: VmNetworkSettings


class AttachVm(ForVmNetwork):
    vm: Identifier
    wish: VmWish


class DetachVm(ForVmNetwork):
    vm: Identifier


ContainerNetworkCommand = (
    CreateContainerNetwork
    | ChangeContainerNetwork
    | RestoreContainerNetwork
    | RemoveContainerNetwork
    | AttachContainer
    | DetachContainer
)
VmNetworkCommand = CreateVmNetwork | ChangeVmNetwork | RestoreVmNetwork | RemoveVmNetwork | AttachVm | DetachVm
HostingCommand = ContainerNetworkCommand | VmNetworkCommand
