"""Rules about routing over a whole network."""

from collections.abc import Iterable, Iterator, Mapping
from ipaddress import IPv4Address

from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.interfaces import interface_type, is_loopback
from cimnet_nornir.domain.routing_view import (
    Peer,
    announced,
    bgp_peers,
    joined,
    own_numbers,
    redistributes_connected,
)
from cimnet_nornir.domain.validation.findings import Problem
from cimnet_nornir.domain.validation.rules import AnyRule, device_rule, rule
from cimnet_nornir.domain.validation.segments import LINK, Segment, attached
from cimnet_nornir.domain.validation.view import NetworkView, Placed
from cimnet_nornir.domain.values import RoutedInterface

BACKBONE = 0
_SEVERAL = 2


@rule("duplicate-router-id", "error", "Two routers have one router id.")
def duplicate_router_id(network: NetworkView) -> Iterator[Problem]:
    """Two routers of one id do not become neighbours, and spoil the database of the area (RFC 2328, C.1)."""
    owners: dict[tuple[str, IPv4Address], list[tuple[Device, str]]] = {}
    for device in network.devices.values():
        for protocol, process, router_id in _router_ids(device):
            owners.setdefault((protocol, router_id), []).append((device, process))
    for (_, router_id), users in owners.items():
        for device, process in users if len(users) > 1 else ():
            others = sorted({other.name for other, _ in users} - {device.name})
            if others:
                message = f"the router id {router_id} is that of {', '.join(others)} too"
                right = "a router id of its own, such as its loopback's"
                yield Problem(device.name, process, message, right, others=tuple(others))


def _router_ids(device: Device) -> Iterator[tuple[str, str, IPv4Address]]:
    """Each router id of a device with its protocol and process."""
    for number, ospf in sorted(device.ospf.items()):
        if ospf.router_id is not None:
            yield "OSPF", f"OSPF {number}", ospf.router_id
    if device.bgp is not None and device.bgp.router_id is not None:
        yield "BGP", f"BGP {device.bgp.as_number}", device.bgp.router_id
    for number, process in sorted(device.eigrp.items()):
        if process.router_id is not None:
            yield "EIGRP", f"EIGRP {number}", process.router_id


@rule("ospf-coverage", "warning", "A subnet of a router that runs OSPF is not announced in it.")
def ospf_coverage(network: NetworkView) -> Iterator[Problem]:
    """Of SVIs, loopbacks and sub-interfaces; a routed port may well be the border of the area (see ospf-one-sided)."""
    for device in network.devices.values():
        if not device.ospf or redistributes_connected(device):
            continue
        inside = joined(device)
        for name, interface in device.interfaces.items():
            if interface.enabled and name not in inside and _inside(name):
                yield from _not_announced(device, name, interface)


def _inside(interface: str) -> bool:
    return "." in interface or is_loopback(interface) or interface_type(interface) == "Vlan"


def _not_announced(device: Device, name: str, interface: RoutedInterface) -> Iterator[Problem]:
    elsewhere = announced(device)
    for address in interface.addresses:
        if not any(address.network.subnet_of(each) for each in elsewhere):
            message = f"{device.name} runs OSPF, and {address.network} is not announced in it"
            yield Problem(device.name, name, message, "give it its area, passive where there is no neighbour")


@rule("ospf-backbone", "warning", "A router joins OSPF areas without being in the backbone.")
def ospf_backbone(network: NetworkView) -> Iterator[Problem]:
    """Areas exchange routes only through area 0 (RFC 2328, 3.1)."""
    for device in network.devices.values():
        areas: dict[int, set[int]] = {}
        for name, ospf in joined(device).items():
            if device.interfaces[name].enabled:
                areas.setdefault(ospf.process, set()).add(ospf.area)
        for process, numbers in sorted(areas.items()):
            if len(numbers) > 1 and BACKBONE not in numbers:
                listed = ", ".join(map(str, sorted(numbers)))
                message = f"it joins the areas {listed}, and none of them is the backbone"
                yield Problem(device.name, f"OSPF {process}", message, "an interface in area 0")


@rule("bgp-neighbour", "error", "A BGP neighbour points at nobody, or the router there does not point back.")
def bgp_neighbour(network: NetworkView) -> Iterator[Problem]:
    """A neighbour outside the network may be where nobody can know it: in a subnet of a port to the outside."""
    holders: dict[IPv4Address, list[Placed]] = {}
    for placed in network.addresses:
        holders.setdefault(placed.address.ip, []).append(placed)
    for device in network.devices.values():
        for session in (peer for peer in bgp_peers(device) if not peer.shutdown):
            found = holders.get(session.address)
            yield from _mutual(device, session, found) if found else _nobody(network, device, session)


def _mutual(device: Device, session: Peer, holders: Iterable[Placed]) -> Iterable[Problem]:
    """What is wrong with a neighbour that is in the network; of several who share its address one may be meant."""
    problems = [tuple(_not_mutual(device, session, holder)) for holder in holders]
    return min(problems, key=len)


def _nobody(network: NetworkView, device: Device, session: Peer) -> Iterator[Problem]:
    """What is wrong with a neighbour whose address no device of the network has."""
    segments = network.remember(_segments)
    own = [
        name
        for name, interface in device.interfaces.items()
        if interface.enabled and any(session.address in address.network for address in interface.addresses)
    ]
    where, inside = f"BGP {session.address}", session.remote_as in network.remember(_numbers)
    nobody = f"nobody has the address {session.address} of the neighbour"
    if not own and session.remote_as != _as_number(device) and not session.multihop:
        message = f"the neighbour {session.address} is in no connected subnet, and is not told to be further away"
        yield Problem(device.name, where, message, "an address of a connected subnet, or ebgp multihop")
    elif own and all(_within(segments.get((device.id, name))) for name in own):
        yield Problem(device.name, where, nobody, "the address of the router at the other end")
    elif inside:
        message = f"{nobody}, and routers of AS {session.remote_as} are in this network"
        yield Problem(device.name, where, message, f"an address of a router of AS {session.remote_as}", "warning")


def _segments(network: NetworkView) -> Mapping[tuple[str, str], Segment]:
    return {(item.placed.device.id, item.placed.interface): item.segment for item in network.remember(attached)}


def _numbers(network: NetworkView) -> frozenset[int]:
    """The AS numbers of the network's routers."""
    return frozenset(number for device in network.devices.values() for number in own_numbers(device))


def _within(segment: Segment | None) -> bool:
    """Whether all of a segment is known: it is a link between two devices of the network."""
    return segment is not None and segment[0] == LINK


def _not_mutual(device: Device, session: Peer, holder: Placed) -> Iterator[Problem]:
    """What is wrong with a neighbour that is a device of the network."""
    other, where = holder.device, f"BGP {session.address}"
    others = () if other is device else (other.name,)
    if other is device:
        yield Problem(device.name, where, "the neighbour is the router itself", "the address of another router")
    elif other.bgp is None:
        message = f"{other.name} has the address of the neighbour, and runs no BGP"
        yield Problem(device.name, where, message, f"run BGP on {other.name}", others=others)
    elif session.remote_as not in own_numbers(other):
        message = f"{other.name} is in AS {other.bgp.as_number}, and AS {session.remote_as} is expected"
        yield Problem(device.name, where, message, f"the remote AS {other.bgp.as_number}", others=others)
    elif not _points_back(device, other):
        message = f"{other.name} has no neighbour with an address of {device.name}"
        yield Problem(device.name, where, message, f"{device.name} as a neighbour of {other.name}", others=others)


def _points_back(device: Device, other: Device) -> bool:
    own = {address.ip for interface in device.interfaces.values() for address in interface.addresses}
    return any(peer.address in own for peer in bgp_peers(other) if not peer.shutdown)


def _as_number(device: Device) -> int | None:
    return device.bgp.as_number if device.bgp is not None else None


@device_rule("unrouted-ports", "warning", "A switch has a port with an address, among others, and does not route.")
def unrouted_ports(device: Device) -> Iterator[Problem]:
    """By one address a switch is reached itself; with several, somebody expects it to pass packets on."""
    addressed = [name for name, interface in device.interfaces.items() if interface.addresses]
    if device.routes_packets or len(addressed) < _SEVERAL:
        return
    for name in addressed:
        if interface_type(name) != "Vlan":
            message = f"it is one of {len(addressed)} interfaces with an address, and {device.name} does not route"
            yield Problem(device.name, name, message, "routing: true, or no address there")


ROUTING_RULES: tuple[AnyRule, ...] = (
    duplicate_router_id,
    ospf_coverage,
    ospf_backbone,
    bgp_neighbour,
    unrouted_ports,
)
