"""Which interfaces are up, what each port carries, and who shares a broadcast domain with whom."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cimnet_nornir.lab.config import Line, Section
from cimnet_nornir.lab.features.switchport import ALLOWED, allowed_vlans
from cimnet_nornir.lab.names import number_of, type_of

if TYPE_CHECKING:
    from cimnet_nornir.lab.device import Device

# The tag of a frame without one.
UNTAGGED: Final = 0


@dataclass(frozen=True, slots=True)
class Place:
    """An interface with an address plan of its own: a routed port, a sub-interface, an SVI, a loopback."""

    device: "Device"
    interface: str


def section_of(device: "Device", interface: str) -> Section:
    """The settings of an interface; none when it does not exist."""
    line = device.running.get("interface", interface)
    return line.section if line else Section()


def is_shut(device: "Device", interface: str) -> bool:
    """Whether the interface is administratively down."""
    return section_of(device, interface).has("shutdown")


def peer_of(device: "Device", interface: str) -> "tuple[Device, str] | None":
    """The device and port at the other end of the port's cable."""
    return device.topology.peer(device.declared.name, interface) if device.topology else None


def has_carrier(device: "Device", interface: str) -> bool:
    """Whether a physical port's link is up: both ends are switched on and not shut down."""
    peer = peer_of(device, interface)
    return peer is not None and all(end[0].powered and not is_shut(*end) for end in ((device, interface), peer))


def is_up(device: "Device", interface: str) -> bool:
    """Whether the line protocol of an interface is up."""
    if is_shut(device, interface):
        return False
    kind = type_of(interface)
    if "." in interface:
        return is_up(device, interface.partition(".")[0])
    if kind.physical:
        return has_carrier(device, interface)
    if kind.name == "Vlan":
        return _vlan_up(device, int(number_of(interface)))
    if kind.name == "Port-channel":
        return any(is_bundled(device, member) for member in members(device, interface))
    return True


def is_bundled(device: "Device", interface: str) -> bool:
    """Whether a port carries frames of its Port-channel: it switches as that does, and the other end agrees."""
    return has_carrier(device, interface) and is_alike(device, interface) and _is_agreed(device, interface)


def is_alike(device: "Device", interface: str) -> bool:
    """Whether a member switches as its Port-channel does; one with other VLANs or another mode is suspended."""
    own, channel = (_switching(section_of(device, name)) for name in (interface, logical(device, interface)))
    return own == channel


def _switching(section: Section) -> dict[str, tuple[str, ...]]:
    return {line.key[0]: (line.text, *line.ending) for line in section if line.key[0].startswith("switchport")}


def _is_agreed(device: "Device", interface: str) -> bool:
    """Whether the modes of the two ends make a channel: two passive ends wait, `on` answers nobody."""
    peer = peer_of(device, interface)
    if peer is None:
        return False
    near, far = (section_of(*end).value("channel-group", name="mode") for end in ((device, interface), peer))
    agreed = ({"active"}, {"active", "passive"}, {"desirable"}, {"desirable", "auto"}, {"on"})
    return {near, far} in agreed


def _vlan_up(device: "Device", vlan: int) -> bool:
    return vlan_active(device, vlan) and any(
        has_carrier(device, port) and vlan in carried(device, port) for port in bridged_ports(device)
    )


def vlan_active(device: "Device", vlan: int) -> bool:
    """Whether the VLAN exists and forwards."""
    line = device.running.get("vlan", str(vlan))
    return line is not None and not line.section.has("shutdown") and not line.section.has("state")


def members(device: "Device", channel: str) -> list[str]:
    """The physical ports of a Port-channel."""
    number = number_of(channel)
    return [name for name in device.declared.interfaces if channel_of(device, name) == number]


def channel_of(device: "Device", interface: str) -> str:
    """The number of the channel that a physical port belongs to, empty for none."""
    return section_of(device, interface).value("channel-group", name="group")


def logical(device: "Device", interface: str) -> str:
    """The interface whose settings count for a physical port: its Port-channel where it belongs to one."""
    group = channel_of(device, interface)
    return f"Port-channel{group}" if group else interface


def is_bridged(device: "Device", interface: str) -> bool:
    """Whether the interface switches."""
    line = device.running.get("interface", interface)
    return line is not None and "bridged" in device.features_of(line)


def bridged_ports(device: "Device") -> list[str]:
    """The physical ports that switch."""
    return [name for name in device.declared.interfaces if is_bridged(device, logical(device, name))]


def mode_of(device: "Device", interface: str) -> str:
    """The configured mode of a switch port: access, trunk, dynamic auto, dynamic desirable."""
    section = section_of(device, logical(device, interface))
    return section.value("switchport mode", name="mode", default="dynamic auto")


def is_trunking(device: "Device", interface: str) -> bool:
    """Whether a port is a trunk now: as told, or as negotiated with the other end."""
    mode = mode_of(device, interface)
    if not mode.startswith("dynamic"):
        return mode == "trunk"
    peer = peer_of(device, interface)
    if peer is None or not is_bridged(peer[0], logical(*peer)):
        return False
    other = mode_of(*peer)
    silent = section_of(peer[0], logical(*peer)).has("switchport nonegotiate")
    willing = {"dynamic auto": {"trunk", "dynamic desirable"}}.get(mode, {"trunk", "dynamic desirable", "dynamic auto"})
    return other in willing and not silent


def access_vlan(device: "Device", interface: str) -> int:
    """The VLAN of a port that is no trunk."""
    return int(section_of(device, logical(device, interface)).value("switchport access vlan", name="vlan", default="1"))


def native_vlan(device: "Device", interface: str) -> int:
    """The VLAN of a trunk's untagged frames."""
    section = section_of(device, logical(device, interface))
    return int(section.value("switchport trunk native vlan", name="vlan", default="1"))


def voice_vlan(device: "Device", interface: str) -> int:
    """The voice VLAN of an access port, 0 for none."""
    value = section_of(device, logical(device, interface)).value("switchport voice vlan", name="vlan")
    return int(value) if value.isdecimal() else 0


def carried(device: "Device", interface: str) -> frozenset[int]:
    """The VLANs a port lets through, whether they exist or not."""
    if is_trunking(device, interface):
        return allowed_vlans(section_of(device, logical(device, interface)).get(ALLOWED))
    return frozenset({access_vlan(device, interface), voice_vlan(device, interface)}) - {0}


def _tag(device: "Device", interface: str, vlan: int) -> int:
    """How a VLAN's frames leave a port."""
    untagged = native_vlan(device, interface) if is_trunking(device, interface) else access_vlan(device, interface)
    return UNTAGGED if vlan == untagged else vlan


def _vlan_of(device: "Device", interface: str, tag: int) -> int:
    """The VLAN a frame belongs to that comes in at a switching port."""
    if tag != UNTAGGED:
        return tag
    return native_vlan(device, interface) if is_trunking(device, interface) else access_vlan(device, interface)


def subinterfaces(device: "Device", parent: str) -> Iterator[tuple[str, int]]:
    """The sub-interfaces of a port and the tags of their frames."""
    for line in device.running.all("interface"):
        if line.key[1].startswith(f"{parent}."):
            vlan = line.section.value("encapsulation dot1q", name="vlan")
            if vlan:
                yield line.key[1], UNTAGGED if _is_native(line) else int(vlan)


def _is_native(line: Line) -> bool:
    encapsulation = line.section.get("encapsulation dot1q")
    return encapsulation is not None and encapsulation.text.endswith("native")


class _Flood:
    """A frame sent by one interface, followed to every interface that receives it."""

    def __init__(self) -> None:
        self.places: dict[tuple[str, str], Place] = {}
        self._bridges: set[tuple[str, int]] = set()

    def send(self, place: Place) -> None:
        device, interface = place.device, place.interface
        self._receive(device, interface)
        if type_of(interface).name == "Vlan":
            self._bridge(device, int(number_of(interface)))
            return
        parent, dot, _ = interface.partition(".")
        tag = dict(subinterfaces(device, parent)).get(interface, UNTAGGED) if dot else UNTAGGED
        ports = members(device, parent) if type_of(parent).name == "Port-channel" else [parent]
        for port in ports:
            self._wire(device, port, tag)

    def _receive(self, device: "Device", interface: str) -> None:
        self.places[device.declared.name, interface] = Place(device, interface)

    def _wire(self, device: "Device", port: str, tag: int) -> None:
        peer = peer_of(device, port)
        if peer is None or not has_carrier(device, port):
            return
        other, name = peer
        entered = logical(other, name)
        if is_bridged(other, entered):
            vlan = _vlan_of(other, name, tag)
            if vlan in carried(other, name):
                self._bridge(other, vlan)
            return
        tagged = {tag: name for name, tag in subinterfaces(other, entered)}
        if tag in tagged:
            self._receive(other, tagged[tag])
        elif tag == UNTAGGED:
            self._receive(other, entered)

    def _bridge(self, device: "Device", vlan: int) -> None:
        if (device.declared.name, vlan) in self._bridges or not vlan_active(device, vlan):
            return
        self._bridges.add((device.declared.name, vlan))
        if device.running.has("interface", f"Vlan{vlan}"):
            self._receive(device, f"Vlan{vlan}")
        for port in bridged_ports(device):
            if vlan in carried(device, port):
                self._wire(device, port, _tag(device, port, vlan))


def neighbours(place: Place) -> list[Place]:
    """The other interfaces in the broadcast domain of one that is up, those that are up themselves."""
    if not is_up(place.device, place.interface):
        return []
    flood = _Flood()
    flood.send(place)
    flood.places.pop((place.device.declared.name, place.interface))
    return [other for other in flood.places.values() if is_up(other.device, other.interface)]


def mac_address(device: "Device", interface: str = "") -> str:
    """A hardware address that stays the same: of the device, or of one of its interfaces."""
    names = [*device.declared.interfaces]
    place = names.index(interface) + 1 if interface in names else 0
    digest = hashlib.blake2b(device.declared.name.encode(), digest_size=4).hexdigest()
    text = f"02{digest}{place % 256:02x}"
    return f"{text[:4]}.{text[4:8]}.{text[8:]}"
