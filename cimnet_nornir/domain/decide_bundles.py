"""What a command on port-channels or bonds becomes, and what of them must fit the rest of the device."""

from collections.abc import Iterable
from typing import assert_never

from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain import events as e
from cimnet_nornir.domain.bundles import bundles_of, channel_name, channel_number
from cimnet_nornir.domain.device import BundleEvent, Device
from cimnet_nornir.domain.interfaces import LINUX_LOOPBACK
from cimnet_nornir.domain.layer2 import is_routed
from cimnet_nornir.domain.requirements import require_port, require_switch
from cimnet_nornir.domain.values import PortConfiguration
from cimnet_nornir.errors import RuleViolated

BundleCommand = c.ConfigurePortChannel | c.RemovePortChannel | c.ConfigureBond | c.RemoveBond


def decide_bundles(device: Device, command: BundleCommand) -> tuple[BundleEvent, ...]:
    """The events of the command: port-channels are for switches, bonds for hosts."""
    match command:
        case c.ConfigurePortChannel():
            require_switch(device)
            _require_members(device, command.channel.members)
            same = device.port_channels.get(command.number) == command.channel
            return () if same else (e.PortChannelConfigured(number=command.number, channel=command.channel),)
        case c.RemovePortChannel():
            return _remove_channel(device, command.number)
        case c.ConfigureBond():
            _require_host(device)
            _require_members(device, command.bond.members)
            same = device.bonds.get(command.name) == command.bond
            return () if same else (e.BondConfigured(name=command.name, bond=command.bond),)
        case c.RemoveBond():
            return _remove_bond(device, command.name)
        case _:
            assert_never(command)


def _require_members(device: Device, members: Iterable[str]) -> None:
    for port in members:
        require_port(device, port)


def _require_host(device: Device) -> None:
    if not device.is_host:
        hint = "; the ports of a switch are one in a port-channel" if device.switches else ""
        raise RuleViolated(f"{device.name} is a {device.kind.value}: it has no bonds{hint}", subject=device.id)


def _remove_channel(device: Device, number: int) -> tuple[BundleEvent, ...]:
    require_switch(device)
    name = channel_name(number)
    if number not in device.port_channels:
        return ()
    if name in device.switch_ports:
        raise RuleViolated(f"{device.name} {name} is configured; reset it first", subject=name)
    return (e.PortChannelRemoved(number=number),)


def _remove_bond(device: Device, name: str) -> tuple[BundleEvent, ...]:
    if name not in device.bonds:
        return ()
    if name in device.interfaces:
        raise RuleViolated(f"{device.name} {name} is configured; remove that interface first", subject=name)
    return (e.BondRemoved(name=name),)


# --- what holds over the whole device ---------------------------------------------------------------------------------


def refuse_stray_members(device: Device) -> None:
    """Refuse members of bundles that cannot be: looked at when all commands of a change are decided.

    So a port may pass from one bundle to another on the way, or from a mode of its own into a bundle. Raises
    RuleViolated; the subject is "HOST port_channels NUMBER" or "HOST bonds NAME".
    """
    taken: dict[str, str] = {}
    for bundle, members in bundles_of(device):
        number = channel_number(bundle)
        subject = f"{device.name} bonds {bundle}" if number is None else f"{device.name} port_channels {number}"
        if bundle in (*device.ports, LINUX_LOOPBACK):
            what = "the loopback" if bundle == LINUX_LOOPBACK else "a network card"
            raise RuleViolated(f"{bundle} is {what} of {device.name}; name the bond otherwise", subject=subject)
        for port in members:
            first = taken.setdefault(port, bundle)
            if first != bundle:
                raise RuleViolated(
                    f"{device.name} {port} is in {first} and in {bundle}; it can be in one", subject=subject
                )
            why = _cannot_join(device, port, bundle)
            if why:
                raise RuleViolated(f"{device.name} {port} is in {bundle} and {why}", subject=subject)


def _cannot_join(device: Device, port: str, bundle: str) -> str:
    """Why a port cannot be a member, if so: it does what its port-channel does, and a card hands all to its bond."""
    if port not in device.ports:
        return "is no port any more"
    if device.is_host:
        return f"can have no address; give it to {bundle}" if acts_at_layer3(device, port) else ""
    if acts_at_layer3(device, port):
        return "is routed; remove that interface"
    if acts_by_itself(device.switch_ports.get(port)):
        return "has a mode of its own; say it of the port-channel, and of the port its description at most"
    return ""


def acts_at_layer3(device: Device, port: str) -> bool:
    """Whether a port is routed, or a card of a host has an address: of a card a description or MTU may be said."""
    if device.is_host:
        return port in device.interfaces and bool(device.interfaces[port].addresses)
    return is_routed(device, port)


def acts_by_itself(port: PortConfiguration | None) -> bool:
    """Whether more is said of a port than its description, and whether it is shut."""
    return port is not None and bool(port.switching or port.portfast or port.bpduguard)
