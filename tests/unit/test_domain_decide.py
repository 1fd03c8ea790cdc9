"""A device: given events, when a command, then events, or an error that names its subject."""

from collections.abc import Iterable
from typing import Any

import pytest

from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain import events as e
from cimnet_nornir.domain.access_lists import AccessList, AclRule
from cimnet_nornir.domain.decide import decide
from cimnet_nornir.domain.device import Device, DeviceEvent, evolve
from cimnet_nornir.domain.features.blocks import ConfigurationBlock
from cimnet_nornir.domain.routing_values import BgpRouter, EigrpProcess
from cimnet_nornir.domain.values import (
    Bond,
    HostInterfaceConfiguration,
    OspfProcess,
    PortChannel,
    PortConfiguration,
    RoutedInterface,
    StaticRoute,
)
from cimnet_nornir.errors import (
    AlreadyExists,
    CimnetError,
    DeviceNotFound,
    InvalidValue,
    NotFound,
    PortNotFound,
    RuleViolated,
    VlanAlreadyExists,
    VlanNotFound,
)

DETAILS = e.DeviceDetails(vendor="cisco", platform="ios")
ROUTER = e.RouterAdded(network="net", device="r1", name="rtr1", details=DETAILS, ports=("Gi0/0", "Gi0/1"))
SWITCH = e.SwitchAdded(network="net", device="s1", name="sw1", details=DETAILS, ports=("Gi0/1", "Gi0/2"))
LAYER_3 = SWITCH.model_copy(update={"routing": True})
OF_HOST = e.DeviceDetails(vendor="nixos", platform="nixos")
HOST = e.HostAdded(network="net", device="h1", name="srv1", details=OF_HOST, ports=("eno1", "eth0"))
VLAN = e.VlanCreated(vlan=10, name="users")
BGP, EIGRP = BgpRouter(as_number=65001), EigrpProcess(as_number=1)
BLOCK = ConfigurationBlock(name="clns", lines=("clns routing",))
ACL = AccessList(name="INSIDE", kind="standard", entries=(AclRule(sequence=10, action="permit"),))
GI0, GI1, GI2, GI9 = (f"GigabitEthernet0/{number}" for number in (0, 1, 2, 9))


def own(*addresses: str, **more: Any) -> HostInterfaceConfiguration:
    return HostInterfaceConfiguration.model_validate({"addresses": addresses or ("192.0.2.10/24",), **more})


OWN = e.HostInterfaceConfigured(interface="eth0", configuration=own())


def access(vlan: int) -> PortConfiguration:
    return PortConfiguration.model_validate({"switching": {"mode": "access", "vlan": vlan}})


def trunk(native: int = 1) -> PortConfiguration:
    return PortConfiguration.model_validate({"switching": {"mode": "trunk", "native_vlan": native}})


def routed(*addresses: str, ospf: int | None = None) -> RoutedInterface:
    fields: dict[str, Any] = {"addresses": addresses}
    return RoutedInterface.model_validate(fields | ({"ospf": {"process": ospf, "area": 0}} if ospf else {}))


def route(prefix: str = "0.0.0.0/0", next_hop: str = "192.0.2.1", **more: Any) -> StaticRoute:
    return StaticRoute.model_validate({"prefix": prefix, "next_hop": next_hop, **more})


def ospf(process: int = 1, router_id: str = "192.0.2.1") -> OspfProcess:
    return OspfProcess.model_validate({"process": process, "router_id": router_id})


def on_switch(command: type[Any], **fields: Any) -> Any:
    return command(device="s1", **fields)


def on_host(command: type[Any], **fields: Any) -> Any:
    return command(device="h1", **fields)


def on_router(command: type[Any], **fields: Any) -> Any:
    return command(device="r1", **fields)


def given(events: Iterable[DeviceEvent]) -> Device | None:
    device: Device | None = None
    for event in events:
        device = evolve(device, event)
    return device


CHANNEL = PortChannel(members=(GI1, GI2))
CHANNEL_1 = e.PortChannelConfigured(number=1, channel=CHANNEL)
PO_1 = e.PortConfigured(port="Port-channel1", configuration=trunk())
BOND = Bond(members=("eno1", "eth0"))
BOND_0 = e.BondConfigured(name="bond0", bond=BOND)
PORT_10 = e.PortConfigured(port=GI1, configuration=access(10))
SVI_10 = e.RouterInterfaceConfigured(interface="Vlan10", configuration=routed("192.0.2.2/24"))
ROUTED_1 = e.RouterInterfaceConfigured(interface=GI1, configuration=routed("192.0.2.2/24"))
SUB_1 = e.RouterInterfaceConfigured(interface=f"{GI1}.20", configuration=routed("192.0.2.66/26"))
OSPF_1 = e.OspfConfigured(process=ospf())
RUNS_OSPF = e.RouterInterfaceConfigured(interface=GI0, configuration=routed("192.0.2.1/24", ospf=1))
TREE = e.SpanningTreeConfigured(mode="rapid-pvst", priorities={10: 4096})
PINNED = e.HostKeyPinned(environment="lab", key="ssh-ed25519 AAAA", fingerprint="SHA256:x")

DECIDED: list[tuple[list[DeviceEvent], c.DeviceCommand, tuple[DeviceEvent, ...]]] = [
    ([], on_router(c.AddRouter, name="rtr1", details=DETAILS, ports=("Gi0/0", "Gi0/1")), (ROUTER,)),
    ([], on_switch(c.AddSwitch, name="sw1", details=DETAILS, ports=("Gi0/1", "Gi0/2")), (SWITCH,)),
    ([], on_switch(c.AddSwitch, name="sw1", details=DETAILS, ports=("Gi0/1", "Gi0/2"), routing=True), (LAYER_3,)),
    ([], on_host(c.AddHost, name="srv1", details=OF_HOST, ports=("eno1", "eth0")), (HOST,)),
    ([HOST], on_host(c.AddPorts, ports=("enp1s0f0",)), (e.PortsAdded(ports=("enp1s0f0",)),)),
    ([HOST], on_host(c.RemovePorts, ports=("eth0",)), (e.PortsRemoved(ports=("eth0",)),)),
    ([HOST], on_host(c.RemoveDevice), (e.DeviceRemoved(),)),
    ([HOST], on_host(c.EnableRouting), (e.RoutingEnabled(),)),
    ([HOST, e.RoutingEnabled(), OWN], on_host(c.DisableRouting), (e.RoutingDisabled(),)),
    ([HOST], on_host(c.AddStaticRoute, route=route()), (e.StaticRouteAdded(route=route()),)),
    ([HOST], on_host(c.ConfigureHostInterface, interface="eth0", configuration=own()), (OWN,)),
    ([HOST, OWN], on_host(c.ConfigureHostInterface, interface="eth0", configuration=own()), ()),
    ([HOST, OWN], on_host(c.RemoveHostInterface, interface="eth0"), (e.HostInterfaceRemoved(interface="eth0"),)),
    ([HOST], on_host(c.RemoveHostInterface, interface="eth0"), ()),
    # Undoing a removal adds the device again.
    (
        [SWITCH, VLAN, e.DeviceRemoved()],
        on_switch(c.AddSwitch, name="sw1", details=DETAILS, ports=(GI1, GI2)),
        (SWITCH,),
    ),
    ([ROUTER], on_router(c.RenameDevice, name="rtr2"), (e.DeviceRenamed(name="rtr2"),)),
    ([ROUTER], on_router(c.RenameDevice, name="rtr1"), ()),
    (
        [ROUTER],
        on_router(c.ChangeDeviceDetails, details=DETAILS.model_copy(update={"site": "south"})),
        (e.DeviceDetailsChanged(details=DETAILS.model_copy(update={"site": "south"})),),
    ),
    ([ROUTER], on_router(c.ChangeDeviceDetails, details=DETAILS), ()),
    ([ROUTER], on_router(c.AddPorts, ports=("Gi0/9",)), (e.PortsAdded(ports=(GI9,)),)),
    ([ROUTER], on_router(c.AddPorts, ports=()), ()),
    ([ROUTER], on_router(c.RemovePorts, ports=("Gi0/1",)), (e.PortsRemoved(ports=(GI1,)),)),
    ([ROUTER], on_router(c.RemovePorts, ports=()), ()),
    ([SWITCH], on_switch(c.EnableRouting), (e.RoutingEnabled(),)),
    ([LAYER_3], on_switch(c.EnableRouting), ()),
    ([LAYER_3], on_switch(c.DisableRouting), (e.RoutingDisabled(),)),
    ([LAYER_3, VLAN, SVI_10], on_switch(c.DisableRouting), (e.RoutingDisabled(),)),
    ([SWITCH], on_switch(c.DisableRouting), ()),
    ([ROUTER], on_router(c.RemoveDevice), (e.DeviceRemoved(),)),
    (
        [ROUTER],
        on_router(c.PinHostKey, environment="lab", key="ssh-ed25519 AAAA", fingerprint="SHA256:x"),
        (PINNED,),
    ),
    ([ROUTER, PINNED], on_router(c.PinHostKey, environment="lab", key="ssh-ed25519 AAAA", fingerprint="SHA256:x"), ()),
    (
        [ROUTER, PINNED],
        on_router(c.PinHostKey, environment="real", key="ssh-ed25519 AAAA", fingerprint="SHA256:x"),
        (PINNED.model_copy(update={"environment": "real"}),),
    ),
    ([SWITCH], on_switch(c.CreateVlan, vlan=10, name="users"), (VLAN,)),
    ([SWITCH, VLAN], on_switch(c.RenameVlan, vlan=10), (e.VlanRenamed(vlan=10),)),
    ([SWITCH, VLAN], on_switch(c.RenameVlan, vlan=10, name="users"), ()),
    ([SWITCH, VLAN], on_switch(c.RemoveVlan, vlan=10), (e.VlanRemoved(vlan=10),)),
    ([SWITCH, VLAN], on_switch(c.ConfigurePort, port="Gi0/1", configuration=access(10)), (PORT_10,)),
    ([SWITCH, VLAN, PORT_10], on_switch(c.ConfigurePort, port="Gi0/1", configuration=access(10)), ()),
    (
        [SWITCH],
        on_switch(c.ConfigurePort, port="Gi0/1", configuration=trunk()),
        (e.PortConfigured(port=GI1, configuration=trunk()),),
    ),
    (
        [SWITCH],
        on_switch(c.ConfigurePort, port="Gi0/1", configuration=PortConfiguration(enabled=False)),
        (e.PortConfigured(port=GI1, configuration=PortConfiguration(enabled=False)),),
    ),
    ([SWITCH], on_switch(c.ConfigurePortChannel, number=1, channel=CHANNEL), (CHANNEL_1,)),
    ([SWITCH, CHANNEL_1], on_switch(c.ConfigurePortChannel, number=1, channel=CHANNEL), ()),
    ([SWITCH, CHANNEL_1], on_switch(c.RemovePortChannel, number=1), (e.PortChannelRemoved(number=1),)),
    ([SWITCH], on_switch(c.RemovePortChannel, number=1), ()),
    (
        [SWITCH, CHANNEL_1],
        on_switch(c.ConfigurePort, port="Po1", configuration=trunk()),
        (e.PortConfigured(port="Port-channel1", configuration=trunk()),),
    ),
    ([HOST], on_host(c.ConfigureBond, name="bond0", bond=BOND), (BOND_0,)),
    ([HOST, BOND_0], on_host(c.ConfigureBond, name="bond0", bond=BOND), ()),
    ([HOST, BOND_0], on_host(c.RemoveBond, name="bond0"), (e.BondRemoved(name="bond0"),)),
    ([HOST], on_host(c.RemoveBond, name="bond0"), ()),
    ([SWITCH, VLAN, PORT_10], on_switch(c.ResetPort, port="Gi0/1"), (e.PortReset(port=GI1),)),
    ([SWITCH], on_switch(c.ResetPort, port="Gi0/1"), ()),
    ([SWITCH], on_switch(c.ConfigureSpanningTree, mode="rapid-pvst", priorities={10: 4096}), (TREE,)),
    ([SWITCH, TREE], on_switch(c.ConfigureSpanningTree, mode="rapid-pvst", priorities={10: 4096}), ()),
    ([SWITCH], on_switch(c.ConfigureSpanningTree, mode="pvst"), ()),
    (
        [SWITCH, VLAN],
        on_switch(c.ConfigureRouterInterface, interface="vl10", configuration=routed("192.0.2.2/24")),
        (SVI_10,),
    ),
    (
        [SWITCH, VLAN, SVI_10],
        on_switch(c.RemoveRouterInterface, interface="vl10"),
        (e.RouterInterfaceRemoved(interface="Vlan10"),),
    ),
    (
        [SWITCH],
        on_switch(c.ConfigureRouterInterface, interface="Vlan1", configuration=routed("192.0.2.2/24")),
        (e.RouterInterfaceConfigured(interface="Vlan1", configuration=routed("192.0.2.2/24")),),
    ),
    (
        [LAYER_3],
        on_switch(c.ConfigureRouterInterface, interface=GI1, configuration=routed("192.0.2.2/24")),
        (ROUTED_1,),
    ),
    (
        [LAYER_3, ROUTED_1],
        on_switch(c.ConfigureRouterInterface, interface=GI1, configuration=routed("192.0.2.2/24")),
        (),
    ),
    (
        [LAYER_3, ROUTED_1],
        on_switch(c.ConfigureRouterInterface, interface=f"{GI1}.20", configuration=routed("192.0.2.66/26")),
        (SUB_1,),
    ),
    # A router's port needs no configuration of its own under a sub-interface, and may lose it.
    (
        [ROUTER],
        on_router(c.ConfigureRouterInterface, interface=f"{GI1}.20", configuration=routed("192.0.2.66/26")),
        (SUB_1,),
    ),
    (
        [ROUTER, ROUTED_1, SUB_1],
        on_router(c.RemoveRouterInterface, interface=GI1),
        (e.RouterInterfaceRemoved(interface=GI1),),
    ),
    ([ROUTER], on_router(c.RemoveRouterInterface, interface="Lo0"), ()),
    (
        [ROUTER],
        on_router(c.ConfigureRouterInterface, interface="Lo0", configuration=routed("192.0.2.1/32")),
        (e.RouterInterfaceConfigured(interface="Loopback0", configuration=routed("192.0.2.1/32")),),
    ),
    (
        [ROUTER],
        on_router(
            c.ConfigureRouterInterface,
            interface=GI0,
            configuration=routed("192.0.2.0/31", "192.0.2.9/29", "192.0.2.10/29"),
        ),
        (
            e.RouterInterfaceConfigured(
                interface=GI0, configuration=routed("192.0.2.0/31", "192.0.2.9/29", "192.0.2.10/29")
            ),
        ),
    ),
    (
        [ROUTER, OSPF_1],
        on_router(c.ConfigureRouterInterface, interface=GI0, configuration=routed("192.0.2.1/24", ospf=1)),
        (RUNS_OSPF,),
    ),
    ([ROUTER], on_router(c.ConfigureOspf, process=ospf()), (OSPF_1,)),
    ([ROUTER, OSPF_1], on_router(c.ConfigureOspf, process=ospf()), ()),
    ([ROUTER, OSPF_1], on_router(c.RemoveOspf, process=1), (e.OspfRemoved(process=1),)),
    ([ROUTER], on_router(c.RemoveOspf, process=1), ()),
    ([ROUTER], on_router(c.AddStaticRoute, route=route()), (e.StaticRouteAdded(route=route()),)),
    ([ROUTER, e.StaticRouteAdded(route=route())], on_router(c.AddStaticRoute, route=route()), ()),
    (
        [ROUTER, e.StaticRouteAdded(route=route())],
        on_router(c.AddStaticRoute, route=route(next_hop="192.0.2.9", distance=250)),
        (e.StaticRouteAdded(route=route(next_hop="192.0.2.9", distance=250)),),
    ),
    (
        [ROUTER, e.StaticRouteAdded(route=route())],
        on_router(c.RemoveStaticRoute, route=route()),
        (e.StaticRouteRemoved(route=route()),),
    ),
    ([ROUTER], on_router(c.RemoveStaticRoute, route=route()), ()),
    ([ROUTER], on_router(c.ConfigureBgp, router=BGP), (e.BgpConfigured(router=BGP),)),
    ([ROUTER, e.BgpConfigured(router=BGP)], on_router(c.RemoveBgp), (e.BgpRemoved(as_number=65001),)),
    ([ROUTER], on_router(c.ConfigureEigrp, process=EIGRP), (e.EigrpConfigured(process=EIGRP),)),
    ([ROUTER, e.EigrpConfigured(process=EIGRP)], on_router(c.RemoveEigrp, as_number=1), (e.EigrpRemoved(as_number=1),)),
    ([ROUTER], on_router(c.ConfigureAccessList, access_list=ACL), (e.AccessListConfigured(access_list=ACL),)),
    (
        [ROUTER, e.AccessListConfigured(access_list=ACL)],
        on_router(c.RemoveAccessList, name="INSIDE"),
        (e.AccessListRemoved(name="INSIDE"),),
    ),
    ([ROUTER], on_router(c.ConfigureFeature, setting=BLOCK), (e.FeatureConfigured(setting=BLOCK),)),
    (
        [ROUTER, e.FeatureConfigured(setting=BLOCK)],
        on_router(c.RemoveFeature, feature="configuration-block", key="clns"),
        (e.FeatureRemoved(feature="configuration-block", key="clns"),),
    ),
]


@pytest.mark.parametrize(("history", "command", "then"), DECIDED)
def test_a_command_becomes_its_events(
    history: list[DeviceEvent], command: c.DeviceCommand, then: tuple[DeviceEvent, ...]
) -> None:
    assert decide("net", given(history), command) == then


@pytest.mark.parametrize(("history", "command", "then"), [case for case in DECIDED if case[2]])
def test_a_command_done_once_has_nothing_left_to_do_or_is_refused(
    history: list[DeviceEvent], command: c.DeviceCommand, then: tuple[DeviceEvent, ...]
) -> None:
    try:
        again = decide("net", given([*history, *then]), command)
    except (AlreadyExists, NotFound):
        return
    assert again == ()


def test_every_command_on_a_device_is_decided_here() -> None:
    decided = {type(command) for _, command, then in DECIDED if then}
    assert decided == set(c.DeviceCommand.__args__)


REFUSED: list[tuple[list[DeviceEvent], c.DeviceCommand, type[CimnetError], str, str]] = [
    (
        [ROUTER],
        on_router(c.AddRouter, name="x", details=DETAILS),
        AlreadyExists,
        "r1",
        "there is a device 'r1' already",
    ),
    ([SWITCH], on_switch(c.AddSwitch, name="x", details=DETAILS), AlreadyExists, "s1", "already"),
    ([SWITCH], on_switch(c.ConfigurePort, port="Po1", configuration=trunk()), PortNotFound, "Port-channel1", "members"),
    (
        [SWITCH],
        on_switch(c.ConfigurePortChannel, number=1, channel=PortChannel(members=(GI9,))),
        PortNotFound,
        GI9,
        "sw1 has no port GigabitEthernet0/9",
    ),
    (
        [ROUTER],
        on_router(c.ConfigurePortChannel, number=1, channel=CHANNEL),
        RuleViolated,
        "r1",
        "rtr1 is a router",
    ),
    (
        [SWITCH, CHANNEL_1, PO_1],
        on_switch(c.RemovePortChannel, number=1),
        RuleViolated,
        "Port-channel1",
        "reset it first",
    ),
    ([SWITCH], on_switch(c.ConfigureBond, name="bond0", bond=BOND), RuleViolated, "s1", "in a port-channel"),
    ([HOST], on_host(c.ConfigureBond, name="bond0", bond=Bond(members=("eno9",))), PortNotFound, "eno9", "no port"),
    (
        [],
        on_router(c.AddRouter, name="x", details=DETAILS, ports=("Gi0/1", "gi 0/1")),
        AlreadyExists,
        GI1,
        "is there already",
    ),
    (
        [],
        on_router(c.AddRouter, name="x", details=DETAILS, ports=("Lo0",)),
        RuleViolated,
        "Loopback0",
        "no physical port",
    ),
    (
        [],
        on_router(c.AddRouter, name="x", details=e.DeviceDetails(vendor="acme", platform="ios")),
        InvalidValue,
        "vendor",
        "known: cisco",
    ),
    ([], on_router(c.RemoveDevice), DeviceNotFound, "r1", "there is no device 'r1' in network 'net'"),
    ([ROUTER, e.DeviceRemoved()], on_router(c.RenameDevice, name="x"), DeviceNotFound, "r1", "there is no device 'r1'"),
    (
        [ROUTER],
        on_router(c.ChangeDeviceDetails, details=e.DeviceDetails(vendor="cisco", platform="nxos")),
        InvalidValue,
        "platform",
        "known: ios, iosxe",
    ),
    ([ROUTER], on_router(c.AddPorts, ports=("Gi0/1",)), AlreadyExists, GI1, "is there already"),
    ([ROUTER], on_router(c.AddPorts, ports=("Gi0/1.5",)), RuleViolated, f"{GI1}.5", "no physical port"),
    (
        [ROUTER],
        on_router(c.RemovePorts, ports=("Gi0/9",)),
        PortNotFound,
        GI9,
        "rtr1 has no port GigabitEthernet0/9; did you mean",
    ),
    ([SWITCH, VLAN, PORT_10], on_switch(c.RemovePorts, ports=(GI1,)), RuleViolated, GI1, "reset it first"),
    ([ROUTER, ROUTED_1], on_router(c.RemovePorts, ports=(GI1,)), RuleViolated, GI1, "reset it first"),
    ([ROUTER, SUB_1], on_router(c.RemovePorts, ports=(GI1,)), RuleViolated, GI1, "reset it first"),
    ([ROUTER], on_router(c.EnableRouting), RuleViolated, "r1", "routes anyway"),
    ([ROUTER], on_router(c.DisableRouting), RuleViolated, "r1", "routes anyway"),
    ([LAYER_3, OSPF_1], on_switch(c.DisableRouting), RuleViolated, "s1", "ports, routes or a routing protocol"),
    (
        [LAYER_3, ROUTED_1],
        on_switch(c.DisableRouting),
        RuleViolated,
        "s1",
        "ports, routes or a routing protocol",
    ),
    ([LAYER_3, e.StaticRouteAdded(route=route())], on_switch(c.DisableRouting), RuleViolated, "s1", "routed ports"),
    ([], on_host(c.AddHost, name="srv1", details=DETAILS), InvalidValue, "vendor", "known: microsoft, nixos, vmware"),
    ([HOST], on_host(c.AddHost, name="srv1", details=OF_HOST), AlreadyExists, "h1", "already"),
    ([HOST], on_host(c.AddPorts, ports=("eth0",)), AlreadyExists, "eth0", "is there already"),
    ([HOST], on_host(c.AddPorts, ports=("Gi0/1",)), InvalidValue, "interface", "no interface name of a Linux host"),
    ([HOST], on_host(c.RemovePorts, ports=("eth1",)), PortNotFound, "eth1", "srv1 has no port eth1; did you mean eth0"),
    ([HOST], on_host(c.CreateVlan, vlan=10), RuleViolated, "h1", "srv1 is a host: it has no VLANs"),
    ([HOST], on_host(c.ConfigureOspf, process=ospf()), RuleViolated, "h1", "srv1 does not route"),
    ([HOST, e.RoutingEnabled()], on_host(c.ConfigureEigrp, process=EIGRP), RuleViolated, "h1", "it has no EIGRP"),
    (
        [HOST, e.RoutingEnabled()],
        on_host(c.ConfigureAccessList, access_list=ACL),
        RuleViolated,
        "h1",
        "no access lists",
    ),
    (
        [HOST, e.RoutingEnabled(), e.OspfConfigured(process=ospf())],
        on_host(c.DisableRouting),
        RuleViolated,
        "h1",
        "srv1 has a routing protocol; remove them before it stops routing",
    ),
    (
        [HOST, e.RoutingEnabled()],
        on_host(c.ConfigureRouterInterface, interface=GI0, configuration=routed()),
        RuleViolated,
        "h1",
        f"srv1 is a host: it has no interface {GI0}",
    ),
    (
        [ROUTER],
        on_router(c.ConfigureHostInterface, interface="eno1", configuration=own()),
        RuleViolated,
        "r1",
        "rtr1 is a router, not a host: it has no eno1",
    ),
    (
        [HOST],
        on_host(c.ConfigureHostInterface, interface="eth1", configuration=own()),
        PortNotFound,
        "eth1",
        "srv1 has no port eth1; did you mean eth0",
    ),
    (
        [HOST.model_copy(update={"ports": ("eno1.10",)})],
        on_host(c.ConfigureHostInterface, interface="eno1.10", configuration=own()),
        RuleViolated,
        "eno1.10",
        "is a VLAN interface by its name",
    ),
    (
        [HOST],
        on_host(c.ConfigureHostInterface, interface="eth0", configuration=own("192.0.2.255/24")),
        RuleViolated,
        "eth0",
        "is the broadcast address of its subnet",
    ),
    (
        [HOST],
        on_host(c.ConfigureHostInterface, interface="eth0", configuration=own(gateway="198.51.100.1")),
        RuleViolated,
        "eth0",
        "the gateway 198.51.100.1 of srv1 eth0 is in no subnet of it (it has: 192.0.2.0/24)",
    ),
    (
        [HOST],
        on_host(c.ConfigureHostInterface, interface="eth0", configuration=own(gateway="192.0.2.10")),
        RuleViolated,
        "eth0",
        "is srv1 itself",
    ),
    (
        [HOST],
        on_host(c.ConfigureHostInterface, interface="eth0", configuration=own(gateway="192.0.2.0")),
        RuleViolated,
        "eth0",
        "the gateway 192.0.2.0 of srv1 eth0 is the network address of its subnet",
    ),
    (
        [HOST],
        on_host(c.ConfigureHostInterface, interface="lo", configuration=own(ospf={"process": 1, "area": 0})),
        NotFound,
        "lo",
        "srv1 lo runs OSPF 1, which srv1 does not have",
    ),
    (
        [],
        on_router(c.AddRouter, name="x", details=DETAILS.model_copy(update={"bridges": "vlan-aware"})),
        RuleViolated,
        "bridges",
        "a router has no bridges of Linux",
    ),
    ([ROUTER], on_router(c.CreateVlan, vlan=10), RuleViolated, "r1", "rtr1 is a router: it has no VLANs"),
    ([ROUTER], on_router(c.ConfigurePort, port=GI1, configuration=trunk()), RuleViolated, "r1", "is a router"),
    ([ROUTER], on_router(c.ResetPort, port=GI1), RuleViolated, "r1", "is a router"),
    ([ROUTER], on_router(c.ConfigureSpanningTree, mode="mst"), RuleViolated, "r1", "is a router"),
    (
        [ROUTER],
        on_router(c.ConfigureRouterInterface, interface="Vlan1", configuration=routed()),
        RuleViolated,
        "r1",
        "is a router",
    ),
    ([SWITCH, VLAN], on_switch(c.CreateVlan, vlan=10), VlanAlreadyExists, "10", "sw1 has VLAN 10 already"),
    ([SWITCH], on_switch(c.RenameVlan, vlan=10, name="x"), VlanNotFound, "10", "sw1 has no VLAN 10"),
    ([SWITCH], on_switch(c.RemoveVlan, vlan=10), VlanNotFound, "10", "sw1 has no VLAN 10"),
    (
        [SWITCH, VLAN, PORT_10],
        on_switch(c.RemoveVlan, vlan=10),
        RuleViolated,
        "10",
        "the access VLAN of sw1 GigabitEthernet0/1",
    ),
    (
        [SWITCH, VLAN, e.PortConfigured(port=GI2, configuration=trunk(10))],
        on_switch(c.RemoveVlan, vlan=10),
        RuleViolated,
        "10",
        "the native VLAN of sw1 GigabitEthernet0/2",
    ),
    (
        [SWITCH, VLAN, SVI_10],
        on_switch(c.RemoveVlan, vlan=10),
        RuleViolated,
        "10",
        "has the interface Vlan10; remove that first",
    ),
    (
        [SWITCH],
        on_switch(c.ConfigurePort, port=GI9, configuration=trunk()),
        PortNotFound,
        GI9,
        "did you mean GigabitEthernet0/",
    ),
    (
        [SWITCH],
        on_switch(c.ConfigurePort, port="Te1/1/1", configuration=trunk()),
        PortNotFound,
        "TenGigabitEthernet1/1/1",
        "no port",
    ),
    ([SWITCH], on_switch(c.ResetPort, port=GI9), PortNotFound, GI9, "no port"),
    (
        [SWITCH],
        on_switch(c.ConfigurePort, port=GI1, configuration=access(10)),
        VlanNotFound,
        "10",
        "the access port GigabitEthernet0/1 needs VLAN 10",
    ),
    (
        [SWITCH],
        on_switch(c.ConfigurePort, port=GI1, configuration=trunk(10)),
        VlanNotFound,
        "10",
        "the native VLAN of GigabitEthernet0/1 needs VLAN 10",
    ),
    (
        [LAYER_3, ROUTED_1],
        on_switch(c.ConfigurePort, port=GI1, configuration=trunk()),
        RuleViolated,
        GI1,
        "is routed; remove that interface first",
    ),
    (
        [LAYER_3, SUB_1],
        on_switch(c.ConfigurePort, port=GI1, configuration=trunk()),
        RuleViolated,
        GI1,
        "GigabitEthernet0/1.20 is routed",
    ),
    (
        [SWITCH],
        on_switch(c.ConfigureRouterInterface, interface="Vlan10", configuration=routed()),
        VlanNotFound,
        "10",
        "the interface Vlan10 needs VLAN 10",
    ),
    (
        [SWITCH],
        on_switch(c.ConfigureRouterInterface, interface=f"{GI1}.20", configuration=routed()),
        RuleViolated,
        "s1",
        "enable routing to give",
    ),
    (
        [SWITCH],
        on_switch(c.ConfigureRouterInterface, interface="Lo0", configuration=routed()),
        RuleViolated,
        "s1",
        "does not route",
    ),
    (
        [ROUTER],
        on_router(c.ConfigureRouterInterface, interface=GI9, configuration=routed()),
        PortNotFound,
        GI9,
        "no port",
    ),
    (
        [ROUTER],
        on_router(c.ConfigureRouterInterface, interface=f"{GI9}.5", configuration=routed()),
        PortNotFound,
        GI9,
        "no port",
    ),
    (
        [LAYER_3],
        on_switch(c.ConfigureRouterInterface, interface=f"{GI1}.5", configuration=routed()),
        RuleViolated,
        f"{GI1}.5",
        "needs GigabitEthernet0/1 as a routed interface",
    ),
    (
        [ROUTER],
        on_router(c.ConfigureRouterInterface, interface="Po1.5", configuration=routed()),
        RuleViolated,
        "Port-channel1.5",
        "needs Port-channel1",
    ),
    (
        [LAYER_3, e.PortConfigured(port=GI1, configuration=trunk())],
        on_switch(c.ConfigureRouterInterface, interface=f"{GI1}.5", configuration=routed()),
        RuleViolated,
        GI1,
        "is a switch port; reset it first",
    ),
    (
        [LAYER_3, e.PortConfigured(port=GI1, configuration=trunk())],
        on_switch(c.ConfigureRouterInterface, interface=GI1, configuration=routed()),
        RuleViolated,
        GI1,
        "is a switch port; reset it first",
    ),
    (
        [LAYER_3, ROUTED_1, SUB_1],
        on_switch(c.RemoveRouterInterface, interface=GI1),
        RuleViolated,
        GI1,
        "has the sub-interface GigabitEthernet0/1.20",
    ),
    (
        [ROUTER],
        on_router(c.ConfigureRouterInterface, interface=GI0, configuration=routed("192.0.2.1/24", ospf=7)),
        NotFound,
        GI0,
        "runs OSPF 7, which rtr1 does not have",
    ),
    (
        [ROUTER, OSPF_1, RUNS_OSPF],
        on_router(c.RemoveOspf, process=1),
        RuleViolated,
        "1",
        "runs on GigabitEthernet0/0; take it off there first",
    ),
    ([SWITCH], on_switch(c.ConfigureOspf, process=ospf()), RuleViolated, "s1", "enable routing first"),
    ([SWITCH], on_switch(c.AddStaticRoute, route=route()), RuleViolated, "s1", "enable routing first"),
    (
        [ROUTER, e.StaticRouteAdded(route=route())],
        on_router(c.AddStaticRoute, route=route(distance=200)),
        AlreadyExists,
        "0.0.0.0/0",
        "via 192.0.2.1 already; remove that first",
    ),
]


@pytest.mark.parametrize(("history", "command", "error", "subject", "words"), REFUSED)
def test_a_command_against_a_rule_is_refused_with_its_subject(
    history: list[DeviceEvent], command: c.DeviceCommand, error: type[CimnetError], subject: str, words: str
) -> None:
    with pytest.raises(error) as refused:
        decide("net", given(history), command)
    assert type(refused.value) is error
    assert refused.value.subject == subject
    assert words in refused.value.message
    assert "\n" not in refused.value.message


@pytest.mark.parametrize(
    ("addresses", "why"),
    [
        (["192.0.2.0/24"], "the network address of its subnet"),
        (["192.0.2.255/24"], "the broadcast address of its subnet"),
        (["224.0.0.5/24"], "a multicast, loopback or reserved address"),
        (["127.0.0.1/8"], "a multicast, loopback or reserved address"),
        (["240.0.0.1/8"], "a multicast, loopback or reserved address"),
        (["0.0.0.0/32"], "a multicast, loopback or reserved address"),
        (["192.0.2.1/24", "192.0.2.1/25"], "has 192.0.2.1 twice"),
    ],
)
def test_an_address_that_no_host_can_have_is_refused(addresses: list[str], why: str) -> None:
    command = on_router(c.ConfigureRouterInterface, interface=GI0, configuration=routed(*addresses))
    with pytest.raises(RuleViolated) as refused:
        decide("net", given([ROUTER]), command)
    assert why in refused.value.message
    assert refused.value.subject == GI0
