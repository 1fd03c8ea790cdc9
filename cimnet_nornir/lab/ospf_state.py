"""What OSPF has found out: interfaces in areas, neighbours, and the shortest paths to every prefix."""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Interface, IPv4Network
from typing import TYPE_CHECKING, Final

from cimnet_nornir.lab.config import Line
from cimnet_nornir.lab.features.addressing import addresses
from cimnet_nornir.lab.features.ospf import PROCESS, is_passive
from cimnet_nornir.lab.features.ospf_areas import area_number
from cimnet_nornir.lab.features.routes import static_routes
from cimnet_nornir.lab.links import Place, is_up, neighbours, section_of
from cimnet_nornir.lab.names import type_of

if TYPE_CHECKING:
    from cimnet_nornir.lab.device import Device

DEFAULT: Final = IPv4Network("0.0.0.0/0")
_REFERENCE: Final = 100


@dataclass(frozen=True, slots=True)
class OspfInterface:
    """An interface that takes part in OSPF."""

    device: "Device"
    name: str
    address: IPv4Interface
    process: str
    area: str
    cost: int
    passive: bool


@dataclass(frozen=True, slots=True)
class OspfNeighbour:
    """A full adjacency: our interface and theirs."""

    local: OspfInterface
    remote: OspfInterface


@dataclass(frozen=True, slots=True)
class OspfPath:
    """A way to a prefix: `O`, `O IA`, `O E2` or `O*E2`, its metric, next hop and outgoing interface."""

    code: str
    prefix: IPv4Network
    metric: int
    hop: IPv4Address
    interface: str


def processes(device: "Device") -> list[Line]:
    """The OSPF processes of a device that run."""
    return [line for line in device.running.all(PROCESS) if not line.section.has("shutdown")]


def router_id(device: "Device", process: Line) -> str:
    """The configured router id, or the highest address of a loopback, or of any interface."""
    configured = process.section.value("router-id", name="id")
    if configured:
        return configured
    found = [(line.key[1].startswith("Loopback"), address.ip) for line, address in _addressed(device)]
    return str(max(found)[1]) if found else "0.0.0.0"  # noqa: S104  # a router id, not an address to listen on


def _addressed(device: "Device") -> Iterator[tuple[Line, IPv4Interface]]:
    for line in device.running.all("interface"):
        own = addresses(line.section)
        if own and is_up(device, line.key[1]):
            yield line, own[0]


def interfaces(device: "Device") -> list[OspfInterface]:
    """The interfaces of a device that take part, those that are up."""
    if device.topology is None:
        return []
    return device.topology.remembered(("ospf", device.declared.name), lambda: _interfaces(device))


def _interfaces(device: "Device") -> list[OspfInterface]:
    found = []
    for line, address in _addressed(device):
        for process in processes(device):
            area = _area(line, address, process)
            if area is not None:
                passive = is_passive(process, line.key[1]) or line.key[1].startswith("Loopback")
                cost = _cost(line, process)
                found.append(OspfInterface(device, line.key[1], address, process.key[1], area, cost, passive))
                break
    return found


def _area(line: Line, address: IPv4Interface, process: Line) -> str | None:
    own = line.section.get("ip ospf area", process.key[1])
    if own is not None:
        return str(area_number(own.values["area"]))
    for network in process.section.all("network"):
        care = ~int(IPv4Address(network.values["wildcard"])) & 0xFFFFFFFF
        if int(address.ip) & care == int(IPv4Address(network.values["network"])) & care:
            return str(area_number(network.values["area"]))
    return None


def _cost(line: Line, process: Line) -> int:
    configured = line.section.value("ip ospf cost", name="cost")
    if configured:
        return int(configured)
    reference = int(process.section.value("auto-cost reference-bandwidth", name="megabits", default=str(_REFERENCE)))
    kind = type_of(line.key[1])
    kilobits = int(line.section.value("bandwidth", name="kilobits", default=str(kind.kilobits)))
    return 1 if kind.name == "Loopback" else min(65535, max(1, reference * 1000 // kilobits))


def adjacencies(device: "Device") -> list[OspfNeighbour]:
    """The neighbours of a device: same broadcast domain, same network, same area, hellos on both sides."""

    def find() -> list[OspfNeighbour]:
        return [found for local in interfaces(device) if not local.passive for found in _neighbours(local)]

    return device.topology.remembered(("adjacencies", device.declared.name), find) if device.topology else []


def _neighbours(local: OspfInterface) -> Iterator[OspfNeighbour]:
    for place in neighbours(Place(local.device, local.name)):
        for remote in interfaces(place.device):
            same = remote.address.network == local.address.network and remote.area == local.area
            if remote.name == place.interface and same and not remote.passive and _mtu(local) == _mtu(remote):
                yield OspfNeighbour(local, remote)


def _mtu(interface: OspfInterface) -> str:
    section = section_of(interface.device, interface.name)
    plain = section.value("mtu", name="bytes", default="1500")
    return section.value("ip mtu", name="bytes", default=plain)


@dataclass(frozen=True, slots=True)
class _Reached:
    """A router on the shortest path tree: its distance and the first step towards it."""

    device: "Device"
    distance: int
    first: OspfNeighbour


def _tree(source: "Device") -> list[_Reached]:
    """Dijkstra over the adjacencies; of several shortest ways the first found counts."""
    waiting: list[tuple[int, int, _Reached]] = []
    counter = 0
    done: dict[str, _Reached] = {}
    for found in adjacencies(source):
        counter += 1
        heapq.heappush(waiting, (found.local.cost, counter, _Reached(found.remote.device, found.local.cost, found)))
    while waiting:
        distance, _, reached = heapq.heappop(waiting)
        name = reached.device.declared.name
        if name in done or reached.device is source:
            continue
        done[name] = reached
        for found in adjacencies(reached.device):
            counter += 1
            step = _Reached(found.remote.device, distance + found.local.cost, reached.first)
            heapq.heappush(waiting, (step.distance, counter, step))
    return list(done.values())


def paths(device: "Device") -> list[OspfPath]:
    """The best way to each prefix that OSPF knows beyond the device's own."""
    areas = {interface.area for interface in interfaces(device)}
    best: dict[IPv4Network, OspfPath] = {}
    for reached in _tree(device):
        for path in _offers(reached, areas):
            kept = best.get(path.prefix)
            if kept is None or (_rank(path), path.metric) < (_rank(kept), kept.metric):
                best[path.prefix] = path
    return list(best.values())


def _rank(path: OspfPath) -> int:
    """Inside an area first, then between areas, then what came from outside."""
    return ("O", "O IA").index(path.code) if path.code in {"O", "O IA"} else 2


def _offers(reached: _Reached, areas: set[str]) -> Iterator[OspfPath]:
    hop, interface = reached.first.remote.address.ip, reached.first.local.name
    for offered in interfaces(reached.device):
        code = "O" if offered.area in areas else "O IA"
        loopback = offered.name.startswith("Loopback")
        point = section_of(offered.device, offered.name).value("ip ospf network", name="type") == "point-to-point"
        # A loopback is told as a host route unless it plays a point-to-point network.
        prefix = IPv4Network(offered.address.ip) if loopback and not point else offered.address.network
        yield OspfPath(code, prefix, reached.distance + offered.cost, hop, interface)
    for process in processes(reached.device):
        for prefix, metric in _external(reached.device, process):
            yield OspfPath("O*E2" if prefix == DEFAULT else "O E2", prefix, metric, hop, interface)


def _external(device: "Device", process: Line) -> Iterator[tuple[IPv4Network, int]]:
    originate = process.section.get("default-information originate")
    statics = [prefix for prefix, _ in static_routes(device.running)]
    if originate is not None and ("always" in originate.text or DEFAULT in statics):
        yield DEFAULT, int(originate.values.get("metric", "1"))
    redistributed = process.section.get("redistribute", "static")
    if redistributed is not None:
        yield from ((prefix, int(redistributed.values.get("metric", "20"))) for prefix in statics if prefix != DEFAULT)
    connected = process.section.get("redistribute", "connected")
    if connected is not None:
        inside = {interface.name for interface in interfaces(device)}
        for line, address in _addressed(device):
            if line.key[1] not in inside:
                yield address.network, int(connected.values.get("metric", "20"))
