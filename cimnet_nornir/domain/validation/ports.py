"""What switches and their ports do with VLANs, as far as one device can tell."""

from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.interfaces import interface_type
from cimnet_nornir.domain.layer2 import PERMANENT_VLANS, framing
from cimnet_nornir.domain.values import AccessMode, PortConfiguration, TrunkMode

# IEEE 802.1D: the priority of a bridge that nobody gave one.
DEFAULT_BRIDGE_PRIORITY = 32768


def existing_vlans(device: Device) -> frozenset[int]:
    """The VLANs that a switch has, those included that are there by themselves."""
    return PERMANENT_VLANS | device.vlans.keys()


def carries(port: PortConfiguration, vlan: int) -> bool:
    """Whether an enabled port takes part in a VLAN; one without a mode is dynamic and falls back to VLAN 1."""
    return framing(port, vlan) is not None


def allows(trunk: TrunkMode, vlan: int) -> bool:
    """Whether a trunk lets a VLAN through, be it up or not."""
    return trunk.allowed is None or vlan in trunk.allowed


def vlans_in_use(device: Device) -> frozenset[int]:
    """The VLANs, 1 left out, that an access port or an SVI of the switch is in."""
    access = {port.switching.vlan for port in device.switch_ports.values() if isinstance(port.switching, AccessMode)}
    svis = {svi_vlan(name) for name in device.interfaces}
    return frozenset(vlan for vlan in access | svis if vlan not in (None, 1))


def svi_vlan(interface: str) -> int | None:
    """The VLAN of an SVI by its canonical name; None where it is another kind of interface."""
    return int(interface.removeprefix("Vlan")) if interface_type(interface) == "Vlan" else None
