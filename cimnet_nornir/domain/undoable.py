"""Which events can be taken back, and why the others cannot."""

from collections.abc import Mapping

from cimnet_nornir.domain import events as e
from cimnet_nornir.domain.envelope import Event

UNDOABLE: frozenset[type[Event]] = frozenset(
    {
        e.LinkConnected,
        e.LinkDisconnected,
        e.RouterAdded,
        e.SwitchAdded,
        e.HostAdded,
        e.DeviceRenamed,
        e.DeviceDetailsChanged,
        e.PortsAdded,
        e.PortsRemoved,
        e.RoutingEnabled,
        e.RoutingDisabled,
        e.HostInterfaceConfigured,
        e.HostInterfaceRemoved,
        e.DeviceRemoved,
        e.VlanCreated,
        e.VlanRenamed,
        e.VlanRemoved,
        e.PortConfigured,
        e.PortReset,
        e.SpanningTreeConfigured,
        e.PortChannelConfigured,
        e.PortChannelRemoved,
        e.BondConfigured,
        e.BondRemoved,
        e.RouterInterfaceConfigured,
        e.RouterInterfaceRemoved,
        e.OspfConfigured,
        e.OspfRemoved,
        e.StaticRouteAdded,
        e.StaticRouteRemoved,
        e.BgpConfigured,
        e.BgpRemoved,
        e.EigrpConfigured,
        e.EigrpRemoved,
        e.AccessListConfigured,
        e.AccessListRemoved,
        e.FeatureConfigured,
        e.FeatureRemoved,
        e.ContainerNetworkCreated,
        e.ContainerNetworkChanged,
        e.ContainerNetworkRemoved,
        e.ContainerAttached,
        e.ContainerDetached,
        e.VmNetworkCreated,
        e.VmNetworkChanged,
        e.VmNetworkRemoved,
        e.VmAttached,
        e.VmDetached,
        e.PoolCreated,
        e.PoolRemoved,
        e.SubnetAllocated,
        e.SubnetReserved,
        e.SubnetReleased,
        e.AddressAssigned,
        e.AddressReleased,
    }
)
"""Events of intent: what each changed becomes again what it was just before."""

_A_REQUEST = "it is a request, not a change; --request takes back all that it made"
_A_FACT = "it tells what happened on a device, which stays true; cimnet plan and cimnet apply change what runs"
_SEEN = "it tells what was seen on a device, which stays true"

REFUSALS: Mapping[type[Event], str] = {
    e.ChangeRequested: _A_REQUEST,
    e.IntentRestored: _A_REQUEST,
    e.NetworkCreated: "a network is there to stay; its devices and links can be removed",
    e.HostKeyPinned: "a pinned host key is trust, not intent; cimnet trust --replace pins another",
    e.HostsAssigned: "it goes with a container or VM network of the same request; undo that",
    e.DeploymentStarted: _A_FACT,
    e.TransactionDecided: _A_FACT,
    e.DeploymentFinished: _A_FACT,
    e.WaveStarted: _A_FACT,
    e.WaveDecided: _A_FACT,
    e.PushStarted: _A_FACT,
    e.ConfigurationApplied: _A_FACT,
    e.ConfigurationFailed: _A_FACT,
    e.RecoveryStarted: _A_FACT,
    e.PushSettled: _A_FACT,
    e.ConfigurationDeployed: _A_FACT,
    e.HostDeploymentAdvanced: _A_FACT,
    e.LifecycleChanged: "it is a state of a device's life, which goes on from there",
    e.StatusChanged: _SEEN,
    e.PortStatisticsRecorded: _SEEN,
    e.WaiverGranted: "a waiver is taken back by cimnet waiver revoke",
    e.WaiverRevoked: "a waiver is given again, until another day, by cimnet waiver grant",
    e.PlanApproved: "an approval is withdrawn by whoever signed it: cimnet approve FILE --withdraw",
    e.ApprovalWithdrawn: "it is for good; plan again, and have that plan approved",
    e.DriftDetected: _SEEN,
    e.DriftResolved: _SEEN,
    e.DriftIgnored: "drift counts again by cimnet drift ignore --withdraw",
    e.DriftIgnoreWithdrawn: "drift is ignored again, until another time, by cimnet drift ignore",
    e.ConfigurationBackedUp: _SEEN,
}
"""Events that are not taken back, or bases of them, each with what is done in its place."""

_POOLS = "address pools stay as they are; cimnet undo takes one allocation back"

STAYS: Mapping[type[Event], str] = {
    **{kind: REFUSALS[kind] for kind in (e.HostKeyPinned, e.LifecycleChanged, e.WaiverGranted, e.WaiverRevoked)},
    **{kind: REFUSALS[kind] for kind in (e.ConfigurationApplied, e.PushSettled)},
    **dict.fromkeys((e.PoolCreated, e.PoolRemoved, e.SubnetAllocated, e.SubnetReserved, e.SubnetReleased), _POOLS),
    **dict.fromkeys((e.AddressAssigned, e.AddressReleased), _POOLS),
}
"""What whoever takes a whole intent back may expect to be taken back too, or bases of it: it is told that it stays."""


def refusal_of(kind: type[Event]) -> str | None:
    """Why an event of that type cannot be taken back; None where it can."""
    if kind in UNDOABLE:
        return None
    return next((REFUSALS[base] for base in kind.__mro__ if base in REFUSALS), f"{kind.type_name()} is no intent")


def stays_because(kind: type[Event]) -> str | None:
    """Why an event of that type stays when an intent is taken back; None for what is taken back, or nobody misses."""
    return next((STAYS[base] for base in kind.__mro__ if base in STAYS), None)
