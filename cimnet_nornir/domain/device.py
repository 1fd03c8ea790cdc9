"""A device as its events tell it: one stream of composable features; `evolve` applies facts and checks nothing."""

from dataclasses import dataclass, field
from ipaddress import IPv4Address
from typing import assert_never

from cimnet_nornir.domain import events as e
from cimnet_nornir.domain.access_lists import AccessList
from cimnet_nornir.domain.features.model import AnySetting, Setting, identity_of
from cimnet_nornir.domain.routing_values import BgpRouter, EigrpProcess
from cimnet_nornir.domain.values import (
    Bond,
    DeviceKind,
    HostInterfaceConfiguration,
    InterfaceConfiguration,
    OspfProcess,
    PortChannel,
    PortConfiguration,
    SpanningTree,
    StaticRoute,
)
from cimnet_nornir.errors import NotFound

LifecycleEvent = (
    e.DeviceRenamed
    | e.DeviceDetailsChanged
    | e.PortsAdded
    | e.PortsRemoved
    | e.RoutingEnabled
    | e.RoutingDisabled
    | e.DeviceRemoved
    | e.HostKeyPinned
)
SwitchingEvent = (
    e.VlanCreated | e.VlanRenamed | e.VlanRemoved | e.PortConfigured | e.PortReset | e.SpanningTreeConfigured
)
RoutingEvent = (
    e.RouterInterfaceConfigured
    | e.RouterInterfaceRemoved
    | e.OspfConfigured
    | e.OspfRemoved
    | e.StaticRouteAdded
    | e.StaticRouteRemoved
)
ProtocolEvent = (
    e.BgpConfigured | e.BgpRemoved | e.EigrpConfigured | e.EigrpRemoved | e.AccessListConfigured | e.AccessListRemoved
)
BundleEvent = e.PortChannelConfigured | e.PortChannelRemoved | e.BondConfigured | e.BondRemoved
HostEvent = e.HostInterfaceConfigured | e.HostInterfaceRemoved
SettingEvent = e.FeatureConfigured | e.FeatureRemoved
FeatureEvent = LifecycleEvent | SwitchingEvent | RoutingEvent | ProtocolEvent | BundleEvent | HostEvent | SettingEvent
DeviceEvent = e.RouterAdded | e.SwitchAdded | e.HostAdded | FeatureEvent


@dataclass(slots=True)
class Device:
    """The intent for one device. Mutable inside a fold; readers treat it as a value.

    `vlans` maps VLAN id to name, `switch_ports` and `interfaces` canonical interface names (of a host those of Linux)
    to their configuration, `host_keys` an environment to the pinned public key line; `port_channels` numbers and
    `bonds` names; `features` what tells a setting from all others to the setting ("ntp-server 192.0.2.1").
    """

    network: str
    id: str
    name: str
    kind: DeviceKind
    details: e.DeviceDetails
    ports: tuple[str, ...] = ()
    routing: bool = False
    removed: bool = False
    vlans: dict[int, str | None] = field(default_factory=dict)
    switch_ports: dict[str, PortConfiguration] = field(default_factory=dict)
    spanning_tree: SpanningTree = field(default_factory=SpanningTree)
    interfaces: dict[str, InterfaceConfiguration] = field(default_factory=dict)
    ospf: dict[int, OspfProcess] = field(default_factory=dict)
    routes: tuple[StaticRoute, ...] = ()
    bgp: BgpRouter | None = None
    eigrp: dict[int, EigrpProcess] = field(default_factory=dict)
    access_lists: dict[str, AccessList] = field(default_factory=dict)
    host_keys: dict[str, str] = field(default_factory=dict)
    port_channels: dict[int, PortChannel] = field(default_factory=dict)
    bonds: dict[str, Bond] = field(default_factory=dict)
    features: dict[str, AnySetting] = field(default_factory=dict)

    @property
    def switches(self) -> bool:
        """Whether it has the features of a switch."""
        return self.kind is DeviceKind.SWITCH

    @property
    def is_host(self) -> bool:
        """Whether it is a server: no IOS configuration is rendered for it."""
        return self.kind is DeviceKind.HOST

    @property
    def routes_packets(self) -> bool:
        """Whether it has the features of a router."""
        return self.routing or self.kind is DeviceKind.ROUTER

    @property
    def has_default_route(self) -> bool:
        """Whether it routes packets, and a static default route is among its routes."""
        stated = (setting.own_key for setting in self.settings_of("static-route"))
        led = any(key.startswith("0.0.0.0/0 ") and not key.endswith(" Null0") for key in stated)
        return self.routes_packets and (led or any(route.prefix.prefixlen == 0 for route in self.routes))

    @property
    def default_gateways(self) -> dict[str, IPv4Address]:
        """The gateways of a host by the interfaces that lead to them: each is a default route."""
        told = ((name, item) for name, item in self.interfaces.items() if isinstance(item, HostInterfaceConfiguration))
        return {name: item.gateway for name, item in told if item.gateway is not None}

    def setting(self, feature: str, key: str = "") -> Setting | None:
        """The setting of a feature by its key, if there is one."""
        return self.features.get(identity_of(feature, key))

    def settings_of(self, feature: str) -> tuple[Setting, ...]:
        """All settings of a feature."""
        return tuple(setting for setting in self.features.values() if feature == setting.FEATURE)

    def sub_interfaces(self, port: str) -> tuple[str, ...]:
        """The configured sub-interfaces of a port: "GigabitEthernet0/1.10" of "GigabitEthernet0/1"."""
        return tuple(name for name in self.interfaces if name.startswith(f"{port}."))


def evolve(device: Device | None, event: DeviceEvent) -> Device:
    """The device after the event. Raises NotFound where the stream does not begin with its being added."""
    match event:
        case e.RouterAdded():
            return Device(
                event.network, event.device, event.name, DeviceKind.ROUTER, event.details, event.ports, routing=True
            )
        case e.SwitchAdded():
            return Device(
                event.network, event.device, event.name, DeviceKind.SWITCH, event.details, event.ports, event.routing
            )
        case e.HostAdded():
            return Device(event.network, event.device, event.name, DeviceKind.HOST, event.details, event.ports)
        case _:
            if device is None:
                raise NotFound(f"{event.type_name()} stands in a stream whose device was never added")
            _evolve_existing(device, event)
            return device


def _evolve_existing(device: Device, event: FeatureEvent) -> None:
    if isinstance(event, SwitchingEvent):
        _evolve_switching(device, event)
    elif isinstance(event, RoutingEvent):
        _evolve_routing(device, event)
    elif isinstance(event, ProtocolEvent):
        _evolve_protocols(device, event)
    elif isinstance(event, BundleEvent):
        _evolve_bundles(device, event)
    elif isinstance(event, HostEvent):
        _evolve_host(device, event)
    elif isinstance(event, SettingEvent):
        _evolve_features(device, event)
    else:
        _evolve_lifecycle(device, event)


def _evolve_lifecycle(device: Device, event: LifecycleEvent) -> None:
    match event:
        case e.DeviceRenamed():
            device.name = event.name
        case e.DeviceDetailsChanged():
            device.details = event.details
        case e.PortsAdded():
            device.ports = (*device.ports, *event.ports)
        case e.PortsRemoved():
            device.ports = tuple(port for port in device.ports if port not in event.ports)
        case e.RoutingEnabled() | e.RoutingDisabled():
            device.routing = isinstance(event, e.RoutingEnabled)
        case e.DeviceRemoved():
            device.removed = True
        case e.HostKeyPinned():
            device.host_keys[event.environment] = event.key
        case _:
            assert_never(event)


def _evolve_switching(device: Device, event: SwitchingEvent) -> None:
    match event:
        case e.VlanCreated() | e.VlanRenamed():
            device.vlans[event.vlan] = event.name
        case e.VlanRemoved():
            device.vlans.pop(event.vlan, None)
        case e.PortConfigured():
            device.switch_ports[event.port] = event.configuration
        case e.PortReset():
            device.switch_ports.pop(event.port, None)
        case e.SpanningTreeConfigured():
            device.spanning_tree = SpanningTree(mode=event.mode, priorities=dict(event.priorities))
        case _:
            assert_never(event)


def _evolve_routing(device: Device, event: RoutingEvent) -> None:
    match event:
        case e.RouterInterfaceConfigured():
            device.interfaces[event.interface] = event.configuration
        case e.RouterInterfaceRemoved():
            device.interfaces.pop(event.interface, None)
        case e.OspfConfigured():
            device.ospf[event.process.process] = event.process
        case e.OspfRemoved():
            device.ospf.pop(event.process, None)
        case e.StaticRouteAdded():
            device.routes = (*device.routes, event.route)
        case e.StaticRouteRemoved():
            device.routes = tuple(route for route in device.routes if route != event.route)
        case _:
            assert_never(event)


def _evolve_host(device: Device, event: HostEvent) -> None:
    match event:
        case e.HostInterfaceConfigured():
            device.interfaces[event.interface] = event.configuration
        case e.HostInterfaceRemoved():
            device.interfaces.pop(event.interface, None)
        case _:
            assert_never(event)


def _evolve_protocols(device: Device, event: ProtocolEvent) -> None:
    match event:
        case e.BgpConfigured():
            device.bgp = event.router
        case e.BgpRemoved():
            device.bgp = None
        case e.EigrpConfigured():
            device.eigrp[event.process.as_number] = event.process
        case e.EigrpRemoved():
            device.eigrp.pop(event.as_number, None)
        case e.AccessListConfigured():
            device.access_lists[event.access_list.name] = event.access_list
        case e.AccessListRemoved():
            device.access_lists.pop(event.name, None)
        case _:
            assert_never(event)


def _evolve_bundles(device: Device, event: BundleEvent) -> None:
    match event:
        case e.PortChannelConfigured():
            device.port_channels[event.number] = event.channel
        case e.PortChannelRemoved():
            device.port_channels.pop(event.number, None)
        case e.BondConfigured():
            device.bonds[event.name] = event.bond
        case e.BondRemoved():
            device.bonds.pop(event.name, None)
        case _:
            assert_never(event)


def _evolve_features(device: Device, event: SettingEvent) -> None:
    match event:
        case e.FeatureConfigured():
            device.features[event.setting.identity] = event.setting
        case e.FeatureRemoved():
            device.features.pop(identity_of(event.feature, event.key), None)
        case _:
            assert_never(event)
