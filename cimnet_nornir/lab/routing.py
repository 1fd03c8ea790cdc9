"""The routing table of a device, from its interfaces, its static routes and OSPF; and whether packets arrive."""

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network
from typing import TYPE_CHECKING, Final

from cimnet_nornir.lab import ospf_state
from cimnet_nornir.lab.features.addressing import addresses
from cimnet_nornir.lab.features.routes import static_routes
from cimnet_nornir.lab.links import Place, is_up, neighbours
from cimnet_nornir.lab.tracked import is_tracked_up

if TYPE_CHECKING:
    from cimnet_nornir.lab.device import Device

# The time to live of a packet.
_HOPS: Final = 255
_OSPF_DISTANCE: Final = 110


@dataclass(frozen=True, slots=True)
class Route:
    """A line of the routing table; `hop` is None on a connected network."""

    code: str
    prefix: IPv4Network
    distance: int
    metric: int
    hop: IPv4Address | None
    interface: str


def routes_packets(device: "Device") -> bool:
    """Whether IP routing is on."""
    if device.profile.is_router:
        return not device.running.has("no ip routing")
    return device.running.has("ip routing")


def own_addresses(device: "Device") -> Iterator[tuple[str, IPv4Address, IPv4Network]]:
    """The addresses of interfaces that are up, with their networks."""
    for line in device.running.all("interface"):
        own = addresses(line.section)
        if own and is_up(device, line.key[1]):
            yield from ((line.key[1], address.ip, address.network) for address in own)


def connected(device: "Device") -> list[Route]:
    """The networks and addresses of the interfaces that are up."""
    found = []
    for name, address, network in own_addresses(device):
        if network.prefixlen < network.max_prefixlen:
            found.append(Route("C", network, 0, 0, None, name))
            found.append(Route("L", IPv4Network(address), 0, 0, None, name))
        else:
            found.append(Route("C", network, 0, 0, None, name))
    return found


def routing_table(device: "Device") -> list[Route]:
    """The routes in use, sorted by prefix: the least distance wins, equals stand side by side."""
    offered = [*connected(device), *_statics(device), *_dynamics(device)]
    best: dict[tuple[IPv4Network, bool], int] = {}
    for route in offered:
        key = (route.prefix, route.code == "L")
        best[key] = min(best.get(key, route.distance), route.distance)
    used = [route for route in offered if best[route.prefix, route.code == "L"] == route.distance]
    return sorted(used, key=lambda route: (route.prefix.network_address, route.prefix.prefixlen, route.code))


def _statics(device: "Device") -> Iterator[Route]:
    if not routes_packets(device):
        return
    near = connected(device)
    for prefix, values in static_routes(device.running):
        distance = int(values.get("distance", "1"))
        hop = IPv4Address(values["hop"]) if "hop" in values else None
        interface = values.get("interface", "")
        usable = (
            interface == "Null0" or (interface and is_up(device, interface)) or (not interface and _near(near, hop))
        )
        if usable and ("track" not in values or is_tracked_up(device, values["track"])):
            yield Route("S*" if prefix == ospf_state.DEFAULT else "S", prefix, distance, 0, hop, interface)


def _near(near: list[Route], hop: IPv4Address | None) -> bool:
    return hop is not None and any(hop in route.prefix for route in near)


def _dynamics(device: "Device") -> Iterator[Route]:
    if not routes_packets(device):
        return
    for path in ospf_state.paths(device):
        yield Route(path.code, path.prefix, _OSPF_DISTANCE, path.metric, path.hop, path.interface)


def best_route(device: "Device", target: IPv4Address) -> Route | None:
    """The longest prefix that holds the target; without routing, the default gateway stands for the rest."""
    topology = device.topology
    name = device.declared.name
    table = topology.remembered(("routes", name), lambda: routing_table(device)) if topology else routing_table(device)
    fitting = [route for route in table if target in route.prefix]
    if fitting:
        return max(fitting, key=lambda route: (route.prefix.prefixlen, route.code != "L"))
    gateway = device.running.value("ip default-gateway", name="address")
    if routes_packets(device) or not gateway:
        return None
    return Route("S*", ospf_state.DEFAULT, 1, 0, IPv4Address(gateway), "")


def arrives(device: "Device", target: IPv4Address) -> "Device | None":
    """The device that a packet to `target` ends at, None when it is lost on the way."""
    here = device
    for _ in range(_HOPS):
        if any(address == target for _, address, _ in own_addresses(here)):
            return here
        forwards = here is device or routes_packets(here)
        following = _next(here, target) if forwards else None
        if following is None:
            return None
        here = following
    return None


def _next(device: "Device", target: IPv4Address) -> "Device | None":
    route = best_route(device, target)
    if route is None or route.interface == "Null0":
        return None
    towards = route.hop or target
    interface = route.interface or _interface_to(device, towards)
    if not interface:
        return None
    for place in neighbours(Place(device, interface)):
        if any(name == place.interface and address == towards for name, address, _ in own_addresses(place.device)):
            return place.device
    return None


def _interface_to(device: "Device", hop: IPv4Address) -> str:
    """The interface whose network holds the next hop."""
    names = [route.interface for route in connected(device) if route.code == "C" and hop in route.prefix]
    return names[0] if names else ""


def source_towards(device: "Device", target: IPv4Address) -> IPv4Address | None:
    """The address a device writes into its packets to `target`: that of the interface they leave by."""
    route = best_route(device, target)
    if route is None:
        return None
    interface = route.interface or _interface_to(device, route.hop or target)
    own = [address for name, address, _ in own_addresses(device) if name == interface]
    return own[0] if own else None


def reaches(device: "Device", target: IPv4Address, source: IPv4Address | None = None) -> bool:
    """Whether an echo request arrives and its reply comes back."""
    sender = source or source_towards(device, target)
    end = arrives(device, target) if sender else None
    return end is not None and sender is not None and arrives(end, sender) is device
