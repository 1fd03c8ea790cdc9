"""What can be asked of the intent for a switch."""

from typing import Literal

from pydantic import Field, model_validator

from cimnet_nornir.domain.commands.devices import ForDevice
from cimnet_nornir.domain.values import (
    BridgePriority,
    CreatableVlanId,
    Endpoint,
    Identifier,
    InterfaceName,
    PortConfiguration,
    Value,
    VlanId,
    VlanName,
)
from cimnet_nornir.errors import InvalidValue


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


class CreateVlanOnSwitches(Value):
    """A VLAN on several switches (ids) at once, continuous between them: see `domain/vlans.py`.

    `ports` are switch ports towards servers that are to carry it tagged; their switches get it too. Without a name it
    gets the one that it has elsewhere.
    """

    vlan: CreatableVlanId
    name: VlanName | None = None
    switches: tuple[Identifier, ...] = ()
    ports: tuple[Endpoint, ...] = ()

    @model_validator(mode="after")
    def _somewhere(self) -> "CreateVlanOnSwitches":
        if not self.switches and not self.ports:
            raise InvalidValue(f"VLAN {self.vlan} is created on one switch or more; name them", subject="switches")
        return self


class RemoveVlanFromSwitches(Value):
    """A VLAN off switches (ids; None means all that have it), and out of the trunks there."""

    vlan: CreatableVlanId
    switches: tuple[Identifier, ...] | None = None


VlanCommand = CreateVlanOnSwitches | RemoveVlanFromSwitches
