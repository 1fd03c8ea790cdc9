"""What a device does by its base and its settings together: static routes, areas of OSPF, peers of BGP."""

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network

from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.features.bgp import BgpFamily, BgpPeer, BgpPeerGroup, BgpProcess
from cimnet_nornir.domain.features.bgp_parts import BgpSession
from cimnet_nornir.domain.features.ospf import OspfInterfaceSettings, OspfNetwork, OspfRedistribution, OspfSettings
from cimnet_nornir.domain.features.routes import StaticRouteSetting
from cimnet_nornir.domain.values import OspfInterface, StaticRoute


def static_routes(device: Device) -> tuple[StaticRoute, ...]:
    """The static routes of the global table that have a next hop and no interface, those of the base first."""
    told = (setting for setting in device.features.values() if isinstance(setting, StaticRouteSetting))
    more = (
        StaticRoute(prefix=route.prefix, next_hop=IPv4Address(route.next_hop), distance=route.distance)
        for route in told
        if route.vrf is None and route.next_hop and not route.interface
    )
    return (*device.routes, *more)


def led_away(device: Device) -> tuple[IPv4Network, ...]:
    """The networks that static routes of the global table lead to, whatever way."""
    told = (setting for setting in device.features.values() if isinstance(setting, StaticRouteSetting))
    return (*(route.prefix for route in device.routes), *(route.prefix for route in told if route.vrf is None))


def ospf_at(device: Device, interface: str) -> OspfInterface | None:
    """How an interface takes part in OSPF: by what is said of it, else by the longest network that has its address."""
    routed = device.interfaces.get(interface)
    if routed is None or routed.ospf is not None or not routed.addresses:
        return None if routed is None else routed.ospf
    primary = routed.addresses[0].ip
    having = [network for network in _networks(device) if primary in network.network]
    if not having:
        return None
    longest = max(having, key=lambda network: network.network.prefixlen)
    return OspfInterface(
        process=longest.process,
        area=longest.area,
        passive=_is_silent(device, longest.process, interface),
        point_to_point=_is_point_to_point(device, interface),
    )


def joined(device: Device) -> dict[str, OspfInterface]:
    """The interfaces that take part in OSPF, each with its process and area."""
    found = ((name, ospf_at(device, name)) for name in device.interfaces)
    return {name: ospf for name, ospf in found if ospf is not None}


def redistributes_connected(device: Device) -> bool:
    """Whether OSPF announces the subnets of interfaces that take no part in it."""
    settings = (setting for setting in device.features.values() if isinstance(setting, OspfRedistribution))
    return any(setting.source == "connected" for setting in settings)


def _networks(device: Device) -> Iterator[OspfNetwork]:
    return (setting for setting in device.features.values() if isinstance(setting, OspfNetwork))


def _is_silent(device: Device, process: int, interface: str) -> bool:
    settings = device.setting(OspfSettings.FEATURE, str(process))
    if not isinstance(settings, OspfSettings):
        return False
    named = settings.active_interfaces if settings.passive_default else settings.passive_interfaces
    return (interface in named) != settings.passive_default


def _is_point_to_point(device: Device, interface: str) -> bool:
    own = device.setting(OspfInterfaceSettings.FEATURE, interface)
    return isinstance(own, OspfInterfaceSettings) and own.network == "point-to-point"


# --- BGP --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Peer:
    """A BGP neighbour for IPv4, with what its group says of it; `local_as` is the AS that it takes the device for."""

    address: IPv4Address
    remote_as: int
    multihop: bool = False
    shutdown: bool = False
    local_as: int | None = None


def bgp_peers(device: Device) -> tuple[Peer, ...]:
    """The neighbours of a device's BGP process, those of the base first; IPv6 ones are left out."""
    if device.bgp is None:
        return ()
    told = {setting.address: setting for setting in device.features.values() if isinstance(setting, BgpPeer)}
    base = {neighbor.address: neighbor for neighbor in device.bgp.neighbors}
    plain = (
        _peer(address, neighbor.remote_as, _said(device, told.get(address)), far=neighbor.ebgp_multihop is not None)
        for address, neighbor in base.items()
    )
    others = (_of_settings(device, peer) for address, peer in told.items() if address not in base)
    return (*plain, *(peer for peer in others if peer is not None))


def _of_settings(device: Device, setting: BgpPeer) -> Peer | None:
    said = _said(device, setting)
    remote_as = next((each.remote_as for each in said if each.remote_as is not None), None)
    if remote_as is None or not isinstance(setting.address, IPv4Address):
        return None
    return _peer(setting.address, remote_as, said, far=False)


def _said(device: Device, setting: BgpPeer | None) -> tuple[BgpSession, ...]:
    """What is said of a neighbour, and of its group."""
    if setting is None:
        return ()
    group = device.setting(BgpPeerGroup.FEATURE, setting.peer_group) if setting.peer_group else None
    return (setting, group) if isinstance(group, BgpPeerGroup) else (setting,)


def _peer(address: IPv4Address, remote_as: int, said: tuple[BgpSession, ...], *, far: bool) -> Peer:
    multihop = far or any(each.ebgp_multihop or each.ttl_security_hops or each.disable_connected_check for each in said)
    local_as = next((each.local_as for each in said if each.local_as is not None), None)
    return Peer(address, remote_as, multihop, any(each.shutdown for each in said), local_as)


def own_numbers(device: Device) -> frozenset[int]:
    """The AS numbers by which others may know a device: its own, that of its confederation, those it pretends."""
    if device.bgp is None:
        return frozenset()
    process = device.setting(BgpProcess.FEATURE)
    whole = process.confederation_identifier if isinstance(process, BgpProcess) else None
    pretended = (peer.local_as for peer in bgp_peers(device))
    return frozenset(number for number in (device.bgp.as_number, whole, *pretended) if number is not None)


def announced(device: Device) -> tuple[IPv4Network, ...]:
    """The IPv4 networks that a device announces by BGP."""
    base = device.bgp.networks if device.bgp is not None else ()
    families = (setting for setting in device.features.values() if isinstance(setting, BgpFamily))
    more = (each.prefix for family in families for each in family.networks if isinstance(each.prefix, IPv4Network))
    return (*base, *more)
