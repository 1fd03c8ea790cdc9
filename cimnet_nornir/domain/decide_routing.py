"""What a command on layer-3 interfaces, OSPF or static routes becomes."""

from ipaddress import IPv4Interface
from typing import assert_never

from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain import events as e
from cimnet_nornir.domain.device import Device, RoutingEvent
from cimnet_nornir.domain.interfaces import interface_type, is_logical
from cimnet_nornir.domain.requirements import (
    require_access_lists,
    require_network_device,
    require_port,
    require_routing,
    require_switch,
    require_unswitched,
    require_vlan,
)
from cimnet_nornir.domain.values import OspfProcess, RoutedInterface, StaticRoute
from cimnet_nornir.errors import AlreadyExists, NotFound, RuleViolated

RoutingCommand = (
    c.ConfigureRouterInterface
    | c.RemoveRouterInterface
    | c.ConfigureOspf
    | c.RemoveOspf
    | c.AddStaticRoute
    | c.RemoveStaticRoute
)


def decide_routing(device: Device, command: RoutingCommand) -> tuple[RoutingEvent, ...]:
    """The events of the command; refused where the device does not route, but for SVIs and ports of a plain switch."""
    match command:
        case c.ConfigureRouterInterface():
            return _configure_interface(device, command.interface, command.configuration)
        case c.RemoveRouterInterface():
            return _remove_interface(device, command.interface)
        case c.AddStaticRoute() | c.RemoveStaticRoute() if device.is_host:
            # Whatever sends packets has routes: a host need not pass on those of others.
            return _decide_routes(device, command)
        case _:
            require_routing(device, "first")
            return _decide_routes(device, command)


def _decide_routes(
    device: Device, command: c.ConfigureOspf | c.RemoveOspf | c.AddStaticRoute | c.RemoveStaticRoute
) -> tuple[RoutingEvent, ...]:
    match command:
        case c.ConfigureOspf():
            _refuse_beyond_a_host(device, command.process)
            same = device.ospf.get(command.process.process) == command.process
            return () if same else (e.OspfConfigured(process=command.process),)
        case c.RemoveOspf():
            return _remove_ospf(device, command.process)
        case c.AddStaticRoute():
            return _add_route(device, command.route)
        case c.RemoveStaticRoute():
            return (e.StaticRouteRemoved(route=command.route),) if command.route in device.routes else ()
        case _:
            assert_never(command)


# --- interfaces -------------------------------------------------------------------------------------------------------


def _configure_interface(device: Device, name: str, configuration: RoutedInterface) -> tuple[RoutingEvent, ...]:
    require_network_device(device, f"interface {name}")
    _require_interface(device, name)
    check_layer3(device, name, configuration)
    require_access_lists(device, name, configuration)
    if device.interfaces.get(name) == configuration:
        return ()
    return (e.RouterInterfaceConfigured(interface=name, configuration=configuration),)


def _remove_interface(device: Device, name: str) -> tuple[RoutingEvent, ...]:
    children = device.sub_interfaces(name)
    if children and _needs_parent(device, name):
        raise RuleViolated(f"{device.name} {name} has the sub-interface {children[0]}; remove that first", subject=name)
    return (e.RouterInterfaceRemoved(interface=name),) if name in device.interfaces else ()


def _require_interface(device: Device, name: str) -> None:
    if interface_type(name) == "Vlan":
        require_switch(device)
        require_vlan(device, int(name.removeprefix("Vlan")), f"the interface {name}")
        return
    if not device.switches or is_logical(name) or "." in name:
        # A port of a plain switch may have an address, by which the switch itself is reached.
        require_routing(device, f"to give {name} an address")
    if "." in name:
        _require_parent(device, name)
    elif not is_logical(name):
        require_port(device, name)
    require_unswitched(device, name)


def _needs_parent(device: Device, parent: str) -> bool:
    """Whether a sub-interface there needs its parent configured: a port of a switch begins as a switch port."""
    return device.switches or is_logical(parent)


def _require_parent(device: Device, name: str) -> None:
    parent = name.partition(".")[0]
    if not is_logical(parent):
        require_port(device, parent)
    require_unswitched(device, parent)
    if parent not in device.interfaces and _needs_parent(device, parent):
        raise RuleViolated(f"{device.name} {name} needs {parent} as a routed interface; configure it", subject=name)


def check_layer3(device: Device, name: str, configuration: RoutedInterface) -> None:
    """Refuse addresses that no interface can have, and an OSPF process that the device does not have."""
    ospf = configuration.ospf
    if ospf is not None and ospf.process not in device.ospf:
        raise NotFound(
            f"{device.name} {name} runs OSPF {ospf.process}, which {device.name} does not have", subject=name
        )
    for index, address in enumerate(configuration.addresses):
        kind = unusable(address)
        if kind is not None:
            raise RuleViolated(f"{address} on {device.name} {name} is {kind}, not one of a host", subject=name)
        if any(other.ip == address.ip for other in configuration.addresses[:index]):
            raise RuleViolated(f"{device.name} {name} has {address.ip} twice", subject=name)


def unusable(address: IPv4Interface) -> str | None:
    """Why no interface can have the address, if so (RFC 1122, 3.2.1.3; IOS: "Not a valid host address", "Bad mask")."""
    network = address.network
    # A /31 and a /32 have neither network nor broadcast address (RFC 3021).
    if network.prefixlen < 31 and address.ip == network.network_address:
        return "the network address of its subnet"
    if network.prefixlen < 31 and address.ip == network.broadcast_address:
        return "the broadcast address of its subnet"
    ip = address.ip
    if ip.is_multicast or ip.is_loopback or ip.is_unspecified or ip.is_reserved:
        return "a multicast, loopback or reserved address"
    return None


# --- OSPF and static routes -------------------------------------------------------------------------------------------


def _refuse_beyond_a_host(device: Device, process: OspfProcess) -> None:
    """FRR would take a router id of its own choice, and nothing puts a card of a host into a VRF."""
    if device.is_host and (process.router_id is None or process.vrf is not None):
        wrong = "in a VRF" if process.vrf is not None else "without a router id"
        raise RuleViolated(
            f"{device.name} is a host: it has no OSPF {wrong}; a router or switch may have it",
            subject=str(process.process),
        )


def _remove_ospf(device: Device, process: int) -> tuple[RoutingEvent, ...]:
    users = [name for name, item in device.interfaces.items() if item.ospf is not None and item.ospf.process == process]
    if users:
        raise RuleViolated(
            f"OSPF {process} of {device.name} runs on {', '.join(users)}; take it off there first", subject=str(process)
        )
    return (e.OspfRemoved(process=process),) if process in device.ospf else ()


def _add_route(device: Device, route: StaticRoute) -> tuple[RoutingEvent, ...]:
    """IOS keeps one route for a prefix and next hop; a second one would replace its distance and name."""
    if route in device.routes:
        return ()
    if any((other.prefix, other.next_hop) == (route.prefix, route.next_hop) for other in device.routes):
        raise AlreadyExists(
            f"{device.name} has a route to {route.prefix} via {route.next_hop} already; remove that first",
            subject=str(route.prefix),
        )
    return (e.StaticRouteAdded(route=route),)
