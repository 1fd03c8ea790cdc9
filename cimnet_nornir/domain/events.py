"""Every event of the package: what happened, in the past tense. Names and fields are a published contract."""

from collections.abc import Mapping
from ipaddress import IPv4Address
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from cimnet_nornir.domain.envelope import Event
from cimnet_nornir.domain.values import (
    BridgePriority,
    CreatableVlanId,
    Endpoint,
    HostName,
    Identifier,
    InterfaceName,
    Label,
    Line,
    OspfProcess,
    PortConfiguration,
    RoutedInterface,
    StaticRoute,
    Value,
    VlanId,
    VlanName,
)

# --- requests ---------------------------------------------------------------------------------------------------------


class ChangeRequested(Event):
    """Somebody asked for something: the first event of its chain. Secrets in the arguments are references."""

    command: str
    arguments: Mapping[str, Any] = Field(default_factory=dict)


# --- network ----------------------------------------------------------------------------------------------------------


class NetworkCreated(Event):
    name: Identifier


class LinkConnected(Event):
    a: Endpoint
    b: Endpoint


class LinkDisconnected(Event):
    a: Endpoint
    b: Endpoint


# --- devices ----------------------------------------------------------------------------------------------------------


class DeviceDetails(Value):
    """What is known of a device besides its configuration; `management` is the address it is reached at."""

    vendor: Identifier
    platform: Identifier
    model: Label = ""
    role: Label = ""
    site: Label = ""
    management: IPv4Address | None = None


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


class DeviceRenamed(Event):
    name: HostName


class DeviceDetailsChanged(Event):
    details: DeviceDetails


class PortsAdded(Event):
    ports: tuple[InterfaceName, ...]


class PortsRemoved(Event):
    ports: tuple[InterfaceName, ...]


class RoutingEnabled(Event):
    """A switch became a layer-3 switch."""


class RoutingDisabled(Event):
    """A layer-3 switch became a plain switch."""


class DeviceRemoved(Event):
    """It is no longer part of the network; its history stays."""


class HostKeyPinned(Event):
    """From now on the device in this environment is known by this SSH host key (a public key line)."""

    environment: str
    key: Line
    fingerprint: Line


# --- switch configuration ---------------------------------------------------------------------------------------------


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


# --- router configuration ---------------------------------------------------------------------------------------------


class RouterInterfaceConfigured(Event):
    interface: InterfaceName
    configuration: RoutedInterface


class RouterInterfaceRemoved(Event):
    interface: InterfaceName


class OspfConfigured(Event):
    process: OspfProcess


class OspfRemoved(Event):
    process: int


class StaticRouteAdded(Event):
    route: StaticRoute


class StaticRouteRemoved(Event):
    route: StaticRoute


# --- deployments ------------------------------------------------------------------------------------------------------


class Carried(Value):
    """One line of a remediation, the configuration path it brings or takes away, and the events of intent behind it."""

    line: str
    path: tuple[str, ...]
    adds: bool = True
    events: tuple[UUID, ...] = ()


class DeploymentStarted(Event):
    """A plan began to be carried out. `templates` is the digest of the template bundle that rendered it."""

    network: Identifier
    environment: str
    method: str
    plan: str
    templates: str
    position: int
    devices: tuple[str, ...]


class DeploymentFinished(Event):
    """How it ended, devices by outcome ("applied", "failed", "unreachable", "in doubt", "unchanged")."""

    outcomes: Mapping[str, str]
    seconds: float


class PushStarted(Event):
    """The first line is about to be sent; durable before it is. `before` is the digest of the running configuration."""

    network: Identifier
    device: str
    environment: str
    method: str
    before: str
    carries: tuple[Carried, ...]


class ConfigurationApplied(Event):
    """Base of both: the device holds what was intended, read back after the push.

    `intent` is the position of the last event of that intent; `snapshot` and `rendered` name blobs.
    """

    network: Identifier
    device: str
    environment: str
    method: str
    intent: int
    lines: tuple[str, ...]
    snapshot: str
    rendered: str
    saved: bool
    seconds: float


class RouterConfigurationApplied(ConfigurationApplied):
    pass


class SwitchConfigurationApplied(ConfigurationApplied):
    pass


class ConfigurationFailed(Event):
    """Base of both: what went wrong, the line and the answer where one was refused, the state read back if any.

    `outcome` is "unreachable" (nothing was sent), "refused" (credentials or host key; nothing was sent), "failed" (what
    runs could not be understood; nothing was sent), "stale" (running or intent changed since the plan; nothing was
    sent), "busy" (another deployment holds the device; nothing was sent), "rejected" (the device refused a line),
    "differs" (taken, but running is not what was intended), "not saved" (taken and right, but not written to startup),
    "not recorded" (the start could not be made durable; nothing was sent), "in doubt" (sent, and the outcome is not
    known). `intent` as in ConfigurationApplied.
    """

    network: Identifier
    device: str
    environment: str
    method: str
    intent: int
    outcome: Literal[
        "unreachable",
        "refused",
        "failed",
        "stale",
        "busy",
        "rejected",
        "differs",
        "not saved",
        "not recorded",
        "in doubt",
    ]
    reason: str
    line: str = ""
    answer: str = ""
    sent: tuple[str, ...] = ()
    snapshot: str | None = None
    remaining: tuple[str, ...] = ()
    seconds: float


class RouterConfigurationFailed(ConfigurationFailed):
    pass


class SwitchConfigurationFailed(ConfigurationFailed):
    pass


class PushSettled(Event):
    """A push in doubt was settled by reading the device: "applied", "not applied" or "partly applied".

    `intent` is the position of the intent that the device was compared with.
    """

    network: Identifier
    device: str
    environment: str
    intent: int
    outcome: Literal["applied", "not applied", "partly applied"]
    snapshot: str
    remaining: tuple[str, ...] = ()


# --- what was seen ----------------------------------------------------------------------------------------------------


class DriftDetected(Event):
    """Running differs from intent while no deployment is under way; lines as a diff from running to intent."""

    network: Identifier
    device: str
    environment: str
    diff: tuple[str, ...]
    snapshot: str


class DriftResolved(Event):
    """Running is what is intended again."""

    network: Identifier
    device: str
    environment: str
    snapshot: str


EVENT_TYPES: Mapping[str, type[Event]] = {
    kind.type_name(): kind
    for kind in (
        ChangeRequested,
        NetworkCreated,
        LinkConnected,
        LinkDisconnected,
        RouterAdded,
        SwitchAdded,
        DeviceRenamed,
        DeviceDetailsChanged,
        PortsAdded,
        PortsRemoved,
        RoutingEnabled,
        RoutingDisabled,
        DeviceRemoved,
        HostKeyPinned,
        VlanCreated,
        VlanRenamed,
        VlanRemoved,
        PortConfigured,
        PortReset,
        SpanningTreeConfigured,
        RouterInterfaceConfigured,
        RouterInterfaceRemoved,
        OspfConfigured,
        OspfRemoved,
        StaticRouteAdded,
        StaticRouteRemoved,
        DeploymentStarted,
        DeploymentFinished,
        PushStarted,
        RouterConfigurationApplied,
        SwitchConfigurationApplied,
        RouterConfigurationFailed,
        SwitchConfigurationFailed,
        PushSettled,
        DriftDetected,
        DriftResolved,
    )
}
ROOT_TYPES = frozenset({"ChangeRequested"})
