"""Every event of the package, a module an area: what happened, in the past tense.

Names and fields are a published contract.
"""

from collections.abc import Mapping

from cimnet_nornir.domain.envelope import Event
from cimnet_nornir.domain.events import (
    addressing,
    deployments,
    devices,
    network,
    observations,
    requests,
    routing,
    switching,
)
from cimnet_nornir.domain.events.addressing import (
    AddressAssigned,
    AddressReleased,
    PoolCreated,
    PoolRemoved,
    SubnetAllocated,
    SubnetReleased,
    SubnetReserved,
)
from cimnet_nornir.domain.events.deployments import (
    Carried,
    ConfigurationApplied,
    ConfigurationFailed,
    DeploymentFinished,
    DeploymentStarted,
    PushSettled,
    PushStarted,
    RouterConfigurationApplied,
    RouterConfigurationFailed,
    SwitchConfigurationApplied,
    SwitchConfigurationFailed,
)
from cimnet_nornir.domain.events.devices import (
    DeviceDetails,
    DeviceDetailsChanged,
    DeviceRemoved,
    DeviceRenamed,
    HostAdded,
    HostKeyPinned,
    PortsAdded,
    PortsRemoved,
    RouterAdded,
    RoutingDisabled,
    RoutingEnabled,
    SwitchAdded,
)
from cimnet_nornir.domain.events.network import LinkConnected, LinkDisconnected, NetworkCreated
from cimnet_nornir.domain.events.observations import DriftDetected, DriftResolved
from cimnet_nornir.domain.events.requests import ChangeRequested, IntentRestored
from cimnet_nornir.domain.events.routing import (
    OspfConfigured,
    OspfRemoved,
    RouterInterfaceConfigured,
    RouterInterfaceRemoved,
    StaticRouteAdded,
    StaticRouteRemoved,
)
from cimnet_nornir.domain.events.switching import (
    PortConfigured,
    PortReset,
    SpanningTreeConfigured,
    VlanCreated,
    VlanRemoved,
    VlanRenamed,
)

__all__ = [
    "EVENT_TYPES",
    "ROOT_TYPES",
    "AddressAssigned",
    "AddressReleased",
    "Carried",
    "ChangeRequested",
    "ConfigurationApplied",
    "ConfigurationFailed",
    "DeploymentFinished",
    "DeploymentStarted",
    "DeviceDetails",
    "DeviceDetailsChanged",
    "DeviceRemoved",
    "DeviceRenamed",
    "DriftDetected",
    "DriftResolved",
    "HostAdded",
    "HostKeyPinned",
    "IntentRestored",
    "LinkConnected",
    "LinkDisconnected",
    "NetworkCreated",
    "OspfConfigured",
    "OspfRemoved",
    "PoolCreated",
    "PoolRemoved",
    "PortConfigured",
    "PortReset",
    "PortsAdded",
    "PortsRemoved",
    "PushSettled",
    "PushStarted",
    "RouterAdded",
    "RouterConfigurationApplied",
    "RouterConfigurationFailed",
    "RouterInterfaceConfigured",
    "RouterInterfaceRemoved",
    "RoutingDisabled",
    "RoutingEnabled",
    "SpanningTreeConfigured",
    "StaticRouteAdded",
    "StaticRouteRemoved",
    "SubnetAllocated",
    "SubnetReleased",
    "SubnetReserved",
    "SwitchAdded",
    "SwitchConfigurationApplied",
    "SwitchConfigurationFailed",
    "VlanCreated",
    "VlanRemoved",
    "VlanRenamed",
]

_AREAS = (
    requests,
    network,
    devices,
    switching,
    routing,
    deployments,
    observations,
    addressing,
)
EVENT_TYPES: Mapping[str, type[Event]] = {kind.type_name(): kind for area in _AREAS for kind in area.EVENTS}
ROOT_TYPES = frozenset({"ChangeRequested"})
