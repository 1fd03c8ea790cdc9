"""The BGP neighbours of a device by IPv4, whatever part of its intent tells them: the base, or settings."""

from collections.abc import Iterator
from ipaddress import IPv4Address
from typing import TYPE_CHECKING

from cimnet_nornir.domain.features.bgp import BgpPeer, BgpPeerGroup
from cimnet_nornir.domain.routing_values import BgpNeighbor

if TYPE_CHECKING:
    from cimnet_nornir.domain.device import Device


def bgp_neighbors(device: "Device") -> tuple[BgpNeighbor, ...]:
    """The neighbours outside VRFs, each with the AS and source that it has by itself or by its peer group."""
    base = device.bgp.neighbors if device.bgp is not None else ()
    known = {neighbor.address for neighbor in base}
    return (*base, *(neighbor for neighbor in _told(device) if neighbor.address not in known))


def _told(device: "Device") -> Iterator[BgpNeighbor]:
    for peer in device.features.values():
        if not isinstance(peer, BgpPeer) or not isinstance(peer.address, IPv4Address):
            continue
        group = device.features.get(f"{BgpPeerGroup.FEATURE} {peer.peer_group}")
        sessions = [each for each in (peer, group) if isinstance(each, BgpPeer | BgpPeerGroup)]
        remote_as = next((each.remote_as for each in sessions if each.remote_as is not None), None)
        if remote_as is None:
            continue
        yield BgpNeighbor(
            address=peer.address,
            remote_as=remote_as,
            description=peer.description,
            update_source=next((each.update_source for each in sessions if each.update_source), None),
            ebgp_multihop=next((each.ebgp_multihop for each in sessions if each.ebgp_multihop), None),
        )
