"""What is declared of a device's ports, VLANs and routing, as its page shows it."""

from collections.abc import Iterable, Iterator, Mapping

from cimnet_nornir.application.describe import interface_words, port_words, route_words
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.interfaces import format_vlan_list, interface_sort_key, is_logical
from cimnet_nornir.domain.network import Network
from cimnet_nornir.domain.values import AccessMode, PortConfiguration, RoutedInterface, TrunkMode, Value


class Peer(Value):
    """The other end of a cable: a device's host name, and its port."""

    device: str
    port: str


class DeclaredPort(Value):
    """What an interface is to do; `kind` is "port" or "logical", `mode` "access", "trunk", "routed" or ""."""

    name: str
    kind: str
    description: str
    words: str
    mode: str
    vlans: str
    addresses: tuple[str, ...]
    enabled: bool
    peer: Peer | None


class DeclaredVlan(Value):
    """A VLAN of a switch with the ports that carry it."""

    vlan: int
    name: str
    tagged: tuple[str, ...]
    untagged: tuple[str, ...]


class DeclaredDevice(Value):
    """All that is declared of a device as its page shows it."""

    ports: tuple[DeclaredPort, ...]
    vlans: tuple[DeclaredVlan, ...]
    routing: tuple[str, ...]


def declared_device(service: NetworkService, identity: str, at: int | None = None) -> DeclaredDevice:
    """What is declared of a device, by its id. Raises NotFound where there is no network."""
    network = service.network(at)
    device = network.devices[identity]
    peers = _peers(network, identity)
    names = sorted({*device.ports, *device.switch_ports, *device.interfaces}, key=interface_sort_key)
    return DeclaredDevice(
        ports=tuple(_port(device, name, peers.get(name)) for name in names),
        vlans=tuple(_vlans(service, device, at)),
        routing=tuple(_routing(device)),
    )


def _peers(network: Network, identity: str) -> Mapping[str, Peer]:
    found = {}
    for link in network.links:
        for mine, other in ((link.a, link.b), (link.b, link.a)):
            if mine[0] == identity:
                found[mine[1]] = Peer(device=network.devices[other[0]].name, port=other[1])
    return found


def _port(device: Device, name: str, peer: Peer | None) -> DeclaredPort:
    switched, routed = device.switch_ports.get(name), device.interfaces.get(name)
    return DeclaredPort(
        name=name,
        kind="logical" if is_logical(name) else "port",
        description=next((item.description for item in (routed, switched) if item and item.description), ""),
        words=_words(name, switched, routed),
        mode="routed" if routed is not None else _mode(switched),
        vlans=_vlans_of(switched),
        addresses=tuple(map(str, routed.addresses)) if routed is not None else (),
        enabled=all(item.enabled for item in (routed, switched) if item is not None),
        peer=peer,
    )


def _words(name: str, switched: PortConfiguration | None, routed: RoutedInterface | None) -> str:
    if routed is not None:
        return interface_words(name, routed)
    return port_words(name, switched) if switched is not None else ""


def _mode(switched: PortConfiguration | None) -> str:
    return switched.switching.mode if switched is not None and switched.switching is not None else ""


def _vlans_of(switched: PortConfiguration | None) -> str:
    match switched.switching if switched is not None else None:
        case AccessMode(vlan=vlan):
            return str(vlan)
        case TrunkMode(allowed=allowed):
            return "all" if allowed is None else format_vlan_list(allowed)
        case None:
            return ""


def _vlans(service: NetworkService, device: Device, at: int | None) -> Iterator[DeclaredVlan]:
    for view in service.vlans(at) if device.switches else ():
        for switch in view.switches:
            if switch.device == device.name:
                yield DeclaredVlan(
                    vlan=view.vlan,
                    name=switch.name or "",
                    tagged=_ports(switch.ports, "tagged"),
                    untagged=_ports(switch.ports, "untagged"),
                )


def _ports(ports: Mapping[str, str], how: str) -> tuple[str, ...]:
    return tuple(sorted((name for name, carries in ports.items() if carries == how), key=interface_sort_key))


def _routing(device: Device) -> Iterable[str]:
    for number, process in sorted(device.ospf.items()):
        yield f"OSPF {number}, router id {process.router_id}"
    if device.bgp is not None:
        yield f"BGP {device.bgp.as_number}"
    yield from (f"EIGRP {number}" for number in sorted(device.eigrp))
    yield from map(route_words, device.routes)
