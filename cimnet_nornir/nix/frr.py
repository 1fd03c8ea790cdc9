"""What a server that routes runs: FRR's configuration, and the options of NixOS that start its daemons.

Commands as in FRR's user guide (Zebra, Static, OSPFv2, BGP), those that FRR 8 and 10 both know. Options as in
nixos/modules/services/networking/frr.nix: zebra and staticd run with any of the daemons.
"""

from collections.abc import Iterable, Iterator, Mapping
from ipaddress import IPv4Interface

from cimnet_nornir.application.host_parts import HostRouting, HostSide
from cimnet_nornir.application.host_routing import routes_by
from cimnet_nornir.nix.expressions import Block, Value


def frr_settings(host: HostSide) -> dict[str, Value]:
    """By option path what a server needs to route; empty for one that does not.

    Static routes alone need no daemon: networkd has them (`networkd_routes`).
    """
    routing = host.routing
    if routing is None:
        return {}
    settings: dict[str, Value] = {}
    if routing.forwards:
        settings["boot.kernel.sysctl"] = {"net.ipv4.ip_forward": 1}
    settings |= {f"services.frr.{daemon}.enable": True for daemon in routing.daemons}
    if routing.daemons:
        settings["services.frr.config"] = Block(tuple((line,) for line in frr_configuration(host)))
    return settings


def networkd_routes(host: HostSide, addresses: Iterable[IPv4Interface]) -> tuple[Value, ...]:
    """The static routes that leave by an interface with these addresses, as networkd has them; none where FRR has them.

    The kernel takes the route with the least metric, and one with the usual distance has none (0).
    """
    return tuple(
        {
            "Destination": str(route.prefix),
            "Gateway": str(route.next_hop),
            **({} if route.distance == 1 else {"Metric": route.distance}),
        }
        for route in routes_by(host, addresses)
    )


# --- the configuration of FRR -----------------------------------------------------------------------------------------


def frr_configuration(host: HostSide) -> tuple[str, ...]:
    """The lines of FRR's one configuration file; empty where no daemon runs."""
    routing = host.routing
    if routing is None or not routing.daemons:
        return ()
    head = ("frr defaults traditional", f"hostname {_text(host.name)}", "!")
    return (*head, *_routes(routing), *_interfaces(host, routing), *_ospf(routing), *_bgp(routing))


def _routes(routing: HostRouting) -> Iterator[str]:
    for route in routing.routes:
        distance = "" if route.distance == 1 else f" {route.distance}"
        yield f"ip route {route.prefix} {route.next_hop}{distance}"
    if routing.routes:
        yield "!"


def _interfaces(host: HostSide, routing: HostRouting) -> Iterator[str]:
    described = {each.name: each.description for each in host.interfaces}
    for name, ospf in routing.ospf_interfaces:
        told = {
            "description": _text(described.get(name)),
            "ip ospf area": ospf.area,
            "ip ospf cost": ospf.cost,
            "ip ospf network": "point-to-point" if ospf.point_to_point else None,
        }
        yield f"interface {name}"
        yield from _said(" ", told)
        if ospf.passive:
            yield " ip ospf passive"
        yield from ("exit", "!")


def _ospf(routing: HostRouting) -> Iterator[str]:
    """The one process: its number tells processes of one router apart, and is told to nobody."""
    process = routing.ospf
    if process is None:
        return
    yield "router ospf"
    yield from _said(" ", {"ospf router-id": process.router_id})
    if process.default_originate:
        yield " default-information originate"
    yield from ("exit", "!")


def _bgp(routing: HostRouting) -> Iterator[str]:
    router = routing.bgp
    if router is None:
        return
    yield f"router bgp {router.as_number}"
    yield from _said(" ", {"bgp router-id": router.router_id})
    # As IOS has it: routes go to other ASes without a policy, and a network is announced where there is a route to it.
    yield from (" no bgp ebgp-requires-policy", " bgp network import-check")
    neighbors = sorted(router.neighbors, key=lambda neighbor: neighbor.address)
    for neighbor in neighbors:
        told = {
            "remote-as": neighbor.remote_as,
            "description": _text(neighbor.description),
            "update-source": neighbor.update_source,
            "ebgp-multihop": neighbor.ebgp_multihop,
        }
        yield from _said(f" neighbor {neighbor.address} ", told)
    yield from (" !", " address-family ipv4 unicast")
    yield from (f"  network {network}" for network in sorted(router.networks))
    for neighbor in neighbors:
        yield f"  neighbor {neighbor.address} activate"
        if neighbor.next_hop_self:
            yield f"  neighbor {neighbor.address} next-hop-self"
    yield from (" exit-address-family", "exit", "!")


def _said(begin: str, told: Mapping[str, object]) -> Iterator[str]:
    """A line for each word that something is said of."""
    return (f"{begin}{word} {value}" for word, value in told.items() if value is not None)


def _text(description: str | None) -> str | None:
    """A description as FRR can hold it, which has no way to quote: of one line, and of no pipe.

    Its daemons take what follows a "|" for a filter of what they answer, and leave the command undone.
    """
    if description is None:
        return None
    shown = "".join(character if character.isprintable() else " " for character in description)
    return " ".join(shown.replace("|", "/").split()) or None
