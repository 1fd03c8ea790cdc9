"""What a command on one device becomes: events, or a refusal that names the rule. Nothing to change gives no event."""

from difflib import get_close_matches
from typing import assert_never

from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain import events as e
from cimnet_nornir.domain.device import Device, DeviceEvent
from cimnet_nornir.domain.interfaces import interface_type, is_logical
from cimnet_nornir.domain.platforms import check_platform
from cimnet_nornir.domain.values import AccessMode, PortConfiguration, RoutedInterface, TrunkMode
from cimnet_nornir.errors import AlreadyExists, NotFound, RuleViolated

Events = tuple[DeviceEvent, ...]


def decide(network: str, device: Device | None, command: c.DeviceCommand) -> Events:
    """The events that the command makes of a device as it is.

    Raises AlreadyExists, NotFound, RuleViolated or InvalidValue, each with its subject.
    """
    if isinstance(command, c.AddRouter | c.AddSwitch):
        return _add(network, device, command)
    if device is None or device.removed:
        raise NotFound(f"there is no device {command.device!r} in network {network!r}", subject=command.device)
    match command:
        case c.CreateVlan() | c.RenameVlan() | c.RemoveVlan() | c.ConfigureSpanningTree():
            return _decide_vlans(device, command)
        case c.ConfigurePort() | c.ResetPort():
            return _decide_port(device, command)
        case c.ConfigureRouterInterface() | c.RemoveRouterInterface():
            return _decide_interface(device, command)
        case c.ConfigureOspf() | c.RemoveOspf() | c.AddStaticRoute() | c.RemoveStaticRoute():
            return _decide_routing(device, command)
        case _:
            return _decide_itself(device, command)


def _add(network: str, device: Device | None, command: c.AddRouter | c.AddSwitch) -> Events:
    if device is not None and not device.removed:
        raise AlreadyExists(f"there is a device {command.device!r} already", subject=command.device)
    if device is not None:
        raise AlreadyExists(
            f"a device with the id {command.device!r} was removed earlier; its history stays, so choose another id",
            subject=command.device,
        )
    check_platform(command.details.vendor, command.details.platform)
    _check_new_ports((), command.ports)
    common = {"network": network, **{name: getattr(command, name) for name in ("device", "name", "details", "ports")}}
    if isinstance(command, c.AddRouter):
        return (e.RouterAdded.model_validate(common),)
    return (e.SwitchAdded.model_validate({**common, "routing": command.routing}),)


def _check_new_ports(existing: tuple[str, ...], ports: tuple[str, ...]) -> None:
    for index, port in enumerate(ports):
        if port in existing or port in ports[:index]:
            raise AlreadyExists(f"the port {port} is there already", subject=port)
        if is_logical(port):
            raise RuleViolated(f"{port} is no physical port; it comes with its configuration", subject=port)


def _decide_itself(
    device: Device,
    command: (
        c.RenameDevice
        | c.ChangeDeviceDetails
        | c.AddPorts
        | c.RemovePorts
        | c.EnableRouting
        | c.DisableRouting
        | c.RemoveDevice
        | c.PinHostKey
    ),
) -> Events:
    match command:
        case c.RenameDevice():
            return () if command.name == device.name else (e.DeviceRenamed(name=command.name),)
        case c.ChangeDeviceDetails():
            check_platform(command.details.vendor, command.details.platform)
            return () if command.details == device.details else (e.DeviceDetailsChanged(details=command.details),)
        case c.AddPorts():
            _check_new_ports(device.ports, command.ports)
            return (e.PortsAdded(ports=command.ports),) if command.ports else ()
        case c.RemovePorts():
            return _remove_ports(device, command.ports)
        case c.EnableRouting() | c.DisableRouting():
            return _switch_routing(device, on=isinstance(command, c.EnableRouting))
        case c.RemoveDevice():
            return (e.DeviceRemoved(),)
        case c.PinHostKey():
            pinned = device.host_keys.get(command.environment)
            event = e.HostKeyPinned(environment=command.environment, key=command.key, fingerprint=command.fingerprint)
            return () if pinned == command.key else (event,)
        case _:
            assert_never(command)


def _remove_ports(device: Device, ports: tuple[str, ...]) -> Events:
    for port in ports:
        _require_port(device, port)
        if port in device.switch_ports or port in device.interfaces:
            raise RuleViolated(f"{device.name} {port} is configured; reset it first", subject=port)
    return (e.PortsRemoved(ports=ports),) if ports else ()


def _switch_routing(device: Device, *, on: bool) -> Events:
    if not device.switches:
        raise RuleViolated(f"{device.name} is a router: it routes anyway", subject=device.id)
    if device.routing == on:
        return ()
    if not on and (device.ospf or device.routes or _routed_ports(device)):
        raise RuleViolated(
            f"{device.name} has routed ports, routes or OSPF; remove them before it stops routing", subject=device.id
        )
    return (e.RoutingEnabled() if on else e.RoutingDisabled(),)


def _routed_ports(device: Device) -> tuple[str, ...]:
    return tuple(name for name in device.interfaces if interface_type(name) != "Vlan")


# --- switching --------------------------------------------------------------------------------------------------------


def _require_switch(device: Device) -> None:
    if not device.switches:
        raise RuleViolated(
            f"{device.name} is a {device.kind.value}: it has no VLANs or switch ports", subject=device.id
        )


def _require_port(device: Device, port: str) -> None:
    if port in device.ports:
        return
    near = get_close_matches(port, device.ports, n=1)
    hint = f"; did you mean {near[0]}?" if near else ""
    raise NotFound(f"{device.name} has no port {port}{hint}", subject=port)


def _require_vlan(device: Device, vlan: int, what: str) -> None:
    if vlan != 1 and vlan not in device.vlans:
        raise NotFound(
            f"{what} needs VLAN {vlan}, which {device.name} does not have; create it there", subject=str(vlan)
        )


def _decide_vlans(
    device: Device, command: c.CreateVlan | c.RenameVlan | c.RemoveVlan | c.ConfigureSpanningTree
) -> Events:
    _require_switch(device)
    match command:
        case c.CreateVlan():
            if command.vlan in device.vlans:
                raise AlreadyExists(f"{device.name} has VLAN {command.vlan} already", subject=str(command.vlan))
            return (e.VlanCreated(vlan=command.vlan, name=command.name),)
        case c.RenameVlan():
            _require_vlan(device, command.vlan, "a new name")
            same = device.vlans[command.vlan] == command.name
            return () if same else (e.VlanRenamed(vlan=command.vlan, name=command.name),)
        case c.RemoveVlan():
            _require_vlan(device, command.vlan, "removing it")
            _require_unused(device, command.vlan)
            return (e.VlanRemoved(vlan=command.vlan),)
        case c.ConfigureSpanningTree():
            current = device.spanning_tree
            same = (current.mode, dict(current.priorities)) == (command.mode, command.priorities)
            event = e.SpanningTreeConfigured(mode=command.mode, priorities=command.priorities)
            return () if same else (event,)
        case _:
            assert_never(command)


def _require_unused(device: Device, vlan: int) -> None:
    if f"Vlan{vlan}" in device.interfaces:
        raise RuleViolated(
            f"VLAN {vlan} on {device.name} has the interface Vlan{vlan}; remove that first", subject=str(vlan)
        )
    for port, configuration in device.switch_ports.items():
        mode = configuration.switching
        access = isinstance(mode, AccessMode) and mode.vlan == vlan
        native = isinstance(mode, TrunkMode) and mode.native_vlan == vlan
        if access or native:
            use = "access" if access else "native"
            raise RuleViolated(
                f"VLAN {vlan} is the {use} VLAN of {device.name} {port}; change that first", subject=str(vlan)
            )


def _decide_port(device: Device, command: c.ConfigurePort | c.ResetPort) -> Events:
    _require_switch(device)
    _require_port(device, command.port)
    if isinstance(command, c.ResetPort):
        return (e.PortReset(port=command.port),) if command.port in device.switch_ports else ()
    if command.port in device.interfaces:
        raise RuleViolated(f"{device.name} {command.port} is a routed port; remove that first", subject=command.port)
    _check_port_vlans(device, command.port, command.configuration)
    if device.switch_ports.get(command.port) == command.configuration:
        return ()
    return (e.PortConfigured(port=command.port, configuration=command.configuration),)


def _check_port_vlans(device: Device, port: str, configuration: PortConfiguration) -> None:
    mode = configuration.switching
    match mode:
        case AccessMode():
            _require_vlan(device, mode.vlan, f"the access port {port}")
        case TrunkMode():
            _require_vlan(device, mode.native_vlan, f"the native VLAN of {port}")
        case None:
            pass
        case _:
            assert_never(mode)


# --- routing ----------------------------------------------------------------------------------------------------------


def _decide_interface(device: Device, command: c.ConfigureRouterInterface | c.RemoveRouterInterface) -> Events:
    name = command.interface
    if isinstance(command, c.RemoveRouterInterface):
        return (e.RouterInterfaceRemoved(interface=name),) if name in device.interfaces else ()
    _require_interface(device, name)
    _check_addresses(device, name, command.configuration)
    ospf = command.configuration.ospf
    if ospf is not None and ospf.process not in device.ospf:
        raise NotFound(
            f"{device.name} {name} runs OSPF {ospf.process}, which {device.name} does not have", subject=name
        )
    if device.interfaces.get(name) == command.configuration:
        return ()
    return (e.RouterInterfaceConfigured(interface=name, configuration=command.configuration),)


def _require_interface(device: Device, name: str) -> None:
    if interface_type(name) == "Vlan":
        _require_switch(device)
        _require_vlan(device, int(name.removeprefix("Vlan")), f"the interface {name}")
        return
    if not device.routes_packets:
        raise RuleViolated(f"{device.name} does not route; enable routing to give {name} an address", subject=name)
    if not is_logical(name):
        _require_port(device, name)
    elif "." in name:
        _require_port(device, name.partition(".")[0])
    if name in device.switch_ports:
        raise RuleViolated(f"{device.name} {name} is a switch port; reset it first", subject=name)


def _check_addresses(device: Device, name: str, configuration: RoutedInterface) -> None:
    for index, address in enumerate(configuration.addresses):
        network = address.network
        # A /31 and a /32 have neither network nor broadcast address (RFC 3021).
        if network.prefixlen < 31 and address.ip in (network.network_address, network.broadcast_address):
            kind = "network" if address.ip == network.network_address else "broadcast"
            raise RuleViolated(f"{address} on {device.name} {name} is the {kind} address of its subnet", subject=name)
        for other in configuration.addresses[:index]:
            if other.ip == address.ip:
                raise RuleViolated(f"{device.name} {name} has {address.ip} twice", subject=name)


def _decide_routing(
    device: Device, command: c.ConfigureOspf | c.RemoveOspf | c.AddStaticRoute | c.RemoveStaticRoute
) -> Events:
    if not device.routes_packets:
        raise RuleViolated(f"{device.name} does not route; enable routing first", subject=device.id)
    match command:
        case c.ConfigureOspf():
            same = device.ospf.get(command.process.process) == command.process
            return () if same else (e.OspfConfigured(process=command.process),)
        case c.RemoveOspf():
            return _remove_ospf(device, command.process)
        case c.AddStaticRoute():
            return () if command.route in device.routes else (e.StaticRouteAdded(route=command.route),)
        case c.RemoveStaticRoute():
            return (e.StaticRouteRemoved(route=command.route),) if command.route in device.routes else ()
        case _:
            assert_never(command)


def _remove_ospf(device: Device, process: int) -> Events:
    users = [name for name, item in device.interfaces.items() if item.ospf is not None and item.ospf.process == process]
    if users:
        raise RuleViolated(
            f"OSPF {process} of {device.name} runs on {', '.join(users)}; take it off there first", subject=str(process)
        )
    return (e.OspfRemoved(process=process),) if process in device.ospf else ()
