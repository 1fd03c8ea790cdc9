"""What a command on one device becomes: events, or a refusal that names the rule. Nothing to change gives no event."""

from collections.abc import Callable, Mapping
from types import UnionType
from typing import Any, assert_never, get_args

from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain import events as e
from cimnet_nornir.domain.decide_bundles import BundleCommand, decide_bundles
from cimnet_nornir.domain.decide_features import FeatureCommand, decide_features
from cimnet_nornir.domain.decide_host import HostCommand, decide_host
from cimnet_nornir.domain.decide_protocols import ProtocolCommand, decide_protocols
from cimnet_nornir.domain.decide_routing import RoutingCommand, decide_routing
from cimnet_nornir.domain.decide_switching import SwitchingCommand, decide_switching
from cimnet_nornir.domain.device import Device, DeviceEvent
from cimnet_nornir.domain.interfaces import interface_type, is_logical
from cimnet_nornir.domain.platforms import check_platform
from cimnet_nornir.domain.requirements import require_port
from cimnet_nornir.domain.values import DeviceKind, port_name
from cimnet_nornir.errors import AlreadyExists, DeviceNotFound, RuleViolated

Events = tuple[DeviceEvent, ...]
AddCommand = c.AddRouter | c.AddSwitch | c.AddHost
LifecycleCommand = (
    c.RenameDevice
    | c.ChangeDeviceDetails
    | c.AddPorts
    | c.RemovePorts
    | c.EnableRouting
    | c.DisableRouting
    | c.RemoveDevice
    | c.PinHostKey
)
_KINDS: Mapping[type[AddCommand], DeviceKind] = {
    c.AddRouter: DeviceKind.ROUTER,
    c.AddSwitch: DeviceKind.SWITCH,
    c.AddHost: DeviceKind.HOST,
}


def decide(network: str, device: Device | None, command: c.DeviceCommand) -> Events:
    """The events that the command makes of a device as it is.

    A device that was removed can be added again (undoing a removal does that): its stream goes on, its intent is new.
    Raises AlreadyExists, NotFound, RuleViolated or InvalidValue, each with its subject.
    """
    present = None if device is None or device.removed else device
    if isinstance(command, AddCommand):
        return _add(network, present, command)
    if present is None:
        raise DeviceNotFound(f"there is no device {command.device!r} in network {network!r}", subject=command.device)
    return _AREA_OF[type(command)](present, command)


def _add(network: str, present: Device | None, command: AddCommand) -> Events:
    if present is not None:
        raise AlreadyExists(f"there is a device {command.device!r} already", subject=command.device)
    kind = _KINDS[type(command)]
    _check_details(kind, command.details)
    ports = _new_ports(kind, (), command.ports)
    named = {name: getattr(command, name) for name in ("device", "name", "details")}
    common = {"network": network, **named, "ports": ports}
    match command:
        case c.AddRouter():
            return (e.RouterAdded.model_validate(common),)
        case c.AddSwitch():
            return (e.SwitchAdded.model_validate({**common, "routing": command.routing}),)
        case c.AddHost():
            return (e.HostAdded.model_validate(common),)
        case _:
            assert_never(command)


def _check_details(kind: DeviceKind, details: e.DeviceDetails) -> None:
    check_platform(kind, details.vendor, details.platform)
    if details.bridges is not None and kind is not DeviceKind.HOST:
        raise RuleViolated(f"a {kind.value} has no bridges of Linux; hosts have them", subject="bridges")


def _new_ports(kind: DeviceKind, existing: tuple[str, ...], written: tuple[str, ...]) -> tuple[str, ...]:
    """The ports to add in their one form. A host's bridges and VLAN interfaces come with what needs them."""
    ports = tuple(port_name(kind, port) for port in written)
    for index, port in enumerate(ports):
        if port in existing or port in ports[:index]:
            raise AlreadyExists(f"the port {port} is there already", subject=port)
        if kind is not DeviceKind.HOST and is_logical(port):
            raise RuleViolated(f"{port} is no physical port; it comes with its configuration", subject=port)
    return ports


def _decide_lifecycle(device: Device, command: LifecycleCommand) -> Events:
    match command:
        case c.RenameDevice():
            return () if command.name == device.name else (e.DeviceRenamed(name=command.name),)
        case c.ChangeDeviceDetails():
            _check_details(device.kind, command.details)
            return () if command.details == device.details else (e.DeviceDetailsChanged(details=command.details),)
        case c.AddPorts():
            ports = _new_ports(device.kind, device.ports, command.ports)
            return (e.PortsAdded(ports=ports),) if ports else ()
        case c.RemovePorts():
            return _remove_ports(device, command.ports)
        case c.EnableRouting() | c.DisableRouting():
            return _switch_routing(device, on=isinstance(command, c.EnableRouting))
        case c.RemoveDevice():
            return (e.DeviceRemoved(),)
        case c.PinHostKey():
            return _pin(device, command)
        case _:
            assert_never(command)


def _remove_ports(device: Device, written: tuple[str, ...]) -> Events:
    ports = tuple(port_name(device.kind, port) for port in written)
    for port in ports:
        require_port(device, port)
        if port in device.switch_ports or port in device.interfaces or device.sub_interfaces(port):
            raise RuleViolated(f"{device.name} {port} is configured; reset it first", subject=port)
    return (e.PortsRemoved(ports=ports),) if ports else ()


def _switch_routing(device: Device, *, on: bool) -> Events:
    if device.kind is DeviceKind.ROUTER:
        raise RuleViolated(f"{device.name} is a router: it routes anyway", subject=device.id)
    if device.routing == on:
        return ()
    if not on and _routes_by(device):
        what = "a routing protocol" if device.is_host else "routed ports, routes or a routing protocol"
        raise RuleViolated(f"{device.name} has {what}; remove them before it stops routing", subject=device.id)
    return (e.RoutingEnabled() if on else e.RoutingDisabled(),)


def _routes_by(device: Device) -> bool:
    """Whether it has what only a device that routes can have; addresses and routes of its own any host has."""
    protocols = device.ospf or device.bgp or device.eigrp
    if device.is_host:
        return bool(protocols)
    return bool(protocols or device.routes or any(interface_type(name) != "Vlan" for name in device.interfaces))


def _pin(device: Device, command: c.PinHostKey) -> Events:
    if device.host_keys.get(command.environment) == command.key:
        return ()
    event = e.HostKeyPinned(environment=command.environment, key=command.key, fingerprint=command.fingerprint)
    return (event,)


_AREAS: tuple[tuple[UnionType, Callable[[Device, Any], Events]], ...] = (
    (LifecycleCommand, _decide_lifecycle),
    (SwitchingCommand, decide_switching),
    (RoutingCommand, decide_routing),
    (ProtocolCommand, decide_protocols),
    (BundleCommand, decide_bundles),
    (FeatureCommand, decide_features),
    (HostCommand, decide_host),
)
_AREA_OF = {kind: area for kinds, area in _AREAS for kind in get_args(kinds)}
