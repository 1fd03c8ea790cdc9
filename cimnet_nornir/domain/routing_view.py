"""What a device does by the base of its intent and the settings of its features together: OSPF's areas, BGP's peers."""

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address

from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.features.bgp import BgpPeer, BgpPeerGroup
from cimnet_nornir.domain.features.ospf import OspfNetwork, OspfSettings
from cimnet_nornir.domain.values import OspfInterface


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
        process=longest.process, area=longest.area, passive=_is_silent(device, longest.process, interface)
    )


def _networks(device: Device) -> Iterator[OspfNetwork]:
    return (setting for setting in device.features.values() if isinstance(setting, OspfNetwork))


def _is_silent(device: Device, process: int, interface: str) -> bool:
    settings = device.setting(OspfSettings.FEATURE, str(process))
    if not isinstance(settings, OspfSettings):
        return False
    named = settings.active_interfaces if settings.passive_default else settings.passive_interfaces
    return (interface in named) != settings.passive_default


@dataclass(frozen=True, slots=True)
class Peer:
    """A BGP neighbour for IPv4, with what its group says of it."""

    address: IPv4Address
    remote_as: int
    multihop: bool
    shutdown: bool


def bgp_peers(device: Device) -> tuple[Peer, ...]:
    """The neighbours of a device's BGP process, those of the base first; IPv6 ones are left out."""
    if device.bgp is None:
        return ()
    told = {setting.address: setting for setting in device.features.values() if isinstance(setting, BgpPeer)}
    base = {neighbor.address: neighbor for neighbor in device.bgp.neighbors}
    found = []
    for address in (*base, *(address for address in told if address not in base)):
        if not isinstance(address, IPv4Address):
            continue
        own, plain = told.get(address), base.get(address)
        group = device.setting(BgpPeerGroup.FEATURE, own.peer_group) if own and own.peer_group else None
        said = [each for each in (own, group) if isinstance(each, BgpPeer | BgpPeerGroup)]
        remote = plain.remote_as if plain else next((each.remote_as for each in said if each.remote_as), None)
        # Who poses as another AS is expected to be that one at the other end.
        if remote is None or any(each.local_as for each in said):
            continue
        multihop = (plain is not None and plain.ebgp_multihop is not None) or any(
            each.ebgp_multihop or each.ttl_security_hops or each.disable_connected_check for each in said
        )
        found.append(Peer(address, remote, multihop, any(each.shutdown for each in said)))
    return tuple(found)
