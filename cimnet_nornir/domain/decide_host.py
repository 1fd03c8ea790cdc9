"""What a command on the interfaces that a host has for itself becomes, and what must fit the rest of the host."""

from collections.abc import Iterator
from ipaddress import IPv4Interface
from typing import assert_never

from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain import events as e
from cimnet_nornir.domain.decide_routing import check_layer3, unusable
from cimnet_nornir.domain.device import Device, HostEvent
from cimnet_nornir.domain.interfaces import LINUX_LOOPBACK, interface_type
from cimnet_nornir.domain.requirements import require_port
from cimnet_nornir.domain.values import HostInterfaceConfiguration
from cimnet_nornir.errors import RuleViolated

HostCommand = c.ConfigureHostInterface | c.RemoveHostInterface


def decide_host(device: Device, command: HostCommand) -> tuple[HostEvent, ...]:
    """The events of the command; refused on anything but a host."""
    name = command.interface
    if not device.is_host:
        raise RuleViolated(f"{device.name} is a {device.kind.value}, not a host: it has no {name}", subject=device.id)
    match command:
        case c.ConfigureHostInterface():
            _require_interface(device, name)
            check_layer3(device, name, command.configuration)
            _check_gateway(device, name, command.configuration)
            if device.interfaces.get(name) == command.configuration:
                return ()
            return (e.HostInterfaceConfigured(interface=name, configuration=command.configuration),)
        case c.RemoveHostInterface():
            return (e.HostInterfaceRemoved(interface=name),) if name in device.interfaces else ()
        case _:
            assert_never(command)


def _require_interface(device: Device, name: str) -> None:
    """A network card, a bond, or the loopback: VLAN interfaces come with the networks that need them."""
    if name == LINUX_LOOPBACK:
        return
    if name not in device.bonds:
        require_port(device, name)
    if "." in name or interface_type(name) == "Vlan":
        raise RuleViolated(
            f"{device.name} {name} is a VLAN interface by its name; network cards, bonds and lo have addresses",
            subject=name,
        )


def _check_gateway(device: Device, name: str, configuration: HostInterfaceConfiguration) -> None:
    gateway, addresses = configuration.gateway, configuration.addresses
    if gateway is None:
        return
    near = [own for own in addresses if gateway in own.network]
    if not near:
        subnets = ", ".join(str(own.network) for own in addresses) or "none"
        raise RuleViolated(
            f"the gateway {gateway} of {device.name} {name} is in no subnet of it (it has: {subnets})", subject=name
        )
    if any(gateway == own.ip for own in addresses):
        raise RuleViolated(f"the gateway {gateway} of {device.name} {name} is {device.name} itself", subject=name)
    if (kind := unusable(IPv4Interface((gateway, near[0].network.prefixlen)))) is not None:
        raise RuleViolated(f"the gateway {gateway} of {device.name} {name} is {kind}", subject=name)


# --- what holds over the whole host -----------------------------------------------------------------------------------


def refuse_host_misfits(host: Device) -> None:
    """Refuse what a host can have one of: looked at when all commands of a change are decided.

    Raises RuleViolated for a second default route, with "HOST INTERFACE" as its subject, and for a second OSPF process,
    of which FRR runs one, with "HOST ospf PROCESS".
    """
    routes = tuple(_default_routes(host))
    for words, name in routes[1:]:
        raise RuleViolated(
            f"{host.name} has two default routes, {routes[0][0]} and {words}; keep one", subject=f"{host.name} {name}"
        )
    for number in sorted(host.ospf)[1:] if host.is_host else ():
        raise RuleViolated(
            f"{host.name} is a host, which runs one OSPF process; {min(host.ospf)} and {number} are two",
            subject=f"{host.name} ospf {number}",
        )


def _default_routes(host: Device) -> Iterator[tuple[str, str]]:
    """The default routes in words, each with the interface that has it; static ones, which are one, come first."""
    static = [route.next_hop for route in host.routes if route.prefix.prefixlen == 0]
    if static:
        yield f"a static one via {static[0]}", ""
    for name, gateway in sorted(host.default_gateways.items()):
        yield f"the gateway {gateway} of {name}", name
