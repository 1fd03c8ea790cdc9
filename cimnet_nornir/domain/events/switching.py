"""What happened to the intent for a switch: VLANs, ports, spanning tree."""

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from cimnet_nornir.domain.envelope import Event
from cimnet_nornir.domain.values import (
    BridgePriority,
    CreatableVlanId,
    InterfaceName,
    PortConfiguration,
    VlanId,
    VlanName,
)


class VlanCreated(Event):
    vlan: CreatableVlanId
    name: VlanName | None = None


class VlanRenamed(Event):
    vlan: CreatableVlanId
    name: VlanName | None = None


class VlanRemoved(Event):
    vlan: CreatableVlanId


class PortConfigured(Event):
    port: InterfaceName
    configuration: PortConfiguration


class PortReset(Event):
    """The intent for the port is gone."""

    port: InterfaceName


class SpanningTreeConfigured(Event):
    mode: Literal["pvst", "rapid-pvst", "mst"]
    priorities: Mapping[VlanId, BridgePriority] = Field(default_factory=dict)


EVENTS: tuple[type[Event], ...] = (
    VlanCreated,
    VlanRenamed,
    VlanRemoved,
    PortConfigured,
    PortReset,
    SpanningTreeConfigured,
)
