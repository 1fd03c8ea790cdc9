"""Events in words, for people who read a history."""

from collections.abc import Callable, Iterator, Mapping, Sized
from datetime import UTC
from typing import Any

from cimnet_nornir.application.describe_observed import OBSERVED_WORDS
from cimnet_nornir.application.describe_pushes import PUSH_WORDS
from cimnet_nornir.domain import events as e
from cimnet_nornir.domain.envelope import Event
from cimnet_nornir.domain.features.model import Setting, identity_of
from cimnet_nornir.domain.hosting.values import ContainerNetworkSettings, VmNetworkSettings
from cimnet_nornir.domain.interfaces import format_vlan_list, short_interface
from cimnet_nornir.domain.values import (
    AccessMode,
    HostInterfaceConfiguration,
    OspfProcess,
    PortChannel,
    PortConfiguration,
    RoutedInterface,
    StaticRoute,
    TrunkMode,
)

# "sha256:" and as many digits as tell plans apart; cimnet plan shows as many.
_SHORT_DIGEST = 19
# So many items of a list are named; of more it is told how many there are.
_FEW = 3


def describe(event: Event) -> str:
    """One line that says what happened."""
    words = _WORDS.get(type(event))
    return words(event) if words else event.type_name()


def removes(event: Event) -> bool:
    """Whether the event takes something out of the intent."""
    return isinstance(event, _REMOVALS)


def subject_of(stream: str) -> str:
    """What a stream is about, for people: the device or network in its name."""
    kind, _, rest = stream.partition(":")
    if kind == "deployment":
        identity, _, device = rest.partition("/")
        return device or f"deployment {identity[:8]}"
    if kind == "plan":
        return f"plan {rest.rpartition('/')[2][:_SHORT_DIGEST]}"
    if kind == "request":
        return f"request {rest[:8]}"
    return rest.rpartition("/")[2]


def setting_words(setting: Setting) -> str:
    """A setting of a feature: what tells it apart, and what is said of it: "ntp-server 192.0.2.1: prefer"."""
    told = setting.model_dump(mode="json", exclude_defaults=True, exclude={*setting.KEY, "by_vrf"})
    said = ", ".join(_said(name.replace("_", " "), value) for name, value in told.items())
    return f"{setting.identity}: {said}" if said else setting.identity


def _said(name: str, value: object) -> str:
    if isinstance(value, bool):
        return name if value else f"not {name}"
    if isinstance(value, list | dict) and (len(value) > _FEW or any(isinstance(item, list | dict) for item in value)):
        return f"{len(value)} {name}"
    if isinstance(value, dict):
        return f"{name} ({', '.join(_said(key.replace('_', ' '), item) for key, item in value.items())})"
    shown = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return f"{name} {shown.splitlines()[0] if shown else shown}"


def port_words(name: str, configuration: PortConfiguration) -> str:
    """A switch port and what it is to do, in a line."""
    mode = configuration.switching
    words = [short_interface(name) + ":"]
    if isinstance(mode, AccessMode):
        words.append(f"access VLAN {mode.vlan}")
    elif isinstance(mode, TrunkMode):
        allowed = "all VLANs" if mode.allowed is None else f"VLANs {format_vlan_list(mode.allowed)}"
        words.append(f"trunk of {allowed}, native {mode.native_vlan}")
    words += [
        "" if configuration.enabled else "shut",
        f"({configuration.description})" if configuration.description else "",
    ]
    return " ".join(word for word in words if word)


def interface_words(name: str, configuration: RoutedInterface) -> str:
    """A layer-3 interface with its addresses, in a line."""
    words = [short_interface(name) + ":", ", ".join(map(str, configuration.addresses)) or "no address"]
    words += ["" if configuration.enabled else "shut"]
    words += list(_of_host(configuration)) if isinstance(configuration, HostInterfaceConfiguration) else []
    words += [f"OSPF area {configuration.ospf.area}" if configuration.ospf else ""]
    words += [f"access list {configuration.access_group_in} in" if configuration.access_group_in else ""]
    words += [f"access list {configuration.access_group_out} out" if configuration.access_group_out else ""]
    words += [f"({configuration.description})" if configuration.description else ""]
    return " ".join(word for word in words if word)


def _of_host(configuration: HostInterfaceConfiguration) -> Iterator[str]:
    if configuration.gateway is not None:
        yield f"gateway {configuration.gateway}"
    if configuration.mtu is not None:
        yield f"MTU {configuration.mtu}"


def ospf_words(process: OspfProcess) -> str:
    """An OSPF process in words: "OSPF 1, router id 10.255.0.1"."""
    vrf = f" in the VRF {process.vrf}" if process.vrf else ""
    return f"OSPF {process.process}{vrf}" + (f", router id {process.router_id}" if process.router_id else "")


def route_words(route: StaticRoute) -> str:
    """A static route in a line."""
    return f"route {route.prefix} via {route.next_hop}" + (f" ({route.name})" if route.name else "")


def _bundle(event: e.PortChannelConfigured | e.BondConfigured) -> str:
    """A port-channel or bond with its mode and members: "Po1: active, Gi1/0/21, Gi1/0/22"."""
    if isinstance(event, e.BondConfigured):
        return f"{event.name}: {event.bond.mode}, {', '.join(event.bond.members)}"
    return channel_words(event.number, event.channel)


def channel_words(number: int, channel: PortChannel) -> str:
    """A port-channel with its mode and members, in a line."""
    return f"Po{number}: {channel.mode}, {', '.join(map(short_interface, channel.members))}"


def _added(event: e.RouterAdded | e.SwitchAdded | e.HostAdded) -> str:
    kind = "router" if isinstance(event, e.RouterAdded) else "host"
    if isinstance(event, e.SwitchAdded):
        kind = "layer-3 switch" if event.routing else "switch"
    ports = f", {_count(event.ports, 'port')}" if event.ports else ""
    return f"{kind} {event.name} added ({event.details.model or event.details.platform}{ports})"


def _count(things: Sized, thing: str) -> str:
    return f"{len(things)} {thing}{'' if len(things) == 1 else 's'}"


def _named(name: str | None) -> str:
    return f" ({name})" if name else ""


def _tree(event: e.SpanningTreeConfigured) -> str:
    roots = ", ".join(f"VLAN {vlan} priority {priority}" for vlan, priority in sorted(event.priorities.items()))
    return f"spanning tree {event.mode}" + (f": {roots}" if roots else "")


def _request(event: e.ChangeRequested) -> str:
    given = " ".join(
        f"{key}={_short(value)}" for key, value in event.arguments.items() if value not in (False, None, "")
    )
    # Those of pools are kept by the names of Python's methods.
    return f"asked for: {event.command.replace('_', ' ')} {given}".rstrip()


def _short(value: object) -> str:
    """An argument that fits into a line: a digest by its beginning, a list by its items."""
    if isinstance(value, str) and value.startswith("sha256:"):
        return value[:19]
    return ",".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _held(event: e.SubnetAllocated | e.SubnetReserved) -> str:
    done = "allocated" if isinstance(event, e.SubnetAllocated) else "reserved"
    vlan = f"VLAN {event.vlan}" if isinstance(event, e.SubnetAllocated) and event.vlan else ""
    notes = ", ".join(note for note in (vlan, event.purpose, event.owner) if note)
    return f"{event.subnet}{_named(event.name)} {done}" + (f": {notes}" if notes else "")


def _over(
    event: e.ContainerNetworkCreated | e.ContainerNetworkChanged | e.VmNetworkCreated | e.VmNetworkChanged,
) -> str:
    """Where a network of containers or virtual machines is: its VLAN, subnet and hosts."""
    settings = event.settings
    vlan = f"VLAN {settings.vlan}" if settings.vlan else ""
    subnet = f"subnet {settings.subnet}" if settings.subnet else ""
    hosts = f"hosts {', '.join(settings.hosts)}" if settings.hosts else ""
    return ", ".join(word for word in (*_carried(settings), vlan, subnet, hosts) if word)


def _carried(settings: ContainerNetworkSettings | VmNetworkSettings) -> tuple[str, ...]:
    """What carries a network of containers, where it is not the usual: a bridge of Docker."""
    kinds = (settings.driver.driver, settings.runtime) if isinstance(settings, ContainerNetworkSettings) else ()
    return tuple(kind for kind in kinds if kind not in ("bridge", "docker"))


def _attached(name: str, event: e.ContainerAttached | e.VmAttached) -> str:
    return f"{name} attached on {event.host}: {event.address or 'no address'}, {event.mac}"


def _waived(event: e.WaiverGranted | e.WaiverRevoked) -> str:
    return " ".join(word for word in (event.rule, event.device or "", event.path) if word)


def _signed(event: e.ApprovalEvent) -> str:
    return f"{event.signer} (key {event.fingerprint})" + (f": {event.note}" if event.note else "")


def _maintenance(event: e.MaintenanceStarted) -> str:
    return f"maintenance started in {event.environment}, until {event.window.until.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


# Told the same for each kind of device.
_FOR_ANY_KIND: Mapping[type[Event], Callable[[Any], str]] = {
    e.ProvisioningStarted: lambda event: f"provisioning started in {event.environment}",
    e.Commissioned: lambda event: f"in service in {event.environment} as it is",
    e.MaintenanceStarted: _maintenance,
    e.MaintenanceEnded: lambda event: f"maintenance ended in {event.environment}",
    e.DecommissioningStarted: lambda event: f"decommissioning started in {event.environment}",
    e.Decommissioned: lambda event: f"decommissioned in {event.environment}",
}

_REMOVALS = (
    e.FeatureRemoved,
    e.LinkDisconnected,
    e.PortsRemoved,
    e.RoutingDisabled,
    e.HostInterfaceRemoved,
    e.DeviceRemoved,
    e.VlanRemoved,
    e.PortReset,
    e.PortChannelRemoved,
    e.BondRemoved,
    e.RouterInterfaceRemoved,
    e.OspfRemoved,
    e.StaticRouteRemoved,
    e.BgpRemoved,
    e.EigrpRemoved,
    e.AccessListRemoved,
    e.PoolRemoved,
    e.SubnetReleased,
    e.AddressReleased,
    e.ContainerNetworkRemoved,
    e.ContainerDetached,
    e.VmNetworkRemoved,
    e.VmDetached,
)

_WORDS: Mapping[type[Event], Callable[[Any], str]] = {
    e.ChangeRequested: _request,
    e.IntentRestored: lambda event: f"intent of #{event.to} restored, {_count(event.undone, 'event')} undone",
    e.NetworkCreated: lambda event: f"network {event.name} created",
    e.LinkConnected: lambda event: f"{event.a} connected to {event.b}",
    e.LinkDisconnected: lambda event: f"{event.a} disconnected from {event.b}",
    e.RouterAdded: _added,
    e.SwitchAdded: _added,
    e.HostAdded: _added,
    e.DeviceRenamed: lambda event: f"renamed to {event.name}",
    e.DeviceDetailsChanged: lambda event: (
        "details changed: " + ", ".join(f"{key} {value}" for key, value in event.details if value)
    ),
    e.PortsAdded: lambda event: f"ports added: {', '.join(map(short_interface, event.ports))}",
    e.PortsRemoved: lambda event: f"ports removed: {', '.join(map(short_interface, event.ports))}",
    e.RoutingEnabled: lambda _: "routing enabled",
    e.RoutingDisabled: lambda _: "routing disabled",
    e.HostInterfaceConfigured: lambda event: interface_words(event.interface, event.configuration),
    e.HostInterfaceRemoved: lambda event: f"{event.interface} removed",
    e.DeviceRemoved: lambda _: "removed from the network",
    e.HostKeyPinned: lambda event: f"SSH host key pinned for {event.environment}: {event.fingerprint}",
    e.VlanCreated: lambda event: f"VLAN {event.vlan}{_named(event.name)} created",
    e.VlanRenamed: lambda event: f"VLAN {event.vlan} renamed{_named(event.name)}",
    e.VlanRemoved: lambda event: f"VLAN {event.vlan} removed",
    e.PortConfigured: lambda event: port_words(event.port, event.configuration),
    e.PortReset: lambda event: f"{short_interface(event.port)}: no intent any more",
    e.PortChannelConfigured: _bundle,
    e.PortChannelRemoved: lambda event: f"Po{event.number} removed",
    e.BondConfigured: _bundle,
    e.BondRemoved: lambda event: f"{event.name} removed",
    e.SpanningTreeConfigured: _tree,
    e.RouterInterfaceConfigured: lambda event: interface_words(event.interface, event.configuration),
    e.RouterInterfaceRemoved: lambda event: f"{short_interface(event.interface)} removed",
    e.OspfConfigured: lambda event: ospf_words(event.process),
    e.OspfRemoved: lambda event: f"OSPF {event.process} removed",
    e.StaticRouteAdded: lambda event: f"{route_words(event.route)} added",
    e.StaticRouteRemoved: lambda event: f"{route_words(event.route)} removed",
    e.BgpConfigured: lambda event: f"BGP in AS {event.router.as_number}, {_count(event.router.neighbors, 'neighbour')}",
    e.BgpRemoved: lambda event: f"BGP in AS {event.as_number} removed",
    e.EigrpConfigured: lambda event: (
        f"EIGRP {event.process.as_number}, networks {', '.join(map(str, event.process.networks)) or 'none'}"
    ),
    e.EigrpRemoved: lambda event: f"EIGRP {event.as_number} removed",
    e.AccessListConfigured: lambda event: (
        f"{event.access_list.kind} access list {event.access_list.name}, {_count(event.access_list.rules, 'rule')}"
    ),
    e.AccessListRemoved: lambda event: f"access list {event.name} removed",
    e.FeatureConfigured: lambda event: setting_words(event.setting),
    e.FeatureRemoved: lambda event: f"{identity_of(event.feature, event.key)} removed",
    e.PoolCreated: lambda event: f"pool {event.pool} of {event.prefix} created",
    e.PoolRemoved: lambda _: "pool removed",
    e.SubnetAllocated: _held,
    e.SubnetReserved: _held,
    e.SubnetReleased: lambda event: f"{event.subnet} released",
    e.AddressAssigned: lambda event: f"{event.address} assigned to {event.owner}",
    e.AddressReleased: lambda event: f"{event.address} released",
    e.HostsAssigned: lambda event: f"{event.kind} {event.name} on {', '.join(event.hosts)}",
    e.ContainerNetworkCreated: lambda event: f"container network {event.name} created: {_over(event)}",
    e.ContainerNetworkChanged: lambda event: f"container network changed: {_over(event)}",
    e.ContainerNetworkRemoved: lambda _: "container network removed",
    e.ContainerAttached: lambda event: _attached(f"container {event.container}", event),
    e.ContainerDetached: lambda event: f"container {event.container} detached",
    e.VmNetworkCreated: lambda event: f"VM network {event.name} created: {_over(event)}",
    e.VmNetworkChanged: lambda event: f"VM network changed: {_over(event)}",
    e.VmNetworkRemoved: lambda _: "VM network removed",
    e.VmAttached: lambda event: _attached(f"VM {event.vm}", event),
    e.VmDetached: lambda event: f"VM {event.vm} detached",
    e.WaiverGranted: lambda event: f"findings of {_waived(event)} waived until {event.expires}: {event.reason}",
    e.WaiverRevoked: lambda event: f"findings of {_waived(event)} count again",
    e.PlanApproved: lambda event: f"approved ({event.environment}) by {_signed(event)}",
    e.ApprovalWithdrawn: lambda event: f"approval ({event.environment}) withdrawn by {_signed(event)}",
    **OBSERVED_WORDS,
    **PUSH_WORDS,
    **{kind: words for base, words in _FOR_ANY_KIND.items() for kind in base.__subclasses__()},
}
