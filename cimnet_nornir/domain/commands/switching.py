"""What can be asked of the intent for a switch."""

from typing import Literal

from pydantic import Field

from cimnet_nornir.domain.commands.devices import ForDevice
from cimnet_nornir.domain.values import (
    BridgePriority,
    CreatableVlanId,
    InterfaceName,
    PortConfiguration,
    VlanId,
    VlanName,
)


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
