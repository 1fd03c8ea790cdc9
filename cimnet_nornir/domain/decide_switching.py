"""What a command on VLANs, switch ports or spanning tree becomes."""

from typing import assert_never

from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain import events as e
from cimnet_nornir.domain.device import Device, SwitchingEvent
from cimnet_nornir.domain.requirements import (
    require_switch,
    require_switched,
    require_switching_port,
    require_vlan,
)
from cimnet_nornir.domain.values import AccessMode, PortConfiguration, TrunkMode
from cimnet_nornir.errors import RuleViolated, VlanAlreadyExists, VlanNotFound

SwitchingCommand = c.CreateVlan | c.RenameVlan | c.RemoveVlan | c.ConfigureSpanningTree | c.ConfigurePort | c.ResetPort


def decide_switching(device: Device, command: SwitchingCommand) -> tuple[SwitchingEvent, ...]:
    """The events of the command; refused on anything but a switch."""
    require_switch(device)
    match command:
        case c.CreateVlan() | c.RenameVlan() | c.RemoveVlan():
            return _decide_vlan(device, command)
        case c.ConfigureSpanningTree():
            return _configure_spanning_tree(device, command)
        case c.ConfigurePort():
            return _configure_port(device, command)
        case c.ResetPort():
            require_switching_port(device, command.port)
            return (e.PortReset(port=command.port),) if command.port in device.switch_ports else ()
        case _:
            assert_never(command)


def _decide_vlan(device: Device, command: c.CreateVlan | c.RenameVlan | c.RemoveVlan) -> tuple[SwitchingEvent, ...]:
    vlan = command.vlan
    if isinstance(command, c.CreateVlan):
        if vlan in device.vlans:
            raise VlanAlreadyExists(f"{device.name} has VLAN {vlan} already", subject=str(vlan))
        return (e.VlanCreated(vlan=vlan, name=command.name),)
    if vlan not in device.vlans:
        raise VlanNotFound(f"{device.name} has no VLAN {vlan}", subject=str(vlan))
    if isinstance(command, c.RenameVlan):
        return () if device.vlans[vlan] == command.name else (e.VlanRenamed(vlan=vlan, name=command.name),)
    _require_unused(device, vlan)
    return (e.VlanRemoved(vlan=vlan),)


def _require_unused(device: Device, vlan: int) -> None:
    if f"Vlan{vlan}" in device.interfaces:
        raise RuleViolated(
            f"VLAN {vlan} on {device.name} has the interface Vlan{vlan}; remove that first", subject=str(vlan)
        )
    for port, configuration in device.switch_ports.items():
        use = _use(configuration, vlan)
        if use is not None:
            raise RuleViolated(
                f"VLAN {vlan} is the {use} VLAN of {device.name} {port}; change that first", subject=str(vlan)
            )


def _use(configuration: PortConfiguration, vlan: int) -> str | None:
    match configuration.switching:
        case AccessMode(vlan=used) if used == vlan:
            return "access"
        case TrunkMode(native_vlan=used) if used == vlan:
            return "native"
        case _:
            return None


def _configure_spanning_tree(device: Device, command: c.ConfigureSpanningTree) -> tuple[SwitchingEvent, ...]:
    current = device.spanning_tree
    if (current.mode, current.priorities) == (command.mode, command.priorities):
        return ()
    return (e.SpanningTreeConfigured(mode=command.mode, priorities=dict(command.priorities)),)


def _configure_port(device: Device, command: c.ConfigurePort) -> tuple[SwitchingEvent, ...]:
    require_switching_port(device, command.port)
    require_switched(device, command.port)
    _require_port_vlan(device, command.port, command.configuration)
    if device.switch_ports.get(command.port) == command.configuration:
        return ()
    return (e.PortConfigured(port=command.port, configuration=command.configuration),)


def _require_port_vlan(device: Device, port: str, configuration: PortConfiguration) -> None:
    mode = configuration.switching
    match mode:
        case AccessMode():
            require_vlan(device, mode.vlan, f"the access port {port}")
        case TrunkMode():
            require_vlan(device, mode.native_vlan, f"the native VLAN of {port}")
        case None:
            pass
        case _:
            assert_never(mode)
