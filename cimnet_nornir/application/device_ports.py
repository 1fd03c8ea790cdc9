"""The ports of one device: what each is to do, what it was seen to do, and what is at the other end of its cable."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from cimnet_nornir.application.cabling import Cable, Heard, Verdict
from cimnet_nornir.application.observations import PortState
from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.interfaces import (
    format_vlan_list,
    interface_sort_key,
    interface_type,
    is_logical,
    is_loopback,
)
from cimnet_nornir.domain.network import Link
from cimnet_nornir.domain.values import AccessMode, PortConfiguration, TrunkMode, Value

PortKind = Literal["port", "sub-interface", "svi", "loopback", "port-channel", "tunnel", "other"]
_KINDS: Mapping[str, PortKind] = {"Vlan": "svi", "Port-channel": "port-channel", "Tunnel": "tunnel"}


class PortEnd(Value):
    """The declared other end of a cable: the device's id and host name, and its port."""

    device: str
    name: str
    port: str


class HeardAt(Value):
    """Who says to be at the other end; `device` is its id where it is one of the network."""

    name: str
    port: str
    device: str | None


class PortView(Value):
    """One port or interface. What is declared of it, and below what was observed; None: nothing was.

    `mode` is "access", "trunk", "routed", or empty where nothing is declared; `vlans` a list as IOS writes it, "all",
    or empty. `shut` tells that it is declared to be shut down. Rates are bits a second between the last two readings,
    errors those since the device was started. `cabling` is the verdict on its cable.
    """

    name: str
    kind: PortKind
    declared: bool
    description: str = ""
    mode: str = ""
    vlans: str = ""
    native: int | None = None
    addresses: tuple[str, ...] = ()
    shut: bool = False
    bundle: str = ""
    peer: PortEnd | None = None

    enabled: bool | None = None
    up: bool | None = None
    speed: int | None = None
    in_bps: float | None = None
    out_bps: float | None = None
    in_errors: int | None = None
    out_errors: int | None = None
    heard: HeardAt | None = None
    cabling: Verdict | None = None
    cabling_reason: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen of a device: its last readings, oldest first, and the cables at it; `names`: host names by id."""

    readings: Sequence[tuple[datetime, tuple[PortState, ...]]]
    cables: Sequence[Cable]
    names: Mapping[str, str]


def port_views(device: Device, links: Iterable[Link], seen: Seen) -> tuple[PortView, ...]:
    """Every port and interface of a device that is declared or was observed, in the order of their names."""
    states = {port.name: port for port in seen.readings[-1][1]} if seen.readings else {}
    peers = {port: link.other_end(device.id, port) for link in links for port in _ends_at(device.id, link)}
    channels = (f"Port-channel{number}" for number in device.port_channels)
    declared = {*device.ports, *device.interfaces, *device.switch_ports, *device.bonds, *channels}
    rates, bundles = _rates(seen.readings), _bundles(device)
    return tuple(
        PortView(
            name=name,
            kind=_kind(device, name),
            declared=name in declared,
            bundle=bundles.get(name, ""),
            peer=_peer(peers.get(name), seen.names),
            **_intended(device, name),
            **_observed(states.get(name), rates.get(name)),
            **_cabled((device.id, name), seen.cables),
        )
        for name in sorted(declared | states.keys(), key=interface_sort_key)
    )


def _ends_at(device: str, link: Link) -> tuple[str, ...]:
    return tuple(port for identity, port in (link.a, link.b) if identity == device)


def _kind(device: Device, name: str) -> PortKind:
    if is_loopback(name):
        return "loopback"
    if name in device.bonds:
        return "port-channel"
    if name in device.ports or not is_logical(name):
        return "port"
    return "sub-interface" if "." in name else _KINDS.get(interface_type(name), "other")


def _bundles(device: Device) -> dict[str, str]:
    """The port-channel or bond that a port is a member of, by the port."""
    channels = {port: f"Port-channel{number}" for number, item in device.port_channels.items() for port in item.members}
    return channels | {card: name for name, bond in device.bonds.items() for card in bond.members}


def _peer(end: tuple[str, str] | None, names: Mapping[str, str]) -> PortEnd | None:
    return PortEnd(device=end[0], name=names.get(end[0], end[0]), port=end[1]) if end is not None else None


# --- what is declared -------------------------------------------------------------------------------------------------


def _intended(device: Device, name: str) -> dict[str, Any]:
    port, interface = device.switch_ports.get(name), device.interfaces.get(name)
    found: dict[str, Any] = {}
    if port is not None:
        found |= {"description": port.description or "", "shut": not port.enabled, **_switching(port)}
    if interface is not None:
        found |= {"mode": "routed", "addresses": tuple(map(str, interface.addresses))}
        found |= {"description": interface.description or "", "shut": not interface.enabled}
    return found


def _switching(port: PortConfiguration) -> dict[str, Any]:
    match port.switching:
        case AccessMode(vlan=vlan):
            return {"mode": "access", "vlans": str(vlan)}
        case TrunkMode(native_vlan=native, allowed=allowed):
            vlans = "all" if allowed is None else format_vlan_list(allowed)
            return {"mode": "trunk", "vlans": vlans, "native": native}
        case None:
            return {}


# --- what was observed ------------------------------------------------------------------------------------------------


def _observed(state: PortState | None, rates: tuple[float, float] | None) -> dict[str, Any]:
    if state is None:
        return {}
    into, out = rates or (None, None)
    return {
        "enabled": state.enabled,
        "up": state.up,
        "speed": state.speed or None,
        "in_bps": into,
        "out_bps": out,
        "in_errors": state.in_errors,
        "out_errors": state.out_errors,
    }


def _rates(readings: Sequence[tuple[datetime, tuple[PortState, ...]]]) -> dict[str, tuple[float, float]]:
    """Bits a second in and out by port, between two readings; none for a port that began to count anew meanwhile."""
    if len(readings) < 2:
        return {}
    (earlier, before), (later, after) = readings[-2:]
    seconds = (later - earlier).total_seconds()
    then = {port.name: port for port in before}
    deltas = {
        port.name: (port.in_octets - then[port.name].in_octets, port.out_octets - then[port.name].out_octets)
        for port in after
        if port.name in then
    }
    return {name: (8 * a / seconds, 8 * b / seconds) for name, (a, b) in deltas.items() if a >= 0 and b >= 0}


def _cabled(end: tuple[str, str], cables: Sequence[Cable]) -> dict[str, Any]:
    """The verdict on the cable at a port, and who is heard there."""
    cable = next((item for item in cables if end in (item.a, item.b)), None)
    if cable is None:
        return {}
    heard = next((item for item in cable.heard if item.at == end), None)
    return {"cabling": cable.verdict, "cabling_reason": cable.reason, "heard": _heard(heard)}


def _heard(item: Heard | None) -> HeardAt | None:
    return HeardAt(name=item.name, port=item.port, device=item.device) if item is not None else None
