"""The addresses that a server has for itself, and what it routes."""

from collections.abc import Iterable
from ipaddress import IPv4Interface

from cimnet_nornir.application.host_parts import HostInterface, HostRouting, HostSide
from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.values import HostInterfaceConfiguration, StaticRoute
from cimnet_nornir.errors import RuleViolated


def interfaces_of(host: Device) -> tuple[HostInterface, ...]:
    """The interfaces with what the host has for itself on them, by their names."""
    told = ((name, it) for name, it in host.interfaces.items() if isinstance(it, HostInterfaceConfiguration))
    return tuple(
        HostInterface(name, it.addresses, it.gateway, it.mtu, it.description)
        for name, it in sorted(told, key=lambda each: each[0])
    )


def routing_of(host: Device) -> HostRouting | None:
    """What the host routes by; None where it has nothing but its gateways."""
    runs = ((name, interface.ospf) for name, interface in sorted(host.interfaces.items()))
    routing = HostRouting(
        forwards=host.routing,
        routes=tuple(sorted(host.routes, key=lambda route: (route.prefix, route.distance, route.next_hop))),
        ospf=next((host.ospf[number] for number in sorted(host.ospf)), None),
        ospf_interfaces=tuple((name, ospf) for name, ospf in runs if ospf is not None),
        bgp=host.bgp,
    )
    return None if routing == HostRouting() else routing


def has_default_route(host: Device) -> bool:
    """Whether the host is told itself by which way it reaches all else."""
    return bool(host.default_gateways) or any(route.prefix.prefixlen == 0 for route in host.routes)


def routes_by(side: HostSide, addresses: Iterable[IPv4Interface]) -> tuple[StaticRoute, ...]:
    """The static routes whose next hop is reached by an interface with these addresses.

    None where routing daemons run: these have the static routes too, and choose by their distances.
    """
    if side.routing is None or side.routing.daemons:
        return ()
    subnets = [address.network for address in addresses]
    return tuple(route for route in side.routing.routes if any(route.next_hop in subnet for subnet in subnets))


def refuse_lost_routes(side: HostSide) -> None:
    """Refuse a static route that no interface of the host leads to: nothing would be there to carry it."""
    if side.routing is None or side.routing.daemons:
        return
    own = [address for interface in side.interfaces for address in interface.addresses]
    reached = routes_by(side, [*own, *(address for bridge in side.bridges for address in bridge.addresses)])
    for route in side.routing.routes:
        if route not in reached:
            raise RuleViolated(
                f"{side.name}: no interface leads to {route.next_hop}, the next hop of {route.prefix}; give one an"
                " address in its subnet",
                subject=side.name,
            )
