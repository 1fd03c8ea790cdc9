"""The BGP sessions of a device as they come to be: neighbours of the base, those of settings, and what groups add."""

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network

from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.features.bgp import BgpFamily, BgpPeer, BgpPeerGroup, BgpProcess
from cimnet_nornir.domain.features.bgp_parts import BgpSession


@dataclass(frozen=True, slots=True)
class Session:
    """A session with an IPv4 neighbour that is not shut; `far` tells that it may be more than one hop away."""

    address: IPv4Address
    remote_as: int
    far: bool = False
    local_as: int | None = None


def sessions(device: Device) -> Iterator[Session]:
    """The sessions of a device outside VRFs, those of the base first."""
    if device.bgp is None:
        return
    told = {setting.address: setting for setting in device.features.values() if isinstance(setting, BgpPeer)}
    base = {neighbor.address: neighbor for neighbor in device.bgp.neighbors}
    for address, neighbor in base.items():
        said = told.get(address)
        if said is None or not said.shutdown:
            far = neighbor.ebgp_multihop is not None or _is_far(said)
            yield Session(address, neighbor.remote_as, far, said.local_as if said else None)
    for peer in told.values():
        session = _of_settings(device, peer)
        if session is not None and session.address not in base:
            yield session


def _of_settings(device: Device, peer: BgpPeer) -> Session | None:
    group = device.setting(BgpPeerGroup.FEATURE, peer.peer_group or "")
    common = group if isinstance(group, BgpPeerGroup) else None
    remote_as = peer.remote_as or (common.remote_as if common else None)
    shut = peer.shutdown or (common is not None and common.shutdown)
    if remote_as is None or shut or not isinstance(peer.address, IPv4Address):
        return None
    local_as = peer.local_as or (common.local_as if common else None)
    return Session(peer.address, remote_as, _is_far(peer) or _is_far(common), local_as)


def _is_far(session: BgpSession | None) -> bool:
    if session is None:
        return False
    hops = session.ebgp_multihop is not None or session.ttl_security_hops is not None
    return hops or session.disable_connected_check


def own_numbers(device: Device) -> frozenset[int]:
    """The AS numbers by which others may know a device: its own, that of its confederation, those it pretends."""
    if device.bgp is None:
        return frozenset()
    process = device.setting(BgpProcess.FEATURE)
    whole = process.confederation_identifier if isinstance(process, BgpProcess) else None
    pretended = {session.local_as for session in sessions(device)}
    return frozenset(number for number in (device.bgp.as_number, whole, *pretended) if number is not None)


def announced(device: Device) -> tuple[IPv4Network, ...]:
    """The IPv4 networks that a device announces by BGP."""
    base = device.bgp.networks if device.bgp is not None else ()
    families = (setting for setting in device.features.values() if isinstance(setting, BgpFamily))
    more = (each.prefix for family in families for each in family.networks if isinstance(each.prefix, IPv4Network))
    return (*base, *more)
