"""What a command on BGP, EIGRP or access lists becomes, and what of them must fit the rest of the device."""

from collections.abc import Iterator
from typing import assert_never

from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain import events as e
from cimnet_nornir.domain.device import Device, ProtocolEvent
from cimnet_nornir.domain.features.vrf import VrfDefinition
from cimnet_nornir.domain.requirements import require_network_device, require_routing
from cimnet_nornir.errors import AccessListInUse, NotFound, RuleViolated

ProtocolCommand = (
    c.ConfigureBgp | c.RemoveBgp | c.ConfigureEigrp | c.RemoveEigrp | c.ConfigureAccessList | c.RemoveAccessList
)


def decide_protocols(device: Device, command: ProtocolCommand) -> tuple[ProtocolEvent, ...]:
    """The events of the command; access lists are for any router or switch, the protocols for what routes."""
    match command:
        case c.ConfigureAccessList():
            require_network_device(device, "access lists")
            same = device.access_lists.get(command.access_list.name) == command.access_list
            return () if same else (e.AccessListConfigured(access_list=command.access_list),)
        case c.RemoveAccessList():
            return _remove_list(device, command.name)
        case c.ConfigureEigrp() if device.is_host:
            raise RuleViolated(f"{device.name} is a host: it has no EIGRP; OSPF and BGP it can have", subject=device.id)
        case _:
            require_routing(device, "first")
            return _decide_routing_protocols(device, command)


def _decide_routing_protocols(
    device: Device, command: c.ConfigureBgp | c.RemoveBgp | c.ConfigureEigrp | c.RemoveEigrp
) -> tuple[ProtocolEvent, ...]:
    match command:
        case c.ConfigureBgp():
            return () if device.bgp == command.router else (e.BgpConfigured(router=command.router),)
        case c.RemoveBgp():
            return () if device.bgp is None else (e.BgpRemoved(as_number=device.bgp.as_number),)
        case c.ConfigureEigrp():
            same = device.eigrp.get(command.process.as_number) == command.process
            return () if same else (e.EigrpConfigured(process=command.process),)
        case c.RemoveEigrp():
            present = command.as_number in device.eigrp
            return (e.EigrpRemoved(as_number=command.as_number),) if present else ()
        case _:
            assert_never(command)


# --- access lists -----------------------------------------------------------------------------------------------------


def _remove_list(device: Device, name: str) -> tuple[ProtocolEvent, ...]:
    users = [
        interface
        for interface, routed in device.interfaces.items()
        if name in (routed.access_group_in, routed.access_group_out)
    ]
    if users:
        raise AccessListInUse(
            f"{device.name} {', '.join(users)} uses the access list {name}; take it off there first",
            subject=f"access list {name}",
            users=users,
        )
    return (e.AccessListRemoved(name=name),) if name in device.access_lists else ()


# --- what holds over the whole device ---------------------------------------------------------------------------------


def refuse_stray_protocols(device: Device) -> None:
    """Refuse what protocols say of interfaces that are otherwise: looked at when all commands of a change are decided.

    Raises RuleViolated for a neighbour that is the device itself (IOS: "Cannot configure the local system as
    neighbor"), NotFound for an interface or a VRF that is not there; the subject is "HOST bgp ADDRESS", "HOST eigrp AS"
    or "HOST ospf PROCESS".
    """
    if device.bgp is not None:
        _refuse_own_neighbor(device)
    for number, process in device.ospf.items():
        if process.vrf is not None and device.setting(VrfDefinition.FEATURE, process.vrf) is None:
            raise NotFound(
                f"OSPF {number} of {device.name} is in the VRF {process.vrf}, which {device.name} does not have",
                subject=f"{device.name} ospf {number}",
            )
    for protocol, what, interface in _named_interfaces(device):
        if interface not in device.interfaces:
            raise NotFound(
                f"{what} of {device.name} names {interface}, which is no layer-3 interface of it",
                subject=f"{device.name} {protocol}",
            )


def _refuse_own_neighbor(device: Device) -> None:
    own = {address.ip: name for name, item in device.interfaces.items() for address in item.addresses}
    for neighbor in device.bgp.neighbors if device.bgp else ():
        if neighbor.address in own:
            raise RuleViolated(
                f"the BGP neighbour {neighbor.address} is {device.name} {own[neighbor.address]} itself",
                subject=f"{device.name} bgp {neighbor.address}",
            )


def _named_interfaces(device: Device) -> Iterator[tuple[str, str, str]]:
    for neighbor in device.bgp.neighbors if device.bgp else ():
        if neighbor.update_source is not None:
            yield f"bgp {neighbor.address}", f"the BGP neighbour {neighbor.address}", neighbor.update_source
    for number, process in device.eigrp.items():
        yield from ((f"eigrp {number}", f"EIGRP {number}", name) for name in process.passive_interfaces)
